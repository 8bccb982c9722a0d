package httpapi

import (
	netmail "net/mail"

	"flashmentoring/internal/calendar"
)

// getInvite answers with a booking's entry for the caller's calendar, the same as in their mails: a calendar that has the
// one takes the other for it.
func (a *api) getInvite(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	invitation, err := a.Desk.Invite(c.Context(), c.caller, c.booking())
	if err != nil {
		return answer{}, err
	}
	entry := calendar.EntryFor(invitation.Role, invitation.Slot, invitation.Booking, invitation.Other, invitation.Calendar)
	reader := netmail.Address{Name: invitation.Reader.Profile.Name, Address: c.caller.Email}
	object, err := a.Calendar.Invite(entry, reader, a.Desk.Now())
	if err != nil {
		return answer{}, err
	}
	return file("text/calendar; charset=utf-8; method="+string(entry.Method), "invite.ics", object), nil
}

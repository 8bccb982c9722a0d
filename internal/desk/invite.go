package desk

import (
	"context"

	"flashmentoring/internal/mentoring"
)

// Invitation is what a calendar entry of one side of a booking is made of.
type Invitation struct {
	Reader  mentoring.Person
	Role    mentoring.Role
	Other   string // the name of the other side
	Slot    mentoring.Slot
	Booking mentoring.Booking
	// Calendar is the entry's name and how often it changed: the same as in mails, so that a calendar takes the two for one.
	Calendar mentoring.Calendar
}

// Invite returns what the calendar entry of a confirmed booking is made of, for one of its two parties:
// GET /v1/bookings/{id}/invite.ics. It refuses with [mentoring.NotFound], with [mentoring.InvalidTransition] where the
// booking is not confirmed, or with [mentoring.Busy].
func (d *Desk) Invite(ctx context.Context, c Caller, id mentoring.BookingID) (Invitation, error) {
	var me standing
	var b mentoring.Booking
	var w whole
	err := d.round(ctx, d.self(c, Once{}, &me), d.bookingOf(c, id, &b))
	if err == nil {
		err = d.wholeSlot(b.Slot, &w)(ctx)
	}
	if err != nil {
		return read(Invitation{}, err)
	}
	role, entry, err := mentoring.DecideInvite(b, w.SlotState, c.ID, d.Now())
	other := b.Expert.Name
	if role == mentoring.Expert {
		other = b.Requester.Name
	}
	return Invitation{me.Person, role, other, w.Slot, b, entry}, err
}

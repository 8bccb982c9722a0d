package pages

import (
	"errors"
	"net/http"
	netmail "net/mail"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/mentoring"
)

const calendarType = "text/calendar; charset=utf-8"

// getInvite gives the booking as a calendar entry, the same as mails carry.
func (p *pages) getInvite(w http.ResponseWriter, v *visit) error {
	s, err := p.look(v)
	if err != nil {
		return err
	}
	of, err := p.Desk.Invite(v.Context(), s.caller(), v.booking())
	if errors.Is(err, &mentoring.Error{Code: mentoring.InvalidTransition}) { // not confirmed: the page says what it is
		v.back(w)
		return nil
	}
	if err != nil {
		return err
	}
	reader := netmail.Address{Name: s.Reader, Address: of.Reader.Email}
	entry := calendar.EntryFor(of.Role, of.Slot, of.Booking, of.Other, of.Calendar)
	body, err := p.Calendar.Invite(entry, reader, p.Desk.Now())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", `attachment; filename="invite.ics"`)
	send(w, http.StatusOK, calendarType, body)
	return nil
}

// getFeed gives all sessions of a person to a calendar program that subscribed to them.
func (p *pages) getFeed(w http.ResponseWriter, v *visit) error {
	who := v.visitor().ID
	present, err := p.Desk.FeedGeneration(v.Context(), who)
	if err != nil {
		return err
	}
	if present != v.link.Generation {
		return errFeed
	}
	sessions, err := p.Desk.Sessions(v.Context(), who)
	if err != nil {
		return err
	}
	entries := make([]calendar.Entry, len(sessions))
	for i, s := range sessions {
		entries[i] = calendar.EntryFor(s.Role, s.Slot, s.Booking, s.Booking.Expert.Name, s.Calendar)
	}
	body, err := p.Calendar.Feed(entries, p.Desk.Now())
	if err != nil {
		return err
	}
	send(w, http.StatusOK, calendarType, body)
	return nil
}

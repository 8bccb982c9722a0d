package mentoring_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"flashmentoring/internal/mentoring"
)

// wrote says which records a decision writes, and what becomes of them: one each, in a fixed order.
func (w *world) wrote(c mentoring.Changes) string {
	name := func(id mentoring.PersonID) string { return w.present.people[id].Profile.Name }
	var each []string
	add := func(format string, args ...any) { each = append(each, fmt.Sprintf(format, args...)) }
	for _, s := range c.Slots {
		add("slot %s", s.Status)
	}
	for _, seat := range c.Seats {
		switch {
		case seat.Gone:
			add("seat %d gone", seat.Number)
		case seat.Booking == "":
			add("seat %d free", seat.Number)
		default:
			add("seat %d %s", seat.Number, name(seat.Holder))
		}
	}
	for _, b := range c.Bookings {
		add("booking %s %s", name(b.Requester.ID), b.Status)
	}
	for _, waiter := range c.Joined {
		add("joined %s", name(waiter.Person))
	}
	for _, waiter := range c.Left {
		add("left %s", name(waiter.Person))
	}
	var agendas []string
	for who := range maps.Keys(c.Agendas) {
		agendas = append(agendas, "agenda "+name(who))
	}
	slices.Sort(agendas)
	each = append(each, agendas...)
	for _, m := range c.Months {
		add("month of %d", len(m.Slots))
	}
	for _, e := range c.Events {
		add("event %s of %d", e.Kind, len(e.Bookings))
	}
	for _, wake := range c.Wakes {
		add("wake in %s", wake.At.Sub(w.now))
	}
	if c.More {
		add("more")
	}
	return strings.Join(each, ", ")
}

func (w *world) wants(t *testing.T, what string, c mentoring.Changes, want string) {
	t.Helper()
	if got := w.wrote(c); got != want {
		t.Errorf("%s writes\n\t%s, want\n\t%s", what, got, want)
	}
	w.check(true)
}

// wantCode wants a refusal of a code, or none.
func wantCode(t *testing.T, what string, err error, want mentoring.Code) {
	t.Helper()
	if got := codeOf(err); got != want {
		t.Errorf("%s: %v, want %q", what, err, want)
	}
}

func wantTorn(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, mentoring.ErrTorn) {
		t.Errorf("%s: %v, want %v", what, err, mentoring.ErrTorn)
	}
}

// onRequest is a draft of so many seats whose expert wants to be asked, four days ahead.
func onRequest(seats int) mentoring.SlotDraft {
	d := wide(seats)
	d.Approval = mentoring.OnRequest
	return d
}

// wide is a draft of so many seats, four days ahead.
func wide(seats int) mentoring.SlotDraft {
	d := smallDraft()
	if seats > 1 {
		d = circleDraft(seats)
	}
	d.StartsAt = inHours(96)
	return d
}

package mentoring_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the product, not those of the machine (proof.md R10)

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// noon is the present of most tests.
var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

// inHours is noon and some hours.
func inHours(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }

var policy = mentoring.DefaultPolicy()

// person is somebody who enrolled and accepted the ground rules. Their id follows from the name.
func person(name, email string) mentoring.Person {
	id := mentoring.PersonIDFor("https://issuer.example", name)
	p, err := mentoring.DecideEnrol(mentoring.Visitor(id, email, name), email, mentoring.Enrolment{
		Profile:           mentoring.Profile{Name: name, TimeZone: "Europe/Berlin", Languages: []string{"de", "en"}},
		AcceptGroundRules: true,
	}, noon.AddDate(0, -1, 0))
	if err != nil {
		panic(err)
	}
	p.Version = 1
	return p
}

// Edda publishes and Rana books, in most tests. Their organisations differ.
func edda() mentoring.Person { return person("Edda", "edda@north.example") }
func rana() mentoring.Person { return person("Rana", "rana@south.example") }

func slotID(n byte) mentoring.SlotID       { return mentoring.NewSlotID([16]byte{15: n}) }
func bookingID(n byte) mentoring.BookingID { return mentoring.NewBookingID([16]byte{15: n}) }

// smallDraft says only what must be said: one seat, this time tomorrow, half an hour.
func smallDraft() mentoring.SlotDraft {
	return mentoring.SlotDraft{Title: "Reading Go", Topic: "engineering", StartsAt: inHours(24), DurationMinutes: 30}
}

// circleDraft is a draft with so many seats.
func circleDraft(seats int) mentoring.SlotDraft {
	d := smallDraft()
	d.Format, d.Capacity = mentoring.Circle, &seats
	return d
}

// published is slot 1, fresh from Edda.
func published(d mentoring.SlotDraft) mentoring.SlotState {
	c, err := publish(mentoring.Agenda{}, d)
	if err != nil {
		panic(err)
	}
	return fresh(c.Slots[0])
}

// publish asks for slot 1 as Edda, unless an agenda is in the way.
func publish(agenda mentoring.Agenda, d mentoring.SlotDraft) (mentoring.Changes, error) {
	return publishAs(edda(), agenda, d)
}

func publishAs(expert mentoring.Person, agenda mentoring.Agenda, d mentoring.SlotDraft) (mentoring.Changes, error) {
	v, ids := mentoring.Viewer{Person: expert, Agenda: agenda}, []mentoring.SlotID{slotID(1)}
	return mentoring.DecidePublish(v, []mentoring.SlotDraft{d}, ids, mentoring.StarterTopics, policy, noon)
}

// fresh is the state of a slot that was just stored, and that nobody booked.
func fresh(s mentoring.Slot) mentoring.SlotState {
	s.Version = 1
	return mentoring.NewState(s, nil, nil)
}

// caseOf is the case of a slot, with the people who matter.
func caseOf(s mentoring.SlotState, people ...mentoring.Viewer) mentoring.Case {
	c := mentoring.Case{
		State: s, Bookings: map[mentoring.BookingID]mentoring.Booking{}, People: map[mentoring.PersonID]mentoring.Viewer{},
	}
	for _, v := range people {
		c.People[v.Person.ID] = v
	}
	return c
}

// seating is what a booking of one seat changes.
type seating struct {
	Seat    mentoring.Seat
	Booking mentoring.Booking
	Agenda  mentoring.Agenda
}

// book asks for a seat as Rana, with booking 1.
func book(state mentoring.SlotState, r mentoring.BookingRequest, draw uint64) (seating, error) {
	return bookAs(mentoring.Viewer{Person: rana()}, state, r, draw)
}

func bookAs(v mentoring.Viewer, state mentoring.SlotState, r mentoring.BookingRequest, draw uint64) (seating, error) {
	c, err := mentoring.DecideBook(caseOf(state, v), v.Person.ID, r, bookingID(1), draw, policy, noon)
	return seatingOf(c, v.Person.ID), err
}

// seatingOf has the zero value where nobody was seated.
func seatingOf(c mentoring.Changes, who mentoring.PersonID) (s seating) {
	if len(c.Seats) == 1 && len(c.Bookings) == 1 {
		s = seating{c.Seats[0], c.Bookings[0], c.Agendas[who]}
	}
	return s
}

// hosting is an engagement of somebody who hosts slot n.
func hosting(n byte, start, end time.Time) mentoring.Engagement {
	return mentoring.Engagement{Slot: slotID(n), Start: start, End: end}
}

// attending is an engagement of somebody who has a seat in slot n with booking n.
func attending(n byte, with mentoring.PersonID, start, end time.Time) mentoring.Engagement {
	return mentoring.Engagement{
		Slot: slotID(n), Booking: bookingID(n), With: with, Start: start, End: end, Status: mentoring.Confirmed,
	}
}

// agendaOf has the engagements, and room behind them that a careless append would write into.
func agendaOf(version int64, engagements ...mentoring.Engagement) mentoring.Agenda {
	return mentoring.Agenda{Engagements: slices.Grow(engagements, 8), Version: version}
}

// wholeArray is all an agenda's slice can reach, to see whether anybody wrote behind its end.
func wholeArray(a mentoring.Agenda) []mentoring.Engagement { return a.Engagements[:cap(a.Engagements)] }

// codeOf is the code of a refusal, or empty for none.
func codeOf(err error) mentoring.Code {
	var refused *mentoring.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.Code
	}
	return mentoring.Code("not a refusal: " + err.Error())
}

// faultsOf are the faults of a refusal.
func faultsOf(err error) []mentoring.Fault {
	if refused := new(mentoring.Error); errors.As(err, &refused) {
		return refused.Faults
	}
	return nil
}

// told renders faults, sorted: "/name required, /topic not_allowed". A fault needs a sentence to be told.
func told(faults []mentoring.Fault) string {
	var each []string
	for _, f := range faults {
		s := f.Pointer + " " + string(f.Code)
		if f.Detail == "" {
			s += " without a detail"
		}
		each = append(each, s)
	}
	slices.Sort(each)
	return strings.Join(each, ", ")
}

// rule is one case of a field rule: a change to a command that is right, and what is told of it. Cases of
// different fields must not depend on each other.
type rule[C any] struct {
	field, name string
	change      func(*C)
	want        string // as told renders it; empty: nothing is wrong
}

// checkRules tries each rule alone, and then any number together: every mistake must be told whatever the
// others are (product.md section 2: all of them at once).
func checkRules[C any](t *testing.T, right func() C, faults func(C) []mentoring.Fault, rules []rule[C]) {
	t.Helper()
	if diff := cmp.Diff("", told(faults(right()))); diff != "" {
		t.Fatalf("the command to start from must be right (-want +got):\n%s", diff)
	}
	for _, r := range rules {
		t.Run(r.field+" "+r.name, func(t *testing.T) {
			c := right()
			r.change(&c)
			if diff := cmp.Diff(r.want, told(faults(c))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
	t.Run("together", func(t *testing.T) {
		field := func(r rule[C]) string { return r.field }
		several := rapid.SliceOfNDistinct(rapid.SampledFrom(rules), 2, -1, field)
		rapid.Check(t, func(t *rapid.T) {
			c := right()
			var want, names []string
			for _, r := range several.Draw(t, "rules") {
				r.change(&c)
				if r.want != "" {
					want = append(want, strings.Split(r.want, ", ")...)
				}
				names = append(names, r.field+" "+r.name)
			}
			slices.Sort(want)
			if diff := cmp.Diff(strings.Join(want, ", "), told(faults(c))); diff != "" {
				t.Fatalf("faults of %s (-want +got):\n%s", strings.Join(names, ", "), diff)
			}
		})
	})
}

// chars is a text of n characters, which are 2n bytes.
func chars(n int) string { return strings.Repeat("ü", n) }

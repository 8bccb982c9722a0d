package mentoring_test

import (
	"fmt"

	"flashmentoring/internal/mentoring"
)

// watched is a decision, made twice: the same must come out of the same, and what it was made on stays as it was, to the end
// of every array.
func watched(t failer, decide command) command {
	return func(c mentoring.Case) (mentoring.Changes, error) {
		before := everything(c)
		got, err := decide(c)
		if after := everything(c); after != before {
			t.Fatalf("the decision changed what it was made on:\n%s\n%s", before, after)
		}
		again, errAgain := decide(c)
		if fmt.Sprintf("%+v %v", got, err) != fmt.Sprintf("%+v %v", again, errAgain) {
			t.Fatalf("the same question, two answers:\n%+v %v\n%+v %v", got, err, again, errAgain)
		}
		return got, err
	}
}

// everything is all that can be reached from a case, behind the ends of slices too.
func everything(c mentoring.Case) string {
	c.State.Seats, c.State.Waiters = toEnd(c.State.Seats), toEnd(c.State.Waiters)
	text := fmt.Sprintf("%+v", c.State)
	people := map[mentoring.PersonID]mentoring.Viewer{}
	for id, v := range c.People {
		v.Agenda.Engagements, v.Agenda.Strikes = toEnd(v.Agenda.Engagements), toEnd(v.Agenda.Strikes)
		people[id] = v
	}
	bookings := map[mentoring.BookingID]mentoring.Booking{}
	for id, b := range c.Bookings {
		b.History = toEnd(b.History)
		bookings[id] = b
	}
	months := map[string]mentoring.Month{}
	for name, m := range c.Months {
		m.Slots = toEnd(m.Slots)
		months[name] = m
	}
	return text + fmt.Sprintf("%+v %+v %+v", people, bookings, months)
}

func toEnd[T any](s []T) []T { return s[:cap(s)] }

package simulation

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// checkRest is what must hold once the faults have ended, the clients have asked again and the clock has ticked: nothing
// is left to do, and everybody was told.
func (w *world) checkRest() {
	if len(w.books.dead) > 0 {
		w.checkDead()
	}
	for _, id := range w.books.slotIDs() {
		w.checkSettled(id)
	}
	w.checkMonths()
	w.post.checkCalendars()
}

// checkDead wants only what the mail service refused for good to be put aside.
func (w *world) checkDead() {
	for _, failures := range w.books.dead {
		for _, f := range failures {
			if f.Reason != "refused" {
				w.wrong("an event was put aside: %+v", failures)
			}
		}
	}
}

// checkSettled wants nobody to wait for a seat they could have, or for one that will not come, no seat to be held by a request
// that ran out, and every session that is over to have ended its bookings.
func (w *world) checkSettled(id mentoring.SlotID) {
	s, c, now := w.books.state(id), w.books.caseOf(id), w.now()
	over := !now.Before(s.Slot.BookableUntil())
	if (over || s.Slot.Status != mentoring.SlotOpen) && len(s.Waiters) > 0 {
		w.wrong("%d wait for nothing in %s", len(s.Waiters), id)
	}
	for _, waiter := range s.Waiters {
		v := c.People[waiter.Person]
		v.Agenda.Engagements = slices.DeleteFunc(slices.Clone(v.Agenda.Engagements), func(e mentoring.Engagement) bool {
			return e.Booking == waiter.Booking
		})
		if s.Slot.VisibleTo(v) && mentoring.Bookable(s.Slot, s.Occupancy(c.Months[s.Slot.Month()].Full(s.Slot)), v, w.policy, now) == nil {
			w.wrong("%s waits for a seat in %s they could have", w.nameOf(waiter.Person), id)
		}
	}
	if !now.Before(s.Slot.EndsAt()) {
		for _, booking := range s.Holders() {
			if b := w.books.bookings[booking]; b.Status != mentoring.Completed {
				w.wrong("session %s is over, and booking %s is %s", id, booking, b.Status)
			}
		}
	}
	if m := c.Months[s.Slot.Month()]; !now.Before(s.Slot.EndsAt()) && s.Taken() > 0 {
		m.Slots = append(slices.Clone(m.Slots), id) // an expert who gives up their cap and sets one again begins with what lies ahead
		c.Months[s.Slot.Month()] = m
	}
	again, err := mentoring.DecideSettle(c, time.Time{}, w.policy, now)
	if again.Wakes = nil; err != nil || !again.None() {
		w.wrong("in slot %s there is something left to do: %+v, %v", id, again, err)
	}
}

// checkMonths wants the month of an expert with a cap to be the slots in which somebody has a seat.
func (w *world) checkMonths() {
	want := map[monthKey][]mentoring.SlotID{}
	for _, id := range w.books.slotIDs() {
		if s := w.books.slots[id]; s.Host.MonthlyCap > 0 && w.now().Before(s.EndsAt()) && w.books.state(id).Taken() > 0 {
			key := monthKey{s.Host.ID, s.Month()}
			want[key] = append(want[key], id)
		}
	}
	for key, slots := range want {
		for _, id := range slots {
			if !slices.Contains(w.books.months[key].Slots, id) {
				w.wrong("slot %s counts in no month of %s: %v", id, w.nameOf(key.expert), w.books.months[key].Slots)
			}
		}
	}
}

// checkEnd is what must hold when all is over: every booking has ended, nothing waits to be done, and what is counted is
// what a recount says.
func (w *world) checkEnd() {
	if rows, wakes := len(w.books.rows), len(w.books.wakes); rows+wakes > 0 {
		w.wrong("%d rows and %d wakes are left: %v %v", rows, wakes, slices.Collect(maps.Values(w.books.rows)), slices.Collect(maps.Keys(w.books.wakes)))
	}
	for _, id := range w.books.bookingIDs() {
		b := w.books.bookings[id]
		closed := b.After.Closure == mentoring.AutoClosed || b.After.Closure == mentoring.Debriefed
		if b.Live(w.now()) || b.Status == mentoring.Confirmed || (b.Status == mentoring.Completed) != closed {
			w.wrong("all is over, and booking %s is %s, %+v", id, b.Status, b.After)
		}
	}
	w.checkSurveys()
	w.checkFacts()
	w.checkRecords()
}

// checkSurveys wants everybody who was at a session to have been asked how it was.
func (w *world) checkSurveys() {
	for _, id := range w.books.bookingIDs() {
		b := w.books.bookings[id]
		who := w.books.people[b.Requester.ID]
		if b.Status != mentoring.Completed || w.asksNoMore[b.Requester.ID] || !who.Enrolled() || w.post.spoilt[string(who.ID)] ||
			w.testified[id] || b.After.Answered != (mentoring.Answered{}) {
			continue
		}
		key := table.Key{PK: "BOOKING#" + string(id), SK: "MAIL#survey_pulse#once#" + string(who.ID)}
		if w.books.ledger[key].Status != "sent" {
			w.wrong("%s was never asked how session %s was: %+v", w.nameOf(who.ID), id, w.books.ledger[key])
		}
	}
}

// checkFacts wants what the report counts to be a recount of the records. Cohort and affiliation stay what they were when a
// session ended.
func (w *world) checkFacts() {
	counted := 0
	for _, id := range w.books.slotIDs() {
		s := w.books.state(id)
		if want, over := mentoring.SlotFactOf(s, w.books.people[s.Slot.Host.ID], w.now()); over {
			var got mentoring.SlotFact
			w.fact(want.StartsAt, string(id), &got)
			got.Cohort = want.Cohort
			w.same("slot "+string(id), want, got)
			counted++
		}
	}
	for _, id := range w.books.bookingIDs() {
		p := w.books.papers[id]
		p.Booking = w.books.bookings[id]
		if want, over := mentoring.BookingFactOf(p, w.books.slots[p.Booking.Slot], w.books.people[p.Booking.Requester.ID], w.now()); over {
			var got mentoring.BookingFact
			w.fact(want.StartsAt, string(id), &got)
			got.Cohort, got.Affiliation = want.Cohort, want.Affiliation
			w.same("booking "+string(id), want, got)
			counted++
		}
	}
	for key := range w.books.facts {
		if booking := mentoring.BookingID(key.SK); booking.Valid() || mentoring.SlotID(key.SK).Valid() {
			counted--
		}
	}
	if counted != 0 {
		w.wrong("there are %d facts too few", counted)
	}
}

func (w *world) fact(day time.Time, place string, into any) {
	data := w.books.facts[table.Key{PK: "FACTS#" + day.UTC().Format(time.DateOnly), SK: place}]
	if data == nil {
		w.wrong("%s of %v is not counted", place, day)
		return
	}
	if err := json.Unmarshal(data, into); err != nil {
		w.wrong("fact of %s: %v", place, err)
	}
}

func (w *world) same(what string, want, got any) {
	if diff := gocmp.Diff(want, got); diff != "" {
		w.wrong("the fact of %s (-recount +recorded):\n%s", what, diff)
	}
}

// checkRecords wants the books to be the table: nothing was written past them.
func (w *world) checkRecords() {
	left := maps.Clone(w.books.records)
	err := w.engine.Each(w.ctx, func(r table.Record) error {
		if left[r.Key] != r.Version {
			w.wrong("%v is at version %d, and at %d in the books", r.Key, r.Version, left[r.Key])
		}
		delete(left, r.Key)
		return nil
	})
	if err != nil || len(left) > 0 {
		w.wrong("%d records are in the books alone: %v", len(left), err)
	}
}

package desk_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// books are all that is stored of some slots and people, read past the use cases.
type books struct {
	slots    map[mentoring.SlotID]mentoring.SlotState
	bookings map[mentoring.BookingID]mentoring.Booking
	agendas  map[mentoring.PersonID]mentoring.Agenda
	now      time.Time
	wrong    []string
}

// unsound says what does not fit together in what is stored of slots and of those who host or booked them: nothing, where
// every decision was made on what was true when it was committed.
func (o *office) unsound(t testing.TB, people []desk.Caller, slots ...mentoring.SlotID) []string {
	t.Helper()
	b := &books{
		slots: map[mentoring.SlotID]mentoring.SlotState{}, bookings: map[mentoring.BookingID]mentoring.Booking{},
		agendas: map[mentoring.PersonID]mentoring.Agenda{}, now: o.clock(),
	}
	for _, id := range slots {
		b.readSlot(t, o.engine, id)
	}
	for _, c := range people {
		b.readPerson(t, o, c)
	}
	for _, s := range b.slots {
		b.judgeSlot(s)
	}
	for _, booking := range b.bookings {
		b.judgeBooking(booking)
	}
	for who := range b.agendas {
		b.judgeAgenda(who)
	}
	return b.wrong
}

// seatedIn are the statuses of bookings that have a seat.
var seatedIn = []mentoring.BookingStatus{mentoring.Confirmed, mentoring.Requested, mentoring.Completed}

func (b *books) add(format string, args ...any) {
	b.wrong = append(b.wrong, fmt.Sprintf(format, args...))
}

func decoded[T any](t testing.TB, r table.Record) (doc T) {
	t.Helper()
	if err := json.Unmarshal(r.Data, &doc); err != nil {
		t.Fatal(err)
	}
	return doc
}

func (b *books) readSlot(t testing.TB, engine table.Table, id mentoring.SlotID) {
	t.Helper()
	page, err := engine.Query(t.Context(), table.Range{PK: "SLOT#" + string(id), Limit: 100})
	if err != nil || page.More {
		t.Fatalf("a slot of more than a page, or %v", err)
	}
	var slot mentoring.Slot
	var seats []mentoring.Seat
	var waiters []mentoring.Waiter
	for _, r := range page.Records {
		switch {
		case r.SK == "META":
			slot = decoded[mentoring.Slot](t, r)
			slot.Version = r.Version
		case strings.HasPrefix(r.SK, "SEAT#"):
			seats = append(seats, decoded[mentoring.Seat](t, r))
		case strings.HasPrefix(r.SK, "QUEUE#"):
			waiters = append(waiters, decoded[mentoring.Waiter](t, r))
		}
	}
	b.slots[id] = mentoring.NewState(slot, seats, waiters)
}

// readPerson reads the agenda of somebody, and all bookings they made.
func (b *books) readPerson(t testing.TB, o *office, c desk.Caller) {
	t.Helper()
	records, err := o.engine.Get(t.Context(), table.Key{PK: "PERSON#" + string(c.ID), SK: "AGENDA"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		b.agendas[c.ID] = decoded[mentoring.Agenda](t, r)
	}
	mine, err := officeOn(o.engine, nil).Bookings(t.Context(), c, desk.BookingFilter{Role: mentoring.Requester}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, view := range mine.Items {
		b.bookings[view.Booking.ID] = view.Booking
	}
}

// judgeSlot compares a slot with its seats and places on the waiting list, and these with the bookings they name.
func (b *books) judgeSlot(s mentoring.SlotState) {
	places, seated := 0, map[mentoring.BookingID]bool{}
	for _, seat := range s.Seats {
		if !seat.Gone {
			places++
		}
		if seat.Of != s.Slot.Version {
			b.add("seat %d is of version %d of the slot, which is at %d", seat.Number, seat.Of, s.Slot.Version)
		}
		if seat.Booking == "" {
			continue
		}
		booking := b.bookings[seat.Booking]
		if seat.Gone || seated[seat.Booking] || s.Slot.Status == mentoring.SlotCancelled {
			b.add("seat %d is taken: gone %v, twice by the same %v, slot %s", seat.Number, seat.Gone, seated[seat.Booking], s.Slot.Status)
		}
		if seated[seat.Booking] = true; booking.Slot != s.Slot.ID || booking.Seat != seat.Number || booking.Requester.ID != seat.Holder ||
			!booking.ExpiresAt.Equal(seat.Until) || !slices.Contains(seatedIn, booking.Status) {
			b.add("seat %d is held for a booking that is %s and has seat %d", seat.Number, booking.Status, booking.Seat)
		}
		if !booking.StartsAt.Equal(s.Slot.StartsAt) || booking.Title != s.Slot.Title {
			b.add("a booking says the session is %q at %v; it is %q at %v", booking.Title, booking.StartsAt, s.Slot.Title, s.Slot.StartsAt)
		}
	}
	if places != s.Slot.Capacity {
		b.add("%d seats, the capacity is %d", places, s.Slot.Capacity)
	}
	for _, w := range s.Waiters {
		if booking := b.bookings[w.Booking]; booking.Status != mentoring.Waitlisted || booking.Slot != s.Slot.ID {
			b.add("somebody waits whose booking is %s", booking.Status)
		}
	}
	for _, e := range b.agendas[s.Slot.Host.ID].Engagements {
		if e.Booking == "" && e.Slot == s.Slot.ID && (!e.Start.Equal(s.Slot.StartsAt) || s.Slot.Status == mentoring.SlotCancelled) {
			b.add("the expert hosts a session at %v, the slot is %s at %v", e.Start, s.Slot.Status, s.Slot.StartsAt)
		}
	}
}

// judgeBooking demands that a booking which is alive has a seat or a place on the waiting list, and is in its agenda.
func (b *books) judgeBooking(booking mentoring.Booking) {
	if !booking.Live(b.now) {
		return
	}
	s, known := b.slots[booking.Slot]
	_, seated := s.SeatOf(booking.ID)
	waits := false
	for _, w := range s.Waiters {
		waits = waits || w.Booking == booking.ID
	}
	if known && (seated == waits || waits != (booking.Status == mentoring.Waitlisted)) {
		b.add("a %s booking: seat %v, waits %v", booking.Status, seated, waits)
	}
	times := 0
	for _, e := range b.agendas[booking.Requester.ID].Engagements {
		if e.Booking == booking.ID {
			times++
		}
	}
	if times != 1 {
		b.add("a %s booking is in the requester's agenda %d times", booking.Status, times)
	}
}

// judgeAgenda compares an agenda with its bookings, and its entries with one another.
func (b *books) judgeAgenda(who mentoring.PersonID) {
	mine := b.agendas[who].From(b.now).Engagements
	for i, e := range mine {
		booking, known := b.bookings[e.Booking]
		if e.Booking != "" && (!known || e.Slot != booking.Slot || e.Status != booking.Status || !e.Start.Equal(booking.StartsAt)) {
			b.add("an agenda has a %s booking at %v that is %s at %v", e.Status, e.Start, booking.Status, booking.StartsAt)
		}
		for _, other := range mine[:i] {
			together := e.Start.Before(other.End) && other.Start.Before(e.End)
			if together && e.Status != mentoring.Waitlisted && other.Status != mentoring.Waitlisted {
				b.add("somebody is in two sessions at %v", e.Start)
			}
		}
	}
}

package modeltest

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// records are all there is on the table, as it lies there.
type records struct {
	slots    map[mentoring.SlotID]mentoring.SlotState
	bookings map[mentoring.BookingID]mentoring.Booking
	agendas  map[mentoring.PersonID]mentoring.Agenda
	people   map[mentoring.PersonID]mentoring.Person
	rows     map[string]mentoring.Event // of the outbox, by key
	wakes    []string
}

func (m *machine) scan(r *rapid.T) records {
	found := records{
		slots: map[mentoring.SlotID]mentoring.SlotState{}, bookings: map[mentoring.BookingID]mentoring.Booking{},
		agendas: map[mentoring.PersonID]mentoring.Agenda{}, people: map[mentoring.PersonID]mentoring.Person{}, rows: map[string]mentoring.Event{},
	}
	metas := map[mentoring.SlotID]mentoring.Slot{}
	seats, waiters := map[mentoring.SlotID][]mentoring.Seat{}, map[mentoring.SlotID][]mentoring.Waiter{}
	err := m.engine.Each(context.Background(), func(rec table.Record) error {
		kind, id, _ := strings.Cut(rec.PK, "#")
		slot := mentoring.SlotID(id)
		switch {
		case rec.SK == "META":
			s := decoded[mentoring.Slot](r, m, rec)
			s.Version = rec.Version
			metas[slot] = s
		case kind == "SLOT" && strings.HasPrefix(rec.SK, "SEAT#"):
			seats[slot] = append(seats[slot], decoded[mentoring.Seat](r, m, rec))
		case kind == "SLOT" && strings.HasPrefix(rec.SK, "QUEUE#"):
			waiters[slot] = append(waiters[slot], decoded[mentoring.Waiter](r, m, rec))
		case rec.SK == "BOOKING":
			b := decoded[mentoring.Booking](r, m, rec)
			b.Version = rec.Version
			found.bookings[b.ID] = b
		case rec.SK == "AGENDA":
			found.agendas[mentoring.PersonID(id)] = decoded[mentoring.Agenda](r, m, rec)
		case rec.SK == "PROFILE":
			p := decoded[mentoring.Person](r, m, rec)
			found.people[p.ID] = p
		case kind == "OUTBOX":
			found.rows[rec.PK+rec.SK] = decoded[struct{ Event mentoring.Event }](r, m, rec).Event
		case kind == "DUE":
			found.wakes = append(found.wakes, rec.SK)
		case kind == "DEAD":
			r.Fatalf("an event was parked: %s", rec.Data)
		}
		return nil
	})
	if err != nil {
		r.Fatal(err)
	}
	for id, slot := range metas {
		found.slots[id] = mentoring.NewState(slot, seats[id], waiters[id])
	}
	return found
}

// decoded is a record's document. It is kept, because most records are the same after most commands.
func decoded[T any](r *rapid.T, m *machine, rec table.Record) (doc T) {
	if known, ok := m.decoded[rec.Key]; ok && known.version == rec.Version {
		return known.doc.(T)
	}
	if err := json.Unmarshal(rec.Data, &doc); err != nil {
		r.Fatalf("%s %s: %v", rec.PK, rec.SK, err)
	}
	m.decoded[rec.Key] = document{rec.Version, doc}
	return doc
}

type document struct {
	version int64
	doc     any
}

// compare holds what is on record against the rules alone, and then against the ideal.
func (m *machine) compare(r *rapid.T) {
	on := m.on
	m.sound(r, on)
	for _, s := range m.sessions {
		m.compareSlot(r, s, on)
	}
	for _, b := range m.bookings {
		m.compareBooking(r, b, on.bookings[b.id])
	}
	for _, who := range m.members {
		m.compareAgenda(r, who, on)
	}
	if len(on.slots) != len(m.sessions) || len(on.bookings) != len(m.bookings) {
		r.Fatalf("%d slots and %d bookings on record, and %d and %d in the ideal", len(on.slots), len(on.bookings), len(m.sessions), len(m.bookings))
	}
}

// sound looks at what is on record without the ideal: no seat too many, each live booking in its place and no other, one
// of a person in a slot, nobody in two places.
func (m *machine) sound(r *rapid.T, on records) {
	now := m.ideal.now
	held, waits := map[mentoring.BookingID]mentoring.Seat{}, map[mentoring.BookingID]bool{}
	for _, s := range on.slots {
		if s.Taken() > s.Slot.Capacity || s.Slot.Capacity != s.Taken()+s.Free() {
			r.Fatalf("%d seats are taken and %d free of %d", s.Taken(), s.Free(), s.Slot.Capacity)
		}
		for _, seat := range s.Seats {
			if b := on.bookings[seat.Booking]; seat.Booking != "" {
				if held[b.ID].Booking != "" || b.Slot != s.Slot.ID || b.Seat != seat.Number || b.Requester.ID != seat.Holder || !b.ExpiresAt.Equal(seat.Until) {
					r.Fatalf("seat %+v and booking %+v do not fit", seat, b)
				}
				held[b.ID] = seat
			}
		}
		for _, w := range s.Waiters {
			b := on.bookings[w.Booking]
			if b.Slot != s.Slot.ID || b.Status != mentoring.Waitlisted || b.Requester.ID != w.Person {
				r.Fatalf("place %+v and booking %+v do not fit", w, b)
			}
			waits[w.Booking] = true
		}
	}
	live := map[string]mentoring.BookingID{}
	times := map[mentoring.PersonID][]mentoring.Engagement{}
	for _, s := range on.slots {
		if s.Slot.Status != mentoring.SlotCancelled && now.Before(s.Slot.EndsAt()) {
			times[s.Slot.Host.ID] = append(times[s.Slot.Host.ID], mentoring.Engagement{Slot: s.Slot.ID, Start: s.Slot.StartsAt, End: s.Slot.EndsAt()})
		}
	}
	for _, b := range on.bookings {
		seated := held[b.ID].Booking != ""
		if holds := slices.Contains(seatedIn, b.Status); seated != holds || waits[b.ID] != (b.Status == mentoring.Waitlisted) {
			r.Fatalf("booking %s is %s, has a seat: %v, waits: %v", b.ID, b.Status, seated, waits[b.ID])
		}
		if !b.Live(now) {
			continue
		}
		pair := fmt.Sprint(b.Slot, b.Requester.ID)
		if other := live[pair]; other != "" {
			r.Fatalf("%s and %s are two live bookings of one person and slot", b.ID, other)
		}
		live[pair] = b.ID
		if b.Status != mentoring.Waitlisted {
			times[b.Requester.ID] = append(times[b.Requester.ID], mentoring.Engagement{Slot: b.Slot, Start: b.StartsAt, End: b.EndsAt()})
		}
	}
	for who, all := range times {
		for i, a := range all {
			for _, b := range all[:i] {
				if a.Start.Before(b.End) && b.Start.Before(a.End) {
					r.Fatalf("%s is in two places: %+v and %+v", who, a, b)
				}
			}
		}
	}
}

// slotPicture is what engine and ideal must agree on of a slot.
type slotPicture struct {
	Status   mentoring.SlotStatus
	StartsAt time.Time
	Minutes  int
	Capacity int
	Seats    []mentoring.BookingID
	Queue    []mentoring.BookingID
}

func (m *machine) picture(s *session) string { return fmt.Sprintf("%+v", m.ideal.slotPicture(s)) }

func (i *ideal) slotPicture(s *session) slotPicture {
	p := slotPicture{s.status, s.start(), s.draft.DurationMinutes, s.existing, ids(s.seats), ids(s.queue)}
	slices.Sort(p.Seats)
	return p
}

func ids(bs []*booking) (all []mentoring.BookingID) {
	for _, b := range bs {
		all = append(all, b.id)
	}
	return all
}

func (m *machine) compareSlot(r *rapid.T, s *session, on records) {
	state := on.slots[s.id]
	got := slotPicture{state.Slot.Status, state.Slot.StartsAt, state.Slot.DurationMinutes, state.Slot.Capacity, state.Holders(), nil}
	for _, w := range state.Waiters {
		got.Queue = append(got.Queue, w.Booking)
	}
	slices.Sort(got.Seats)
	if diff := cmp.Diff(m.slotPicture(s), got); diff != "" {
		r.Fatalf("slot %s (-ideal +engine):\n%s\n%s", s.id, diff, m.describe())
	}
	if status := state.StatusAt(m.ideal.now); status != m.statusOfSession(s) {
		r.Fatalf("slot %s is %s, and %s in the ideal", s.id, status, m.statusOfSession(s))
	}
}

type bookingPicture struct {
	Slot                     mentoring.SlotID
	Status                   mentoring.BookingStatus
	StartsAt, EndsAt, Expire time.Time
	Released                 bool
	Mode                     mentoring.Mode
}

func (m *machine) compareBooking(r *rapid.T, b *booking, rec mentoring.Booking) {
	want := bookingPicture{b.in.id, m.statusOf(b), b.start, b.end, time.Time{}, b.released, b.mode}
	got := bookingPicture{rec.Slot, rec.StatusAt(m.ideal.now), rec.StartsAt, rec.EndsAt(), time.Time{}, rec.Released, rec.Mode}
	if m.live(b) {
		want.Expire, got.Expire = b.expires, rec.ExpiresAt
	}
	if diff := cmp.Diff(want, got); diff != "" {
		r.Fatalf("booking %s of %s (-ideal +engine):\n%s\n%s", b.id, m.callers[b.who].Name, diff, m.describe())
	}
}

func (m *machine) compareAgenda(r *rapid.T, who *member, on records) {
	var want, got []string
	for _, s := range m.hosted(who) {
		want = append(want, fmt.Sprint(s.id, " hosted ", s.start().UTC()))
	}
	for _, b := range m.bookings {
		if b.who == who && m.live(b) {
			want = append(want, fmt.Sprint(b.in.id, " ", b.id, " ", b.status, " ", b.start.UTC()))
		}
	}
	for _, e := range on.agendas[who.id].From(m.ideal.now).Engagements {
		if e.Booking == "" {
			got = append(got, fmt.Sprint(e.Slot, " hosted ", e.Start.UTC()))
		} else {
			got = append(got, fmt.Sprint(e.Slot, " ", e.Booking, " ", e.Status, " ", e.Start.UTC()))
		}
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		r.Fatalf("agenda of %s (-ideal +engine):\n%s\n%s", m.callers[who].Name, diff, m.describe())
	}
	var chain, recorded []mentoring.PersonID
	for _, boss := range above(who) {
		chain = append(chain, boss.id)
	}
	recorded = on.people[who.id].Programme.Managers
	if !slices.Equal(chain, recorded) {
		r.Fatalf("the managers of %s are %v, and %v on record", m.callers[who].Name, chain, recorded)
	}
}

// announced: whatever changed in the last action and somebody must be told of has its row in the outbox, unless time brought
// it about and it was handled by now.
func (m *machine) announced(r *rapid.T, before, after records) {
	named := map[mentoring.BookingID]bool{}
	told := map[mentoring.SlotID]bool{}
	fresh, waiting := 0, 0
	for key, e := range after.rows {
		if e.At.After(m.ideal.now) {
			continue // it is for later, and tells of nothing that happened
		}
		waiting++
		if _, old := before.rows[key]; old {
			continue
		}
		fresh++
		told[e.Slot] = true
		for _, id := range e.Bookings {
			named[id] = true
		}
	}
	if fresh == 0 && waiting == 0 {
		return
	}
	for id, b := range after.bookings {
		was := before.bookings[id]
		if (was.Status != b.Status || was.Slot != b.Slot || !was.StartsAt.Equal(b.StartsAt)) && !named[id] && b.Status != mentoring.Waitlisted {
			r.Fatalf("booking %s became %s, and no row says so", id, b.Status)
		}
	}
	for id, s := range after.slots {
		if was, old := before.slots[id]; old && was.Slot.Status != s.Slot.Status && !told[id] {
			r.Fatalf("slot %s became %s, and no row says so", id, s.Slot.Status)
		}
	}
}

// seatedIn are the statuses of bookings that have a seat.
var seatedIn = []mentoring.BookingStatus{mentoring.Confirmed, mentoring.Requested, mentoring.Completed}

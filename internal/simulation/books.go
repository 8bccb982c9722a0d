package simulation

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// books are what is stored, kept up to date with each commit and read past the use cases.
type books struct {
	slots    map[mentoring.SlotID]mentoring.Slot
	seats    map[mentoring.SlotID]map[int]mentoring.Seat
	waiters  map[mentoring.SlotID]map[mentoring.BookingID]mentoring.Waiter
	bookings map[mentoring.BookingID]mentoring.Booking
	papers   map[mentoring.BookingID]mentoring.Papers // but for the booking in them
	agendas  map[mentoring.PersonID]mentoring.Agenda
	people   map[mentoring.PersonID]mentoring.Person
	months   map[monthKey]mentoring.Month
	rows     map[table.Key]row
	wakes    map[table.Key]time.Time
	dead     map[table.Key][]failure
	ledger   map[table.Key]entry
	facts    map[table.Key][]byte
	records  map[table.Key]int64 // all there is, by version
}

type monthKey struct {
	expert mentoring.PersonID
	name   string
}

// row is an event in the outbox.
type row struct {
	Event mentoring.Event
	Due   time.Time
}

// entry is what the ledger says of a message.
type entry struct {
	Status string
	SentAt time.Time
}

// failure is why something lies among the dead letters.
type failure struct{ Reason string }

func newBooks() *books {
	return &books{
		map[mentoring.SlotID]mentoring.Slot{}, map[mentoring.SlotID]map[int]mentoring.Seat{},
		map[mentoring.SlotID]map[mentoring.BookingID]mentoring.Waiter{}, map[mentoring.BookingID]mentoring.Booking{},
		map[mentoring.BookingID]mentoring.Papers{}, map[mentoring.PersonID]mentoring.Agenda{},
		map[mentoring.PersonID]mentoring.Person{}, map[monthKey]mentoring.Month{}, map[table.Key]row{},
		map[table.Key]time.Time{}, map[table.Key][]failure{}, map[table.Key]entry{}, map[table.Key][]byte{}, map[table.Key]int64{},
	}
}

// apply does to the books what writes do to the table.
func (b *books) apply(writes []table.Write) {
	for _, w := range writes {
		switch w.Action {
		case table.Put:
			r := w.Record
			r.Version = w.NextVersion()
			b.records[r.Key] = r.Version
			b.put(r)
		case table.Delete:
			delete(b.records, w.Record.Key)
			b.remove(w.Record.Key)
		}
	}
}

func (b *books) put(r table.Record) {
	kind, id, _ := strings.Cut(r.PK, "#")
	slot, who, booking := mentoring.SlotID(id), mentoring.PersonID(id), mentoring.BookingID(id)
	p := b.papers[booking]
	switch {
	case isLedger(r.Key):
		b.ledger[r.Key] = decoded[entry](r)
	case kind == "SLOT" && r.SK == "META":
		s := decoded[mentoring.Slot](r)
		s.Version = r.Version
		b.slots[slot] = s
	case kind == "SLOT" && strings.HasPrefix(r.SK, "SEAT#"):
		s := decoded[mentoring.Seat](r)
		s.Version = r.Version
		inner(b.seats, slot)[s.Number] = s
	case kind == "SLOT" && strings.HasPrefix(r.SK, "QUEUE#"):
		w := decoded[mentoring.Waiter](r)
		w.Version = r.Version
		inner(b.waiters, slot)[w.Booking] = w
	case r.SK == "BOOKING":
		one := decoded[mentoring.Booking](r)
		one.Version = r.Version
		b.bookings[booking] = one
	case r.SK == "AGENDA":
		a := decoded[mentoring.Agenda](r)
		a.Version = r.Version
		b.agendas[who] = a
	case r.SK == "PROFILE":
		person := decoded[mentoring.Person](r)
		person.Version = r.Version
		b.people[who] = person
	case strings.HasPrefix(r.SK, "MONTH#"):
		m := decoded[mentoring.Month](r)
		b.months[monthKey{m.Expert, m.Name}] = m
	case r.SK == "SURVEY#requester":
		p.Requester = decoded[mentoring.Survey](r)
		p.Requester.Version = r.Version
		b.papers[booking] = p
	case r.SK == "SURVEY#expert":
		p.Expert = decoded[mentoring.Survey](r)
		p.Expert.Version = r.Version
		b.papers[booking] = p
	case r.SK == "SURVEY#outcome":
		p.Outcome = decoded[mentoring.Survey](r)
		b.papers[booking] = p
	case r.SK == "TASKS":
		p.Tasks = decoded[mentoring.Tasks](r)
		b.papers[booking] = p
	case kind == "OUTBOX":
		b.rows[r.Key] = decoded[row](r)
	case kind == "DUE":
		b.wakes[r.Key] = decoded[struct{ At time.Time }](r).At
	case kind == "DEAD":
		b.dead[r.Key] = decoded[struct{ Failures []failure }](r).Failures
	case kind == "FACTS":
		b.facts[r.Key] = slices.Clone(r.Data)
	}
}

func (b *books) remove(k table.Key) {
	kind, id, _ := strings.Cut(k.PK, "#")
	switch {
	case kind == "SLOT" && strings.HasPrefix(k.SK, "QUEUE#"):
		booking := k.SK[strings.LastIndexByte(k.SK, '#')+1:]
		delete(b.waiters[mentoring.SlotID(id)], mentoring.BookingID(booking))
	case strings.HasPrefix(k.SK, "MONTH#"):
		delete(b.months, monthKey{mentoring.PersonID(id), strings.TrimPrefix(k.SK, "MONTH#")})
	case kind == "OUTBOX":
		delete(b.rows, k)
	case kind == "DUE":
		delete(b.wakes, k)
	case kind == "DEAD":
		delete(b.dead, k)
	case kind == "FACTS":
		delete(b.facts, k)
	}
}

// state is a slot with its seats and those who wait.
func (b *books) state(id mentoring.SlotID) mentoring.SlotState {
	seats := slices.SortedFunc(maps.Values(b.seats[id]), func(x, y mentoring.Seat) int { return x.Number - y.Number })
	waiters := slices.SortedFunc(maps.Values(b.waiters[id]), func(x, y mentoring.Waiter) int {
		return cmp.Or(x.Since.Compare(y.Since), cmp.Compare(x.Booking, y.Booking))
	})
	return mentoring.NewState(b.slots[id], seats, waiters)
}

// viewer is somebody, as decisions see them.
func (b *books) viewer(id mentoring.PersonID) mentoring.Viewer {
	who, known := b.people[id]
	if !known {
		who = mentoring.Person{ID: id}
	}
	return mentoring.Viewer{Person: who, Agenda: b.agendas[id]}
}

// caseOf is all that a decision about a slot could want to know.
func (b *books) caseOf(id mentoring.SlotID) mentoring.Case {
	c := mentoring.Case{
		State: b.state(id), Bookings: maps.Clone(b.bookings), People: map[mentoring.PersonID]mentoring.Viewer{},
		Months: map[string]mentoring.Month{},
	}
	for who := range b.people {
		c.People[who] = b.viewer(who)
	}
	host := c.State.Slot.Host.ID
	month := c.State.Slot.Month()
	c.Months[month] = mentoring.Month{Expert: host, Name: month}
	for key, m := range b.months {
		if key.expert == host {
			c.Months[key.name] = m
		}
	}
	return c
}

func (b *books) slotIDs() []mentoring.SlotID { return slices.Sorted(maps.Keys(b.slots)) }

func (b *books) bookingIDs() []mentoring.BookingID { return slices.Sorted(maps.Keys(b.bookings)) }

func inner[K comparable, L comparable, V any](m map[K]map[L]V, key K) map[L]V {
	if m[key] == nil {
		m[key] = map[L]V{}
	}
	return m[key]
}

func decoded[T any](r table.Record) (doc T) {
	if err := json.Unmarshal(r.Data, &doc); err != nil {
		panic(fmt.Sprintf("simulation: %s %s: %v", r.PK, r.SK, err))
	}
	return doc
}

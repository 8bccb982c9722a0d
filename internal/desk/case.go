package desk

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// caseOf is the case of a slot as it was read, with those already known.
func caseOf(w whole, people ...mentoring.Viewer) mentoring.Case {
	c := mentoring.Case{
		State: w.SlotState, Bookings: map[mentoring.BookingID]mentoring.Booking{},
		People: map[mentoring.PersonID]mentoring.Viewer{}, Months: map[string]mentoring.Month{},
	}
	for _, v := range people {
		c.People[v.Person.ID] = v
	}
	return c
}

// need is what a decision needs beside the state of the slot.
type need struct {
	bookings []mentoring.BookingID // with their requesters
	people   []mentoring.PersonID
	months   []string // of the slot's expert
}

// waiters are all that promotion needs: who waits, and what they asked for.
func waiters(s mentoring.SlotState) (n need) {
	for _, w := range s.Waiters {
		n.bookings, n.people = append(n.bookings, w.Booking), append(n.people, w.Person)
	}
	return n
}

// holders are all who hold a seat.
func holders(s mentoring.SlotState) (n need) {
	for _, seat := range s.Seats {
		if seat.Booking != "" {
			n.bookings, n.people = append(n.bookings, seat.Booking), append(n.people, seat.Holder)
		}
	}
	return n
}

func (n need) and(other need) need {
	n.bookings = append(n.bookings, other.bookings...)
	n.people = append(n.people, other.people...)
	n.months = append(n.months, other.months...)
	return n
}

// counted adds the month the slot counts in, for an expert with a cap.
func (n need) counted(s mentoring.Slot) need {
	if s.Host.MonthlyCap > 0 {
		n.months = append(n.months, s.Month())
	}
	return n
}

// fill reads what a case needs and does not have, in one round; nothing is read where nothing is missing.
func (d *Desk) fill(ctx context.Context, c *mentoring.Case, n need) error {
	expert := c.State.Slot.Host.ID
	var keys []table.Key
	for _, id := range n.bookings {
		if _, known := c.Bookings[id]; !known {
			keys = append(keys, bookingKey(id, placeBooking))
		}
	}
	for _, id := range n.people {
		if _, known := c.People[id]; !known {
			c.People[id] = mentoring.Viewer{Person: mentoring.Person{ID: id}}
			keys = append(keys, personKey(id, placeProfile), personKey(id, placeAgenda))
		}
	}
	for _, name := range n.months {
		c.Months[name] = mentoring.Month{Expert: expert, Name: name}
		keys = append(keys, personKey(expert, placeMonth+name))
	}
	slices.SortFunc(keys, func(a, b table.Key) int { return cmp.Or(cmp.Compare(a.PK, b.PK), cmp.Compare(a.SK, b.SK)) })
	records, err := d.getAll(ctx, slices.Compact(keys))
	if err != nil {
		return err
	}
	for _, r := range records {
		if err := sortInto(c, r); err != nil {
			return err
		}
	}
	return nil
}

// getAll is Get for any number of keys, in one round.
func (d *Desk) getAll(ctx context.Context, keys []table.Key) ([]table.Record, error) {
	pages := make([][]table.Record, 0, 1+len(keys)/table.MaxGets)
	var reads []reading
	for chunk := range slices.Chunk(keys, table.MaxGets) {
		at := len(pages)
		pages = append(pages, nil)
		reads = append(reads, func(ctx context.Context) (err error) {
			pages[at], err = d.Table.Get(ctx, chunk...)
			return err
		})
	}
	if err := d.round(ctx, reads...); err != nil {
		return nil, err
	}
	return slices.Concat(pages...), nil
}

func sortInto(c *mentoring.Case, r table.Record) error {
	switch who := mentoring.PersonID(strings.TrimPrefix(r.PK, "PERSON#")); {
	case r.SK == placeBooking:
		b, err := decodeBooking(r)
		c.Bookings[b.ID] = b
		return err
	case strings.HasPrefix(r.SK, placeMonth):
		m, err := decodeMonth(r)
		c.Months[m.Name] = m
		return err
	default:
		v := c.People[who]
		err := sortViewer([]table.Record{r}, &v)
		c.People[who] = v
		return err
	}
}

// writes are the records of what a decision changed. A slot that changed takes along what browsing shows of it, of which
// states has the slots as they were read.
func (d *Desk) writes(c mentoring.Changes, states ...whole) []table.Write {
	var all []table.Write
	for _, s := range c.Slots {
		all = append(all, put(slotRecord(s)))
		all = append(all, d.listed(s.ID, c, states)...)
	}
	for _, s := range c.Seats {
		all = append(all, put(seatRecord(s)))
	}
	for _, b := range c.Bookings {
		all = append(all, put(bookingRecord(b)))
	}
	for _, w := range c.Joined {
		all = append(all, put(waiterRecord(w)))
	}
	for _, w := range c.Left {
		all = append(all, table.Remove(waiterRecord(w)))
	}
	for _, who := range slices.Sorted(maps.Keys(c.Agendas)) {
		all = append(all, put(agendaRecord(who, c.Agendas[who])))
	}
	for _, m := range c.Months {
		all = append(all, put(monthRecord(m)))
	}
	all = append(all, paperWrites(c)...)
	for _, e := range c.Events {
		all = append(all, d.announce(e))
	}
	for _, w := range c.Wakes {
		all = append(all, d.wake(w))
	}
	return all
}

// listed is the write of what browsing shows of a slot that changed.
func (d *Desk) listed(id mentoring.SlotID, c mentoring.Changes, states []whole) []table.Write {
	for _, w := range states {
		if w.Slot.ID == id && w.shown != nil {
			return []table.Write{table.Update(d.listingRecord(w.shown.Version, w.After(c), w.monthFull))}
		}
	}
	return nil
}

// filling is fill as a part of a round.
func (d *Desk) filling(c *mentoring.Case, n need) reading {
	return func(ctx context.Context) error { return d.fill(ctx, c, n) }
}

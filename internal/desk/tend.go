package desk

import (
	"context"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Tend does for a slot what time or a change to it brought about ([mentoring.DecideSettle]), and brings what browsing shows
// of it up to date. It can be asked at any time; wake is what it was planned for, zero for none. A slot that is gone needs
// nothing. It returns [mentoring.Busy] where it could not be decided.
func (d *Desk) Tend(ctx context.Context, id mentoring.SlotID, wake time.Time) error {
	for {
		more, err := transact(ctx, d, func(ctx context.Context) (more bool, _ []table.Write, err error) {
			return d.tend(ctx, id, wake)
		})
		if err != nil || !more {
			return ignoreMissing(err)
		}
	}
}

func (d *Desk) tend(ctx context.Context, id mentoring.SlotID, wake time.Time) (more bool, _ []table.Write, err error) {
	s, err := d.attend(ctx, id, wake)
	if err != nil {
		return false, nil, err
	}
	writes, err := d.attended(ctx, s)
	return s.changes.More, writes, err
}

// settling is what time or a change brought about for a slot, as far as one commit goes.
type settling struct {
	whole   // as it was read
	on      mentoring.Case
	changes mentoring.Changes
}

// attend reads and decides what is to be done for a slot.
func (d *Desk) attend(ctx context.Context, id mentoring.SlotID, wake time.Time) (s settling, err error) {
	now := d.Now()
	if err := d.wholeSlot(id, &s.whole)(ctx); err != nil {
		return s, err
	}
	s.on = caseOf(s.whole)
	if err := d.fill(ctx, &s.on, toSettle(s.SlotState, now)); err != nil {
		return s, err
	}
	s.changes, err = mentoring.DecideSettle(s.on, wake, d.Policy, now)
	return s, err
}

// attended are the writes of it, and of what browsing is to show then.
func (d *Desk) attended(ctx context.Context, s settling) (writes []table.Write, err error) {
	if s.changes.Wakes, err = d.unplanned(ctx, s.changes.Wakes); err != nil {
		return nil, err
	}
	writes = d.writes(s.changes, s.whole)
	if s.shown == nil || len(s.changes.Slots) > 0 {
		return writes, nil
	}
	fresh := d.listingRecord(s.shown.Version, s.After(s.changes), monthFull(s.on, s.changes))
	if !sameListing(fresh, *s.shown) {
		writes = append(writes, table.Update(fresh))
	}
	return writes, nil
}

// sameListing compares two records by what they say and where they are listed.
func sameListing(a, b table.Record) bool {
	return string(a.Data) == string(b.Data) && (a.Entries[table.Open] == b.Entries[table.Open])
}

// toSettle is what [mentoring.DecideSettle] needs of a slot.
func toSettle(s mentoring.SlotState, now time.Time) need {
	n := waiters(s).counted(s.Slot)
	over := !now.Before(s.Slot.BookableUntil())
	if over && s.Slot.MinAttendees > 0 && now.Before(s.Slot.EndsAt()) {
		n = n.and(holders(s))
		n.people = append(n.people, s.Slot.Host.ID)
	}
	if s.Lapsed(now) || !now.Before(s.Slot.EndsAt()) {
		n = n.and(holders(s))
		n.people = append(n.people, s.Slot.Host.ID)
	}
	return n
}

// monthFull reports whether the slot's expert has all the sessions they give in its month, after changes.
func monthFull(c mentoring.Case, changes mentoring.Changes) bool {
	slot := c.State.After(changes).Slot
	m := c.Months[slot.Month()]
	for _, changed := range changes.Months {
		if changed.Name == m.Name {
			m = changed
		}
	}
	return m.Full(slot)
}

// TendMonth brings what browsing shows of an expert's other slots up to date, where they share a month that is counted with
// the slot: the one it is in, and the one it was in at another time, zero for none.
func (d *Desk) TendMonth(ctx context.Context, id mentoring.SlotID, was time.Time) error {
	var w whole
	if err := d.wholeSlot(id, &w)(ctx); err != nil || w.Slot.Host.MonthlyCap == 0 {
		return ignoreMissing(err)
	}
	var agenda mentoring.Agenda
	if err := d.agenda(w.Slot.Host.ID, &agenda)(ctx); err != nil {
		return err
	}
	for _, e := range agenda.From(d.Now()).Engagements {
		if e.Booking != "" || e.Slot == id || !sharesMonth(w.Slot, w.Slot.StartsAt, e.Start) && !sharesMonth(w.Slot, was, e.Start) {
			continue
		}
		if err := d.Tend(ctx, e.Slot, time.Time{}); err != nil {
			return err
		}
	}
	return nil
}

// sharesMonth reports whether a session at one time may count in the month of one at the other. The other's zone is not
// known, and zones are as much as this apart.
func sharesMonth(s mentoring.Slot, at, other time.Time) bool {
	const apart = 26 * time.Hour
	month := s.MonthOf(at)
	return month == s.MonthOf(other.Add(-apart)) || month == s.MonthOf(other.Add(apart))
}

package desk

import (
	"context"
	"errors"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// FollowPerson brings up to date what rests on a person, after their profile or what the programme says of them changed: the
// slots they host, the bookings they made, the waiting lists they are on, and the management chains of those who report to
// them. It decides from the state as it is, so it can be asked at any time, and again. It returns [mentoring.Busy] where
// something could not be decided.
func (d *Desk) FollowPerson(ctx context.Context, id mentoring.PersonID, hops int) error {
	var who mentoring.Viewer
	if err := d.viewer(id, &who)(ctx); err != nil || !who.Person.Enrolled() {
		return err
	}
	var failed []error
	agenda := who.Agenda.From(d.Now())
	for _, slot := range agenda.Hosted() {
		failed = append(failed, d.followHost(ctx, slot, mentoring.HostFrom(who.Person)))
	}
	if who.Person.Profile.MonthlySessionCap == 0 {
		failed = append(failed, d.forgetMonths(ctx, id))
	}
	for _, e := range agenda.Engagements {
		if e.Booking != "" {
			failed = append(failed, d.followRequester(ctx, e.Slot, e.Booking))
		}
	}
	reports, err := d.reports(ctx, id)
	failed = append(failed, err)
	for _, report := range reports {
		failed = append(failed, d.followManager(ctx, report, who.Person, hops+1))
	}
	return errors.Join(failed...)
}

// followHost makes a slot say of its expert what host says.
func (d *Desk) followHost(ctx context.Context, id mentoring.SlotID, host mentoring.Host) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		var w whole
		if err := d.wholeSlot(id, &w)(ctx); err != nil {
			return none, nil, ignoreMissing(err)
		}
		c := caseOf(w)
		needed := holders(w.SlotState).and(waiters(w.SlotState))
		if host.MonthlyCap > 0 {
			needed.months = append(needed.months, w.Slot.Month())
		}
		if err := d.fill(ctx, &c, needed); err != nil {
			return none, nil, err
		}
		changes, err := mentoring.DecideFollowHost(c, host, d.Policy, d.Now())
		if err != nil {
			return none, nil, err
		}
		if changes.Wakes, err = d.unplanned(ctx, changes.Wakes); err != nil {
			return none, nil, err
		}
		w.monthFull = monthFull(c, changes)
		return none, d.writes(changes, w), nil
	})
	return err
}

// forgetMonths drops what was counted of an expert whose slots have no cap any more, and count no more: who sets one again
// begins with what lies ahead then. What stayed would count sessions that were cancelled meanwhile.
func (d *Desk) forgetMonths(ctx context.Context, id mentoring.PersonID) error {
	months, err := d.keysOf(ctx, id, placeMonth)
	if err != nil || len(months) == 0 {
		return err
	}
	var writes []table.Write
	for _, month := range months {
		writes = append(writes, table.Drop(month))
	}
	return d.Table.Commit(ctx, writes...)
}

// followRequester looks at a booking again after something changed that it rests on: whether the two may still meet.
func (d *Desk) followRequester(ctx context.Context, slot mentoring.SlotID, id mentoring.BookingID) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		now := d.Now()
		b, err := d.booking(ctx, id)
		if err != nil {
			return none, nil, ignoreMissing(err)
		}
		var w whole
		var requester mentoring.Person
		if err := d.round(ctx, d.wholeSlot(slot, &w), d.profile(b.Requester.ID, &requester)); err != nil {
			return none, nil, ignoreMissing(err)
		}
		marked, found := mentoring.DecideConflict(b, w.Slot, requester, now)
		if !found || b.Slot != slot {
			return none, nil, nil
		}
		return none, []table.Write{
			put(bookingRecord(marked)),
			d.announce(mentoring.Event{Kind: mentoring.BookingConflicted, At: now, Slot: slot, Bookings: []mentoring.BookingID{id}}),
		}, nil
	})
	return err
}

// followManager gives somebody the management chain that follows from their manager's, unless the news has come down further
// than a chain can be long.
func (d *Desk) followManager(ctx context.Context, id mentoring.PersonID, manager mentoring.Person, hops int) error {
	if hops > mentoring.MaxChain {
		return nil
	}
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		var who mentoring.Viewer
		if err := d.viewer(id, &who)(ctx); err != nil {
			return none, nil, err
		}
		after, changed := who.Person.UnderManager(manager)
		if !changed {
			return none, nil, nil
		}
		return none, d.profileWrites(who, after, hops), nil
	})
	return err
}

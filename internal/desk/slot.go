package desk

import (
	"context"
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Publish makes a slot: POST /v1/slots. It refuses with what [mentoring.DecidePublish] answers,
// [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Publish(ctx context.Context, c Caller, draft mentoring.SlotDraft, once Once) (SlotView, error) {
	views, err := d.PublishAll(ctx, c, []mentoring.SlotDraft{draft}, once)
	if err != nil {
		return SlotView{}, err
	}
	return views[0], nil
}

// PublishAll makes several slots, or none: POST /v1/slots/batch. It refuses with what [mentoring.DecidePublish] answers,
// [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) PublishAll(ctx context.Context, c Caller, drafts []mentoring.SlotDraft, once Once) ([]SlotView, error) {
	ids, now := make([]mentoring.SlotID, len(drafts)), d.Now()
	for i := range ids {
		ids[i] = mentoring.NewSlotID(d.random())
	}
	return transact(ctx, d, func(ctx context.Context) (none []SlotView, _ []table.Write, err error) {
		var me standing
		var topics mentoring.Taxonomy
		if err := d.round(ctx, d.self(c, once, &me), d.topics(&topics)); err != nil {
			return none, nil, err
		}
		if before, known, err := recall[[]SlotView](once, me, now); known || err != nil {
			return before, nil, err
		}
		if me.Agenda.In(ids[0]) != nil { // an earlier attempt's commit went through unseen
			views, err := d.slots(ctx, c, ids)
			return views, nil, err
		}
		changes, err := mentoring.DecidePublish(me.Viewer, drafts, ids, topics, d.Policy, now)
		if err != nil {
			before, err := unlessAnswered[[]SlotView](ctx, d, c, once, err)
			return before, nil, err
		}
		full, err := d.fullMonths(ctx, changes.Slots)
		if err != nil {
			return none, nil, err
		}
		writes := d.writes(changes)
		for _, slot := range changes.Slots {
			writes = append(writes, put(d.listingRecord(0, mentoring.NewState(slot, nil, nil).After(changes), full[slot.ID])))
		}
		writes = append(writes, table.Require(profileRecord(me.Person))) // or a slot could keep a host that has changed since
		host := mentoring.Viewer{Person: me.Person, Agenda: changes.Agendas[c.ID]}
		views := make([]SlotView, len(ids))
		for i, slot := range changes.Slots {
			slot.Version = 1
			views[i] = d.viewSlot(slot, mentoring.Occupancy{Free: slot.Capacity}, host, now)
		}
		return views, once.remember(writes, c.ID, me, views, now), nil
	})
}

// fullMonths says of which new slots of one expert the month has all the sessions they give.
func (d *Desk) fullMonths(ctx context.Context, slots []mentoring.Slot) (map[mentoring.SlotID]bool, error) {
	var keys []table.Key
	for _, s := range slots {
		if s.Host.MonthlyCap > 0 {
			keys = append(keys, personKey(s.Host.ID, placeMonth+s.Month()))
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	records, err := d.Table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	full := map[mentoring.SlotID]bool{}
	for i, key := range keys {
		at := slices.IndexFunc(records, func(r table.Record) bool { return r.Key == key })
		if at < 0 {
			continue
		}
		m, err := decodeMonth(records[at])
		if err != nil {
			return nil, err
		}
		full[slots[i].ID] = m.Full(slots[i])
	}
	return full, nil
}

func (d *Desk) slots(ctx context.Context, c Caller, ids []mentoring.SlotID) (views []SlotView, err error) {
	for _, id := range ids {
		view, err := d.Slot(ctx, c, id)
		if err != nil {
			return nil, err
		}
		views = append(views, view)
	}
	return views, nil
}

// Slot returns a slot as the caller may see it: GET /v1/slots/{id}. It refuses with [mentoring.NotFound],
// also for a slot the caller may not see, or [mentoring.Busy].
func (d *Desk) Slot(ctx context.Context, c Caller, id mentoring.SlotID) (SlotView, error) {
	var me standing
	var w whole
	now := d.Now()
	err := d.round(ctx, d.self(c, Once{}, &me), d.wholeSlot(id, &w))
	if err == nil && !w.Slot.VisibleTo(me.Viewer) && me.Agenda.In(id) == nil {
		err = mentoring.Missing()
	}
	if err != nil {
		return read(SlotView{}, err)
	}
	return d.viewSlot(w.Slot, w.OccupancyAt(now, w.monthFull), me.Viewer, now), nil
}

// Book takes a seat for the caller, asks for one, or has them wait for one: POST /v1/slots/{id}/bookings. It refuses with what
// [mentoring.DecideBook] answers, [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Book(ctx context.Context, c Caller, slot mentoring.SlotID, r mentoring.BookingRequest, once Once) (BookingView, error) {
	id, now := mentoring.NewBookingID(d.random()), d.Now()
	return transact(ctx, d, func(ctx context.Context) (none BookingView, _ []table.Write, err error) {
		var me standing
		var w whole
		if err := d.round(ctx, d.self(c, once, &me), d.wholeSlot(slot, &w)); err != nil {
			return none, nil, err
		}
		if before, known, err := recall[BookingView](once, me, now); known || err != nil {
			return before, nil, err
		}
		in := me.Agenda.In(slot)
		if _, seated := w.SeatOf(id); seated || in != nil && in.Booking == id {
			view, err := d.Booking(ctx, c, id) // an earlier attempt's commit went through unseen
			return view, nil, err
		}
		if err := d.clear(ctx, w, now); err != nil {
			return none, nil, err
		}
		on := caseOf(w, me.Viewer)
		if err := d.fill(ctx, &on, need{}.counted(w.Slot)); err != nil {
			return none, nil, err
		}
		changes, err := mentoring.DecideBook(on, c.ID, r, id, d.draw(), d.Policy, now)
		if err != nil {
			before, err := unlessAnswered[BookingView](ctx, d, c, once, err)
			return before, nil, err
		}
		booked, _ := changes.Booking(id)
		view := viewBooking(booked, w.Slot.Meeting, c, now)
		return view, once.remember(d.writes(changes, w), c.ID, me, view, now), nil
	})
}

// Revise changes a slot for its expert: PATCH /v1/slots/{id}. It refuses with what [mentoring.DecideRevise] answers or
// [mentoring.Busy].
func (d *Desk) Revise(ctx context.Context, c Caller, id mentoring.SlotID, r mentoring.Revision, only *int64) (SlotView, error) {
	var topics mentoring.Taxonomy
	var also []reading
	if r.Topic != nil {
		also = append(also, d.topics(&topics))
	}
	return d.onSlot(ctx, c, id, Once{}, func(on mentoring.Case, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideRevise(on, c.ID, r, only, topics, d.Policy, now)
	}, func(s mentoring.Slot) []string {
		if s.Host.MonthlyCap == 0 {
			return nil
		}
		return []string{r.MonthOf(s)}
	}, also...)
}

// Close makes a slot take no more bookings: POST /v1/slots/{id}/close. It refuses with what [mentoring.DecideClose] answers,
// [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Close(ctx context.Context, c Caller, id mentoring.SlotID, once Once) (SlotView, error) {
	return d.onSlot(ctx, c, id, once, func(on mentoring.Case, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideClose(on, c.ID, d.Policy, now)
	}, noMonths)
}

// CancelSlot calls a session off: POST /v1/slots/{id}/cancel. It refuses with what [mentoring.DecideCancelSlot] answers,
// [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) CancelSlot(ctx context.Context, c Caller, id mentoring.SlotID, cmd mentoring.Cancel, once Once) (SlotView, error) {
	return d.onSlot(ctx, c, id, once, func(on mentoring.Case, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideCancelSlot(on, c.ID, cmd, d.Policy, now)
	}, noMonths)
}

func noMonths(mentoring.Slot) []string { return nil }

// onSlot runs a command of the expert on a slot with all who hold a seat in it or wait. months are those the slot may count
// in, beside the one it is in, and also is read with the slot.
func (d *Desk) onSlot(
	ctx context.Context, c Caller, id mentoring.SlotID, once Once,
	decide func(on mentoring.Case, now time.Time) (mentoring.Changes, error), months func(mentoring.Slot) []string, also ...reading,
) (SlotView, error) {
	now := d.Now()
	return transact(ctx, d, func(ctx context.Context) (none SlotView, _ []table.Write, err error) {
		var me standing
		var w whole
		if err := d.round(ctx, append([]reading{d.self(c, once, &me), d.wholeSlot(id, &w)}, also...)...); err != nil {
			return none, nil, err
		}
		if before, known, err := recall[SlotView](once, me, now); known || err != nil {
			return before, nil, err
		}
		on := caseOf(w, me.Viewer)
		if err := w.HostOnly(me.Viewer); err != nil {
			return none, nil, err
		}
		needed := holders(w.SlotState).and(waiters(w.SlotState)).counted(w.Slot)
		needed.months = append(needed.months, months(w.Slot)...)
		if err := d.fill(ctx, &on, needed); err != nil {
			return none, nil, err
		}
		changes, err := decide(on, now)
		if err != nil {
			before, err := unlessAnswered[SlotView](ctx, d, c, once, err)
			return before, nil, err
		}
		if changes.Wakes, err = d.unplanned(ctx, changes.Wakes); err != nil {
			return none, nil, err
		}
		after := w.After(changes)
		w.monthFull = monthFull(on, changes)
		view := d.viewSlot(after.Slot, after.OccupancyAt(now, w.monthFull), me.Viewer, now)
		if changes.None() {
			return view, nil, nil
		}
		return view, once.remember(d.writes(changes, w), c.ID, me, view, now), nil
	})
}

package desk

import (
	"context"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Publish makes a slot: POST /v1/slots. It refuses with what [mentoring.DecidePublish] answers,
// [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Publish(ctx context.Context, c Caller, draft mentoring.SlotDraft, once Once) (SlotView, error) {
	id, now := mentoring.NewSlotID(d.random()), d.Now()
	return transact(ctx, d, func(ctx context.Context) (none SlotView, _ []table.Write, err error) {
		var me standing
		if err := d.round(ctx, d.self(c, once, &me)); err != nil {
			return none, nil, err
		}
		if before, known, err := recall[SlotView](once, me, now); known || err != nil {
			return before, nil, err
		}
		if in := me.Agenda.In(id); in != nil { // an earlier attempt's commit went through unseen
			view, err := d.Slot(ctx, c, id)
			return view, nil, err
		}
		p, err := mentoring.DecidePublish(me.Person, me.Agenda, draft, id, d.Topics, d.Policy, now)
		if err != nil {
			before, err := unlessAnswered[SlotView](ctx, d, c, once, err)
			return before, nil, err
		}
		view := d.viewSlot(p.State().Slot, 0, mentoring.Viewer{Person: me.Person, Agenda: p.Agenda}, now)
		writes := []table.Write{
			put(slotRecord(p.Slot)),
			put(d.listingRecord(0, p.State())),
			put(agendaRecord(c.ID, p.Agenda)),
			table.Require(profileRecord(me.Person)), // or the slot could keep a host that has changed since
		}
		for _, seat := range p.Seats {
			writes = append(writes, put(seatRecord(seat)))
		}
		return view, once.remember(writes, c.ID, me, view, now), nil
	})
}

// Slot returns a slot as the caller may see it: GET /v1/slots/{id}. It refuses with [mentoring.NotFound],
// also for a slot the caller may not see, or [mentoring.Busy].
func (d *Desk) Slot(ctx context.Context, c Caller, id mentoring.SlotID) (SlotView, error) {
	var me standing
	var state mentoring.SlotState
	err := d.round(ctx, d.self(c, Once{}, &me), d.slotState(id, &state))
	if err == nil && !state.Slot.VisibleTo(me.Person) && me.Agenda.In(id) == nil {
		err = mentoring.Missing()
	}
	if err != nil {
		return read(SlotView{}, err)
	}
	return d.viewSlot(state.Slot, state.Taken(), me.Viewer, d.Now()), nil
}

// Book takes a seat for the caller: POST /v1/slots/{id}/bookings. It refuses with what
// [mentoring.DecideBook] answers, [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Book(ctx context.Context, c Caller, slot mentoring.SlotID, r mentoring.BookingRequest, once Once) (BookingView, error) {
	id, now := mentoring.NewBookingID(d.random()), d.Now()
	return transact(ctx, d, func(ctx context.Context) (none BookingView, _ []table.Write, err error) {
		var me standing
		var state mentoring.SlotState
		if err := d.round(ctx, d.self(c, once, &me), d.slotState(slot, &state)); err != nil {
			return none, nil, err
		}
		if before, known, err := recall[BookingView](once, me, now); known || err != nil {
			return before, nil, err
		}
		in := me.Agenda.In(slot)
		if _, seated := state.SeatOf(id); seated || in != nil && in.Booking == id {
			view, err := d.Booking(ctx, c, id) // an earlier attempt's commit went through unseen
			return view, nil, err
		}
		s, err := mentoring.DecideBook(state, me.Viewer, r, id, d.draw(), d.Policy, now)
		if err != nil {
			before, err := unlessAnswered[BookingView](ctx, d, c, once, err)
			return before, nil, err
		}
		writes := []table.Write{
			put(seatRecord(s.Seat)),
			put(bookingRecord(s.Booking)),
			put(agendaRecord(c.ID, s.Agenda)),
			d.announce(mentoring.Event{Kind: mentoring.BookingMade, At: now, Slot: slot, Booking: id}),
		}
		s.Booking.Version = 1
		view := viewBooking(s.Booking, state.Slot.Meeting, c, now)
		return view, once.remember(writes, c.ID, me, view, now), nil
	})
}

// followHost makes a slot say of its expert what host says. The seats are written too, so that a booking
// that is being decided on the slot as it was finds its seat changed and decides again.
func (d *Desk) followHost(ctx context.Context, id mentoring.SlotID, host mentoring.Host) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		state, shown, err := d.wholeSlot(ctx, id, placeListing)
		if err != nil || state.Slot.Host.Version >= host.Version {
			return none, nil, err
		}
		state.Slot.Host = host
		writes := []table.Write{put(slotRecord(state.Slot))}
		for _, seat := range state.Seats {
			seat.Of = state.Slot.Version + 1
			writes = append(writes, put(seatRecord(seat)))
		}
		state.Slot.Version++
		if shown != nil {
			writes = append(writes, put(d.listingRecord(shown.Version, state)))
		}
		return none, writes, nil
	})
	return err
}

package desk

import (
	"context"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Cancel ends a booking for one of its two parties and frees the seat: POST /v1/bookings/{id}/cancel. Cancelling what is
// cancelled answers the booking as it is, so the same request can safely come twice. It refuses with what
// [mentoring.DecideCancel] answers, [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Cancel(ctx context.Context, c Caller, id mentoring.BookingID, cmd mentoring.Cancel, once Once) (BookingView, error) {
	now := d.Now()
	return transact(ctx, d, func(ctx context.Context) (none BookingView, _ []table.Write, err error) {
		var me standing
		var b mentoring.Booking
		if err := d.round(ctx, d.self(c, once, &me), d.bookingOf(c, id, &b)); err != nil {
			return none, nil, err
		}
		if before, known, err := recall[BookingView](once, me, now); known || err != nil {
			return before, nil, err
		}
		var state mentoring.SlotState
		agenda, reads := me.Agenda, []reading{d.slotState(b.Slot, &state)}
		if c.ID != b.Requester.ID {
			reads = append(reads, d.agenda(b.Requester.ID, &agenda))
		}
		if err := d.round(ctx, reads...); err != nil {
			return none, nil, err
		}
		ended, err := mentoring.DecideCancel(b, state, agenda, c.ID, cmd, now)
		if err != nil {
			return none, nil, err
		}
		if ended == nil {
			return viewBooking(b, state.Slot.Meeting, c, now), nil, nil
		}
		writes := []table.Write{
			put(bookingRecord(ended.Booking)),
			put(seatRecord(ended.Seat)),
			put(agendaRecord(b.Requester.ID, ended.Agenda)),
			d.announce(mentoring.Event{Kind: mentoring.BookingEnded, At: now, Slot: b.Slot, Booking: b.ID}),
		}
		ended.Booking.Version++
		view := viewBooking(ended.Booking, state.Slot.Meeting, c, now)
		return view, once.remember(writes, c.ID, me, view, now), nil
	})
}

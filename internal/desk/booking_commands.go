package desk

import (
	"context"
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Cancel ends a booking for one of its two parties: POST /v1/bookings/{id}/cancel. Cancelling what is cancelled answers
// the booking as it is, so the same request can safely come twice. It refuses with what [mentoring.DecideCancel] answers,
// [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Cancel(ctx context.Context, c Caller, id mentoring.BookingID, cmd mentoring.Cancel, once Once) (BookingView, error) {
	return d.onBooking(ctx, c, id, once, func(on mentoring.Case, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideCancel(on, id, c.ID, cmd, d.Policy, now)
	})
}

// Approve makes a request a confirmed booking: POST /v1/bookings/{id}/approve. It refuses with what
// [mentoring.DecideApprove] answers, [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Approve(ctx context.Context, c Caller, id mentoring.BookingID, once Once) (BookingView, error) {
	return d.onBooking(ctx, c, id, once, func(on mentoring.Case, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideApprove(on, id, c.ID, d.Policy, now)
	})
}

// Decline ends a request with the expert's no: POST /v1/bookings/{id}/decline. It refuses with what
// [mentoring.DecideDecline] answers, [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Decline(ctx context.Context, c Caller, id mentoring.BookingID, cmd mentoring.Decline, once Once) (BookingView, error) {
	return d.onBooking(ctx, c, id, once, func(on mentoring.Case, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideDecline(on, id, c.ID, cmd, d.Policy, now)
	})
}

// onBooking runs a command on a booking that needs its slot, the caller, the requester and those who wait.
func (d *Desk) onBooking(
	ctx context.Context, c Caller, id mentoring.BookingID, once Once,
	decide func(on mentoring.Case, now time.Time) (mentoring.Changes, error),
) (BookingView, error) {
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
		var w whole
		requester, reads := me.Viewer, []reading{d.wholeSlot(b.Slot, &w)}
		if b.Requester.ID != c.ID {
			reads = append(reads, d.viewer(b.Requester.ID, &requester))
		}
		if err := d.round(ctx, reads...); err != nil {
			return none, nil, err
		}
		on := caseOf(w, me.Viewer, requester)
		on.Bookings[b.ID] = b
		if err := d.fill(ctx, &on, waiters(w.SlotState).counted(w.Slot)); err != nil {
			return none, nil, err
		}
		changes, err := decide(on, now)
		if err != nil {
			before, err := unlessAnswered[BookingView](ctx, d, c, once, err)
			return before, nil, err
		}
		if changes.Wakes, err = d.unplanned(ctx, changes.Wakes); err != nil {
			return none, nil, err
		}
		after, changed := changes.Booking(id)
		if !changed {
			return viewBooking(b, w.Slot.Meeting, c, now), nil, nil
		}
		view := viewBooking(after, w.Slot.Meeting, c, now)
		return view, once.remember(d.writes(changes, w), c.ID, me, view, now), nil
	})
}

// Move gives the requester a seat in another slot for the one they have: POST /v1/bookings/{id}/move. It refuses with what
// [mentoring.DecideMove] answers, [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Move(ctx context.Context, c Caller, id mentoring.BookingID, m mentoring.Move, once Once) (BookingView, error) {
	now := d.Now()
	return transact(ctx, d, func(ctx context.Context) (none BookingView, _ []table.Write, err error) {
		var me standing
		var b mentoring.Booking
		var from, to whole
		reads := []reading{d.self(c, once, &me), d.bookingOf(c, id, &b)}
		if m.To.Valid() {
			reads = append(reads, d.wholeSlot(m.To, &to))
		}
		if err := d.round(ctx, reads...); err != nil {
			return none, nil, err
		}
		if before, known, err := recall[BookingView](once, me, now); known || err != nil {
			return before, nil, err
		}
		if b.Slot == m.To && b.MovedAt(now) && len(m.Faults()) == 0 { // an earlier attempt's commit went through unseen
			return viewBooking(b, to.Slot.Meeting, c, now), nil, nil
		}
		if err := b.Movable(c.ID, m, now); err != nil { // what is wrong with the command goes before what is wrong with the slot
			before, err := unlessAnswered[BookingView](ctx, d, c, once, err)
			return before, nil, err
		}
		if err := d.clear(ctx, to, now); err != nil {
			return none, nil, err
		}
		target := caseOf(to, me.Viewer)
		err = d.round(ctx, d.wholeSlot(b.Slot, &from), d.filling(&target, need{}.counted(to.Slot)))
		if err != nil {
			return none, nil, err
		}
		left := caseOf(from, me.Viewer)
		left.Bookings[b.ID] = b
		if err := d.fill(ctx, &left, waiters(from.SlotState).counted(from.Slot)); err != nil {
			return none, nil, err
		}
		changes, err := mentoring.DecideMove(left, target, id, c.ID, m, d.draw(), d.Policy, now)
		if err != nil {
			before, err := unlessAnswered[BookingView](ctx, d, c, once, err)
			return before, nil, err
		}
		if changes.Wakes, err = d.unplanned(ctx, changes.Wakes); err != nil {
			return none, nil, err
		}
		after, changed := changes.Booking(id)
		if !changed {
			return viewBooking(b, to.Slot.Meeting, c, now), nil, nil
		}
		view := viewBooking(after, to.Slot.Meeting, c, now)
		return view, once.remember(d.writes(changes, from, to), c.ID, me, view, now), nil
	})
}

// clear lets go of requests that ran out, where they may be all that is in the way of somebody who wants a seat, and has
// the use case read again.
func (d *Desk) clear(ctx context.Context, w whole, now time.Time) error {
	if w.Free() > 0 || !w.Lapsed(now) {
		return nil
	}
	if err := d.Tend(ctx, w.Slot.ID, time.Time{}); err != nil {
		return err
	}
	return mentoring.ErrTorn
}

// History is who did what to a booking and when, as far as the caller may know it: GET /v1/bookings/{id}/history. It refuses with
// [mentoring.NotFound] or [mentoring.Busy].
func (d *Desk) History(ctx context.Context, c Caller, id mentoring.BookingID) ([]mentoring.Step, error) {
	var b mentoring.Booking
	err := d.bookingOf(c, id, &b)(ctx)
	role, _ := b.RoleOf(c.ID)
	return read(b.HistoryFor(role, d.Now()), err)
}

// Roster is who booked a slot, for its expert: those with a seat first, then those who wait, first come first. A coordinator
// sees that there are bookings, and not whose ([mentoring.Booking.Outline]). It refuses with [mentoring.NotFound], [mentoring.Forbidden] or [mentoring.Busy].
func (d *Desk) Roster(ctx context.Context, c Caller, id mentoring.SlotID) ([]BookingView, error) {
	var me standing
	var w whole
	if err := d.round(ctx, d.self(c, Once{}, &me), d.wholeSlot(id, &w)); err != nil {
		return read[[]BookingView](nil, err)
	}
	theirs := w.HostOnly(me.Viewer)
	if theirs != nil && !c.Coordinator {
		return nil, theirs
	}
	on := caseOf(w, me.Viewer)
	named := holders(w.SlotState).and(waiters(w.SlotState))
	if err := d.fill(ctx, &on, need{bookings: named.bookings}); err != nil {
		return read[[]BookingView](nil, err)
	}
	var all []BookingView
	now := d.Now()
	for _, id := range named.bookings {
		if b, ok := on.Bookings[id]; ok && b.Slot == w.Slot.ID && !slices.Contains(gone, b.StatusAt(now)) {
			if theirs != nil {
				b = b.Outline()
			}
			all = append(all, viewBooking(b, mentoring.Meeting{}, c, now))
		}
	}
	return all, nil
}

// gone are statuses of bookings that are no longer on a roster, though a seat or place may still name them for a moment.
var gone = []mentoring.BookingStatus{mentoring.Cancelled, mentoring.Declined, mentoring.Expired}

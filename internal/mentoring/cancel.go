package mentoring

import "time"

// Cancel is the command of POST /v1/bookings/{id}/cancel and of POST /v1/slots/{id}/cancel.
type Cancel struct {
	// Reason is for the other side, who reads it in the mail. It may be empty.
	Reason string
	// Leaving: whoever cancels leaves the programme ([DecideErase]), which they may at any time before the session begins,
	// and without a strike.
	Leaving bool
}

// Faults are the field rules that the command breaks.
func (c Cancel) Faults() []Fault {
	var f faults
	f.text("/reason", c.Reason, 0, 500)
	return f
}

// CancellableUntil is until when somebody on one side of a booking that is alive can cancel it. The requester can until the
// notice that was agreed when booking, or until the start where they were released from it, and withdraw a request or wait
// while there is one; the expert can until the session is over (product.md section 6).
func (b Booking) CancellableUntil(by Role) time.Time {
	switch {
	case by == Expert && b.Status == Confirmed:
		return b.EndsAt()
	case b.Status != Confirmed:
		return b.ExpiresAt
	case b.Released:
		return b.StartsAt
	}
	return b.noticeAt()
}

// noticeAt is when the notice agreed when booking begins.
func (b Booking) noticeAt() time.Time {
	return b.StartsAt.Add(-time.Duration(b.CancelNoticeMinutes) * time.Minute)
}

// DecideCancel ends a booking for one of its two sides; the case is that of its slot. A seat that becomes free goes to the
// first who waits and can take it. An expert who cancels a confirmed booking within its notice gets a strike. It refuses
// with [NotFound] for anybody else, [InvalidField], [TooLateToCancel] or [InvalidTransition], and returns [ErrTorn] where
// the case does not fit together. Cancelling what is cancelled is a success that changes nothing.
func DecideCancel(c Case, id BookingID, by PersonID, cmd Cancel, p Policy, now time.Time) (Changes, error) {
	b := c.Bookings[id]
	role, ok := b.RoleOf(by)
	if !ok {
		return Changes{}, Missing()
	}
	if err := faults(cmd.Faults()).err(); err != nil {
		return Changes{}, err
	}
	switch status := b.StatusAt(now); {
	case status == Cancelled:
		return Changes{}, nil
	case !b.Live(now):
		return Changes{}, b.invalid(role, now)
	case !now.Before(b.CancellableUntil(role)) && !(cmd.Leaving && now.Before(b.StartsAt)):
		return Changes{}, refuse(TooLateToCancel, "The time to cancel agreed when booking is past. Ask the expert, who still can.")
	}
	h, state := hear(c, p, now)
	late := b.LateFor(role, now)
	h.end(state, b, Cancelled, Ending{By: role, Reason: cmd.Reason}, StepCancelled)
	h.settle(state)
	h.announce(Event{Kind: BookingEnded, Slot: b.Slot, Bookings: []BookingID{id}})
	if late {
		h.strike(by, Strike{At: now, Slot: b.Slot, Booking: id})
	}
	return h.result()
}

// strike counts one against somebody, who is told.
func (h *hearing) strike(who PersonID, s Strike) {
	h.setAgenda(who, h.agenda(who).struck(s, h.policy))
	event := Event{Kind: StrikeCounted, Slot: s.Slot, Person: who}
	if s.Booking != "" {
		event.Bookings = []BookingID{s.Booking}
	}
	h.announce(event)
}

package mentoring

import (
	"slices"
	"time"
)

// Cancel is the command of POST /v1/bookings/{id}/cancel.
type Cancel struct {
	// Reason is for the other side, who reads it in the mail. It may be empty.
	Reason string
}

// Faults are the field rules that the command breaks.
func (c Cancel) Faults() []Fault {
	var f faults
	f.text("/reason", c.Reason, 0, 500)
	return f
}

// Cancellation is what cancelling a booking changes.
type Cancellation struct {
	Booking Booking
	Seat    Seat   // free again
	Agenda  Agenda // the requester's, without the session
}

// CancellableUntil is until when somebody on one side of a confirmed booking can cancel it: the requester until the
// notice that was agreed when booking, the expert until the session is over (product.md section 6).
func (b Booking) CancellableUntil(by Role) time.Time {
	if by == Expert {
		return b.EndsAt()
	}
	return b.StartsAt.Add(-time.Duration(b.CancelNoticeMinutes) * time.Minute)
}

// DecideCancel ends a booking for one of its two sides; state is that of its slot, and agenda the requester's. It refuses
// with [NotFound] for anybody else, [InvalidField], [TooLateToCancel] or [InvalidTransition], and returns [ErrTorn] where
// the slot has no seat for the booking. Cancelling what is cancelled is a success that changes nothing: the answer is nil.
func DecideCancel(b Booking, state SlotState, agenda Agenda, by PersonID, c Cancel, now time.Time) (*Cancellation, error) {
	role, ok := b.RoleOf(by)
	if !ok {
		return nil, Missing()
	}
	if err := faults(c.Faults()).err(); err != nil {
		return nil, err
	}
	switch status := b.StatusAt(now); {
	case status == Cancelled:
		return nil, nil
	case status != Confirmed:
		return nil, b.invalid(role, now)
	case !now.Before(b.CancellableUntil(role)):
		return nil, refuse(TooLateToCancel, "The time to cancel agreed when booking is past. Ask the expert, who still can.")
	}
	seat, held := state.SeatOf(b.ID)
	if !held {
		return nil, ErrTorn
	}
	seat.Holder, seat.Booking = "", ""
	b.Status, b.Ended = Cancelled, Ending{By: role, At: now, Reason: c.Reason}
	return &Cancellation{b, seat, agenda.From(now).without(b.ID)}, nil
}

// SeatOf is the seat that a booking holds.
func (s SlotState) SeatOf(b BookingID) (Seat, bool) {
	i := slices.IndexFunc(s.Seats, func(seat Seat) bool { return seat.Booking == b })
	if i < 0 {
		return Seat{}, false
	}
	return s.Seats[i], true
}

// invalid is the refusal for a command that the booking's status does not allow.
func (b Booking) invalid(by Role, now time.Time) error {
	err := refuse(InvalidTransition, "The booking is "+string(b.StatusAt(now))+": see state and allowed.")
	err.State, err.Allowed = string(b.StatusAt(now)), b.Actions(by, now)
	return err
}

// Actions are what somebody on one side of the booking may do with it.
func (b Booking) Actions(by Role, now time.Time) []Action {
	if until := b.CancellableUntil(by); b.StatusAt(now) == Confirmed && now.Before(until) {
		return []Action{{ActionCancel, until}}
	}
	return nil
}

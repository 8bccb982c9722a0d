package mentoring

import (
	"slices"
	"time"
)

// Move is the command of POST /v1/bookings/{id}/move.
type Move struct {
	To         SlotID
	Mode       Mode // empty: as before
	NoConflict bool // as in [BookingRequest], where the expert is another one
}

// Faults are the field rules that the command breaks.
func (m Move) Faults() []Fault {
	var f faults
	switch {
	case m.To == "":
		f.add("/slotId", Required, "Must be the id of the slot to move to.")
	case !m.To.Valid():
		f.add("/slotId", BadFormat, "Must be the id of a slot.")
	}
	if m.Mode != "" {
		one(&f, "/mode", m.Mode, Modes)
	}
	return f
}

// DecideMove gives the requester a seat in another slot for the one they have, or nothing changes: from is the case of the
// slot they leave, to that of the other, and draw chooses the seat. It is a cancellation and a booking in one, so it
// refuses with what [DecideCancel] and [DecideBook] would, with [Forbidden] for the expert, and with [AlreadyBooked] where
// the slot is the same. The booking stays the one it is, with its purpose. Nobody is put on a waiting list by it.
func DecideMove(from, to Case, id BookingID, by PersonID, m Move, draw uint64, p Policy, now time.Time) (Changes, error) {
	b, target := from.Bookings[id], to.State.Slot
	if err := b.Movable(by, m, now); err != nil {
		return Changes{}, err
	}
	mover := from.People[by]
	if !target.VisibleTo(mover) {
		return Changes{}, Missing()
	}
	if err := b.faultsOf(m, target, mover.Person).err(); err != nil {
		return Changes{}, err
	}
	h, left := hear(from, p, now)
	entered := h.admit(to)
	if h.err != nil {
		return Changes{}, h.err
	}
	h.release(left, b)
	if left.Taken() == 0 && left.Slot.Host.ID == target.Host.ID {
		h.count(left, left.Slot.Month(), false) // the expert may give the other in its place
		h.touch(left)
	}
	if err := h.bookable(entered, h.people[by]); err != nil {
		return Changes{}, err
	}
	moved, err := b.movedTo(target, m)
	if err != nil {
		return Changes{}, err
	}
	moved = h.seat(entered, moved, draw)
	h.planExpiry(target, moved, id)
	h.store(moved.step(StepMoved, Requester, now))
	h.settle(left)
	h.announce(Event{Kind: BookingMoved, Slot: target.ID, From: b.Slot, Bookings: []BookingID{id}, Was: b.StartsAt})
	return h.result()
}

// Movable refuses what cannot be moved, whatever the slot it is to move to: with [NotFound] for strangers, [Forbidden] for
// the expert, [InvalidField], [InvalidTransition], [TooLateToCancel] or [AlreadyBooked].
func (b Booking) Movable(by PersonID, m Move, now time.Time) error {
	role, ok := b.RoleOf(by)
	switch {
	case !ok:
		return Missing()
	case role != Requester:
		return refuse(Forbidden, "Only the requester can move a booking. You can change the slot's time, or cancel.")
	}
	if err := faults(m.Faults()).err(); err != nil {
		return err
	}
	switch {
	case !b.Live(now):
		return b.invalid(role, now)
	case !now.Before(b.CancellableUntil(role)):
		return refuse(TooLateToCancel, "The time to cancel agreed when booking is past, and moving frees your seat as cancelling does. Ask the expert.")
	case m.To == b.Slot:
		err := refuse(AlreadyBooked, "The booking is in this slot already. Choose another one.")
		err.Booking = b.ID
		return err
	}
	return nil
}

// MovedAt reports whether the booking came to the slot it is in by a move at that time.
func (b Booking) MovedAt(at time.Time) bool {
	return slices.ContainsFunc(b.History, func(s Step) bool {
		return s.Action == StepMoved && s.Slot == "" && s.At.Equal(at)
	})
}

// faultsOf are the faults of a move to a slot, for its requester.
func (b Booking) faultsOf(m Move, to Slot, requester Person) (f faults) {
	if to.Host.ID != b.Expert.ID {
		requester.attest(&f, m.NoConflict)
	}
	return f
}

// movedTo is the booking with what it repeats of the other slot.
func (b Booking) movedTo(s Slot, m Move) (Booking, error) {
	mode, err := s.modeFor(orElse(m.Mode, b.Mode))
	if err != nil {
		return b, err
	}
	b = b.leaving().of(s)
	b.Mode, b.Released, b.ConflictKnown = mode, false, false
	return b, nil
}

package mentoring

import (
	"slices"
	"time"
)

// HostOnly refuses everybody but the expert: with [Forbidden] those for whom the slot exists, with [NotFound] the others.
func (s SlotState) HostOnly(v Viewer) error {
	switch {
	case s.Slot.Host.ID == v.Person.ID:
		return nil
	case s.Slot.VisibleTo(v) || v.Agenda.In(s.Slot.ID) != nil:
		return refuse(Forbidden, "Only the expert can do this.")
	}
	return Missing()
}

// DecideClose makes the slot take no more bookings; those it has stay, and those who wait are let go (see
// [DecideSettle]). It refuses with [NotFound], [Forbidden] or [InvalidTransition], and returns [ErrTorn] where the case does
// not fit together. Closing what is closed is a success that changes nothing.
func DecideClose(c Case, by PersonID, p Policy, now time.Time) (Changes, error) {
	if err := c.State.HostOnly(c.People[by]); err != nil {
		return Changes{}, err
	}
	h, s := hear(c, p, now)
	switch {
	case s.Slot.Status == SlotClosed && now.Before(s.Slot.EndsAt()):
		return Changes{}, nil
	case s.Slot.Status != SlotOpen || !now.Before(s.Slot.BookableUntil()):
		return Changes{}, s.invalid(now)
	}
	s.Slot.Status = SlotClosed
	h.rewrite(s)
	h.announce(Event{Kind: SlotEnded, Slot: s.Slot.ID})
	return h.result()
}

// DecideCancelSlot calls the session off: all bookings that hold seats end with it, in one commit, and those who wait are
// let go afterwards. An expert who does so within the notice of a confirmed booking gets a strike. It refuses with
// [NotFound], [Forbidden], [InvalidField] or [InvalidTransition], and returns [ErrTorn] where the case does not fit
// together. Cancelling what is cancelled is a success that changes nothing.
func DecideCancelSlot(c Case, by PersonID, cmd Cancel, p Policy, now time.Time) (Changes, error) {
	if err := c.State.HostOnly(c.People[by]); err != nil {
		return Changes{}, err
	}
	if err := faults(cmd.Faults()).err(); err != nil {
		return Changes{}, err
	}
	h, s := hear(c, p, now)
	switch status := s.StatusAt(now); {
	case status == SlotCancelled:
		return Changes{}, nil
	case status == SlotCompleted, status == SlotExpired:
		return Changes{}, s.invalid(now)
	}
	h.expireRequests(s)
	late := slices.ContainsFunc(s.Holders(), func(id BookingID) bool {
		b := h.booking(id)
		return b.Status == Confirmed && !b.Released && !now.Before(b.noticeAt())
	})
	h.callOff(s, Ending{By: Expert, At: now, Cause: SlotGone, Reason: cmd.Reason})
	if late && !cmd.Leaving {
		h.strike(by, Strike{At: now, Slot: s.Slot.ID})
	}
	return h.result()
}

// callOff cancels the slot with all that hold a seat in it.
func (h *hearing) callOff(s *SlotState, e Ending) {
	var ended []BookingID
	for _, id := range s.Holders() {
		h.end(s, h.booking(id), Cancelled, e, StepCancelled)
		ended = append(ended, id)
	}
	s.Slot.Status, s.Slot.Ended = SlotCancelled, e
	h.rewrite(s)
	h.count(s, s.Slot.Month(), false)
	h.setAgenda(s.Slot.Host.ID, h.agenda(s.Slot.Host.ID).withoutHosted(s.Slot.ID))
	kind := SlotEnded
	if e.Cause == TooFew {
		kind = SlotUnfilled
	}
	h.announce(Event{Kind: kind, Slot: s.Slot.ID, Bookings: ended})
}

// rewrite writes the slot and all its seats, which then are of its next version: whoever decides on the slot as it was
// finds a seat changed.
func (h *hearing) rewrite(s *SlotState) {
	s.Slot.Numbered = len(s.Seats)
	at := slices.IndexFunc(h.out.Slots, func(old Slot) bool { return old.ID == s.Slot.ID })
	if at < 0 {
		h.out.Slots = append(h.out.Slots, s.Slot)
	} else {
		h.out.Slots[at] = s.Slot
	}
	for _, seat := range slices.Clone(s.Seats) {
		seat.Of = s.Slot.Version + 1
		h.setSeat(s, seat)
	}
}

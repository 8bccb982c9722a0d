package mentoring

import "slices"

// promote gives free seats to those who wait, first come first: to each who can still take one, by the same rule as a
// booking (product.md section 6). Whoever cannot stays, and is asked again as long as there is something to wait for.
func (h *hearing) promote(s *SlotState) {
	if s.Slot.Status != SlotOpen || !h.now.Before(s.Slot.BookableUntil()) {
		return
	}
	var promoted []BookingID
	for _, w := range slices.Clone(s.Waiters) {
		if s.Free() == 0 {
			break
		}
		b, waiter := h.booking(w.Booking), h.people[w.Person]
		waiter.Agenda = h.agenda(w.Person).without(b.ID)
		if h.err != nil {
			return
		}
		if !b.Live(h.now) || !s.Slot.VisibleTo(waiter) || Bookable(s.Slot, h.occupancy(s), waiter, h.policy, h.now) != nil {
			continue
		}
		h.leave(s, b.ID)
		b = h.seat(s, b.following(s.Slot), 0).step(StepPromoted, System, h.now)
		h.planExpiry(s.Slot, b, "")
		h.store(b)
		promoted = append(promoted, b.ID)
	}
	if promoted != nil {
		h.announce(Event{Kind: BookingPromoted, Slot: s.Slot.ID, Bookings: promoted})
	}
}

// awaits reports whether somebody waits for a seat that is there, and may be able to take it later.
func (s SlotState) awaits() bool {
	return s.Slot.Status == SlotOpen && len(s.Waiters) > 0 && s.Free() > 0
}

package mentoring

import (
	"slices"
	"time"
)

// maxEndedAtOnce bounds how many waits one decision ends, so that its changes fit one commit.
const maxEndedAtOnce = 12

// PollInterval is how long somebody may wait for a seat that is free and that they could not take at first.
const PollInterval = time.Minute

// DecideSettle does what time, or a change to the slot, brought about: requests that ran out end, and their seats go to
// those who wait; waits end at the booking cut-off, and with the slot; a session for which too few booked by then is
// cancelled; waits follow the slot's time; and once the session is over, its bookings end. It decides from the state alone,
// so it may be asked at any time, and again; wake is the time it was asked for, zero for none. It returns [ErrTorn] where
// the case does not fit together.
func DecideSettle(c Case, wake time.Time, p Policy, now time.Time) (Changes, error) {
	h, s := hear(c, p, now)
	if h.err != nil {
		return Changes{}, h.err
	}
	over := !now.Before(s.Slot.BookableUntil())
	h.expireRequests(s)
	h.endWaits(s, over || s.Slot.Status != SlotOpen)
	h.conclude(s, wake)
	switch {
	case over && s.tooFew(now):
		h.callOff(s, Ending{By: System, At: now, Cause: TooFew})
	case s.unfilled(wake):
		h.announce(Event{Kind: SlotUnfilled, Slot: s.Slot.ID})
	}
	h.remind(s, wake)
	h.settle(s)
	if over {
		return h.result()
	}
	h.follow(s)
	if s.awaits() {
		next := now.Add(PollInterval).Truncate(PollInterval) // a full one, so that all who look meanwhile plan one look together
		h.plan(Wake{Slot: s.Slot.ID, At: next})
	}
	return h.result()
}

// expireRequests ends the requests that nobody answered in time.
func (h *hearing) expireRequests(s *SlotState) {
	var ended []BookingID
	for _, seat := range slices.Clone(s.Seats) {
		if seat.held() && seat.lapsed(h.now) {
			h.end(s, h.booking(seat.Booking), Expired, Ending{By: System, Cause: NoAnswer}, StepExpired)
			ended = append(ended, seat.Booking)
		}
	}
	h.told(s, ended)
}

// endWaits ends all waits for a slot that gives no seats any more, or else those that ran out before anybody made them follow
// the slot to a later time: whoever was told that a wait is over does not find it alive again.
func (h *hearing) endWaits(s *SlotState, all bool) {
	status, cause, action := Expired, NoSeat, StepExpired
	if s.Slot.Status == SlotCancelled {
		status, cause, action = Cancelled, s.Slot.Ended.Cause, StepCancelled
	}
	var ended []BookingID
	for _, w := range slices.Clone(s.Waiters) {
		if len(ended) == maxEndedAtOnce {
			h.out.More = true
			break
		}
		if b := h.booking(w.Booking); all || b.StatusAt(h.now) == Expired {
			h.end(s, b, status, Ending{By: System, Cause: cause}, action)
			ended = append(ended, w.Booking)
		}
	}
	h.told(s, ended)
}

// told announces that bookings ended, if any did.
func (h *hearing) told(s *SlotState, ended []BookingID) {
	if ended != nil {
		h.announce(Event{Kind: BookingEnded, Slot: s.Slot.ID, Bookings: ended})
	}
}

// startGrace is how long after its start a session can still be called off by itself: where bookings are possible until it
// begins, nobody can look earlier.
const startGrace = 5 * time.Minute

// tooFew reports whether fewer booked than the session needs, at its booking cut-off.
func (s SlotState) tooFew(now time.Time) bool {
	return s.Slot.Status != SlotCancelled && s.Confirmed() < s.Slot.MinAttendees && now.Before(s.Slot.StartsAt.Add(startGrace))
}

// unfilled reports whether nobody booked by the cut-off, when that is what somebody was woken for.
func (s SlotState) unfilled(wake time.Time) bool {
	return s.Slot.Status != SlotCancelled && s.Taken() == 0 && wake.Equal(s.Slot.BookableUntil())
}

// follow makes waits say of the slot what it says of itself: a few at a time, and none where other bookings change too, so
// that all fits one commit.
func (h *hearing) follow(s *SlotState) {
	room := maxEndedAtOnce
	if len(h.out.Bookings) > 0 {
		room = 0
	}
	for _, w := range s.Waiters {
		b := h.booking(w.Booking)
		if b.Status != Waitlisted || b.Slot != s.Slot.ID { // it ended or moved after the list was read, or it would come back
			h.err = ErrTorn
			return
		}
		fresh := b.following(s.Slot)
		if fresh.Title == b.Title && fresh.StartsAt.Equal(b.StartsAt) && fresh.DurationMinutes == b.DurationMinutes &&
			fresh.ExpiresAt.Equal(b.ExpiresAt) {
			continue
		}
		if room--; room < 0 {
			h.out.More = true
			return
		}
		h.store(fresh)
		if fresh.engagement() != b.engagement() {
			h.setAgenda(w.Person, h.agenda(w.Person).without(b.ID).with(fresh.engagement()))
		}
	}
}

// following is a wait that says of the slot what that says of itself by now. The notice stays the one agreed.
func (b Booking) following(s Slot) Booking {
	notice := b.CancelNoticeMinutes
	b = b.of(s)
	b.CancelNoticeMinutes, b.ExpiresAt = notice, s.BookableUntil()
	return b
}

package mentoring

import "time"

// conclude does what time brings about once the session is over: bookings are completed, strikes are counted when nobody can
// contest them any more, and what nobody closed closes by itself (product.md section 7). So every confirmed booking ends.
func (h *hearing) conclude(s *SlotState, wake time.Time) {
	end := s.Slot.EndsAt()
	if s.Slot.Status == SlotCancelled || h.now.Before(end) {
		return
	}
	var ended, closed []BookingID
	for _, id := range s.Holders() {
		b := h.booking(id)
		stage := b.After.Stage
		if b.Status == Confirmed {
			b = b.complete()
			ended = append(ended, id)
		}
		if b.After.Stage == JustOver && !h.now.Before(end.Add(AttendanceWindow)) {
			b = h.judge(s, b)
		}
		if b.After.Stage == Judged && !h.now.Before(end.Add(SurveyWindow)) {
			b = b.closeByTime()
			closed = append(closed, id)
		}
		if b.After.Stage != stage {
			h.store(b)
		}
	}
	if ended != nil || wake.Equal(end) && s.Taken() == 0 {
		h.endSession(s, ended)
	}
	if closed != nil {
		h.announce(Event{Kind: SurveysClosed, Slot: s.Slot.ID, Bookings: closed})
	}
}

// complete is a confirmed booking whose time is over.
func (b Booking) complete() Booking {
	b.Status, b.After.Stage, b.After.Closure = Completed, JustOver, orElse(b.After.Closure, ClosureOpen)
	return b.step(StepCompleted, System, b.EndsAt())
}

// closeByTime is a booking whose surveys are over: closed, unless its requester closed it before.
func (b Booking) closeByTime() Booking {
	b.After.Stage = Settled
	if b.After.Closure == ClosureOpen {
		b.After.Closure, b.After.ClosedAt = AutoClosed, b.EndsAt().Add(SurveyWindow)
		b = b.step(StepClosed, System, b.After.ClosedAt)
	}
	return b
}

// endSession announces what follows a session: at once, and later where it is still true by then.
func (h *hearing) endSession(s *SlotState, ended []BookingID) {
	end := s.Slot.EndsAt()
	h.announce(Event{Kind: SessionEnded, Slot: s.Slot.ID, Bookings: ended})
	if ended == nil {
		return
	}
	h.announceAt(end.Add(SurveyReminder), Event{Kind: SurveyReminderDue, Slot: s.Slot.ID, Bookings: ended})
	h.announceAt(end.Add(OutcomeAfter), Event{Kind: OutcomeDue, Slot: s.Slot.ID, Bookings: ended})
	for _, after := range []time.Duration{AttendanceWindow, SurveyWindow} {
		if at := end.Add(after); h.now.Before(at) { // or it was done just now
			h.plan(Wake{Slot: s.Slot.ID, At: at})
		}
	}
}

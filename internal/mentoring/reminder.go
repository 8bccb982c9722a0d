package mentoring

import (
	"slices"
	"time"
)

// Reminders go out so long before a session (product.md section 10).
const (
	dayBefore  = 24 * time.Hour
	hourBefore = time.Hour
	// expiryWarning is how long before a request runs out its expert is reminded of it.
	expiryWarning = 12 * time.Hour
)

// wakes are when somebody must look at the slot, in order: for its reminders, its booking cut-off and its end.
func (s Slot) wakes() []time.Time {
	at := []time.Time{s.StartsAt.Add(-dayBefore), s.StartsAt.Add(-hourBefore), s.BookableUntil(), s.EndsAt()}
	slices.SortFunc(at, time.Time.Compare)
	return slices.CompactFunc(at, time.Time.Equal)
}

// NextWake is the first time after another at which somebody must look at the slot. ok is false where there is none, or
// nothing to look for any more.
func (s Slot) NextWake(after time.Time) (at time.Time, ok bool) {
	wakes := s.wakes()
	i := slices.IndexFunc(wakes, func(t time.Time) bool { return t.After(after) })
	if i < 0 || s.Status == SlotCancelled {
		return time.Time{}, false
	}
	return wakes[i], true
}

// remind announces what somebody was woken for to remind people of, unless that is stale by now: the reminder of the day
// before gives way to that of the hour before, and none goes out once the session has begun.
func (h *hearing) remind(s *SlotState, wake time.Time) {
	if s.Slot.Status == SlotCancelled {
		return
	}
	hour := s.Slot.StartsAt.Add(-hourBefore)
	switch {
	case wake.Equal(s.Slot.StartsAt.Add(-dayBefore)) && h.now.Before(hour):
		h.remindAll(s, DayBefore)
	case wake.Equal(hour) && h.now.Before(s.Slot.StartsAt):
		h.remindAll(s, HourBefore)
	}
	var expiring []BookingID
	for _, seat := range s.Seats {
		if seat.held() && !seat.Until.IsZero() && wake.Equal(seat.Until.Add(-expiryWarning)) && h.now.Before(seat.Until) {
			expiring = append(expiring, seat.Booking)
		}
	}
	if expiring != nil {
		h.announce(Event{Kind: RequestExpiresSoon, Slot: s.Slot.ID, Bookings: expiring})
	}
}

func (h *hearing) remindAll(s *SlotState, kind EventKind) {
	var coming []BookingID
	for _, seat := range s.Seats {
		if seat.held() && seat.Until.IsZero() {
			coming = append(coming, seat.Booking)
		}
	}
	if coming != nil {
		h.announce(Event{Kind: kind, Slot: s.Slot.ID, Bookings: coming})
	}
}

// planExpiry plans what is to happen to a request by time: a reminder to the expert, where there is time for one, and its
// end, unless that is the booking cut-off, when somebody looks anyway. Requests that one decision makes run out together,
// and share their wakes (by is empty); of those made apart, each has its own.
func (h *hearing) planExpiry(s Slot, b Booking, by BookingID) {
	if b.Status != Requested {
		return
	}
	if warning := b.ExpiresAt.Add(-expiryWarning); warning.Sub(h.now) >= expiryWarning {
		h.plan(Wake{s.ID, warning, by})
	}
	if b.ExpiresAt.Before(s.BookableUntil()) {
		h.plan(Wake{s.ID, b.ExpiresAt, by})
	}
}

// plan has somebody look at a slot, once for each time.
func (h *hearing) plan(w Wake) {
	if !slices.Contains(h.out.Wakes, w) {
		h.out.Wakes = append(h.out.Wakes, w)
	}
}

// knownSince is when the requester was last told when and where the session is: when they got their seat, or when it moved.
func (b Booking) knownSince() time.Time {
	for _, step := range slices.Backward(b.History) {
		switch step.Action {
		case StepBooked, StepApproved, StepPromoted, StepMoved, StepRescheduled:
			return step.At
		}
	}
	return b.BookedAt
}

// ofReminder reminds the requester of a session, unless they heard of it within the time of the reminder. One that was
// announced before the time it would have now belongs to a session that has moved, which has its own. The clock of whoever
// sends plays no part in that: it may be behind the one that announced.
func (n News) ofReminder(b Booking, kind NoticeKind, ahead time.Duration, now time.Time) []Notice {
	method := CalendarNone
	if kind == Reminder24h {
		method = CalendarRequest
	}
	due := n.State.Slot.StartsAt.Add(-ahead)
	if b.StatusAt(now) != Confirmed || !b.knownSince().Before(due) || !now.Before(b.StartsAt) || n.Event.At.Before(due) {
		return nil
	}
	return []Notice{n.notice(b, Requester).of(kind, method)}
}

// remindExpert reminds the expert once, however many come: with the purpose where only one does.
func (n News) remindExpert(kind NoticeKind, ahead time.Duration, now time.Time) []Notice {
	due := n.State.Slot.StartsAt.Add(-ahead)
	coming := slices.DeleteFunc(slices.Clone(n.Bookings), func(b Booking) bool {
		return b.Slot != n.State.Slot.ID || b.StatusAt(now) != Confirmed || !b.knownSince().Before(due)
	})
	if len(coming) == 0 || !now.Before(n.State.Slot.StartsAt) || n.Event.At.Before(due) {
		return nil
	}
	about := Booking{}
	if n.State.Slot.Format == OneToOne {
		about = coming[0]
	}
	method := CalendarNone
	if kind == Reminder24h {
		method = CalendarRequest
	}
	return []Notice{n.notice(about, Expert).of(kind, method)}
}

// StaleReminder is the reminder that a look at the slot was planned for and that is not announced any more, because it is
// too late for it; empty where there is none, or nobody to be reminded.
func (s SlotState) StaleReminder(wake, now time.Time) NoticeKind {
	hour := s.Slot.StartsAt.Add(-hourBefore)
	switch {
	case s.Slot.Status == SlotCancelled || s.Confirmed() == 0:
	case wake.Equal(hour) && !now.Before(s.Slot.StartsAt):
		return Reminder1h
	case wake.Equal(s.Slot.StartsAt.Add(-dayBefore)) && !now.Before(hour):
		return Reminder24h
	}
	return ""
}

// StaleReminder is the reminder that an event announced and that nobody gets any more, because the session has begun by now;
// empty where that is not so, or where the event belongs to a time that the session has moved away from.
func (n News) StaleReminder(now time.Time) NoticeKind {
	kind, ahead := Reminder24h, dayBefore
	switch n.Event.Kind {
	case DayBefore:
	case HourBefore:
		kind, ahead = Reminder1h, hourBefore
	default:
		return ""
	}
	starts := n.State.Slot.StartsAt
	due := starts.Add(-ahead)
	missed := func(b Booking) bool {
		return b.Slot == n.State.Slot.ID && (b.Status == Confirmed || b.Status == Completed) && b.knownSince().Before(due)
	}
	if now.Before(starts) || n.Event.At.Before(due) || !slices.ContainsFunc(n.Bookings, missed) {
		return ""
	}
	return kind
}

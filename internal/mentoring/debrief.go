package mentoring

import "time"

// Debrief is how the requester closes a booking, in their own words (product.md section 7). The expert sees it where the
// requester shares their takeaways.
type Debrief struct {
	Booking       BookingID `json:"booking"`
	Achieved      string    `json:"achieved"`
	StillToDo     string    `json:"stillToDo,omitzero"`
	DoDifferently string    `json:"doDifferently,omitzero"`
	At            time.Time `json:"at"`
	Version       int64     `json:"-"`
}

// WriteDebrief is the command of PUT /v1/bookings/{id}/debrief.
type WriteDebrief struct{ Achieved, StillToDo, DoDifferently string }

// Faults are the field rules that the command breaks.
func (w WriteDebrief) Faults() []Fault {
	var f faults
	f.text("/achieved", w.Achieved, 1, 2000)
	f.text("/stillToDo", w.StillToDo, 0, 2000)
	f.text("/doDifferently", w.DoDifferently, 0, 2000)
	return f
}

// DecideDebrief closes a booking for its requester, until it closes by itself; until then it can be changed. only is the
// version it is in place of, nil for any. It refuses with [NotFound] for strangers, [Forbidden] for the expert,
// [InvalidTransition], [InvalidField] or [VersionConflict].
func DecideDebrief(p Papers, by PersonID, w WriteDebrief, only *int64, now time.Time) (Changes, error) {
	b := p.Booking
	if err := b.requesterOnly(by); err != nil {
		return Changes{}, err
	}
	if err := faults(w.Faults()).err(); err != nil {
		return Changes{}, err
	}
	before := p.Debrief
	if b.StatusAt(now) != Completed || !b.within(0, SurveyWindow, now) || b.After.Stage == Settled {
		return Changes{}, b.invalid(Requester, now)
	}
	after := Debrief{b.ID, w.Achieved, w.StillToDo, w.DoDifferently, before.At, before.Version}
	switch {
	case after == before && before.Version > 0:
		return Changes{}, nil // also where it is the same request, once more
	case only != nil && *only != before.Version:
		return Changes{}, Stale(before.Version)
	}
	after.At = now
	r := review(p.Booking, now)
	r.out.Debriefs = []Debrief{after}
	if b.After.Closure != Debriefed {
		r.booking.After.Closure, r.booking.After.ClosedAt = Debriefed, now
		r.booking = r.booking.step(StepClosed, Requester, now)
		r.announce(Event{Kind: BookingDebriefed})
	}
	return r.done(), nil
}

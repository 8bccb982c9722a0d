package mentoring

import "time"

// Takeaways are what the requester takes from a session, in their own words, for themselves; the expert sees them only where
// the requester shares (product.md sections 7 and 8). With them the requester shares the debrief and the tasks too.
type Takeaways struct {
	Booking   BookingID `json:"booking"`
	Learned   string    `json:"learned,omitzero"`
	WillApply string    `json:"willApply,omitzero"`
	Share     bool      `json:"share,omitzero"`
	At        time.Time `json:"at"`
	Version   int64     `json:"-"`
}

// WriteTakeaways is the command of PUT /v1/bookings/{id}/takeaways.
type WriteTakeaways struct {
	Learned, WillApply string
	Share              bool
}

// Faults are the field rules that the command breaks.
func (w WriteTakeaways) Faults() []Fault {
	var f faults
	f.text("/learned", w.Learned, 0, 2000)
	f.text("/willApply", w.WillApply, 0, 2000)
	return f
}

// DecideTakeaways records what the requester takes from a session, from its start on. only is the version it is in place of,
// nil for any. It refuses with [NotFound] for strangers, [Forbidden] for the expert, [InvalidTransition] where there is no
// session to take anything from, [InvalidField] or [VersionConflict].
func DecideTakeaways(p Papers, by PersonID, w WriteTakeaways, only *int64, now time.Time) (Changes, error) {
	if err := p.Booking.requesterOnly(by); err != nil {
		return Changes{}, err
	}
	if err := faults(w.Faults()).err(); err != nil {
		return Changes{}, err
	}
	before := p.Takeaways
	if !p.Booking.begun(now) {
		return Changes{}, p.Booking.invalid(Requester, now)
	}
	after := Takeaways{p.Booking.ID, w.Learned, w.WillApply, w.Share, before.At, before.Version}
	switch {
	case after == before && before.Version > 0:
		return Changes{}, nil // also where it is the same request, once more
	case only != nil && *only != before.Version:
		return Changes{}, Stale(before.Version)
	}
	after.At = now
	r := review(p.Booking, now)
	r.out.Takeaways = []Takeaways{after}
	return r.done(), nil
}

// begun reports whether the session of a confirmed booking has begun, or is over.
func (b Booking) begun(now time.Time) bool {
	status := b.StatusAt(now)
	return (status == Confirmed || status == Completed) && !now.Before(b.StartsAt)
}

// requesterOnly refuses everybody but the requester.
func (b Booking) requesterOnly(who PersonID) error {
	switch role, ok := b.RoleOf(who); {
	case !ok:
		return Missing()
	case role != Requester:
		return refuse(Forbidden, "Only the requester can do this.")
	}
	return nil
}

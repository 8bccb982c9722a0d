package mentoring

import (
	"reflect"
	"slices"
	"time"
)

// Assignment is the command of PUT /v1/people/{id}/programme: what a coordinator says of a person, all of it at once.
type Assignment struct {
	Manager        PersonID // empty: not known, or none
	Organisation   string   // empty: the one that follows from the address
	Cohort         string
	SuspendedUntil time.Time // zero: not suspended
}

// Faults are the field rules of product.md section 3 that the assignment breaks.
func (a Assignment) Faults(now time.Time) []Fault {
	var f faults
	if a.Manager != "" && !a.Manager.Valid() {
		f.add("/managerId", BadFormat, "Must be the id of a person.")
	}
	f.line("/organisation", a.Organisation, 0, 100)
	f.line("/cohort", a.Cohort, 0, 60)
	if !a.SuspendedUntil.IsZero() && a.SuspendedUntil.After(now.Add(maxSuspension)) {
		f.add("/suspendedUntil", OutOfRange, "Must be at most %d days ahead.", int(maxSuspension.Hours()/24))
	}
	return f
}

const maxSuspension = 5 * 366 * 24 * time.Hour

// DecideAssign makes the programme's data of a person what a coordinator says; manager is the person named, the zero person
// where there is none, and only, unless nil, the one version that may be changed. It refuses with [NotFound] where the person
// has not enrolled, [VersionConflict] or [InvalidField], also where the manager is unknown, is the person, or reports to them.
// A person of whom that is said already is left as they are.
func DecideAssign(before, manager Person, a Assignment, only *int64, now time.Time) (Person, error) {
	if !before.Enrolled() {
		return Person{}, Missing()
	}
	wrong := faults(a.Faults(now))
	switch {
	case a.Manager == "" || len(wrong) > 0:
	case a.Manager == before.ID, slices.Contains(manager.Programme.Managers, before.ID):
		wrong.add("/managerId", NotAllowed, "Would make the person stand above themselves.")
	case !manager.Enrolled():
		wrong.add("/managerId", NotAllowed, "Nobody enrolled has this id.")
	}
	if err := wrong.err(); err != nil {
		return Person{}, err
	}
	after := before
	after.Programme = Programme{
		Managers: chainAbove(before.ID, manager), Organisation: a.Organisation, Cohort: a.Cohort,
		SuspendedUntil: normalTime(a.SuspendedUntil),
	}
	after = after.SignedIn(before.Email)
	if only != nil && *only != before.Version && !reflect.DeepEqual(before, after) {
		return Person{}, Stale(before.Version)
	}
	return after, nil
}

// UnderManager is the person with the management chain that follows from their manager's, and whether that is another one
// than before. Whoever reports to somebody else by now is left alone.
func (p Person) UnderManager(manager Person) (after Person, changed bool) {
	if p.Programme.Manager() != manager.ID {
		return p, false
	}
	chain := chainAbove(p.ID, manager)
	if slices.Equal(chain, p.Programme.Managers) {
		return p, false
	}
	p.Programme.Managers = chain
	return p, true
}

// DecideFollowHost makes a slot say of its expert what host says, unless it knows something newer: whoever holds a seat in
// it and has a conflict of interest with the expert by now may leave and is told, the month counts or not, and those who
// wait may have become able to take a seat. It returns [ErrTorn] where the case does not fit together.
func DecideFollowHost(c Case, host Host, p Policy, now time.Time) (Changes, error) {
	h, s := hear(c, p, now)
	if status := s.StatusAt(now); s.Slot.Host.Version >= host.Version || status != SlotOpen && status != SlotClosed {
		return Changes{}, nil
	}
	if s.Slot.Host.shows(host) {
		s.Slot.Unseen++
	}
	s.Slot.Host = host
	h.rewrite(s)
	h.findConflicts(s)
	h.settle(s)
	if s.awaits() && host.PausedUntil.After(now) {
		h.plan(Wake{Slot: s.Slot.ID, At: host.PausedUntil})
	}
	return h.result()
}

// findConflicts marks the bookings whose two may not meet by now.
func (h *hearing) findConflicts(s *SlotState) {
	var found []BookingID
	for _, id := range s.booked() {
		b := h.booking(id)
		if b.Slot != s.Slot.ID {
			h.err = ErrTorn
			return
		}
		requester, ok := h.people[b.Requester.ID]
		if !ok {
			h.err = ErrTorn
		}
		if marked, is := DecideConflict(b, s.Slot, requester.Person, h.now); is {
			h.store(marked)
			found = append(found, id)
		}
	}
	if found != nil {
		h.announce(Event{Kind: BookingConflicted, Slot: s.Slot.ID, Bookings: found})
	}
}

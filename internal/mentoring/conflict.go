package mentoring

import (
	"slices"
	"time"
)

// conflicting reports whether the two may not meet (product.md section 1, rule 4): either declared the other, the expert
// stands anywhere above the requester, or the requester above the expert, unless the slot is for just that. A former manager
// is nobody's manager.
func conflicting(s Slot, p Person) bool {
	return slices.Contains(p.Profile.DeclaredConflicts, s.Host.ID) || slices.Contains(s.Host.Conflicts, p.ID) ||
		slices.Contains(p.Programme.Managers, s.Host.ID) ||
		s.Direction != Reverse && slices.Contains(s.Host.Managers, p.ID)
}

// conflictRefusal never says which of the cases it is: the answer must not reveal the org chart.
func conflictRefusal() *Error {
	return refuse(ConflictOfInterest, "You and this expert cannot meet here. Choose another expert.")
}

// AffiliationTo says how near the expert of a slot stands to the person who looks.
func (p Person) AffiliationTo(h Host) Affiliation {
	mine, theirs := p.Programme.Manager(), firstOf(h.Managers)
	if mine != "" && mine == theirs || mine == h.ID || theirs == p.ID {
		return SameTeam
	}
	return AffiliationOf(p.Organisation, h.Organisation)
}

func firstOf(ids []PersonID) PersonID {
	if len(ids) == 0 {
		return ""
	}
	return ids[0]
}

// MaxChain bounds a management chain: no organisation is that deep.
const MaxChain = 50

// chainAbove is the management chain of somebody who reports to manager. It is safe in a cycle, which two coordinators at
// the same moment could make: nobody stands in it twice, nor above themselves.
func chainAbove(who PersonID, manager Person) []PersonID {
	if !manager.Enrolled() {
		return nil
	}
	chain := []PersonID{manager.ID}
	for _, above := range manager.Programme.Managers {
		if above != who && !slices.Contains(chain, above) && len(chain) < MaxChain {
			chain = append(chain, above)
		}
	}
	return chain
}

// DecideConflict is the booking once it is known that it could not be made anew, because its two have a conflict of interest
// or one of them is suspended: the requester may leave whenever they like. found is false where neither is so, where the
// booking is not alive, or where it is known. Nobody is told which of these it is.
func DecideConflict(b Booking, s Slot, requester Person, now time.Time) (marked Booking, found bool) {
	suspended := s.Host.Suspended.After(now) || requester.Programme.SuspendedUntil.After(now)
	if !b.Live(now) || b.ConflictKnown || !suspended && !conflicting(s, requester) {
		return b, false
	}
	marked = b
	marked.Released, marked.ConflictKnown = true, true
	return marked.step(StepConflictFound, System, now).inPlaceOf(b), true
}

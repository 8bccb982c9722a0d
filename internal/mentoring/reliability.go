package mentoring

import (
	"fmt"
	"slices"
	"time"
)

// Strike is counted when somebody lets others down at short notice (product.md section 7).
type Strike struct {
	At      time.Time `json:"at"`
	Slot    SlotID    `json:"slot"`
	Booking BookingID `json:"booking,omitzero"` // empty: of the whole slot
}

// StrikesAt are the strikes that count at a time.
func (a Agenda) StrikesAt(p Policy, now time.Time) []Strike {
	return slices.DeleteFunc(slices.Clone(a.Strikes), func(s Strike) bool { return !s.At.Add(p.StrikeWindow).After(now) })
}

// CooldownUntil is until when the person can neither book nor publish, or zero: so many strikes within the window, and
// from the last of these on for a while.
func (a Agenda) CooldownUntil(p Policy, now time.Time) time.Time {
	if p.StrikesAllowed < 1 {
		return time.Time{} // strikes keep nobody away
	}
	for last := len(a.Strikes) - 1; last >= p.StrikesAllowed-1; last-- {
		first, until := a.Strikes[last-p.StrikesAllowed+1], a.Strikes[last].At.Add(p.Cooldown)
		if a.Strikes[last].At.Sub(first.At) < p.StrikeWindow && until.After(now) {
			return until
		}
	}
	return time.Time{}
}

// struck is the agenda and one strike more. Those that count no more, and keep nobody away any more, go.
func (a Agenda) struck(s Strike, p Policy) Agenda {
	kept := slices.DeleteFunc(slices.Clone(a.Strikes), func(old Strike) bool {
		return !old.At.Add(p.StrikeWindow + p.Cooldown).After(s.At)
	})
	a.Strikes = append(kept, s)
	return a
}

// mayTakePart refuses those who may neither publish nor book: who has not enrolled or not accepted the ground rules
// (product.md section 3), is suspended, or was unreliable (section 7).
func (v Viewer) mayTakePart(p Policy, now time.Time) error {
	switch person := v.Person; {
	case !person.Enrolled():
		return refuse(ProfileRequired, "Enrol first: PUT /v1/me.")
	case person.Accepted.Version != GroundRules:
		return refuse(GroundRulesNeeded, "Accept the ground rules first: PUT /v1/me with acceptGroundRules true.")
	case person.Programme.SuspendedUntil.After(now):
		return refuse(Suspended, "You are suspended until "+utc(person.Programme.SuspendedUntil)+". Ask a coordinator of the programme.")
	}
	if until := v.Agenda.CooldownUntil(p, now); !until.IsZero() {
		return refuse(ReliabilityCooldown, fmt.Sprintf(
			"You cancelled late or did not come %d times within %d days. You can book and publish again from %s on.",
			p.StrikesAllowed, int(p.StrikeWindow.Hours()/24), utc(until)))
	}
	return nil
}

func utc(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

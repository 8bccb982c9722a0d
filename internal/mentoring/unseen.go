package mentoring

import (
	"reflect"
	"time"
)

// Unseen counts, for each side, how often a booking was written and nothing changed of what that side may know. Whoever
// writes about a booking writes it, so that two meet ([Papers]); its record's version says so, and what others are shown
// must not: it would tell them that the other answered, or wrote something down for themselves (product.md section 8).
type Unseen struct {
	Requester int64 `json:"requester,omitzero"`
	Expert    int64 `json:"expert,omitzero"`
}

// by is the count of a side.
func (u *Unseen) by(role Role) *int64 {
	if role == Expert {
		return &u.Expert
	}
	return &u.Requester
}

// VersionFor is the version of the booking for one side: it rises with every change that the side may know of, and with no
// other. For a requester it is also the SEQUENCE of their calendar entry (product.md section 6).
func (b Booking) VersionFor(role Role) int64 { return b.Version - *b.Unseen.by(role) }

// inPlaceOf is the booking as it is stored in place of what was read: whoever sees no difference is to see none in the version
// either, and for another expert than before it is a new one.
func (b Booking) inPlaceOf(read Booking) Booking {
	b.Unseen = read.Unseen
	if read.Version == 0 {
		return b
	}
	for _, role := range []Role{Requester, Expert} {
		switch unseen := b.Unseen.by(role); {
		case role == Expert && b.Expert.ID != read.Expert.ID:
			*unseen = read.Version
		case reflect.DeepEqual(b.knownTo(role), read.knownTo(role)):
			*unseen++
		}
	}
	return b
}

// knownTo is the booking without what a side may not know, nor how far time has taken it, which is the same for all.
func (b Booking) knownTo(role Role) Booking {
	b.Version, b.Unseen = 0, Unseen{}
	b.After.Answered, b.After.Stage = Answered{}, NotOver
	if role == Expert {
		b.ConflictKnown, b.Released = false, false // the requester is told, and may leave
	}
	b.History = b.HistoryFor(role, time.Time{})
	return b
}

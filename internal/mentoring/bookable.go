package mentoring

import (
	"slices"
	"time"
)

// Viewer is somebody who looks at a slot or wants to book it: who they are, and what they have in hand.
type Viewer struct {
	Person Person
	Agenda Agenda
}

// Bookable is the one rule that says whether somebody can book a seat, for lists that show a button and
// for the booking itself (product.md sections 1, 5 and 6). free is the number of free seats; a list may
// know it a moment late. The answer is nil or an [*Error] whose Code says why not: the first that applies,
// in the order of the cases below.
func Bookable(s Slot, free int, v Viewer, p Policy, now time.Time) error {
	mine := v.Agenda.From(now)
	switch {
	case s.Host.ID == v.Person.ID:
		return refuse(OwnSlot, "This is your own slot.")
	case v.Person.mayTakePart() != nil:
		return v.Person.mayTakePart()
	case mine.In(s.ID) != nil:
		err := refuse(AlreadyBooked, "You have a seat in this slot: see bookingId.")
		err.Booking = mine.In(s.ID).Booking
		return err
	case !now.Before(s.BookableUntil()):
		return refuse(TooLateToBook, "Bookings for this slot are over.")
	case conflicting(s, v.Person):
		return refuse(ConflictOfInterest, "You and this expert cannot meet here. Choose another expert.")
	case now.Before(s.Host.PausedUntil):
		return refuse(ExpertPaused, "The expert takes no bookings at the moment.")
	case free == 0:
		return refuse(SlotFull, "All seats are taken.")
	case mine.Overlapping(s.StartsAt, s.EndsAt()) != nil:
		return overlap(mine.Overlapping(s.StartsAt, s.EndsAt()))
	case mine.attendedWith(s.Host.ID) >= p.MaxPerPair:
		return refuse(ActiveLimitReached, "You have an upcoming session with this expert. Book again when it is over.")
	case mine.attended() >= p.MaxUpcoming:
		return refuse(ActiveLimitReached, "You have as many upcoming sessions as one person can have. Book again when one is over.")
	}
	return nil
}

// conflicting reports whether either of the two declared the other (product.md section 1, rule 4).
func conflicting(s Slot, p Person) bool {
	return slices.Contains(p.Profile.DeclaredConflicts, s.Host.ID) || slices.Contains(s.Host.Conflicts, p.ID)
}

// ActionName names something a caller may do with a slot or booking.
type ActionName string

const (
	ActionBook   ActionName = "book"
	ActionCancel ActionName = "cancel"
)

// Action is one entry of allowedActions: what the caller may do, and until when if time will end it.
type Action struct {
	Name  ActionName
	Until time.Time
}

// SlotActions are what the viewer may do with a slot.
func SlotActions(s Slot, free int, v Viewer, p Policy, now time.Time) []Action {
	if Bookable(s, free, v, p, now) != nil {
		return nil
	}
	return []Action{{ActionBook, s.BookableUntil()}}
}

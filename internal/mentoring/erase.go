package mentoring

import "time"

// Erasure (product.md section 3, DELETE /v1/me) goes in two steps. At once the person is nobody any more: name, address and
// all they said of themselves are gone, no mail goes to them, and what lies ahead of them is cancelled, of which those
// concerned are told. [ForgetAfter] later, when they have been told by whom, the name and the words vanish from what others
// hold, too ([DecideForget], [DecideForgetSlot]). Counts stay.

// ForgetAfter is how long the name of somebody who was erased stays in what they shared with others.
const ForgetAfter = time.Hour

// Nobody is the name of those who were erased.
const Nobody = "Former participant"

// DecideErase makes a person nobody. What stays is the id, which says nothing, and until when they are suspended, so that
// nobody gets rid of that by enrolling anew. It reports whether there was anything to erase.
func DecideErase(before Person, now time.Time) (after Person, changed bool) {
	if !before.Enrolled() {
		return before, false
	}
	after = Person{ID: before.ID, ErasedAt: now, Version: before.Version}
	if until := before.Programme.SuspendedUntil; until.After(now) {
		after.Programme.SuspendedUntil = until
	}
	return after, true
}

// again is somebody who was erased and comes again, as their token speaks of them.
func (p Person) again(visitor Person) Person {
	visitor.ErasedAt, visitor.Version, visitor.Programme = p.ErasedAt, p.Version, p.Programme
	return visitor
}

// Known is the person as recorded where they are enrolled, and the visitor otherwise.
func (p Person) Known(visitor Person) Person {
	if p.Enrolled() {
		return p
	}
	return p.again(visitor)
}

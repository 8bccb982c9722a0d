package mentoring

import "time"

// TimesMoved is how often the requester moved the booking to another slot, as far as its history goes back. Links to a
// booking are of the generation that this says: when it moves, those of before are out of date (product.md section 10).
func (b Booking) TimesMoved() int64 {
	n := int64(0)
	for _, step := range b.History {
		if step.Action == StepMoved {
			n++
		}
	}
	return n
}

// LateFor reports whether cancelling the booking now counts against somebody: an expert who leaves a confirmed booking
// within the notice that was agreed (product.md section 7). A requester cannot, that late.
func (b Booking) LateFor(role Role, now time.Time) bool {
	return role == Expert && b.Status == Confirmed && !b.Released && !now.Before(b.noticeAt())
}

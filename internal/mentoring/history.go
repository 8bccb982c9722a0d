package mentoring

import (
	"slices"
	"time"
)

// Step is one entry of a booking's history: who did what, when. It holds nobody's words (product.md section 6).
type Step struct {
	At     time.Time     `json:"at"`
	By     Role          `json:"by"`
	Action StepAction    `json:"do"`
	Status BookingStatus `json:"is"`            // afterwards
	Slot   SlotID        `json:"slot,omitzero"` // the one the booking was in; empty: the one it is in
}

// StepAction names what was done to a booking.
type StepAction string

const (
	StepBooked        StepAction = "booked"
	StepRequested     StepAction = "requested"
	StepWaitlisted    StepAction = "waitlisted"
	StepPromoted      StepAction = "promoted"
	StepApproved      StepAction = "approved"
	StepDeclined      StepAction = "declined"
	StepMoved         StepAction = "moved"       // by the requester, to another slot
	StepRescheduled   StepAction = "rescheduled" // by the expert, to another time
	StepSlotChanged   StepAction = "slot_changed"
	StepConflictFound StepAction = "conflict_found"
	StepCancelled     StepAction = "cancelled"
	StepExpired       StepAction = "expired"
	StepCompleted     StepAction = "completed"
	StepAttendance    StepAction = "attendance" // said who came, or took that back
	StepClosed        StepAction = "closed"     // debriefed, or closed by time
)

// maxHistory bounds what a booking keeps: the first steps and the last.
const maxHistory = 100

// step is the booking with one entry more in its history.
func (b Booking) step(action StepAction, by Role, now time.Time) Booking {
	b.History = append(slices.Clone(b.History), Step{At: now, By: by, Action: action, Status: b.Status})
	if n := len(b.History); n > maxHistory {
		b.History = slices.Delete(b.History, maxHistory/2, n-maxHistory/2)
	}
	return b
}

// leaving is the booking once its steps say that they were in the slot it is about to leave.
func (b Booking) leaving() Booking {
	b.History = slices.Clone(b.History)
	for i := range b.History {
		b.History[i].Slot = orElse(b.History[i].Slot, b.Slot)
	}
	return b
}

// HistoryAt is the history as it is at a time: with the ending that time alone brought.
func (b Booking) HistoryAt(now time.Time) []Step {
	steps := slices.Clone(b.History)
	for i := range steps {
		steps[i].Slot = orElse(steps[i].Slot, b.Slot)
	}
	switch status := b.StatusAt(now); {
	case status == b.Status:
	case status == Completed:
		steps = append(steps, Step{b.EndsAt(), System, StepCompleted, status, b.Slot})
	case status == Expired:
		steps = append(steps, Step{b.ExpiresAt, System, StepExpired, status, b.Slot})
	}
	return steps
}

// statusBefore is the booking's status before its last step, empty where that was the first.
func (b Booking) statusBefore() BookingStatus {
	if len(b.History) < 2 {
		return ""
	}
	return b.History[len(b.History)-2].Status
}

// beganWaiting reports whether the booking began on the waiting list.
func (b Booking) beganWaiting() bool { return len(b.History) > 0 && b.History[0].Status == Waitlisted }

// everConfirmed reports whether the requester was ever told of a seat, and so may have an entry in their calendar.
func (b Booking) everConfirmed() bool {
	return slices.ContainsFunc(b.History, func(s Step) bool { return s.Status == Confirmed })
}

// statusIn is the last status the booking had in a slot, empty where it was never in it.
func (b Booking) statusIn(slot SlotID) BookingStatus {
	for _, step := range slices.Backward(b.History) {
		if orElse(step.Slot, b.Slot) == slot {
			return step.Status
		}
	}
	return ""
}

package mentoring

import (
	"cmp"
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
	With   PersonID      `json:"with,omitzero"` // the expert it was with; empty: the one it is with
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

// leaving is the booking once its steps say that they were in the slot it is about to leave, and with whom.
func (b Booking) leaving() Booking {
	b.History = slices.Clone(b.History)
	for i := range b.History {
		b.History[i].Slot = orElse(b.History[i].Slot, b.Slot)
		b.History[i].With = orElse(b.History[i].With, b.Expert.ID)
	}
	return b
}

// HistoryFor is the history as one side may know it at a time, in the order of time: with the ending that time alone brought,
// whether or not it was recorded, and when.
func (b Booking) HistoryFor(role Role, now time.Time) []Step {
	steps := slices.DeleteFunc(slices.Clone(b.History), func(s Step) bool { return !b.knows(role, s) })
	switch status := b.StatusAt(now); {
	case status == b.Status:
	case status == Completed:
		steps = append(steps, Step{At: b.EndsAt(), By: System, Action: StepCompleted, Status: status})
	case status == Expired:
		steps = append(steps, Step{At: b.ExpiresAt, By: System, Action: StepExpired, Status: status})
	}
	slices.SortStableFunc(steps, func(a, b Step) int {
		return cmp.Or(a.At.Compare(b.At), -cmp.Compare(a.completes(), b.completes()))
	})
	for i := range steps {
		steps[i].Slot, steps[i].With = orElse(steps[i].Slot, b.Slot), ""
		if i > 0 && steps[i-1].Status.over() {
			steps[i].Status = steps[i-1].Status // though nobody had recorded that yet
		}
	}
	return steps
}

// knows reports whether a side may know of a step: an expert neither of a booking with another one, which is not theirs, nor
// that it rests on something the requester keeps to themselves (product.md sections 1 and 8).
func (b Booking) knows(role Role, s Step) bool {
	return role == Requester || s.Action != StepConflictFound && orElse(s.With, b.Expert.ID) == b.Expert.ID
}

// completes is 1 for the end of the session, which goes before what is said in the same moment, else 0.
func (s Step) completes() int {
	if s.Action == StepCompleted {
		return 1
	}
	return 0
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

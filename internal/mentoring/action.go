package mentoring

import "time"

// ActionName names something a caller may do with a slot or booking.
type ActionName string

const (
	ActionBook         ActionName = "book"
	ActionJoinWaitlist ActionName = "join_waitlist" // book with joinWaitlist
	ActionChange       ActionName = "change"        // PATCH the slot
	ActionClose        ActionName = "close"
	ActionCancel       ActionName = "cancel"
	ActionMove         ActionName = "move"
	ActionApprove      ActionName = "approve"
	ActionDecline      ActionName = "decline"
	ActionAttendance   ActionName = "attendance" // say who came
	ActionSurvey       ActionName = "survey"     // answer the survey that follows the session
	ActionOutcome      ActionName = "outcome"    // say what became of it
	ActionDebrief      ActionName = "debrief"    // close it
)

// Action is one entry of allowedActions: what the caller may do, and until when if time will end it.
type Action struct {
	Name  ActionName
	Until time.Time
}

// hostActions are what the expert may do with their slot, of which so many seats are taken.
func (s Slot) hostActions(taken int, now time.Time) []Action {
	if status := s.StatusAt(now, taken); status != SlotOpen && status != SlotClosed {
		return nil
	}
	until := s.EndsAt()
	if taken == 0 {
		until = s.StartsAt // it expires when it begins with nobody
	}
	actions := []Action{{ActionChange, until}}
	if s.Status == SlotOpen && now.Before(s.BookableUntil()) {
		actions = append(actions, Action{ActionClose, s.BookableUntil()})
	}
	return append(actions, Action{ActionCancel, until})
}

// Actions are what somebody on one side of the booking may do with it.
func (b Booking) Actions(by Role, now time.Time) []Action {
	if !b.Live(now) {
		return b.actionsAfter(by, now)
	}
	var actions []Action
	if by == Expert && b.Status == Requested {
		actions = append(actions, Action{ActionApprove, b.ExpiresAt}, Action{ActionDecline, b.ExpiresAt})
	}
	until := b.CancellableUntil(by)
	if !now.Before(until) {
		return actions
	}
	if by == Requester {
		actions = append(actions, Action{ActionMove, until})
	}
	return append(actions, Action{ActionCancel, until})
}

// invalid is the refusal for a command that the booking's status does not allow.
func (b Booking) invalid(by Role, now time.Time) error {
	return invalidState("booking", string(b.StatusAt(now)), b.Actions(by, now))
}

// invalid is the refusal for a command that the slot's status does not allow.
func (s SlotState) invalid(now time.Time) error {
	return invalidState("slot", string(s.StatusAt(now)), s.Slot.hostActions(s.Taken(), now))
}

func invalidState(what, state string, allowed []Action) error {
	detail := "The " + what + " is " + state + ". What can be done with it, allowed says."
	if len(allowed) == 0 {
		detail = "The " + what + " is " + state + ", and there is nothing you can do with it now."
	}
	err := refuse(InvalidTransition, detail)
	err.State, err.Allowed = state, allowed
	return err
}

package mentoring_test

import (
	"maps"
	"slices"

	"flashmentoring/internal/mentoring"
)

// checkAgreement wants the buttons and the commands to be one rule: what is listed succeeds, what is not is refused. Nothing is
// stored, so all can be tried.
func (l *life) checkAgreement() {
	if len(l.present.slots) == 0 {
		return
	}
	l.slotAgrees(l.anySlot("looks at"), l.somebody("viewer"))
	if len(l.present.bookings) > 0 {
		b := l.anyBooking()
		l.bookingAgrees(b, b.Requester.ID)
		l.bookingAgrees(b, b.Expert.ID)
	}
}

func listed(actions []mentoring.Action) map[mentoring.ActionName]mentoring.Action {
	m := map[mentoring.ActionName]mentoring.Action{}
	for _, a := range actions {
		m[a.Name] = a
	}
	return m
}

// slotAgrees tries everything somebody could do with a slot.
func (l *life) slotAgrees(id mentoring.SlotID, who mentoring.PersonID) {
	c := l.caseOf(id)
	s, v := c.State, c.People[who]
	occupancy := s.Occupancy(c.Months[s.Slot.Month()].Full(s.Slot))
	actions := listed(mentoring.SlotActions(s.Slot, occupancy, v, l.policy, l.now))
	r := smallRequest()
	book := func() error {
		_, err := mentoring.DecideBook(c, who, r, bookingID(255), 0, l.policy, l.now)
		return err
	}
	bookable := mentoring.Bookable(s.Slot, occupancy, v, l.policy, l.now)
	direct := book()
	r.JoinWaitlist = true
	either := book()
	if !s.Slot.VisibleTo(v) {
		if codeOf(direct) != mentoring.NotFound || codeOf(either) != mentoring.NotFound {
			l.t.Fatalf("a slot that is not for somebody: %v, %v", direct, either)
		}
		return
	}
	if codeOf(direct) != codeOf(bookable) {
		l.t.Fatalf("bookable says %v, booking %v", bookable, direct)
	}
	l.agree(actions, mentoring.ActionBook, direct)
	if direct != nil {
		l.agree(actions, mentoring.ActionJoinWaitlist, either)
	}
	title := "Just another title"
	_, revised := l.revise(who, mentoring.Revision{Title: &title})(c)
	l.agree(actions, mentoring.ActionChange, revised)
	again := s.Slot.Status == mentoring.SlotClosed && s.Slot.Host.ID == who // a success that changes nothing
	if _, err := l.closing(who)(c); !again {
		l.agree(actions, mentoring.ActionClose, err)
	}
	again = s.Slot.Status == mentoring.SlotCancelled && s.Slot.Host.ID == who
	if _, err := l.callOff(who)(c); !again {
		l.agree(actions, mentoring.ActionCancel, err)
	}
}

// uncertain are what approving and moving may be refused with although they are listed: they rest on the other person, or on
// the other slot, which a booking does not tell.
var uncertain = map[mentoring.ActionName][]mentoring.Code{
	mentoring.ActionApprove: {mentoring.ConflictOfInterest, mentoring.AudienceMismatch, mentoring.ActiveLimitReached, mentoring.ReliabilityCooldown},
}

// bookingAgrees tries everything one side could do with a booking.
func (l *life) bookingAgrees(b mentoring.Booking, who mentoring.PersonID) {
	c := l.caseOf(b.Slot)
	role, _ := b.RoleOf(who)
	actions := listed(b.Actions(role, l.now))
	status := b.StatusAt(l.now)
	if _, err := l.cancel(b.ID, who)(c); status != mentoring.Cancelled {
		l.agree(actions, mentoring.ActionCancel, err)
	}
	if _, err := l.approve(b.ID, who)(c); status != mentoring.Confirmed || role != mentoring.Expert {
		l.agree(actions, mentoring.ActionApprove, err)
	}
	if _, err := l.decline(b.ID, who)(c); status != mentoring.Declined || role != mentoring.Expert {
		l.agree(actions, mentoring.ActionDecline, err)
	}
	l.moveAgrees(b, who, actions)
}

// moveAgrees tries to move to any slot: where that is not listed, none will do, nor is any refused for the booking's sake where
// it is.
func (l *life) moveAgrees(b mentoring.Booking, who mentoring.PersonID, actions map[mentoring.ActionName]mentoring.Action) {
	_, offered := actions[mentoring.ActionMove]
	to := l.anySlot("could move to")
	_, err := l.move(b.ID, who, to)(l.present)
	ofTheBooking := []mentoring.Code{mentoring.Forbidden, mentoring.InvalidTransition, mentoring.TooLateToCancel}
	if refused := slices.Contains(ofTheBooking, codeOf(err)); refused == offered {
		l.t.Fatalf("moving is offered: %v, and answers %v for %+v", offered, err, b)
	}
}

func (l *life) agree(actions map[mentoring.ActionName]mentoring.Action, name mentoring.ActionName, err error) {
	action, offered := actions[name]
	switch {
	case offered && err != nil && !slices.Contains(uncertain[name], codeOf(err)):
		l.t.Fatalf("%s is listed, and refused: %v", name, err)
	case !offered && err == nil:
		l.t.Fatalf("%s is not listed, and succeeds, of %v", name, slices.Sorted(maps.Keys(actions)))
	case offered && !l.now.Before(action.Until):
		l.t.Fatalf("%s is listed until %s, and it is %s", name, action.Until, l.now)
	}
}

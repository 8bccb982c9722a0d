package mentoring

import "time"

// DecideApprove makes a request a confirmed booking, for the expert. That the two may meet, and that the slot is for the
// requester, is asked again. It refuses with [NotFound] for strangers, [Forbidden] for the requester,
// [InvalidTransition], [ConflictOfInterest], [AudienceMismatch], [ActiveLimitReached] where the requester has as many
// sessions as one can, or what keeps the expert from taking part; it returns [ErrTorn] where the case does not fit together.
// Approving what is confirmed is a success that changes nothing.
func DecideApprove(c Case, id BookingID, by PersonID, p Policy, now time.Time) (Changes, error) {
	b := c.Bookings[id]
	if err := b.expertOnly(by); err != nil {
		return Changes{}, err
	}
	switch b.StatusAt(now) {
	case Confirmed:
		return Changes{}, nil
	case Requested:
	default:
		return Changes{}, b.invalid(Expert, now)
	}
	requester := c.People[b.Requester.ID]
	switch expert := c.People[by]; {
	case expert.mayTakePart(p, now) != nil:
		return Changes{}, expert.mayTakePart(p, now)
	case conflicting(c.State.Slot, requester.Person):
		return Changes{}, refuse(ConflictOfInterest, "You and the requester cannot meet here. Decline the request.")
	case !c.State.Slot.audienceIncludes(requester.Person):
		return Changes{}, refuse(AudienceMismatch, "The requester no longer belongs to those the slot is for. Decline the request.")
	case requester.Agenda.From(now).confirmed() >= p.MaxUpcoming:
		return Changes{}, refuse(ActiveLimitReached, "The requester has as many upcoming sessions as one person can have. Decline the request, or approve it later.")
	}
	h, state := hear(c, p, now)
	seat, held := state.SeatOf(id)
	if !held {
		return Changes{}, ErrTorn
	}
	b.Status, b.ExpiresAt, seat.Until = Confirmed, time.Time{}, time.Time{}
	h.setSeat(state, seat)
	h.setAgenda(b.Requester.ID, h.agenda(b.Requester.ID).without(id).with(b.engagement()))
	h.store(b.step(StepApproved, Expert, now))
	h.announce(Event{Kind: BookingApproved, Slot: b.Slot, Bookings: []BookingID{id}})
	return h.result()
}

// expertOnly refuses everybody but the expert.
func (b Booking) expertOnly(who PersonID) error {
	switch role, ok := b.RoleOf(who); {
	case !ok:
		return Missing()
	case role != Expert:
		return refuse(Forbidden, "Only the expert can do this.")
	}
	return nil
}

// Decline is the command of POST /v1/bookings/{id}/decline.
type Decline struct {
	Reason DeclineReason
	Note   string // for the requester, who reads it in the mail; may be empty
}

// Faults are the field rules that the command breaks.
func (d Decline) Faults() []Fault {
	var f faults
	one(&f, "/reason", d.Reason, DeclineReasons)
	f.text("/note", d.Note, 0, 500)
	return f
}

// DecideDecline ends a request with the expert's no; the seat goes to the first who waits and can take it. It refuses with
// [NotFound] for strangers, [Forbidden] for the requester, [InvalidField] or [InvalidTransition], and returns [ErrTorn]
// where the case does not fit together. Declining what is declined is a success that changes nothing.
func DecideDecline(c Case, id BookingID, by PersonID, d Decline, p Policy, now time.Time) (Changes, error) {
	b := c.Bookings[id]
	if err := b.expertOnly(by); err != nil {
		return Changes{}, err
	}
	if err := faults(d.Faults()).err(); err != nil {
		return Changes{}, err
	}
	switch b.StatusAt(now) {
	case Declined:
		return Changes{}, nil
	case Requested:
	default:
		return Changes{}, b.invalid(Expert, now)
	}
	h, state := hear(c, p, now)
	h.end(state, b, Declined, Ending{By: Expert, Decline: d.Reason, Reason: d.Note}, StepDeclined)
	h.settle(state)
	h.announce(Event{Kind: BookingEnded, Slot: b.Slot, Bookings: []BookingID{id}})
	return h.result()
}

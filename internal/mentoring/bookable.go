package mentoring

import (
	"errors"
	"time"
)

// Viewer is somebody who looks at a slot or wants to book it: who they are, and what they have in hand.
type Viewer struct {
	Person Person
	Agenda Agenda
	// Coordinator: they look after the programme, so every slot exists for them, also one they could not book.
	Coordinator bool
}

// Occupancy is what a booking of a slot depends on beside the slot. A list may know it a moment late.
type Occupancy struct {
	Free    int // seats
	Waiting int // people
	// MonthFull: the expert has as many sessions in the month of the slot as they give, and this is none of them.
	MonthFull bool
}

// Bookable is the one rule that says whether somebody can book a seat, for lists that show a button and
// for the booking itself (product.md sections 1, 5 and 6). The answer is nil or an [*Error] whose Code says why not: the
// first that applies, in the order of the cases below. [SlotFull] is the last: where it is the answer, everything else
// is in order.
func Bookable(s Slot, o Occupancy, v Viewer, p Policy, now time.Time) error {
	mine := v.Agenda.From(now)
	if s.Host.ID == v.Person.ID {
		return refuse(OwnSlot, "This is your own slot. Others book it.")
	}
	if err := v.mayTakePart(p, now); err != nil {
		return err
	}
	switch in, overlapping := mine.In(s.ID), mine.Overlapping(s.StartsAt, s.EndsAt()); {
	case in != nil:
		err := refuse(AlreadyBooked, "You have a booking for this slot: see bookingId.")
		err.Booking = in.Booking
		return err
	case !s.isFor(v):
		return refuse(AudienceMismatch, "This slot is for others. You see it as a coordinator.")
	case s.Status == SlotCancelled:
		return refuse(CalledOff, "This session will not take place. Choose another slot.")
	case s.Status == SlotClosed:
		return refuse(NoLongerOpen, "The expert takes no more bookings for this slot. Choose another one.")
	case !now.Before(s.BookableUntil()):
		return refuse(TooLateToBook, "Bookings for this slot are over. Choose another one.")
	case conflicting(s, v.Person):
		return conflictRefusal()
	case now.Before(s.Host.PausedUntil):
		return refuse(ExpertPaused, "The expert takes no bookings at the moment. Try later, or choose another one.")
	case o.MonthFull:
		return refuse(ExpertCapReached, "The expert has as many sessions that month as they give. Choose another month or expert.")
	case overlapping != nil:
		return overlap(overlapping)
	case mine.seatsWith(s.Host.ID) >= p.MaxPerPair:
		return refuse(ActiveLimitReached, "You have an upcoming session with this expert. Book again when it is over.")
	case mine.confirmed() >= p.MaxUpcoming:
		return refuse(ActiveLimitReached, "You have as many upcoming sessions as one person can have. Book again when one is over.")
	case s.Approval == OnRequest && mine.asks() >= p.MaxAsks:
		return tooManyAsks()
	case o.Free == 0:
		return refuse(SlotFull, "All seats are taken. Choose another slot, or book with joinWaitlist true to wait for one.")
	}
	return nil
}

// Awaitable says whether somebody can join the waiting list of a slot: where [Bookable] finds nothing in the way but that
// all seats are taken. It refuses with what that answers, or [RequestLimitReached]; a list that is full answers [SlotFull].
func Awaitable(s Slot, o Occupancy, v Viewer, p Policy, now time.Time) error {
	err := Bookable(s, o, v, p, now)
	switch {
	case err != nil && !errors.Is(err, &Error{Code: SlotFull}):
		return err
	case v.Agenda.From(now).asks() >= p.MaxAsks:
		return tooManyAsks()
	case o.Waiting >= p.MaxWaiting:
		return refuse(SlotFull, "All seats are taken, and as many people wait as can. Choose another slot.")
	}
	return nil
}

func tooManyAsks() *Error {
	return refuse(RequestLimitReached, "You have as many requests and places on waiting lists as one person can have. Withdraw one, or wait for an answer.")
}

// SlotActions are what the viewer may do with a slot.
func SlotActions(s Slot, o Occupancy, v Viewer, p Policy, now time.Time) []Action {
	if s.Host.ID == v.Person.ID {
		return s.hostActions(s.Capacity-o.Free, now)
	}
	switch err := Bookable(s, o, v, p, now); {
	case err == nil:
		return []Action{{ActionBook, s.BookableUntil()}}
	case errors.Is(err, &Error{Code: SlotFull}) && Awaitable(s, o, v, p, now) == nil:
		return []Action{{ActionJoinWaitlist, s.BookableUntil()}}
	}
	return nil
}

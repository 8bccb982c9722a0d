package mentoring

import (
	"errors"
	"slices"
	"time"
)

// BookingRequest is the command of POST /v1/slots/{id}/bookings.
type BookingRequest struct {
	Purpose            Purpose
	Bring              string
	FeedbackPreference FeedbackPreference // empty: the one of the requester's profile
	Mode               Mode               // empty: the only one the slot offers
	JoinWaitlist       bool               // where all seats are taken, wait for one
	NoConflict         bool               // the requester attests that the expert is not one of their managers
}

// Faults are the field rules of product.md section 6 that the request breaks, whatever the slot and the requester.
func (r BookingRequest) Faults() []Fault {
	var f faults
	one(&f, "/purpose/kind", r.Purpose.Kind, PurposeKinds)
	f.text("/purpose/question", r.Purpose.Question, 1, 1000)
	f.text("/purpose/desiredOutcome", r.Purpose.DesiredOutcome, 20, 500)
	f.text("/purpose/tried", r.Purpose.Tried, 0, 1000)
	f.text("/purpose/context", r.Purpose.Context, 0, 1000)
	f.text("/bring", r.Bring, 0, 1000)
	if r.FeedbackPreference != "" {
		one(&f, "/feedbackPreference", r.FeedbackPreference, FeedbackPreferences)
	}
	if r.Mode != "" {
		one(&f, "/mode", r.Mode, Modes)
	}
	return f
}

// DecideBook gives the requester a free seat of the slot: theirs, or held until the expert answers, as the slot says; draw,
// any number, chooses which, so that many who book at once rarely meet on one seat. Where all are taken it puts them on the
// waiting list, if they want that. It refuses with [NotFound], with whatever [Bookable] and [Awaitable] answer,
// [InvalidField] or [ModeNotOffered].
func DecideBook(c Case, who PersonID, r BookingRequest, id BookingID, draw uint64, p Policy, now time.Time) (Changes, error) {
	h, state := hear(c, p, now)
	v, slot := c.People[who], c.State.Slot
	if !slot.VisibleTo(v) {
		return Changes{}, Missing()
	}
	if err := slot.faultsOf(r, v.Person).err(); err != nil {
		return Changes{}, err
	}
	if h.err != nil {
		return Changes{}, h.err
	}
	err := h.bookable(state, v)
	waits := r.JoinWaitlist && errors.Is(err, &Error{Code: SlotFull})
	if waits {
		err = Awaitable(slot, h.occupancy(state), v, p, now)
	}
	if err != nil {
		return Changes{}, err
	}
	b := Booking{
		ID: id, Requester: Party{who, v.Person.Profile.Name}, Purpose: r.Purpose, Bring: r.Bring,
		FeedbackPreference: orElse(r.FeedbackPreference, v.Person.Profile.FeedbackPreference), BookedAt: now,
	}.of(slot)
	if b.Mode, err = slot.modeFor(r.Mode); err != nil {
		return Changes{}, err
	}
	if waits {
		b = h.wait(state, b)
	} else {
		b = h.seat(state, b, draw)
		h.planExpiry(slot, b, b.ID)
		b = b.step(firstStep[b.Status], Requester, now)
	}
	h.store(b)
	h.announce(Event{Kind: BookingMade, Slot: slot.ID, Bookings: []BookingID{id}})
	return h.result()
}

// bookable is [Bookable], for a decision. It makes it [ErrTorn] where all seats are taken, and one by somebody who has none
// there by their agenda: the two were not read at one instant, and before or after the slot is not full for them.
func (h *hearing) bookable(s *SlotState, v Viewer) error {
	err := Bookable(s.Slot, h.occupancy(s), v, h.policy, h.now)
	own := func(seat Seat) bool { return seat.Holder == v.Person.ID && !seat.lapsed(h.now) }
	if errors.Is(err, &Error{Code: SlotFull}) && slices.ContainsFunc(s.Seats, own) {
		return ErrTorn
	}
	return err
}

var firstStep = map[BookingStatus]StepAction{Confirmed: StepBooked, Requested: StepRequested}

// wait puts a booking at the end of the waiting list. It writes the seats that are held, as they are: whoever frees one at
// the same moment cannot have seen the wait, and decides again, and so does a wait for a seat that is free by now.
func (h *hearing) wait(s *SlotState, b Booking) Booking {
	for _, seat := range slices.Clone(s.Seats) {
		if seat.held() {
			h.setSeat(s, seat)
		}
	}
	b.Status, b.ExpiresAt = Waitlisted, s.Slot.BookableUntil()
	w := Waiter{Slot: s.Slot.ID, Booking: b.ID, Person: b.Requester.ID, Since: h.now}
	s.Waiters = append(s.Waiters, w)
	h.out.Joined = append(h.out.Joined, w)
	h.setAgenda(b.Requester.ID, h.agenda(b.Requester.ID).with(b.engagement()))
	return b.step(StepWaitlisted, Requester, h.now)
}

// of is the booking with what it repeats of the slot.
func (b Booking) of(s Slot) Booking {
	b.Slot, b.Expert, b.Title, b.TimeZone = s.ID, Party{s.Host.ID, s.Host.Name}, s.Title, s.TimeZone
	b.StartsAt, b.DurationMinutes, b.CancelNoticeMinutes = s.StartsAt, s.DurationMinutes, s.CancelNoticeMinutes
	return b
}

// seatedIn is the booking once it has a seat: confirmed, or requested where the expert wants to be asked, until the
// earlier of so many hours and the booking cut-off.
func (b Booking) seatedIn(s Slot, seat int, p Policy, now time.Time) Booking {
	b.Seat, b.Status, b.ExpiresAt = seat, Confirmed, time.Time{}
	if s.Approval == OnRequest {
		b.Status, b.ExpiresAt = Requested, now.Add(p.RequestLife)
		if cutOff := s.BookableUntil(); cutOff.Before(b.ExpiresAt) {
			b.ExpiresAt = cutOff
		}
	}
	return b
}

// faultsOf are the faults of a request of a person for this slot.
func (s Slot) faultsOf(r BookingRequest, p Person) faults {
	f := faults(r.Faults())
	if r.Mode == "" && len(s.Modes) > 1 {
		f.add("/mode", Required, "The slot offers several: give one of: %s.", joined(s.Modes))
	}
	p.attest(&f, r.NoConflict)
	return f
}

// attest asks for the requester's word where nobody said who their manager is (product.md section 6).
func (p Person) attest(f *faults, noConflict bool) {
	if !noConflict && p.Programme.Manager() == "" {
		f.add("/noConflict", Required, "Must be true: you attest that the expert is not your manager, nor above your manager.")
	}
}

// modeFor is the mode of a booking: the one asked for, or the only one there is.
func (s Slot) modeFor(asked Mode) (Mode, error) {
	switch {
	case asked == "" && len(s.Modes) == 1:
		return s.Modes[0], nil
	case !slices.Contains(s.Modes, asked):
		return "", refuse(ModeNotOffered, "The slot offers: "+joined(s.Modes)+".")
	}
	return asked, nil
}

// freeSeat is one of the free seats, if there is one.
func (s SlotState) freeSeat(draw uint64) (Seat, bool) {
	free := slices.DeleteFunc(slices.Clone(s.Seats), func(seat Seat) bool { return !seat.Free() })
	if len(free) == 0 {
		return Seat{}, false
	}
	return free[draw%uint64(len(free))], true
}

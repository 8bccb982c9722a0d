package mentoring

import (
	"slices"
	"time"
)

// BookingStatus is where a booking is in its life.
type BookingStatus string

const (
	Confirmed BookingStatus = "confirmed"
	Completed BookingStatus = "completed" // confirmed, and the session's time is over
	Cancelled BookingStatus = "cancelled" // by either side, before that
)

// BookingStatuses are all there are, for filters.
var BookingStatuses = []BookingStatus{Confirmed, Completed, Cancelled}

// PurposeKind says what kind of help a requester wants (product.md section 6).
type PurposeKind string

// PurposeKinds are all there are.
var PurposeKinds = []PurposeKind{
	"networking", "career_options", "skill_gap", "skill_coaching", "problem_solving", "knowledge", "feedback_on_work", "other",
}

// Purpose is what the requester wants out of the meeting. The desired outcome is quoted back to both
// sides at each step.
type Purpose struct {
	Kind           PurposeKind `json:"kind"`
	Question       string      `json:"question"`
	DesiredOutcome string      `json:"desiredOutcome"`
	Tried          string      `json:"tried,omitzero"`
	Context        string      `json:"context,omitzero"`
}

// Party is one side of a booking, as the other sees it.
type Party struct {
	ID   PersonID `json:"id"`
	Name string   `json:"name"`
}

// Booking is one seat in one slot, for one requester. What it repeats of the slot was agreed when it was
// made.
type Booking struct {
	ID                  BookingID          `json:"id"`
	Slot                SlotID             `json:"slot"`
	Seat                int                `json:"seat"`
	Requester           Party              `json:"requester"`
	Expert              Party              `json:"expert"`
	Title               string             `json:"title"`
	StartsAt            time.Time          `json:"startsAt"`
	DurationMinutes     int                `json:"durationMinutes"`
	TimeZone            string             `json:"timeZone"`
	Mode                Mode               `json:"mode"`
	Purpose             Purpose            `json:"purpose"`
	Bring               string             `json:"bring,omitzero"`
	FeedbackPreference  FeedbackPreference `json:"feedbackPreference"`
	Status              BookingStatus      `json:"status"`
	CancelNoticeMinutes int                `json:"cancelNoticeMinutes"` // frozen when booked
	BookedAt            time.Time          `json:"bookedAt"`
	Ended               Ending             `json:"ended,omitzero"`
	Version             int64              `json:"-"`
}

// Ending says how a booking ended before its session did.
type Ending struct {
	By     Role      `json:"by"`
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitzero"`
}

// EndsAt is when the session is over.
func (b Booking) EndsAt() time.Time {
	return b.StartsAt.Add(time.Duration(b.DurationMinutes) * time.Minute)
}

// StatusAt is the booking's status at a time: a confirmed booking is completed once its time is over.
func (b Booking) StatusAt(now time.Time) BookingStatus {
	if b.Status == Confirmed && !now.Before(b.EndsAt()) {
		return Completed
	}
	return b.Status
}

// RoleOf is the side a person is on. Whoever is on neither must not learn that the booking exists (product.md section 8).
func (b Booking) RoleOf(p PersonID) (Role, bool) {
	switch p {
	case b.Requester.ID:
		return Requester, true
	case b.Expert.ID:
		return Expert, true
	}
	return "", false
}

// BookingRequest is the command of POST /v1/slots/{id}/bookings.
type BookingRequest struct {
	Purpose            Purpose
	Bring              string
	FeedbackPreference FeedbackPreference // empty: the one of the requester's profile
	Mode               Mode               // empty: the only one the slot offers
	NoConflict         bool               // the requester attests that the expert is not one of their managers
}

// Faults are the field rules of product.md section 6 that the request breaks, whatever the slot.
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
	if !r.NoConflict {
		f.add("/noConflict", Required, "Must be true: you attest that the expert is not your manager, nor above your manager.")
	}
	return f
}

// Seating is what booking a seat changes.
type Seating struct {
	Seat    Seat
	Booking Booking
	Agenda  Agenda // the requester's, with the session in it
}

// DecideBook gives the requester a free seat of the slot; draw, any number, chooses which, so that many
// who book at once rarely meet on one seat. It refuses with [NotFound], with whatever [Bookable] answers,
// [InvalidField] or [ModeNotOffered].
func DecideBook(state SlotState, v Viewer, r BookingRequest, id BookingID, draw uint64, p Policy, now time.Time) (Seating, error) {
	slot := state.Slot
	if !slot.VisibleTo(v.Person) {
		return Seating{}, Missing()
	}
	if err := slot.faultsOf(r).err(); err != nil {
		return Seating{}, err
	}
	if err := Bookable(slot, state.Free(), v, p, now); err != nil {
		return Seating{}, err
	}
	mode, err := slot.modeFor(r.Mode)
	if err != nil {
		return Seating{}, err
	}
	seat := state.freeSeat(draw)
	if seat.Of != slot.Version {
		return Seating{}, ErrTorn
	}
	seat.Holder, seat.Booking = v.Person.ID, id
	booking := Booking{
		ID: id, Slot: slot.ID, Seat: seat.Number,
		Requester: Party{v.Person.ID, v.Person.Profile.Name}, Expert: Party{slot.Host.ID, slot.Host.Name},
		Title: slot.Title, StartsAt: slot.StartsAt, DurationMinutes: slot.DurationMinutes, TimeZone: slot.TimeZone, Mode: mode,
		Purpose: r.Purpose, Bring: r.Bring, FeedbackPreference: orElse(r.FeedbackPreference, v.Person.Profile.FeedbackPreference),
		Status: Confirmed, CancelNoticeMinutes: slot.CancelNoticeMinutes, BookedAt: now,
	}
	agenda := v.Agenda.From(now).with(Engagement{
		Slot: slot.ID, Booking: id, With: slot.Host.ID, Start: slot.StartsAt, End: slot.EndsAt(),
	})
	return Seating{seat, booking, agenda}, nil
}

// faultsOf are the faults of a request for this slot.
func (s Slot) faultsOf(r BookingRequest) faults {
	f := faults(r.Faults())
	if r.Mode == "" && len(s.Modes) > 1 {
		f.add("/mode", Required, "The slot offers several: give one of: %s.", joined(s.Modes))
	}
	return f
}

// modeFor is the mode of a booking: the one asked for, or the only one there is.
func (s Slot) modeFor(asked Mode) (Mode, error) {
	switch {
	case asked == "":
		return s.Modes[0], nil
	case !slices.Contains(s.Modes, asked):
		return "", refuse(ModeNotOffered, "The slot offers: "+joined(s.Modes)+".")
	}
	return asked, nil
}

// freeSeat is one of the free seats; there must be one.
func (s SlotState) freeSeat(draw uint64) Seat {
	skip := int(draw % uint64(s.Free()))
	for _, seat := range s.Seats {
		if !seat.Free() {
			continue
		}
		if skip == 0 {
			return seat
		}
		skip--
	}
	panic("mentoring: no free seat")
}

package mentoring

import "time"

// BookingStatus is where a booking is in its life.
type BookingStatus string

const (
	Requested  BookingStatus = "requested"  // holds a seat until ExpiresAt, for the expert to say yes or no
	Waitlisted BookingStatus = "waitlisted" // waits for a seat, until the booking cut-off
	Confirmed  BookingStatus = "confirmed"  // has a seat
	Completed  BookingStatus = "completed"  // confirmed, and the session's time is over
	Declined   BookingStatus = "declined"   // the expert said no
	Expired    BookingStatus = "expired"    // nobody answered the request, or no seat became free, in time
	Cancelled  BookingStatus = "cancelled"  // by either side, or with its slot
)

// BookingStatuses are all there are, for filters.
var BookingStatuses = []BookingStatus{Requested, Waitlisted, Confirmed, Completed, Declined, Expired, Cancelled}

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
	ExpiresAt           time.Time          `json:"expiresAt,omitzero"`  // when a request or a wait ends by itself
	CancelNoticeMinutes int                `json:"cancelNoticeMinutes"` // frozen when booked
	// ConflictKnown: the requester was told that there is a conflict of interest.
	ConflictKnown bool `json:"conflictKnown,omitzero"`
	// Released: the requester may leave until the session begins, whatever the notice, because something changed that
	// they did not agree to.
	Released bool      `json:"released,omitzero"`
	BookedAt time.Time `json:"bookedAt"`
	Ended    Ending    `json:"ended,omitzero"`
	History  []Step    `json:"history,omitzero"`
	After    Aftermath `json:"after,omitzero"`
	Unseen   Unseen    `json:"unseen,omitzero"`
	Version  int64     `json:"-"` // of the record: what a side is shown is [Booking.VersionFor] it
}

// Ending says how a booking ended before its session did.
type Ending struct {
	By      Role          `json:"by"`
	At      time.Time     `json:"at"`
	Cause   Cause         `json:"cause,omitzero"`
	Decline DeclineReason `json:"decline,omitzero"` // with status declined
	Reason  string        `json:"reason,omitzero"`  // in the words of who ended it, for the other side only
}

// Cause says why a booking ended that neither side ended by itself.
type Cause string

const (
	SlotGone Cause = "slot_cancelled" // the expert cancelled the slot
	TooFew   Cause = "too_few"        // fewer booked than the session needs
	NoAnswer Cause = "no_answer"      // the expert did not answer the request in time
	NoSeat   Cause = "no_seat"        // no seat became free in time
)

// DeclineReason is why an expert declines a request (product.md section 6).
type DeclineReason string

const (
	NotMyArea   DeclineReason = "not_my_area"
	OtherReason DeclineReason = "other"
)

// DeclineReasons are all there are.
var DeclineReasons = []DeclineReason{
	NotMyArea, "time_conflict", "too_many_sessions", "better_person_known", "need_more_information", OtherReason,
}

// Outline is what a coordinator may see of a booking: that it exists, its status and its times (product.md section 8).
func (b Booking) Outline() Booking {
	return Booking{
		ID: b.ID, Slot: b.Slot, StartsAt: b.StartsAt, DurationMinutes: b.DurationMinutes, Status: b.Status, ExpiresAt: b.ExpiresAt,
	}
}

// EndsAt is when the session is over.
func (b Booking) EndsAt() time.Time {
	return b.StartsAt.Add(time.Duration(b.DurationMinutes) * time.Minute)
}

// StatusAt is the booking's status at a time: a confirmed booking is completed once its time is over, and a request or a
// wait expires. No job has to run for it.
func (b Booking) StatusAt(now time.Time) BookingStatus {
	switch b.Status {
	case Confirmed:
		if !now.Before(b.EndsAt()) {
			return Completed
		}
	case Requested, Waitlisted:
		if !now.Before(b.ExpiresAt) {
			return Expired
		}
	}
	return b.Status
}

// EndingAt is how the booking ended before its session did, as of a time: also where time alone ended a request or a wait,
// and nobody has recorded it yet. It is the zero Ending where it did not.
func (b Booking) EndingAt(now time.Time) Ending {
	if b.Status == Expired || b.StatusAt(now) != Expired {
		return b.Ended
	}
	cause := NoAnswer
	if b.Status == Waitlisted {
		cause = NoSeat
	}
	return Ending{By: System, At: b.ExpiresAt, Cause: cause}
}

// Live reports whether the booking is neither over nor ended.
func (b Booking) Live(now time.Time) bool {
	switch b.StatusAt(now) {
	case Requested, Waitlisted, Confirmed:
		return true
	}
	return false
}

// over reports whether a booking of that status stays what it is.
func (s BookingStatus) over() bool { return s != Requested && s != Waitlisted && s != Confirmed }

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

// Other is the other side of one.
func (b Booking) Other(role Role) Party {
	if role == Expert {
		return b.Requester
	}
	return b.Expert
}

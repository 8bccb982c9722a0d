package mentoring

import (
	"errors"
	"fmt"
)

// Code names what was wrong, for programs. The list is closed (product.md section 9); infra/openapi.yaml
// says of each what it means and what a client can do about it.
type Code string

const (
	Malformed            Code = "malformed"              // not the text it should be: JSON or CSV, UTF-8
	UnknownField         Code = "unknown_field"          // a field or parameter that is not in the contract
	InvalidField         Code = "invalid_field"          // a value that breaks its field's rule
	UnsupportedMediaType Code = "unsupported_media_type" // a body that is not application/json, or text/csv for an import
	BodyTooLarge         Code = "body_too_large"         // a body over the limit
	Forbidden            Code = "forbidden"              // not the caller's role
	Unauthenticated      Code = "unauthenticated"        // no token, or one that does not hold
	EmailNotVerified     Code = "email_not_verified"     // a token without a verified address
	NotFound             Code = "not_found"              // unknown, or not the caller's to see
	MethodNotAllowed     Code = "method_not_allowed"     // a known path, another method
	ProfileRequired      Code = "profile_required"       // PUT /v1/me comes first
	GroundRulesNeeded    Code = "ground_rules_not_accepted"
	SlotFull             Code = "slot_full"
	NoLongerOpen         Code = "slot_closed"         // the expert takes no more bookings for it
	CalledOff            Code = "slot_cancelled"      // it will not take place
	TooLateToBook        Code = "too_late_to_book"    // the booking cut-off is past
	TooLateToCancel      Code = "too_late_to_cancel"  // the notice agreed when booking is past
	InvalidTransition    Code = "invalid_transition"  // not in this status; with the status and what is allowed
	AlreadyBooked        Code = "already_booked"      // with the live booking's id
	OwnSlot              Code = "own_slot"            // nobody books themselves
	OverlappingSession   Code = "overlapping_session" // with the session that is in the way
	ConflictOfInterest   Code = "conflict_of_interest"
	ExpertPaused         Code = "expert_paused"
	ExpertCapReached     Code = "expert_cap_reached"   // the sessions an expert gives in a month are booked
	ActiveLimitReached   Code = "active_limit_reached" // a cap of section 6
	RequestLimitReached  Code = "request_limit_reached"
	ReliabilityCooldown  Code = "reliability_cooldown"
	Suspended            Code = "suspended"
	AudienceMismatch     Code = "audience_mismatch"        // the slot is not, or no longer, for the one who would attend
	ParticipantsBusy     Code = "participants_unavailable" // with how many
	ModeNotOffered       Code = "mode_not_offered"
	VersionConflict      Code = "version_conflict" // If-Match names another version
	KeyReused            Code = "idempotency_key_reused"
	TopicIsDeprecated    Code = "topic_deprecated" // takes no new slots; with the topic it was merged into
	RateLimited          Code = "rate_limited"     // more requests of a caller than a minute has room for (section 11)
	SurveyClosed         Code = "survey_closed"    // it can be answered only for a time after the session
	CursorInvalid        Code = "cursor_invalid"
	Busy                 Code = "busy" // could not be decided in time; nothing was done that a retry would repeat
)

// Error is a refusal: what the domain answers instead of changes. Its fields are safe to show to the
// person who asked.
type Error struct {
	Code Code
	// Detail says in a sentence what to do about it.
	Detail string
	// Faults are all the fields that broke a rule, for [InvalidField] and [UnknownField].
	Faults []Fault
	// Slot and Booking name what stands in the way, where it is the caller's own.
	Slot    SlotID
	Booking BookingID
	// Topic is what to use in place of the one that was named, for [TopicIsDeprecated], if there is such a topic.
	Topic string
	// State and Allowed say, for [InvalidTransition], what the status is and what it allows.
	State   string
	Allowed []Action
	// Participants is how many of those who come cannot, for [ParticipantsBusy].
	Participants int
	// cause is for logs; it is never shown.
	cause error
}

func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %s (%v)", e.Code, e.Detail, e.cause)
	}
	return string(e.Code) + ": " + e.Detail
}

// Unwrap returns what lies behind a [Busy] refusal, for logs.
func (e *Error) Unwrap() error { return e.cause }

// Is makes errors.Is(err, &Error{Code: c}) compare by code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

func refuse(code Code, detail string) *Error { return &Error{Code: code, Detail: detail} }

// ErrTorn says that the states a decision was given do not fit together, because something changed while they were read.
// Read them again.
var ErrTorn = errors.New("mentoring: states do not fit together")

// Unavailable is the refusal for what could not be decided in time, because of cause.
func Unavailable(cause error) *Error {
	return &Error{Code: Busy, Detail: "This could not be decided in time. Send the same request again, with the same Idempotency-Key.", cause: cause}
}

// Stale is the refusal for a change that was made on another version than the present one.
func Stale(present int64) *Error {
	return refuse(VersionConflict, fmt.Sprintf("If-Match names another version than the present one, %d. Read again, then decide.", present))
}

// CoordinatorsOnly is the refusal of what only those who look after the programme may do.
func CoordinatorsOnly() *Error {
	return refuse(Forbidden, "Only coordinators of the programme can do this.")
}

// Missing is the one answer for what does not exist and for what is not the caller's to see, so that the
// two cannot be told apart (product.md section 8).
func Missing() *Error {
	return refuse(NotFound, "There is nothing here for you. Check the id, and that you are signed in as the right person.")
}

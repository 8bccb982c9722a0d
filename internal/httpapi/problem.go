package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/telemetry"
)

// problem is a problem document of RFC 9457. type and instance are relative references, because the API does not know
// the name it is reached by, and identifiers only: nothing is served there.
type problem struct {
	Type      string              `json:"type"`
	Title     string              `json:"title"`
	Status    int                 `json:"status"`
	Detail    string              `json:"detail,omitzero"`
	Instance  string              `json:"instance"`
	Code      mentoring.Code      `json:"code,omitzero"` // none for a fault of ours: product.md section 9 has none
	RequestID string              `json:"requestId"`
	Errors    []fieldError        `json:"errors,omitzero"`
	Slot      mentoring.SlotID    `json:"slotId,omitzero"`
	Booking   mentoring.BookingID `json:"bookingId,omitzero"`
	Topic     string              `json:"mergedInto,omitzero"` // with topic_deprecated: what to use, if there is such a topic
	State     string              `json:"state,omitzero"`      // with invalid_transition, as allowed
	Allowed   []action            `json:"allowed,omitzero"`
	Busy      int                 `json:"participants,omitzero"` // with participants_unavailable: how many cannot
}

type fieldError struct {
	Pointer string              `json:"pointer"`
	Code    mentoring.FaultCode `json:"code"`
	Detail  string              `json:"detail"`
}

// kind is what all problems of one code have in common.
type kind struct {
	status int
	title  string
}

// kinds has every code. The statuses follow product.md section 2: 403 where it is not the caller's role, 409 where time or a
// change of somebody's state may help (a caller who is suspended is in a state, not in another role), 422 where a rule says
// no to this request.
var kinds = map[mentoring.Code]kind{
	mentoring.Malformed:            {http.StatusBadRequest, "Malformed request"},
	mentoring.Unauthenticated:      {http.StatusUnauthorized, "Not signed in"},
	mentoring.EmailNotVerified:     {http.StatusUnauthorized, "E-mail address not verified"},
	mentoring.Forbidden:            {http.StatusForbidden, "Not your role"},
	mentoring.NotFound:             {http.StatusNotFound, "Not found"},
	mentoring.MethodNotAllowed:     {http.StatusMethodNotAllowed, "Method not allowed"},
	mentoring.ProfileRequired:      {http.StatusConflict, "Not enrolled"},
	mentoring.GroundRulesNeeded:    {http.StatusConflict, "Ground rules not accepted"},
	mentoring.Suspended:            {http.StatusConflict, "Suspended"},
	mentoring.ReliabilityCooldown:  {http.StatusConflict, "Paused after late cancellations"},
	mentoring.SlotFull:             {http.StatusConflict, "All seats taken"},
	mentoring.NoLongerOpen:         {http.StatusConflict, "Slot closed"},
	mentoring.CalledOff:            {http.StatusConflict, "Slot cancelled"},
	mentoring.ExpertCapReached:     {http.StatusConflict, "Expert's month is full"},
	mentoring.ParticipantsBusy:     {http.StatusConflict, "Participants not available"},
	mentoring.AlreadyBooked:        {http.StatusConflict, "Already booked"},
	mentoring.InvalidTransition:    {http.StatusConflict, "Not in this state"},
	mentoring.ExpertPaused:         {http.StatusConflict, "Expert takes no bookings"},
	mentoring.VersionConflict:      {http.StatusPreconditionFailed, "Changed meanwhile"},
	mentoring.BodyTooLarge:         {http.StatusRequestEntityTooLarge, "Body too large"},
	mentoring.UnsupportedMediaType: {http.StatusUnsupportedMediaType, "Media type not supported"},
	mentoring.UnknownField:         {http.StatusUnprocessableEntity, "Unknown fields"},
	mentoring.InvalidField:         {http.StatusUnprocessableEntity, "Invalid fields"},
	mentoring.TooLateToBook:        {http.StatusUnprocessableEntity, "Too late to book"},
	mentoring.TooLateToCancel:      {http.StatusUnprocessableEntity, "Too late to cancel"},
	mentoring.OwnSlot:              {http.StatusUnprocessableEntity, "Own slot"},
	mentoring.OverlappingSession:   {http.StatusUnprocessableEntity, "Overlapping session"},
	mentoring.ConflictOfInterest:   {http.StatusUnprocessableEntity, "Conflict of interest"},
	mentoring.ActiveLimitReached:   {http.StatusUnprocessableEntity, "Limit reached"},
	mentoring.RequestLimitReached:  {http.StatusUnprocessableEntity, "Too many open requests"},
	mentoring.AudienceMismatch:     {http.StatusUnprocessableEntity, "Not for this requester"},
	mentoring.ModeNotOffered:       {http.StatusUnprocessableEntity, "Mode not offered"},
	mentoring.TopicIsDeprecated:    {http.StatusUnprocessableEntity, "Topic takes no new slots"},
	mentoring.KeyReused:            {http.StatusUnprocessableEntity, "Idempotency key reused"},
	mentoring.SurveyClosed:         {http.StatusConflict, "Survey closed"},
	mentoring.CursorInvalid:        {http.StatusUnprocessableEntity, "Cursor invalid"},
	mentoring.RateLimited:          {http.StatusTooManyRequests, "Too many requests"},
	mentoring.Busy:                 {http.StatusServiceUnavailable, "Busy"},
}

// maxErrors is how many errors a problem lists, the first ones: a small request must not become a large answer.
const maxErrors = 100

// retryAfter is what clients are asked to wait, in seconds, when something could not be decided in time.
const retryAfter = "1"

func refuse(code mentoring.Code, detail string) *mentoring.Error {
	return &mentoring.Error{Code: code, Detail: detail}
}

// causes are errors whose texts say nothing of anybody.
var causes = []error{mentoring.ErrTorn, identity.ErrUnavailable, desk.ErrDamaged, desk.ErrLater}

// fail answers with the problem document of an error. The kind of what is behind a 5xx goes to the log.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	p := problemFor(err, requestID(r.Context()))
	if p.Status >= http.StatusInternalServerError {
		telemetry.Add(r.Context(), telemetry.Cause(err, causes...))
	}
	p.write(w, r)
}

func (p problem) write(w http.ResponseWriter, r *http.Request) {
	note(w, p.Code)
	switch p.Status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", challenge(r))
	case http.StatusServiceUnavailable:
		w.Header().Set("Retry-After", retryAfter)
	}
	writeJSON(w, "application/problem+json", p.Status, p)
}

// problemFor describes an error to a client. Of an error that is no refusal it says nothing: the fault is ours.
func problemFor(err error, requestID string) problem {
	p := problem{
		Type: "about:blank", Title: http.StatusText(http.StatusInternalServerError), Status: http.StatusInternalServerError,
		Instance: "/requests/" + url.PathEscape(requestID), RequestID: requestID,
	}
	refused := refusalOf(err)
	if refused == nil {
		return p
	}
	k := kinds[refused.Code]
	p.Type, p.Title, p.Status = "/problems/"+string(refused.Code), k.title, k.status
	p.Code, p.Detail, p.Slot, p.Booking = refused.Code, refused.Detail, refused.Slot, refused.Booking
	if refused.State != "" {
		p.State, p.Allowed = refused.State, actionsFrom(refused.Allowed)
	}
	p.Busy, p.Topic = refused.Participants, refused.Topic
	for _, f := range refused.Faults[:min(len(refused.Faults), maxErrors)] {
		p.Errors = append(p.Errors, fieldError(f))
	}
	return p
}

// refusalOf is the refusal in an error, nil where there is none, or none that clients know: then the fault is ours. A
// request whose time ran out was not decided.
func refusalOf(err error) *mentoring.Error {
	var refused *mentoring.Error
	switch {
	case errors.As(err, &refused) && kinds[refused.Code].status != 0:
		return refused
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return mentoring.Unavailable(err)
	}
	return nil
}

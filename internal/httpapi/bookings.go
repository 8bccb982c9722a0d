package httpapi

import (
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/telemetry"
)

// bookingBody is a booking as one of its two parties sees it (product.md section 6).
type bookingBody struct {
	ID                  mentoring.BookingID          `json:"id"`
	Version             int64                        `json:"version"`
	Status              mentoring.BookingStatus      `json:"status"`
	Role                mentoring.Role               `json:"role"`
	Slot                mentoring.SlotID             `json:"slotId"`
	Title               string                       `json:"title"`
	StartsAt            string                       `json:"startsAt"`
	EndsAt              string                       `json:"endsAt"`
	DurationMinutes     int                          `json:"durationMinutes"`
	TimeZone            string                       `json:"timeZone"`
	Mode                mentoring.Mode               `json:"mode"`
	Meeting             meetingBody                  `json:"meeting,omitzero"`
	Requester           party                        `json:"requester"`
	Expert              party                        `json:"expert"`
	Purpose             purposeBody                  `json:"purpose"`
	Bring               string                       `json:"bring,omitzero"`
	FeedbackPreference  mentoring.FeedbackPreference `json:"feedbackPreference"`
	CancelNoticeMinutes int                          `json:"cancelNoticeMinutes"`
	BookedAt            string                       `json:"bookedAt"`
	ExpiresAt           string                       `json:"expiresAt,omitzero"`
	Ended               *endingBody                  `json:"ended,omitzero"`
	Attendance          *attendanceBody              `json:"attendance,omitzero"`
	Closure             mentoring.Closure            `json:"closure,omitzero"`
	AllowedActions      []action                     `json:"allowedActions"`
}

// endingBody says who ended a booking that did not take place, when, and why: a cause where it was neither side by itself, the
// expert's reason to decline, and what they wrote about it.
type endingBody struct {
	By      mentoring.Role          `json:"by"`
	At      string                  `json:"at"`
	Cause   mentoring.Cause         `json:"cause,omitzero"`
	Decline mentoring.DeclineReason `json:"declineReason,omitzero"`
	Note    string                  `json:"note,omitzero"`
}

type party struct {
	ID   mentoring.PersonID `json:"id"`
	Name string             `json:"name"`
}

// purposeBody is the purpose, coming in and going out.
type purposeBody struct {
	Kind           mentoring.PurposeKind `json:"kind"`
	Question       string                `json:"question" text:"lines"`
	DesiredOutcome string                `json:"desiredOutcome" text:"lines"`
	Tried          string                `json:"tried,omitzero" text:"lines"`
	Context        string                `json:"context,omitzero" text:"lines"`
}

// bookingFor shows bookings to a caller, who is one of their parties.
func bookingFor(caller desk.Caller) func(desk.BookingView) bookingBody {
	return func(v desk.BookingView) bookingBody {
		b := v.Booking
		body := bookingBody{
			ID: b.ID, Version: v.Version, Status: v.Status, Role: mentoring.Requester, Slot: b.Slot, Title: b.Title,
			StartsAt: utc(b.StartsAt), EndsAt: utc(b.EndsAt()), DurationMinutes: b.DurationMinutes, TimeZone: b.TimeZone,
			Mode: b.Mode, Meeting: meetingBody(v.Meeting), Requester: party(b.Requester), Expert: party(b.Expert),
			Purpose: purposeBody(b.Purpose), Bring: b.Bring, FeedbackPreference: b.FeedbackPreference,
			CancelNoticeMinutes: b.CancelNoticeMinutes, BookedAt: utc(b.BookedAt), ExpiresAt: utc(b.ExpiresAt),
			AllowedActions: actionsFrom(v.Actions),
		}
		if b.Expert.ID == caller.ID {
			body.Role = mentoring.Expert
		}
		if v.Status == mentoring.Completed {
			body.Attendance = &attendanceBody{b.After.Attendance.Result(), b.After.Attendance.By(body.Role)}
			body.Closure = v.Closure
		}
		if e := b.Ended; e.By != "" {
			body.Ended = &endingBody{e.By, utc(e.At), e.Cause, e.Decline, e.Reason}
		}
		return body
	}
}

// requestBody is the body of POST /v1/slots/{slotId}/bookings.
type requestBody struct {
	Purpose            purposeBody                   `json:"purpose"`
	Bring              string                        `json:"bring" text:"lines"`
	FeedbackPreference *mentoring.FeedbackPreference `json:"feedbackPreference"`
	Mode               *mentoring.Mode               `json:"mode"`
	JoinWaitlist       bool                          `json:"joinWaitlist"`
	NoConflict         bool                          `json:"noConflict"`
}

func (b requestBody) request(in *input) mentoring.BookingRequest {
	return mentoring.BookingRequest{
		Purpose: mentoring.Purpose(b.Purpose), Bring: b.Bring,
		FeedbackPreference: optional(in, "/feedbackPreference", b.FeedbackPreference),
		Mode:               optional(in, "/mode", b.Mode), JoinWaitlist: b.JoinWaitlist, NoConflict: b.NoConflict,
	}
}

func (a *api) bookSlot(c *call) (answer, error) {
	request, once, err := command(c, wholeBody, requestBody.request)
	if err != nil {
		return answer{}, err
	}
	view, err := a.Desk.Book(c.Context(), c.caller, c.slot(), request, once)
	if err != nil {
		return answer{}, err
	}
	if telemetry.Committed(c.Context()) { // an answer that was remembered is no booking more
		a.Metrics.Booked(string(view.Status))
	}
	return made(bookingFor(c.caller)(view), view.Version, "/v1/bookings/"+string(view.Booking.ID)), nil
}

func (a *api) listBookings(c *call) (answer, error) {
	in := c.read()
	q := in.query()
	filter := desk.BookingFilter{
		Role:   choice(q, "role", []mentoring.Role{mentoring.Requester, mentoring.Expert}, mentoring.Requester),
		Status: choices(q, "status", mentoring.BookingStatuses),
	}
	filter.From, filter.To = q.span()
	paging := q.paging(c)
	q.end()
	if err := in.refusal(nil); err != nil {
		return answer{}, err
	}
	return answerPage(a, paging, func(after string, limit int) (desk.List[desk.BookingView], error) {
		return a.Desk.Bookings(c.Context(), c.caller, filter, after, limit)
	}, bookingFor(c.caller))
}

func (a *api) getBooking(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	return c.bookingAnswer(a.Desk.Booking(c.Context(), c.caller, c.booking()))
}

// bookingAnswer is the booking as the caller sees it, or the refusal.
func (c *call) bookingAnswer(view desk.BookingView, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(bookingFor(c.caller)(view), view.Version), nil
}

// cancelBody is the body of POST /v1/bookings/{bookingId}/cancel and of POST /v1/slots/{slotId}/cancel.
type cancelBody struct {
	Reason string `json:"reason" text:"lines"`
}

func (b cancelBody) cancel(*input) mentoring.Cancel { return mentoring.Cancel{Reason: b.Reason} }

func (a *api) cancelBooking(c *call) (answer, error) {
	cancel, once, err := command(c, optionalBody, cancelBody.cancel)
	if err != nil {
		return answer{}, err
	}
	return c.bookingAnswer(a.Desk.Cancel(c.Context(), c.caller, c.booking(), cancel, once))
}

func (a *api) approveBooking(c *call) (answer, error) {
	once, err := c.bare()
	if err != nil {
		return answer{}, err
	}
	return c.bookingAnswer(a.Desk.Approve(c.Context(), c.caller, c.booking(), once))
}

// declineBody is the body of POST /v1/bookings/{bookingId}/decline.
type declineBody struct {
	Reason mentoring.DeclineReason `json:"reason"`
	Note   string                  `json:"note" text:"lines"`
}

func (b declineBody) decline(*input) mentoring.Decline { return mentoring.Decline(b) }

func (a *api) declineBooking(c *call) (answer, error) {
	decline, once, err := command(c, wholeBody, declineBody.decline)
	if err != nil {
		return answer{}, err
	}
	return c.bookingAnswer(a.Desk.Decline(c.Context(), c.caller, c.booking(), decline, once))
}

// moveBody is the body of POST /v1/bookings/{bookingId}/move.
type moveBody struct {
	Slot       mentoring.SlotID `json:"slotId"`
	Mode       *mentoring.Mode  `json:"mode"`
	NoConflict bool             `json:"noConflict"`
}

func (b moveBody) move(in *input) mentoring.Move {
	return mentoring.Move{To: b.Slot, Mode: optional(in, "/mode", b.Mode), NoConflict: b.NoConflict}
}

func (a *api) moveBooking(c *call) (answer, error) {
	move, once, err := command(c, wholeBody, moveBody.move)
	if err != nil {
		return answer{}, err
	}
	return c.bookingAnswer(a.Desk.Move(c.Context(), c.caller, c.booking(), move, once))
}

func (a *api) getHistory(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	steps, err := a.Desk.History(c.Context(), c.caller, c.booking())
	if err != nil {
		return answer{}, err
	}
	return found(all(steps, stepFrom)), nil
}

// stepBody is an entry of a booking's history.
type stepBody struct {
	At     string                  `json:"at"`
	By     mentoring.Role          `json:"by"`
	Action mentoring.StepAction    `json:"action"`
	Status mentoring.BookingStatus `json:"status"`
	Slot   mentoring.SlotID        `json:"slotId"`
}

func stepFrom(s mentoring.Step) stepBody {
	return stepBody{utc(s.At), s.By, s.Action, s.Status, s.Slot}
}

package httpapi

import (
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
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
	Cancelled           *endingBody                  `json:"cancelled,omitzero"`
	AllowedActions      []action                     `json:"allowedActions"`
}

// endingBody says who cancelled, when, and what they wrote about it.
type endingBody struct {
	By     mentoring.Role `json:"by"`
	At     string         `json:"at"`
	Reason string         `json:"reason,omitzero"`
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
			CancelNoticeMinutes: b.CancelNoticeMinutes, BookedAt: utc(b.BookedAt), AllowedActions: actionsFrom(v.Actions),
		}
		if b.Expert.ID == caller.ID {
			body.Role = mentoring.Expert
		}
		if v.Status == mentoring.Cancelled {
			body.Cancelled = &endingBody{b.Ended.By, utc(b.Ended.At), b.Ended.Reason}
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
	// JoinWaitlist is taken and changes nothing: there is no waiting list, and a full slot says so either way.
	JoinWaitlist bool `json:"joinWaitlist"`
	NoConflict   bool `json:"noConflict"`
}

func (b requestBody) request(in *input) mentoring.BookingRequest {
	return mentoring.BookingRequest{
		Purpose: mentoring.Purpose(b.Purpose), Bring: b.Bring,
		FeedbackPreference: optional(in, "/feedbackPreference", b.FeedbackPreference),
		Mode:               optional(in, "/mode", b.Mode), NoConflict: b.NoConflict,
	}
}

func (a *api) bookSlot(c *call) (answer, error) {
	slot := mentoring.SlotID(c.PathValue("slotId"))
	in := c.read()
	in.query().end()
	var body requestBody
	in.body(&body)
	once := in.once(c, string(slot))
	request := body.request(in)
	if err := in.refusal(request.Faults); err != nil {
		return answer{}, err
	}
	view, err := a.Desk.Book(c.Context(), c.caller, slot, request, once)
	if err != nil {
		return answer{}, err
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
	view, err := a.Desk.Booking(c.Context(), c.caller, mentoring.BookingID(c.PathValue("bookingId")))
	if err != nil {
		return answer{}, err
	}
	return versioned(bookingFor(c.caller)(view), view.Version), nil
}

// cancelBody is the body of POST /v1/bookings/{bookingId}/cancel.
type cancelBody struct {
	Reason string `json:"reason" text:"lines"`
}

func (a *api) cancelBooking(c *call) (answer, error) {
	id := mentoring.BookingID(c.PathValue("bookingId"))
	in := c.read()
	in.query().end()
	var body cancelBody
	in.optionalBody(&body)
	once := in.once(c, string(id))
	cancel := mentoring.Cancel(body)
	if err := in.refusal(cancel.Faults); err != nil {
		return answer{}, err
	}
	view, err := a.Desk.Cancel(c.Context(), c.caller, id, cancel, once)
	if err != nil {
		return answer{}, err
	}
	return versioned(bookingFor(c.caller)(view), view.Version), nil
}

package httpapi

import (
	"flashmentoring/internal/desk"
)

// exportBody is a part of all that is held of the caller (product.md section 3): in every part who they are, and part by part
// their bookings with what was written about them, slots and concerns, each in the words of the route that shows it.
type exportBody struct {
	GeneratedAt string            `json:"generatedAt"`
	Me          meBody            `json:"me"`
	Programme   *programmeBody    `json:"programme,omitzero"` // of those who enrolled
	Strikes     []strikeBody      `json:"strikes"`
	Bookings    []exportedBooking `json:"bookings"`
	Slots       []slotBody        `json:"slots"`
	Concerns    []concernBody     `json:"concerns"`
	NextCursor  string            `json:"nextCursor,omitzero"`
}

type exportedBooking struct {
	Booking   bookingBody     `json:"booking"`
	History   []stepBody      `json:"history"`
	Survey    *surveyBody     `json:"survey,omitzero"`
	Outcome   *surveyBody     `json:"outcome,omitzero"`
	Takeaways *takeawaysShown `json:"takeaways,omitzero"`
	Debrief   *debriefShown   `json:"debrief,omitzero"`
	Actions   []actionBody    `json:"actions"`
}

// exportMe is GET /v1/me/export.
func (a *api) exportMe(c *call) (answer, error) {
	in := c.read()
	q := in.query()
	paging := q.paging(c)
	q.end()
	if err := in.refusal(nil); err != nil {
		return answer{}, err
	}
	after, err := a.cursors.open(paging.cursor, paging.belongsTo)
	if err != nil {
		return answer{}, err
	}
	held, err := a.Desk.Export(c.Context(), c.caller, after, paging.limit)
	if err != nil {
		return answer{}, err
	}
	body := exportBody{
		GeneratedAt: utc(a.Desk.Now()), Me: meFrom(held.Me),
		Strikes:  all(held.Strikes, strikeFrom).Items,
		Bookings: all(held.Bookings, a.exportedFor(c.caller)).Items, Slots: all(held.Slots, slotFrom).Items,
		Concerns: all(held.Concerns, concernFrom).Items, NextCursor: a.cursors.seal(held.Next, paging.belongsTo),
	}
	if held.Me.Enrolled() {
		body.Programme = new(programmeFrom(held.Me.Person))
	}
	return found(body), nil
}

func (a *api) exportedFor(caller desk.Caller) func(desk.ExportedBooking) exportedBooking {
	return func(e desk.ExportedBooking) exportedBooking {
		body := exportedBooking{
			Booking: bookingFor(caller)(e.Booking), History: all(e.History, stepFrom).Items,
			Actions: all(e.Papers.Tasks.Tasks, actionBodyFrom).Items,
		}
		body.Survey, body.Outcome = a.answered(e.Survey), a.answered(e.Outcome)
		if e.Papers.Takeaways.Version > 0 {
			body.Takeaways = new(takeawaysFrom(e.Papers))
		}
		if e.Papers.Debrief.Version > 0 {
			body.Debrief = new(debriefFrom(e.Papers))
		}
		return body
	}
}

// answered is a survey that there is anything of: the caller's answers, or what reached them of the other side's.
func (a *api) answered(v desk.SurveyView) *surveyBody {
	if v.Survey.Version == 0 && v.Note == "" && v.Changed == "" {
		return nil
	}
	return new(a.surveyFrom(v))
}

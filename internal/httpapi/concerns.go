package httpapi

import (
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// concernBody is a concern, as its author or a coordinator sees it.
type concernBody struct {
	ID         mentoring.ConcernID       `json:"id"`
	By         mentoring.PersonID        `json:"by"`
	About      mentoring.PersonID        `json:"personId,omitzero"`
	Booking    mentoring.BookingID       `json:"bookingId,omitzero"`
	Category   mentoring.ConcernCategory `json:"category"`
	Text       string                    `json:"text"`
	RaisedAt   string                    `json:"raisedAt"`
	ResolvedAt string                    `json:"resolvedAt,omitzero"`
	Resolution string                    `json:"resolution,omitzero"`
	Version    int64                     `json:"version"`
}

func concernFrom(v desk.ConcernView) concernBody {
	c := v.Concern
	return concernBody{
		c.ID, c.By, c.About, c.Booking, c.Category, c.Text, utc(c.At), utc(c.ResolvedAt), c.Resolution, v.Version,
	}
}

// raiseBody is the body of POST /v1/concerns.
type raiseBody struct {
	About    *mentoring.PersonID       `json:"personId"`
	Booking  *mentoring.BookingID      `json:"bookingId"`
	Category mentoring.ConcernCategory `json:"category"`
	Text     string                    `json:"text" text:"lines"`
}

func (b raiseBody) raise(in *input) mentoring.Raise {
	return mentoring.Raise{
		About: optional(in, "/personId", b.About), Booking: optional(in, "/bookingId", b.Booking), Category: b.Category, Text: b.Text,
	}
}

func (a *api) raiseConcern(c *call) (answer, error) {
	raise, once, err := command(c, wholeBody, raiseBody.raise)
	if err != nil {
		return answer{}, err
	}
	view, err := a.Desk.Raise(c.Context(), c.caller, raise, once)
	if err != nil {
		return answer{}, err
	}
	return made(concernFrom(view), view.Version, "/v1/concerns"), nil
}

// listConcerns is GET /v1/concerns: all to coordinators, their own to everybody else.
func (a *api) listConcerns(c *call) (answer, error) {
	in := c.read()
	q := in.query()
	paging := q.paging(c)
	q.end()
	if err := in.refusal(nil); err != nil {
		return answer{}, err
	}
	return answerPage(a, paging, func(after string, limit int) (desk.List[desk.ConcernView], error) {
		return a.Desk.Concerns(c.Context(), c.caller, after, limit)
	}, concernFrom)
}

// resolveBody is the body of POST /v1/concerns/{concernId}/resolve.
type resolveBody struct {
	Note string `json:"note" text:"lines"`
}

func (b resolveBody) resolve(*input) mentoring.Resolve { return mentoring.Resolve(b) }

func (a *api) resolveConcern(c *call) (answer, error) {
	if !c.caller.Coordinator { // before anything is said of what was sent
		return answer{}, mentoring.CoordinatorsOnly()
	}
	resolve, once, err := command(c, optionalBody, resolveBody.resolve)
	if err != nil {
		return answer{}, err
	}
	view, err := a.Desk.Resolve(c.Context(), c.caller, c.concern(), resolve, once)
	if err != nil {
		return answer{}, err
	}
	return versioned(concernFrom(view), view.Version), nil
}

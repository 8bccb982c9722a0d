package httpapi

import (
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// deadBody is an event whose mails could not be sent: what it was and why, and nothing of what it was about.
type deadBody struct {
	ID         desk.DeadLetterID   `json:"id"`
	Event      mentoring.EventKind `json:"event,omitzero"`
	HappenedAt string              `json:"happenedAt,omitzero"`
	ParkedAt   string              `json:"parkedAt"`
	Attempts   int                 `json:"attempts"`
	Failures   []failureBody       `json:"failures"`
	RetriedAt  string              `json:"retriedAt,omitzero"`
}

// failureBody is one message that could not be sent or, without kind, what else failed.
type failureBody struct {
	Kind   mentoring.NoticeKind `json:"kind,omitzero"`
	Role   mentoring.Role       `json:"role,omitzero"`
	Reason string               `json:"reason"`
}

func deadFrom(d desk.DeadLetter) deadBody {
	body := deadBody{
		ID: d.ID, Event: d.Event.Kind, HappenedAt: utc(d.Event.At), ParkedAt: utc(d.ParkedAt), Attempts: d.Attempts,
		Failures: []failureBody{}, RetriedAt: utc(d.RedrivenAt),
	}
	for _, f := range d.Failures {
		body.Failures = append(body.Failures, failureBody(f))
	}
	return body
}

// listDead is GET /v1/mail/dead.
func (a *api) listDead(c *call) (answer, error) {
	if !c.caller.Coordinator { // before anything is said of what was sent
		return answer{}, mentoring.CoordinatorsOnly()
	}
	in := c.read()
	q := in.query()
	paging := q.paging(c)
	q.end()
	if err := in.refusal(nil); err != nil {
		return answer{}, err
	}
	return answerPage(a, paging, func(after string, limit int) (desk.List[desk.DeadLetter], error) {
		return a.Desk.DeadLetters(c.Context(), c.caller, after, limit)
	}, deadFrom)
}

// retryDead is POST /v1/mail/dead/{deadId}/retry.
func (a *api) retryDead(c *call) (answer, error) {
	if !c.caller.Coordinator {
		return answer{}, mentoring.CoordinatorsOnly()
	}
	once, err := c.bare()
	if err != nil {
		return answer{}, err
	}
	letter, err := a.Desk.Redrive(c.Context(), c.caller, c.dead(), once)
	if err != nil {
		return answer{}, err
	}
	return found(deadFrom(letter)), nil
}

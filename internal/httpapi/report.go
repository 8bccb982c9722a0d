package httpapi

import (
	"bytes"
	"strings"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/report"
)

// reportBody is what the programme learns from a period (product.md section 7).
type reportBody struct {
	From    string      `json:"from"`
	To      string      `json:"to"`
	Cohort  string      `json:"cohort,omitzero"`
	Topic   string      `json:"topic,omitzero"`
	Figures []figure    `json:"figures"`
	Months  []monthBody `json:"months"`
}

type monthBody struct {
	Begins  string   `json:"begins"`
	Figures []figure `json:"figures"`
}

// figure is one figure: without value and number of cases where it is withheld, without value where there is no case.
type figure struct {
	Name     string      `json:"name"`
	Unit     report.Unit `json:"unit"`
	Value    *float64    `json:"value,omitzero"`
	N        *int        `json:"n,omitzero"`
	Withheld bool        `json:"withheld"`
	LeftOut  []string    `json:"leftOut,omitzero"`
}

func reportFrom(r report.Report) reportBody {
	body := reportBody{
		From: dayOf(r.Query.From), To: dayOf(r.Query.To), Cohort: r.Query.Cohort, Topic: r.Query.Topic,
		Figures: all(r.Figures, figureFrom).Items,
	}
	for _, m := range r.Months {
		body.Months = append(body.Months, monthBody{dayOf(m.Begins), all(m.Figures, figureFrom).Items})
	}
	return body
}

func figureFrom(v report.Value) figure {
	f := figure{Name: v.Name, Unit: v.Unit, Value: v.Value, Withheld: v.Withheld}
	if !v.Withheld {
		f.N = &v.N
	}
	for _, m := range v.LeftOut {
		f.LeftOut = append(f.LeftOut, dayOf(m))
	}
	return f
}

func dayOf(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// getReport is GET /v1/reports/programme: as JSON, or as CSV where the client accepts text/csv.
func (a *api) getReport(c *call) (answer, error) {
	q, err := a.reportQuery(c, true)
	if err != nil {
		return answer{}, err
	}
	made, err := a.Desk.Report(c.Context(), c.caller, q)
	if err != nil {
		return answer{}, err
	}
	if !strings.Contains(c.Header.Get("Accept"), "text/csv") {
		return found(reportFrom(made)), nil
	}
	var text bytes.Buffer
	if err := report.WriteCSV(&text, made); err != nil {
		return answer{}, err
	}
	return file("text/csv; charset=utf-8", "programme-"+dayOf(q.From)+"-"+dayOf(q.To)+".csv", text.Bytes()), nil
}

// noteBody is what somebody wrote to those who look after the programme.
type noteBody struct {
	Day  mentoring.Day  `json:"day"`
	Role mentoring.Role `json:"role"`
	Text string         `json:"text"`
}

// listNotes is GET /v1/reports/notes: all of a period, without pages, and without who it was.
func (a *api) listNotes(c *call) (answer, error) {
	q, err := a.reportQuery(c, false)
	if err != nil {
		return answer{}, err
	}
	notes, err := a.Desk.Notes(c.Context(), c.caller, q)
	if err != nil {
		return answer{}, err
	}
	return found(all(notes, func(n desk.ProgrammeNote) noteBody { return noteBody(n) })), nil
}

// reportQuery reads which period is asked for, and of whom. By default it is the last twelve months, the present one among
// them.
func (a *api) reportQuery(c *call, choices bool) (q report.Query, err error) {
	if !c.caller.Coordinator { // before anything is said of what was sent
		return q, mentoring.CoordinatorsOnly()
	}
	in := c.read()
	query := in.query()
	now := a.Desk.Now()
	next := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	q.To = query.day("to", next)
	q.From = query.day("from", q.To.AddDate(0, -12, 0))
	if choices {
		q.Topic, _ = query.take("topic")
		q.Cohort, _ = query.take("cohort")
	}
	query.end()
	if q.Topic == "" {
		return q, in.refusal(q.Faults)
	}
	topics, err := a.Desk.Taxonomy(c.Context())
	if err != nil {
		return q, err
	}
	in.faults = append(in.faults, desk.SlotFilter{Topic: q.Topic}.Faults(topics)...)
	return q, in.refusal(q.Faults)
}

// day reads a day, which begins at midnight UTC.
func (q *query) day(name string, otherwise time.Time) time.Time {
	text, ok := q.take(name)
	if !ok {
		return otherwise
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 2000 {
		q.in.add(parameter(name), mentoring.BadFormat, "Must be a day, such as 2026-11-01.")
		return otherwise
	}
	return t
}

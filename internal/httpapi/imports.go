package httpapi

import (
	"net/http"
	"strings"

	"flashmentoring/internal/mentoring"
)

var importRoute = Route{http.MethodPost, "/v1/people/import"}

// importPatience is how many times as long as other requests an import may take: it has up to ten thousand rows.
const importPatience = 3

// importBody says what became of each row of an import, and of how many.
type importBody struct {
	Counts importCounts `json:"counts"`
	Rows   []rowBody    `json:"rows"`
}

type importCounts struct {
	Changed    int `json:"changed"`
	Unchanged  int `json:"unchanged"`
	Kept       int `json:"kept"`
	Refused    int `json:"refused"`
	NotReached int `json:"notReached"`
}

func (c *importCounts) count(o mentoring.RowOutcome) {
	switch o {
	case mentoring.RowChanged:
		c.Changed++
	case mentoring.RowUnchanged:
		c.Unchanged++
	case mentoring.RowKept:
		c.Kept++
	case mentoring.RowRefused:
		c.Refused++
	case mentoring.RowNotReached:
		c.NotReached++
	}
}

type rowBody struct {
	Row     int                  `json:"row"`
	Email   string               `json:"email,omitzero"`
	Outcome mentoring.RowOutcome `json:"outcome"`
	Code    mentoring.RowCode    `json:"code,omitzero"`
	Detail  string               `json:"detail,omitzero"`
}

// rowDetails explain the codes that are not about the row's own text.
var rowDetails = map[mentoring.RowCode]string{
	mentoring.RowDuplicate:   "Another row is about the same person.",
	mentoring.RowCycle:       "Somebody would stand above themselves.",
	mentoring.RowNobody:      "Takes effect when they enrol.",
	mentoring.RowNobodyAbove: "The manager takes effect when they enrol.",
	mentoring.RowNotInTime:   "Send the import again.",
	mentoring.RowOvertaken:   "Others were changing the same. Send the import again.",
}

func rowFrom(r fileRow, v mentoring.Verdict) rowBody {
	body := rowBody{Row: r.line, Outcome: v.Outcome, Code: v.Code, Detail: rowDetails[v.Code]}
	if r.Refused {
		body.Code, body.Detail = r.code, r.detail
	}
	// Signs that JSON of ours has in six bytes: with thousands of addresses made of them, the answer could outgrow what a
	// function may answer. No real one has any.
	if !strings.ContainsAny(r.Email, "&<>") {
		body.Email = r.Email
	}
	return body
}

// importPeople is POST /v1/people/import.
func (a *api) importPeople(c *call) (answer, error) {
	if !c.caller.Coordinator { // before anything is said of what was sent
		return answer{}, mentoring.CoordinatorsOnly()
	}
	in := c.read()
	in.query().end()
	file := in.importFile()
	once := in.once(c)
	if err := in.refusal(nil); err != nil {
		return answer{}, err
	}
	rows := make([]mentoring.ImportRow, len(file))
	for i, r := range file {
		rows[i] = r.ImportRow
	}
	verdicts, err := a.Desk.Import(c.Context(), c.caller, rows, once)
	if err != nil {
		return answer{}, err
	}
	body := importBody{Rows: make([]rowBody, len(file))}
	for i, r := range file {
		body.Rows[i] = rowFrom(r, verdicts[i])
		body.Counts.count(verdicts[i].Outcome)
	}
	return found(body), nil
}

package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"flashmentoring/internal/plaintext"
)

// WriteCSV writes a report as comma-separated values (RFC 4180): one line for each figure of the period, and one for each
// figure of each month. What people wrote, cohorts and topics, cannot be taken for a formula by a spreadsheet.
func WriteCSV(w io.Writer, r Report) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	lines := [][]string{{"from", "to", "cohort", "topic", "figure", "unit", "value", "n", "withheld"}}
	add := func(from, to time.Time, all []Value) {
		for _, v := range all {
			line := []string{day(from), day(to), cell(r.Query.Cohort), cell(r.Query.Topic), v.Name, string(v.Unit), "", "", strconv.FormatBool(v.Withheld)}
			if v.Value != nil {
				line[6] = strconv.FormatFloat(*v.Value, 'f', -1, 64)
			}
			if !v.Withheld {
				line[7] = strconv.Itoa(v.N)
			}
			lines = append(lines, line)
		}
	}
	add(r.Query.From, r.Query.To, r.Figures)
	for _, m := range r.Months {
		add(m.Begins, m.Begins.AddDate(0, 1, 0), m.Figures)
	}
	return out.WriteAll(lines)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// cell makes a text harmless in a spreadsheet: what begins like a formula begins with an apostrophe, also behind what some
// programs take for the border between two cells (OWASP, "CSV Injection").
func cell(s string) string {
	s = plaintext.Line(s)
	var harmless strings.Builder
	begins := true
	for _, r := range s {
		if begins && strings.ContainsRune(formulas, r) {
			harmless.WriteByte('\'')
		}
		harmless.WriteRune(r)
		begins = strings.ContainsRune(borders, r) || begins && r == ' '
	}
	return harmless.String()
}

// formulas are the signs with which formulas begin, borders what may lie between two cells, or around one.
const formulas, borders = "=+-@|%＝＋－＠", ",;\t\""

package httpapi

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/strictjson"
)

// maxImport is the most an import may have, in bytes. It is far below the 6 MB that a function is invoked with.
const maxImport = 2 << 20

// importHeader is the first line of an import.
var importHeader = []string{"email", "managerEmail", "cohort"}

const maxCohort = 60 // characters

// fileRow is a row of an import, where it stands in the file, and what is wrong with it.
type fileRow struct {
	mentoring.ImportRow
	line   int // on which it begins; the header is line 1
	code   mentoring.RowCode
	detail string
}

// importFile reads the body of an import. What is wrong with the file as a whole is a refusal; what is wrong with one row
// is noted there, and the others go on.
func (in *input) importFile() (rows []fileRow) {
	in.receive(maxImport)
	if in.unreadable == nil && !in.announces("text/csv") {
		in.cannotRead(mentoring.UnsupportedMediaType, "Send CSV in UTF-8, uncompressed: Content-Type: text/csv.")
	}
	text := bytes.TrimPrefix(in.text, []byte("\ufeff")) // spreadsheets begin with it
	switch {
	case in.unreadable != nil:
		return nil
	case len(bytes.TrimSpace(text)) == 0:
		in.cannotRead(mentoring.Malformed, "The body is empty; send CSV.")
	case !utf8.Valid(text):
		in.cannotRead(mentoring.Malformed, "The body is not UTF-8.")
	}
	file := csv.NewReader(bytes.NewReader(text))
	file.FieldsPerRecord, file.ReuseRecord = -1, true
	for first := true; in.unreadable == nil; first = false {
		cells, err := file.Read()
		var wrong *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return rows
		case errors.As(err, &wrong): // from here on nobody knows where rows begin
			in.cannotRead(mentoring.Malformed, "Line %d of the body is not CSV: %s.", wrong.Line, quoting(wrong.Err))
		case first && !slices.Equal(cells, importHeader):
			in.add("", mentoring.BadFormat, "The first line must be %s, with commas between.", strings.Join(importHeader, ","))
			return nil
		case first:
		case len(rows) == desk.MaxImportRows:
			in.add("", mentoring.TooLong, "Has more than %d rows; divide it.", desk.MaxImportRows)
			return nil
		default:
			line, _ := file.FieldPos(0)
			row := readImportRow(cells)
			row.line = line
			rows = append(rows, row)
		}
	}
	return nil
}

func quoting(err error) string {
	if errors.Is(err, csv.ErrBareQuote) || errors.Is(err, csv.ErrQuote) {
		return `a cell with a quotation mark in it must be in quotation marks, and the mark doubled`
	}
	return "it cannot be read"
}

// readImportRow reads the cells of a row; the first mistake counts.
func readImportRow(cells []string) (row fileRow) {
	if len(cells) != len(importHeader) {
		row.wrong(mentoring.RowColumns, "Has %d cells instead of %d.", len(cells), len(importHeader))
		return row
	}
	row.Email = row.address(0, cells)
	if row.Email == "" && row.code == "" {
		row.wrong(mentoring.RowRequired, "email must be given.")
	}
	row.Manager = row.address(1, cells)
	row.Cohort = strings.TrimSpace(cells[2])
	n := utf8.RuneCountInString(row.Cohort)
	switch detail := strictjson.LineFault(row.Cohort); {
	case detail != "":
		row.wrong(mentoring.RowInvalidText, "cohort %s.", detail)
	case n > maxCohort:
		row.wrong(mentoring.RowTooLong, "cohort has %d characters; %d at most.", n, maxCohort)
	case computes(row.Cohort): // it would, in a report that somebody opens as a spreadsheet
		row.wrong(mentoring.RowFormula, "cohort begins with a sign of formulas.")
	}
	return row
}

// address reads a cell that holds an address, or nothing. It has the form that an issuer's addresses must have.
func (r *fileRow) address(column int, cells []string) string {
	name, cell := importHeader[column], strings.TrimSpace(cells[column])
	if cell == "" {
		return ""
	}
	address, ok := identity.Address(cell)
	switch {
	case ok:
		return address
	case len(cell) > identity.MaxAddress:
		r.wrong(mentoring.RowTooLong, "%s has %d bytes; %d at most.", name, len(cell), identity.MaxAddress)
	case strictjson.LineFault(cell) != "":
		r.wrong(mentoring.RowInvalidText, "%s %s.", name, strictjson.LineFault(cell))
	case computes(cell):
		r.wrong(mentoring.RowFormula, "%s is a formula.", name)
	default:
		r.wrong(mentoring.RowBadFormat, "%s is not an e-mail address.", name)
	}
	return ""
}

// computes reports whether a spreadsheet would take a cell for a formula.
func computes(cell string) bool { return cell != "" && strings.ContainsRune("=+-@", rune(cell[0])) }

func (r *fileRow) wrong(code mentoring.RowCode, format string, args ...any) {
	if r.code == "" {
		r.Refused, r.code, r.detail = true, code, fmt.Sprintf(format, args...)
	}
}

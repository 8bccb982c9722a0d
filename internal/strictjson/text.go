package strictjson

import (
	"fmt"
	"strings"
	"time"
)

// LineFault says in a few words what is wrong with s as a text of one line, to be shown to a person behind the name of its
// field, and "" where nothing is: what [Decode] says of a string.
func LineFault(s string) (detail string) { return textFault(s, false) }

// textFault says what is wrong with s as a text, "" if nothing is.
func textFault(s string, lines bool) (detail string) {
	for _, r := range s {
		switch {
		case lines && (r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029'):
		case r == '\n', r == '\u2028', r == '\u2029':
			return "must be one line, without line breaks"
		case r < ' ', 0x7f <= r && r <= 0x9f:
			if lines {
				return fmt.Sprintf(`contains the control character U+%04X; only line feeds ("\n") and tabs are allowed`, r)
			}
			return fmt.Sprintf("contains the control character U+%04X", r)
		case '\u202a' <= r && r <= '\u202e', '\u2066' <= r && r <= '\u2069':
			return fmt.Sprintf("contains U+%04X, which changes the direction of the text around it", r)
		}
	}
	return ""
}

const halfPair = "contains half of a surrogate pair"

const (
	expectedTime = "must be a date and time with an offset (RFC 3339), such as " +
		"2026-05-04T15:00:00Z or 2026-05-04T17:00:00+02:00"
	naiveTime    = "needs an offset at its end, Z or such as +02:00"
	expectedYear = "must lie in the years 1 to 9999"
)

// parseTime reads a moment in RFC 3339 into UTC. A fraction of a second may have any length; what is below a nanosecond is
// dropped. If s is no moment, parseTime returns the code and detail of the fault.
func parseTime(s string) (t time.Time, code, detail string) {
	// The form is checked first because time.Parse, and with it Time.UnmarshalText, is generous: it takes hours of one
	// digit, a comma for the point, and offsets of +24:00 (golang.org/issue/54580).
	if detail := timeForm(s); detail != "" {
		return time.Time{}, BadFormat, detail
	}
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}, BadFormat, expectedTime
	}
	t = t.UTC()
	if y := t.Year(); y < 1 || y > 9999 {
		return time.Time{}, OutOfRange, expectedYear
	}
	return t, "", ""
}

// timeForm checks s against the grammar of RFC 3339 section 5.6, with upper-case T and Z as it recommends. It says what
// is wrong, "" if nothing is.
func timeForm(s string) (detail string) {
	const local = "0000-00-00T00:00:00"
	if !hasForm(s, local) {
		return expectedTime
	}
	offset := s[len(local):]
	if fraction, ok := strings.CutPrefix(offset, "."); ok {
		if offset = strings.TrimLeft(fraction, "0123456789"); len(offset) == len(fraction) {
			return expectedTime
		}
	}
	switch {
	case offset == "":
		return naiveTime
	case offset == "Z":
		return ""
	case len(offset) == len("+00:00") && (offset[0] == '+' || offset[0] == '-') && hasForm(offset[1:], "00:00") &&
		offset[1:3] <= "23" && offset[4:6] <= "59":
		return ""
	}
	return expectedTime
}

// hasForm reports whether s begins with form, in which 0 stands for any digit.
func hasForm(s, form string) bool {
	if len(s) < len(form) {
		return false
	}
	for i := range len(form) {
		if digit := '0' <= s[i] && s[i] <= '9'; form[i] == '0' && !digit || form[i] != '0' && s[i] != form[i] {
			return false
		}
	}
	return true
}

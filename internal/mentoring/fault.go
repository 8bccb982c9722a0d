package mentoring

import (
	"fmt"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"
)

// FaultCode says, within [InvalidField], what is wrong with one field.
type FaultCode string

const (
	Required   FaultCode = "required"     // must be given
	TooShort   FaultCode = "too_short"    // fewer characters or items than allowed
	TooLong    FaultCode = "too_long"     // more characters or items than allowed
	OutOfRange FaultCode = "out_of_range" // a number or time outside its bounds
	NotAllowed FaultCode = "not_allowed"  // a value that is not one of the list, or not in this combination
	BadFormat  FaultCode = "bad_format"   // text that is not of its form: a URL, a time zone, a language
)

// Fault is one broken field rule.
type Fault struct {
	Pointer string // RFC 6901, into the body
	Code    FaultCode
	Detail  string // a sentence for the developer of a client
}

// faults collects what is wrong with a command, so that all of it is told at once.
type faults []Fault

func (f *faults) add(pointer string, code FaultCode, format string, args ...any) {
	*f = append(*f, Fault{pointer, code, fmt.Sprintf(format, args...)})
}

// err is nil where nothing was wrong.
func (f faults) err() error {
	if len(f) == 0 {
		return nil
	}
	return &Error{Code: InvalidField, Detail: "Some fields break their rules; errors lists each.", Faults: f}
}

// Wrong is the refusal for faults that were found elsewhere, or nil for none.
func Wrong(all []Fault) error { return faults(all).err() }

// below are the faults of a part, by where the part is.
func (f faults) below(pointer string) faults {
	for i := range f {
		f[i].Pointer = pointer + f[i].Pointer
	}
	return f
}

// line checks a text of one line of min to max characters; min 1 or more makes it required.
func (f *faults) line(pointer, s string, min, max int) {
	f.text(pointer, s, min, max)
	if strings.ContainsAny(s, "\n\t\r\v\f\u0085\u2028\u2029") {
		f.add(pointer, BadFormat, "Must be one line.")
	}
}

// text checks a text of min to max characters, line breaks allowed.
func (f *faults) text(pointer, s string, min, max int) {
	n := utf8.RuneCountInString(s)
	switch {
	case min > 0 && !visible(s):
		f.add(pointer, Required, "Must be given: %d to %d characters.", min, max)
	case utf8.RuneCountInString(strings.TrimSpace(s)) < min:
		f.add(pointer, TooShort, "Needs at least %d characters.", min)
	case n > max:
		f.add(pointer, TooLong, "Has %d characters; %d at most.", n, max)
	}
}

// visible reports whether there is anything to see in a text.
func visible(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) })
}

// between checks a number.
func (f *faults) between(pointer string, n, min, max int) {
	if n < min || n > max {
		f.add(pointer, OutOfRange, "Must be %d to %d.", min, max)
	}
}

// one checks a value of a closed list.
func one[T ~string](f *faults, pointer string, v T, list []T) {
	switch {
	case v == "":
		f.add(pointer, Required, "Must be one of: %s.", joined(list))
	case !slices.Contains(list, v):
		f.add(pointer, NotAllowed, "Must be one of: %s.", joined(list))
	}
}

// some checks a set: min or more different values of a closed list.
func some[T ~string](f *faults, pointer string, vs []T, list []T, min int) {
	switch {
	case len(vs) < min:
		f.add(pointer, Required, "Needs at least %d of: %s.", min, joined(list))
	case len(vs) > len(list):
		f.add(pointer, TooLong, "Has %d values; there are %d.", len(vs), len(list))
		return
	}
	for i, v := range vs {
		at := fmt.Sprintf("%s/%d", pointer, i)
		switch {
		case !slices.Contains(list, v):
			f.add(at, NotAllowed, "Must be one of: %s.", joined(list))
		case slices.Contains(vs[:i], v):
			f.add(at, NotAllowed, "Is given twice.")
		}
	}
}

func joined[T ~string](list []T) string {
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}

// zone checks the name of an IANA time zone.
func (f *faults) zone(pointer, name string) {
	if name == "" {
		f.add(pointer, Required, "Must be an IANA time zone, such as Europe/Berlin.")
	} else if _, err := Zone(name); err != nil {
		f.add(pointer, BadFormat, "Must be an IANA time zone, such as Europe/Berlin.")
	}
}

// languages checks a list of language tags.
func (f *faults) languages(pointer string, tags []string) {
	if len(tags) > maxLanguages {
		f.add(pointer, TooLong, "Has %d languages; %d at most.", len(tags), maxLanguages)
		return
	}
	for i, tag := range tags {
		at := fmt.Sprintf("%s/%d", pointer, i)
		switch {
		case !languageTag(tag):
			f.add(at, BadFormat, "Must be a language tag of RFC 5646 in its usual case, such as en or pt-BR.")
		case slices.Contains(tags[:i], tag):
			f.add(at, NotAllowed, "Is given twice.")
		}
	}
}

const maxLanguages = 10

// languageTag accepts what people use of RFC 5646: a language of two or three letters, and at most a
// script and a region, in the usual case, such as pt-BR, zh-Hant or es-419. One spelling per language makes filters simple.
func languageTag(tag string) bool {
	parts := strings.Split(tag, "-")
	if len(parts) > 3 || !letters(parts[0], 2, 3, isLower) {
		return false
	}
	for i, part := range parts[1:] {
		script := i == 0 && len(part) == 4 && isUpper(part[0]) && letters(part[1:], 3, 3, isLower)
		region := i == len(parts)-2 && (letters(part, 2, 2, isUpper) || letters(part, 3, 3, isDigit))
		if !script && !region {
			return false
		}
	}
	return true
}

func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func letters(s string, min, max int, is func(byte) bool) bool {
	if len(s) < min || len(s) > max {
		return false
	}
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return true
}

// link checks an https address without user data.
func (f *faults) link(pointer, s string) {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(s, " \"<>\\") {
		f.add(pointer, BadFormat, "Must be a complete https address, without a user name in it.")
	}
}

// machinesOwn are first parts of names that do not mean the same everywhere.
var machinesOwn = []string{"", "Factory", "Local", "localtime", "posixrules", "posix", "right"}

// Zone finds an IANA time zone by name. What depends on the machine that asks is refused: its own zone
// ("Local", "localtime", the empty name), other spellings of a path, and the variants of zones that some
// machines have beside the usual ones.
func Zone(name string) (*time.Location, error) {
	area, _, _ := strings.Cut(name, "/")
	if len(name) > 64 || slices.Contains(machinesOwn, area) || path.Clean(name) != name {
		return nil, fmt.Errorf("no time zone is called %.64q", name)
	}
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, zone)
	}
	return zone, err
}

// zones are those that were asked for before, by name: some hundred at the most. Package time reads a zone anew each time,
// and looks for it in several folders first.
var zones sync.Map

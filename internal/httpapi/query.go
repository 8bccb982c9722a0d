package httpapi

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/strictjson"
)

// maxQuery bounds a query, in bytes. The deployed gateway takes about 10,000 for path, query and headers together.
const maxQuery = 8 << 10

// query reads the parameters of a request, each by name. Faults are at /query/ and the name.
type query struct {
	in     *input
	values url.Values
	taken  map[string]bool
}

func (in *input) query() *query {
	q := &query{in: in, taken: map[string]bool{}}
	raw := in.URL.RawQuery
	values, err := url.ParseQuery(raw)
	decoded, _ := url.QueryUnescape(raw)
	switch {
	case len(raw) > maxQuery:
		in.cannotRead(mentoring.Malformed, "The query is longer than %d bytes.", maxQuery)
	case err != nil || !utf8.ValidString(decoded):
		in.cannotRead(mentoring.Malformed,
			"The query is not correctly encoded: name=value, separated by &, with percent-encoded UTF-8.")
	default:
		q.values = values
	}
	return q
}

// take returns a parameter that is given once and not empty.
func (q *query) take(name string) (value string, ok bool) {
	q.taken[name] = true
	values := q.values[name]
	switch {
	case len(values) > 1:
		q.in.add(parameter(name), strictjson.DuplicateField, "Is given more than once.")
	case len(values) == 1 && values[0] == "":
		q.in.add(parameter(name), mentoring.NotAllowed, "Must not be empty; leave it out instead.")
	case len(values) == 1:
		return values[0], true
	}
	return "", false
}

// end refuses the parameters that nobody took.
func (q *query) end() {
	for _, name := range slices.Sorted(maps.Keys(q.values)) {
		if !q.taken[name] {
			q.in.add(parameter(name), unknownName, "Does not exist here.")
		}
	}
}

func parameter(name string) string {
	return "/query/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// time reads a time, zero for none.
func (q *query) time(name string) (t time.Time) {
	text, ok := q.take(name)
	if !ok {
		return t
	}
	const expected = "Must be a date and time with an offset (RFC 3339), such as 2026-05-04T15:00:00Z."
	switch err := t.UnmarshalText([]byte(text)); {
	case err != nil && strings.Contains(text, " "):
		q.in.add(parameter(name), mentoring.BadFormat,
			expected+" In a query a + means a space: write %%2B for the + of an offset.")
	case err != nil:
		q.in.add(parameter(name), mentoring.BadFormat, expected)
	case t.UTC().Year() < 1 || t.UTC().Year() > 9999:
		q.in.add(parameter(name), mentoring.OutOfRange, "Must lie in the years 1 to 9999.")
	}
	return t.UTC()
}

// span reads from and to.
func (q *query) span() (from, to time.Time) {
	from, to = q.time("from"), q.time("to")
	if !from.IsZero() && !to.IsZero() && !from.Before(to) {
		q.in.add(parameter("to"), mentoring.OutOfRange, "Must be later than from.")
	}
	return from, to
}

// language reads a language tag, empty for none.
func (q *query) language() string {
	tag, ok := q.take("language")
	if ok && !mentoring.KnownLanguage(tag) {
		q.in.add(parameter("language"), mentoring.BadFormat,
			"Must be a language tag of RFC 5646 in its usual case, such as en or pt-BR.")
	}
	return tag
}

// person reads the id of a person, who need not exist; empty for none.
func (q *query) person(name string) mentoring.PersonID {
	text, ok := q.take(name)
	id := mentoring.PersonID(text)
	if ok && !id.Valid() {
		q.in.add(parameter(name), mentoring.BadFormat, "Must be the id of a person.")
	}
	return id
}

// flag reads what can only be asked for, not ruled out: false would read as "only those that are not", which is
// nothing anybody wants.
func (q *query) flag(name string) bool {
	text, ok := q.take(name)
	if ok && text != "true" {
		q.in.add(parameter(name), mentoring.NotAllowed, "Can only be true; leave it out for all.")
	}
	return ok
}

// limit reads the most items of a page.
func (q *query) limit() int {
	const most, usual = 100, 20
	text, ok := q.take("limit")
	if !ok {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil || strconv.Itoa(n) != text || n < 1 || n > most {
		q.in.add(parameter("limit"), mentoring.OutOfRange, "Must be a whole number from 1 to %d.", most)
	}
	return n
}

// choices reads values of a closed list, separated by commas; none where the parameter is not given.
func choices[T ~string](q *query, name string, all []T) (chosen []T) {
	text, ok := q.take(name)
	if !ok {
		return nil
	}
	for part := range strings.SplitSeq(text, ",") {
		switch v := T(part); {
		case !slices.Contains(all, v):
			q.in.add(parameter(name), mentoring.NotAllowed, "Must be some of these, separated by commas: %s.", joined(all))
			return nil
		case slices.Contains(chosen, v):
			q.in.add(parameter(name), mentoring.NotAllowed, "Names %s twice.", v)
			return nil
		default:
			chosen = append(chosen, v)
		}
	}
	return chosen
}

// choice reads one value of a closed list.
func choice[T ~string](q *query, name string, all []T, otherwise T) T {
	text, ok := q.take(name)
	switch {
	case !ok:
		return otherwise
	case !slices.Contains(all, T(text)):
		q.in.add(parameter(name), mentoring.NotAllowed, "Must be one of: %s.", joined(all))
	}
	return T(text)
}

func joined[T ~string](all []T) string {
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}

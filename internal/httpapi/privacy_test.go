package httpapi_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"flashmentoring/internal/httpapi"
)

// reading is what somebody reads, and as whom they do.
type reading struct{ reader, token string }

// addresses a reader may think of: every GET route with every id there is, and lists in ways that list routes are asked.
func (l *life) everywhere(only func(id string) bool) (paths []string) {
	things := map[string][]string{"{personId}": {l.person("anna").id(), l.person("ben").id(), l.person("zoe").id()}}
	for _, s := range l.slots {
		things["{slotId}"] = append(things["{slotId}"], s.id)
	}
	for _, b := range l.bookings {
		things["{bookingId}"] = append(things["{bookingId}"], b.id)
	}
	for _, route := range httpapi.Routes() {
		name := variable.FindString(route.Pattern)
		switch {
		case route.Method != http.MethodGet:
		case name == "":
			paths = append(paths, route.Pattern)
		default:
			for _, id := range things[name] {
				if only(id) {
					paths = append(paths, strings.Replace(route.Pattern, name, id, 1))
				}
			}
		}
	}
	return append(paths, "/v1/slots?bookable=true", "/v1/slots?limit=1", "/v1/slots?expertId="+l.person("anna").id(), "/v1/bookings?role=expert",
		"/v1/bookings?limit=1", "/v1/bookings?role=expert&limit=1", "/v1/concerns?limit=1", "/v1/people?limit=1", "/v1/me/export?limit=1")
}

// reads has somebody read all they can think of, and holds every answer against what is theirs to know.
func (l *life) reads(r reading, only func(id string) bool) {
	l.Helper()
	for _, path := range l.everywhere(only) {
		got := l.person(r.token).get(path, header("If-None-Match", `"1"`, `"2"`))
		if got.status == http.StatusNotModified {
			l.Fatalf("%s tells %q that nothing changed", path, r.reader)
		}
		l.holds(r.reader, path, got.text, false)
		next, more := "", false
		if got.status == http.StatusOK && strings.HasPrefix(got.text, "{") {
			next, more = got.at("nextCursor").(string)
		}
		join := "?"
		if strings.Contains(path, "?") {
			join = "&"
		}
		if last, is := l.cursors[path]; is && last[1] != r.reader {
			stolen := l.person(r.token).get(path + join + "cursor=" + last[0])
			if stolen.status == http.StatusOK {
				l.Fatalf("%q goes on in %s where %q was", r.reader, path, last[1])
			}
			l.holds(r.reader, path, stolen.text, false)
		}
		if more {
			l.cursors[path] = [2]string{next, r.reader}
			l.holds(r.reader, path, l.person(r.token).get(path+join+"cursor="+next).text, false)
		}
	}
}

// readMails holds what was sent since against what its reader may know.
func (l *life) readMails() {
	l.Helper()
	for _, m := range l.sent {
		for _, reader := range members {
			name, _, _ := strings.Cut(reader, "/")
			if strings.HasPrefix(m.To, name+"@") {
				l.holds(reader, "mail "+string(m.Kind), letter(l, m), true)
			}
		}
	}
	l.sent = nil
}

var everything = func(string) bool { return true }

// live plays a life: before the first sessions, after them, and a month later.
func live(t *rapid.T, l *life, as func(reader string) string) {
	n := len(members)
	for later, phase := range []struct {
		deeds int
		then  time.Duration
	}{{16, 40 * time.Hour}, {16, 24 * time.Hour}, {8, 13 * 24 * time.Hour}, {3, 18 * 24 * time.Hour}, {5, 0}} {
		for range phase.deeds {
			d := l.anyDeed(t, later > 0)
			got := d.in(l, n)
			n++
			l.holds(d.by, d.name, got.text, false)
			l.pass(time.Minute)
			l.readMails()
			for _, reader := range readers { // what changed last is looked at at once, all of it now and then
				l.reads(reading{reader, as(reader)}, func(id string) bool {
					return l.touched < len(l.bookings) && id == l.bookings[l.touched].id || len(l.slots) > 0 && id == l.slots[len(l.slots)-1].id
				})
			}
		}
		l.pass(phase.then)
		l.readMails()
		for _, reader := range readers {
			l.reads(reading{reader, as(reader)}, everything)
		}
	}
}

func asThemselves(reader string) string { return reader }

// TestNobodyReadsAnothersWords (product.md section 8): whatever people do, in whatever order, nobody finds in any answer or mail
// a word, an id or an address that is not theirs to know.
func TestNobodyReadsAnothersWords(t *testing.T) {
	lives := rapid.Custom(func(rt *rapid.T) map[string]int {
		l := begin(t)
		live(rt, l, asThemselves)
		return l.seen
	})
	missing := map[string]bool{}
	for _, what := range []string{ // the property must not hold because nobody reads anything
		"requester of meeting", "expert of outcome", "expert of reason", "requester of note to the expert", "expert of note to the expert",
		"expert of takeaways", "expert of what would help", "requester of next step",
		"coordinator of concern", "coordinator of resolution", "coordinator of note to the programme", "newcomer of description",
	} {
		missing[what] = true
	}
	for seed := range 5 {
		for what := range lives.Example(seed) {
			delete(missing, what)
		}
	}
	if len(missing) > 0 {
		t.Errorf("nobody ever read: %v", slices.Sorted(maps.Keys(missing)))
	}
}

// finder is a test that ends where it would fail, and is not failed by that.
type finder struct{ testing.TB }

type finding string

func (finder) Fatalf(format string, args ...any) { panic(finding(fmt.Sprintf(format, args...))) }

// finds is what is found while something is done, empty where nothing is.
func finds(do func()) (found finding) {
	defer func() {
		what := recover()
		if f, is := what.(finding); is {
			found = f
		} else if what != nil {
			panic(what)
		}
	}()
	do()
	return ""
}

// The control of the property before: where somebody gets in as another, it is found.
func TestReadingAnothersWordsIsFound(t *testing.T) {
	for _, thief := range [][2]string{{"eve", "ben"}, {"newcomer", "coordinator"}, {"", "zoe/elsewhere.test"}} {
		lives := rapid.Custom(func(rt *rapid.T) finding {
			l := begin(t)
			l.world.TB = finder{t}
			return finds(func() {
				live(rt, l, func(reader string) string {
					if reader == thief[0] {
						return thief[1]
					}
					return reader
				})
			})
		})
		if found := lives.Example(0); !strings.HasPrefix(string(found), fmt.Sprintf("%q reads", thief[0])) {
			t.Errorf("%q got in as %q, and what is found is %.200q", thief[0], thief[1], found)
		}
	}
}

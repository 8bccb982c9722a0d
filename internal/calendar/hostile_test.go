package calendar_test

import (
	netmail "net/mail"
	"regexp"
	"strings"
	"testing"
	"unicode"

	ical "github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/mentoring"
)

// wild is all of an entry and a reader that somebody can write freely.
type wild struct{ title, other, preparation, place, link, reader string }

// vectors are texts that broke a calendar somewhere.
var vectors = []string{
	"", " ", "\r\n", "x\nATTENDEE:mailto:thief@evil.example", "x\r\nEND:VEVENT\r\nBEGIN:VEVENT", "END:VCALENDAR",
	`"quoted" \ back^slash 'apostrophe', comma; semicolon: colon`, `a,b;c:d\n\,e\`, "^n^'^^", " folded", "\tfolded",
	"\u202egnp.exe \u2066turned\u2069", "\ufeff\u200b\u00ad\u2060", "\u2028line\u2029paragraph\u0085next\vtab\fform\x00null\x7f",
	"\xff\xfe\x80", "ab\xc3", "👩\u200d👩\u200d👧\u200d👦 नमस्ते می\u200cخواهم", "javascript:alert(1)", "https://a.example/\u202e",
	"https://a@b.example/", "https://a.example/?a=1,2;3:4", "https://a.example/\r\nX:y",
	strings.Repeat("é", 400), strings.Repeat("a", 2000), strings.Repeat("👩\u200d🚀", 100), strings.Repeat("\n", 100),
}

// check writes both kinds of objects and demands that nothing anybody wrote got out of its place.
func (w wild) check(t testing.TB) {
	t.Helper()
	s, b := slot(), booking()
	s.Title, s.Preparation = w.title, w.preparation
	s.Meeting = mentoring.Meeting{VideoURL: w.link, Phone: w.place, Place: w.place}
	for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
		e := calendar.EntryFor(role, s, b, w.other, made)
		invite, err := encoder(t).Invite(e, netmail.Address{Name: w.reader, Address: reader.Address}, noon)
		if err != nil {
			t.Fatal(err)
		}
		o := read(t, invite)
		if len(o.events) != 1 {
			t.Fatalf("%d events, want one:\n%s", len(o.events), o.raw)
		}
		w.checkCalendar(t, o, map[string]int{"VERSION": 1, "PRODID": 1, "CALSCALE": 1, "METHOD": 1})
		w.checkEvent(t, o.events[0], e, 1)

		feed, err := encoder(t).Feed([]calendar.Entry{e, e}, noon)
		if err != nil {
			t.Fatal(err)
		}
		o = read(t, feed)
		if len(o.events) != 2 {
			t.Fatalf("%d events, want two:\n%s", len(o.events), o.raw)
		}
		w.checkCalendar(t, o, map[string]int{
			"VERSION": 1, "PRODID": 1, "CALSCALE": 1, "METHOD": 1, "NAME": 1, "X-WR-CALNAME": 1, "REFRESH-INTERVAL": 1, "X-PUBLISHED-TTL": 1,
		})
		for _, event := range o.events {
			w.checkEvent(t, event, e, 0)
		}
	}
}

func (w wild) checkCalendar(t testing.TB, o opened, want map[string]int) {
	t.Helper()
	if diff := cmp.Diff(want, count(o.object.Props)); diff != "" {
		t.Errorf("properties of the calendar (-want +got):\n%s", diff)
	}
}

var plainLink = regexp.MustCompile(`^https://[!->A-~]+([/?#][!-~]*)?$`) // no user before the host

func (w wild) checkEvent(t testing.TB, event ical.Event, e calendar.Entry, attendees int) {
	t.Helper()
	want := map[string]int{
		"UID": 1, "SEQUENCE": 1, "DTSTAMP": 1, "DTSTART": 1, "DTEND": 1, "SUMMARY": 1, "DESCRIPTION": 1,
		"LOCATION": 1, "ORGANIZER": 1, "STATUS": 1, "CLASS": 1, "TRANSP": 1,
	}
	if attendees > 0 {
		want["ATTENDEE"] = attendees
	}
	got := count(event.Props)
	delete(got, "URL") // only where there is one
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("properties of the event (-want +got):\n%s", diff)
	}
	for _, p := range event.Props["URL"] {
		if !plainLink.MatchString(p.Value) {
			t.Errorf("URL %q", p.Value)
		}
	}
	for name, want := range map[string]string{
		"UID": "uid_a@" + domain, "SUMMARY": e.Summary, "DESCRIPTION": e.Description, "LOCATION": e.Location,
	} {
		if got := words(t, event.Props, name); got != want || strange(strings.ReplaceAll(got, "\n", "")) {
			t.Errorf("%s %q, want %q", name, got, want)
		}
	}
	if strings.Contains(e.Summary+e.Location, "\n") {
		t.Errorf("several lines in %q or %q", e.Summary, e.Location)
	}
	for _, a := range event.Props["ATTENDEE"] {
		names := a.Params["CN"]
		if len(a.Params) != 5 || len(names) != 1 || strange(names[0]) || strings.ContainsAny(names[0], `",;:\^`) {
			t.Errorf("parameters of ATTENDEE: %q", a.Params)
		}
		if a.Value != "mailto:"+reader.Address {
			t.Errorf("ATTENDEE %q", a.Value)
		}
	}
}

// strange reports control characters, line breaks, and what turns the direction of text.
func strange(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		format := unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d'
		return format || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	})
}

func TestHostileTexts(t *testing.T) {
	for i, v := range vectors {
		next := vectors[(i+1)%len(vectors)]
		wild{v, next, v, v, v, v}.check(t)
		wild{next, v, next, next, next, next}.check(t)
	}
}

func FuzzEncode(f *testing.F) {
	f.Add("Reading Go", "Edda", "Read.", "Room 1", "https://meet.example/a", "Rana")
	for i, v := range vectors {
		next := vectors[(i+1)%len(vectors)]
		f.Add(v, next, v, v, next, v)
	}
	f.Fuzz(func(t *testing.T, title, other, preparation, place, link, reader string) {
		wild{title, other, preparation, place, link, reader}.check(t)
	})
}

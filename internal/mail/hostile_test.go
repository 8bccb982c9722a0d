package mail_test

import (
	"bytes"
	"errors"
	"html"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
)

// wild is all of a notice that somebody can write freely, and the ids.
type wild struct {
	title, topic, reader, other, email    string
	question, outcome, bring, preparation string
	place, link, shared, id, uid          string
}

func (w wild) notice(role mentoring.Role) mentoring.Notice {
	n := notices(edda(), rana(), fullCircle(), fullRequest())[0]
	n.Booking.Mode = mentoring.InPerson
	if role == mentoring.Expert {
		n = notices(edda(), rana(), fullCircle(), fullRequest())[1]
	}
	n.Slot.Title, n.Slot.Topic = short(w.title, 120), w.topic
	n.Reader.Profile.Name, n.Other.Name, n.Reader.Email = short(w.reader, 100), short(w.other, 100), w.email
	n.Booking.Purpose.Question, n.Booking.Purpose.DesiredOutcome = w.question, w.outcome
	n.Booking.Bring, n.Slot.Preparation, n.Slot.LookingFor = w.bring, w.preparation, w.preparation
	n.Slot.Meeting = mentoring.Meeting{VideoURL: w.link, Phone: w.place, Place: w.place}
	n.SharedOrganisation, n.Calendar.UID = w.shared, w.uid
	return n
}

// short cuts to the length the domain allows.
func short(s string, max int) string {
	if runes := []rune(s); len(runes) > max {
		return string(runes[:max])
	}
	return s
}

var (
	plainAtom    = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
	plainID      = regexp.MustCompile(`^` + plainAtom + `(\.` + plainAtom + `)*$`)
	plainAddress = regexp.MustCompile(`^` + plainAtom + `(\.` + plainAtom + `)*@` + plainAtom + `(\.` + plainAtom + `)*$`)
)

// check composes and demands that nothing anybody wrote got out of its place.
func (w wild) check(t testing.TB, role mentoring.Role) {
	t.Helper()
	n := w.notice(role)
	m, err := composer(t).Compose(n, w.id, noon)
	if err != nil {
		badAddress := !plainAddress.MatchString(w.email) || len(w.email) > 254
		badID := !plainID.MatchString(w.id) || !plainID.MatchString(w.uid) || max(len(w.id), len(w.uid)) > 200
		if !(badAddress && errors.Is(err, mail.ErrAddress)) && !(badID && errors.Is(err, mail.ErrID)) {
			t.Fatalf("refused without a reason: %v", err)
		}
		return
	}
	o := read(t, m.Raw)
	w.checkHeader(t, o, m)
	w.checkTexts(t, o, n)
	w.checkCalendar(t, o)
}

func (w wild) checkHeader(t testing.TB, o opened, m mail.Message) {
	t.Helper()
	var names []string
	for name, values := range o.header {
		names = append(names, name)
		if len(values) != 1 {
			t.Errorf("%d headers %s", len(values), name)
		}
	}
	slices.Sort(names)
	want := strings.Fields("Auto-Submitted Content-Language Content-Type Date From Message-Id Mime-Version Subject To")
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("headers (-want +got):\n%s", diff)
	}
	if to := o.address(t, "To"); to.Address != w.email || m.To != w.email || strange(to.Name) {
		t.Errorf("goes to %q %q and %q, want %q", to.Name, to.Address, m.To, w.email)
	}
	const sender = "mentoring@mentoring.example"
	if from := o.address(t, "From"); from.Address != sender || from.Name != "Flash Mentoring" || m.From != sender {
		t.Errorf("comes from %q and %q", from, m.From)
	}
	if got := strings.TrimSpace(o.header.Get("Message-ID")); got != "<"+w.id+"@"+domain+">" {
		t.Errorf("Message-ID %q", got)
	}
	if subject := o.subject(t); strange(subject) || subject != m.Subject || !strings.HasPrefix(subject, "Confirmed: ") {
		t.Errorf("subject %q and %q", subject, m.Subject)
	}
	wantStructure := strings.Fields("multipart/mixed multipart/alternative text/plain text/html text/calendar application/ics")
	if diff := cmp.Diff(wantStructure, o.structure); diff != "" {
		t.Errorf("structure (-want +got):\n%s", diff)
	}
}

// strange reports control characters, line breaks, and what turns the direction of text.
func strange(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool {
		format := unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d'
		return format || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	})
}

// tags are all that a letter's HTML may hold; attributes with values of people are in link.
var (
	tag  = regexp.MustCompile(`<[^>]*>`)
	link = regexp.MustCompile(`^<a href="https://[^"<>\s]+">$`)

	plainLink = regexp.MustCompile(`^https://[!->A-~]+([/?#][!-~]*)?$`) // no user before the host
	tags      = strings.Split(`<!doctype html>|<html lang="en" dir="ltr">|<head>|<meta charset="utf-8">|`+
		`<meta name="viewport" content="width=device-width, initial-scale=1">|<meta name="color-scheme" content="light dark">|`+
		`<meta name="supported-color-schemes" content="light dark">|<title>|</title>|<style>|</style>|</head>|<body>|`+
		`<div lang="en" dir="ltr">|<h1>|</h1>|<p>|</p>|<h2>|</h2>|<dl>|<dt>|</dt>|<dd>|</dd>|<blockquote dir="auto">|`+
		`<br>|</blockquote>|</a>|</dl>|<hr>|<p class="small">|</div>|</body>|</html>`, "|")
)

func (w wild) checkTexts(t testing.TB, o opened, n mentoring.Notice) {
	t.Helper()
	for l := range strings.SplitSeq(o.text+o.html, "\n") {
		if strange(l) {
			t.Errorf("strange characters in %q", l)
		}
	}
	for _, found := range tag.FindAllString(o.html, -1) {
		if !slices.Contains(tags, found) && !link.MatchString(found) {
			t.Errorf("tag %q in the HTML", found)
		}
	}
	// Sections and the end of the letter are where we put them, and nowhere else.
	headings := strings.Count(o.html, "<h2>")
	place := map[mentoring.Role]string{mentoring.Requester: "Place: ", mentoring.Expert: "Link: "}[n.Role]
	for start, want := range map[string]int{"* ": headings, "-- ": 1, "When: ": 1, place: 1, "Booking bkg_": 1} {
		if got := strings.Count("\n"+o.text, "\n"+start); got != want {
			t.Errorf("%d lines begin with %q, want %d:\n%s", got, start, want, o.text)
		}
	}
}

func (w wild) checkCalendar(t testing.TB, o opened) {
	t.Helper()
	checkLines(t, "calendar", o.calendar, 75)
	if !bytes.Equal(o.calendar, o.attachment) {
		t.Error("the attached calendar is not that of the message")
	}
	method := o.object.Props["METHOD"]
	if len(method) != 1 || method[0].Value != "REQUEST" || o.calendarMethod != "REQUEST" {
		t.Errorf("METHOD %v in the calendar and %q in its type", method, o.calendarMethod)
	}
	names := map[string]int{}
	for name, props := range o.event.Props {
		names[name] = len(props)
	}
	delete(names, "URL") // only where there is one
	for _, p := range o.event.Props["URL"] {
		if !plainLink.MatchString(p.Value) {
			t.Errorf("URL %q", p.Value)
		}
	}
	want := map[string]int{
		"UID": 1, "SEQUENCE": 1, "DTSTAMP": 1, "DTSTART": 1, "DTEND": 1, "SUMMARY": 1, "DESCRIPTION": 1,
		"LOCATION": 1, "ORGANIZER": 1, "ATTENDEE": 1, "STATUS": 1, "CLASS": 1, "TRANSP": 1,
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Errorf("properties of the event (-want +got):\n%s", diff)
	}
	if uid := o.words(t, "UID"); uid != w.uid+"@"+domain {
		t.Errorf("UID %q", uid)
	}
	shown := html.UnescapeString(cutOut(o.html, "<dt>What</dt>\n<dd>", "</dd>"))
	if summary := strings.TrimSpace(o.words(t, "SUMMARY")); summary != strings.TrimSpace("Flash mentoring: "+shown) {
		t.Errorf("SUMMARY %q, the mail says %q", summary, shown)
	}
	for _, name := range []string{"SUMMARY", "LOCATION"} {
		if strange(o.words(t, name)) {
			t.Errorf("%s %q", name, o.words(t, name))
		}
	}
	attendee := o.property(t, "ATTENDEE")
	if names := attendee.Params["CN"]; len(names) != 1 || strange(names[0]) || strings.ContainsAny(names[0], `",;:\^`) {
		t.Errorf("CN %q", names)
	}
	if address, err := unescapeMailto(attendee.Value); err != nil || address != w.email {
		t.Errorf("ATTENDEE %q, %v; want %q", attendee.Value, err, w.email)
	}
	if len(attendee.Params) != 5 {
		t.Errorf("parameters of ATTENDEE: %v", attendee.Params)
	}
}

func cutOut(s, before, after string) string {
	_, s, _ = strings.Cut(s, before)
	s, _, _ = strings.Cut(s, after)
	return s
}

// tame is what people usually write.
func tame() wild {
	return wild{
		title: "Reading Go", topic: "software-design", reader: "Rana Süd", other: "Edda Nord", email: "rana@south.example",
		question: "Why?", outcome: "An answer that fits.", bring: "Paper", preparation: "Read.", place: "Room 1",
		link: "https://meet.example/a", shared: "south.example", id: messageID, uid: "bkg_aaaaaaaaaaaaaaaaaaaaaaaaae",
	}
}

// vectors are texts that broke a mail, a calendar or a page somewhere.
var vectors = []string{
	"", " ", "\r\n", "x\r\nBcc: thief@evil.example", "x\nATTENDEE:mailto:thief@evil.example",
	"x\r\n\r\n<script>alert(1)</script>", "\"; DROP\\", "=?utf-8?q?=0d=0aBcc:_a@b.example?=",
	`"quoted" \ back^slash 'apostrophe', comma; semicolon: colon`, `a,b;c:d\n\,e`,
	"\u202egnp.exe \u2066turned\u2069", "\ufeff\u200b\u00ad\u2060",
	"\u2028line\u2029paragraph\u0085next\vtab\fform\x00null\x7fdelete\u009fapc",
	`<a href="https://evil.example">click</a>`, `{{.Booking}} {{template "x"}} ${x} %s %0d%0a`,
	"--=_part_1", "--=_part_1--", ".", "..", "From here", "> quoted", "* The session", "-- ", "When: never",
	"END:VEVENT", " folded", "\tfolded", "مرحبا بالعالم", "שלום", "👩\u200d👩\u200d👧\u200d👦 नमस्ते می\u200cخواهم",
	"\xff\xfe\x80", "ab\xc3", "javascript:alert(1)", "https://a.example/\u202e", "https://a@b.example/",
	"http://plain.example/", "ftp://a.example/x", "https://a.example/ünïcode", "https://[::1", "https:///nowhere",
	"multipart/mixed; boundary=" + strings.Repeat("0123456789abcdef", 4)[:60],
	strings.Repeat("é", 400), strings.Repeat("a", 2000), strings.Repeat(" x", 500), strings.Repeat("👩\u200d🚀", 100),
	strings.Repeat("\n", 100),
}

// Each vector in each place. The seeds of FuzzCompose put each into all places at once, for both readers.
func TestHostileTexts(t *testing.T) {
	places := map[string]func(*wild) *string{
		"title": func(w *wild) *string { return &w.title }, "topic": func(w *wild) *string { return &w.topic },
		"reader": func(w *wild) *string { return &w.reader }, "other": func(w *wild) *string { return &w.other },
		"email": func(w *wild) *string { return &w.email }, "question": func(w *wild) *string { return &w.question },
		"outcome": func(w *wild) *string { return &w.outcome }, "bring": func(w *wild) *string { return &w.bring },
		"preparation": func(w *wild) *string { return &w.preparation }, "place": func(w *wild) *string { return &w.place },
		"link": func(w *wild) *string { return &w.link }, "shared": func(w *wild) *string { return &w.shared },
		"id": func(w *wild) *string { return &w.id }, "uid": func(w *wild) *string { return &w.uid },
	}
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			for _, v := range vectors {
				w := tame()
				*place(&w) = v
				w.check(t, mentoring.Requester)
			}
		})
	}
}

func FuzzCompose(f *testing.F) {
	seed := func(w wild) {
		f.Add(w.title, w.topic, w.reader, w.other, w.email, w.question, w.outcome, w.bring, w.preparation,
			w.place, w.link, w.shared, w.id, w.uid)
	}
	seed(tame())
	for i, v := range vectors {
		next := vectors[(i+1)%len(vectors)]
		seed(wild{v, v, v, next, "rana@south.example", v, next, v, v, v, next, v, messageID, "bkg_a"})
	}
	f.Fuzz(func(t *testing.T, title, topic, reader, other, email, question, outcome, bring, preparation,
		place, link, shared, id, uid string) {
		w := wild{title, topic, reader, other, email, question, outcome, bring, preparation, place, link, shared, id, uid}
		w.check(t, mentoring.Requester)
		w.check(t, mentoring.Expert)
	})
}

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

// on puts the texts into a notice. Whatever its mode was, it is met in person, because a place is a free text.
func (w wild) on(n mentoring.Notice) mentoring.Notice {
	n.Slot.Title, n.Slot.Topic, n.Slot.TopicLabel = short(w.title, 120), w.topic, w.topic
	n.Reader.Profile.Name, n.Reader.Email = short(w.reader, 100), w.email
	n.Slot.Preparation, n.Slot.LookingFor = w.preparation, w.preparation
	n.Slot.Meeting = mentoring.Meeting{VideoURL: w.link, Phone: w.place, Place: w.place}
	n.SharedOrganisation, n.Calendar.UID = w.shared, w.uid
	n.Slot.Ended.Reason = w.question
	w.after(&n)
	if n.Booking.ID == "" {
		return n
	}
	n.Other.Name = short(w.other, 100)
	n.Booking.Purpose.Question, n.Booking.Purpose.DesiredOutcome = w.question, w.outcome
	n.Booking.Bring, n.Booking.Ended.Reason = w.bring, w.question
	if n.Role == mentoring.Requester {
		n.Booking.Mode = mentoring.InPerson
	}
	return n
}

// after puts the texts into what is written once the session is over, where the notice brings any.
func (w wild) after(n *mentoring.Notice) {
	instead := func(of *string, text string) {
		if *of != "" {
			*of = text
		}
	}
	instead(&n.Note, w.question)
	instead(&n.Contact, w.shared)
	instead(&n.Task.Text, w.outcome)
	for of, text := range map[*string]string{
		&n.Papers.Takeaways.Learned: w.outcome, &n.Papers.Takeaways.WillApply: w.bring,
		&n.Papers.Debrief.Achieved: w.question, &n.Papers.Debrief.StillToDo: w.outcome, &n.Papers.Debrief.DoDifferently: w.bring,
	} {
		instead(of, text)
	}
	n.Bookings, n.Papers.Tasks.Tasks = slices.Clone(n.Bookings), slices.Clone(n.Papers.Tasks.Tasks) // others read the sample
	for i := range n.Bookings {
		n.Bookings[i].Requester.Name, n.Bookings[i].Purpose.DesiredOutcome = short(w.other, 100), w.outcome
	}
	for i := range n.Papers.Tasks.Tasks {
		n.Papers.Tasks.Tasks[i].Text = w.bring
	}
}

// pages is a composer whose letters lead to the pages that follow a session: labels of such links name people.
func pages(t testing.TB) *mail.Composer {
	t.Helper()
	c, err := mail.New(mail.Config{From: "Flash Mentoring <mentoring@mentoring.example>", Domain: domain, Links: mail.Links{
		Survey:  func(mentoring.Notice, mentoring.Booking) string { return "https://mentoring.example/survey/a" },
		Outcome: func(mentoring.Notice) string { return "https://mentoring.example/outcome/a" },
	}})
	if err != nil {
		t.Fatal(err)
	}
	return c
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
func (w wild) check(t testing.TB, s sample) {
	t.Helper()
	n := w.on(s.notice)
	m, err := pages(t).Compose(n, w.id, noon)
	if err != nil {
		badAddress := !plainAddress.MatchString(w.email) || len(w.email) > 254
		badUID := n.Calendar.Method != mentoring.CalendarNone && (!plainID.MatchString(w.uid) || len(w.uid) > 200)
		badID := !plainID.MatchString(w.id) || len(w.id) > 200
		if !(badAddress && errors.Is(err, mail.ErrAddress)) && !((badID || badUID) && errors.Is(err, mail.ErrID)) {
			t.Fatalf("%s: refused without a reason: %v", s.name, err)
		}
		return
	}
	o, usual := read(t, m.Raw), usually(t, s)
	w.checkHeader(t, o, m, usual)
	w.checkTexts(t, o, usual)
	if diff := cmp.Diff(usual.structure, o.structure); diff != "" {
		t.Errorf("structure (-want +got):\n%s", diff)
	}
	if o.calendar != nil {
		w.checkCalendar(t, o, n, usual)
	}
}

// usually is the letter when nobody writes anything strange.
func usually(t testing.TB, s sample) opened {
	t.Helper()
	if _, ok := usual[s.name]; !ok {
		m, err := pages(t).Compose(tame().on(s.notice), messageID, noon)
		if err != nil {
			t.Fatal(err)
		}
		usual[s.name] = read(t, m.Raw)
	}
	return usual[s.name]
}

var usual = map[string]opened{}

func (w wild) checkHeader(t testing.TB, o opened, m mail.Message, usual opened) {
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
	before, after, _ := strings.Cut(usual.subject(t), tame().title)
	subject := o.subject(t)
	if strange(subject) || subject != m.Subject || !strings.HasPrefix(subject, strings.TrimSpace(before)) || !strings.HasSuffix(subject, after) ||
		len([]rune(subject)) > 200 {
		t.Errorf("subject %q and %q", subject, m.Subject)
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

	tags = strings.Split(`<!doctype html>|<html lang="en" dir="ltr">|<head>|<meta charset="utf-8">|`+
		`<meta name="viewport" content="width=device-width, initial-scale=1">|<meta name="color-scheme" content="light dark">|`+
		`<meta name="supported-color-schemes" content="light dark">|<title>|</title>|<style>|</style>|</head>|<body>|`+
		`<div lang="en" dir="ltr">|<h1>|</h1>|<p>|</p>|<h2>|</h2>|<dl>|<dt>|</dt>|<dd>|</dd>|<ul>|<li>|</li>|</ul>|<blockquote dir="auto">|`+
		`<br>|</blockquote>|<p class="action">|</a>|</dl>|<hr>|<p class="small">|</div>|</body>|</html>`, "|")
)

func (w wild) checkTexts(t testing.TB, o, usual opened) {
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
	// Sections, facts, advice and the end of the letter are where we put them, and nowhere else.
	if got, want := lines(o.text, "* "), strings.Count(o.html, "<h2>"); got != want {
		t.Errorf("%d lines begin as a section, want %d:\n%s", got, want, o.text)
	}
	for _, start := range []string{
		"-- ", "- ", "Hello ", "When: ", "Before: ", "How: ", "Place: ", "Link: ", "Number: ", "Reason: ", "You can cancel until: ", "Minutes ",
		"Booking bkg_", "Session slot_", "About your session with", "It took place: ",
	} {
		if got, want := lines(o.text, start), lines(usual.text, start); got != want {
			t.Errorf("%d lines begin with %q, want %d:\n%s", got, start, want, o.text)
		}
	}
}

// lines counts those that begin so.
func lines(text, start string) int { return strings.Count("\n"+text, "\n"+start) }

// checkCalendar holds the object against its message; package calendar tests what is in one.
func (w wild) checkCalendar(t testing.TB, o opened, n mentoring.Notice, usual opened) {
	t.Helper()
	checkLines(t, "calendar", o.calendar, 75)
	if !bytes.Equal(o.calendar, o.attachment) {
		t.Error("the attached calendar is not that of the message")
	}
	method, want := o.object.Props["METHOD"], string(n.Calendar.Method)
	if len(method) != 1 || method[0].Value != want || o.calendarMethod != want {
		t.Errorf("METHOD %v in the calendar and %q in its type, want %s", method, o.calendarMethod, want)
	}
	if uid := o.words(t, "UID"); uid != w.uid+"@"+domain {
		t.Errorf("UID %q", uid)
	}
	names := func(o opened) map[string]int {
		n := map[string]int{}
		for name, props := range o.event.Props {
			n[name] = len(props)
		}
		delete(n, "URL") // only where there is one
		return n
	}
	if diff := cmp.Diff(names(usual), names(o)); diff != "" {
		t.Errorf("properties of the event (-want +got):\n%s", diff)
	}
	shown := html.UnescapeString(cutOut(o.html, "<dt>What</dt>\n<dd>", "</dd>"))
	if summary := strings.TrimSpace(o.words(t, "SUMMARY")); summary != strings.TrimSpace("Flash mentoring: "+shown) {
		t.Errorf("SUMMARY %q, the mail says %q", summary, shown)
	}
	attendee := o.property(t, "ATTENDEE")
	if address, err := unescapeMailto(attendee.Value); err != nil || address != w.email {
		t.Errorf("ATTENDEE %q, %v; want %q", attendee.Value, err, w.email)
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

// Each vector in each place of a letter that has all places. TestHostileLetters puts them into all places at once.
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
	confirmed := samples()[0]
	for name, place := range places {
		t.Run(name, func(t *testing.T) {
			for _, v := range vectors {
				w := tame()
				*place(&w) = v
				w.check(t, confirmed)
			}
		})
	}
}

// hostile is a vector in all places, and its neighbour in some.
func hostile(i int) wild {
	v, next := vectors[i%len(vectors)], vectors[(i+1)%len(vectors)]
	return wild{v, v, v, next, "rana@south.example", v, next, v, v, v, next, v, messageID, "bkg_a"}
}

// Every letter there is, each with a third of the vectors; together they see them all many times.
func TestHostileLetters(t *testing.T) {
	for which, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			for i := which % 3; i < len(vectors); i += 3 {
				hostile(i).check(t, s)
			}
		})
	}
}

func FuzzCompose(f *testing.F) {
	all := samples()
	seed := func(which int, w wild) {
		f.Add(uint8(which), w.title, w.topic, w.reader, w.other, w.email, w.question, w.outcome, w.bring, w.preparation,
			w.place, w.link, w.shared, w.id, w.uid)
	}
	for i := range all {
		seed(i, tame())
		seed(i, hostile(i))
	}
	f.Fuzz(func(t *testing.T, which uint8, title, topic, reader, other, email, question, outcome, bring, preparation,
		place, link, shared, id, uid string) {
		w := wild{title, topic, reader, other, email, question, outcome, bring, preparation, place, link, shared, id, uid}
		w.check(t, all[int(which)%len(all)])
	})
}

package mail_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
)

// unescapeMailto is the address of a mailto URI.
func unescapeMailto(uri string) (string, error) {
	address, ok := strings.CutPrefix(uri, "mailto:")
	if !ok {
		return "", errors.New("not a mailto URI")
	}
	return url.PathUnescape(address)
}

func TestNew(t *testing.T) {
	for _, c := range []struct {
		name string
		mail.Config
		ok bool
	}{
		{"name and address", mail.Config{From: "Flash Mentoring <a@b.example>", Domain: "b.example"}, true},
		{"address alone", mail.Config{From: "a@b.example", Domain: "b.example"}, true},
		{"name with accents", mail.Config{From: "Mentorat à Genève <a@b.example>", Domain: "b.example"}, true},
		{"no address", mail.Config{From: "Flash Mentoring", Domain: "b.example"}, false},
		{"nothing", mail.Config{}, false},
		{"two addresses", mail.Config{From: "a@b.example, c@d.example", Domain: "b.example"}, false},
		{"quoted local part", mail.Config{From: `"a b"@b.example`, Domain: "b.example"}, false},
		{"address with accents", mail.Config{From: "à@b.example", Domain: "b.example"}, false},
		{"no domain", mail.Config{From: "a@b.example"}, false},
		{"domain with a line break", mail.Config{From: "a@b.example", Domain: "b.example\r\nX: y"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := mail.New(c.Config); (err == nil) != c.ok {
				t.Errorf("error %v, want one: %v", err, !c.ok)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*mentoring.Notice)
		id     string
		want   error // nil: any
	}{
		{"unknown kind", func(n *mentoring.Notice) { n.Kind = "party" }, messageID, mail.ErrKind},
		{"no address", func(n *mentoring.Notice) { n.Reader.Email = "" }, messageID, mail.ErrAddress},
		{"two addresses", func(n *mentoring.Notice) { n.Reader.Email = "a@b.example,c@d.example" }, messageID,
			mail.ErrAddress},
		{"message id with a bracket", func(*mentoring.Notice) {}, "a>b", mail.ErrID},
		{"no message id", func(*mentoring.Notice) {}, "", mail.ErrID},
		{"UID with a line break", func(n *mentoring.Notice) { n.Calendar.UID = "a\nb" }, messageID, mail.ErrID},
		{"ends before it starts", func(n *mentoring.Notice) { n.Slot.DurationMinutes = -1 }, messageID, calendar.ErrEntry},
		{"unknown purpose", func(n *mentoring.Notice) { n.Booking.Purpose.Kind = "fun" }, messageID, nil},
		{"unknown mode", func(n *mentoring.Notice) { n.Booking.Mode = "telepathy" }, messageID, nil},
		{"unknown session kind", func(n *mentoring.Notice) { n.Slot.Kind = "party" }, messageID, nil},
		{"unknown role", func(n *mentoring.Notice) { n.Role = "bystander" }, messageID, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := notices(edda(), rana(), smallSlot(), smallRequest())[0]
			c.change(&n)
			m, err := composer(t).Compose(n, c.id, noon)
			if err == nil || m.Raw != nil || c.want != nil && !(errors.Is(err, c.want) && mail.Final(err)) {
				t.Errorf("error %v and %d bytes, want %v, for good", err, len(m.Raw), c.want)
			}
		})
	}
}

// Every value of every closed list has words, so that no booking that can be made is without its mail.
func TestEveryValueHasWords(t *testing.T) {
	try := func(name string, change func(*mentoring.Notice)) {
		t.Helper()
		for _, n := range notices(edda(), rana(), fullCircle(), fullRequest()) {
			change(&n)
			if _, err := composer(t).Compose(n, messageID, noon); err != nil {
				t.Errorf("%s for the %s: %v", name, n.Role, err)
			}
		}
	}
	for _, k := range mentoring.PurposeKinds {
		try(string(k), func(n *mentoring.Notice) { n.Booking.Purpose.Kind = k })
	}
	for _, p := range mentoring.FeedbackPreferences {
		try(string(p), func(n *mentoring.Notice) { n.Booking.FeedbackPreference = p })
	}
	for _, m := range mentoring.Modes {
		try(string(m), func(n *mentoring.Notice) { n.Booking.Mode, n.Slot.Modes = m, []mentoring.Mode{m} })
	}
	for _, f := range mentoring.Formats {
		try(string(f), func(n *mentoring.Notice) { n.Slot.Format = f })
	}
}

func TestMessageIsReproducible(t *testing.T) {
	n := notices(edda(), rana(), fullCircle(), fullRequest())[0]
	if diff := cmp.Diff(compose(t, n), compose(t, n)); diff != "" {
		t.Errorf("the same notice gave two messages:\n%s", diff)
	}
}

// A calendar entry is seen by more people than a mail: nothing of the purpose is in it, and the expert's,
// which is one for all who book, names nobody (product.md sections 1 and 6).
func TestCalendarKeepsPurposeToItself(t *testing.T) {
	d, r := fullCircle(), fullRequest()
	both := notices(edda(), rana(), d, r)
	private := []string{r.Purpose.Question, r.Purpose.DesiredOutcome, "Two books", r.Purpose.Context, r.Bring}
	for _, n := range both {
		o := read(t, compose(t, n).Raw)
		for _, s := range private {
			if strings.Contains(o.unfolded(), s) {
				t.Errorf("%q is in the calendar entry of the %s", s, n.Role)
			}
			if !strings.Contains(o.text, s) {
				t.Errorf("%q is not in the mail to the %s", s, n.Role)
			}
		}
		if got := o.property(t, "CLASS").Value; got != "PRIVATE" {
			t.Errorf("CLASS %s", got)
		}
	}
	if o := read(t, compose(t, both[1]).Raw); strings.Contains(o.unfolded(), "Rana") || strings.Contains(o.unfolded(), "rana") {
		t.Errorf("the expert's entry names a requester:\n%s", o.unfolded())
	}
}

// However many book, the expert's entry stays one: the next mail brings the same object with a higher
// SEQUENCE.
func TestExpertHasOneEntry(t *testing.T) {
	n := notices(edda(), rana(), fullCircle(), fullRequest())[1]
	first := read(t, compose(t, n).Raw)
	n.Other.Name, n.Booking.ID, n.Booking.Mode = "Somebody Else", "bkg_b", mentoring.Phone
	n.Booking.Purpose.Question = "Something else?"
	n.Calendar.Sequence++
	second := read(t, compose(t, n).Raw)
	want := strings.Replace(first.unfolded(), "SEQUENCE:8", "SEQUENCE:9", 1)
	if diff := cmp.Diff(want, second.unfolded()); diff != "" {
		t.Errorf("the entry changed (-want +got):\n%s", diff)
	}
}

func TestSharedEmployerIsDisclosed(t *testing.T) {
	n := notices(edda(), rana(), smallSlot(), smallRequest())[0]
	const sentence = "You both belong to"
	if o := read(t, compose(t, n).Raw); strings.Contains(o.text, sentence) || strings.Contains(o.html, sentence) {
		t.Error("a shared employer is told where there is none")
	}
	n.SharedOrganisation = "north.example"
	o := read(t, compose(t, n).Raw)
	for _, body := range []string{o.text, o.html} {
		if !strings.Contains(body, sentence+" north.example.") {
			t.Errorf("the shared employer is not told:\n%s", body)
		}
	}
}

// Whatever breaks a line where it was written breaks one in the quote.
func TestLineBreaksInQuotes(t *testing.T) {
	n := notices(edda(), rana(), smallSlot(), smallRequest())[0]
	n.Booking.Purpose.Question = "\n1\n2\r\n3\r4\v5\f6\u00857\u20288\u20299\n\n\t10  \t end\n\n"
	o := read(t, compose(t, n).Raw)
	lines := []string{"1", "2", "3", "4", "5", "6", "7", "8", "9", "", "10 end"}
	if want := "Question:\n> " + strings.Join(lines, "\n> ") + "\n\n"; !strings.Contains(o.text, want) {
		t.Errorf("text lacks %q:\n%s", want, o.text)
	}
	if want := ">" + strings.Join(lines, "<br>\n") + "</blockquote>"; !strings.Contains(o.html, want) {
		t.Errorf("HTML lacks %q:\n%s", want, o.html)
	}
}

// A sender's name may hold what calendars and headers need quoted.
func TestSenderNameWithSigns(t *testing.T) {
	const from = `"Mentoring, \"Flash\": à la carte; we're here" <a+b=c@b.example>`
	c, err := mail.New(mail.Config{From: from, Domain: domain})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Compose(notices(edda(), rana(), smallSlot(), smallRequest())[0], messageID, noon)
	if err != nil {
		t.Fatal(err)
	}
	o := read(t, m.Raw)
	got := o.address(t, "From")
	if got.Name != `Mentoring, "Flash": à la carte; we're here` || got.Address != "a+b=c@b.example" {
		t.Errorf("From %q %q", got.Name, got.Address)
	}
	organizer := o.property(t, "ORGANIZER")
	if diff := cmp.Diff([]string{"Mentoring Flash à la carte we’re here"}, []string(organizer.Params["CN"])); diff != "" {
		t.Errorf("CN (-want +got):\n%s", diff)
	}
	if organizer.Value != "mailto:a+b%3Dc@b.example" {
		t.Errorf("ORGANIZER %s", organizer.Value)
	}
}

// Numbers an operator changed are those the letter tells.
func TestStrikeRuleIsConfigured(t *testing.T) {
	n := samples()[0].notice
	n.Kind, n.Strikes = mentoring.StrikeGiven, 1
	for _, c := range []struct {
		rule mail.StrikeRule
		want string
	}{
		{mail.StrikeRule{}, "3 within 90 days keep you from booking and publishing for 28 days."},
		{mail.StrikeRule{Strikes: 5, Within: 60, Cooldown: 7}, "5 within 60 days keep you from booking and publishing for 7 days."},
	} {
		composer, err := mail.New(mail.Config{From: "a@b.example", Domain: "b.example", Strikes: c.rule})
		if err != nil {
			t.Fatal(err)
		}
		m, err := composer.Compose(n, messageID, noon)
		if err != nil {
			t.Fatal(err)
		}
		if o := read(t, m.Raw); !strings.Contains(o.text, c.want) {
			t.Errorf("the letter does not say %q:\n%s", c.want, o.text)
		}
	}
}

func TestEveryDeclineReasonHasWords(t *testing.T) {
	for _, s := range samples() {
		if s.notice.Kind != mentoring.BookingDeclined {
			continue
		}
		for _, reason := range mentoring.DeclineReasons {
			s.notice.Booking.Ended.Decline = reason
			shown := entries(read(t, compose(t, s.notice).Raw).text, "Reason")
			if want := reason != mentoring.OtherReason; (len(shown) == 1) != want {
				t.Errorf("%s to the %s: %q", reason, s.notice.Role, shown)
			}
		}
	}
}

func BenchmarkCompose(b *testing.B) {
	c := composer(b)
	n := notices(edda(), rana(), fullCircle(), fullRequest())[0]
	var size int
	b.ReportAllocs()
	for b.Loop() {
		m, err := c.Compose(n, messageID, noon.Add(time.Second))
		if err != nil {
			b.Fatal(err)
		}
		size = len(m.Raw)
	}
	b.ReportMetric(float64(size), "bytes/message")
}

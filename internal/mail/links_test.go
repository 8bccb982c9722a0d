package mail_test

import (
	"html"
	"strings"
	"testing"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
)

// linked composes with the addresses that are given.
func linked(t *testing.T, n mentoring.Notice, manage, unsubscribe string) opened {
	t.Helper()
	c, err := mail.New(mail.Config{From: "Flash Mentoring <mentoring@mentoring.example>", Domain: domain, Links: mail.Links{
		Manage: func(of mentoring.Notice) string {
			if of.Booking.ID != n.Booking.ID || of.Role != n.Role {
				t.Errorf("asked for the address of another notice: %+v", of)
			}
			return manage
		},
		Unsubscribe: func(mentoring.Notice) string { return unsubscribe },
	}})
	if err != nil {
		t.Fatal(err)
	}
	m, err := c.Compose(n, messageID, noon)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, m.Raw)
}

// Where something can still be done, the letter says where; what has ended offers nothing.
func TestManageLink(t *testing.T) {
	const address = "https://mentoring.example/manage?token=a-b_c.d&x=1"
	for _, s := range samples() {
		t.Run(s.name, func(t *testing.T) {
			want := !strings.HasPrefix(s.name, "booking_cancelled") && !strings.HasPrefix(s.name, "booking_declined") &&
				!strings.HasPrefix(s.name, "request_expired") && !strings.HasPrefix(s.name, "strike") &&
				!strings.Contains(s.name, "moved.left") && s.name != "slot_unfilled.few.expert"
			want = want && s.notice.Booking.Status != mentoring.Completed && len(s.notice.Bookings) == 0
			o := linked(t, s.notice, address, "")
			link := `<a href="` + html.EscapeString(address) + `">`
			if got := strings.Contains(o.text, ": "+address+"\n"); got != want {
				t.Errorf("the text has the link: %v", got)
			}
			if got := strings.Contains(o.html, link); got != want {
				t.Errorf("the HTML has the link: %v", got)
			}
			if strings.Contains(o.unfolded(), "token=") {
				t.Error("the calendar, which others see, has the link")
			}
		})
	}
}

func TestNoLinkWithoutAnAddress(t *testing.T) {
	n := notices(edda(), rana(), smallSlot(), smallRequest())[0]
	plain := read(t, compose(t, n).Raw)
	for _, address := range []string{
		"", "manage", "/manage", "http://mentoring.example/", "javascript:alert(1)", "https://a@mentoring.example/",
		"https://mentoring.example/\r\nBcc: thief@evil.example", "https://mentoring.example/>", "https://mentoring.example/ü",
		"https:///manage", "http://localhost.evil.example/", "https://mentoring.example/" + strings.Repeat("a", 900),
	} {
		o := linked(t, n, address, address)
		if o.text != plain.text || o.html != plain.html || len(o.header) != len(plain.header) {
			t.Errorf("%q changes the message:\n%s\n%v", address, o.text, o.header)
		}
	}
	for _, address := range []string{"http://localhost:3000/manage", "http://127.0.0.1:3000/manage", "http://[::1]/manage"} {
		if o := linked(t, n, address, ""); !strings.Contains(o.text, address) || !strings.Contains(o.html, address) {
			t.Errorf("%q, of a machine that serves its own pages, is not in the letter", address)
		}
	}
}

// Mail that nobody must get says how to stop it, to programs by one POST (RFC 8058) and to people by a link; no other does.
func TestUnsubscribe(t *testing.T) {
	n := notices(edda(), rana(), smallSlot(), smallRequest())[0]
	long := "https://mentoring.example/unsubscribe?token=" + strings.Repeat("abcdefghij", 60)
	for _, address := range []string{"https://mentoring.example/unsubscribe?token=a", long} {
		o := linked(t, n, "", address)
		if got := o.header["List-Unsubscribe"]; len(got) != 1 || got[0] != "<"+address+">" {
			t.Errorf("List-Unsubscribe %q, want <%s>", got, address)
		}
		if got := o.header["List-Unsubscribe-Post"]; len(got) != 1 || got[0] != "List-Unsubscribe=One-Click" {
			t.Errorf("List-Unsubscribe-Post %q", got)
		}
		if !strings.Contains(o.text, ": "+address+"\n") || !strings.Contains(o.html, `<a href="`+html.EscapeString(address)+`">`) {
			t.Errorf("people do not see where to stop it:\n%s", o.text)
		}
	}
	o := linked(t, n, "https://mentoring.example/manage", "")
	for name := range o.header {
		if strings.HasPrefix(name, "List-") {
			t.Errorf("a header %s without an address to unsubscribe at", name)
		}
	}
	if strings.Contains(o.text, "Get no more") || strings.Contains(o.html, "Get no more") {
		t.Errorf("it offers to stop what always goes:\n%s", o.text)
	}
}

// The letter after a session leads to the survey of each booking it is about. About one, it offers every answer to the first
// question; the address alone answers nothing.
func TestSurveyLinks(t *testing.T) {
	c, err := mail.New(mail.Config{From: "Flash Mentoring <mentoring@mentoring.example>", Domain: domain, Links: mail.Links{
		Survey: func(n mentoring.Notice, b mentoring.Booking) string {
			return "https://mentoring.example/survey/" + string(n.Role) + "-" + string(b.ID)
		},
		Outcome: func(n mentoring.Notice) string { return "https://mentoring.example/outcome/" + string(n.Booking.ID) },
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range samples() {
		kind, n := s.notice.Kind, s.notice
		survey, answers, outcomes := 0, 0, 0
		switch {
		case kind == mentoring.NotHeld:
			survey = 1
		case (kind == mentoring.SurveyPulse || kind == mentoring.SurveyReminderNotice) && len(n.Bookings) > 1:
			survey = len(n.Bookings)
		case kind == mentoring.SurveyPulse || kind == mentoring.SurveyReminderNotice:
			survey, answers = 4, 4
		case kind == mentoring.SurveyOutcome:
			outcomes = 1
		}
		m, err := c.Compose(n, messageID, noon)
		if err != nil {
			t.Fatal(err)
		}
		o := read(t, m.Raw)
		if asked := strings.Contains(o.text, "the first question"); asked != (answers > 0) {
			t.Errorf("%s speaks of a first question: %v, and has %d answers to it", s.name, asked, answers)
		}
		for _, body := range []string{o.text, html.UnescapeString(o.html)} {
			got := []int{strings.Count(body, "https://mentoring.example/survey/"+string(n.Role)+"-bkg_"), strings.Count(body, "?tookPlace="), strings.Count(body, "/outcome/bkg_")}
			if got[0] != survey || got[1] != answers || got[2] != outcomes {
				t.Errorf("%s has %v links, want %d, %d and %d", s.name, got, survey, answers, outcomes)
			}
		}
	}
}

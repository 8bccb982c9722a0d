package cloud_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"flashmentoring/infra/local/cloud"
)

// at asks an address, with a form where there is one, as a browser without a token does.
func (w *world) at(method, address string, form url.Values) answer {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", "null") // as with no-referrer
		request.Header.Set("Sec-Fetch-Site", "cross-site")
	}
	return w.do(request)
}

// link is the link in a mail that leads to a kind of page: there is one, the same in both its forms.
func (m mail) link(t *testing.T, page string) string {
	t.Helper()
	form := regexp.MustCompile(`https?://[^\s"<>]+/` + page + `/[\w-]+`)
	text, html := form.FindAllString(m.Text, -1), form.FindAllString(m.HTML, -1)
	if len(text) != 1 || len(html) == 0 || text[0] != html[0] {
		t.Fatalf("links to %s in a %s: %v in its text, %v in its HTML", page, m.Kind, text, html)
	}
	return text[0]
}

// Links in mails lead through the gateway to pages: a booking is seen by both sides, cancelled there, gone from the
// calendar, and both are told.
func TestVisit(t *testing.T) {
	onEachEngine(t, func(t *testing.T, config cloud.Config) {
		w := start(t, config)
		ada, ben := w.enrolled("ada"), w.enrolled("ben")
		booking := ben.books(ada.publishes(72*time.Hour, 1)).field("id")
		signer, err := w.Links()
		if err != nil {
			t.Fatal(err)
		}
		who := ben.must(http.StatusOK, http.MethodGet, "/v1/me", nil).field("id")
		until := w.Now().AddDate(0, 0, 30)
		link := func(address string, err error) string {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			return address
		}
		hers, manage := w.mail(ada.email)[0].link(t, "manage"), w.mail(ben.email)[0].link(t, "manage")
		old := ben.must(http.StatusOK, http.MethodGet, "/v1/me/calendar", nil).field("url")
		wants := func(method, address string, form url.Values, status int, text string) answer {
			t.Helper()
			a := w.at(method, address, form)
			if a.status != status || !strings.Contains(a.text, text) || a.header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("%s %s answers %d, want %d with %q: %s", method, address, a.status, status, text, a.text)
			}
			return a
		}
		wants(http.MethodGet, hers, nil, http.StatusOK, "Somebody is coming to your session")
		wants(http.MethodGet, manage, nil, http.StatusOK, "Your session is confirmed")
		wants(http.MethodGet, old, nil, http.StatusOK, booking)
		feed := ben.must(http.StatusOK, http.MethodPost, "/v1/me/calendar/rotate", nil).field("url")
		wants(http.MethodGet, old, nil, http.StatusGone, "")
		wants(http.MethodGet, feed, nil, http.StatusOK, booking)
		wants(http.MethodGet, manage+"/concern", nil, http.StatusOK, "Raise a concern")
		for range 2 {
			wants(http.MethodPost, manage+"/concern", url.Values{"category": {"conduct"}, "text": {"She shouted at me."}}, http.StatusOK, "Your concern is sent")
		}
		if raised := ben.must(http.StatusOK, http.MethodGet, "/v1/concerns", nil); strings.Count(raised.text, "She shouted at me.") != 1 || !strings.Contains(raised.text, booking) {
			t.Errorf("raised are %s", raised.text)
		}
		blocks := func(confirm, blocked string) {
			t.Helper()
			wants(http.MethodPost, manage+"/block", url.Values{"confirm": {confirm}}, http.StatusSeeOther, "")
			if me := ben.must(http.StatusOK, http.MethodGet, "/v1/me", nil); !strings.Contains(me.text, `"blocked":[`+blocked+`]`) {
				t.Errorf("%s: blocked are %v", confirm, me.json["blocked"])
			}
		}
		blocks("block", `"`+ada.must(http.StatusOK, http.MethodGet, "/v1/me", nil).field("id")+`"`)
		wants(http.MethodGet, manage+"/block", nil, http.StatusOK, "You have blocked")
		blocks("unblock", "")
		wants(http.MethodGet, manage+"/cancel", nil, http.StatusOK, "Cancel this booking?")
		done := wants(http.MethodPost, manage+"/cancel", url.Values{"confirm": {"cancel"}, "reason": {"A trip came up."}}, http.StatusSeeOther, "")
		wants(http.MethodGet, w.URL()+done.header.Get("Location"), nil, http.StatusOK, "This booking is cancelled")
		wants(http.MethodGet, hers, nil, http.StatusOK, "This booking is cancelled")
		if a := wants(http.MethodGet, feed, nil, http.StatusOK, "BEGIN:VCALENDAR"); strings.Contains(a.text, booking) {
			t.Error("the booking is still in the calendar")
		}
		for _, p := range []person{ada, ben} {
			if mails := w.mail(p.email); len(mails) != 2 || !strings.Contains(mails[1].Text, "A trip came up.") {
				t.Errorf("mail to %s: %+v", p.email, mails)
			}
		}
		wants(http.MethodPost, link(signer.Unsubscribe(who, until)), url.Values{"List-Unsubscribe": {"One-Click"}}, http.StatusOK, "They are stopped")
		if me := ben.must(http.StatusOK, http.MethodGet, "/v1/me", nil); me.json["surveyMails"] != false {
			t.Errorf("survey mails are %v", me.json["surveyMails"])
		}
		wants(http.MethodGet, manage[:len(manage)-1], nil, http.StatusNotFound, "This link does not work")
		w.travels("791h") // 30 days after the session, but for some minutes
		wants(http.MethodGet, manage, nil, http.StatusOK, "This booking is cancelled")
		w.travels("2h")
		wants(http.MethodGet, manage, nil, http.StatusGone, "This link has run out")
	})
}

// A link stays good over a restart.
func TestLinksSurviveARestart(t *testing.T) {
	config := empty(t)
	before := start(t, config)
	signer, err := before.Links()
	if err != nil {
		t.Fatal(err)
	}
	who := before.enrolled("ada").must(http.StatusOK, http.MethodGet, "/v1/me", nil).field("id")
	link, err := signer.Feed(who, 0, before.Now().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}
	config.Port = portOf(t, before.URL())
	if a := start(t, config).at(http.MethodGet, link, nil); a.status != http.StatusOK {
		t.Errorf("answers %d", a.status)
	}
}

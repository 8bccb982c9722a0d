package cloud_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/infra/local/cloud"
)

// link is the first address of a page in the newest mail of a kind.
func (p person) link(kind, page string) string {
	p.w.t.Helper()
	found := ""
	for _, m := range p.w.mail(p.email) {
		if m.Kind == kind {
			found = regexp.MustCompile(`https?://\S+` + page + `\S+`).FindString(m.Text)
		}
	}
	if found == "" {
		p.w.t.Fatalf("no %s in a %s to %s", page, kind, p.email)
	}
	return found
}

// After a session both answer by the links in their mails, one by one, and are told what follows, on either engine.
func TestAfterTheSession(t *testing.T) {
	onEachEngine(t, func(t *testing.T, config cloud.Config) {
		w := start(t, config)
		ada, ben := w.enrolled("ada"), w.enrolled("ben")
		for _, p := range []person{ada, ben} {
			p.must(http.StatusOK, http.MethodPut, "/v1/me", map[string]any{
				"name": "Somebody", "timeZone": "Europe/Berlin", "acceptGroundRules": true, "surveyMails": true, "feedbackWelcome": true,
			})
		}
		booking := "/v1/bookings/" + ben.asks(ada.offers(3*time.Hour, nil), "confirmed")
		w.travels("4h")

		answer := func(p person, form url.Values) {
			t.Helper()
			address := p.link("survey_pulse", "/survey/")
			shown, err := w.client.Get(address)
			if err != nil || shown.StatusCode != http.StatusOK {
				t.Fatalf("%s: %v, %v", address, shown, err)
			}
			shown.Body.Close()
			page, _, _ := strings.Cut(address, "?")
			sent, err := w.client.PostForm(page, form)
			if err != nil || sent.StatusCode != http.StatusSeeOther {
				t.Fatalf("%s: %v, %v", page, sent, err)
			}
			sent.Body.Close()
			w.mail("")
		}
		answer(ben, url.Values{"tookPlace": {"held"}, "attainment": {"4"}, "stayInTouch": {"yes"}, "noteToExpert": {"Thank you."}})
		answer(ada, url.Values{"tookPlace": {"held"}, "stayInTouch": {"yes"}})
		// The same links lead to where one can say that something was wrong, of which no mail tells anybody.
		survey := w.at(http.MethodGet, ben.link("survey_pulse", "/survey/"), nil)
		help := regexp.MustCompile(`/manage/[\w-]+/concern`).FindString(survey.text)
		sent := w.at(http.MethodPost, w.URL()+help, url.Values{"category": {"conduct"}, "text": {"She shouted at me."}})
		raised := ben.must(http.StatusOK, http.MethodGet, "/v1/concerns", nil)
		if sent.status != http.StatusOK || !strings.Contains(raised.text, "She shouted at me.") {
			t.Errorf("%q answers %d, and raised are %s", help, sent.status, raised.text)
		}
		ben.does(http.MethodPut, booking+"/debrief", map[string]any{"achieved": "One paper."})
		w.travels("745h") // a month
		if got := ben.must(http.StatusOK, http.MethodGet, booking, nil).field("closure"); got != "debriefed" {
			t.Errorf("the booking is %s", got)
		}
		for _, test := range []struct {
			who  person
			want []string
		}{
			{ada, []string{"booking_confirmed REQUEST", "reminder_1h", "survey_pulse", "note_to_expert", "stay_in_touch", "session_closed"}},
			{ben, []string{"booking_confirmed REQUEST", "reminder_1h", "survey_pulse", "stay_in_touch", "session_closed", "survey_outcome"}},
		} {
			if diff := cmp.Diff(test.want, test.who.told()); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.who.email, diff)
			}
		}
		outcome, err := w.client.PostForm(ben.link("survey_outcome", "/outcome/"), url.Values{"recommend": {"9"}})
		if err != nil || outcome.StatusCode != http.StatusSeeOther {
			t.Errorf("%v, %v", outcome, err)
		}
		outcome.Body.Close()
		stop, err := w.client.PostForm(ben.link("survey_outcome", "/unsubscribe/"), url.Values{"List-Unsubscribe": {"One-Click"}})
		if err != nil || stop.StatusCode != http.StatusOK {
			t.Errorf("%v, %v", stop, err)
		}
		stop.Body.Close()
	})
}

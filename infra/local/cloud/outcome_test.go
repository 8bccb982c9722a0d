package cloud_test

import (
	"net/http"
	"testing"
	"time"

	"flashmentoring/infra/local/cloud"
)

// A mail bounces, and its reader gets no more of them; the other side does.
func TestABounceStopsFurtherMail(t *testing.T) {
	onEachEngine(t, func(t *testing.T, config cloud.Config) {
		w := start(t, config)
		expert, requester := w.enrolled("expert"), w.enrolled("requester")
		booking := requester.books(expert.publishes(72*time.Hour, 1)).field("id")
		first := w.mail(requester.email)
		if len(first) != 1 {
			t.Fatalf("the requester has %d mails", len(first))
		}
		for range 2 { // EventBridge may deliver twice
			a := w.post("/_local/mail/"+first[0].ID+"/bounce", nil)
			if a.status != http.StatusOK || a.field("to") != requester.email || a.field("outcome") != "bounce" {
				t.Fatalf("bounce: %d %s", a.status, a.text)
			}
		}
		requester.must(http.StatusOK, http.MethodPost, "/v1/bookings/"+booking+"/cancel", map[string]any{})
		if n := len(w.mail(expert.email)); n != 2 {
			t.Errorf("the expert has %d mails, want 2", n)
		}
		w.travels("2h")
		if n := len(w.mail(requester.email)); n != 1 {
			t.Errorf("the requester, whose address bounced, has %d mails, want 1", n)
		}
	})
}

// While the mail service fails in one way or another, bookings go on; when it is well again, everybody is told, once.
func TestTheMailServiceIsUnwell(t *testing.T) {
	for _, state := range []string{"down", "failing_half", "throttling", "paused"} {
		t.Run(state, func(t *testing.T) {
			w := start(t, empty(t))
			slot := w.enrolled("expert").publishes(72*time.Hour, 4)
			if a := w.post("/_local/ses", map[string]any{"state": state}); a.status != http.StatusOK || a.field("state") != state {
				t.Fatalf("ses: %d %s", a.status, a.text)
			}
			for _, name := range []string{"ada", "ben", "eve"} {
				if a := w.enrolled(name).books(slot); a.status != http.StatusCreated {
					t.Fatalf("booking answers %d: %s", a.status, a.text)
				}
			}
			if n := len(w.mail("")); n != 0 && state != "failing_half" {
				t.Errorf("%d mails while the mail service is %s", n, state)
			}
			w.travels("3h")
			w.post("/_local/ses", map[string]any{"state": "up"})
			w.travels("3h")
			for _, name := range []string{"ada", "ben", "eve"} {
				if n := len(w.mail(name + "@example.org")); n != 1 {
					t.Errorf("%s has %d mails, want 1", name, n)
				}
			}
			if n := len(w.mail("expert@example.org")); n != 3 {
				t.Errorf("the expert has %d mails, want 3", n)
			}
		})
	}
}

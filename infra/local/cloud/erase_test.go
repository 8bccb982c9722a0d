package cloud_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flashmentoring/infra/local/cloud"
)

// Somebody reads all that is held of them, and leaves: those they were to meet are told, their links and their feed are dead, and
// an hour later their name is nowhere, on either engine.
func TestErased(t *testing.T) {
	onEachEngine(t, func(t *testing.T, config cloud.Config) {
		w := start(t, config)
		ada, ben, eve := w.enrolled("ada"), w.enrolled("ben"), w.enrolled("eve")
		ben.must(http.StatusOK, http.MethodPut, "/v1/me", map[string]any{"name": "Ben Canary", "timeZone": "Europe/Berlin", "acceptGroundRules": true})
		past := ben.asks(ada.offers(3*time.Hour, nil), "confirmed")
		w.travels("4h")
		ahead := ben.asks(ada.offers(20*time.Hour, nil), "confirmed")
		hosted := eve.asks(ben.offers(30*time.Hour, nil), "confirmed")
		w.mail("")
		manage := ben.link("booking_confirmed", "/manage/")
		feed := ben.must(http.StatusOK, http.MethodGet, "/v1/me/calendar", nil).field("url")

		held := ben.must(http.StatusOK, http.MethodGet, "/v1/me/export", nil)
		for _, id := range []string{past, ahead, hosted, "Ben Canary"} {
			if !strings.Contains(held.text, id) {
				t.Errorf("the export lacks %s: %s", id, held.text)
			}
		}
		for range 2 {
			ben.must(http.StatusNoContent, http.MethodDelete, "/v1/me", nil)
		}
		w.travels("2m")
		for _, p := range []person{ada, eve} {
			if told := p.told(); told[len(told)-1] != "booking_cancelled CANCEL" {
				t.Errorf("%s is told %v", p.email, told)
			}
		}
		for _, address := range []string{manage, feed} {
			answer, err := w.client.Get(address)
			if err != nil {
				t.Fatal(err)
			}
			if answer.Body.Close(); answer.StatusCode < 400 || answer.StatusCode >= 500 {
				t.Errorf("a link still answers %d", answer.StatusCode)
			}
		}
		w.travels("2h")
		for _, path := range []string{"/v1/bookings?role=expert", "/v1/bookings/" + past} {
			if shown := ada.must(http.StatusOK, http.MethodGet, path, nil); strings.Contains(shown.text, "Canary") || !strings.Contains(shown.text, "Former participant") {
				t.Errorf("%s shows %s", path, shown.text)
			}
		}
		before := len(ben.told())
		w.travels("72h")
		if after := ben.told(); len(after) != before {
			t.Errorf("ben is told %v", after[before:])
		}
	})
}

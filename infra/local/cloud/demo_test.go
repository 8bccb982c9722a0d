package cloud_test

import (
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"flashmentoring/infra/local/cloud"
)

// A demo ends with a report worth looking at, mails of every kind that such weeks bring, and nothing lost.
func TestDemo(t *testing.T) {
	w := start(t, cloud.Config{
		DataDir: t.TempDir(), Table: cloud.Bolt, Parameters: map[string]string{"WritesPerMinute": "60000", "ReadsPerMinute": "60000"},
	})
	if err := w.Play(t.Context()); err != nil {
		t.Fatal(err)
	}
	response, err := w.client.Get(w.URL() + "/_local/report")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%d, %v: %s", response.StatusCode, err, text)
	}
	held := regexp.MustCompile(`>held</th><td>(\d+)</td>`).FindSubmatch(text)
	if held == nil {
		t.Fatalf("the report says nothing of sessions held: %s", text)
	}
	if n, _ := strconv.Atoi(string(held[1])); n < 100 || strings.Contains(string(text), "no case") {
		t.Errorf("%d sessions were held, and the report is %s", n, text)
	}
	kinds := map[string]int{}
	for _, m := range w.Mail("") {
		kinds[m.Kind]++
	}
	for _, kind := range []string{
		"booking_confirmed", "booking_requested", "booking_declined", "request_expired", "waitlisted", "waitlist_promoted", "booking_cancelled",
		"reminder_24h", "reminder_1h", "survey_pulse", "survey_reminder", "not_held", "strike", "stay_in_touch", "session_closed", "survey_outcome",
	} {
		if kinds[kind] == 0 {
			t.Errorf("no %s among %v", kind, kinds)
		}
	}
}

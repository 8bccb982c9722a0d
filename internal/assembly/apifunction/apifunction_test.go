package apifunction_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/apifunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/identity/localissuer"
	"flashmentoring/internal/table/bolttable"
)

// The samples in events/api, replayed in the order of a client's first steps, as JSON in and JSON out, through
// everything but the network: the tokens are checked against an issuer's real keys.
func TestSampleEvents(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	now := func() time.Time { return at }
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	defer server.Close()
	issuer, err := localissuer.New(server.URL, now)
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/", issuer.Handler())
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	handler, err := apifunction.New(config.API{
		Table:     config.Table{OutboxShards: 4, OpenShards: 1, DueShards: 2},
		Token:     config.Token{Issuer: server.URL, Audience: "flashmentoring"},
		CursorKey: config.Secret(strings.Repeat("k", 32)),
		Policy: config.Policy{
			MaxUpcomingConfirmed: 3, MaxOpenRequests: 5, MaxPerPair: 1, RequestHours: 48, StrikesAllowed: 3, StrikeDays: 90, CooldownDays: 28,
		},
		Mail:     config.Mail{From: mail.Address{Address: "mentoring@example.com"}, Domain: "example.com"},
		LinkKeys: []config.LinkKey{{ID: "1", Secret: config.Secret(strings.Repeat("l", 32))}},
		Rate:     config.Rate{WritesPerMinute: 30, ReadsPerMinute: 300},
		LogLevel: slog.LevelInfo,
	}, assembly.Surroundings{Table: engine, Now: now, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	function := lambda.NewHandler(handler)

	names := map[string]string{} // those that were made, by the ids in the samples
	replayed := map[string]bool{}
	replay := func(sample, who string, status int) map[string]any {
		t.Helper()
		replayed[sample] = true
		text, err := os.ReadFile("../../../events/api/" + sample + ".json")
		if err != nil {
			t.Fatal(err)
		}
		claims := localissuer.Claims{Sub: who, Email: who + "@example.com", Name: who, Audience: "flashmentoring"}
		if who == "cleo" {
			claims.Groups = []string{"coordinators"}
		}
		token, err := issuer.Mint(claims, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		event := strings.Replace(string(text), "Bearer TOKEN", "Bearer "+token, 1)
		for id, made := range names {
			event = strings.ReplaceAll(event, id, made)
		}
		answer, err := function.Invoke(t.Context(), []byte(event))
		if err != nil {
			t.Fatalf("%s: %v", sample, err)
		}
		var response events.APIGatewayV2HTTPResponse
		var body map[string]any
		if err := json.Unmarshal(answer, &response); err != nil {
			t.Fatalf("%s: %v", sample, err)
		}
		if response.StatusCode != status {
			t.Fatalf("%s answers %d, want %d: %s", sample, response.StatusCode, status, response.Body)
		}
		if !strings.HasPrefix(response.Body, "{") { // nothing, or a file
			return nil
		}
		if err := json.Unmarshal([]byte(response.Body), &body); err != nil {
			t.Fatalf("%s: %v", sample, err)
		}
		return body
	}
	const sampleSlot, otherSlot = "slot_aeaqcaibaeaqcaibaeaqcaibae", "slot_aiaqcaibaeaqcaibaeaqcaibae"
	const sampleBooking, samplePerson = "bkg_aeaqcaibaeaqcaibaeaqcaibae", "per_aeaqcaibaeaqcaibaeaqcaibae"

	for _, who := range []string{"ada", "ben", "dan"} {
		replay("get-me", who, 200)
		names[samplePerson] = replay("put-me", who, 200)["id"].(string)
	}
	replay("put-person-programme", "cleo", 200) // dan's, as are the blocks
	replay("get-person-programme", "cleo", 200)
	if people := replay("get-people", "cleo", 200)["items"].([]any); len(people) != 3 {
		t.Errorf("people: %v", people)
	}
	replay("delete-person-suppression", "cleo", 204)
	if counts := replay("post-people-import", "cleo", 200)["counts"].(map[string]any); counts["changed"] != 1.0 || counts["kept"] != 2.0 {
		t.Errorf("imported: %v", counts)
	}
	replay("put-me-block", "ada", 204)
	replay("delete-me-block", "ada", 204)
	const gateway = "https://abcde12345.execute-api.eu-central-1.amazonaws.com/calendar/"
	feed, rotated := replay("get-me-calendar", "ben", 200)["url"], replay("post-me-calendar-rotate", "ben", 200)["url"]
	if feed == rotated || !strings.HasPrefix(feed.(string), gateway) || !strings.HasPrefix(rotated.(string), gateway) {
		t.Errorf("the feed was at %v and is at %v", feed, rotated)
	}
	if topic := replay("put-topic", "cleo", 200); topic["version"] != 1.0 || topic["slug"] != "quantum-computing" {
		t.Errorf("topic: %v", topic)
	}
	replay("get-topics", "ben", 200)
	replay("get-slot", "ben", 404)
	slot := replay("post-slot", "ada", 201)
	names[sampleSlot] = slot["id"].(string)
	names[samplePerson] = slot["expert"].(map[string]any)["id"].(string)
	replay("get-person", "ben", 200)
	replay("get-slots", "ben", 200)
	replay("get-slot", "ben", 200)
	replay("patch-slot", "ada", 200)
	booking := replay("post-booking", "ben", 201)
	if again := replay("post-booking", "ben", 201); again["id"] != booking["id"] {
		t.Errorf("sent again with its key, the booking is %v instead of %v", again["id"], booking["id"])
	}
	names[sampleBooking] = booking["id"].(string)
	replay("get-bookings", "ben", 200)
	replay("get-booking", "ben", 200)
	replay("get-slot-bookings", "ada", 200)
	several := replay("post-slot-batch", "ada", 201)["items"].([]any)
	names[otherSlot] = several[0].(map[string]any)["id"].(string)
	is := func(status string, made map[string]any) {
		t.Helper()
		if made["status"] != status {
			t.Errorf("it is %v, want %s", made["status"], status)
		}
	}
	is("requested", replay("post-booking-move", "ben", 200))
	is("confirmed", replay("post-booking-approve", "ada", 200))
	replay("get-booking-invite", "ben", 200)
	replay("get-booking-history", "ben", 200)
	is("closed", replay("post-slot-close", "ada", 200))
	is("cancelled", replay("post-slot-cancel", "ada", 200))

	names[sampleSlot] = several[1].(map[string]any)["id"].(string)
	replay("put-me", "fay", 200)
	names[sampleBooking] = replay("post-booking", "fay", 201)["id"].(string)
	is("cancelled", replay("post-booking-cancel", "fay", 200))
	names[sampleBooking] = replay("post-booking", "dan", 201)["id"].(string)
	is("declined", replay("post-booking-decline", "ada", 200))

	// Time passes, and what was booked is over.
	names[sampleBooking] = booking["id"].(string)
	if at, err = time.Parse(time.RFC3339, several[0].(map[string]any)["endsAt"].(string)); err != nil {
		t.Fatal(err)
	}
	replay("post-booking-attendance", "ada", 200)
	replay("delete-booking-attendance", "ada", 200)
	replay("get-booking-survey", "ben", 200)
	replay("put-booking-survey", "ben", 200)
	replay("put-booking-takeaways", "ben", 200)
	replay("get-booking-takeaways", "ben", 200)
	replay("put-booking-debrief", "ben", 200)
	replay("get-booking-debrief", "ben", 200)
	names["act_aeaqcaibaeaqcaibaeaqcaibae"] = replay("post-booking-action", "ben", 201)["id"].(string)
	replay("get-booking-actions", "ben", 200)
	replay("patch-booking-action", "ben", 200)
	at = at.AddDate(0, 0, 30)
	replay("get-booking-outcome", "ben", 200)
	replay("put-booking-outcome", "ben", 200)

	names["con_aeaqcaibaeaqcaibaeaqcaibae"] = replay("post-concern", "ben", 201)["id"].(string)
	replay("get-concerns", "cleo", 200)
	replay("post-concern-resolve", "cleo", 200)
	replay("get-report", "cleo", 200)
	replay("get-report-notes", "cleo", 200)

	replay("get-me-export", "ben", 200)
	replay("delete-me", "fay", 204)

	park(t, assembly.Desk(config.Table{OutboxShards: 4}, config.Policy{}, assembly.Surroundings{Table: engine, Now: now}))
	const sampleDead = "dead_aeaqcaibaeaqcaibaeaqcaibae"
	names[sampleDead] = replay("get-mail-dead", "cleo", 200)["items"].([]any)[0].(map[string]any)["id"].(string)
	if letter := replay("post-mail-dead-retry", "cleo", 200); letter["retriedAt"] != at.Format(time.RFC3339) {
		t.Errorf("retried: %v", letter)
	}

	samples, err := filepath.Glob("../../../events/api/*.json")
	if err != nil {
		t.Fatal(err)
	}
	routes := map[string]bool{}
	for _, sample := range samples {
		if name := strings.TrimSuffix(filepath.Base(sample), ".json"); !replayed[name] {
			t.Errorf("%s is not replayed", name)
		}
		var event events.APIGatewayV2HTTPRequest
		text, err := os.ReadFile(sample)
		if err == nil {
			err = json.Unmarshal(text, &event)
		}
		if err != nil {
			t.Fatal(err)
		}
		routes[event.RouteKey] = true
	}
	for _, route := range httpapi.Routes() {
		if !routes[route.String()] {
			t.Errorf("there is no sample of %s", route)
		}
	}
}

// park puts all events of the outbox aside, as if none could be sent.
func park(t *testing.T, office *desk.Desk) {
	t.Helper()
	for shard := range office.OutboxShards {
		keys, err := office.OutboxDue(t.Context(), shard, "", office.Now().Add(time.Minute), 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range keys {
			row, err := office.OutboxRow(t.Context(), key)
			if err == nil {
				err = office.Park(t.Context(), row, 40, []desk.Failure{{Reason: "failed"}})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

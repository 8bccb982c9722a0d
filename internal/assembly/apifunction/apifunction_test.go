package apifunction_test

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
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
		Table:     config.Table{OutboxShards: 4, OpenShards: 1},
		Token:     config.Token{Issuer: server.URL, Audience: "flashmentoring"},
		CursorKey: config.Secret(strings.Repeat("k", 32)),
		Policy:    config.Policy{MaxUpcomingConfirmed: 3, MaxPerPair: 1},
		Rate:      config.Rate{WritesPerMinute: 30, ReadsPerMinute: 300},
		LogLevel:  slog.LevelInfo,
	}, assembly.Surroundings{Table: engine, Now: now, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	function := lambda.NewHandler(handler)

	names := strings.NewReplacer() // the ids of the samples, by those that were made
	replay := func(sample, who string, status int) map[string]any {
		t.Helper()
		text, err := os.ReadFile("../../../events/api/" + sample + ".json")
		if err != nil {
			t.Fatal(err)
		}
		token, err := issuer.Mint(localissuer.Claims{
			Sub: who, Email: who + "@example.com", Name: who, Audience: "flashmentoring",
		}, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		event := names.Replace(strings.Replace(string(text), "Bearer TOKEN", "Bearer "+token, 1))
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
		if err := json.Unmarshal([]byte(response.Body), &body); err != nil {
			t.Fatalf("%s: %v", sample, err)
		}
		return body
	}
	for _, who := range []string{"ada", "ben"} {
		replay("get-me", who, 200)
		replay("put-me", who, 200)
	}
	replay("get-topics", "ben", 200)
	replay("get-slot", "ben", 404)
	slot := replay("post-slot", "ada", 201)
	const sampleSlot, sampleBooking = "slot_aeaqcaibaeaqcaibaeaqcaibae", "bkg_aeaqcaibaeaqcaibaeaqcaibae"
	names = strings.NewReplacer(sampleSlot, fmt.Sprint(slot["id"]))
	replay("get-slots", "ben", 200)
	replay("get-slot", "ben", 200)
	booking := replay("post-booking", "ben", 201)
	if again := replay("post-booking", "ben", 201); again["id"] != booking["id"] {
		t.Errorf("sent again with its key, the booking is %v instead of %v", again["id"], booking["id"])
	}
	names = strings.NewReplacer(sampleSlot, fmt.Sprint(slot["id"]), sampleBooking, fmt.Sprint(booking["id"]))
	replay("get-bookings", "ben", 200)
	replay("get-booking", "ben", 200)
	if cancelled := replay("post-booking-cancel", "ben", 200); cancelled["status"] != "cancelled" {
		t.Errorf("cancelled, the booking is %v", cancelled["status"])
	}

	samples, err := filepath.Glob("../../../events/api/*.json")
	if err != nil || len(samples) != 10 {
		t.Errorf("there are %d samples, and this replays 10 (%v)", len(samples), err)
	}
}

package pagesfunction_test

import (
	"encoding/json"
	"io"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/pagesfunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table/bolttable"
)

// The samples in events/pages, replayed in the order of a visitor's steps, as JSON in and JSON out.
func TestSampleEvents(t *testing.T) {
	at := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	here := assembly.Surroundings{Table: engine, Now: func() time.Time { return at }, Log: io.Discard}
	keys := []config.LinkKey{{ID: "2", Secret: config.Secret(strings.Repeat("n", 32))}, {ID: "1", Secret: config.Secret(strings.Repeat("o", 32))}}
	policy := config.Policy{MaxUpcomingConfirmed: 3, MaxOpenRequests: 5, MaxPerPair: 2, RequestHours: 48, StrikesAllowed: 3, StrikeDays: 90, CooldownDays: 28}
	handler, err := pagesfunction.New(config.Pages{
		Policy:   policy,
		Table:    config.Table{OutboxShards: 4, OpenShards: 1},
		Mail:     config.Mail{From: mail.Address{Address: "mentoring@example.com"}, Domain: "example.com"},
		LinkKeys: keys,
	}, here)
	if err != nil {
		t.Fatal(err)
	}
	function := lambda.NewHandler(handler)
	who, booking := booked(t, assembly.Desk(config.Table{}, policy, here), at.Add(72*time.Hour))
	_, met := booked(t, assembly.Desk(config.Table{}, policy, here), at.Add(48*time.Hour)) // that they will have had

	// One link is of the key that signs, the others of the one before.
	fresh, err := assembly.Links("", keys)
	if err != nil {
		t.Fatal(err)
	}
	older, err := assembly.Links("", keys[1:])
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{}
	for name, make := range map[string]func() (string, error){
		"manage":      func() (string, error) { return fresh.Manage(string(who), string(booking), 0, at.AddDate(0, 2, 0)) },
		"unsubscribe": func() (string, error) { return older.Unsubscribe(string(who), at.AddDate(0, 2, 0)) },
		"survey":      func() (string, error) { return fresh.Survey(string(who), string(met), 0, at.AddDate(0, 2, 0)) },
		"outcome":     func() (string, error) { return fresh.Outcome(string(who), string(met), 0, at.AddDate(0, 2, 0)) },
		"calendar":    func() (string, error) { return older.Feed(string(who), 0, at.AddDate(0, 2, 0)) },
	} {
		address, err := make()
		if err != nil {
			t.Fatal(err)
		}
		tokens[name] = strings.Split(address, "/")[2]
	}

	steps := []struct {
		sample, page string
		status       int
		says         string
		after        time.Duration // of what is made
	}{
		{"get-manage", "manage", 200, "Your session is confirmed", 0},
		{"get-manage-invite", "manage", 200, "BEGIN:VCALENDAR", 0},
		{"get-calendar", "calendar", 200, string(booking), 0},
		{"get-manage-concern", "manage", 200, "Raise a concern", 0},
		{"post-manage-concern", "manage", 200, "Your concern is sent", 0},
		{"get-manage-block", "manage", 200, "Block ada?", 0},
		{"post-manage-block", "manage", 303, "", 0},
		{"get-manage-block", "manage", 200, "You have blocked ada", 0},
		{"get-manage-cancel", "manage", 200, "Cancel this booking?", 0},
		{"post-manage-cancel", "manage", 303, "", 0},
		{"get-manage", "manage", 200, "A trip came up. Sorry!", 0},
		{"get-unsubscribe", "unsubscribe", 200, "Stop surveys", 0},
		{"post-unsubscribe", "unsubscribe", 200, "They are stopped", 0},
		{"get-survey", "survey", 200, `value="held" checked`, 49 * time.Hour},
		{"post-survey", "survey", 303, "", 49 * time.Hour},
		{"get-outcome", "outcome", 200, "Ask for the numbers of last year", 33 * 24 * time.Hour},
		{"post-outcome", "outcome", 303, "", 33 * 24 * time.Hour},
	}
	replayed, made := map[string]bool{}, at
	for _, step := range steps {
		at = made.Add(step.after)
		replayed[step.sample+".json"] = true
		text, err := os.ReadFile("../../../events/pages/" + step.sample + ".json")
		if err != nil {
			t.Fatal(err)
		}
		answer, err := function.Invoke(t.Context(), []byte(strings.ReplaceAll(string(text), "TOKEN", tokens[step.page])))
		if err != nil {
			t.Fatalf("%s: %v", step.sample, err)
		}
		var response events.APIGatewayV2HTTPResponse
		if err := json.Unmarshal(answer, &response); err != nil {
			t.Fatalf("%s: %v", step.sample, err)
		}
		if response.StatusCode != step.status || !strings.Contains(response.Body, step.says) {
			t.Errorf("%s answers %d, want %d with %q: %s", step.sample, response.StatusCode, step.status, step.says, response.Body)
		}
	}
	samples, err := filepath.Glob("../../../events/pages/*.json")
	if err != nil || len(samples) != len(replayed) ||
		slices.ContainsFunc(samples, func(s string) bool { return !replayed[filepath.Base(s)] }) {
		t.Errorf("there are %v, and this replays %v (%v)", samples, replayed, err)
	}
}

// booked is somebody and their booking.
func booked(t *testing.T, d *desk.Desk, at time.Time) (mentoring.PersonID, mentoring.BookingID) {
	t.Helper()
	var people []desk.Caller
	for _, name := range []string{"ada", "ben"} {
		c := desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", name), Email: name + "@example.com", Name: name}
		_, err := d.Enrol(t.Context(), c, mentoring.Enrolment{
			Profile: mentoring.Profile{Name: name, TimeZone: "Europe/Berlin"}, AcceptGroundRules: true,
		}, nil)
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, c)
	}
	slot, err := d.Publish(t.Context(), people[0], mentoring.SlotDraft{
		Title: "Reading a balance sheet", Topic: "finance", StartsAt: at, DurationMinutes: 30,
	}, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	booking, err := d.Book(t.Context(), people[1], slot.Slot.ID, mentoring.BookingRequest{
		Purpose:    mentoring.Purpose{Kind: "knowledge", Question: "Where does one begin?", DesiredOutcome: "To read one by myself this week."},
		NoConflict: true,
	}, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return people[1].ID, booking.Booking.ID
}

func TestNewRefuses(t *testing.T) {
	good := config.Pages{
		Mail:     config.Mail{From: mail.Address{Address: "mentoring@example.com"}, Domain: "example.com"},
		LinkKeys: []config.LinkKey{{ID: "1", Secret: config.Secret(strings.Repeat("o", 32))}},
	}
	keyless, nameless := good, good
	keyless.LinkKeys, nameless.Mail.Domain = nil, ""
	for want, c := range map[string]config.Pages{"no key": keyless, "is not a domain": nameless} {
		if _, err := pagesfunction.New(c, assembly.Surroundings{Log: io.Discard}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}

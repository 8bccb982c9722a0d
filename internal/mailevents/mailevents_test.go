package mailevents_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mailevents"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/sesbox"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/telemetry"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// ours is where the events are from.
var ours = sesbox.Place{Account: "123456789012", Region: "eu-central-1", ConfigurationSet: "set"}

type world struct {
	*mailevents.Handler
	desk *desk.Desk
	log  *bytes.Buffer
}

func open(t testing.TB, wrap func(table.Table) table.Table) world {
	t.Helper()
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	through := table.Table(engine)
	if wrap != nil {
		through = wrap(engine)
	}
	now := func() time.Time { return noon }
	w := world{desk: desk.New(desk.Config{Table: through, Now: now, Random: rand.Reader}), log: new(bytes.Buffer)}
	log := telemetry.NewLogger(w.log, slog.LevelDebug)
	w.Handler = mailevents.New(mailevents.Config{
		Desk: w.desk, Account: ours.Account, ConfigurationSet: ours.ConfigurationSet,
		Metrics: telemetry.NewMetrics(log, "Test", now), Log: log,
	})
	return w
}

func (w world) take(ctx context.Context, text string) error {
	return w.Handle(ctx, json.RawMessage(text))
}

func (w world) held(t *testing.T, address string) desk.SuppressionReason {
	t.Helper()
	s, err := w.desk.Suppression(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if s == nil {
		return ""
	}
	return s.Reason
}

var mailToRana = sesbox.Mail{ID: "id-1", To: "rana@south.example", From: "a@b.example", Kind: "booking_confirmed", At: noon}

// What the endpoint for tests and the local cloud says became of a mail.
func TestOutcomes(t *testing.T) {
	for outcome, want := range map[sesbox.Outcome]desk.SuppressionReason{
		sesbox.Bounced: desk.SuppressedBounce, sesbox.Complained: desk.SuppressedComplaint,
		sesbox.SoftBounced: "", sesbox.Delivered: "",
	} {
		t.Run(string(outcome), func(t *testing.T) {
			w := open(t, nil)
			for range 2 {
				if err := w.take(t.Context(), string(mailToRana.Event(outcome, ours, noon))); err != nil {
					t.Fatal(err)
				}
			}
			if got := w.held(t, "Rana@South.example"); got != want {
				t.Errorf("suppressed for %q, want %q", got, want)
			}
		})
	}
}

// The events of the endpoint have the members of those AWS documents, so the one is tested where the other is.
func TestTheEndpointsEventsAreInAWSsForm(t *testing.T) {
	for sample, outcome := range map[string]sesbox.Outcome{
		"bounce": sesbox.Bounced, "bounce-transient": sesbox.SoftBounced, "complaint": sesbox.Complained, "delivery": sesbox.Delivered,
	} {
		text, err := os.ReadFile("../../events/mailevents/" + sample + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var documented, made map[string]any
		if err := json.Unmarshal(text, &documented); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(mailToRana.Event(outcome, ours, noon), &made); err != nil {
			t.Fatal(err)
		}
		within(t, sample, documented, made)
	}
}

// within demands that what was made has no member, and no type of one, that is not documented.
func within(t *testing.T, path string, documented, made any) {
	t.Helper()
	switch made := made.(type) {
	case map[string]any:
		object, ok := documented.(map[string]any)
		for name, value := range made {
			if _, known := object[name]; !ok || !known {
				t.Errorf("%s has no %s", path, name)
				continue
			}
			within(t, path+"."+name, object[name], value)
		}
	case []any:
		list, ok := documented.([]any)
		for _, value := range made {
			if !ok || len(list) == 0 {
				t.Errorf("%s is no list", path)
				continue
			}
			within(t, path+"[]", list[0], value)
		}
	case string:
		if _, ok := documented.(string); !ok {
			t.Errorf("%s is no text", path)
		}
	}
}

// Each case is one change to a good event, and what becomes of it: refused, passed over, or taken in.
func TestForgedAndMalformed(t *testing.T) {
	const refused, passed, taken = "refused", "passed over", "taken in"
	tests := []struct{ name, old, new, want string }{
		{"as it is", "", "", taken},
		{"another source", `"aws.ses"`, `"com.example"`, refused},
		{"no source", `"source":"aws.ses",`, ``, refused},
		{"another account", `"account":"123456789012"`, `"account":"210987654321"`, refused},
		{"no account", `"account":"123456789012"`, `"x":1`, refused},
		{"no id", `"id":`, `"x":`, refused},
		{"a kind that is not known", `Email Bounced`, `Email Teleported`, passed},
		{"another configuration set", `"ses:configuration-set":["set"]`, `"ses:configuration-set":["other"]`, passed},
		{"no configuration set", `"ses:configuration-set":["set"]`, `"x":["set"]`, passed},
		{"another type than its kind", `"eventType":"Bounce"`, `"eventType":"Complaint"`, refused},
		{"no bounce", `"bounce":{`, `"x":{`, refused},
		{"no type of bounce", `"Permanent"`, `""`, refused},
		{"an undetermined bounce", `"Permanent"`, `"Undetermined"`, passed},
		{"a type of the future", `"Permanent"`, `"Partial"`, passed},
		{"no recipients", `"bouncedRecipients":[{`, `"bouncedRecipients":[],"x":[{`, refused},
		{"no address", `"emailAddress":"rana@south.example"`, `"emailAddress":""`, refused},
		{"what is no address", `"emailAddress":"rana@south.example"`, `"emailAddress":"rana"`, refused},
		{"an address with a name", `"emailAddress":"rana@south.example"`, `"emailAddress":"Rana <rana@south.example>"`, taken},
		{"recipients of another form", `"bouncedRecipients":[{`, `"bouncedRecipients":"x","y":[{`, refused},
		{"no message id", `"messageId":"id-1"`, `"messageId":""`, refused},
		{"no time", `"feedbackId":"id-1-feedback","timestamp":"2026-11-22T12:00:00.000Z"`, `"feedbackId":""`, refused},
		{"a detail that is a text", `"detail":{`, `"detail":"x","y":{`, refused},
		{"no detail", `"detail":{`, `"y":{`, refused},
	}
	good := string(mailToRana.Event(sesbox.Bounced, ours, noon))
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			text := strings.Replace(good, test.old, test.new, 1)
			if text == good && test.old != "" {
				t.Fatalf("%s is not in %s", test.old, good)
			}
			w := open(t, nil)
			err := w.take(t.Context(), text)
			got := passed
			switch {
			case errors.Is(err, mailevents.ErrRefused):
				got = refused
			case err != nil:
				t.Fatal(err)
			case w.held(t, "rana@south.example") == desk.SuppressedBounce:
				got = taken
			}
			if got != test.want {
				t.Errorf("%s, want %s", got, test.want)
			}
			if log := w.log.String(); strings.Contains(log, "south.example") || strings.Contains(log, "id-1") {
				t.Errorf("the log: %s", log)
			}
			if err != nil && strings.Contains(err.Error(), "south") {
				t.Errorf("the error: %v", err)
			}
		})
	}
}

// "not-spam" takes a complaint back, so it is none.
func TestNotSpam(t *testing.T) {
	w := open(t, nil)
	text := string(mailToRana.Event(sesbox.Complained, ours, noon))
	if err := w.take(t.Context(), strings.Replace(text, `"abuse"`, `"not-spam"`, 1)); err != nil || w.held(t, "rana@south.example") != "" {
		t.Errorf("%v, suppressed for %q", err, w.held(t, "rana@south.example"))
	}
}

// An event the table could not take in is told to be delivered again, and then is.
func TestTroublesOfTheTable(t *testing.T) {
	down := true
	w := open(t, func(engine table.Table) table.Table { return &switched{engine, &down} })
	text := string(mailToRana.Event(sesbox.Bounced, ours, noon))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := w.take(ctx, text)
	if refused := new(mentoring.Error); !errors.As(err, &refused) || refused.Code != mentoring.Busy || errors.Is(err, mailevents.ErrRefused) {
		t.Errorf("without a table: %v", err)
	}
	down = false
	if err := w.take(t.Context(), text); err != nil || w.held(t, "rana@south.example") != desk.SuppressedBounce {
		t.Errorf("delivered again: %v", err)
	}
}

// switched is a table that can be switched off.
type switched struct {
	table.Table
	down *bool
}

func (s *switched) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	if *s.down {
		return nil, table.ErrUnavailable
	}
	return s.Table.Get(ctx, keys...)
}

// Whatever comes, the handler neither panics nor suppresses an address that is not in the event.
func FuzzHandle(f *testing.F) {
	for _, outcome := range []sesbox.Outcome{sesbox.Bounced, sesbox.SoftBounced, sesbox.Complained, sesbox.Delivered} {
		f.Add(string(mailToRana.Event(outcome, ours, noon)))
	}
	f.Add(`{"source":"aws.ses","account":"123456789012","id":"1","detail-type":"Email Bounced","detail":null}`)
	f.Add(`{"detail":[]}`)
	w := open(f, nil)
	f.Fuzz(func(t *testing.T, text string) {
		_ = w.take(t.Context(), text)
		if w.held(t, "ada@north.example") != "" && !strings.Contains(strings.ToLower(text), "ada@north.example") {
			t.Error("an address is suppressed that nobody named")
		}
	})
}

package telemetry_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/telemetry"
)

// writtenBy is what a call makes of a metric: the line, as JSON. The logger's level keeps none back.
func writtenBy(t *testing.T, call func(*telemetry.Metrics)) (line map[string]any) {
	t.Helper()
	var out bytes.Buffer
	call(telemetry.NewMetrics(telemetry.NewLogger(&out, slog.LevelError), "Space", func() time.Time { return started }))
	if strings.Count(out.String(), "\n") != 1 {
		t.Fatalf("not one line: %q", out.String())
	}
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	return line
}

// The lines are those of the embedded metric format: each metric and each dimension that _aws names is a member of the
// line, and nothing else is but what every line has.
func TestMetrics(t *testing.T) {
	mails, lateness := map[string]any{"Name": "Mails", "Unit": "Count"}, map[string]any{"Name": "LatenessSeconds", "Unit": "Seconds"}
	for name, test := range map[string]struct {
		call       func(*telemetry.Metrics)
		dimensions []any
		metrics    []any
		members    map[string]any
	}{
		"sent": {
			func(m *telemetry.Metrics) { m.MailSent("booking_confirmed", 2500*time.Millisecond) },
			[]any{"kind", "fate"}, []any{mails, lateness},
			map[string]any{"kind": "booking_confirmed", "fate": "sent", "Mails": 1.0, "LatenessSeconds": 2.5},
		},
		"sent before its time, by a clock that is behind": {
			func(m *telemetry.Metrics) { m.MailSent("reminder_24h", -time.Second) },
			[]any{"kind", "fate"}, []any{mails, lateness},
			map[string]any{"kind": "reminder_24h", "fate": "sent", "Mails": 1.0, "LatenessSeconds": 0.0},
		},
		"put off": {
			func(m *telemetry.Metrics) { m.Mail("booking_cancelled", telemetry.PutOff) },
			[]any{"kind", "fate"}, []any{mails}, map[string]any{"kind": "booking_cancelled", "fate": "put_off", "Mails": 1.0},
		},
		"dead letter": {
			func(m *telemetry.Metrics) { m.DeadLetter() },
			[]any{}, []any{map[string]any{"Name": "DeadLetters", "Unit": "Count"}}, map[string]any{"DeadLetters": 1.0},
		},
		"suppressed": {
			func(m *telemetry.Metrics) { m.AddressSuppressed("bounce") },
			[]any{"reason"}, []any{map[string]any{"Name": "SuppressedAddresses", "Unit": "Count"}},
			map[string]any{"reason": "bounce", "SuppressedAddresses": 1.0},
		},
	} {
		t.Run(name, func(t *testing.T) {
			want := map[string]any{
				"timestamp": "2026-05-04T15:00:00Z", "level": "INFO", "message": "metric",
				"_aws": map[string]any{
					"Timestamp": 1777906800000.0,
					"CloudWatchMetrics": []any{map[string]any{
						"Namespace": "Space", "Dimensions": []any{test.dimensions}, "Metrics": test.metrics,
					}},
				},
			}
			for member, value := range test.members {
				want[member] = value
			}
			if diff := cmp.Diff(want, writtenBy(t, test.call)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever is passed for a kind or a reason by mistake: an address, a name, an id or a text is never in a line.
func TestMetricsNameNobody(t *testing.T) {
	for _, canary := range []string{
		"ada@example.org", "Ada", "ada lovelace", "per_aeaqcaibaeaqcaibaeaqcaibae", "bkg_aeaqcaibaeaqcaibaeaqcaibae", "",
		"dead_aeaqcaibaeaqcaibaeaqcaibae", "größe", "a\nb", "https://x", "<ada>", strings.Repeat("a", 26),
	} {
		for _, call := range []func(*telemetry.Metrics){
			func(m *telemetry.Metrics) { m.MailSent(canary, 0) },
			func(m *telemetry.Metrics) { m.Mail(canary, telemetry.Refused) },
			func(m *telemetry.Metrics) { m.AddressSuppressed(canary) },
			func(m *telemetry.Metrics) { m.Booked(canary) },
			func(m *telemetry.Metrics) { m.Refused(canary) },
		} {
			line := writtenBy(t, call)
			delete(line, "_aws")
			if line["kind"] != "other" && line["reason"] != "other" && line["status"] != "other" && line["code"] != "other" {
				t.Errorf("%q is told as %v", canary, line)
			}
		}
	}
}

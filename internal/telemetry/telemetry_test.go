package telemetry_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"flashmentoring/internal/telemetry"
)

var started = time.Date(2026, 5, 4, 17, 0, 0, 0, time.FixedZone("", 2*60*60))

func TestLineOfARequest(t *testing.T) {
	tests := map[string]struct {
		status int
		code   string
		want   string
	}{
		"success": {201, "", `"level":"INFO","message":"request","requestId":"id-1","route":"POST /v1/slots","status":201,`},
		"refused": {409, "slot_full",
			`"level":"INFO","message":"request","requestId":"id-1","route":"POST /v1/slots","status":409,"code":"slot_full",`},
		"failed": {503, "busy",
			`"level":"ERROR","message":"request","requestId":"id-1","route":"POST /v1/slots","status":503,"code":"busy",`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			ctx, line := telemetry.Begin(t.Context(), telemetry.NewLogger(&out, slog.LevelInfo), "request", started)
			telemetry.Add(ctx, telemetry.RequestID("id-1"), telemetry.Route("POST /v1/slots"))
			line.EndRequest(started.Add(12345678*time.Nanosecond), test.status, test.code)
			want := `{"timestamp":"2026-05-04T15:00:00.012345678Z",` + test.want + `"durationMs":12.345}` + "\n"
			if out.String() != want {
				t.Errorf("line\n%swant\n%s", out.String(), want)
			}
		})
	}
}

func TestAdd(t *testing.T) {
	var out bytes.Buffer
	ctx, line := telemetry.Begin(t.Context(), telemetry.NewLogger(&out, slog.LevelInfo), "stream", started)
	below, cancel := context.WithCancel(ctx)
	telemetry.Add(below, slog.Int("records", 3), slog.Int("sent", 1))
	telemetry.Add(below, slog.Int("sent", 2), slog.Any("cause", context.DeadlineExceeded))
	telemetry.Add(context.Background(), slog.String("lost", "nobody carries it"))
	cancel()
	line.End(started.Add(time.Second), slog.LevelWarn, slog.Int("failed", 1))
	telemetry.Add(below, slog.String("late", ""))
	line.End(started.Add(2*time.Second), slog.LevelError)
	want := `{"timestamp":"2026-05-04T15:00:01Z","level":"WARN","message":"stream","records":3,"sent":2,` +
		`"cause":"context deadline exceeded","failed":1,"durationMs":1000}` + "\n"
	if out.String() != want {
		t.Errorf("line\n%swant\n%s", out.String(), want)
	}
}

func TestAddFromManyGoroutines(t *testing.T) {
	var out bytes.Buffer
	ctx, line := telemetry.Begin(t.Context(), telemetry.NewLogger(&out, slog.LevelInfo), "tick", started)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() { telemetry.Add(ctx, slog.Int(fmt.Sprintf("shard%d", i), i)) })
	}
	all.Wait()
	line.End(started, slog.LevelInfo)
	if n := strings.Count(out.String(), `"shard`); n != 20 {
		t.Errorf("%d of 20 in %s", n, out.String())
	}
}

func TestLinesBelowTheLevelAreNotWritten(t *testing.T) {
	var out bytes.Buffer
	logger := telemetry.NewLogger(&out, slog.LevelWarn)
	_, line := telemetry.Begin(t.Context(), logger, "request", started)
	line.EndRequest(started, 200, "")
	logger.Info("not this")
	if out.Len() > 0 {
		t.Errorf("wrote %s", out.String())
	}
	_, line = telemetry.Begin(t.Context(), logger, "request", started)
	line.EndRequest(started, 500, "")
	if !strings.Contains(out.String(), `"status":500`) {
		t.Errorf("wrote %q, want the failed request", out.String())
	}
}

// Only the logger's own keys are renamed.
func TestNewLoggerKeys(t *testing.T) {
	var out bytes.Buffer
	telemetry.NewLogger(&out, slog.LevelInfo).Info("hello", slog.Group("inner", "time", 1, "msg", "x"), "time", 2)
	got := out.String()
	_, got, _ = strings.Cut(got, `"level"`) // the time is the logger's own
	want := `:"INFO","message":"hello","inner":{"time":1,"msg":"x"},"time":2}` + "\n"
	if got != want {
		t.Errorf("after the level\n%swant\n%s", got, want)
	}
}

// Logger attributes and groups are kept.
func TestLineKeepsTheLoggersAttributes(t *testing.T) {
	var out bytes.Buffer
	logger := telemetry.NewLogger(&out, slog.LevelInfo).With("function", "api")
	_, line := telemetry.Begin(t.Context(), logger, "request", started)
	line.EndRequest(started, 200, "")
	if !strings.Contains(out.String(), `"function":"api","status":200`) {
		t.Errorf("line %s", out.String())
	}
}

func BenchmarkLine(b *testing.B) {
	logger := telemetry.NewLogger(discard{}, slog.LevelInfo)
	b.ReportAllocs()
	for b.Loop() {
		ctx, line := telemetry.Begin(b.Context(), logger, "request", started)
		telemetry.Add(ctx, telemetry.RequestID("id-1"), telemetry.Route("POST /v1/slots"))
		line.EndRequest(started, 409, "slot_full")
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

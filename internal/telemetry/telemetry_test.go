package telemetry_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"flashmentoring/internal/telemetry"
)

var started = time.Date(2026, 5, 4, 17, 0, 0, 0, time.FixedZone("", 2*60*60))

// The tests of lines are not about the first one of the process, which [TestColdStart] is.
func TestMain(m *testing.M) {
	if os.Getenv(coldly) == "" {
		telemetry.Begin(context.Background(), slog.New(slog.DiscardHandler), nil, "", started)
	}
	os.Exit(m.Run())
}

const coldly = "TEST_COLD_START"

// The first invocation of a process says that it is, and no other.
func TestColdStart(t *testing.T) {
	if os.Getenv(coldly) != "" {
		for range 2 {
			_, line := telemetry.Begin(t.Context(), telemetry.NewLogger(os.Stdout, slog.LevelInfo), nil, "request", started)
			line.End(started, slog.LevelInfo)
		}
		return
	}
	again := exec.Command(os.Args[0], "-test.run=^TestColdStart$")
	again.Env = append(os.Environ(), coldly+"=1")
	out, err := again.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(string(out), "\n")
	if !strings.Contains(lines[0], `"message":"request","coldStart":true,`) || strings.Contains(lines[1], "coldStart") {
		t.Errorf("lines\n%s", out)
	}
}

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
			ctx, line := telemetry.Begin(t.Context(), telemetry.NewLogger(&out, slog.LevelInfo), nil, "request", started)
			telemetry.Add(ctx, telemetry.RequestID("id-1"), telemetry.Route("POST /v1/slots"))
			line.EndRequest(started.Add(12345678*time.Nanosecond), test.status, test.code)
			want := `{"timestamp":"2026-05-04T15:00:00.012345678Z",` + test.want + `"rounds":0,"rcu":0,"wcu":0,"conflicts":0,"retries":0,"storageMs":0,"durationMs":12.345}` + "\n"
			if out.String() != want {
				t.Errorf("line\n%swant\n%s", out.String(), want)
			}
		})
	}
}

func TestAdd(t *testing.T) {
	var out bytes.Buffer
	ctx, line := telemetry.Begin(t.Context(), telemetry.NewLogger(&out, slog.LevelInfo), nil, "stream", started)
	below, cancel := context.WithCancel(ctx)
	telemetry.Add(below, slog.Int("records", 3), slog.Int("sent", 1))
	telemetry.Add(below, slog.Int("sent", 2), slog.Any("cause", context.DeadlineExceeded))
	telemetry.Add(context.Background(), slog.String("lost", "nobody carries it"))
	cancel()
	telemetry.Add(below, slog.Int("failed", 1))
	telemetry.Count(below, "mails", 2)
	telemetry.Count(below, "mails", 3)
	telemetry.Count(context.Background(), "mails", 7)
	line.End(started.Add(time.Second), slog.LevelWarn)
	telemetry.Count(below, "mails", 1)
	telemetry.Add(below, slog.String("late", ""))
	line.End(started.Add(2*time.Second), slog.LevelError)
	want := `{"timestamp":"2026-05-04T15:00:01Z","level":"WARN","message":"stream","records":3,"sent":2,` +
		`"cause":"context deadline exceeded","failed":1,"mails":5,` +
		`"rounds":0,"rcu":0,"wcu":0,"conflicts":0,"retries":0,"storageMs":0,"durationMs":1000}` + "\n"
	if out.String() != want {
		t.Errorf("line\n%swant\n%s", out.String(), want)
	}
}

func TestAddFromManyGoroutines(t *testing.T) {
	var out bytes.Buffer
	ctx, line := telemetry.Begin(t.Context(), telemetry.NewLogger(&out, slog.LevelInfo), nil, "tick", started)
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
	_, line := telemetry.Begin(t.Context(), logger, nil, "request", started)
	line.EndRequest(started, 200, "")
	logger.Info("not this")
	if out.Len() > 0 {
		t.Errorf("wrote %s", out.String())
	}
	_, line = telemetry.Begin(t.Context(), logger, nil, "request", started)
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
	_, line := telemetry.Begin(t.Context(), logger, nil, "request", started)
	line.EndRequest(started, 200, "")
	if !strings.Contains(out.String(), `"function":"api","status":200`) {
		t.Errorf("line %s", out.String())
	}
}

func BenchmarkLine(b *testing.B) {
	logger := telemetry.NewLogger(discard{}, slog.LevelInfo)
	b.ReportAllocs()
	for b.Loop() {
		ctx, line := telemetry.Begin(b.Context(), logger, nil, "request", started)
		telemetry.Add(ctx, telemetry.RequestID("id-1"), telemetry.Route("POST /v1/slots"))
		line.EndRequest(started, 409, "slot_full")
	}
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

package telemetry_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/smithy-go"

	"flashmentoring/internal/table"
	"flashmentoring/internal/telemetry"
)

const secret = "ada@example.org said so"

var errKnown = errors.New("quota used up")

func TestCause(t *testing.T) {
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"a text that may hold anything": {errors.New(secret), "*errors.errorString"},
		"a constant":                    {fmt.Errorf("%s: %w: %s", secret, errKnown, secret), "quota used up"},
		"time ran out":                  {fmt.Errorf("%s: %w", secret, context.DeadlineExceeded), "context deadline exceeded"},
		"a refused commit":              {&table.Refusal{Reasons: []table.Reason{table.Fine, table.Conflict}}, "commit refused: write 1 conflict"},
		"AWS": {
			fmt.Errorf("%w: %w", table.ErrUnavailable, &smithy.OperationError{
				ServiceID: secret, Err: &smithy.GenericAPIError{Code: "ThrottlingException", Message: secret}}),
			"table unavailable: *smithy.OperationError: ThrottlingException",
		},
		"a code that is none": {&smithy.GenericAPIError{Code: secret}, "other"},
		"nobody there": {
			&url.Error{Op: "Get", URL: secret, Err: &net.OpError{Op: secret, Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}},
			"*url.Error: *net.OpError: *os.SyscallError: connection refused",
		},
		"several": {errors.Join(errKnown, &net.ParseError{Text: secret}, errKnown), "quota used up: *net.ParseError"},
	} {
		if got := telemetry.Cause(test.err, errKnown).Value.String(); got != test.want {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// What an invocation fails with is in its line and in its error as a kind, and the line is written whatever happens.
func TestRun(t *testing.T) {
	for name, test := range map[string]struct {
		work func(context.Context) error
		line []string
		err  string
	}{
		"done":   {func(ctx context.Context) error { telemetry.Count(ctx, "mails", 2); return nil }, []string{`"level":"INFO"`, `"mails":2`}, ""},
		"failed": {func(context.Context) error { return fmt.Errorf("%s: %w", secret, errKnown) }, []string{`"level":"ERROR"`, `"error":"quota used up"`}, "quota used up"},
		"panicked": {func(context.Context) error { panic(secret) },
			[]string{`"level":"ERROR"`, `"panic":"string"`, `"error":"panicked"`, "invocation_test.go"}, "panicked"},
		"panicked elsewhere": {func(ctx context.Context) error {
			group, _ := telemetry.SideBySide(ctx)
			group.Go(func() error { panic(secret) })
			return group.Wait()
		}, []string{`"panic":"string"`, `"error":"panicked"`, "invocation_test.go"}, "panicked"},
		"a mistake of ours": {func(context.Context) error { var none []int; _ = none[len(none)]; return nil },
			[]string{`"panic":"runtime error: index out of range [0] with length 0"`}, "panicked"},
	} {
		var out bytes.Buffer
		err := telemetry.Run(t.Context(), telemetry.NewLogger(&out, slog.LevelInfo), nil, "tick", time.Now, test.work, errKnown)
		if said := fmt.Sprint(err); said != test.err && err != nil || (err == nil) != (test.err == "") {
			t.Errorf("%s: error %v, want %q", name, err, test.err)
		}
		if test.err == "quota used up" && !errors.Is(err, errKnown) {
			t.Errorf("%s: %v hides what it is", name, err)
		}
		if strings.Count(out.String(), "\n") != 1 || strings.Contains(out.String(), secret) {
			t.Errorf("%s: %s", name, out.String())
		}
		for _, part := range test.line {
			if !strings.Contains(out.String(), part) {
				t.Errorf("%s: no %s in %s", name, part, out.String())
			}
		}
	}
}

// What Lambda calls the invocation is on the line. The trace is a client's word, unless it has the form of one.
func TestAboutTheInvocation(t *testing.T) {
	const root = "1-67891233-abcdef012345678912345678"
	for header, want := range map[string]string{
		"Root=" + root + ";Parent=53995c3f42cd8ad8;Sampled=1": root,
		"Self=1-1;Root=" + root:                               root,
		"Root=1-67891233-abcdef01234567891234567X":            "",
		"Root=1-67891233_abcdef012345678912345678":            "",
		"Root=" + secret:                                      "", "Root=": "", "": "", root: "",
	} {
		var out bytes.Buffer
		ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "8f1c"})
		//lint:ignore SA1029 the key is Lambda's
		ctx = context.WithValue(ctx, "x-amzn-trace-id", header)
		_, line := telemetry.Begin(ctx, telemetry.NewLogger(&out, slog.LevelInfo), nil, "request", started)
		line.End(started, slog.LevelInfo)
		if got := out.String(); !strings.Contains(got, `"invocationId":"8f1c"`) || strings.Contains(got, secret) ||
			strings.Contains(got, `"traceId":"`+root) != (want != "") || want == "" && strings.Contains(got, "traceId") {
			t.Errorf("%q: %s", header, got)
		}
	}
}

// The line says what the invocation used of the table, and contention is counted as a metric too, where there was some.
func TestUsageOnTheLine(t *testing.T) {
	var out bytes.Buffer
	log := telemetry.NewLogger(&out, slog.LevelInfo)
	metrics := telemetry.NewMetrics(log, "Space", func() time.Time { return started })
	ctx, line := telemetry.Begin(t.Context(), log, metrics, "request", started)
	if telemetry.Committed(ctx) {
		t.Error("something is committed before anything was")
	}
	on := table.Metered(contended{})
	if err := errors.Join(on.Commit(ctx), errors.Unwrap(on.Commit(ctx))); err != nil {
		t.Fatal(err)
	}
	table.MeterOf(ctx).Retried()
	if !telemetry.Committed(ctx) {
		t.Error("nothing is committed after a commit")
	}
	line.End(started, slog.LevelInfo)
	for _, part := range []string{`"rounds":2,"rcu":0,"wcu":7,"conflicts":1,"retries":1,"storageMs":`, `"Conflicts":1,"Retries":1}`} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no %s in %s", part, out.String())
		}
	}
	out.Reset()
	_, line = telemetry.Begin(t.Context(), log, metrics, "request", started)
	line.End(started, slog.LevelInfo)
	if strings.Contains(out.String(), "Conflicts") {
		t.Errorf("a metric without contention: %s", out.String())
	}
}

// contended is a table that refuses every second commit.
type contended struct{ table.Table }

func (contended) Commit(ctx context.Context, _ ...table.Write) error {
	if table.MeterOf(ctx).Usage().Commits == 1 {
		return &table.Refusal{Reasons: []table.Reason{table.Changed}}
	}
	table.MeterOf(ctx).Consumed(0, 7)
	return nil
}

func TestMethod(t *testing.T) {
	for method, want := range map[string]string{"GET": "GET", "PATCH": "PATCH", "get": "other", "ADA": "other", "": "other"} {
		if got := telemetry.Method(method).Value.String(); got != want {
			t.Errorf("%q is %q, want %q", method, got, want)
		}
	}
}

// A line says what the function was made from, where the Makefile said so, and only of invocations: other programs that
// write lines are not deployed.
func TestBuildOnTheLine(t *testing.T) {
	t.Cleanup(func() { telemetry.SetBuild("") })
	invoked := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{AwsRequestID: "8f1c"})
	for _, test := range []struct {
		build string
		ctx   context.Context
		want  bool
	}{{"v1.2.0", invoked, true}, {"", invoked, false}, {"v1.2.0", t.Context(), false}} {
		telemetry.SetBuild(test.build)
		var out bytes.Buffer
		_, line := telemetry.Begin(test.ctx, telemetry.NewLogger(&out, slog.LevelInfo), nil, "request", started)
		line.End(started, slog.LevelInfo)
		if got := strings.Contains(out.String(), `"build":"v1.2.0"`); got != test.want || strings.Contains(out.String(), `"build":""`) {
			t.Errorf("%q: %s", test.build, out.String())
		}
	}
}

package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"golang.org/x/sync/errgroup"
)

// errPanicked is what an invocation that panicked fails with.
var errPanicked = errors.New("panicked")

// Run does the work of an invocation that nobody waits for, and writes its line: at level error where the work failed or
// panicked. Its error is for Lambda, which invokes again and logs the error's text: so the text is what [Cause] says, and
// errors.Is finds what the work returned. known is as in Cause.
func Run(ctx context.Context, logger *slog.Logger, metrics *Metrics, message string, now func() time.Time,
	work func(context.Context) error, known ...error,
) error {
	ctx, line := Begin(ctx, logger, metrics, message, now())
	err := Survive(ctx, work)
	if err == nil {
		line.End(now(), slog.LevelInfo)
		return nil
	}
	line.End(now(), slog.LevelError, Cause(err, known...))
	return &described{err, known}
}

// Survive does work, and makes an error of its panic, which is put on the line that ctx carries. A panic that nobody
// survives ends the process, and what it carries is printed.
func Survive(ctx context.Context, work func(context.Context) error) (err error) {
	defer func() {
		if panicked := recover(); panicked != nil {
			Add(ctx, Panic(panicked)...)
			err = errPanicked
		}
	}()
	return work(ctx)
}

// Group is an [errgroup.Group] of an invocation: its goroutines survive panics as [Survive] says.
type Group struct {
	*errgroup.Group
	ctx context.Context
}

// SideBySide makes a group, and a context that ends when one of its goroutines fails or all have ended.
func SideBySide(ctx context.Context) (*Group, context.Context) {
	group, ctx := errgroup.WithContext(ctx)
	return &Group{group, ctx}, ctx
}

// Go does work in a goroutine of its own.
func (g *Group) Go(work func() error) {
	g.Group.Go(func() error { return Survive(g.ctx, func(context.Context) error { return work() }) })
}

// Panic says what panicked, and where. What a panic carries may be anything, so the log gets its type, its text only if the
// runtime wrote it, and the stack, which holds no values but numbers.
func Panic(panicked any) []slog.Attr {
	what := fmt.Sprintf("%T", panicked)
	if err, ok := panicked.(runtime.Error); ok {
		what = err.Error()
	}
	return []slog.Attr{slog.String("panic", what), slog.String("stack", string(debug.Stack()))}
}

// aboutInvocation appends what the Lambda runtime says of an invocation, where there is one: the id under which Lambda's own
// lines have it, the trace, and the version of the function. With it goes what the function was made from.
func aboutInvocation(ctx context.Context, attrs []slog.Attr) []slog.Attr {
	lambda, ok := lambdacontext.FromContext(ctx)
	if !ok {
		return attrs
	}
	attrs = append(attrs, slog.String("invocationId", lambda.AwsRequestID))
	if id := traceID(ctx); id != "" {
		attrs = append(attrs, slog.String("traceId", id))
	}
	if lambdacontext.FunctionVersion != "" {
		attrs = append(attrs, slog.String("version", lambdacontext.FunctionVersion))
	}
	if build != "" {
		attrs = append(attrs, slog.String("build", build))
	}
	return attrs
}

// traceID is the root of the trace, "" where there is none. A client can send a trace of its own, so only what has the form
// of one is taken: 1-67891233-abcdef012345678912345678 ("AWS X-Ray concepts", "Tracing header").
func traceID(ctx context.Context) string {
	header, _ := ctx.Value("x-amzn-trace-id").(string)
	for part := range strings.SplitSeq(header, ";") {
		if id, root := strings.CutPrefix(part, "Root="); root && isTraceID(id) {
			return id
		}
	}
	return ""
}

func isTraceID(id string) bool {
	if len(id) != len("1-67891233-abcdef012345678912345678") || !strings.HasPrefix(id, "1-") || id[10] != '-' {
		return false
	}
	return strings.Trim(id[2:10]+id[11:], "0123456789abcdef") == ""
}

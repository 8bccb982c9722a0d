package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"flashmentoring/internal/table"
)

// Line is the log line of one invocation while it is being filled. Its methods, [Add] and [Count] may be called from
// several goroutines.
type Line struct {
	logger  *slog.Logger
	metrics *Metrics
	meter   *table.Meter
	message string
	started time.Time

	mu    sync.Mutex
	attrs []slog.Attr
	ended bool
}

type lineKey struct{}

// begun says that this process has had an invocation. The first is the one that waited for the process to start.
var begun atomic.Bool

// Begin starts the line of an invocation that began at started. message says what kind of invocation it is: "request",
// "page", "stream", "tick", "mail event". The context carries the line to whatever the invocation calls, and the meter of
// what it uses of the table.
func Begin(ctx context.Context, logger *slog.Logger, metrics *Metrics, message string, started time.Time) (context.Context, *Line) {
	ctx, meter := table.WithMeter(ctx)
	l := &Line{logger: logger, metrics: metrics, meter: meter, message: message, started: started}
	l.attrs = aboutInvocation(ctx, make([]slog.Attr, 0, 24))
	if !begun.Swap(true) {
		l.attrs = append(l.attrs, slog.Bool("coldStart", true))
	}
	return context.WithValue(ctx, lineKey{}, l), l
}

// Add puts attrs on the line that ctx carries. One with a key that is there already takes its place. Without a line, or
// when it has ended, Add does nothing. The package comment says what must not be added.
func Add(ctx context.Context, attrs ...slog.Attr) {
	if l := lineOf(ctx); l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.add(attrs...)
	}
}

// Count adds n to a number on the line that ctx carries.
func Count(ctx context.Context, key string, n int) {
	if l := lineOf(ctx); l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		if i := l.index(key); i >= 0 {
			n += int(l.attrs[i].Value.Int64())
		}
		l.add(slog.Int(key, n))
	}
}

// Committed reports whether something was stored in the invocation whose line ctx carries.
func Committed(ctx context.Context) bool { return table.MeterOf(ctx).Usage().Commits > 0 }

func lineOf(ctx context.Context) *Line {
	l, _ := ctx.Value(lineKey{}).(*Line)
	return l
}

func (l *Line) add(attrs ...slog.Attr) {
	for _, attr := range attrs {
		if i := l.index(attr.Key); i >= 0 {
			l.attrs[i] = attr
		} else {
			l.attrs = append(l.attrs, attr)
		}
	}
}

func (l *Line) index(key string) int {
	return slices.IndexFunc(l.attrs, func(a slog.Attr) bool { return a.Key == key })
}

// EndRequest writes the line of an HTTP request that was answered at ended with status, and with the error code code if
// that is not "", which it counts. Statuses from 500 on are errors: they are ours, not the client's.
func (l *Line) EndRequest(ended time.Time, statusCode int, code string) {
	level := slog.LevelInfo
	if statusCode >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	attrs := []slog.Attr{status(statusCode)}
	if code != "" {
		attrs = append(attrs, errorCode(code))
		l.metrics.Refused(code)
	}
	l.End(ended, level, attrs...)
}

// End adds attrs, what was used of the table and how long the invocation took, and writes the line at level. Only the first
// End of a line does anything.
func (l *Line) End(ended time.Time, level slog.Level, attrs ...slog.Attr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	used := l.meter.Usage()
	l.metrics.contended(used)
	// The invocation's context may be over by now, and its line is needed most then.
	ctx := context.Background()
	if !l.logger.Enabled(ctx, level) {
		return
	}
	l.add(attrs...)
	l.add(usage(used)...)
	l.add(duration("durationMs", ended.Sub(l.started)))
	record := slog.NewRecord(ended, level, l.message, 0)
	record.AddAttrs(l.attrs...)
	// A line that cannot be written has nobody to be told.
	_ = l.logger.Handler().Handle(ctx, record)
}

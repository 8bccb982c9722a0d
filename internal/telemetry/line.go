package telemetry

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"
)

// Line is the log line of one invocation while it is being filled. Its methods, and [Add], may be called from several
// goroutines.
type Line struct {
	logger  *slog.Logger
	message string
	started time.Time

	mu    sync.Mutex
	attrs []slog.Attr
	ended bool
}

type lineKey struct{}

// Begin starts the line of an invocation that began at started. message says what kind of invocation it is: "request",
// "stream", "tick". The context carries the line to whatever the invocation calls.
func Begin(ctx context.Context, logger *slog.Logger, message string, started time.Time) (context.Context, *Line) {
	l := &Line{logger: logger, message: message, started: started}
	return context.WithValue(ctx, lineKey{}, l), l
}

// Add puts attrs on the line that ctx carries. One with a key that is there already takes its place. Without a line, or
// when it has ended, Add does nothing. The package comment says what must not be added.
func Add(ctx context.Context, attrs ...slog.Attr) {
	if l, ok := ctx.Value(lineKey{}).(*Line); ok {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.add(attrs...)
	}
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
	for i := range l.attrs {
		if l.attrs[i].Key == key {
			return i
		}
	}
	return -1
}

// EndRequest writes the line of an HTTP request that was answered at ended with status, and with the error code code if
// that is not "". Statuses from 500 on are errors: they are ours, not the client's.
func (l *Line) EndRequest(ended time.Time, statusCode int, code string) {
	level := slog.LevelInfo
	if statusCode >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	attrs := []slog.Attr{status(statusCode)}
	if code != "" {
		attrs = append(attrs, errorCode(code))
	}
	l.End(ended, level, attrs...)
}

// End adds attrs and how long the invocation took, and writes the line at level. Only the first End of a line does
// anything.
func (l *Line) End(ended time.Time, level slog.Level, attrs ...slog.Attr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	l.add(attrs...)
	l.add(duration(ended.Sub(l.started)))
	// The invocation's context may be over by now, and its line is needed most then.
	ctx := context.Background()
	if !l.logger.Enabled(ctx, level) {
		return
	}
	record := slog.NewRecord(ended, level, l.message, 0)
	record.AddAttrs(l.attrs...)
	// A line that cannot be written has nobody to be told.
	_ = l.logger.Handler().Handle(ctx, record)
}

package tabletest

import (
	"context"
	"sync"
	"time"

	"flashmentoring/internal/table"
)

// Stopwatch is a table that adds up the time spent in the one it wraps: the time during which at least one call was there,
// so calls made side by side count once. What a request took besides is the caller's own.
type Stopwatch struct {
	wrapped table.Table

	mu    sync.Mutex
	calls int       // under way
	since time.Time // when the first of these began
	spent time.Duration
}

var _ table.Table = (*Stopwatch)(nil)

// NewStopwatch wraps a table.
func NewStopwatch(wrapped table.Table) *Stopwatch { return &Stopwatch{wrapped: wrapped} }

// Spent is the time spent in calls that are over, since the last Reset.
func (s *Stopwatch) Spent() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.spent
}

// Reset starts again from nothing. No call may be under way.
func (s *Stopwatch) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spent = 0
}

func (s *Stopwatch) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls++; s.calls == 1 {
		s.since = time.Now()
	}
}

func (s *Stopwatch) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls--; s.calls == 0 {
		s.spent += time.Since(s.since)
	}
}

// Get passes the call on.
func (s *Stopwatch) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	s.enter()
	defer s.leave()
	return s.wrapped.Get(ctx, keys...)
}

// Query passes the call on.
func (s *Stopwatch) Query(ctx context.Context, r table.Range) (table.Page, error) {
	s.enter()
	defer s.leave()
	return s.wrapped.Query(ctx, r)
}

// Commit passes the call on.
func (s *Stopwatch) Commit(ctx context.Context, writes ...table.Write) error {
	s.enter()
	defer s.leave()
	return s.wrapped.Commit(ctx, writes...)
}

package tabletest

import (
	"context"
	"fmt"
	"time"

	"flashmentoring/internal/table"
)

// Latency is a table that takes its time. A call waits half of it, does its work on the wrapped table, and
// waits the other half: what it does takes effect in the middle of the call, as across a network, so calls
// made side by side overlap. In a bubble of testing/synctest the waiting costs no time.
type Latency struct {
	wrapped table.Table
	read    time.Duration
	commit  time.Duration
	sleep   func(context.Context, time.Duration) error
}

var _ table.Table = (*Latency)(nil)

// NewLatency wraps a table: a Get or a Query takes read longer, a Commit commit.
func NewLatency(wrapped table.Table, read, commit time.Duration) *Latency {
	return &Latency{wrapped, read, commit, sleep}
}

// SleepingBy has it wait by calling sleep, which is to return the context's error when that ends first.
// It returns the table itself, and belongs before its first use.
func (l *Latency) SleepingBy(sleep func(context.Context, time.Duration) error) *Latency {
	l.sleep = sleep
	return l
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Get passes the call on, or returns the context's error when that ends while it waits.
func (l *Latency) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	if err := l.sleep(ctx, l.read/2); err != nil {
		return nil, err
	}
	records, err := l.wrapped.Get(ctx, keys...)
	if late := l.sleep(ctx, l.read-l.read/2); late != nil {
		return nil, late
	}
	return records, err
}

// Query passes the call on, or returns the context's error when that ends while it waits.
func (l *Latency) Query(ctx context.Context, r table.Range) (table.Page, error) {
	if err := l.sleep(ctx, l.read/2); err != nil {
		return table.Page{}, err
	}
	page, err := l.wrapped.Query(ctx, r)
	if late := l.sleep(ctx, l.read-l.read/2); late != nil {
		return table.Page{}, late
	}
	return page, err
}

// Commit passes the call on. When the context ends on the way there it returns the context's error and has
// done nothing; when it ends on the way back, the error also matches [table.ErrUnavailable]: the caller
// cannot know what happened.
func (l *Latency) Commit(ctx context.Context, writes ...table.Write) error {
	if err := l.sleep(ctx, l.commit/2); err != nil {
		return err
	}
	err := l.wrapped.Commit(ctx, writes...)
	if late := l.sleep(ctx, l.commit-l.commit/2); late != nil {
		return fmt.Errorf("%w: no answer to a commit: %w", table.ErrUnavailable, late)
	}
	return err
}

package desk

import (
	"context"
	"errors"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

const (
	maxAttempts  = 12
	firstBackoff = 4 * time.Millisecond
	maxBackoff   = 250 * time.Millisecond
)

// transact runs a use case that writes: try reads and decides, transact commits. When the commit met a
// change, a collision or an engine that was short of capacity, or its outcome is unknown, try is asked
// again and decides on what is there by then. A try must therefore recognise its own effect: by the
// idempotency record, or by the id it chose before the first attempt.
//
// It returns what try returned with the writes that were committed, try's refusal, or [mentoring.Busy]
// when there was no outcome after a few attempts or before the context's end.
func transact[T any](ctx context.Context, d *Desk, try func(ctx context.Context) (T, []table.Write, error)) (T, error) {
	var none T
	for attempt := 0; ; attempt++ {
		answer, writes, err := try(ctx)
		if err == nil && len(writes) > 0 {
			err = d.Table.Commit(ctx, writes...)
		}
		if err == nil {
			return answer, nil
		}
		if !passing(err) {
			return none, err
		}
		if errors.Is(err, ErrLater) || attempt == maxAttempts-1 || d.jitter(ctx, attempt) != nil {
			return none, mentoring.Unavailable(err)
		}
		table.MeterOf(ctx).Retried()
	}
}

// read runs a use case that only reads, and tells the engine's troubles as [mentoring.Busy].
func read[T any](answer T, err error) (T, error) {
	var none T
	switch {
	case err == nil:
		return answer, nil
	case passing(err):
		return none, mentoring.Unavailable(err)
	}
	return none, err
}

// passing reports whether trying again may help: something changed while the state was read or before the commit, or the
// engine did not answer, or not before the context's end.
func passing(err error) bool {
	var refused *table.Refusal
	return errors.As(err, &refused) || errors.Is(err, table.ErrUnavailable) ||
		errors.Is(err, mentoring.ErrTorn) || errors.Is(err, context.DeadlineExceeded)
}

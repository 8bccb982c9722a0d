package dispatch

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/table"
	"flashmentoring/internal/telemetry"
)

// Stream is the handler of the table's stream. It answers with the sequence numbers of the records it
// could not settle, and Lambda delivers from the first of them again (AWS Lambda developer guide,
// "Partial batch response for DynamoDB and Lambda"). The stream carries keys only: contents never leave
// the table this way.
func (x *Dispatcher) Stream(ctx context.Context, batch events.DynamoDBEvent) (answer events.DynamoDBEventResponse, err error) {
	err = telemetry.Run(ctx, x.Log, x.Metrics, "stream", time.Now, func(ctx context.Context) error {
		telemetry.Add(ctx, slog.Int("records", len(batch.Records)))
		answer.BatchItemFailures = x.stream(ctx, batch.Records)
		return nil
	})
	return answer, err
}

// stream handles records side by side, and returns those it could not settle.
func (x *Dispatcher) stream(ctx context.Context, records []events.DynamoDBEventRecord) (failed []events.DynamoDBBatchItemFailure) {
	var keys []table.Key
	var numbers []string
	for _, r := range records {
		if insertsRow(r) {
			keys = append(keys, table.Key{PK: r.Change.Keys["PK"].String(), SK: r.Change.Keys["SK"].String()})
			numbers = append(numbers, r.Change.SequenceNumber)
		}
	}
	for i, err := range handleEach(ctx, keys, x.Handle) {
		if err != nil {
			telemetry.Count(ctx, "unsettled", 1)
			telemetry.Add(ctx, telemetry.Cause(err, causes...))
			failed = append(failed, events.DynamoDBBatchItemFailure{ItemIdentifier: numbers[i]})
		}
	}
	return failed
}

// insertsRow repeats the filter of template.yaml, so that a stream without the filter does no harm.
func insertsRow(r events.DynamoDBEventRecord) bool {
	pk, sk := r.Change.Keys["PK"], r.Change.Keys["SK"]
	return events.DynamoDBOperationType(r.EventName) == events.DynamoDBOperationTypeInsert &&
		pk.DataType() == events.DataTypeString && sk.DataType() == events.DataTypeString &&
		strings.HasPrefix(pk.String(), "OUTBOX#")
}

const (
	// grace leaves a new row to the stream before the clock takes it.
	grace = 20 * time.Second
	// sweepShards is how many shards are worked off side by side, sweepPage how many rows of one are read at a time, and
	// workers how many of these, or of a batch of the stream, are handled side by side.
	sweepShards = 16
	sweepPage   = 6 * workers // none of which waits while others end a page
	workers     = 8
	// margin is more than handling one row takes, as a rule: two mails of at most ten seconds each. The wait for their turn
	// is not in it, which ends early enough by itself. A row of a whole circle has more mails; what is not sent when time
	// runs out is sent later, and the ledger knows what was.
	margin = 25 * time.Second
)

// Tick is the handler of the clock: it does what time has brought about, and handles every row of the outbox that has been
// due for a while, oldest first in each shard, until there are none or the function's time is nearly over. Then it forgets what
// has been kept long enough, and counts some of the open slots.
func (x *Dispatcher) Tick(ctx context.Context) error {
	return telemetry.Run(ctx, x.Log, x.Metrics, "tick", time.Now, func(ctx context.Context) error {
		now := x.Desk.Now()
		return errors.Join(
			x.sweepAll(ctx, x.Desk.DueShards, now, x.Desk.WakesDue, x.wake),
			x.sweepAll(ctx, x.Desk.OutboxShards, now.Add(-grace), x.Desk.OutboxDue, x.Handle),
			x.forgetOld(ctx),
			x.countOpen(ctx))
	}, causes...)
}

// forgetOld forgets what was written about sessions that have been kept long enough, as far as time allows.
func (x *Dispatcher) forgetOld(ctx context.Context) error {
	for !nearlyOver(ctx) {
		if more, err := x.Desk.ForgetOld(ctx); err != nil || !more {
			return settled(err)
		}
	}
	return nil
}

// countOpen counts some of the open slots, where there is time.
func (x *Dispatcher) countOpen(ctx context.Context) error {
	if nearlyOver(ctx) {
		return nil
	}
	return settled(x.Desk.CountOpen(ctx))
}

// wake does what a slot was waiting for. A wake that cannot be read is gone, and nothing more is to be done about it.
func (x *Dispatcher) wake(ctx context.Context, key table.Key) error {
	woken, err := x.Desk.Wake(ctx, key)
	if errors.Is(err, desk.ErrDamaged) {
		x.Log.ErrorContext(ctx, "wake dropped", "reason", "damaged")
		return nil
	}
	if woken.Done {
		telemetry.Count(ctx, "wakes", 1)
		x.Metrics.Woken(woken.Late)
	}
	if woken.Stale != "" {
		x.Metrics.Mail(string(woken.Stale), telemetry.Stale)
	}
	return err
}

// due reads the keys of one shard that are due by a time, from a place on.
type due func(ctx context.Context, shard int, after string, until time.Time, limit int) ([]table.Key, error)

// sweepAll works off all shards side by side.
func (x *Dispatcher) sweepAll(ctx context.Context, n int, until time.Time, find due, handle func(context.Context, table.Key) error) error {
	failures := make([]error, n)
	var shards errgroup.Group // without its context: the trouble of one shard must not break off another's work
	shards.SetLimit(sweepShards)
	for i := range failures {
		shards.Go(func() error {
			failures[i] = telemetry.Survive(ctx, func(ctx context.Context) error { return sweep(ctx, i, until, find, handle) })
			return nil
		})
	}
	_ = shards.Wait()
	return errors.Join(failures...)
}

// sweep works off one shard, from the oldest row on and never back, so that rows which somebody else is at
// work on, or which cannot be moved at all, keep it from none of the others.
func sweep(ctx context.Context, shard int, until time.Time, find due, handle func(context.Context, table.Key) error) error {
	var failed error
	for after := ""; ; {
		keys, err := find(ctx, shard, after, until, sweepPage)
		if err != nil || len(keys) == 0 || nearlyOver(ctx) {
			return errors.Join(failed, err)
		}
		failed = errors.Join(failed, handleAll(ctx, keys, handle))
		after = keys[len(keys)-1].SK
	}
}

// handleAll handles rows side by side.
func handleAll(ctx context.Context, keys []table.Key, handle func(context.Context, table.Key) error) error {
	return errors.Join(handleEach(ctx, keys, handle)...)
}

// handleEach handles rows side by side, and returns what became of each. What is begun is carried through; what is not when
// time runs out waits for the next tick.
func handleEach(ctx context.Context, keys []table.Key, handle func(context.Context, table.Key) error) []error {
	failures := make([]error, len(keys))
	var group errgroup.Group
	group.SetLimit(workers)
	for i, key := range keys {
		group.Go(func() error {
			if !nearlyOver(ctx) {
				failures[i] = telemetry.Survive(ctx, func(ctx context.Context) error { return handle(ctx, key) })
			}
			return nil
		})
	}
	_ = group.Wait() // each has its own place for its failure
	return failures
}

// nearlyOver reports whether too little is left of the function's time to begin another row.
func nearlyOver(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && time.Until(deadline) < margin
}

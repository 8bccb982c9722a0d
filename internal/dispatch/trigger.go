package dispatch

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"flashmentoring/internal/table"
)

// Stream is the handler of the table's stream. It answers with the sequence numbers of the records it
// could not settle, and Lambda delivers from the first of them again (AWS Lambda developer guide,
// "Partial batch response for DynamoDB and Lambda"). The stream carries keys only: contents never leave
// the table this way.
func (x *Dispatcher) Stream(ctx context.Context, batch events.DynamoDBEvent) (events.DynamoDBEventResponse, error) {
	var answer events.DynamoDBEventResponse
	for _, r := range batch.Records {
		if !insertsRow(r) {
			continue
		}
		if nearlyOver(ctx) {
			break // the clock takes what is left
		}
		key := table.Key{PK: r.Change.Keys["PK"].String(), SK: r.Change.Keys["SK"].String()}
		if err := x.Handle(ctx, key); err != nil {
			x.Log.ErrorContext(ctx, "stream record not settled", "error", err)
			answer.BatchItemFailures = append(answer.BatchItemFailures,
				events.DynamoDBBatchItemFailure{ItemIdentifier: r.Change.SequenceNumber})
		}
	}
	return answer, nil
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
	// sweepPage is how many rows of one shard are read at a time, and sweepWorkers how many are handled
	// side by side.
	sweepPage    = 50
	sweepWorkers = 8
	// margin is more than handling one row takes: two mails of at most ten seconds each.
	margin = 25 * time.Second
)

// Tick is the handler of the clock: it handles every row that has been due for a while, oldest first in
// each shard, until there are none or the function's time is nearly over.
func (x *Dispatcher) Tick(ctx context.Context) error {
	failures := make([]error, x.Desk.OutboxShards)
	var shards errgroup.Group // without its context: the trouble of one shard must not break off another's mails
	for i := range failures {
		shards.Go(func() error { failures[i] = x.sweep(ctx, i); return nil })
	}
	_ = shards.Wait()
	return errors.Join(failures...)
}

// sweep works off one shard, from the oldest row on and never back, so that rows which somebody else is at
// work on, or which cannot be moved at all, keep it from none of the others.
func (x *Dispatcher) sweep(ctx context.Context, shard int) error {
	until := x.Desk.Now().Add(-grace)
	var failed error
	for after := ""; ; {
		keys, err := x.Desk.OutboxDue(ctx, shard, after, until, sweepPage)
		if err != nil || len(keys) == 0 || nearlyOver(ctx) {
			return errors.Join(failed, err)
		}
		failed = errors.Join(failed, x.handleAll(ctx, keys))
		after = keys[len(keys)-1].SK
	}
}

// handleAll handles rows side by side. What is begun is carried through; what is not when time runs out
// waits for the next tick.
func (x *Dispatcher) handleAll(ctx context.Context, keys []table.Key) error {
	failures := make([]error, len(keys))
	var workers errgroup.Group
	workers.SetLimit(sweepWorkers)
	for i, key := range keys {
		workers.Go(func() error {
			if !nearlyOver(ctx) {
				failures[i] = x.Handle(ctx, key)
			}
			return nil
		})
	}
	_ = workers.Wait() // each has its own place for its failure
	return errors.Join(failures...)
}

// nearlyOver reports whether too little is left of the function's time to begin another row.
func nearlyOver(ctx context.Context) bool {
	deadline, ok := ctx.Deadline()
	return ctx.Err() != nil || ok && time.Until(deadline) < margin
}

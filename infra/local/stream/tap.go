package stream

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/table"
)

// Tap is a table that hands what a commit inserted to a mapping, as the stream of a DynamoDB table with the view type
// KEYS_ONLY would. Of changes and removals it does not tell: nothing here listens for them.
type Tap struct {
	table.Table
	mapping *Mapping
	now     func() time.Time

	order    sync.Mutex // makes the order of the stream that of the commits
	sequence int64
}

// NewTap taps a table that has no stream of its own.
func NewTap(t table.Table, to *Mapping, now func() time.Time) *Tap {
	return &Tap{Table: t, mapping: to, now: now}
}

// Commit commits to the table behind the tap. Of a commit that was refused, or whose outcome is unknown, it hands on
// nothing; if there was something after all, the clock finds it.
func (t *Tap) Commit(ctx context.Context, writes ...table.Write) error {
	t.order.Lock()
	defer t.order.Unlock()
	if err := t.Table.Commit(ctx, writes...); err != nil {
		return err
	}
	records := inserted(writes, t.now())
	for i := range records {
		t.sequence++
		number := fmt.Sprintf("%021d", t.sequence)
		records[i].EventID, records[i].Change.SequenceNumber = number, number
	}
	t.mapping.Offer(records...)
	return nil
}

// Watch is a table with a stream of its own. It tells the mapping what to expect from there, and nothing else.
type Watch struct {
	table.Table
	mapping *Mapping
}

// NewWatch watches a table whose stream is read elsewhere and offered to the mapping.
func NewWatch(t table.Table, to *Mapping) *Watch { return &Watch{t, to} }

// Commit commits to the table that is watched.
func (w *Watch) Commit(ctx context.Context, writes ...table.Write) error {
	records := inserted(writes, time.Time{})
	w.mapping.Await(records...)
	err := w.Table.Commit(ctx, writes...)
	if err != nil {
		w.mapping.Forget(records...)
	}
	return err
}

// inserted are the records of a stream for what the writes insert, without their numbers.
func inserted(writes []table.Write, now time.Time) []events.DynamoDBEventRecord {
	var records []events.DynamoDBEventRecord
	for _, w := range writes {
		if w.Action == table.Put && w.If == table.IfAbsent {
			records = append(records, insertion(w.Record.Key, now))
		}
	}
	return records
}

func insertion(key table.Key, now time.Time) events.DynamoDBEventRecord {
	return events.DynamoDBEventRecord{
		AWSRegion:    "local",
		EventName:    string(events.DynamoDBOperationTypeInsert),
		EventSource:  "aws:dynamodb",
		EventVersion: "1.1",
		Change: events.DynamoDBStreamRecord{
			ApproximateCreationDateTime: events.SecondsEpochTime{Time: now},
			Keys: map[string]events.DynamoDBAttributeValue{
				"PK": events.NewStringAttribute(key.PK), "SK": events.NewStringAttribute(key.SK),
			},
			SizeBytes:      int64(len("PK") + len(key.PK) + len("SK") + len(key.SK)),
			StreamViewType: string(events.DynamoDBStreamViewTypeKeysOnly),
		},
	}
}

// keyOf is the key of a record, as one text.
func keyOf(r events.DynamoDBEventRecord) string {
	return r.Change.Keys["PK"].String() + "\x00" + r.Change.Keys["SK"].String()
}

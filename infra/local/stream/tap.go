package stream

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/table"
)

// Tap is a table that tells of each record a commit inserted, as the stream of a DynamoDB table with the view type
// KEYS_ONLY would. Of changes and removals it does not tell: nothing here listens for them.
type Tap struct {
	table.Table
	now  func() time.Time
	emit func(...events.DynamoDBEventRecord)

	order    sync.Mutex // makes the order of the stream that of the commits
	sequence int64
}

// NewTap taps a table. emit is called with the records of one commit, one commit after the other, before the commit
// returns; it must not wait.
func NewTap(t table.Table, now func() time.Time, emit func(...events.DynamoDBEventRecord)) *Tap {
	return &Tap{Table: t, now: now, emit: emit}
}

// Commit commits to the table behind the tap, and emits what was inserted. Like a real stream it holds back nothing:
// a commit that was refused, or whose outcome is unknown, emits nothing here, and the clock finds what came of it.
func (t *Tap) Commit(ctx context.Context, writes ...table.Write) error {
	t.order.Lock()
	defer t.order.Unlock()
	if err := t.Table.Commit(ctx, writes...); err != nil {
		return err
	}
	var inserted []events.DynamoDBEventRecord
	for _, w := range writes {
		if w.Action == table.Put && w.If == table.IfAbsent {
			inserted = append(inserted, t.record(w.Record.Key))
		}
	}
	if len(inserted) > 0 {
		t.emit(inserted...)
	}
	return nil
}

func (t *Tap) record(key table.Key) events.DynamoDBEventRecord {
	t.sequence++
	number := fmt.Sprintf("%021d", t.sequence)
	return events.DynamoDBEventRecord{
		AWSRegion:    "local",
		EventID:      number,
		EventName:    string(events.DynamoDBOperationTypeInsert),
		EventSource:  "aws:dynamodb",
		EventVersion: "1.1",
		Change: events.DynamoDBStreamRecord{
			ApproximateCreationDateTime: events.SecondsEpochTime{Time: t.now()},
			Keys: map[string]events.DynamoDBAttributeValue{
				"PK": events.NewStringAttribute(key.PK), "SK": events.NewStringAttribute(key.SK),
			},
			SequenceNumber: number,
			SizeBytes:      int64(len("PK") + len(key.PK) + len("SK") + len(key.SK)),
			StreamViewType: string(events.DynamoDBStreamViewTypeKeysOnly),
		},
	}
}

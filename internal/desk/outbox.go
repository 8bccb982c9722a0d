package desk

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Row is an event in the outbox, waiting to be handled. Its place says from when.
type Row struct {
	Event mentoring.Event
	Due   time.Time
	// Attempts counts how often handling it failed.
	Attempts int
	// Round counts how often it was taken back from the dead letters. What was refused for good in one round is tried
	// once more in the next: somebody asked for it.
	Round  int
	record table.Record
}

type outboxDoc struct {
	Event    mentoring.Event `json:"event"`
	Attempts int             `json:"attempts,omitzero"`
	Round    int             `json:"round,omitzero"`
	Due      time.Time       `json:"due"`
}

// announce is the write that puts an event into the outbox, due at once.
func (d *Desk) announce(e mentoring.Event) table.Write {
	bits := d.random()
	id := hex.EncodeToString(bits[:8])
	return table.Insert(rowRecord(shardOf("OUTBOX", id, d.OutboxShards), id, outboxDoc{Event: e, Due: e.At}))
}

func rowRecord(partition, id string, doc outboxDoc) table.Record {
	return record(table.Key{PK: partition, SK: placeAt(doc.Due, id)}, 0, doc)
}

// OutboxRow reads one row, or returns nil if it has been handled. A row that cannot be read is returned
// with the error [ErrDamaged], so that it can be parked; one of a later release is left to that ([ErrLater]).
func (d *Desk) OutboxRow(ctx context.Context, key table.Key) (*Row, error) {
	records, err := d.Table.Get(ctx, key)
	if err != nil || len(records) == 0 {
		return nil, err
	}
	doc, err := decode[outboxDoc](records[0])
	if errors.Is(err, ErrLater) {
		return nil, err
	}
	if err != nil {
		err = fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return &Row{doc.Event, doc.Due, doc.Attempts, doc.Round, records[0]}, err
}

// ErrDamaged says that a row's document cannot be read. No later attempt will do better.
var ErrDamaged = errors.New("outbox row is damaged")

// OutboxDue reads the oldest rows of one shard that are due at or before a time, limit at the most; after is the place
// of the last row of the page before, or empty.
func (d *Desk) OutboxDue(ctx context.Context, shardNumber int, after string, until time.Time, limit int) ([]table.Key, error) {
	return d.keysDue(ctx, shard("OUTBOX", shardNumber), after, until, limit)
}

// Handled removes a row for good.
func (d *Desk) Handled(ctx context.Context, row *Row) error {
	return d.Table.Commit(ctx, table.Drop(row.record.Key))
}

// Postpone moves a row whose handling failed to a later time, with so many attempts counted.
func (d *Desk) Postpone(ctx context.Context, row *Row, until time.Time, attempts int) error {
	later := outboxDoc{Event: row.Event, Attempts: attempts, Round: row.Round, Due: until}
	return d.replace(ctx, row, rowRecord(row.record.PK, row.id(), later))
}

func (d *Desk) replace(ctx context.Context, row *Row, by table.Record) error {
	return d.Table.Commit(ctx, table.Remove(row.record), table.Insert(by))
}

// id is what follows the time in the row's place.
func (r *Row) id() string {
	_, id, _ := strings.Cut(r.record.SK, "#")
	return id
}

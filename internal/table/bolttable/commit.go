package bolttable

import (
	"bytes"
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"flashmentoring/internal/table"
)

// Commit is as [table.Table] says. It tells the reasons of all writes that fail, not of the first only. It
// also returns [table.ErrInvalid] when a write would give a record an index entry that another one holds.
func (t *Table) Commit(ctx context.Context, writes ...table.Write) error {
	if err := table.Validate(writes); err != nil {
		return err
	}
	if len(writes) == 0 {
		return ctx.Err()
	}
	wcu := 0.0
	err := run(ctx, t.db.Update, func(tx *bolt.Tx) error {
		changes, err := commit(tx, writes)
		if err == nil && table.MeterOf(ctx) != nil {
			wcu = capacity(writes, changes)
		}
		return err
	})
	if err == nil {
		table.MeterOf(ctx).Consumed(0, wcu)
	}
	return err
}

func commit(tx *bolt.Tx, writes []table.Write) ([]change, error) {
	changes := make([]change, len(writes))
	for i, write := range writes {
		before, err := stored(tx, write.Record.Key)
		if err != nil {
			return nil, err
		}
		changes[i] = change{write: write, before: before}
	}
	if err := judge(changes); err != nil {
		return nil, err
	}
	return changes, apply(tx, changes)
}

// change is a write and the record it meets, nil when there is none. The record's document belongs to the transaction,
// and what is left of it once the record was written is its length.
type change struct {
	write  table.Write
	before *table.Record
}

func stored(tx *bolt.Tx, key table.Key) (*table.Record, error) {
	joined := join(key)
	value := tx.Bucket(recordsBucket).Get(joined)
	if value == nil {
		return nil, nil
	}
	record, data, err := decodeHeader(joined, value)
	record.Data = data
	return &record, err
}

// capacity is what the commit would have used on DynamoDB, indexes included.
func capacity(writes []table.Write, changes []change) float64 {
	before := make(map[table.Key]table.Record, len(changes))
	for _, c := range changes {
		if c.before != nil {
			before[c.before.Key] = *c.before
		}
	}
	return table.CommitCapacity(writes, before) + table.IndexCapacity(writes, before)
}

// judge returns a [*table.Refusal] unless the conditions of all writes hold.
func judge(changes []change) error {
	refusal := &table.Refusal{Reasons: make([]table.Reason, len(changes))}
	refused := false
	for i, c := range changes {
		refusal.Reasons[i] = c.reason()
		refused = refused || refusal.Reasons[i] != table.Fine
	}
	if refused {
		return refusal
	}
	return nil
}

func (c change) reason() table.Reason {
	switch {
	case c.write.If == table.IfAbsent && c.before != nil:
		return table.Taken
	case c.write.If == table.IfVersion && (c.before == nil || c.before.Version != c.write.Record.Version):
		return table.Changed
	default:
		return table.Fine
	}
}

// apply gives up all old index entries before it makes the new ones, so that within one commit an entry
// can pass from one record to another.
func apply(tx *bolt.Tx, changes []change) error {
	for _, c := range changes {
		if err := c.leaveIndexes(tx); err != nil {
			return err
		}
	}
	for _, c := range changes {
		if err := c.enterIndexes(tx); err != nil {
			return err
		}
		if err := c.store(tx.Bucket(recordsBucket)); err != nil {
			return err
		}
	}
	return nil
}

func (c change) leaveIndexes(tx *bolt.Tx) error {
	if c.before == nil || c.write.Action == table.Check {
		return nil
	}
	for index, entry := range c.before.Entries {
		if c.write.Record.Entries[index] == entry {
			continue
		}
		if err := tx.Bucket(indexBucket(index)).Delete(join(entry)); err != nil {
			return err
		}
	}
	return nil
}

func (c change) enterIndexes(tx *bolt.Tx) error {
	if c.write.Action != table.Put {
		return nil
	}
	joined := join(c.write.Record.Key)
	for index, entry := range c.write.Record.Entries {
		bucket, place := tx.Bucket(indexBucket(index)), join(entry)
		switch holder := bucket.Get(place); {
		case bytes.Equal(holder, joined):
		case holder != nil:
			return fmt.Errorf("%w: entry %v of index %s is held by %v", table.ErrInvalid, entry, index, split(holder))
		default:
			if err := bucket.Put(place, joined); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c change) store(records *bolt.Bucket) error {
	joined := join(c.write.Record.Key)
	switch c.write.Action {
	case table.Put:
		next := c.write.Record
		next.Version = c.write.NextVersion()
		return records.Put(joined, encode(next))
	case table.Delete:
		return records.Delete(joined)
	default:
		return nil
	}
}

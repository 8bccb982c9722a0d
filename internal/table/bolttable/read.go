package bolttable

import (
	"context"
	"fmt"

	bolt "go.etcd.io/bbolt"

	"flashmentoring/internal/table"
)

// maxPageSize is where a page ends although more was asked for, as on DynamoDB (1 MB, "Query" in its API
// reference), so that a caller who forgets Page.More fails here too.
const maxPageSize = 1 << 20

// Get is as [table.Table] says. All records are of one moment.
func (t *Table) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	if err := table.ValidateKeys(keys); err != nil {
		return nil, err
	}
	found := make([]table.Record, 0, len(keys))
	err := run(ctx, t.db.View, func(tx *bolt.Tx) error {
		records := tx.Bucket(recordsBucket)
		for _, key := range keys {
			joined := join(key)
			value := records.Get(joined)
			if value == nil {
				continue
			}
			record, err := decode(joined, value)
			if err != nil {
				return err
			}
			found = append(found, record)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if m := table.MeterOf(ctx); m != nil {
		m.Consumed(table.GetCapacity(keys, found), 0)
	}
	return found, nil
}

// Query is as [table.Table] says. A page is of one moment, and an index never lags.
func (t *Table) Query(ctx context.Context, r table.Range) (table.Page, error) {
	if err := r.Validate(); err != nil {
		return table.Page{}, err
	}
	var page table.Page
	err := run(ctx, t.db.View, func(tx *bolt.Tx) (err error) {
		page, err = query(tx, r)
		return err
	})
	if err != nil {
		return table.Page{}, err
	}
	if m := table.MeterOf(ctx); m != nil {
		m.Consumed(table.QueryCapacity(r.Index, page.Records), 0)
	}
	return page, nil
}

func query(tx *bolt.Tx, r table.Range) (table.Page, error) {
	bucket, read := source(tx, r.Index)
	start, end := bounds(r)
	var page table.Page
	size := 0
	cursor := bucket.Cursor()
	joined, value := cursor.Seek([]byte(start))
	for ; joined != nil && string(joined) < end; joined, value = cursor.Next() {
		if len(page.Records) == r.Limit {
			page.More = true
			break
		}
		record, err := read(joined, value)
		if err != nil {
			return table.Page{}, err
		}
		if size += record.Size(); size > maxPageSize {
			page.More = true
			break
		}
		page.Records = append(page.Records, record)
	}
	return page, nil
}

// bounds are the first key of the range and the first behind it.
func bounds(r table.Range) (start, end string) {
	start = r.PK + "\x00" + r.From
	if r.To == "" {
		return start, r.PK + "\x01" // behind all that begins with the PK and its NUL
	}
	return start, r.PK + "\x00" + r.To
}

// source is the bucket that an index, or the table itself, is read from, and how its values become
// records.
func source(tx *bolt.Tx, index table.Index) (*bolt.Bucket, func(joined, value []byte) (table.Record, error)) {
	records := tx.Bucket(recordsBucket)
	switch {
	case index == "":
		return records, decode
	case index.KeysOnly():
		return tx.Bucket(indexBucket(index)), func(entry, joined []byte) (table.Record, error) {
			return table.Record{Key: split(joined), Entries: map[table.Index]table.Key{index: split(entry)}}, nil
		}
	default:
		return tx.Bucket(indexBucket(index)), func(entry, joined []byte) (table.Record, error) {
			value := records.Get(joined)
			if value == nil {
				return table.Record{}, fmt.Errorf("%w: %w: nothing behind index entry %q",
					table.ErrUnavailable, errDamaged, entry)
			}
			return decode(joined, value)
		}
	}
}

// Each calls visit with every record in the order of keys, as of one moment, and returns its first error.
// It is for those who must see everything: a proof that nothing of a person is left, a recount. Visit must
// not write to the table, which would wait for Each to end while Each waits for it.
func (t *Table) Each(ctx context.Context, visit func(table.Record) error) error {
	return run(ctx, t.db.View, func(tx *bolt.Tx) error {
		return tx.Bucket(recordsBucket).ForEach(func(joined, value []byte) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			record, err := decode(joined, value)
			if err != nil {
				return err
			}
			return visit(record)
		})
	})
}

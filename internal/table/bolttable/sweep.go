package bolttable

import (
	"context"
	"time"

	bolt "go.etcd.io/bbolt"

	"flashmentoring/internal/table"
)

// Sweep removes the records that expired before now and returns how many. DynamoDB does this by itself,
// within days ("Using time to live" in its developer guide); here the owner of the file says when. Until
// then an expired record is read like any other. Sweep looks at the whole table, and commits wait for it.
func (t *Table) Sweep(ctx context.Context, now time.Time) (int, error) {
	var expired []change
	err := run(ctx, t.db.Update, func(tx *bolt.Tx) (err error) {
		if expired, err = expiredBefore(ctx, tx, now); err != nil {
			return err
		}
		return apply(tx, expired)
	})
	if err != nil {
		return 0, err
	}
	return len(expired), nil
}

func expiredBefore(ctx context.Context, tx *bolt.Tx, now time.Time) (removals []change, err error) {
	err = tx.Bucket(recordsBucket).ForEach(func(joined, value []byte) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		record, _, err := decodeHeader(joined, value)
		if err != nil {
			return err
		}
		if !record.Expires.IsZero() && record.Expires.Before(now) {
			removals = append(removals, change{write: table.Drop(record.Key), before: &record})
		}
		return nil
	})
	return removals, err
}

// Package bolttable is the engine of package table on bbolt: one file, no server, pure Go. It is what the
// product runs on locally and what its fast tests run on.
//
// All records lie in one bucket under PK, NUL, SK: a partition is then one stretch of neighbours, in the
// order of their places, because no PK holds a NUL. Each index is a bucket of its own with the entry as
// key, in the same form, and the key of the record as value. A Query of an index that is not keys-only
// fetches each record from the records' bucket, so an index never lags here and never differs.
//
// Where it differs from DynamoDB, it is the stricter one. It refuses an index entry that another record
// holds. And it never reports [table.Conflict], because bbolt admits one writer at a time: what a program
// does about conflicts is tested with the faults of package tabletest.
package bolttable

import (
	"context"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"

	"flashmentoring/internal/table"
)

// Table is an open file of records. It implements [table.Table]; Sweep and Each are for its owner.
type Table struct{ db *bolt.DB }

var _ table.Table = (*Table)(nil)

// Option changes how [Open] opens the file.
type Option func(*bolt.Options)

// NoSync leaves it to the operating system when to write to the disk. A crash of the machine may then
// damage the file; a crash of the process does not. It is for tests, benchmarks and
// the local cloud.
func NoSync() Option {
	return func(o *bolt.Options) { o.NoSync, o.NoGrowSync = true, true }
}

// lockWait is how long Open waits for another process to let go of the file.
const lockWait = time.Second

// Open opens the file at path, or creates it, readable for its owner only. Its folder must exist. One
// process at a time may have it open: Open fails when another one still has after a second.
func Open(path string, options ...Option) (*Table, error) {
	settings := &bolt.Options{Timeout: lockWait, FreelistType: bolt.FreelistMapType, NoStatistics: true}
	for _, option := range options {
		option(settings)
	}
	db, err := bolt.Open(path, 0o600, settings)
	if err != nil {
		return nil, fmt.Errorf("open table %s: %w", path, err)
	}
	if err := db.Update(createBuckets); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("prepare table %s: %w", path, err)
	}
	return &Table{db}, nil
}

// Close waits for the calls under way and closes the file. Calls after it return [table.ErrUnavailable].
func (t *Table) Close() error { return t.db.Close() }

var recordsBucket = []byte("records")

func indexBucket(index table.Index) []byte { return []byte("index " + index) }

func createBuckets(tx *bolt.Tx) error {
	if _, err := tx.CreateBucketIfNotExists(recordsBucket); err != nil {
		return err
	}
	for _, index := range table.Indexes {
		if _, err := tx.CreateBucketIfNotExists(indexBucket(index)); err != nil {
			return err
		}
	}
	return nil
}

// run does work in a transaction of the kind that begin starts, View or Update, unless the context ended
// while it waited for its turn. What work returns comes back as it is, and everything else as
// [table.ErrUnavailable].
func run(ctx context.Context, begin func(func(*bolt.Tx) error) error, work func(*bolt.Tx) error) error {
	var outcome error
	err := begin(func(tx *bolt.Tx) error {
		if outcome = ctx.Err(); outcome == nil {
			outcome = work(tx)
		}
		return outcome
	})
	if err != nil && outcome == nil {
		return fmt.Errorf("%w: %w", table.ErrUnavailable, err)
	}
	return outcome
}

package tabletest

import (
	"context"
	"errors"
	"sync"

	"flashmentoring/internal/table"
)

// Usage is what calls have cost. The capacity is computed from sizes by the rules of [table.GetCapacity] and its like; DynamoDB
// Local's own figures are no use, as they are too low for transactions.
type Usage struct {
	// Rounds is how many trips to storage were made one after another, which is what a caller waits for.
	// Calls that [table.Together] marks as one round are one trip; every other call is one of its own.
	Rounds int
	// Gets, Queries and Commits count calls, also those that failed; Writes the writes in the commits.
	Gets, Queries, Commits, Writes int
	// RCU are read capacity units, of the table and of indexes.
	RCU float64
	// WCU are write capacity units of the table. A commit that was refused has used what it would have
	// used had it been applied. That is the most it can be: AWS does not say how far a cancelled
	// transaction gets.
	WCU float64
	// IndexWCU are write capacity units of indexes: DynamoDB brings them up to date by itself, once the
	// commit is applied.
	IndexWCU float64
}

// Counting is a table that adds up what is done to the one it wraps. What a commit costs depends on the
// records it meets, so it reads them first from the wrapped table, uncounted: wrap the engine itself, and
// Latency and Faults around the Counting. The figures are exact while nobody else writes to the same
// records at the same moment.
type Counting struct {
	wrapped table.Table

	mu     sync.Mutex
	usage  Usage
	rounds map[any]bool // the marked rounds that were counted
}

var _ table.Table = (*Counting)(nil)

// NewCounting wraps a table.
func NewCounting(wrapped table.Table) *Counting {
	return &Counting{wrapped: wrapped, rounds: make(map[any]bool)}
}

// Usage is what was used since the last Reset.
func (c *Counting) Usage() Usage {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.usage
}

// Reset starts again from nothing.
func (c *Counting) Reset() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.usage, c.rounds = Usage{}, make(map[any]bool)
}

// Get passes the call on and counts it.
func (c *Counting) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	records, err := c.wrapped.Get(ctx, keys...)
	used := Usage{Gets: 1}
	if err == nil {
		used.RCU = table.GetCapacity(keys, records)
	}
	c.add(ctx, used)
	return records, err
}

// Query passes the call on and counts it.
func (c *Counting) Query(ctx context.Context, r table.Range) (table.Page, error) {
	page, err := c.wrapped.Query(ctx, r)
	used := Usage{Queries: 1}
	if err == nil {
		used.RCU = table.QueryCapacity(r.Index, page.Records)
	}
	c.add(ctx, used)
	return page, err
}

// Commit passes the call on and counts it.
func (c *Counting) Commit(ctx context.Context, writes ...table.Write) error {
	before, err := c.before(ctx, writes)
	if err != nil {
		return err
	}
	err = c.wrapped.Commit(ctx, writes...)
	used := Usage{Commits: 1, Writes: len(writes)}
	if reached(err) {
		used.WCU = table.CommitCapacity(writes, before)
	}
	if err == nil {
		used.IndexWCU = table.IndexCapacity(writes, before)
	}
	c.add(ctx, used)
	return err
}

// reached tells whether a commit got as far as the records: it was applied or refused, or nobody knows.
func reached(err error) bool {
	var refusal *table.Refusal
	return err == nil || errors.As(err, &refusal) || errors.Is(err, table.ErrUnavailable)
}

// before is what the writes are going to meet.
func (c *Counting) before(ctx context.Context, writes []table.Write) (map[table.Key]table.Record, error) {
	if table.Validate(writes) != nil {
		return nil, nil // the wrapped table will say so
	}
	var keys []table.Key
	for _, write := range writes {
		keys = append(keys, write.Record.Key)
	}
	uncounted, _ := table.WithMeter(ctx)
	records, err := c.wrapped.Get(uncounted, keys...)
	return byKey(records), err
}

func byKey(records []table.Record) map[table.Key]table.Record {
	found := make(map[table.Key]table.Record, len(records))
	for _, r := range records {
		found[r.Key] = r
	}
	return found
}

func (c *Counting) add(ctx context.Context, used Usage) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if round := table.Round(ctx); round == nil || !c.rounds[round] {
		c.usage.Rounds++
		if round != nil {
			c.rounds[round] = true
		}
	}
	c.usage.Gets += used.Gets
	c.usage.Queries += used.Queries
	c.usage.Commits += used.Commits
	c.usage.Writes += used.Writes
	c.usage.RCU += used.RCU
	c.usage.WCU += used.WCU
	c.usage.IndexWCU += used.IndexWCU
}

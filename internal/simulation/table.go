package simulation

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"flashmentoring/internal/table"
)

// staged is the table as the tasks see it: each call is a step, and what it does is traced.
type staged struct{ *world }

var _ table.Table = staged{}

// Get reads all at one instant, or the first keys at one and the rest at another: DynamoDB's BatchGetItem promises no more.
func (s staged) Get(ctx context.Context, keys ...table.Key) (found []table.Record, err error) {
	about := named(keys)
	err = s.stage.step(ctx, "get", about, func(f fate) (err error) {
		s.noteRead(ctx, keys)
		half := len(keys)
		if f.torn > 0 {
			half = min(f.torn, half)
		}
		if found, err = s.below(ctx).Get(ctx, keys[:half]...); err == nil && half < len(keys) {
			var rest []table.Record
			err = s.stage.step(ctx, "get, the rest", about, func(fate) (err error) {
				rest, err = s.below(ctx).Get(ctx, keys[half:]...)
				return err
			})
			found = append(found, rest...)
		}
		s.traced(ctx, "get", about, len(found), err)
		return err
	})
	if err != nil {
		found = nil
	}
	return found, err
}

// Query reads a page at one instant, or its first records at one and the rest at another.
func (s staged) Query(ctx context.Context, r table.Range) (page table.Page, err error) {
	about := fmt.Sprint(r.Index, r.PK, " ", r.From, "..", r.To)
	err = s.stage.step(ctx, "query", about, func(f fate) (err error) {
		first := r
		if f.torn > 0 {
			first.Limit = min(f.torn, r.Limit)
		}
		if page, err = s.below(ctx).Query(ctx, first); err == nil && page.More && first.Limit < r.Limit {
			err = s.stage.step(ctx, "query, the rest", about, func(fate) error {
				rest := r
				last := page.Records[len(page.Records)-1]
				rest.From, rest.Limit = table.After(placeIn(last, r.Index)), r.Limit-len(page.Records)
				more, err := s.below(ctx).Query(ctx, rest)
				page.Records, page.More = append(page.Records, more.Records...), more.More
				return err
			})
		}
		s.traced(ctx, "query", about, len(page.Records), err)
		return err
	})
	if err != nil {
		page = table.Page{}
	}
	return page, err
}

func placeIn(r table.Record, index table.Index) string {
	if index == "" {
		return r.SK
	}
	return r.Entries[index].SK
}

// Commit writes all or nothing.
func (s staged) Commit(ctx context.Context, writes ...table.Write) error {
	keys := make([]table.Key, len(writes))
	for i, w := range writes {
		keys[i] = w.Record.Key
	}
	about := named(keys)
	return s.stage.step(ctx, "commit", about, func(fate) error {
		err := s.below(ctx).Commit(ctx, writes...)
		if err != nil {
			s.post.notRecorded(writes)
		}
		s.traced(ctx, "commit", about, len(writes), err)
		return err
	})
}

// below is the table with the weather of the moment, for tasks; without any for those who look on.
func (w *world) below(ctx context.Context) table.Table {
	if taskOf(ctx) == nil || w.calm {
		return w.fair
	}
	return w.rough
}

func named(keys []table.Key) string {
	var b strings.Builder
	for _, k := range keys {
		b.WriteString(k.PK + " " + k.SK + "; ")
	}
	return b.String()
}

// observed sees what is applied, whatever became of the answer.
type observed struct {
	table.Table
	*world
}

func (o observed) Commit(ctx context.Context, writes ...table.Write) error {
	err := o.Table.Commit(ctx, writes...)
	if err == nil && len(writes) > 0 {
		o.applied(taskOf(ctx), writes)
	}
	return err
}

// isSent reports whether writes record in the ledger that a message is out.
func isSent(writes []table.Write) bool {
	return len(writes) == 1 && isLedger(writes[0].Record.Key) && bytes.Contains(writes[0].Record.Data, []byte("sentAt"))
}

func isLedger(k table.Key) bool {
	return strings.HasPrefix(k.SK, "MAIL#") || strings.HasPrefix(k.SK, "TOLD#")
}

package desk

import (
	"context"
	"strings"
	"time"

	"flashmentoring/internal/table"
)

// NextDue is when the first event of the outbox or the first wake is due, or zero where there is none. Whoever lets time pass
// need not stop before.
func (d *Desk) NextDue(ctx context.Context) (next time.Time, err error) {
	for prefix, shards := range map[string]int{"OUTBOX": d.OutboxShards, "DUE": d.DueShards} {
		for i := range shards {
			page, err := d.Table.Query(ctx, table.Range{PK: shard(prefix, i), Limit: 1})
			if err != nil {
				return next, err
			}
			for _, r := range page.Records {
				at, _, _ := strings.Cut(r.SK, "#")
				due, err := time.Parse(keyTime, at)
				if err == nil && (next.IsZero() || due.Before(next)) { // what cannot be read is damage, for others to see to
					next = due
				}
			}
		}
	}
	return next, nil
}

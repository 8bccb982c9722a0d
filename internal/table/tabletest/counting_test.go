package tabletest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// sized is a record that is stored with the size at version 1.
func sized(sk string, size int, entries map[table.Index]table.Key) table.Record {
	r := table.Record{Key: table.Key{PK: "p", SK: sk}, Version: 1, Entries: entries}
	r.Data = []byte(strings.Repeat("x", size-r.Size()))
	return r
}

func at(index table.Index, pk, sk string) map[table.Index]table.Key {
	return map[table.Index]table.Key{index: {PK: pk, SK: sk}}
}

// resized is the record, as stored, changed to a size at its next version.
func resized(r table.Record, size int) table.Record { return sized(r.SK, size, r.Entries) }

// The examples of the developer guide, and what it says without one.
func TestCapacity(t *testing.T) {
	const kb = 1024
	open, hosting := at(table.Open, "list", "1"), at(table.Hosting, "list", "1")
	stored := map[string]table.Record{}
	var setup []table.Write
	for _, r := range []table.Record{
		sized("1.5k", 1.5*kb, nil), sized("6.5k", 6.5*kb, nil), sized("1k", kb, nil), sized("4k", 4*kb, nil),
		sized("open", 2*kb, open), sized("hosting", 2*kb, hosting),
	} {
		stored[r.SK] = r
		setup = append(setup, table.Insert(r))
	}
	for i := range 8 { // as in the guide's example of a query of an index
		setup = append(setup, table.Insert(sized(fmt.Sprint("2000-", i), 2000, at(table.Topic, "topic", fmt.Sprint(i)))))
	}
	key := func(sk string) table.Key { return table.Key{PK: "p", SK: sk} }
	with := func(r table.Record, entries map[table.Index]table.Key) table.Record {
		r.Entries = entries
		return r
	}
	gets := func(rcu float64, sks ...string) (func(context.Context, table.Table) error, tabletest.Usage) {
		return func(ctx context.Context, on table.Table) error {
			var keys []table.Key
			for _, sk := range sks {
				keys = append(keys, key(sk))
			}
			_, err := on.Get(ctx, keys...)
			return err
		}, tabletest.Usage{Rounds: 1, Gets: 1, RCU: rcu}
	}
	queries := func(rcu float64, r table.Range) (func(context.Context, table.Table) error, tabletest.Usage) {
		return func(ctx context.Context, on table.Table) error {
			_, err := on.Query(ctx, r)
			return err
		}, tabletest.Usage{Rounds: 1, Queries: 1, RCU: rcu}
	}
	commits := func(wcu, index float64, writes ...table.Write) (func(context.Context, table.Table) error, tabletest.Usage) {
		return func(ctx context.Context, on table.Table) error { return on.Commit(ctx, writes...) },
			tabletest.Usage{Rounds: 1, Commits: 1, Writes: len(writes), WCU: wcu, IndexWCU: index}
	}
	type call func(context.Context, table.Table) error
	for name, c := range map[string]func() (func(context.Context, table.Table) error, tabletest.Usage){
		"get 1.5 KB and 6.5 KB: 4 KB and 8 KB": func() (func(context.Context, table.Table) error, tabletest.Usage) {
			return gets(3, "1.5k", "6.5k")
		},
		"get 4 KB": func() (func(context.Context, table.Table) error, tabletest.Usage) { return gets(1, "4k") },
	} {
		_, _ = name, c
	}
	_ = call(nil)
	_ = with
	_, _ = queries(0, table.Range{})
	_, _ = commits(0, 0)
	_ = errors.New
	_ = cmp.Diff("", "")
	_ = stored
	_ = setup
}

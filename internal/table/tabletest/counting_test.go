package tabletest_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

const kb = 1024

// sized is a record that is stored with the size at version 1.
func sized(sk string, size int, entries map[table.Index]table.Key) table.Record {
	r := table.Record{Key: table.Key{PK: "p", SK: sk}, Version: 1, Entries: entries}
	r.Data = []byte(strings.Repeat("x", size-r.Size()))
	return r
}

func at(index table.Index, pk, sk string) map[table.Index]table.Key {
	return map[table.Index]table.Key{index: {PK: pk, SK: sk}}
}

type call func(context.Context, table.Table) error

func getting(sks ...string) call {
	return func(ctx context.Context, on table.Table) error {
		var keys []table.Key
		for _, sk := range sks {
			keys = append(keys, table.Key{PK: "p", SK: sk})
		}
		_, err := on.Get(ctx, keys...)
		return err
	}
}

func querying(index table.Index, pk string) call {
	return func(ctx context.Context, on table.Table) error {
		_, err := on.Query(ctx, table.Range{Index: index, PK: pk, Limit: 100})
		return err
	}
}

func committing(writes ...table.Write) call {
	return func(ctx context.Context, on table.Table) error { return on.Commit(ctx, writes...) }
}

// Where the developer guide has an example, it is the case.
func TestReadCapacity(t *testing.T) {
	var setup []table.Write
	for _, r := range []table.Record{
		sized("1.5k", 1536, nil), sized("6.5k", 6656, nil), sized("4k", 4*kb, nil), sized("4k+1", 4*kb+1, nil),
	} {
		setup = append(setup, table.Insert(r))
	}
	for i := range 8 {
		r := sized(fmt.Sprint("open", i), 2000, at(table.Open, "open", fmt.Sprint(i)))
		r.PK = "q"
		setup = append(setup, table.Insert(r))
	}
	for i := range 80 {
		r := sized(fmt.Sprintf("hosting%02d", i), 500, at(table.Hosting, "hosting", fmt.Sprintf("%02d", i)))
		r.PK = "r" // 2+1+2+9, 9+7, 9+2: 41 bytes in the index
		setup = append(setup, table.Insert(r))
	}
	all := engine(t)
	commit(t, all, setup...)

	for name, c := range map[string]struct {
		call call
		rcu  float64
	}{
		"get 1.5 KB and 6.5 KB: as 4 KB and 8 KB": {getting("1.5k", "6.5k"), 3},
		"get 4 KB":                               {getting("4k"), 1},
		"get a byte more":                        {getting("4k+1"), 2},
		"get nothing":                            {getting("none"), 1},
		"get nothing, twice":                     {getting("none", "nothing"), 2},
		"get the same again: read once":          {getting("4k+1", "4k+1", "none", "none"), 3},
		"get no keys":                            {getting(), 0},
		"query 16 KB and a byte: together 20 KB": {querying("", "p"), 5},
		"query nothing":                          {querying("", "nobody"), 1},
		"query 8 of 2000 bytes by an index: half 16 KB": {querying(table.Open, "open"), 2},
		"query the same in the table":                   {querying("", "q"), 4},
		"query 80 of 500 bytes by keys: 3280":           {querying(table.Hosting, "hosting"), 0.5},
		"query nothing by an index":                     {querying(table.Open, "nobody"), 0.5},
	} {
		counting := tabletest.NewCounting(all)
		if err := c.call(t.Context(), counting); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := counting.Usage(); got.RCU != c.rcu || got.WCU+got.IndexWCU != 0 {
			t.Errorf("%s: %+v, want RCU %v", name, got, c.rcu)
		}
	}
}

func TestWriteCapacity(t *testing.T) {
	open, hosting := at(table.Open, "list", "1"), at(table.Hosting, "list", "1")
	moved, rehosted := at(table.Open, "list", "2"), at(table.Hosting, "list", "2")
	both := map[table.Index]table.Key{table.Open: open[table.Open], table.Hosting: hosting[table.Hosting]}
	twoNew := map[table.Index]table.Key{table.Open: {PK: "l", SK: "3"}, table.Hosting: {PK: "l", SK: "3"}}
	small, large := sized("small", 500, nil), sized("large", 3*kb, nil)
	listed, hosted := sized("listed", 1500, open), sized("hosted", 1500, hosting)

	for name, c := range map[string]struct {
		write      table.Write
		wcu, index float64
	}{
		"insert 1 KB":              {table.Insert(sized("new", kb, nil)), 2, 0},
		"insert a byte more":       {table.Insert(sized("new", kb+1, nil)), 4, 0},
		"update to more":           {table.Update(sized("small", 3*kb, nil)), 6, 0},
		"update to less":           {table.Update(sized("large", 500, nil)), 6, 0},
		"remove":                   {table.Remove(large), 6, 0},
		"drop":                     {table.Drop(large.Key), 6, 0},
		"drop of nothing":          {table.Drop(table.Key{PK: "p", SK: "none"}), 2, 0},
		"require":                  {table.Require(large), 6, 0},
		"require what is listed":   {table.Require(listed), 4, 0},
		"insert into two indexes":  {table.Insert(sized("new", 1500, twoNew)), 4, 2 + 1},
		"enter an index":           {table.Update(sized("small", 1500, moved)), 4, 2},
		"enter keys only":          {table.Update(sized("small", 1500, rehosted)), 4, 1},
		"change while listed":      {table.Update(sized("listed", 1500, open)), 4, 2},
		"grow while listed":        {table.Update(sized("listed", 2500, open)), 6, 3},
		"shrink while listed":      {table.Update(sized("listed", 500, open)), 4, 2},
		"change while hosted":      {table.Update(sized("hosted", 2500, hosting)), 6, 0},
		"move":                     {table.Update(sized("listed", 500, moved)), 4, 2 + 1},
		"move by keys":             {table.Update(sized("hosted", 500, rehosted)), 4, 1 + 1},
		"leave":                    {table.Update(sized("listed", 500, nil)), 4, 2},
		"leave by keys":            {table.Update(sized("hosted", 500, nil)), 4, 1},
		"remove what is listed":    {table.Remove(listed), 4, 2},
		"drop what is hosted":      {table.Drop(hosted.Key), 4, 1},
		"insert over what exists":  {table.Insert(sized("large", 500, both)), 6, 0},
		"update with a wrong read": {table.Update(table.Record{Key: listed.Key, Version: 7, Entries: moved}), 4, 0},
	} {
		all := engine(t)
		commit(t, all, table.Insert(small), table.Insert(large), table.Insert(listed), table.Insert(hosted))
		// Each write is in a transaction with one that costs 2.
		counting := tabletest.NewCounting(all)
		err := counting.Commit(t.Context(), table.Drop(table.Key{PK: "p", SK: "beside"}), c.write)
		var refusal *table.Refusal
		if err != nil && !errors.As(err, &refusal) {
			t.Fatalf("%s: %v", name, err)
		}
		want := tabletest.Usage{Rounds: 1, Commits: 1, Writes: 2, WCU: 2 + c.wcu, IndexWCU: c.index}
		if diff := cmp.Diff(want, counting.Usage()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestLoneWritesAreNoTransactions(t *testing.T) {
	all := engine(t)
	stored := sized("a", 3*kb, nil)
	for _, c := range []struct {
		write table.Write
		wcu   float64
	}{
		{table.Insert(stored), 3},
		{table.Insert(stored), 3}, // refused
		{table.Require(stored), 6},
		{table.Remove(stored), 3},
		{table.Drop(stored.Key), 1},
	} {
		counting := tabletest.NewCounting(all)
		_ = counting.Commit(t.Context(), c.write)
		if got := counting.Usage().WCU; got != c.wcu {
			t.Errorf("%+v: WCU %v, want %v", c.write.Action, got, c.wcu)
		}
	}
}

// The guide's example of a transaction: three items of 500 bytes.
func TestUsageAddsUp(t *testing.T) {
	counting := tabletest.NewCounting(engine(t))
	var writes []table.Write
	for _, sk := range []string{"a", "b", "c"} {
		writes = append(writes, table.Insert(sized(sk, 500, nil)))
	}
	commit(t, counting, writes...)
	if got := counting.Usage().WCU; got != 6 {
		t.Errorf("WCU %v, want 6", got)
	}
	get(t, counting, "a", "b", "c")
	get(t, counting, "none")
	for _, c := range []call{querying("", "p"), committing(table.Require(sized("a", 500, nil)))} {
		if err := c(t.Context(), counting); err != nil {
			t.Fatal(err)
		}
	}
	want := tabletest.Usage{Rounds: 5, Gets: 2, Queries: 1, Commits: 2, Writes: 4, RCU: 3 + 1 + 1, WCU: 6 + 2}
	if diff := cmp.Diff(want, counting.Usage()); diff != "" {
		t.Errorf("usage (-want +got):\n%s", diff)
	}
	counting.Reset()
	if diff := cmp.Diff(tabletest.Usage{}, counting.Usage()); diff != "" {
		t.Errorf("usage after Reset (-want +got):\n%s", diff)
	}
}

func TestCallsThatNeverReachRecordsCostNothing(t *testing.T) {
	counting := tabletest.NewCounting(engine(t))
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for name, err := range map[string]error{
		"invalid commit": committing(table.Insert(table.Record{}))(t.Context(), counting),
		"invalid get":    getting("")(t.Context(), counting),
		"ended commit":   committing(table.Insert(record("a", "")))(ended, counting),
		"ended get":      getting("a")(ended, counting),
		"ended query":    querying("", "p")(ended, counting),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if got := counting.Usage(); got.RCU+got.WCU+got.IndexWCU != 0 {
		t.Errorf("usage %+v, want no capacity", got)
	}
}

// Calls of one marked round are one trip, whether they overlap or not; all others are trips of their own,
// even when they do.
func TestRounds(t *testing.T) {
	counting := tabletest.NewCounting(engine(t))
	sideBySide := func(ctx context.Context) {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if err := getting("a")(ctx, counting); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	expect := func(rounds int) {
		t.Helper()
		if got := counting.Usage().Rounds; got != rounds {
			t.Errorf("%d rounds, want %d", got, rounds)
		}
		counting.Reset()
	}
	one := table.Together(t.Context())
	sideBySide(one)
	sideBySide(one)
	expect(1)

	sideBySide(table.Together(t.Context()))
	sideBySide(table.Together(t.Context()))
	get(t, counting, "a")
	expect(3)

	sideBySide(t.Context())
	expect(4)

	sideBySide(one) // Reset has forgotten it
	expect(1)
}

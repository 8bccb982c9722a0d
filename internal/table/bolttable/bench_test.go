package bolttable_test

import (
	"bytes"
	"fmt"
	"testing"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
)

// The benchmarks run on a table of this many slots, each with a listing and an index entry, of this many
// bytes of document.
const (
	slots    = 10_000
	document = 700
)

func slotKey(n int) table.Key { return table.Key{PK: fmt.Sprintf("SLOT#%06d", n), SK: "META"} }

func benchmarkTable(b *testing.B) *bolttable.Table {
	b.Helper()
	on := open(b)
	data := bytes.Repeat([]byte("x"), document)
	for n := 0; n < slots; {
		var writes []table.Write
		for range table.MaxWrites / 2 {
			entries := map[table.Index]table.Key{table.Open: {PK: "OPEN", SK: fmt.Sprintf("%06d", n)}}
			listing := table.Key{PK: slotKey(n).PK, SK: "LISTING"}
			writes = append(writes, table.Insert(table.Record{Key: slotKey(n), Data: data}),
				table.Insert(table.Record{Key: listing, Data: data, Entries: entries}))
			n++
		}
		if err := on.Commit(b.Context(), writes...); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	return on
}

func BenchmarkGet(b *testing.B) {
	for _, n := range []int{1, 5, 100} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			on := benchmarkTable(b)
			keys := make([]table.Key, n)
			for i := range keys {
				keys[i] = slotKey(i * 97)
			}
			for b.Loop() {
				if _, err := on.Get(b.Context(), keys...); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkQuery(b *testing.B) {
	for name, r := range map[string]table.Range{
		"partition": {PK: slotKey(slots / 2).PK, Limit: 20},
		"index":     {Index: table.Open, PK: "OPEN", From: "005000", Limit: 20},
	} {
		b.Run(name, func(b *testing.B) {
			on := benchmarkTable(b)
			for b.Loop() {
				if _, err := on.Query(b.Context(), r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A commit as a booking makes it: two updates and three inserts, one of them indexed.
func BenchmarkCommit(b *testing.B) {
	on := benchmarkTable(b)
	data := bytes.Repeat([]byte("x"), document)
	agenda := table.Record{Key: table.Key{PK: "PERSON#1", SK: "AGENDA"}, Version: 1, Data: data}
	if err := on.Commit(b.Context(), table.Insert(agenda)); err != nil {
		b.Fatal(err)
	}
	versions := make([]int64, slots)
	n := 0
	for b.Loop() {
		id := fmt.Sprintf("%08d", n)
		slot := n * 7919 % slots
		versions[slot]++
		booking := table.Key{PK: "BOOKING#" + id, SK: "BOOKING"}
		entries := map[table.Index]table.Key{
			table.Attending: {PK: "PERSON#1", SK: id},
			table.Hosting:   {PK: "PERSON#2", SK: id},
		}
		seat := table.Record{Key: slotKey(slot), Version: versions[slot], Data: data}
		if err := on.Commit(b.Context(),
			table.Update(seat),
			table.Update(agenda),
			table.Insert(table.Record{Key: booking, Data: data, Entries: entries}),
			table.Insert(table.Record{Key: table.Key{PK: "OUTBOX#1", SK: id}, Data: data[:100]}),
			table.Insert(table.Record{Key: table.Key{PK: "IDEM#1", SK: id}, Data: data}),
		); err != nil {
			b.Fatal(err)
		}
		agenda.Version++
		n++
	}
}

func BenchmarkRefusedCommit(b *testing.B) {
	on := benchmarkTable(b)
	taken := table.Insert(table.Record{Key: slotKey(1)})
	for b.Loop() {
		if err := on.Commit(b.Context(), taken); err == nil {
			b.Fatal("not refused")
		}
	}
}

package tabletest

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"flashmentoring/internal/table"
)

// asHeld is what a Query of the index returns of a stored record.
func asHeld(index table.Index, r table.Record) table.Record {
	if !index.KeysOnly() {
		return r
	}
	return table.Record{Key: r.Key, Entries: map[table.Index]table.Key{index: r.Entries[index]}}
}

func allHeld(index table.Index, records []table.Record) []table.Record {
	var held []table.Record
	for _, r := range records {
		held = append(held, asHeld(index, r))
	}
	return held
}

// A record enters an index, moves in it, changes without moving, leaves it, and is deleted while in it.
func indexesFollowTheirRecords(t *testing.T, b bench) {
	for _, index := range table.Indexes {
		t.Run(string(index), func(t *testing.T) { b.followsItsRecords(t, index) })
	}
}

func (b bench) followsItsRecords(t *testing.T, index table.Index) {
	first := table.Range{Index: index, PK: b.mine + string(index) + " first", Limit: 10}
	second := table.Range{Index: index, PK: b.mine + string(index) + " second", Limit: 10}
	neighbour := b.record(string(index), "neighbour", "")
	neighbour.Entries = map[table.Index]table.Key{index: {PK: first.PK, SK: "5"}}
	neighbour = b.insert(t, neighbour)[0]

	r := b.insert(t, b.record(string(index), "r", `"1"`))[0]
	b.expect(t, first, asHeld(index, neighbour))

	move := func(entries map[table.Index]table.Key) {
		t.Helper()
		r.Entries = entries
		r.Data = fmt.Appendf(nil, `"%d"`, r.Version+1)
		b.commit(t, table.Update(r))
		r.Version++
	}
	at := func(pk, sk string) map[table.Index]table.Key {
		return map[table.Index]table.Key{index: {PK: pk, SK: sk}}
	}

	move(at(first.PK, "4"))
	b.expect(t, first, asHeld(index, r), asHeld(index, neighbour))
	move(at(first.PK, "6"))
	b.expect(t, first, asHeld(index, neighbour), asHeld(index, r))
	move(at(first.PK, "6"))
	b.expect(t, first, asHeld(index, neighbour), asHeld(index, r))
	move(at(second.PK, "1"))
	b.expect(t, first, asHeld(index, neighbour))
	b.expect(t, second, asHeld(index, r))
	move(nil)
	b.expect(t, second)
	move(at(first.PK, "1"))
	b.expect(t, first, asHeld(index, r), asHeld(index, neighbour))
	b.commit(t, table.Remove(r), table.Drop(neighbour.Key))
	b.expect(t, first)
}

// One record in all indexes: with everything in two of them, and with the entry and the key in the two
// that are keys-only.
func indexesReturnWhatTheyHold(t *testing.T, b bench) {
	r := b.record("p", "a", `{"n":1}`)
	r.Expires = time.Unix(4_102_444_800, 0).UTC()
	r.Entries = map[table.Index]table.Key{}
	for _, index := range table.Indexes {
		r.Entries[index] = b.key(string(index), "1")
	}
	r = b.insert(t, r)[0]
	for _, index := range table.Indexes {
		b.expect(t, table.Range{Index: index, PK: b.mine + string(index), Limit: 10}, asHeld(index, r))
	}
	// A record is not in the partition of its own that happens to be called like one of the index.
	b.expect(t, table.Range{Index: table.Open, PK: r.PK, Limit: 10})
	b.expect(t, table.Range{PK: b.mine + "open", Limit: 10})
}

func indexesArePagedToTheEnd(t *testing.T, b bench) {
	var records []table.Record
	for i, sk := range places {
		r := b.record(fmt.Sprintf("p%d", len(places)-i), "a", "")
		r.Entries = map[table.Index]table.Key{
			table.Open:      b.key("list", sk),
			table.Attending: b.key("list", sk),
		}
		records = append(records, r)
	}
	stored := b.insert(t, records...)
	for _, index := range []table.Index{table.Open, table.Attending} {
		held := allHeld(index, stored)
		for _, limit := range []int{1, 3, len(held), 100} {
			b.expect(t, table.Range{Index: index, PK: b.mine + "list", Limit: limit}, held...)
		}
		from, to := slices.Index(places, "a"), slices.Index(places, "b")
		for _, limit := range []int{1, 100} {
			r := table.Range{Index: index, PK: b.mine + "list", From: "a", To: "b", Limit: limit}
			b.expect(t, r, held[from:to]...)
		}
	}
}

func indexesTellThatBigPagesGoOn(t *testing.T, b bench) {
	stored := b.insertBig(t)
	b.expect(t, table.Range{Index: table.Open, PK: b.mine + "open", Limit: 100}, stored...)
}

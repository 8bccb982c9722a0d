package tabletest

import (
	"errors"
	"fmt"
	"testing"

	"flashmentoring/internal/table"
)

func versionsCountChanges(t *testing.T, b bench) {
	r := b.record("p", "a", `"1"`)
	r.Version = 77 // of no account for a record that must not exist
	b.commit(t, table.Insert(r))
	for version := int64(1); version < 12; version++ {
		r.Version = version
		sameRecords(t, b.get(t, r.Key), r)
		r.Data = fmt.Appendf(nil, `"%d"`, version+1)
		b.commit(t, table.Update(r))
	}
	b.commit(t, table.Remove(table.Record{Key: r.Key, Version: 12}))
	sameRecords(t, b.get(t, r.Key))

	b.commit(t, table.Insert(r))
	r.Version = 1
	sameRecords(t, b.get(t, r.Key), r)
}

func refusalsNameEveryReason(t *testing.T, b bench) {
	stored := b.insert(t, b.record("p", "0", "{}"), b.record("p", "1", "{}"), b.record("p", "2", "{}"))
	at := func(i int, version int64) table.Record {
		r := stored[i]
		r.Version = version
		return r
	}
	gone := b.record("p", "gone", "{}")
	gone.Version = 1
	b.commit(t, table.Update(stored[1]))

	for _, c := range []struct {
		name  string
		write table.Write
		want  table.Reason
	}{
		{"insert over a record", table.Insert(at(0, 1)), table.Taken},
		{"update with a version of the past", table.Update(at(1, 1)), table.Changed},
		{"update with a version of the future", table.Update(at(0, 2)), table.Changed},
		{"update of nothing", table.Update(gone), table.Changed},
		{"remove at a wrong version", table.Remove(at(1, 1)), table.Changed},
		{"remove of nothing", table.Remove(gone), table.Changed},
		{"require a wrong version", table.Require(at(1, 1)), table.Changed},
		{"require nothing", table.Require(gone), table.Changed},
	} {
		refused(t, b.Commit(t.Context(), c.write), c.want)
		if t.Failed() {
			t.Fatalf("%s: want %v", c.name, c.want)
		}
	}
	refused(t, b.Commit(t.Context(),
		table.Insert(b.record("p", "new", "{}")),
		table.Insert(at(0, 1)),
		table.Update(at(1, 1)),
		table.Require(at(2, 1)),
		table.Drop(b.key("p", "missing")),
		table.Remove(gone),
	), table.Fine, table.Taken, table.Changed, table.Fine, table.Fine, table.Changed)
}

func refusedCommitsChangeNothing(t *testing.T, b bench) {
	indexed := b.record("p", "1", `"old"`)
	indexed.Entries = map[table.Index]table.Key{table.Open: b.key("open", "1")}
	stored := b.insert(t, indexed, b.record("p", "2", `"old"`), b.record("p", "3", `"old"`))

	changed := stored[0]
	changed.Data = []byte(`"new"`)
	changed.Entries = map[table.Index]table.Key{table.Open: b.key("open", "2")}
	refused(t, b.Commit(t.Context(),
		table.Insert(b.record("p", "0", `"new"`)),
		table.Update(changed),
		table.Remove(stored[1]),
		table.Insert(stored[2]),
	), table.Fine, table.Fine, table.Fine, table.Taken)

	b.expect(t, table.Range{PK: indexed.PK, Limit: 10}, stored...)
	b.expect(t, table.Range{Index: table.Open, PK: b.mine + "open", Limit: 10}, stored[0])
}

func dropIsIdempotent(t *testing.T, b bench) {
	stored := b.insert(t, b.record("p", "a", "{}"))[0]
	b.commit(t, table.Update(stored))
	for range 2 {
		b.commit(t, table.Drop(stored.Key))
		sameRecords(t, b.get(t, stored.Key))
	}
}

func requireChangesNothing(t *testing.T, b bench) {
	r := b.record("p", "a", `"kept"`)
	r.Entries = map[table.Index]table.Key{table.Open: b.key("open", "1")}
	stored := b.insert(t, r)[0]
	b.commit(t, table.Require(stored))
	other := b.insert(t, b.record("p", "b", "{}"))[0]
	b.commit(t, table.Require(stored), table.Remove(other))

	b.expect(t, table.Range{PK: r.PK, Limit: 10}, stored)
	b.expect(t, table.Range{Index: table.Open, PK: b.mine + "open", Limit: 10}, stored)
}

func commitsHoldUpToALimitOfWrites(t *testing.T, b bench) {
	var writes []table.Write
	var want []table.Record
	for i := range table.MaxWrites + 1 {
		r := b.record("p", fmt.Sprintf("%03d", i), "{}")
		writes = append(writes, table.Insert(r))
		r.Version = 1
		want = append(want, r)
	}
	invalid(t, b, "one write too many", writes...)
	b.commit(t, writes[:table.MaxWrites]...)
	b.expect(t, table.Range{PK: b.mine + "p", Limit: 1000}, want[:table.MaxWrites]...)
}

func commitsHoldUpToALimitOfBytes(t *testing.T, b bench) {
	var writes []table.Write
	for i := range table.MaxCommitSize/table.MaxRecordSize + 1 {
		r := filled(b.record("p", fmt.Sprintf("%02d", i), ""), table.MaxRecordSize)
		writes = append(writes, table.Insert(r))
	}
	invalid(t, b, "some bytes too many", writes...)
	b.commit(t, writes[1:]...)
	if got := len(b.list(t, table.Range{PK: b.mine + "p", Limit: 100})); got != len(writes)-1 {
		t.Errorf("%d records, want %d", got, len(writes)-1)
	}
}

func commitsOfNothingDoNothing(t *testing.T, b bench) { b.commit(t) }

func commitsThatCannotBeAreInvalid(t *testing.T, b bench) {
	good, other := b.record("p", "good", "{}"), b.record("p", "other", "{}")
	entered := func(index table.Index, entry table.Key) table.Record {
		r := other
		r.Entries = map[table.Index]table.Key{index: entry}
		return r
	}
	broken := map[string]table.Write{
		"the same key":         table.Insert(good),
		"a check of its key":   {Action: table.Check, If: table.IfAbsent, Record: good},
		"a put without if":     {Action: table.Put, If: table.Always, Record: other},
		"a version never read": table.Update(other),
		"data not UTF-8":       table.Insert(b.record("p", "other", "\"\xff\"")),
		"an unknown index":     table.Insert(entered("unknown", b.key("x", "1"))),
	}
	for name, key := range noKeys(b) {
		broken["a key with "+name] = table.Insert(table.Record{Key: key})
		broken["an entry with "+name] = table.Insert(entered(table.Open, key))
	}
	for name, write := range broken {
		invalid(t, b, name, table.Insert(good), write)
	}
	b.expect(t, table.Range{PK: good.PK, Limit: 10})
}

func invalid(t *testing.T, b bench, name string, writes ...table.Write) {
	t.Helper()
	if err := b.Commit(t.Context(), writes...); !errors.Is(err, table.ErrInvalid) {
		t.Errorf("Commit with %s: %v, want ErrInvalid", name, err)
	}
}

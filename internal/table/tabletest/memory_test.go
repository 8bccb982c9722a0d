package tabletest_test

import (
	"errors"
	"testing"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// The suite runs twice on one table, because it must find its way among what earlier runs have left.
func TestMemoryConforms(t *testing.T) {
	shared := tabletest.NewMemory()
	for _, run := range []string{"first", "again"} {
		t.Run(run, func(t *testing.T) {
			tabletest.Run(t, func(*testing.T) table.Table { return shared })
		})
	}
}

// An index entry belongs to one record, as a page border would lose one of two.
func TestMemoryRefusesAnEntryThatIsHeld(t *testing.T) {
	m := tabletest.NewMemory()
	entered := func(sk string) table.Record {
		r := record(sk, "{}")
		r.Entries = map[table.Index]table.Key{table.Open: {PK: "o", SK: "1"}}
		return r
	}
	commit(t, m, table.Insert(entered("a")))
	if err := m.Commit(t.Context(), table.Insert(entered("b"))); !errors.Is(err, table.ErrInvalid) {
		t.Errorf("an entry that another holds: %v", err)
	}
	gone := entered("a")
	gone.Version = 1
	commit(t, m, table.Remove(gone), table.Insert(entered("b")))
}

func TestMemoryShowsEverythingInOrder(t *testing.T) {
	m := tabletest.NewMemory()
	commit(t, m, table.Insert(record("b", "{}")), table.Insert(record("a", "{}")))
	var seen string
	if err := m.Each(t.Context(), func(r table.Record) error { seen += r.SK; return nil }); err != nil || seen != "ab" {
		t.Errorf("%q, %v", seen, err)
	}
}

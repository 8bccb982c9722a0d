package tabletest_test

import (
	"path/filepath"
	"testing"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/table/tabletest"
)

// Wrappers that have nothing to add are tables like any other.
func TestWrappersConform(t *testing.T) {
	tabletest.Run(t, func(t *testing.T) table.Table {
		counting := tabletest.NewCounting(engine(t))
		return tabletest.NewFaults(tabletest.NewAudit(tabletest.NewStopwatch(tabletest.NewLatency(counting, 0, 0))), 1, tabletest.Chances{})
	})
}

func engine(t *testing.T) *bolttable.Table {
	t.Helper()
	opened, err := bolttable.Open(filepath.Join(t.TempDir(), "table.db"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened
}

func record(sk, data string) table.Record {
	return table.Record{Key: table.Key{PK: "p", SK: sk}, Data: []byte(data)}
}

func commit(t *testing.T, on table.Table, writes ...table.Write) {
	t.Helper()
	if err := on.Commit(t.Context(), writes...); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

func get(t *testing.T, on table.Table, sks ...string) []table.Record {
	t.Helper()
	var keys []table.Key
	for _, sk := range sks {
		keys = append(keys, table.Key{PK: "p", SK: sk})
	}
	records, err := on.Get(t.Context(), keys...)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	return records
}

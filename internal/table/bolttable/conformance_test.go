package bolttable_test

import (
	"path/filepath"
	"testing"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/table/tabletest"
)

func TestConformance(t *testing.T) {
	tabletest.Run(t, func(t *testing.T) table.Table { return open(t) })
}

// The suite must also find its way on a table that earlier runs have filled.
func TestConformanceOnASharedTable(t *testing.T) {
	shared := open(t)
	for range 2 {
		tabletest.Run(t, func(*testing.T) table.Table { return shared })
	}
}

// open opens a new table that is closed after the test.
func open(t testing.TB) *bolttable.Table {
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

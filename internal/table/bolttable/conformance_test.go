package bolttable_test

import (
	"path/filepath"
	"testing"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/table/tabletest"
)

// The suite runs twice on one table, because it must find its way among what earlier runs have left.
func TestConformance(t *testing.T) {
	shared := open(t)
	for _, run := range []string{"first", "again"} {
		t.Run(run, func(t *testing.T) {
			tabletest.Run(t, func(*testing.T) table.Table { return shared })
		})
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

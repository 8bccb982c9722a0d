//go:build !race

package simulation_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"flashmentoring/internal/simulation"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// changed is a table whose commits are others than those asked for.
type changed struct {
	table.Table
	by func([]table.Write) []table.Write
}

func without(lost func(table.Write) bool) func(table.Table) table.Table {
	return func(t table.Table) table.Table {
		return changed{t, func(writes []table.Write) []table.Write { return slices.DeleteFunc(slices.Clone(writes), lost) }}
	}
}

func isInsertOf(prefix string) func(table.Write) bool {
	return func(w table.Write) bool { return w.Action == table.Put && strings.HasPrefix(w.Record.PK, prefix) }
}

func (c changed) Commit(ctx context.Context, writes ...table.Write) error {
	return c.Table.Commit(ctx, c.by(writes)...)
}

func isLedger(w table.Write) bool {
	return strings.HasPrefix(w.Record.SK, "MAIL#") || strings.HasPrefix(w.Record.SK, "TOLD#")
}

// unprotected lifts the conditions of writes to some records.
func unprotected(which func(table.Write) bool) func(table.Table) table.Table {
	return func(t table.Table) table.Table { return tabletest.NewUnprotected(t, which) }
}

// The controls: each takes one protection away, and the simulation finds out within a few seeds. So it would notice if the
// product lost it.
func TestWhatIsMissingIsFound(t *testing.T) {
	for name, take := range map[string]func(table.Table) table.Table{
		"the conditions on seats":                 unprotected(func(w table.Write) bool { return strings.HasPrefix(w.Record.SK, "SEAT#") }),
		"the conditions on agendas":               unprotected(func(w table.Write) bool { return w.Record.SK == "AGENDA" }),
		"the rows of the outbox":                  without(isInsertOf("OUTBOX#")),
		"the wakes":                               without(isInsertOf("DUE#")),
		"the answers kept for an Idempotency-Key": without(isInsertOf("IDEM#")),
		"the ledger":                              without(isLedger),
		"the order of sending and recording": func(t table.Table) table.Table {
			return changed{t, func(writes []table.Write) []table.Write {
				for i, w := range writes {
					if isLedger(w) && !bytes.Contains(w.Record.Data, []byte("sentAt")) {
						writes[i].Record.Data = bytes.Replace(w.Record.Data, []byte("{"), []byte(`{"status":"sent","sentAt":"2026-10-12T09:00:00Z",`), 1)
					}
				}
				return writes
			}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for seed := range uint64(200) {
				if o := simulation.Run(t, seed, simulation.Options{Without: take}); o.Violation != "" {
					t.Logf("found with seed %d: %s", seed, o.Violation)
					return
				}
			}
			t.Error("nothing is found without it")
		})
	}
}

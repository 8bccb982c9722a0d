package tabletest

import (
	"errors"
	"testing"

	"flashmentoring/internal/table"
)

// An engine tells the meter of a call's context what it takes, reads and writes apart. How much is for the engine to say:
// DynamoDB Local counts a transaction once where DynamoDB counts it twice.
func callsAreMetered(t *testing.T, b bench) {
	on := table.Metered(b)
	ctx, meter := table.WithMeter(t.Context())
	two := []table.Write{table.Insert(b.record("p", "a", "{}")), table.Insert(b.record("p", "b", "{}"))}
	var before table.Usage
	for _, step := range []struct {
		name                       string
		call                       func() error
		reads, writes              bool
		rounds, commits, conflicts int
	}{
		{"commit", func() error { return on.Commit(ctx, two...) }, false, true, 1, 1, 0},
		{"commit of one", func() error { return on.Commit(ctx, table.Insert(b.record("p", "c", "{}"))) }, false, true, 1, 1, 0},
		{"commit refused", func() error { return refusedOrNil(on.Commit(ctx, two...)) }, false, false, 1, 0, 1},
		{"get", func() error { _, err := on.Get(ctx, b.key("p", "a"), b.key("p", "none")); return err }, true, false, 1, 0, 0},
		{"query", func() error { _, err := on.Query(ctx, table.Range{PK: b.key("p", "").PK, Limit: 9}); return err }, true, false, 1, 0, 0},
		{"delete", func() error { return on.Commit(ctx, table.Drop(b.key("p", "c"))) }, false, true, 1, 1, 0},
		{"two side by side", func() error {
			together := table.Together(ctx)
			_, first := on.Get(together, b.key("p", "a"))
			_, second := on.Get(together, b.key("p", "b"))
			return errors.Join(first, second)
		}, true, false, 1, 0, 0},
		{"a call without a meter", func() error { _, err := on.Get(t.Context(), b.key("p", "a")); return err }, false, false, 0, 0, 0},
	} {
		if err := step.call(); err != nil {
			t.Fatalf("%s: %v", step.name, err)
		}
		now := meter.Usage()
		if (now.RCU > before.RCU) != step.reads || (now.WCU > before.WCU) != step.writes {
			t.Errorf("%s: capacity goes from %+v to %+v", step.name, before, now)
		}
		if now.Rounds != before.Rounds+step.rounds || now.Commits != before.Commits+step.commits || now.Conflicts != before.Conflicts+step.conflicts {
			t.Errorf("%s: counts go from %+v to %+v", step.name, before, now)
		}
		before = now
	}
}

func refusedOrNil(err error) error {
	if refused := new(table.Refusal); errors.As(err, &refused) {
		return nil
	}
	return errors.Join(errors.New("not refused"), err)
}

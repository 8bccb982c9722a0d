package desk_test

import (
	"context"
	"testing"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// P3, what coordinators do, exactly.
func TestCostOfCoordinators(t *testing.T) {
	for _, c := range []struct {
		name string
		open costly
		want tabletest.Usage
	}{
		{"list people", func(t *testing.T, o *office) func(context.Context) error {
			o.crowd(t, 30)
			return func(ctx context.Context) error { return ignore(o.People(ctx, coordinator, "", "", 20)) }
		}, tabletest.Usage{Rounds: 3, Gets: 2, Queries: 1, RCU: 60.5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var counting *tabletest.Counting
			o := openOffice(t, func(engine table.Table) table.Table {
				counting = tabletest.NewCounting(engine)
				return counting
			})
			call := c.open(t, o)
			counting.Reset()
			if err := call(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := counting.Usage(); got != c.want {
				t.Errorf("costs %s, want %s", show(got), show(c.want))
			}
			documented(t, c.name, c.want)
		})
	}
}

package desk_test

import (
	"fmt"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// P3: what each use case costs, exactly: rounds of storage one after another, and capacity units. A figure
// that moves is a change of design and belongs in internal/README.md.
func TestCost(t *testing.T) {
	var counting *tabletest.Counting
	o := openOffice(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	o.OpenShards = 1 // of two, each rounds by itself, as the random ids fall
	ctx, meter := table.WithMeter(t.Context())
	expert, ben, eve, kim := o.enrolled(t, "expert"), o.enrolled(t, "ben"), o.enrolled(t, "eve"), o.enrolled(t, "kim")
	var full, free mentoring.SlotID
	full = o.published(t, expert, circle(1, 26*time.Hour))
	o.booked(t, eve, full)
	for i := range 20 {
		free = o.published(t, expert, circle(12, time.Duration(30+i)*time.Hour))
	}

	cases := []struct {
		name string
		call func() error
		want mentoring.Code
		cost tabletest.Usage
	}{
		{"see oneself", func() error { _, err := o.Me(ctx, ben); return err }, "",
			tabletest.Usage{Rounds: 1, Gets: 1, RCU: 3}},
		{"view slot", func() error { _, err := o.Slot(ctx, ben, free); return err }, "",
			tabletest.Usage{Rounds: 1, Gets: 1, Queries: 1, RCU: 3}},
		{"browse", func() error { _, err := o.OpenSlots(ctx, ben, desk.SlotFilter{}, "", 20); return err }, "",
			tabletest.Usage{Rounds: 1, Gets: 1, Queries: 1, RCU: 4}},
		{"browse a topic", func() error { _, err := o.OpenSlots(ctx, ben, desk.SlotFilter{Topic: "finance"}, "", 20); return err }, "",
			tabletest.Usage{Rounds: 1, Gets: 2, Queries: 1, RCU: 5}},
		{"book", func() error { _, err := o.Book(ctx, ben, free, request, key("k")); return err }, "",
			tabletest.Usage{Rounds: 2, Gets: 1, Queries: 1, Commits: 1, Writes: 5, RCU: 4, WCU: 10, IndexWCU: 2}},
		{"book again with the key", func() error { _, err := o.Book(ctx, ben, free, request, key("k")); return err }, "",
			tabletest.Usage{Rounds: 1, Gets: 1, Queries: 1, RCU: 4}},
		{"refused because full", func() error { _, err := o.Book(ctx, kim, full, request, desk.Once{}); return err }, mentoring.SlotFull,
			tabletest.Usage{Rounds: 1, Gets: 1, Queries: 1, RCU: 3}},
		{"refused with a key", func() error { _, err := o.Book(ctx, kim, full, request, key("k2")); return err }, mentoring.SlotFull,
			tabletest.Usage{Rounds: 2, Gets: 2, Queries: 1, RCU: 5}},
	}
	for _, c := range cases {
		counting.Reset()
		before := meter.Usage()
		if err := c.call(); codeOf(err) != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
		if got := counting.Usage(); got != c.cost {
			t.Errorf("%s costs %s, want %s", c.name, show(got), show(c.cost))
		}
		documented(t, c.name, c.cost)
		// What the log says of a request is the same.
		after := meter.Usage()
		if after.Rounds-before.Rounds != c.cost.Rounds || after.RCU-before.RCU != c.cost.RCU ||
			after.WCU-before.WCU != c.cost.WCU+c.cost.IndexWCU || after.Retries != before.Retries {
			t.Errorf("%s goes from %+v to %+v on the meter, want %s", c.name, before, after, show(c.cost))
		}
	}
}

func show(u tabletest.Usage) string { return fmt.Sprintf("%+v", u) }

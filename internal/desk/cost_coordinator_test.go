package desk_test

import (
	"context"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
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
		{"list topics", func(t *testing.T, o *office) func(context.Context) error {
			o.curates(t, mentoring.Curate{Slug: "finance", Label: "Money"})
			return func(ctx context.Context) error { return ignore(o.TopicList(ctx)) }
		}, tabletest.Usage{Rounds: 1, Gets: 1, RCU: 2}},
		{"change a topic", func(t *testing.T, o *office) func(context.Context) error {
			return func(ctx context.Context) error {
				return ignore(o.Curate(ctx, coordinator, mentoring.Curate{Slug: "finance", Label: "Money"}, nil))
			}
		}, tabletest.Usage{Rounds: 2, Gets: 1, Commits: 1, Writes: 1, RCU: 2, WCU: 1}},
		{"browse a topic that another was merged into", func(t *testing.T, o *office) func(context.Context) error {
			o.OpenShards = 1
			ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
			for i := range 20 {
				d := circle(1, time.Duration(30+i)*time.Hour)
				d.Topic = []string{"finance", "sales"}[i%2]
				o.published(t, ada, d)
			}
			o.curates(t, mentoring.Curate{Slug: "finance", Label: "Money", Status: mentoring.TopicDeprecated, MergedInto: "sales"})
			return func(ctx context.Context) error {
				return ignore(o.OpenSlots(ctx, ben, desk.SlotFilter{Topic: "sales"}, "", 20))
			}
		}, tabletest.Usage{Rounds: 2, Gets: 2, Queries: 2, RCU: 5}},
		{"count open slots", func(t *testing.T, o *office) func(context.Context) error {
			o.OpenShards = 1
			fill(t, o, o.published(t, o.enrolled(t, "ada"), circle(12, 24*time.Hour)), 2000)
			return func(ctx context.Context) error { return o.CountOpen(ctx) }
		}, tabletest.Usage{Rounds: 3, Gets: 1, Queries: 1, Commits: 1, Writes: 1, RCU: 98.5, WCU: 1}},
		{"count open slots, where nothing has changed", func(t *testing.T, o *office) func(context.Context) error {
			o.OpenShards = 1
			o.published(t, o.enrolled(t, "ada"), circle(12, 24*time.Hour))
			must(t, o.CountOpen(t.Context()))
			return func(ctx context.Context) error { return o.CountOpen(ctx) }
		}, tabletest.Usage{Rounds: 2, Gets: 1, Queries: 1, RCU: 1.5}},
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

package dispatch_test

import (
	"testing"
	"time"

	"flashmentoring/internal/benchmarks"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// P3, what follows an event, as internal/README.md says, exactly: the row is read, what browsing shows is kept up, the report
// counts, each of the two is sent a mail under a claim in the ledger, and the row goes.
func TestCostOfTelling(t *testing.T) {
	costs, err := benchmarks.Costs("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var counting *tabletest.Counting
	w := open(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	w.keen(t, "ada")
	ben, slot := w.keen(t, "ben"), w.slot(t, 1, mentoring.Instant, 50*time.Hour)
	w.news(t)
	begin := w.now
	for _, c := range []struct {
		row   string
		later time.Duration
	}{
		{"tell the two of a booking", 0},
		{"tell the two of a booking … remind them", 26 * time.Hour},
		{"tell the two of a booking … ask them how it was", 50*time.Hour + 30*time.Minute},
	} {
		if w.now = begin.Add(c.later); c.later == 0 {
			w.books(t, ben, slot)
		}
		w.wake(t)
		events := w.due(t)
		if len(events) != 1 {
			t.Fatalf("%s: %d events", c.row, len(events))
		}
		counting.Reset()
		if err := w.Handle(t.Context(), events[0]); err != nil {
			t.Fatal(err)
		}
		used := counting.Usage()
		if got := (benchmarks.Cost{Rounds: used.Rounds, RCU: used.RCU, WCU: used.WCU, IndexWCU: used.IndexWCU}); got != costs[c.row] {
			t.Errorf("%q costs %+v, and internal/README.md says %+v", c.row, got, costs[c.row])
		}
		if mails := w.post.to(); mails["ada@example.org"] != mails["ben@example.org"] || mails["ada@example.org"] == 0 {
			t.Errorf("%s: mails went to %v", c.row, mails)
		}
	}
}

// wake does what has fallen due for slots, and no more.
func (w *world) wake(t *testing.T) {
	t.Helper()
	for _, key := range w.rows(t, "DUE#") {
		if key.SK > w.now.UTC().Format("2006-01-02T15:04:05.000Z")+"#~" {
			continue
		}
		if _, err := w.desk.Wake(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
}

package desk_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// P5: with a thousand times as many open slots, browsing and booking make the same rounds and use the same capacity. The
// long form compares with SLOTS=1000000. What time they take is told and not judged.
func TestCostDoesNotGrowWithTheSlots(t *testing.T) {
	few, some := crowded(t, 1000)
	many, more := crowded(t, times(t, "SLOTS", 20000))
	for name, cost := range few {
		if many[name] != cost {
			t.Errorf("%s costs %s among many slots, %s among few", name, show(many[name]), show(cost))
		}
		t.Logf("%s takes %.2f times as long", name, float64(more[name])/float64(some[name]))
	}
}

// crowded says what browsing and booking cost among so many open slots, and how long each takes: the median of many.
func crowded(t *testing.T, n int) (cost map[string]tabletest.Usage, took map[string]time.Duration) {
	t.Helper()
	var counting *tabletest.Counting
	o := openOffice(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	o.OpenShards = 1
	ada, people := o.enrolled(t, "ada"), o.crowd(t, 100)
	first := o.published(t, ada, circle(12, 24*time.Hour))
	fill(t, o, first, n-1)
	last := o.published(t, ada, circle(12, 170*24*time.Hour))
	cost, took = map[string]tabletest.Usage{}, map[string]time.Duration{}
	for name, call := range map[string]func(c desk.Caller) error{
		"browse": func(c desk.Caller) error {
			page, err := o.OpenSlots(context.Background(), c, desk.SlotFilter{}, "", 20)
			if err == nil && len(page.Items) != 20 {
				t.Errorf("a page of %d", len(page.Items))
			}
			return err
		},
		"browse from the middle": func(c desk.Caller) error {
			f := desk.SlotFilter{Topic: "finance", From: morning.Add(60 * 24 * time.Hour)}
			return ignore(o.OpenSlots(context.Background(), c, f, "", 20))
		},
		"book, or be told that it is full": func(c desk.Caller) error {
			_, err := o.Book(context.Background(), c, last, request, desk.Once{})
			if codeOf(err) == mentoring.SlotFull {
				return nil
			}
			return err
		},
	} {
		counting.Reset()
		var all []time.Duration
		for _, c := range people {
			began := time.Now()
			must(t, call(c))
			all = append(all, time.Since(began))
		}
		slices.Sort(all)
		cost[name], took[name] = counting.Usage(), all[len(all)/2]
	}
	return cost, took
}

// fill writes n open slots like one that was published, past the use cases, evenly over half a year.
func fill(t *testing.T, o *office, like mentoring.SlotID, n int) {
	t.Helper()
	page, err := o.engine.Query(t.Context(), table.Range{PK: "SLOT#" + string(like), Limit: 10})
	if err != nil || len(page.Records) != 2 {
		t.Fatalf("%d records of a slot nobody booked, %v", len(page.Records), err)
	}
	begin, between := morning.Add(25*time.Hour), 160*24*time.Hour/time.Duration(n)
	var writes []table.Write
	for i := range n {
		id := mentoring.NewSlotID([16]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}) // in order, which is quickest
		start := begin.Add(time.Duration(i) * between).Truncate(time.Second)
		for _, r := range page.Records {
			writes = append(writes, table.Insert(another(r, like, id, start)))
		}
		if len(writes) == table.MaxWrites || i == n-1 {
			must(t, o.engine.Commit(t.Context(), writes...))
			writes = writes[:0]
		}
	}
}

// another is a record of a slot, made one of another slot that begins at another time.
func another(r table.Record, like, id mentoring.SlotID, start time.Time) table.Record {
	before := morning.Add(24 * time.Hour)
	r.PK = "SLOT#" + string(id)
	r.Data = bytes.ReplaceAll(r.Data, []byte(like), []byte(id))
	r.Data = bytes.Replace(r.Data, []byte(before.Format(time.RFC3339)), []byte(start.Format(time.RFC3339)), 1)
	entries := map[table.Index]table.Key{}
	for index, entry := range r.Entries {
		entries[index] = table.Key{PK: entry.PK, SK: fmt.Sprintf("%s#%s", start.Format("2006-01-02T15:04:05.000Z"), id)}
	}
	r.Entries = entries
	return r
}

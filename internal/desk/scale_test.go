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
// long form compares with SLOTS=1000000.
func TestCostDoesNotGrowWithTheSlots(t *testing.T) {
	cost := func(n int) map[string]tabletest.Usage {
		var counting *tabletest.Counting
		o := among(t, n, func(engine table.Table) table.Table {
			counting = tabletest.NewCounting(engine)
			return counting
		})
		used := map[string]tabletest.Usage{}
		for name, prepare := range busy {
			call := prepare(t, o)
			counting.Reset()
			must(t, call())
			used[name] = counting.Usage()
		}
		return used
	}
	few, many := cost(1000), cost(times(t, "SLOTS", 20000))
	for name, cost := range few {
		if many[name] != cost {
			t.Errorf("%s costs %s among many slots, %s among few", name, show(many[name]), show(cost))
		}
	}
}

// P5, the time: the same calls by turns among a thousand open slots and among SLOTS, and how many times as long the median
// of the latter takes.
func BenchmarkAmongManySlots(b *testing.B) {
	few, many := among(b, 1000, nil), among(b, times(b, "SLOTS", 20000), nil)
	for name, prepare := range busy {
		b.Run(name, func(b *testing.B) {
			took := map[*crowdedOffice][]time.Duration{}
			for b.Loop() {
				for _, o := range []*crowdedOffice{few, many} {
					call := prepare(b, o)
					began := time.Now()
					must(b, call())
					took[o] = append(took[o], time.Since(began))
				}
			}
			median := func(o *crowdedOffice) float64 {
				slices.Sort(took[o])
				return float64(took[o][len(took[o])/2])
			}
			b.ReportMetric(0, "ns/op") // which would be of both, and of what they need
			b.ReportMetric(median(many)/1e6, "p50-ms")
			b.ReportMetric(median(many)/median(few), "x-few")
		})
	}
}

// busy are the calls that must not mind how many slots there are, each with what it needs.
var busy = map[string]func(t testing.TB, o *crowdedOffice) func() error{
	"browse": func(t testing.TB, o *crowdedOffice) func() error {
		return func() error {
			page, err := o.OpenSlots(context.Background(), o.looker, desk.SlotFilter{}, "", 20)
			if err == nil && len(page.Items) != 20 {
				t.Errorf("a page of %d", len(page.Items))
			}
			return err
		}
	},
	"browse from the middle": func(t testing.TB, o *crowdedOffice) func() error {
		f := desk.SlotFilter{Topic: "finance", From: morning.Add(60 * 24 * time.Hour)}
		return func() error { return ignore(o.OpenSlots(context.Background(), o.looker, f, "", 20)) }
	},
	"book": func(t testing.TB, o *crowdedOffice) func() error {
		if o.people%12 == 0 {
			o.slot = o.published(t, o.enrolled(t, fmt.Sprint("expert-", o.people)), circle(12, 170*24*time.Hour))
		}
		who, slot := o.enrolled(t, fmt.Sprint("requester-", o.people)), o.slot
		o.people++
		return func() error { return ignore(o.Book(context.Background(), who, slot, request, key("k"))) }
	},
}

// crowdedOffice is an office with many open slots.
type crowdedOffice struct {
	*office
	looker desk.Caller
	slot   mentoring.SlotID // the last one, which has a seat for whoever comes next
	people int              // who booked so far
}

// among opens an office with so many open slots, all but one of them before the one that is booked.
func among(t testing.TB, n int, wrap func(table.Table) table.Table) *crowdedOffice {
	t.Helper()
	o := &crowdedOffice{office: openOffice(t, wrap)}
	o.OpenShards = 1
	o.looker = o.enrolled(t, "looker")
	fill(t, o.office, o.published(t, o.enrolled(t, "ada"), circle(12, 24*time.Hour)), n-1)
	return o
}

// fill writes n open slots like one that was published, past the use cases, evenly over half a year.
func fill(t testing.TB, o *office, like mentoring.SlotID, n int) {
	t.Helper()
	page, err := o.engine.Query(context.Background(), table.Range{PK: "SLOT#" + string(like), Limit: 10})
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

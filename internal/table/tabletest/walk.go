package tabletest

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"flashmentoring/internal/table"
)

// A walk makes random commits on few records, some of them on stale versions, and holds the engine to
// what the same commits do to a map.
func aWalkAgreesWithAMap(t *testing.T, b bench) {
	w := walk{bench: b, rand: rand.New(rand.NewPCG(1, 2)), model: map[table.Key]table.Record{}}
	for n := range 120 {
		w.step(t, n)
		if t.Failed() {
			return
		}
	}
	if w.applied < 20 || w.refused < 20 {
		t.Errorf("%d commits applied and %d refused: not much of a walk", w.applied, w.refused)
	}
	for _, index := range append([]table.Index{""}, table.Indexes...) {
		b.expect(t, table.Range{Index: index, PK: b.mine + "p", Limit: 3}, w.list(index)...)
	}
}

type walk struct {
	bench
	rand             *rand.Rand
	model            map[table.Key]table.Record
	applied, refused int
}

func (w *walk) step(t *testing.T, n int) {
	writes := w.writes(n)
	reasons := make([]table.Reason, len(writes))
	for i, write := range writes {
		reasons[i] = w.reason(write)
	}
	err := w.Commit(t.Context(), writes...)
	if slices.Max(reasons) != table.Fine {
		w.refused++
		refused(t, err, reasons...)
	} else if w.applied++; err != nil {
		t.Errorf("Commit: %v", err)
	} else {
		w.apply(writes)
	}
	w.expect(t, table.Range{PK: w.mine + "p", Limit: 100}, w.list("")...)
	if t.Failed() {
		t.Logf("step %d: %+v", n, writes)
	}
}

// writes are one to three on different records.
func (w *walk) writes(step int) []table.Write {
	var writes []table.Write
	for _, place := range w.rand.Perm(6)[:1+w.rand.IntN(3)] {
		r := w.record("p", fmt.Sprint(place), fmt.Sprintf(`{"step":%d}`, step))
		stored, exists := w.model[r.Key]
		r.Version = max(1, stored.Version-int64(w.rand.IntN(8)/7))
		r.Entries = w.entries(place)
		switch kind := w.rand.IntN(10); {
		case kind < 1:
			writes = append(writes, table.Drop(r.Key))
		case kind < 2:
			writes = append(writes, table.Remove(r))
		case kind < 3:
			writes = append(writes, table.Require(r))
		case exists == (kind < 9): // else an insert over a record, or an update of none
			writes = append(writes, table.Update(r))
		default:
			writes = append(writes, table.Insert(r))
		}
	}
	return writes
}

// entries are random, but never those of another record.
func (w *walk) entries(place int) map[table.Index]table.Key {
	entries := map[table.Index]table.Key{}
	for _, index := range table.Indexes {
		if w.rand.IntN(2) == 0 {
			entries[index] = w.key("p", fmt.Sprintf("%d-%d", w.rand.IntN(2), place))
		}
	}
	return entries
}

func (w *walk) reason(write table.Write) table.Reason {
	stored, exists := w.model[write.Record.Key]
	switch {
	case write.If == table.IfAbsent && exists:
		return table.Taken
	case write.If == table.IfVersion && (!exists || stored.Version != write.Record.Version):
		return table.Changed
	default:
		return table.Fine
	}
}

func (w *walk) apply(writes []table.Write) {
	for _, write := range writes {
		switch write.Action {
		case table.Put:
			next := write.Record
			next.Version = write.NextVersion()
			w.model[next.Key] = next
		case table.Delete:
			delete(w.model, write.Record.Key)
		}
	}
}

// list is what the table or an index should hold.
func (w *walk) list(index table.Index) []table.Record {
	var records []table.Record
	for _, r := range w.model {
		if _, entered := r.Entries[index]; index == "" || entered {
			records = append(records, r)
		}
	}
	slices.SortFunc(records, func(a, b table.Record) int { return cmp.Compare(place(index, a), place(index, b)) })
	if index == "" {
		return records
	}
	return allHeld(index, records)
}

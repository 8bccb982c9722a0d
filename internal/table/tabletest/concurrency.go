package tabletest

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"

	"flashmentoring/internal/table"
)

func endedContextsStopCalls(t *testing.T, b bench) {
	stored := b.insert(t, b.record("p", "a", "{}"))
	if _, err := b.Get(ended(), stored[0].Key); !errors.Is(err, context.Canceled) {
		t.Errorf("Get: %v, want the context's error", err)
	}
	if _, err := b.Query(ended(), table.Range{PK: stored[0].PK, Limit: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("Query: %v, want the context's error", err)
	}
	if err := b.Commit(ended(), table.Drop(stored[0].Key)); !errors.Is(err, context.Canceled) {
		t.Errorf("Commit: %v, want the context's error", err)
	}
	sameRecords(t, b.get(t, stored[0].Key), stored...)
}

// together runs n goroutines of work and waits for them.
func together(n int, work func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { work(i) })
	}
	all.Wait()
}

// change commits what decide makes of the stored records, again on fresh ones while it is refused.
func (b bench) change(t *testing.T, decide func([]table.Record) []table.Write, keys ...table.Key) {
	for {
		records, err := b.Get(t.Context(), keys...)
		if err != nil {
			t.Errorf("Get: %v", err)
			return
		}
		err = b.Commit(t.Context(), decide(records)...)
		if retried(err) {
			continue
		}
		if err != nil {
			t.Errorf("Commit: %v", err)
		}
		return
	}
}

// add changes the number a record holds.
func add(r table.Record, n int) table.Write {
	was, _ := strconv.Atoi(string(r.Data))
	r.Data = strconv.AppendInt(nil, int64(was+n), 10)
	return table.Update(r)
}

func incrementsAreNotLost(t *testing.T, b bench) {
	const goroutines, increments = 6, 10
	counter := b.insert(t, b.record("p", "counter", "0"))[0]
	together(goroutines, func(int) {
		for range increments {
			b.change(t, func(r []table.Record) []table.Write { return []table.Write{add(r[0], 1)} }, counter.Key)
		}
	})
	counter.Version, counter.Data = 1+goroutines*increments, []byte(strconv.Itoa(goroutines*increments))
	sameRecords(t, b.get(t, counter.Key), counter)
}

func oneOfManyInserts(t *testing.T, b bench) {
	const goroutines = 12
	errs := make([]error, goroutines)
	together(goroutines, func(i int) {
		errs[i] = b.Commit(t.Context(), table.Insert(b.record("p", "seat", strconv.Itoa(i))))
	})
	winner := -1
	for i, err := range errs {
		var refusal *table.Refusal
		switch {
		case err == nil && winner >= 0:
			t.Errorf("goroutines %d and %d have both inserted the record", winner, i)
		case err == nil:
			winner = i
		case !errors.As(err, &refusal) || !refusal.Has(table.Taken) && !refusal.Has(table.Conflict):
			t.Errorf("Commit: %v, want a refusal as taken or for a conflict", err)
		}
	}
	if winner < 0 {
		t.Fatal("nobody has inserted the record")
	}
	want := b.record("p", "seat", strconv.Itoa(winner))
	want.Version = 1
	sameRecords(t, b.get(t, want.Key), want)
}

// Two records change in each commit. Were one ever applied without the other, the sum would show it.
func transfersKeepTheSum(t *testing.T, b bench) {
	const accounts, goroutines, transfers, each = 4, 4, 10, 100
	var keys []table.Key
	for i := range accounts {
		keys = append(keys, b.insert(t, b.record("p", strconv.Itoa(i), strconv.Itoa(each)))[0].Key)
	}
	together(goroutines, func(i int) {
		for n := range transfers {
			from, to := keys[(i+n)%accounts], keys[(i+2*n+1)%accounts]
			if from == to {
				continue
			}
			b.change(t, func(r []table.Record) []table.Write {
				return []table.Write{add(r[0], -1), add(r[1], 1)}
			}, from, to)
		}
	})
	sum := 0
	for _, r := range b.get(t, keys...) {
		n, _ := strconv.Atoi(string(r.Data))
		sum += n
	}
	if sum != accounts*each {
		t.Errorf("the accounts hold %d, want %d", sum, accounts*each)
	}
}

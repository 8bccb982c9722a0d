package tabletest_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

const readTime, commitTime = 4 * time.Millisecond, 15 * time.Millisecond

// slow is an engine with latency. Within a bubble the times measured on it are exact.
func slow(t *testing.T) *tabletest.Latency {
	return tabletest.NewLatency(engine(t), readTime, commitTime)
}

func TestCallsTakeTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		on, began := slow(t), time.Now()
		commit(t, on, table.Insert(record("a", "")))
		get(t, on, "a")
		if err := querying("", "p")(t.Context(), on); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != commitTime+2*readTime {
			t.Errorf("a commit and two reads took %v", took)
		}
	})
}

func TestCallsSideBySideOverlap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		on, began := slow(t), time.Now()
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() { commit(t, on, table.Insert(record(strconv.Itoa(i), ""))) })
		}
		all.Wait()
		if took := time.Since(began); took != commitTime {
			t.Errorf("ten commits side by side took %v, want %v", took, commitTime)
		}
	})
}

// A reader that comes in the first half of a commit does not see it, one in the second half does.
func TestCommitsTakeEffectInTheMiddle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		under := engine(t)
		on := tabletest.NewLatency(under, readTime, commitTime)
		var done sync.WaitGroup
		done.Go(func() { commit(t, on, table.Insert(record("a", ""))) })
		time.Sleep(commitTime/2 - time.Nanosecond)
		if n := len(get(t, under, "a")); n != 0 {
			t.Error("visible in the first half")
		}
		time.Sleep(2 * time.Nanosecond)
		synctest.Wait()
		if n := len(get(t, under, "a")); n != 1 {
			t.Error("not visible in the second half")
		}
		done.Wait()
	})
}

func TestContextsEndTheWaiting(t *testing.T) {
	for name, c := range map[string]struct {
		call    call
		after   time.Duration
		unknown bool
		applied int
	}{
		"get":                     {getting("a"), readTime - 1, false, 0},
		"query":                   {querying("", "p"), 1, false, 0},
		"commit, on its way":      {committing(table.Insert(record("a", ""))), commitTime/2 - 1, false, 0},
		"commit, on the way back": {committing(table.Insert(record("a", ""))), commitTime - 1, true, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				under := engine(t)
				ctx, cancel := context.WithTimeout(t.Context(), c.after)
				defer cancel()
				began := time.Now()
				err := c.call(ctx, tabletest.NewLatency(under, readTime, commitTime))
				if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, table.ErrUnavailable) != c.unknown {
					t.Errorf("error %v", err)
				}
				if took := time.Since(began); took != c.after {
					t.Errorf("took %v, want %v", took, c.after)
				}
				if n := len(get(t, under, "a")); n != c.applied {
					t.Errorf("%d records, want %d", n, c.applied)
				}
			})
		})
	}
}

func TestSleepingBy(t *testing.T) {
	var slept time.Duration
	on := slow(t).SleepingBy(func(_ context.Context, d time.Duration) error {
		slept += d
		return nil
	})
	commit(t, on, table.Insert(record("a", "")))
	get(t, on, "a")
	if slept != commitTime+readTime {
		t.Errorf("slept %v, want %v", slept, commitTime+readTime)
	}
}

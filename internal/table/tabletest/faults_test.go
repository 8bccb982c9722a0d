package tabletest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// What each fault leaves behind and what its caller learns.
func TestEachFault(t *testing.T) {
	writes := []table.Write{table.Insert(record("a", "")), table.Insert(record("b", "")), table.Insert(record("c", ""))}
	for name, c := range map[string]struct {
		chances  tabletest.Chances
		reason   table.Reason
		unknown  bool
		applied  int
		injected tabletest.Injected
	}{
		"none":        {applied: 3},
		"conflict":    {tabletest.Chances{Conflict: 1}, table.Conflict, false, 0, tabletest.Injected{Conflicts: 1}},
		"throttle":    {tabletest.Chances{Throttle: 1}, table.Throttled, false, 0, tabletest.Injected{Throttles: 1}},
		"unavailable": {tabletest.Chances{Unavailable: 1}, table.Fine, true, 0, tabletest.Injected{Unavailable: 1}},
		"lost reply":  {tabletest.Chances{LostReply: 1}, table.Fine, true, 3, tabletest.Injected{LostReplies: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			under := engine(t)
			on := tabletest.NewFaults(under, 1, c.chances)
			err := on.Commit(t.Context(), writes...)
			if errors.Is(err, table.ErrUnavailable) != c.unknown {
				t.Errorf("error %v", err)
			}
			var refusal *table.Refusal
			if c.reason != table.Fine {
				if !errors.As(err, &refusal) || len(refusal.Reasons) != len(writes) || !refusal.Has(c.reason) {
					t.Errorf("error %v, want a refusal: %v", err, c.reason)
				}
			} else if err != nil && !c.unknown {
				t.Errorf("error %v", err)
			}
			if n := len(get(t, under, "a", "b", "c")); n != c.applied {
				t.Errorf("%d records, want %d", n, c.applied)
			}
			if diff := cmp.Diff(c.injected, on.Injected()); diff != "" {
				t.Errorf("injected (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReadFaults(t *testing.T) {
	on := tabletest.NewFaults(engine(t), 1, tabletest.Chances{Read: 1})
	commit(t, on, table.Insert(record("a", "")))
	for _, c := range []call{getting("a"), querying("", "p")} {
		if err := c(t.Context(), on); !errors.Is(err, table.ErrUnavailable) {
			t.Errorf("error %v, want ErrUnavailable", err)
		}
	}
	if got := on.Injected().Reads; got != 2 {
		t.Errorf("%d read faults counted, want 2", got)
	}
}

// A lost reply may also be a refusal: nothing is applied and the caller does not know that either.
func TestLostRefusal(t *testing.T) {
	under := engine(t)
	commit(t, under, table.Insert(record("a", `"first"`)))
	on := tabletest.NewFaults(under, 1, tabletest.Chances{LostReply: 1})
	err := on.Commit(t.Context(), table.Insert(record("a", `"second"`)), table.Insert(record("b", "")))
	if !errors.Is(err, table.ErrUnavailable) {
		t.Errorf("error %v, want ErrUnavailable", err)
	}
	if got := get(t, under, "a", "b"); len(got) != 1 || string(got[0].Data) != `"first"` {
		t.Errorf("records %+v", got)
	}
}

func TestFaultsHideNoMistakeOfTheCaller(t *testing.T) {
	on := tabletest.NewFaults(engine(t), 1, tabletest.Chances{Unavailable: 1, Read: 1})
	if err := on.Commit(t.Context(), table.Insert(table.Record{})); !errors.Is(err, table.ErrInvalid) {
		t.Errorf("error %v, want ErrInvalid", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []call{getting("a"), querying("", "p"), committing(table.Drop(record("a", "").Key))} {
		if err := c(ended, on); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want the context's", err)
		}
	}
	if err := on.Commit(t.Context()); err != nil {
		t.Errorf("a commit of nothing: %v", err)
	}
}

func TestFaultsComeAsOftenAsAsked(t *testing.T) {
	const commits = 4000
	chances := tabletest.Chances{Conflict: 0.3, Throttle: 0.1, Unavailable: 0.2, LostReply: 0.05, Read: 0.25}
	on := tabletest.NewFaults(nothing{}, 7, chances)
	for i := range commits {
		_ = on.Commit(t.Context(), table.Drop(table.Key{PK: "p", SK: strconv.Itoa(i % 10)}))
		_, _ = on.Get(t.Context(), table.Key{PK: "p", SK: strconv.Itoa(i)})
	}
	got := on.Injected()
	for name, c := range map[string]struct {
		count  int
		chance float64
	}{
		"conflicts":    {got.Conflicts, chances.Conflict},
		"throttles":    {got.Throttles, chances.Throttle},
		"unavailable":  {got.Unavailable, chances.Unavailable},
		"lost replies": {got.LostReplies, chances.LostReply},
		"reads":        {got.Reads, chances.Read},
	} {
		if share := float64(c.count) / commits; share < c.chance-0.03 || share > c.chance+0.03 {
			t.Errorf("%s: %.3f of the calls, want about %.3f", name, share, c.chance)
		}
	}
}

// nothing is a table that holds nothing and applies everything.
type nothing struct{}

func (nothing) Get(context.Context, ...table.Key) ([]table.Record, error) { return nil, nil }
func (nothing) Query(context.Context, table.Range) (table.Page, error)    { return table.Page{}, nil }
func (nothing) Commit(context.Context, ...table.Write) error              { return nil }

// The write that a conflict names is any of them.
func TestFaultsStrikeAnyWrite(t *testing.T) {
	on := tabletest.NewFaults(nothing{}, 3, tabletest.Chances{Conflict: 1})
	struck := map[int]bool{}
	for range 100 {
		err := on.Commit(t.Context(), table.Drop(record("a", "").Key), table.Drop(record("b", "").Key))
		var refusal *table.Refusal
		if !errors.As(err, &refusal) {
			t.Fatal(err)
		}
		struck[slices.Index(refusal.Reasons, table.Conflict)] = true
	}
	if !struck[0] || !struck[1] {
		t.Errorf("conflicts struck writes %v, want both", struck)
	}
}

// With one seed every call meets the same fate in every order; with another seed a different one.
func TestFaultsFollowTheSeedNotTheSchedule(t *testing.T) {
	chances := tabletest.Chances{Conflict: 0.2, Throttle: 0.2, Unavailable: 0.2, LostReply: 0.2, Read: 0.5}
	const calls = 64
	inOrder := func(on table.Table) []string {
		return fates(t, on, calls, func(work func(int)) {
			for i := range calls {
				work(i)
			}
		})
	}
	sideBySide := func(on table.Table) []string {
		return fates(t, on, calls, func(work func(int)) {
			var all sync.WaitGroup
			for i := range calls {
				all.Go(func() { work(calls - 1 - i) })
			}
			all.Wait()
		})
	}
	first := inOrder(tabletest.NewFaults(nothing{}, 1, chances))
	if diff := cmp.Diff(first, sideBySide(tabletest.NewFaults(nothing{}, 1, chances))); diff != "" {
		t.Errorf("another order, other faults (-in order +side by side):\n%s", diff)
	}
	if cmp.Equal(first, inOrder(tabletest.NewFaults(nothing{}, 2, chances))) {
		t.Error("another seed, the same faults")
	}
}

func fates(t *testing.T, on table.Table, calls int, run func(work func(int))) []string {
	fates := make([]string, calls)
	run(func(i int) {
		sk := strconv.Itoa(i)
		fates[i] = fmt.Sprint(getting(sk)(t.Context(), on), querying("", sk)(t.Context(), on),
			committing(table.Drop(table.Key{PK: "p", SK: sk}))(t.Context(), on))
	})
	return fates
}

func TestChancesOfACommitAreNotOverOne(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("chances of 1.1 are accepted")
		}
	}()
	tabletest.NewFaults(nothing{}, 1, tabletest.Chances{Conflict: 0.5, LostReply: 0.6})
}

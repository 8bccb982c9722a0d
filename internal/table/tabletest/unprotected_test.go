package tabletest_test

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

func TestConditionsAreLifted(t *testing.T) {
	present, none := record("present", `"old"`), record("none", `"new"`)
	changed := func(r table.Record, version int64) table.Record {
		r.Version, r.Data = version, []byte(`"new"`)
		return r
	}
	both := []table.Record{changed(present, 1), changed(none, 1)}
	for name, c := range map[string]struct {
		write table.Write
		want  []table.Record
	}{
		"insert over a record":        {table.Insert(changed(present, 0)), []table.Record{changed(present, 2)}},
		"insert where there is none":  {table.Insert(none), both},
		"update with a wrong version": {table.Update(changed(present, 9)), []table.Record{changed(present, 2)}},
		"update of none":              {table.Update(changed(none, 9)), both},
		"remove at a wrong version":   {table.Remove(changed(present, 9)), nil},
		"remove of none":              {table.Remove(changed(none, 9)), []table.Record{changed(present, 1)}},
		"require a wrong version":     {table.Require(changed(present, 9)), []table.Record{changed(present, 1)}},
		"require none":                {table.Require(changed(none, 9)), []table.Record{changed(present, 1)}},
		"drop":                        {table.Drop(present.Key), nil},
	} {
		under := engine(t)
		commit(t, under, table.Insert(changed(present, 0)))
		commit(t, tabletest.NewUnprotected(under, nil), c.write)
		if diff := cmp.Diff(c.want, emptyIsNil(get(t, under, "present", "none"))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func emptyIsNil(records []table.Record) []table.Record {
	if len(records) == 0 {
		return nil
	}
	return records
}

func TestOnlyChosenConditionsAreLifted(t *testing.T) {
	under := engine(t)
	commit(t, under, table.Insert(record("lifted", "")), table.Insert(record("kept", "")))
	on := tabletest.NewUnprotected(under, func(w table.Write) bool { return w.Record.SK == "lifted" })
	commit(t, on, table.Insert(record("lifted", "")))

	err := on.Commit(t.Context(), table.Insert(record("lifted", "")), table.Insert(record("kept", "")))
	var refusal *table.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("error %v, want a refusal", err)
	}
	if diff := cmp.Diff([]table.Reason{table.Fine, table.Taken}, refusal.Reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
	if got := get(t, under, "lifted", "kept"); got[0].Version != 2 || got[1].Version != 1 {
		t.Errorf("records %+v", got)
	}
}

// meddled is a table in which somebody else gets ahead of the first commit.
type meddled struct {
	table.Table
	first func()
}

func (m *meddled) Commit(ctx context.Context, writes ...table.Write) error {
	if first := m.first; first != nil {
		m.first = nil
		first()
	}
	return m.Table.Commit(ctx, writes...)
}

func TestTheLastOneWins(t *testing.T) {
	for name, write := range map[string]table.Write{
		"insert": table.Insert(record("new", `"last"`)),
		"update": table.Update(table.Record{Key: record("new", "").Key, Version: 9, Data: []byte(`"last"`)}),
	} {
		under := engine(t)
		on := &meddled{under, func() { commit(t, under, table.Insert(record("new", `"first"`))) }}
		commit(t, tabletest.NewUnprotected(on, nil), write)
		if got := get(t, under, "new")[0]; got.Version != 2 || string(got.Data) != `"last"` {
			t.Errorf("%s: version %d, %s; want version 2 by the last one", name, got.Version, got.Data)
		}
	}
}

func TestUnprotectedPassesOtherErrorsOn(t *testing.T) {
	err := tabletest.NewUnprotected(nothing{}, nil).Commit(t.Context(), table.Insert(table.Record{}))
	if !errors.Is(err, table.ErrInvalid) {
		t.Errorf("error %v, want ErrInvalid", err)
	}
	for name, chances := range map[string]tabletest.Chances{
		"conflict": {Conflict: 1}, "throttle": {Throttle: 1}, "unavailable": {Unavailable: 1}, "read": {Read: 1},
	} {
		on := tabletest.NewUnprotected(tabletest.NewFaults(nothing{}, 1, chances), nil)
		if err := on.Commit(t.Context(), table.Insert(record("a", ""))); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// Twenty see one free seat and take it. With conditions one of them has it; without, all believe so.
func TestControlOfARace(t *testing.T) {
	const takers = 20
	race := func(t *testing.T, under, on table.Table) int64 {
		commit(t, under, table.Insert(record("seat", "free")))
		var winners atomic.Int64
		var all sync.WaitGroup
		for i := range takers {
			all.Go(func() {
				seat := get(t, on, "seat")[0]
				if string(seat.Data) != "free" {
					return
				}
				seat.Data = []byte(strconv.Itoa(i))
				if on.Commit(t.Context(), table.Update(seat)) == nil {
					winners.Add(1)
				}
			})
		}
		all.Wait()
		return winners.Load()
	}
	synctest.Test(t, func(t *testing.T) {
		under := engine(t)
		if n := race(t, under, tabletest.NewLatency(under, readTime, commitTime)); n != 1 {
			t.Errorf("protected: %d winners, want 1", n)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		under := engine(t)
		on := tabletest.NewLatency(tabletest.NewUnprotected(under, nil), readTime, commitTime)
		if n := race(t, under, on); n != takers {
			t.Errorf("unprotected: %d winners, want all %d", n, takers)
		}
		if seat := get(t, under, "seat")[0]; seat.Version != 1+takers {
			t.Errorf("unprotected: the seat is at version %d, want a write of each", seat.Version)
		}
	})
}

package bolttable_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
)

func record(sk string, entries map[table.Index]table.Key) table.Record {
	return table.Record{Key: table.Key{PK: "p", SK: sk}, Version: 1, Data: []byte(`"` + sk + `"`), Entries: entries}
}

func at(index table.Index, sk string) map[table.Index]table.Key {
	return map[table.Index]table.Key{index: {PK: "list", SK: sk}}
}

func commit(t *testing.T, on table.Table, writes ...table.Write) {
	t.Helper()
	if err := on.Commit(t.Context(), writes...); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// all is every place in the table, or in an index.
func all(t *testing.T, on *bolttable.Table) (places []string) {
	t.Helper()
	err := on.Each(t.Context(), func(r table.Record) error {
		places = append(places, r.SK)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return places
}

func listed(t *testing.T, on table.Table, index table.Index) (places []string) {
	t.Helper()
	page, err := on.Query(t.Context(), table.Range{Index: index, PK: "list", Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range page.Records {
		places = append(places, r.SK)
	}
	return places
}

func TestRecordsOutliveTheProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.db")
	want := record("a", at(table.Open, "1"))
	for round := range 2 {
		on, err := bolttable.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if round == 0 {
			commit(t, on, table.Insert(want))
		}
		got, err := on.Get(t.Context(), want.Key)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]table.Record{want}, got); diff != "" {
			t.Errorf("opened %d times (-want +got):\n%s", round+1, diff)
		}
		if got := listed(t, on, table.Open); !slices.Equal(got, []string{"a"}) {
			t.Errorf("opened %d times, the index lists %v", round+1, got)
		}
		if err := on.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOneProcessAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.db")
	on, err := bolttable.Open(path, bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bolttable.Open(path); err == nil {
		t.Error("opened a second time while open")
	}
	if err := on.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestOpenRefusesWhatIsNoTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.db")
	if err := os.WriteFile(path, []byte("something else"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{path, filepath.Join(t.TempDir(), "no", "such", "folder")} {
		if _, err := bolttable.Open(path); err == nil {
			t.Errorf("opened %s", filepath.Base(path))
		}
	}
}

func TestTheFileIsItsOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "table.db")
	on, err := bolttable.Open(path, bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = on.Close() }()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %v, want 0600", mode)
	}
}

func TestAClosedTableIsUnavailable(t *testing.T) {
	on, err := bolttable.Open(filepath.Join(t.TempDir(), "table.db"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	if err := on.Close(); err != nil {
		t.Fatal(err)
	}
	_, getErr := on.Get(t.Context(), table.Key{PK: "p", SK: "a"})
	_, queryErr := on.Query(t.Context(), table.Range{PK: "p", Limit: 1})
	_, sweepErr := on.Sweep(t.Context(), time.Now())
	for name, err := range map[string]error{
		"Get":    getErr,
		"Query":  queryErr,
		"Commit": on.Commit(t.Context(), table.Insert(record("a", nil))),
		"Each":   on.Each(t.Context(), func(table.Record) error { return nil }),
		"Sweep":  sweepErr,
	} {
		if !errors.Is(err, table.ErrUnavailable) {
			t.Errorf("%s: %v, want ErrUnavailable", name, err)
		}
	}
}

// An index entry has one holder, or a page border would lose one of two.
func TestAnEntryHasOneHolder(t *testing.T) {
	for _, index := range table.Indexes {
		on := open(t)
		commit(t, on, table.Insert(record("a", at(index, "1"))), table.Insert(record("b", at(index, "2"))))
		for name, writes := range map[string][]table.Write{
			"insert": {table.Insert(record("c", at(index, "1")))},
			"update": {table.Update(record("b", at(index, "1")))},
			"two inserts": {
				table.Insert(record("c", at(index, "3"))),
				table.Insert(record("d", at(index, "3"))),
			},
			"one leaves, two follow": {
				table.Drop(record("a", nil).Key),
				table.Insert(record("c", at(index, "1"))),
				table.Insert(record("d", at(index, "1"))),
			},
		} {
			if err := on.Commit(t.Context(), writes...); !errors.Is(err, table.ErrInvalid) {
				t.Errorf("%s, %s: %v, want ErrInvalid", index, name, err)
			}
		}
		if got := listed(t, on, index); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("%s lists %v after that", index, got)
		}
		if got := all(t, on); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("the table holds %v after that", got)
		}
	}
}

// Within one commit an entry can pass to another record, whatever the order of the writes.
func TestEntriesPassOn(t *testing.T) {
	on := open(t)
	commit(t, on, table.Insert(record("a", at(table.Open, "1"))), table.Insert(record("b", at(table.Open, "2"))))

	commit(t, on, table.Update(record("a", at(table.Open, "2"))), table.Update(record("b", at(table.Open, "1"))))
	if got := listed(t, on, table.Open); !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("after a swap: %v", got)
	}
	commit(t, on, table.Insert(record("c", at(table.Open, "1"))), table.Drop(record("b", nil).Key))
	if got := listed(t, on, table.Open); !slices.Equal(got, []string{"c", "a"}) {
		t.Errorf("after a deletion: %v", got)
	}
}

// A page ends at a megabyte, as on DynamoDB, however many records were asked for.
func TestPagesEndAtAMegabyte(t *testing.T) {
	on := open(t)
	for _, sk := range []string{"1", "2", "3", "4"} {
		r := record(sk, at(table.Open, sk))
		r.Data = make([]byte, 350_000)
		commit(t, on, table.Insert(r))
	}
	for _, r := range []table.Range{{PK: "p", Limit: 100}, {Index: table.Open, PK: "list", Limit: 100}} {
		page, err := on.Query(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if len(page.Records) != 2 || !page.More {
			t.Errorf("%d records, more: %v; want 2 and more", len(page.Records), page.More)
		}
	}
}

// Here, More is exact.
func TestMoreIsExact(t *testing.T) {
	on := open(t)
	commit(t, on, table.Insert(record("1", nil)), table.Insert(record("2", nil)), table.Insert(record("3", nil)))
	for limit, more := range map[int]bool{1: true, 2: true, 3: false, 4: false} {
		page, err := on.Query(t.Context(), table.Range{PK: "p", Limit: limit})
		if err != nil {
			t.Fatal(err)
		}
		if page.More != more {
			t.Errorf("more behind %d of 3 records: %v", limit, page.More)
		}
	}
	page, err := on.Query(t.Context(), table.Range{PK: "p", To: "3", Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	if page.More {
		t.Error("more behind the last record before To")
	}
}

func TestSweepRemovesWhatHasExpired(t *testing.T) {
	on, now := open(t), time.Date(2030, 1, 1, 12, 0, 0, 0, time.UTC)
	expiring := func(sk string, at time.Time, entries map[table.Index]table.Key) table.Write {
		r := record(sk, entries)
		r.Expires = at
		return table.Insert(r)
	}
	commit(t, on,
		expiring("past", now.Add(-time.Second), at(table.Open, "1")),
		expiring("long past", now.AddDate(-1, 0, 0), nil),
		expiring("just now", now, at(table.Open, "2")),
		expiring("future", now.Add(time.Second), nil),
		expiring("never", time.Time{}, at(table.Hosting, "1")),
	)
	for _, want := range []int{2, 0} {
		swept, err := on.Sweep(t.Context(), now)
		if err != nil {
			t.Fatal(err)
		}
		if swept != want {
			t.Errorf("swept %d, want %d", swept, want)
		}
	}
	if got := all(t, on); !slices.Equal(got, []string{"future", "just now", "never"}) {
		t.Errorf("left: %v", got)
	}
	if got := listed(t, on, table.Open); !slices.Equal(got, []string{"just now"}) {
		t.Errorf("left in the index: %v", got)
	}
}

func TestEachVisitsEveryRecordOnce(t *testing.T) {
	on := open(t)
	want := []table.Record{record("a", at(table.Open, "1")), record("b", nil), record("c", at(table.Hosting, "1"))}
	for _, r := range want {
		commit(t, on, table.Insert(r))
	}
	var got []table.Record
	if err := on.Each(t.Context(), func(r table.Record) error {
		got = append(got, r)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

func TestEachStops(t *testing.T) {
	on := open(t)
	commit(t, on, table.Insert(record("a", nil)), table.Insert(record("b", nil)))
	visits, enough := 0, errors.New("enough")
	err := on.Each(t.Context(), func(table.Record) error {
		visits++
		return enough
	})
	if visits != 1 || !errors.Is(err, enough) || errors.Is(err, table.ErrUnavailable) {
		t.Errorf("%d visits, %v; want one and its error", visits, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	visits = 0
	err = on.Each(ctx, func(table.Record) error {
		visits++
		cancel()
		return nil
	})
	if visits != 1 || !errors.Is(err, context.Canceled) {
		t.Errorf("%d visits, %v; want one and the context's error", visits, err)
	}
}

// A commit whose context ends while it waits for its turn is not applied.
func TestWaitingCommitsMindTheirContext(t *testing.T) {
	on := open(t)
	commit(t, on, table.Insert(record("a", nil)))
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		waiting.Go(func() { errs[i] = on.Commit(ctx, table.Insert(record("b", nil))) })
	}
	cancel()
	waiting.Wait()
	applied := 0
	for _, err := range errs {
		var refusal *table.Refusal
		switch {
		case err == nil:
			applied++
		case !errors.Is(err, context.Canceled) && !errors.As(err, &refusal):
			t.Errorf("Commit: %v", err)
		}
	}
	if got := len(all(t, on)) - 1; got != applied {
		t.Errorf("%d commits succeeded and %d were applied", applied, got)
	}
}

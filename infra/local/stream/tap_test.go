package stream_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"flashmentoring/infra/local/stream"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
)

func openTable(t *testing.T) *bolttable.Table {
	t.Helper()
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table.db"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return engine
}

func doc(pk, sk string) table.Record {
	return table.Record{Key: table.Key{PK: pk, SK: sk}, Data: []byte(`{}`)}
}

func TestTapTellsOfInsertsOnly(t *testing.T) {
	f := &target{answer: takesAll}
	m := stream.NewMapping(stream.Settings{BatchSize: 1, Partial: true}, f.invoke, slog.New(slog.DiscardHandler))
	tap := stream.NewTap(openTable(t), m, time.Now)
	commit := func(writes ...table.Write) error { return tap.Commit(t.Context(), writes...) }

	first := doc("OUTBOX#00", "a")
	if err := commit(table.Insert(first), table.Insert(doc("SLOT#1", "META"))); err != nil {
		t.Fatal(err)
	}
	var refused *table.Refusal
	if err := commit(table.Insert(first)); !errors.As(err, &refused) {
		t.Fatalf("got %v, want a refusal", err)
	}
	first.Version = 1
	if err := errors.Join(commit(table.Update(first)), commit(table.Drop(first.Key))); err != nil {
		t.Fatal(err)
	}
	go m.Run(t.Context())
	if err := m.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := [][]string{{fmt.Sprintf("%021d", 1)}, {fmt.Sprintf("%021d", 2)}}
	if !slices.EqualFunc(want, f.batches, slices.Equal) {
		t.Errorf("got %v, want %v", f.batches, want)
	}
}

// Sequence numbers rise, whoever commits at the same time.
func TestTapKeepsOrder(t *testing.T) {
	f := &target{answer: takesAll}
	m := stream.NewMapping(stream.Settings{BatchSize: 1000, Partial: true}, f.invoke, slog.New(slog.DiscardHandler))
	tap := stream.NewTap(openTable(t), m, time.Now)
	var all sync.WaitGroup
	for n := range 50 {
		all.Go(func() {
			if err := tap.Commit(t.Context(), table.Insert(doc("OUTBOX#00", fmt.Sprint(n)))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	go m.Run(t.Context())
	if err := m.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(f.batches) != 1 || len(f.batches[0]) != 50 || !slices.IsSorted(f.batches[0]) {
		t.Errorf("got %v", f.batches)
	}
}

// broken is a table that commits nothing.
type broken struct{ table.Table }

func (broken) Commit(context.Context, ...table.Write) error { return table.ErrUnavailable }

func TestWatchAwaitsWhatWasCommitted(t *testing.T) {
	m := stream.NewMapping(stream.Settings{BatchSize: 1}, (&target{answer: takesAll}).invoke, slog.New(slog.DiscardHandler))
	engine := openTable(t)
	insert := table.Insert(doc("OUTBOX#00", "a"))

	if err := stream.NewWatch(broken{engine}, m).Commit(t.Context(), insert); !errors.Is(err, table.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	if err := m.Idle(t.Context()); err != nil {
		t.Errorf("a commit that failed is awaited: %v", err)
	}

	if err := stream.NewWatch(engine, m).Commit(t.Context(), insert); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.Idle(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a commit is not awaited: %v", err)
	}
	m.Offer(record("INSERT", "OUTBOX#00", "a"))
	go m.Run(t.Context())
	if err := m.Idle(t.Context()); err != nil {
		t.Error(err)
	}
}

package table_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"flashmentoring/internal/table"
)

// slow is a table whose reads take until they are released, and whose commits are refused.
type slow struct {
	table.Table
	reached, release chan struct{}
}

func (s slow) Get(ctx context.Context, _ ...table.Key) ([]table.Record, error) {
	s.reached <- struct{}{}
	<-s.release
	table.MeterOf(ctx).Consumed(1.5, 0)
	return nil, nil
}

func (slow) Commit(context.Context, ...table.Write) error {
	return &table.Refusal{Reasons: []table.Reason{table.Changed}}
}

// Calls that are under way together are counted each, in rounds as they are marked, and their time once.
func TestMeterOfCallsSideBySide(t *testing.T) {
	s := slow{nil, make(chan struct{}), make(chan struct{})}
	on := table.Metered(table.Metered(s)) // twice is once
	ctx, meter := table.WithMeter(t.Context())
	together := table.Together(ctx)
	var all sync.WaitGroup
	for _, c := range []context.Context{together, together, ctx} {
		all.Go(func() { _, _ = on.Get(c, key("p", "s")) })
	}
	for range 3 {
		<-s.reached
	}
	if during := meter.Usage(); during.InStorage != 0 || during.Rounds != 2 {
		t.Errorf("while they are under way: %+v", during)
	}
	for range 3 {
		s.release <- struct{}{}
	}
	all.Wait()
	_ = on.Commit(ctx)
	meter.Retried()
	got := meter.Usage()
	if got.InStorage <= 0 {
		t.Errorf("no time was spent: %+v", got)
	}
	got.InStorage = 0
	if want := (table.Usage{Rounds: 3, RCU: 4.5, Conflicts: 1, Retries: 1}); got != want {
		t.Errorf("used %+v, want %+v", got, want)
	}
}

// Without a meter calls work all the same.
func TestNoMeter(t *testing.T) {
	on := table.Metered(slow{})
	if err := on.Commit(t.Context()); !errors.As(err, new(*table.Refusal)) {
		t.Error(err)
	}
	table.MeterOf(t.Context()).Retried()
	if got := table.MeterOf(t.Context()).Usage(); got != (table.Usage{}) {
		t.Errorf("used %+v", got)
	}
}

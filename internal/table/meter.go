package table

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Usage is what calls have used. RCU and WCU are capacity units, of the table and its indexes: those DynamoDB says it
// took, or those the rules of capacity.go make of sizes where the engine is another. Of a commit that was refused or
// that nobody answered DynamoDB says nothing, so nothing of it is in here.
type Usage struct {
	// Rounds is how many trips to storage were made one after another, as [Together] marks them, and InStorage how long at
	// least one call was under way.
	Rounds    int
	InStorage time.Duration
	RCU, WCU  float64
	// Commits counts those that were applied, Conflicts those that were refused, because something had changed or
	// collided, or for want of capacity. Retries counts how often a use case decided again.
	Commits, Conflicts, Retries int
}

// Meter adds up what is used with one context. It is safe for concurrent use; a nil one counts nothing.
type Meter struct {
	mu       sync.Mutex
	usage    Usage
	underWay int       // calls
	since    time.Time // there are any
}

type meterKey struct{}

// WithMeter returns a context whose calls a new meter counts, on tables that are [Metered].
func WithMeter(ctx context.Context) (context.Context, *Meter) {
	m := new(Meter)
	return context.WithValue(ctx, meterKey{}, m), m
}

// MeterOf is the meter of a context, nil where it has none.
func MeterOf(ctx context.Context) *Meter {
	m, _ := ctx.Value(meterKey{}).(*Meter)
	return m
}

// Usage is what was used up to now.
func (m *Meter) Usage() Usage {
	if m == nil {
		return Usage{}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.usage
}

// Consumed adds capacity units. It is for engines, which alone know.
func (m *Meter) Consumed(rcu, wcu float64) {
	m.add(func(u *Usage) { u.RCU += rcu; u.WCU += wcu })
}

// Retried says that a use case decides again.
func (m *Meter) Retried() { m.add(func(u *Usage) { u.Retries++ }) }

func (m *Meter) add(to func(*Usage)) {
	if m != nil {
		m.mu.Lock()
		defer m.mu.Unlock()
		to(&m.usage)
	}
}

// begin counts a call; what it returns ends it.
func (m *Meter) begin(ctx context.Context) (end func()) {
	if m == nil {
		return func() {}
	}
	marked, _ := Round(ctx).(*round)
	m.mu.Lock()
	defer m.mu.Unlock()
	if marked == nil || !marked.metered.Swap(true) {
		m.usage.Rounds++
	}
	if m.underWay++; m.underWay == 1 {
		m.since = time.Now()
	}
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.underWay--; m.underWay == 0 {
			m.usage.InStorage += time.Since(m.since)
		}
	}
}

// metered is a table that has the meters of contexts count.
type metered struct{ Table }

// Metered has the meter of each call's context count it.
func Metered(t Table) Table {
	if _, already := t.(metered); already {
		return t
	}
	return metered{t}
}

func (t metered) Get(ctx context.Context, keys ...Key) ([]Record, error) {
	defer MeterOf(ctx).begin(ctx)()
	return t.Table.Get(ctx, keys...)
}

func (t metered) Query(ctx context.Context, r Range) (Page, error) {
	defer MeterOf(ctx).begin(ctx)()
	return t.Table.Query(ctx, r)
}

func (t metered) Commit(ctx context.Context, writes ...Write) error {
	m := MeterOf(ctx)
	defer m.begin(ctx)()
	err := t.Table.Commit(ctx, writes...)
	switch {
	case err == nil:
		m.add(func(u *Usage) { u.Commits++ })
	case errors.As(err, new(*Refusal)):
		m.add(func(u *Usage) { u.Conflicts++ })
	}
	return err
}

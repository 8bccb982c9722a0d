package tabletest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"flashmentoring/internal/table"
)

// Audit is a table that notes what is done to the one it wraps, in the words of a policy of IAM, for tests that compare it with
// what a role allows: the action, the index where it is one, and the kind of partition,
//
//	dynamodb:BatchGetItem SLOT#*
//	dynamodb:Query index/hosting PERSON#*
//
// It does so during [Audit.During] only, so that what a test prepares is not in it.
type Audit struct {
	wrapped table.Table

	mu   sync.Mutex
	on   bool
	done map[string]bool
}

var _ table.Table = (*Audit)(nil)

// NewAudit wraps a table.
func NewAudit(wrapped table.Table) *Audit { return &Audit{wrapped: wrapped, done: map[string]bool{}} }

// During notes what is done while do runs.
func (a *Audit) During(do func()) {
	a.turn(true)
	defer a.turn(false)
	do()
}

func (a *Audit) turn(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.on = on
}

// Done is all that was noted, sorted.
func (a *Audit) Done() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Sorted(maps.Keys(a.done))
}

// Anywhere is what was noted of any kind of partition, for a role that is not limited to some: dynamodb:BatchGetItem *.
func (a *Audit) Anywhere() (all []string) {
	for _, deed := range a.Done() {
		all = append(all, deed[:strings.LastIndex(deed, " ")]+" *")
	}
	return slices.Compact(all)
}

func (a *Audit) note(action string, index table.Index, pk string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.on {
		return
	}
	deed := "dynamodb:" + action + " "
	if index != "" {
		deed += "index/" + string(index) + " "
	}
	if kind, _, of := strings.Cut(pk, "#"); of {
		pk = kind + "#*"
	}
	a.done[deed+pk] = true
}

// Get passes the call on.
func (a *Audit) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	for _, k := range keys {
		a.note("BatchGetItem", "", k.PK)
	}
	return a.wrapped.Get(ctx, keys...)
}

// Query passes the call on.
func (a *Audit) Query(ctx context.Context, r table.Range) (table.Page, error) {
	a.note("Query", r.Index, r.PK)
	return a.wrapped.Query(ctx, r)
}

// Commit passes the call on. A transaction is allowed by what it is made of.
func (a *Audit) Commit(ctx context.Context, writes ...table.Write) error {
	for _, w := range writes {
		a.note(map[table.Action]string{table.Put: "PutItem", table.Delete: "DeleteItem", table.Check: "ConditionCheckItem"}[w.Action], "", w.Record.PK)
	}
	return a.wrapped.Commit(ctx, writes...)
}

package desk_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// pair are two use cases that meet on the same records.
type pair struct {
	name string
	// lifted are the records whose versions keep the two apart: without them the race must appear.
	lifted []string
	// reads is how many of the two read a slot: both, the first, or none.
	reads int
	// open prepares a table. one and other are done on desks of their own.
	open func(t *testing.T, o *office) meeting
}

type meeting struct {
	one, other func(*office) error
	people     []desk.Caller
	slots      []mentoring.SlotID
	// wrong says what must not be that unsound does not see, given what the two were answered.
	wrong func(o *office, one, other error) string
}

// overtaken does something else just before its next commit: what was decided is out of date by then.
type overtaken struct {
	table.Table
	by func()
}

func (o *overtaken) Commit(ctx context.Context, writes ...table.Write) error {
	if by := o.by; by != nil {
		o.by = nil
		by()
	}
	return o.Table.Commit(ctx, writes...)
}

// meet has one of two do its work on a table seen through wrap, and the other all of its work where wrap lets it. It returns
// what does not fit together in the end.
func (p pair) meet(t *testing.T, swapped bool, wrap func(engine table.Table, other func()) table.Table) []string {
	t.Helper()
	engine := openEngine(t)
	calm := officeOn(engine, nil)
	m := p.open(t, calm)
	first, second := m.one, m.other
	if swapped {
		first, second = second, first
	}
	var early error
	met := false
	o := officeOn(engine, func(engine table.Table) table.Table {
		return wrap(engine, func() { early, met = second(calm), true })
	})
	o.now = calm.clock()
	last := first(o)
	if !met {
		t.Fatalf("the two did not meet: %v", last)
	}
	if calm.clock().Before(o.clock()) {
		calm.now = o.clock()
	}
	if swapped {
		last, early = early, last
	}
	wrong := calm.unsound(t, m.people, m.slots...)
	if m.wrong != nil {
		if w := m.wrong(calm, last, early); w != "" {
			wrong = append(wrong, w)
		}
	}
	return wrong
}

// placed selects writes by the place of their records.
func placed(places []string) func(table.Write) bool {
	return func(w table.Write) bool {
		return slices.ContainsFunc(places, func(p string) bool { return strings.HasPrefix(w.Record.SK, p) })
	}
}

// Of two use cases that meet, the one whose decision is out of date decides again: whichever comes first, what is stored
// fits together, and so does what the two were told. Without the versions it does not, every time.
func TestPairs(t *testing.T) {
	for _, p := range pairs {
		for n, name := range []string{"first is late", "second is late"} {
			t.Run(p.name+"/"+name, func(t *testing.T) {
				wrong := p.meet(t, n == 1, func(engine table.Table, other func()) table.Table {
					return &overtaken{engine, other}
				})
				if wrong != nil {
					t.Error(strings.Join(wrong, "\n"))
				}
			})
			t.Run(p.name+"/"+name+"/control", func(t *testing.T) {
				wrong := p.meet(t, n == 1, func(engine table.Table, other func()) table.Table {
					return &overtaken{tabletest.NewUnprotected(engine, placed(p.lifted)), other}
				})
				if wrong == nil {
					t.Error("without protection all is well: the test does not race")
				}
			})
		}
	}
}

// tearing reads the records of a slot before a place, and those from there on after something else happened: a query is not
// one instant.
type tearing struct {
	table.Table
	at      string
	between func()
}

func (q *tearing) Query(ctx context.Context, r table.Range) (table.Page, error) {
	between := q.between
	if between == nil || !strings.HasPrefix(r.PK, "SLOT#") || q.at <= r.From {
		return q.Table.Query(ctx, r)
	}
	q.between = nil
	before, after := r, r
	before.To, after.From = q.at, q.at
	early, err := q.Table.Query(ctx, before)
	if err != nil {
		return early, err
	}
	between()
	late, err := q.Table.Query(ctx, after)
	late.Records = append(early.Records, late.Records...)
	return late, err
}

// A decision on a slot that was read half before and half after something else happened is not made, or is refused when it
// is committed.
func TestPairsReadInTwoStates(t *testing.T) {
	for _, p := range pairs {
		for n := range p.reads {
			for _, at := range []string{"META", "QUEUE#", "SEAT#", "SEAT#02"} {
				t.Run(fmt.Sprintf("%s/%d/%s", p.name, n, at), func(t *testing.T) {
					wrong := p.meet(t, n == 1, func(engine table.Table, other func()) table.Table {
						return &tearing{engine, at, other}
					})
					if wrong != nil {
						t.Error(strings.Join(wrong, "\n"))
					}
				})
			}
		}
	}
}

package desk_test

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// The time that storage takes in a rush, as it is from a function in the same region.
const (
	rushRead   = 4 * time.Millisecond
	rushCommit = 15 * time.Millisecond
)

// P6: of a thousand who want twelve seats at the same moment nobody needs many attempts, and whoever comes later is told
// that it is full without any. Time is simulated. DynamoDB also refuses commits that meet at a record while one of them is
// under way; that must make it no dearer.
func TestARushNeedsFewCommits(t *testing.T) {
	const people, seats, most = 1000, 12, 1.5
	for _, collide := range []bool{false, true} {
		t.Run(fmt.Sprint("collide=", collide), func(t *testing.T) {
			engine := openEngine(t)
			calm := officeOn(engine, nil)
			slot := calm.published(t, calm.enrolled(t, "ada"), circle(seats, 26*time.Hour))
			crowd := calm.crowd(t, 2*people)
			through := &crossing{Table: tabletest.NewLatency(engine, rushRead, rushCommit), collide: collide, under: map[table.Key]bool{}}
			o := officeOn(engine, func(table.Table) table.Table { return through })
			answers := func(people []desk.Caller) (codes map[mentoring.Code]int) {
				through.commits = 0
				synctest.Test(t, func(t *testing.T) {
					codes = together(len(people), func(i int) error {
						return ignore(o.Book(context.Background(), people[i], slot, request, desk.Once{}))
					})
				})
				return codes
			}
			got := answers(crowd[:people])
			if want := map[mentoring.Code]int{"": seats, mentoring.SlotFull: people - seats}; !maps.Equal(got, want) {
				t.Errorf("answers %v, want %v", got, want)
			}
			each := float64(through.commits) / people
			if each > most {
				t.Errorf("%.2f commits for each answer, %.1f at most", each, most)
			}
			t.Attr("commits-per-answer", fmt.Sprintf("%.2f", each))
			got = answers(crowd[people:])
			if through.commits > 0 || got[mentoring.SlotFull] != people {
				t.Errorf("when all seats are taken: answers %v for %d commits", got, through.commits)
			}
			t.Attr("commits-when-full", fmt.Sprint(through.commits))
		})
	}
}

// crossing counts commits. Where they collide, one that would write what another is writing is refused, in the time that a
// commit takes.
type crossing struct {
	table.Table
	collide bool
	mu      sync.Mutex
	under   map[table.Key]bool // the records of commits under way
	commits int
}

func (c *crossing) Commit(ctx context.Context, writes ...table.Write) error {
	if refused := c.enter(writes); refused != nil {
		time.Sleep(rushCommit)
		return refused
	}
	defer c.leave(writes)
	return c.Table.Commit(ctx, writes...)
}

func (c *crossing) enter(writes []table.Write) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.commits++
	refused := &table.Refusal{Reasons: make([]table.Reason, len(writes))}
	for i, w := range writes {
		if c.collide && c.under[w.Record.Key] {
			refused.Reasons[i] = table.Conflict
		}
	}
	if refused.Has(table.Conflict) {
		return refused
	}
	for _, w := range writes {
		c.under[w.Record.Key] = true
	}
	return nil
}

func (c *crossing) leave(writes []table.Write) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, w := range writes {
		delete(c.under, w.Record.Key)
	}
}

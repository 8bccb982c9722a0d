package desk_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
)

// office is a desk on a table of its own, with a clock that stands still until it is moved.
type office struct {
	*desk.Desk
	engine table.Table // below all wrappers
	mu     sync.Mutex
	now    time.Time
}

var morning = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// openEngine opens a new table: on the embedded engine, unless a test chose another.
var openEngine = openBolt

// openBolt opens a table on which every record is, in the end, of a kind whose golden document is kept.
func openBolt(t testing.TB) table.Table {
	t.Helper()
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := engine.Each(context.Background(), desk.CheckRecord); err != nil {
			t.Error(err)
		}
		engine.Close()
	})
	return engine
}

// openOffice opens a desk on a new table, seen through wrap.
func openOffice(t testing.TB, wrap func(table.Table) table.Table) *office {
	t.Helper()
	return officeOn(openEngine(t), wrap)
}

func officeOn(engine table.Table, wrap func(table.Table) table.Table) *office {
	o := &office{engine: engine, now: morning}
	through := engine
	if wrap != nil {
		through = wrap(engine)
	}
	o.Desk = desk.New(desk.Config{
		Table: through, Now: o.clock, Random: rand.Reader,
		Policy: mentoring.DefaultPolicy(), Topics: mentoring.StarterTopics,
		OpenShards: 2, OutboxShards: 4,
	})
	return o
}

func (o *office) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *office) advance(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
}

// person is somebody of that name, not enrolled.
func person(name string) desk.Caller {
	return desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", name), Email: name + "@example.org", Name: name}
}

// enrolled is somebody of that name who can publish and book.
func (o *office) enrolled(t testing.TB, name string) desk.Caller {
	t.Helper()
	c := person(name)
	if _, err := o.Enrol(t.Context(), c, enrolment(name), nil); err != nil {
		t.Fatal(err)
	}
	return c
}

func enrolment(name string) mentoring.Enrolment {
	return mentoring.Enrolment{
		Profile:           mentoring.Profile{Name: name, TimeZone: "Europe/Berlin", Languages: []string{"en"}},
		AcceptGroundRules: true,
	}
}

// circle is a draft of a slot of so many seats, so long after morning.
func circle(seats int, ahead time.Duration) mentoring.SlotDraft {
	d := mentoring.SlotDraft{
		Title: "Reading a balance sheet", Topic: "finance", Format: mentoring.Circle, Capacity: &seats,
		StartsAt: morning.Add(ahead), DurationMinutes: 30,
		Meeting: mentoring.Meeting{VideoURL: "https://video.example/room"},
	}
	if seats == 1 {
		d.Format = mentoring.OneToOne
	}
	return d
}

func (o *office) published(t testing.TB, expert desk.Caller, d mentoring.SlotDraft) mentoring.SlotID {
	t.Helper()
	view, err := o.Publish(t.Context(), expert, d, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return view.Slot.ID
}

var request = mentoring.BookingRequest{
	Purpose: mentoring.Purpose{
		Kind: "skill_gap", Question: "How do I read the cash flow statement of a small company?",
		DesiredOutcome: "I can tell whether a supplier will be around next year.",
	},
	NoConflict: true,
}

// codeOf is the code of a refusal, "" for success, and the whole error for anything else.
func codeOf(err error) mentoring.Code {
	var refused *mentoring.Error
	switch {
	case err == nil:
		return ""
	case errors.As(err, &refused):
		return refused.Code
	}
	return mentoring.Code("unexpected: " + err.Error())
}

func key(name string) desk.Once {
	return desk.Once{Route: "POST /x", Key: name, Body: sha256.Sum256([]byte("body"))}
}

// together runs work n times at once and counts what it answers.
func together(n int, work func(i int) error) map[mentoring.Code]int {
	var mu sync.Mutex
	var wait sync.WaitGroup
	counts := map[mentoring.Code]int{}
	start := make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-start
			code := codeOf(work(i))
			mu.Lock()
			defer mu.Unlock()
			counts[code]++
		})
	}
	close(start)
	wait.Wait()
	return counts
}

// crowd enrols n people.
func (o *office) crowd(t testing.TB, n int) []desk.Caller {
	t.Helper()
	people := make([]desk.Caller, n)
	answers := together(n, func(i int) error {
		name := fmt.Sprintf("requester-%03d", i)
		people[i] = person(name)
		_, err := o.Enrol(context.Background(), people[i], enrolment(name), nil)
		return err
	})
	if answers[""] != n {
		t.Fatalf("enrolling a crowd: %v", answers)
	}
	return people
}

// outbox counts the events that wait.
func (o *office) outbox(t testing.TB) int {
	t.Helper()
	n := 0
	for shard := range o.OutboxShards {
		keys, err := o.OutboxDue(context.Background(), shard, "", o.clock().Add(time.Hour), 1000)
		if err != nil {
			t.Fatal(err)
		}
		n += len(keys)
	}
	return n
}

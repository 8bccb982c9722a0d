package desk_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// entry is what a test looks at of a session.
type entry struct {
	role mentoring.Role
	uid  string
	meet string
}

func (o *office) entries(t testing.TB, who desk.Caller) (entries []entry) {
	t.Helper()
	sessions, err := o.Sessions(t.Context(), who.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sessions {
		entries = append(entries, entry{s.Role, s.Calendar.UID, s.Slot.Meeting.VideoURL})
	}
	return entries
}

// A person's sessions are those of both sides, by time, an expert's once however many come, and without what nobody comes to.
func TestSessions(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	shared := o.published(t, ada, circle(3, 50*time.Hour))
	o.published(t, ada, circle(1, 80*time.Hour)) // which nobody books
	theirs := o.published(t, ben, circle(1, 40*time.Hour))
	first, _ := o.booked(t, ben, shared), o.booked(t, eve, shared)
	attended := o.booked(t, ada, theirs)

	const room = "https://video.example/room"
	allow := cmp.AllowUnexported(entry{})
	want := []entry{{mentoring.Requester, string(attended), room}, {mentoring.Expert, string(shared), room}}
	if diff := cmp.Diff(want, o.entries(t, ada), allow); diff != "" {
		t.Error(diff)
	}

	if _, err := o.Cancel(t.Context(), ben, first, mentoring.Cancel{}, desk.Once{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, o.entries(t, ada), allow); diff != "" {
		t.Errorf("one of two attendees cancelled:\n%s", diff)
	}
	if diff := cmp.Diff([]entry{{mentoring.Expert, string(theirs), room}}, o.entries(t, ben), allow); diff != "" {
		t.Errorf("of who cancelled:\n%s", diff)
	}

	must(t, o.engine.Commit(t.Context(), table.Drop(table.Key{PK: "SLOT#" + string(theirs), SK: "META"})))
	if got := o.entries(t, ben); got != nil {
		t.Errorf("whose slot is gone: %v", got)
	}
	want = want[1:] // of which Ada's has lost one too

	o.advance(32 * 24 * time.Hour)
	if diff := cmp.Diff(want, o.entries(t, ada), allow); diff != "" {
		t.Errorf("a month later:\n%s", diff)
	}
	o.advance(24 * time.Hour)
	if got := o.entries(t, ada); got != nil {
		t.Errorf("a day after that: %v", got)
	}
	if got := o.entries(t, person("nobody")); got != nil {
		t.Errorf("of nobody: %v", got)
	}
}

// What a feed costs that programs ask for again and again: three rounds, and one look at a slot however many come.
func TestCostOfSessions(t *testing.T) {
	var counting *tabletest.Counting
	o := openOffice(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	ada := o.enrolled(t, "ada")
	var slot mentoring.SlotID
	for i, who := range o.crowd(t, 5) {
		if i%3 == 0 {
			slot = o.published(t, ada, circle(3, time.Duration(30+i)*time.Hour))
		}
		o.booked(t, who, slot)
	}
	counting.Reset()
	if got := o.entries(t, ada); len(got) != 2 {
		t.Fatalf("sessions %v", got)
	}
	want := tabletest.Usage{Rounds: 3, Gets: 2, Queries: 2, RCU: 8}
	if got := counting.Usage(); got != want {
		t.Errorf("costs %s, want %s", show(got), show(want))
	}
}

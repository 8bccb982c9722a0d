package mentoring_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// What one side writes for itself writes the booking's record, so that two who write meet there, and rises no version that
// anybody is shown (product.md section 8): neither the other learns of it, nor does a calendar fetch an entry anew.
func TestNobodySeesAPrivateWrite(t *testing.T) {
	s := over(t, 1, time.Hour)
	id := s.bookings[0]
	for _, who := range []mentoring.Person{rana(), edda()} { // what they say of who came, both may know
		if _, err := s.answer(id, who.ID, mentoring.Pulse, held); err != nil {
			t.Fatal(err)
		}
	}
	writes := []struct {
		name   string
		decide func(mentoring.Papers) (mentoring.Changes, error)
	}{
		{"the requester answers more", func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideSurvey(p, rana(), mentoring.Pulse, saying(held, mentoring.Useful, number(5)), nil, s.nextTask(), s.now)
		}},
		{"the expert does", func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideSurvey(p, edda(), mentoring.Pulse, saying(held, mentoring.GotSomething, number(5)), nil, s.nextTask(), s.now)
		}},
		{"takeaways", func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideTakeaways(p, rana().ID, mentoring.WriteTakeaways{Learned: secret}, nil, s.now)
		}},
		{"a task", func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideAddTask(p, rana(), mentoring.AddTask{Kind: mentoring.OtherTask, Text: secret}, s.nextTask(), s.now)
		}},
	}
	for _, w := range writes {
		before := s.first()
		if _, err := s.onPapers(id, w.decide); err != nil {
			t.Fatalf("%s: %v", w.name, err)
		}
		after := s.first()
		if after.Version != before.Version+1 {
			t.Errorf("%s: the record is not written, so two who write do not meet", w.name)
		}
		for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
			if was, is := before.VersionFor(role), after.VersionFor(role); was != is {
				t.Errorf("%s: the %s sees version %d after %d", w.name, role, is, was)
			}
		}
	}
	before := s.first()
	if _, err := s.onPapers(id, func(p mentoring.Papers) (mentoring.Changes, error) {
		return mentoring.DecideDebrief(p, rana().ID, mentoring.WriteDebrief{Achieved: secret}, nil, s.now)
	}); err != nil {
		t.Fatal(err)
	}
	if after := s.first(); after.VersionFor(mentoring.Expert) != before.VersionFor(mentoring.Expert)+1 {
		t.Error("that a booking is closed both may know, and the version does not say so")
	}
}

// Why somebody may leave is told to the requester alone: perhaps they declared it themselves.
func TestTheExpertSeesNoConflict(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	before := w.present.bookings[w.book(rana(), slot)]
	requester := rana()
	requester.Profile.DeclaredConflicts = []mentoring.PersonID{edda().ID}
	after, found := mentoring.DecideConflict(before, w.state(slot).Slot, requester, w.now)
	if !found {
		t.Fatal("no conflict")
	}
	after.Version++
	for role, want := range map[mentoring.Role]int64{mentoring.Requester: 2, mentoring.Expert: 1} {
		if got := after.VersionFor(role); got != want {
			t.Errorf("the %s sees version %d, want %d", role, got, want)
		}
		if steps := after.HistoryFor(role, w.now); len(steps) != int(want) {
			t.Errorf("the %s sees %v", role, actions(steps))
		}
	}
}

// The expert sees of what they proposed what they said, whatever the requester makes of it for themselves.
func TestAProposalStaysWhatItWas(t *testing.T) {
	s := over(t, 1, 0)
	id := s.bookings[0]
	if _, err := s.addTask(id, edda().ID, mentoring.AddTask{Kind: "course", Text: "Take the course"}); err != nil {
		t.Fatal(err)
	}
	seen := func() mentoring.Tasks { return s.present.papersOf(id).For(mentoring.Expert).Tasks }
	before, task := seen(), seen().Tasks[0].ID
	s.at(s.now.Add(time.Hour))
	for _, c := range []mentoring.ReviseTask{
		{Status: new(mentoring.TaskOpen)}, {Text: new(secret), Kind: new(mentoring.OtherTask)}, {Status: new(mentoring.TaskDropped)},
	} {
		if _, err := s.onPapers(id, func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideReviseTask(p, rana(), task, c, nil, s.now)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.addTask(id, rana().ID, mentoring.AddTask{Kind: mentoring.OtherTask, Text: secret}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, seen()); diff != "" {
		t.Errorf("the expert sees what the requester keeps to themselves (-before +after):\n%s", diff)
	}
	if _, err := s.onPapers(id, func(p mentoring.Papers) (mentoring.Changes, error) {
		return mentoring.DecideTakeaways(p, rana().ID, mentoring.WriteTakeaways{Share: true}, nil, s.now)
	}); err != nil {
		t.Fatal(err)
	}
	if got := seen().Tasks; len(got) != 2 || got[0].Text != secret || got[0].Status != mentoring.TaskDropped {
		t.Errorf("where the requester shares, the expert sees %+v", got)
	}
	forgotten := mentoring.DecideForget(s.present.papersOf(id), mentoring.ForgetWords()).Tasks[0].Tasks[0]
	if forgotten.Text+forgotten.Proposal.Text != "" {
		t.Errorf("a year later there is still %+v", forgotten)
	}
}

// Whom an expert declared, and who manages them, is kept with their slots, and none of those who see these can tell.
func TestASlotsVersionTellsNothingOfItsExpert(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	follows := func(change func(*mentoring.Person)) mentoring.Slot {
		t.Helper()
		p := w.present.people[edda().ID]
		change(&p)
		p.Version++
		w.present.people[p.ID] = p
		w.follow(p.ID)
		return w.state(slot).Slot
	}
	declared := follows(func(p *mentoring.Person) { p.Profile.DeclaredConflicts = []mentoring.PersonID{rana().ID} })
	if declared.Version != 2 || declared.VersionShown() != 1 {
		t.Errorf("of a declared conflict, version %d of the record shows as %d", declared.Version, declared.VersionShown())
	}
	if named := follows(func(p *mentoring.Person) { p.Profile.Name = "Edda the Younger" }); named.VersionShown() != 2 {
		t.Errorf("with another name the slot shows version %d", named.VersionShown())
	}
}

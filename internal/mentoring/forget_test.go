package mentoring_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// written are papers in which every text says whose it is.
func written() mentoring.Papers {
	starts := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	text := func(s string) mentoring.Answer { return mentoring.Answer{Text: s} }
	return mentoring.Papers{
		Booking: mentoring.Booking{
			ID: "bkg_x", Slot: "slot_x", Requester: mentoring.Party{ID: "per_r", Name: "requester-name"}, Expert: mentoring.Party{ID: "per_e", Name: "expert-name"},
			Title: "expert-title", StartsAt: starts, DurationMinutes: 30, Status: mentoring.Completed, Bring: "requester-bring",
			Purpose: mentoring.Purpose{Kind: "other", Question: "requester-question", DesiredOutcome: "requester-outcome", Tried: "requester-tried", Context: "requester-context"},
			Ended:   mentoring.Ending{By: mentoring.Expert, Reason: "expert-reason"},
		},
		Requester: mentoring.Survey{Role: mentoring.Requester, Wave: mentoring.Pulse, Version: 1, Answers: mentoring.Answers{
			mentoring.Useful: {Number: new(4)}, mentoring.NoteToExpert: text("requester-note"), mentoring.StayInTouch: choice("yes"),
		}},
		Expert: mentoring.Survey{Role: mentoring.Expert, Wave: mentoring.Pulse, Version: 1, Answers: mentoring.Answers{
			mentoring.PurposeClear: {Number: new(2)}, mentoring.WouldHelp: text("expert-help"), mentoring.StayInTouch: choice("yes"),
		}},
		Outcome: mentoring.Survey{Role: mentoring.Requester, Wave: mentoring.OutcomeWave, Version: 1, Answers: mentoring.Answers{
			mentoring.WhatChanged: text("requester-changed"), mentoring.Recommend: {Number: new(9)},
		}},
		Takeaways: mentoring.Takeaways{Learned: "requester-learned", WillApply: "requester-apply", Share: true, Version: 1},
		Debrief:   mentoring.Debrief{Achieved: "requester-achieved", StillToDo: "requester-still", DoDifferently: "requester-differently", Version: 1},
		Tasks: mentoring.Tasks{Version: 1, Tasks: []mentoring.Task{
			{ID: "act_a", Text: "requester-task", Status: mentoring.TaskDone, By: mentoring.Requester},
			{ID: "act_b", Text: "expert-task", Status: mentoring.TaskProposed, By: mentoring.Expert},
			{ID: "act_c", Text: "requester-accepted", Status: mentoring.TaskOpen, By: mentoring.Expert},
		}},
	}
}

// TestForget: just the words and names of those named go, once; what the report counts stays.
func TestForget(t *testing.T) {
	now := time.Date(2026, 12, 2, 9, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		forget      mentoring.Forget
		gone, stays []string
	}{
		"the requester": {mentoring.ForgetSide(mentoring.Requester), []string{"requester-"}, []string{"expert-name", "expert-title", "expert-help", "expert-reason"}},
		"the expert": {mentoring.ForgetSide(mentoring.Expert), []string{"expert-"}, []string{
			"requester-name", "requester-question", "requester-note", "requester-changed", "requester-learned", "requester-achieved", "requester-accepted",
		}},
		"all words": {mentoring.ForgetWords(), []string{
			"requester-b", "requester-q", "requester-o", "requester-t", "requester-c", "requester-note", "requester-l", "requester-a", "requester-s", "requester-d",
			"expert-help", "expert-task", "expert-reason",
		}, []string{"requester-name", "expert-name", "expert-title"}},
	} {
		t.Run(name, func(t *testing.T) {
			before := written()
			after := before.After(mentoring.DecideForget(before, test.forget))
			text, err := json.Marshal(after)
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range test.gone {
				if strings.Contains(string(text), word) {
					t.Errorf("%s… is still in %s", word, text)
				}
			}
			for _, word := range test.stays {
				if !strings.Contains(string(text), word) {
					t.Errorf("%s is no longer in %s", word, text)
				}
			}
			if again := mentoring.DecideForget(after, test.forget); !again.None() {
				t.Errorf("a second time it changes %+v", again)
			}
			counted := func(p mentoring.Papers) mentoring.BookingFact {
				f, _ := mentoring.BookingFactOf(p, mentoring.Slot{ID: "slot_x"}, mentoring.Person{}, now)
				return f
			}
			if diff := cmp.Diff(counted(before), counted(after)); diff != "" {
				t.Errorf("counts (-before +after):\n%s", diff)
			}
		})
	}
}

// TestErase: nothing is left but the id, and a suspension that is in force.
func TestErase(t *testing.T) {
	now := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	person := mentoring.Person{
		ID: "per_x", Email: "x@example.org", Organisation: "example.org", Profile: mentoring.Profile{Name: "X"}, EnrolledAt: now, Version: 3,
		Programme: mentoring.Programme{Managers: []mentoring.PersonID{"per_y"}, Cohort: "Spring", SuspendedUntil: now.Add(time.Hour)},
	}
	want := mentoring.Person{ID: "per_x", ErasedAt: now, Version: 3, Programme: mentoring.Programme{SuspendedUntil: now.Add(time.Hour)}}
	after, changed := mentoring.DecideErase(person, now)
	if diff := cmp.Diff(want, after); diff != "" || !changed || after.Enrolled() {
		t.Errorf("changed: %v (-want +got):\n%s", changed, diff)
	}
	if _, changed := mentoring.DecideErase(after, now); changed {
		t.Error("whoever is nobody is erased again")
	}
	person.Programme.SuspendedUntil = now
	if after, _ := mentoring.DecideErase(person, now); !after.Programme.SuspendedUntil.IsZero() {
		t.Error("a suspension that is over stays")
	}
	back, err := mentoring.DecideEnrol(want.Known(mentoring.Visitor("per_x", "x@example.org", "X")), "x@example.org", mentoring.Enrolment{Profile: mentoring.Profile{Name: "X", TimeZone: "UTC"}}, now.Add(time.Minute))
	if err != nil || back.Version != 3 || !back.ErasedAt.IsZero() || !back.EnrolledAt.Equal(now.Add(time.Minute)) || back.Programme.SuspendedUntil.IsZero() {
		t.Errorf("back as %+v, %v", back, err)
	}
}

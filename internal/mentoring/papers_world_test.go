package mentoring_test

import (
	"slices"
	"time"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// papersOf is a booking and what was written about it.
func (r records) papersOf(id mentoring.BookingID) mentoring.Papers {
	p := r.papers[id]
	p.Booking = r.bookings[id]
	p.Booking.History = spare(slices.Clone(p.Booking.History))
	p.Tasks.Tasks = spare(slices.Clone(p.Tasks.Tasks))
	return p
}

func (r records) writePapers(c mentoring.Changes) bool {
	fits := true
	check := func(id mentoring.BookingID, version func(mentoring.Papers) int64, read int64) {
		fits = fits && version(r.papers[id]) == read
	}
	put := func(id mentoring.BookingID, c mentoring.Changes) { r.papers[id] = r.papers[id].After(c) }
	for _, s := range c.Surveys {
		check(s.Booking, func(p mentoring.Papers) int64 { return p.Survey(s.Wave, s.Role).Version }, s.Version)
		put(s.Booking, mentoring.Changes{Surveys: []mentoring.Survey{s}})
	}
	for _, t := range c.Takeaways {
		check(t.Booking, func(p mentoring.Papers) int64 { return p.Takeaways.Version }, t.Version)
		put(t.Booking, mentoring.Changes{Takeaways: []mentoring.Takeaways{t}})
	}
	for _, d := range c.Debriefs {
		check(d.Booking, func(p mentoring.Papers) int64 { return p.Debrief.Version }, d.Version)
		put(d.Booking, mentoring.Changes{Debriefs: []mentoring.Debrief{d}})
	}
	for _, t := range c.Tasks {
		check(t.Booking, func(p mentoring.Papers) int64 { return p.Tasks.Version }, t.Version)
		put(t.Booking, mentoring.Changes{Tasks: []mentoring.Tasks{t}})
	}
	return fits
}

// deliverDue tells of what was announced for a time that has come.
func (w *world) deliverDue() {
	due := slices.DeleteFunc(slices.Clone(w.later), func(e mentoring.Event) bool { return e.At.After(w.now) })
	w.later = slices.DeleteFunc(w.later, func(e mentoring.Event) bool { return !e.At.After(w.now) })
	for _, e := range due {
		if w.late != nil {
			w.late.take(e)
			continue
		}
		w.mailbox.deliver(w.t, w.news(e), w.policy, w.now)
	}
}

// nextTask is an id that no task has.
func (w *world) nextTask() mentoring.TaskID {
	w.made++
	return mentoring.NewTaskID([16]byte{14: byte(w.made >> 8), 15: byte(w.made)})
}

// onPapers makes a decision about a booking on the present.
func (w *world) onPapers(id mentoring.BookingID, decide func(mentoring.Papers) (mentoring.Changes, error)) (mentoring.Changes, error) {
	return w.attempt(func(r records) (mentoring.Changes, error) { return decide(r.papersOf(id)) })
}

func (w *world) answer(id mentoring.BookingID, by mentoring.PersonID, wave mentoring.Wave, a mentoring.Answers) (mentoring.Changes, error) {
	task := w.nextTask()
	return w.onPapers(id, func(p mentoring.Papers) (mentoring.Changes, error) {
		return mentoring.DecideSurvey(p, w.present.people[by], wave, a, nil, task, w.now)
	})
}

func (w *world) testify(id mentoring.BookingID, by mentoring.PersonID, what mentoring.Outcome) (mentoring.Changes, error) {
	return w.onPapers(id, func(p mentoring.Papers) (mentoring.Changes, error) {
		return mentoring.DecideAttendance(p.Booking, by, mentoring.Testify{Outcome: what}, w.now)
	})
}

func (w *world) addTask(id mentoring.BookingID, by mentoring.PersonID, a mentoring.AddTask) (mentoring.Changes, error) {
	task := w.nextTask()
	return w.onPapers(id, func(p mentoring.Papers) (mentoring.Changes, error) {
		return mentoring.DecideAddTask(p, w.present.people[by], a, task, w.now)
	})
}

// choice, number and text are answers.
func choice(options ...string) mentoring.Answer { return mentoring.Answer{Choices: options} }
func number(n int) mentoring.Answer             { return mentoring.Answer{Number: &n} }
func text(s string) mentoring.Answer            { return mentoring.Answer{Text: s} }

// anyAnswers are answers of one side, most of them allowed.
func (l *life) anyAnswers(t *rapid.T, role mentoring.Role) mentoring.Answers {
	a := mentoring.Answers{
		mentoring.TookPlace: choice(string(rapid.SampledFrom(append(mentoring.Outcomes, mentoring.Held, mentoring.Held, mentoring.Held)).Draw(t, "took place"))),
	}
	if a.Outcome() != mentoring.Held {
		return a
	}
	if rapid.Bool().Draw(t, "in touch") {
		a[mentoring.StayInTouch] = choice(mentoring.Yes)
	}
	if role == mentoring.Requester && rapid.Bool().Draw(t, "writes") {
		a[mentoring.NoteToExpert], a[mentoring.NextStep] = text(secret), text("Ask for a seat in the meeting")
		if rapid.Bool().Draw(t, "on a day") {
			a[mentoring.NextStepOn] = mentoring.Answer{Day: mentoring.DayOf(l.now.Add(48*time.Hour), time.UTC)}
		}
	}
	return a
}

// anyPast is a booking whose session is over.
func (l *life) anyPast() mentoring.Booking {
	var past []mentoring.Booking
	for _, b := range l.present.bookings {
		if b.StatusAt(l.now) == mentoring.Completed {
			past = append(past, b)
		}
	}
	if len(past) == 0 {
		return mentoring.Booking{}
	}
	slices.SortFunc(past, func(a, b mentoring.Booking) int { return slices.Compare([]byte(a.ID), []byte(b.ID)) })
	return rapid.SampledFrom(past).Draw(l.rt, "past booking")
}

// afterwards is somebody who writes about a session that is over.
func (l *life) afterwards(t *rapid.T) {
	b := l.anyPast()
	if b.ID == "" {
		return
	}
	by := l.either(b)
	role, _ := b.RoleOf(by)
	who, task, now := l.present.people[by], l.nextTask(), l.now
	decide := map[string]func(mentoring.Papers) (mentoring.Changes, error){
		"survey": func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideSurvey(p, who, mentoring.Pulse, l.anyAnswers(t, role), nil, task, now)
		},
		"outcome": func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideSurvey(p, who, mentoring.OutcomeWave, mentoring.Answers{mentoring.Recommend: number(9)}, nil, task, now)
		},
		"attendance": func(p mentoring.Papers) (mentoring.Changes, error) {
			what := rapid.SampledFrom(mentoring.Outcomes).Draw(t, "says")
			return mentoring.DecideAttendance(p.Booking, by, mentoring.Testify{Outcome: what}, now)
		},
		"retract": func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideRetract(p.Booking, by, now)
		},
		"task": func(p mentoring.Papers) (mentoring.Changes, error) {
			day := mentoring.DayOf(now.Add(time.Duration(rapid.IntRange(0, 3).Draw(t, "days"))*24*time.Hour), time.UTC)
			return mentoring.DecideAddTask(p, who, mentoring.AddTask{Kind: mentoring.OtherTask, Text: secret, DueOn: day}, task, now)
		},
		"revise": func(p mentoring.Papers) (mentoring.Changes, error) {
			if len(p.Tasks.Tasks) == 0 {
				return mentoring.Changes{}, nil
			}
			one := rapid.SampledFrom(p.Tasks.Tasks).Draw(t, "of the tasks").ID
			becomes := rapid.SampledFrom(mentoring.TaskStatuses).Draw(t, "becomes")
			return mentoring.DecideReviseTask(p, who, one, mentoring.ReviseTask{Status: &becomes}, nil, now)
		},
		"takeaways": func(p mentoring.Papers) (mentoring.Changes, error) {
			w := mentoring.WriteTakeaways{Learned: secret, Share: rapid.Bool().Draw(t, "shares")}
			return mentoring.DecideTakeaways(p, by, w, nil, now)
		},
		"debrief": func(p mentoring.Papers) (mentoring.Changes, error) {
			return mentoring.DecideDebrief(p, by, mentoring.WriteDebrief{Achieved: secret}, nil, now)
		},
	}
	names := []string{"survey", "survey", "outcome", "attendance", "retract", "task", "revise", "takeaways", "debrief"}
	how := decide[rapid.SampledFrom(names).Draw(t, "what")]
	l.runOn(func(r records) (mentoring.Changes, error) { return how(r.papersOf(b.ID)) })
}

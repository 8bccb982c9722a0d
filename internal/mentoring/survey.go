package mentoring

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// Answer is what somebody answered to one question. Which field is filled, the question's kind says.
type Answer struct {
	Number  *int     `json:"number,omitzero"`
	Choices []string `json:"choices,omitzero"` // one, for a choice
	Text    string   `json:"text,omitzero"`
	Day     Day      `json:"day,omitzero"`
}

// Answers are what somebody answered, by question. What is not in it was not answered.
type Answers map[QuestionID]Answer

func (a Answers) text(id QuestionID) string { return a[id].Text }

// Says reports whether a question that is answered yes or no was answered yes.
func (a Answers) Says(id QuestionID) bool { return slices.Contains(a[id].Choices, Yes) }

// Number is the answer to a scale.
func (a Answers) Number(id QuestionID) (int, bool) {
	if n := a[id].Number; n != nil {
		return *n, true
	}
	return 0, false
}

// Outcome is what the answers say of who came, empty where they do not.
func (a Answers) Outcome() Outcome {
	if c := a[TookPlace].Choices; len(c) == 1 {
		return Outcome(c[0])
	}
	return ""
}

// Survey is what one side answered in one wave.
type Survey struct {
	Booking   BookingID `json:"booking"`
	Wave      Wave      `json:"wave"`
	Role      Role      `json:"role"`
	Questions int       `json:"questions"` // the version of the set that was answered
	Answers   Answers   `json:"answers"`
	FirstAt   time.Time `json:"firstAt"`
	At        time.Time `json:"at"`
	Version   int64     `json:"-"`
}

// Faults are the rules of the set that the answers break.
func (s QuestionSet) Faults(a Answers) []Fault {
	var f faults
	for _, id := range slices.Sorted(maps.Keys(a)) {
		at := "/answers/" + string(id)
		q, ok := s.Question(id)
		if !ok {
			f.add(at, NotAllowed, "Is not asked here.")
			continue
		}
		if out := a.Outcome(); out.notHeld() && !q.Always {
			f.add(at, NotAllowed, "Cannot be answered where the session did not take place.")
			continue
		}
		f.answer(at, q, a[id])
	}
	if _, asked := s.Question(TookPlace); asked && len(a[TookPlace].Choices) == 0 {
		f.add("/answers/"+string(TookPlace), Required, "Must be one of: %s.", joined(Outcomes))
	}
	if _, dated := a[NextStepOn]; dated && a.text(NextStep) == "" {
		f.add("/answers/"+string(NextStep), Required, "Must be given, for there is a day for it.")
	}
	return f
}

func (f *faults) answer(at string, q Question, a Answer) {
	switch q.Kind {
	case Scale:
		if a.Number == nil {
			f.add(at, Required, "Must be %d to %d.", q.Min, q.Max)
		} else {
			f.between(at, *a.Number, q.Min, q.Max)
		}
	case Choice:
		if len(a.Choices) != 1 {
			f.add(at, Required, "Must be one of: %s.", joined(q.Options))
			return
		}
		one(f, at, a.Choices[0], q.Options)
	case Choices:
		some(f, at, a.Choices, q.Options, 1)
	case Words:
		f.text(at, a.Text, 1, q.Max)
	case OnDay:
		f.day(at, a.Day)
	}
}

// SurveyOpen is the time in which a side can answer a wave: it ends at until. ok is false for the expert in [OutcomeWave],
// and for a booking whose session did not take its time.
func (b Booking) SurveyOpen(w Wave, role Role, now time.Time) (from, until time.Time, ok bool) {
	if _, asked := QuestionsFor(w, role); !asked || b.StatusAt(now) != Completed {
		return from, until, false
	}
	if w == OutcomeWave {
		from = b.EndsAt().Add(OutcomeAfter)
		return from, from.Add(OutcomeWindow), true
	}
	return b.EndsAt(), b.EndsAt().Add(SurveyWindow), true
}

// MaySeeSurvey refuses a side that is not asked in a wave, with [Forbidden], and both where the session did not take its
// time, with [InvalidTransition].
func (b Booking) MaySeeSurvey(w Wave, role Role, now time.Time) error {
	if _, asked := QuestionsFor(w, role); !asked {
		return refuse(Forbidden, "Only the requester is asked this.")
	}
	if _, _, ok := b.SurveyOpen(w, role, now); !ok {
		return b.invalid(role, now)
	}
	return nil
}

// DecideSurvey records what one side of a booking answers in a wave, in place of what it answered before. only is the
// version it is in place of, nil for any. What the answers say of who came counts as said by that side while that can be
// said ([DecideAttendance]); the requester's next step becomes a task of theirs, with the id task. It refuses with
// [NotFound] for strangers, [Forbidden] for the expert in [OutcomeWave], [SurveyClosed] before and after its time,
// [InvalidTransition] where the session did not take its time, [InvalidField] or [VersionConflict].
func DecideSurvey(p Papers, by Person, w Wave, a Answers, only *int64, task TaskID, now time.Time) (Changes, error) {
	b := p.Booking
	role, ok := b.RoleOf(by.ID)
	if !ok {
		return Changes{}, Missing()
	}
	if err := b.MaySeeSurvey(w, role, now); err != nil {
		return Changes{}, err
	}
	switch from, until, _ := b.SurveyOpen(w, role, now); {
	case now.Before(from):
		return Changes{}, refuse(SurveyClosed, "This can be answered from "+utc(from)+" on.")
	case !now.Before(until), w == Pulse && b.After.Stage == Settled:
		return Changes{}, refuse(SurveyClosed, "This could be answered until "+utc(until)+".")
	}
	set, _ := QuestionsFor(w, role)
	before := p.Survey(w, role)
	wrong := faults(set.Faults(a))
	if day := a[NextStepOn].Day; day != before.Answers[NextStepOn].Day && day.Valid() {
		wrong.ahead("/answers/"+string(NextStepOn), day, by, now)
	}
	if err := wrong.err(); err != nil {
		return Changes{}, err
	}
	switch {
	case before.Version > 0 && before.Questions == set.Version && reflect.DeepEqual(before.Answers, a):
		return Changes{}, nil // also where it is the same request, once more
	case only != nil && *only != before.Version:
		return Changes{}, Stale(before.Version)
	}
	r := review(p.Booking, now)
	r.answered(set, before, a)
	if out := a.Outcome(); out != "" && b.testifiable(now) && b.After.Attendance.By(role) != out {
		r.testify(role, out)
	}
	if role == Requester && w == Pulse {
		r.setOut(p, by, a, task)
	}
	r.announce(Event{Kind: SurveyAnswered})
	return r.done(), nil
}

// answered stores the answers, and when they were given first.
func (r *reviewing) answered(set QuestionSet, before Survey, a Answers) {
	s := Survey{
		Booking: r.booking.ID, Wave: set.Wave, Role: set.Role, Questions: set.Version, Answers: a,
		FirstAt: before.FirstAt, At: r.now, Version: before.Version,
	}
	if s.FirstAt.IsZero() {
		s.FirstAt = r.now
	}
	r.out.Surveys = append(r.out.Surveys, s)
	switch done := &r.booking.After.Answered; {
	case set.Wave == OutcomeWave:
		done.Outcome = s.FirstAt
	case set.Role == Expert:
		done.Expert = s.FirstAt
	default:
		done.Requester = s.FirstAt
	}
}

package dispatch_test

import (
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// keen is somebody who welcomes surveys, and notes.
func (w *world) keen(t *testing.T, name string) desk.Caller {
	t.Helper()
	c := w.enrolled(t, name)
	e := mentoring.Enrolment{Profile: mentoring.Profile{Name: name, TimeZone: "Europe/Berlin", SurveyMails: true, FeedbackWelcome: true}}
	if _, err := w.desk.Enrol(t.Context(), c, e, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// met is a session of ada's with some who want surveys, as is she; it is over.
func (w *world) met(t *testing.T, names ...string) (people []desk.Caller, bookings []mentoring.BookingID) {
	t.Helper()
	w.keen(t, "ada")
	slot := w.slot(t, len(names), mentoring.Instant, 3*time.Hour)
	for _, name := range names {
		people = append(people, w.keen(t, name))
		bookings = append(bookings, w.books(t, people[len(people)-1], slot))
	}
	w.news(t)
	w.tick(t, 2*time.Hour)
	w.news(t)
	w.now = w.now.Add(90 * time.Minute)
	return people, bookings
}

func choice(option string) mentoring.Answer { return mentoring.Answer{Choices: []string{option}} }

// What follows a session is sent once each, to whom it concerns, while it is still true; whether the clock comes once, twice or
// late, and whichever way the rows come (proof.md R8).
func TestAfterASession(t *testing.T) {
	w := open(t, nil)
	people, bookings := w.met(t, "ben", "eve")
	ben, ctx := people[0], t.Context()
	for range 2 { // a double tick
		w.tick(t, 0)
	}
	w.told(t, "ben: survey_pulse", "eve: survey_pulse", "ada: survey_pulse")

	answer := func(who desk.Caller, b int, fields map[mentoring.QuestionID]mentoring.Answer) {
		t.Helper()
		a := mentoring.Answers{mentoring.TookPlace: choice("held")}
		for id, given := range fields {
			a[id] = given
		}
		if _, err := w.desk.AnswerSurvey(ctx, who, bookings[b], mentoring.Pulse, a, nil); err != nil {
			t.Fatal(err)
		}
	}
	day := mentoring.DayOf(w.now.AddDate(0, 0, 5), time.UTC)
	answer(ben, 0, map[mentoring.QuestionID]mentoring.Answer{
		mentoring.NoteToExpert: {Text: "Thank you."}, mentoring.StayInTouch: choice("yes"),
		mentoring.NextStep: {Text: "Write to Kim"}, mentoring.NextStepOn: {Day: day},
	})
	w.told(t) // she has not answered, so nothing reaches her
	answer(w.ada, 0, map[mentoring.QuestionID]mentoring.Answer{mentoring.StayInTouch: choice("yes")})
	w.told(t, "ada: note_to_expert", "ada: stay_in_touch", "ben: stay_in_touch")
	answer(ben, 0, map[mentoring.QuestionID]mentoring.Answer{
		mentoring.NoteToExpert: {Text: "Thank you again."}, mentoring.StayInTouch: choice("yes"),
		mentoring.NextStep: {Text: "Write to Kim"}, mentoring.NextStepOn: {Day: day},
	})
	w.told(t) // once is enough

	done[desk.BookingView](t)(w.desk.SayAttendance(ctx, w.ada, bookings[1], mentoring.Testify{Outcome: mentoring.RequesterAbsent}, desk.Once{}))
	w.told(t, "eve: not_held", "ada: not_held")
	w.tick(t, 48*time.Hour) // nobody is left to be reminded
	w.told(t)
	w.tick(t, 24*time.Hour)
	w.told(t, "eve: strike")
	w.tick(t, 48*time.Hour)
	w.told(t, "ben: action_due")
	done[desk.PapersView](t)(w.desk.WriteDebrief(ctx, ben, bookings[0], mentoring.WriteDebrief{Achieved: "Much."}, nil))
	w.told(t, "ben: session_closed", "ada: session_closed")
	w.tick(t, 10*24*time.Hour)
	w.told(t)
	w.tick(t, 20*24*time.Hour) // a month after
	w.told(t, "ben: survey_outcome")
	w.tick(t, 60*24*time.Hour)
	w.told(t)
	if rows := append(append(w.rows(t, "OUTBOX#"), w.rows(t, "DUE#")...), w.rows(t, "DEAD")...); len(rows) > 0 {
		t.Errorf("left: %v", rows)
	}
}

// A clock that was down for two weeks asks nobody what they can no longer answer, closes what nobody closed, and says so.
func TestAfterASessionLate(t *testing.T) {
	w := open(t, nil)
	w.met(t, "ben")
	w.tick(t, 15*24*time.Hour)
	w.told(t, "ben: session_closed")
	w.tick(t, 16*24*time.Hour)
	w.told(t, "ben: survey_outcome")
}

// Whoever has not answered is reminded once, and not who wants no surveys; clocks that differ by five minutes make no
// difference.
func TestSurveyReminders(t *testing.T) {
	for _, skew := range []time.Duration{0, 5 * time.Minute, -5 * time.Minute} {
		w := open(t, nil)
		people, _ := w.met(t, "ben")
		w.tick(t, 0)
		w.told(t, "ben: survey_pulse", "ada: survey_pulse")
		if err := w.desk.StopSurveys(t.Context(), people[0].ID); err != nil {
			t.Fatal(err)
		}
		w.tick(t, 48*time.Hour+skew)
		w.tick(t, 10*time.Minute)
		w.tick(t, 0)
		w.told(t, "ada: survey_reminder")
	}
	t.Log("figure R8: survey reminders by clocks off by 0, +5 and -5 minutes, with ticks doubled: once")
}

// Whoever wants no surveys gets none, on either side; what somebody says of who came reaches them all the same, as it is about
// their booking (product.md section 10).
func TestNoSurveysForWhoWantsNone(t *testing.T) {
	w := open(t, nil)
	people, bookings := w.met(t, "ben")
	for _, who := range []desk.Caller{people[0], w.ada} {
		if err := w.desk.StopSurveys(t.Context(), who.ID); err != nil {
			t.Fatal(err)
		}
	}
	w.tick(t, 0)
	w.told(t)
	done[desk.BookingView](t)(w.desk.SayAttendance(t.Context(), w.ada, bookings[0], mentoring.Testify{Outcome: mentoring.RequesterAbsent}, desk.Once{}))
	w.told(t, "ben: not_held", "ada: not_held")
}

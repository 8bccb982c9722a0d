package desk

import (
	"context"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// The use cases of what comes after a session (product.md section 7). All of them work on the papers of one booking.

// onPapers runs a command on the papers of a booking, and shows what view makes of them afterwards.
func onPapers[T any](
	ctx context.Context, d *Desk, c Caller, id mentoring.BookingID, once Once,
	decide func(p mentoring.Papers, by mentoring.Person, now time.Time) (mentoring.Changes, error),
	view func(p mentoring.Papers, now time.Time) T,
) (T, error) {
	now := d.Now()
	return transact(ctx, d, func(ctx context.Context) (none T, _ []table.Write, err error) {
		var me standing
		var p mentoring.Papers
		if err := d.round(ctx, d.self(c, once, &me), d.papersOf(c, id, &p)); err != nil {
			return none, nil, err
		}
		if before, known, err := recall[T](once, me, now); known || err != nil {
			return before, nil, err
		}
		changes, err := decide(p, me.Person, now)
		if err != nil {
			before, err := unlessAnswered[T](ctx, d, c, once, err)
			return before, nil, err
		}
		answer := view(p.After(changes), now)
		if changes.None() {
			return answer, nil, nil
		}
		return answer, once.remember(d.writes(changes), c.ID, me, answer, now), nil
	})
}

// SayAttendance records what the caller says of who came: POST /v1/bookings/{id}/attendance. It refuses with what
// [mentoring.DecideAttendance] answers, [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) SayAttendance(ctx context.Context, c Caller, id mentoring.BookingID, t mentoring.Testify, once Once) (BookingView, error) {
	return onPapers(ctx, d, c, id, once, func(p mentoring.Papers, by mentoring.Person, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideAttendance(p.Booking, by.ID, t, now)
	}, bookingViewFor(c))
}

// RetractAttendance takes back what the caller said of who came: DELETE /v1/bookings/{id}/attendance. It refuses with what
// [mentoring.DecideRetract] answers, or [mentoring.Busy].
func (d *Desk) RetractAttendance(ctx context.Context, c Caller, id mentoring.BookingID) (BookingView, error) {
	return onPapers(ctx, d, c, id, Once{}, func(p mentoring.Papers, by mentoring.Person, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideRetract(p.Booking, by.ID, now)
	}, bookingViewFor(c))
}

// bookingViewFor shows the booking alone.
func bookingViewFor(c Caller) func(mentoring.Papers, time.Time) BookingView {
	return func(p mentoring.Papers, now time.Time) BookingView {
		return viewBooking(p.Booking, mentoring.Meeting{}, c, now)
	}
}

// SurveyView is a survey as the side that answers it sees it.
type SurveyView struct {
	Booking     BookingView
	Set         mentoring.QuestionSet // the present one, by which it is answered
	Survey      mentoring.Survey      // as answered, at Version 0 where it was not
	From, Until time.Time             // when it can be answered
	// Note is what the requester wrote to the caller, Changed what they say became of it, and Contact the other's address,
	// where these may reach the caller.
	Note    string
	Changed string
	Contact string
	// Tasks are the requester's, for [mentoring.OutcomeWave].
	Tasks mentoring.Tasks
}

// Survey shows the caller's own survey of a wave: GET /v1/bookings/{id}/survey and /outcome. It refuses with
// [mentoring.NotFound], [mentoring.Forbidden] for the expert in [mentoring.OutcomeWave], [mentoring.InvalidTransition]
// where the session did not take its time, or [mentoring.Busy].
func (d *Desk) Survey(ctx context.Context, c Caller, id mentoring.BookingID, w mentoring.Wave) (SurveyView, error) {
	var me standing
	var p mentoring.Papers
	if err := d.round(ctx, d.self(c, Once{}, &me), d.papersOf(c, id, &p)); err != nil {
		return read(SurveyView{}, err)
	}
	now := d.Now()
	role, _ := p.Booking.RoleOf(c.ID)
	if err := p.Booking.MaySeeSurvey(w, role, now); err != nil {
		return SurveyView{}, err
	}
	view := surveyViewFor(c, w)(p, now)
	if role == mentoring.Expert {
		view.Note, view.Changed = p.Note(me.Person, now), p.Changed()
	}
	if !p.InTouch() {
		return view, nil
	}
	var other mentoring.Person
	err := d.profile(p.Booking.Other(role).ID, &other)(ctx)
	view.Contact = other.Email
	return read(view, err)
}

// AnswerSurvey records what the caller answers in a wave: PUT /v1/bookings/{id}/survey and /outcome. only is the version that
// it is in place of, nil for any. It refuses with what [mentoring.DecideSurvey] answers, or [mentoring.Busy].
func (d *Desk) AnswerSurvey(
	ctx context.Context, c Caller, id mentoring.BookingID, w mentoring.Wave, a mentoring.Answers, only *int64,
) (SurveyView, error) {
	task := mentoring.NewTaskID(d.random())
	return onPapers(ctx, d, c, id, Once{}, func(p mentoring.Papers, by mentoring.Person, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideSurvey(p, by, w, a, only, task, now)
	}, surveyViewFor(c, w))
}

func surveyViewFor(c Caller, w mentoring.Wave) func(mentoring.Papers, time.Time) SurveyView {
	return func(p mentoring.Papers, now time.Time) SurveyView {
		role, _ := p.Booking.RoleOf(c.ID)
		view := SurveyView{Booking: bookingViewFor(c)(p, now), Survey: p.Survey(w, role)}
		view.Set, _ = mentoring.QuestionsFor(w, role)
		view.From, view.Until, _ = p.Booking.SurveyOpen(w, role, now)
		if w == mentoring.OutcomeWave {
			view.Tasks = p.Tasks
		}
		return view
	}
}

// PapersView is what one side may see of the papers of a booking (product.md section 8).
type PapersView struct {
	Role mentoring.Role
	mentoring.Papers
}

// Papers shows what was written about a booking, as far as the caller may see it: GET /v1/bookings/{id}/takeaways, /debrief
// and /actions. It refuses with [mentoring.NotFound] or [mentoring.Busy].
func (d *Desk) Papers(ctx context.Context, c Caller, id mentoring.BookingID) (PapersView, error) {
	var p mentoring.Papers
	err := d.papersOf(c, id, &p)(ctx)
	return read(papersViewFor(c)(p, d.Now()), err)
}

func papersViewFor(c Caller) func(mentoring.Papers, time.Time) PapersView {
	return func(p mentoring.Papers, _ time.Time) PapersView {
		role, _ := p.Booking.RoleOf(c.ID)
		return PapersView{role, p.For(role)}
	}
}

// WriteTakeaways records what the caller takes from a session: PUT /v1/bookings/{id}/takeaways. only is the version that it
// is in place of, nil for any. It refuses with what [mentoring.DecideTakeaways] answers, or [mentoring.Busy].
func (d *Desk) WriteTakeaways(ctx context.Context, c Caller, id mentoring.BookingID, w mentoring.WriteTakeaways, only *int64) (PapersView, error) {
	return onPapers(ctx, d, c, id, Once{}, func(p mentoring.Papers, by mentoring.Person, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideTakeaways(p, by.ID, w, only, now)
	}, papersViewFor(c))
}

// WriteDebrief closes a booking for its requester: PUT /v1/bookings/{id}/debrief. only is the version that it is in place of,
// nil for any. It refuses with what [mentoring.DecideDebrief] answers, or [mentoring.Busy].
func (d *Desk) WriteDebrief(ctx context.Context, c Caller, id mentoring.BookingID, w mentoring.WriteDebrief, only *int64) (PapersView, error) {
	return onPapers(ctx, d, c, id, Once{}, func(p mentoring.Papers, by mentoring.Person, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideDebrief(p, by.ID, w, only, now)
	}, papersViewFor(c))
}

// TaskView is one task of a booking, and the version of all that the caller may see. It is also what an idempotency record keeps.
type TaskView struct {
	Task    mentoring.Task `json:"task"`
	Version int64          `json:"version"`
}

// AddTask adds a task, the requester's own or one the expert proposes: POST /v1/bookings/{id}/actions. It refuses with what
// [mentoring.DecideAddTask] answers, [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) AddTask(ctx context.Context, c Caller, id mentoring.BookingID, a mentoring.AddTask, once Once) (TaskView, error) {
	task := mentoring.NewTaskID(d.random())
	return onPapers(ctx, d, c, id, once, func(p mentoring.Papers, by mentoring.Person, now time.Time) (mentoring.Changes, error) {
		if _, done := p.Tasks.Task(task); done { // by the attempt before, whose outcome was unknown
			return mentoring.Changes{}, nil
		}
		return mentoring.DecideAddTask(p, by, a, task, now)
	}, taskViewFor(c, task))
}

// ReviseTask changes a task of the caller's: PATCH /v1/bookings/{id}/actions/{actionId}. only is the version of all tasks of
// the booking that the change is made on, nil for any. It refuses with what [mentoring.DecideReviseTask] answers, or
// [mentoring.Busy].
func (d *Desk) ReviseTask(
	ctx context.Context, c Caller, id mentoring.BookingID, task mentoring.TaskID, r mentoring.ReviseTask, only *int64,
) (TaskView, error) {
	return onPapers(ctx, d, c, id, Once{}, func(p mentoring.Papers, by mentoring.Person, now time.Time) (mentoring.Changes, error) {
		return mentoring.DecideReviseTask(p, by, task, r, only, now)
	}, taskViewFor(c, task))
}

func taskViewFor(c Caller, id mentoring.TaskID) func(mentoring.Papers, time.Time) TaskView {
	return func(p mentoring.Papers, now time.Time) TaskView {
		seen := papersViewFor(c)(p, now).Tasks
		task, _ := seen.Task(id)
		return TaskView{task, seen.Version}
	}
}

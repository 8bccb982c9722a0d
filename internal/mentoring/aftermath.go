package mentoring

import "time"

// What comes after a session, and until when (product.md section 7). All are counted from its end.
const (
	AttendanceWindow = 72 * time.Hour      // either side may say who came
	SurveyWindow     = 14 * 24 * time.Hour // the survey may be answered and changed; then the booking closes by itself
	SurveyReminder   = 2 * 24 * time.Hour  // whoever has not answered is reminded, once
	OutcomeAfter     = 30 * 24 * time.Hour // the requester is asked what became of it
	OutcomeWindow    = 14 * 24 * time.Hour // how long they may answer that
)

// Aftermath is what is known of a booking once its session is over.
type Aftermath struct {
	Stage      Stage      `json:"stage,omitzero"`
	Attendance Attendance `json:"attendance,omitzero"`
	Answered   Answered   `json:"answered,omitzero"`
	Closure    Closure    `json:"closure,omitzero"` // empty until the session is over
	ClosedAt   time.Time  `json:"closedAt,omitzero"`
}

// Answered says when each survey of a booking was first answered, so that nobody is reminded of what they did.
type Answered struct {
	Requester time.Time `json:"requester,omitzero"`
	Expert    time.Time `json:"expert,omitzero"`
	Outcome   time.Time `json:"outcome,omitzero"`
}

// Both reports whether both sides answered the survey that follows the session.
func (a Answered) Both() bool { return !a.Requester.IsZero() && !a.Expert.IsZero() }

// By is when a side answered the survey that follows the session, zero if it has not.
func (a Answered) By(role Role) time.Time {
	if role == Expert {
		return a.Expert
	}
	return a.Requester
}

// Stage is how far time has taken a booking after its session. It never goes back.
type Stage int

const (
	NotOver  Stage = iota
	JustOver       // completed; who came can be said
	Judged         // who came can no longer be said, and strikes are counted
	Settled        // surveys are over
)

// Closure says whether a completed booking is closed, and by whom (product.md section 1, rule 7).
type Closure string

const (
	ClosureOpen Closure = "open"
	Debriefed   Closure = "debriefed"   // by its requester
	AutoClosed  Closure = "auto_closed" // by time
)

// Closures are all there are.
var Closures = []Closure{ClosureOpen, Debriefed, AutoClosed}

// ClosureAt is the booking's closure at a time, empty where its session did not take its time. No job has to run for it.
func (b Booking) ClosureAt(now time.Time) Closure {
	switch {
	case b.StatusAt(now) != Completed:
		return ""
	case b.After.Closure == Debriefed:
		return Debriefed
	case !now.Before(b.EndsAt().Add(SurveyWindow)):
		return AutoClosed
	}
	return ClosureOpen
}

// within reports whether now lies in a time that begins and ends so long after the session.
func (b Booking) within(from, length time.Duration, now time.Time) bool {
	begin := b.EndsAt().Add(from)
	return !now.Before(begin) && now.Before(begin.Add(length))
}

// tookPlace reports whether the session is over, and nobody denies that the two met.
func (b Booking) tookPlace(now time.Time) bool {
	return b.StatusAt(now) == Completed && !b.After.Attendance.Result().notHeld()
}

// actionsAfter are what a side may do once the session is over.
func (b Booking) actionsAfter(by Role, now time.Time) []Action {
	if b.StatusAt(now) != Completed {
		return nil
	}
	var actions []Action
	offer := func(name ActionName, from, length time.Duration) {
		if b.within(from, length, now) {
			actions = append(actions, Action{name, b.EndsAt().Add(from + length)})
		}
	}
	offer(ActionAttendance, 0, AttendanceWindow)
	offer(ActionSurvey, 0, SurveyWindow)
	if by == Requester {
		offer(ActionDebrief, 0, SurveyWindow)
		offer(ActionOutcome, OutcomeAfter, OutcomeWindow)
	}
	return actions
}

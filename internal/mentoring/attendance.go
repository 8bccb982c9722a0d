package mentoring

import (
	"slices"
	"time"
)

// Outcome says who came to a session (product.md section 7).
type Outcome string

const (
	Held            Outcome = "held"
	RequesterAbsent Outcome = "requester_absent"
	ExpertAbsent    Outcome = "expert_absent"
	BothAbsent      Outcome = "both_absent"

	// Unknown and Contested are nobody's word: nobody said anything, or the two say different things.
	Unknown   Outcome = "unknown"
	Contested Outcome = "contested"
)

// Outcomes are what somebody can say.
var Outcomes = []Outcome{Held, RequesterAbsent, ExpertAbsent, BothAbsent}

// notHeld reports whether the two did not meet, by all that was said.
func (o Outcome) notHeld() bool { return o == RequesterAbsent || o == ExpertAbsent || o == BothAbsent }

// Missed reports whether a side did not come.
func (o Outcome) Missed(role Role) bool {
	return o == BothAbsent || o == RequesterAbsent && role == Requester || o == ExpertAbsent && role == Expert
}

// Attendance is what each side says of who came.
type Attendance struct {
	Requester Outcome `json:"requester,omitzero"`
	Expert    Outcome `json:"expert,omitzero"`
}

// Result is what holds: what one says until the other says something else.
func (a Attendance) Result() Outcome {
	switch {
	case a.Requester == "" && a.Expert == "":
		return Unknown
	case a.Expert == "" || a.Requester == a.Expert:
		return a.Requester
	case a.Requester == "":
		return a.Expert
	}
	return Contested
}

// By is what a side says, empty where it has said nothing.
func (a Attendance) By(role Role) Outcome {
	if role == Expert {
		return a.Expert
	}
	return a.Requester
}

// saying is the attendance once a side says something, or takes back what it said.
func (a Attendance) saying(role Role, what Outcome) Attendance {
	if role == Expert {
		a.Expert = what
	} else {
		a.Requester = what
	}
	return a
}

// Testify is the command of POST and DELETE /v1/bookings/{id}/attendance: what one side says of who came, or nothing, to
// take that back.
type Testify struct{ Outcome Outcome }

// Faults are the field rules that the command breaks.
func (t Testify) Faults() []Fault {
	var f faults
	one(&f, "/outcome", t.Outcome, Outcomes)
	return f
}

// DecideAttendance records what one side of a booking says of who came, until [AttendanceWindow] after the session; the
// other may say something else, and then nothing follows from it. It refuses with [NotFound] for strangers, [InvalidField]
// or [InvalidTransition]. Saying the same again is a success that changes nothing.
func DecideAttendance(b Booking, by PersonID, t Testify, now time.Time) (Changes, error) {
	if _, ok := b.RoleOf(by); !ok {
		return Changes{}, Missing()
	}
	if err := faults(t.Faults()).err(); err != nil {
		return Changes{}, err
	}
	return decideTestimony(b, by, t.Outcome, now)
}

// DecideRetract takes back what one side said of who came, for as long as it could be said. It refuses with [NotFound] for
// strangers, or [InvalidTransition].
func DecideRetract(b Booking, by PersonID, now time.Time) (Changes, error) {
	return decideTestimony(b, by, "", now)
}

func decideTestimony(b Booking, by PersonID, what Outcome, now time.Time) (Changes, error) {
	role, ok := b.RoleOf(by)
	switch {
	case !ok:
		return Changes{}, Missing()
	case !b.testifiable(now):
		return Changes{}, b.invalid(role, now)
	case b.After.Attendance.By(role) == what:
		return Changes{}, nil
	}
	r := review(b, now)
	r.testify(role, what)
	return r.done(), nil
}

// testifiable reports whether it can still be said who came: not once strikes are counted, even by a request that came in time
// and was decided late.
func (b Booking) testifiable(now time.Time) bool {
	return b.StatusAt(now) == Completed && b.within(0, AttendanceWindow, now) && b.After.Stage < Judged
}

// testify records what a side says of who came, and announces it.
func (r *reviewing) testify(role Role, what Outcome) {
	b := r.booking
	b.After.Attendance = b.After.Attendance.saying(role, what)
	r.booking = b.step(StepAttendance, role, r.now)
	r.announce(Event{Kind: AttendanceSaid})
}

// ofAttendance tells both sides that the session did not take place, as long as nobody says that it did.
func (n News) ofAttendance(requester, expert Notice, b Booking, now time.Time) []Notice {
	if b.StatusAt(now) != Completed || !b.After.Attendance.Result().notHeld() {
		return nil
	}
	return []Notice{requester.of(NotHeld, CalendarNone), expert.of(NotHeld, CalendarNone)}
}

// judge counts the strikes of a session that nobody can contest any more: one for each requester who did not come, and one
// for the expert, however many waited for them.
func (h *hearing) judge(s *SlotState, b Booking) Booking {
	b.After.Stage = Judged
	result := b.After.Attendance.Result()
	strike := Strike{At: h.now, Slot: b.Slot, Booking: b.ID}
	if result.Missed(Requester) {
		h.strike(b.Requester.ID, strike)
	}
	if result.Missed(Expert) && !h.agenda(s.Slot.Host.ID).struckFor(b.Slot) {
		h.strike(s.Slot.Host.ID, strike)
	}
	return b
}

// struckFor reports whether a strike was counted for a slot.
func (a Agenda) struckFor(slot SlotID) bool {
	return slices.ContainsFunc(a.Strikes, func(s Strike) bool { return s.Slot == slot })
}

package mentoring_test

import (
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

// Only what the requester moved makes links to a booking out of date: who follows a slot to another time keeps theirs.
func TestTimesMoved(t *testing.T) {
	b := mentoring.Booking{}
	for _, step := range []struct {
		action mentoring.StepAction
		want   int64
	}{
		{mentoring.StepBooked, 0}, {mentoring.StepMoved, 1}, {mentoring.StepRescheduled, 1}, {mentoring.StepSlotChanged, 1},
		{mentoring.StepMoved, 2}, {mentoring.StepCancelled, 2},
	} {
		b.History = append(b.History, mentoring.Step{Action: step.action})
		if got := b.TimesMoved(); got != step.want {
			t.Errorf("after %s: %d, want %d", step.action, got, step.want)
		}
	}
}

// Cancelling counts against an expert from the notice on, unless the requester was released from it, and never against a
// requester, who cannot that late.
func TestLateFor(t *testing.T) {
	starts := time.Date(2026, 11, 5, 9, 0, 0, 0, time.UTC)
	b := mentoring.Booking{Status: mentoring.Confirmed, StartsAt: starts, DurationMinutes: 30, CancelNoticeMinutes: 60}
	asked, released := b, b
	asked.Status, released.Released = mentoring.Requested, true
	for _, test := range []struct {
		b     mentoring.Booking
		role  mentoring.Role
		ahead time.Duration
		want  bool
	}{
		{b, mentoring.Expert, time.Hour + 1, false}, {b, mentoring.Expert, time.Hour, true}, {b, mentoring.Expert, 0, true},
		{b, mentoring.Requester, 0, false}, {asked, mentoring.Expert, 0, false}, {released, mentoring.Expert, 0, false},
	} {
		if got := test.b.LateFor(test.role, starts.Add(-test.ahead)); got != test.want {
			t.Errorf("%s, %s, %v ahead: %v", test.b.Status, test.role, test.ahead, got)
		}
	}
}

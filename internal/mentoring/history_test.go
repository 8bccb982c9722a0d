package mentoring_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// actions are what was done to a booking, and by whom.
func actions(steps []mentoring.Step) (all []string) {
	for _, s := range steps {
		all = append(all, string(s.By)+" "+string(s.Action)+" "+string(s.Status))
	}
	return all
}

// Who did what when, without anybody's words (product.md section 6).
func TestHistory(t *testing.T) {
	w, from, to := twoSlots(t, onRequest(1), wide(1))
	id := w.book(rana(), from)
	w.at(inHours(1)).must(from, w.approve(id, edda().ID))
	w.must(from, w.revise(edda().ID, mentoring.Revision{Title: new("Another title")}))
	w.must(from, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(99))}))
	if _, err := w.attempt(w.move(id, rana().ID, to)); err != nil {
		t.Fatal(err)
	}
	w.at(inHours(2)).must(to, w.cancel(id, egon().ID))
	b := w.present.bookings[id]
	steps := b.HistoryFor(mentoring.Requester, inHours(99))
	want := []string{
		"requester requested requested", "expert approved confirmed", "expert slot_changed confirmed",
		"expert rescheduled confirmed", "requester moved confirmed", "expert cancelled cancelled",
	}
	if diff := cmp.Diff(want, actions(steps)); diff != "" {
		t.Errorf("history (-want +got):\n%s", diff)
	}
	for i, step := range steps {
		if inFrom := step.Slot == from; inFrom != (i < 4) || !inFrom && step.Slot != to {
			t.Errorf("step %d was in %s", i, step.Slot)
		}
	}
	text, err := json.Marshal(steps)
	if err != nil || strings.Contains(string(text), secret) || strings.Contains(string(text), b.Purpose.DesiredOutcome) {
		t.Errorf("the history holds somebody's words: %s, %v", text, err)
	}
	if diff := cmp.Diff(b.History, stored(t, b.History)); diff != "" {
		t.Errorf("history after storage (-want +got):\n%s", diff)
	}
}

// What time alone brought is in the history as soon as it is so.
func TestHistoryOfWhatTimeBrought(t *testing.T) {
	w := newWorld(t, edda(), egon(), rana(), tomasz())
	instant, asked := w.slot(edda(), wide(1)), onRequest(1)
	asked.StartsAt = inHours(120)
	request := w.slot(egon(), asked)
	came, unanswered, waited := w.book(rana(), instant), w.book(tomasz(), request), w.nextBooking()
	w.must(request, w.booking(rana().ID, waited)) // Rana waits
	for _, tc := range []struct {
		name string
		id   mentoring.BookingID
		at   int
		want string
	}{
		{"before the end", came, 96, "requester booked confirmed"},
		{"after the end", came, 97, "system completed completed"},
		{"before the answer was due", unanswered, 47, "requester requested requested"},
		{"after it", unanswered, 48, "system expired expired"},
		{"a wait", waited, 117, "requester waitlisted waitlisted"},
		{"a wait, after the cut-off", waited, 118, "system expired expired"},
	} {
		b := w.present.bookings[tc.id]
		steps := actions(b.HistoryFor(mentoring.Requester, inHours(tc.at)))
		if got := steps[len(steps)-1]; got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

// However often a slot changes, a booking's history stays small, and keeps how it began and how it stands.
func TestHistoryIsBounded(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	id := w.book(rana(), slot)
	for n := range 150 {
		w.must(slot, w.revise(edda().ID, mentoring.Revision{Title: new(strings.Repeat("x", 3+n%2))}))
	}
	w.must(slot, w.cancel(id, rana().ID))
	got := actions(w.present.bookings[id].History)
	if len(got) != 100 || got[0] != "requester booked confirmed" || got[99] != "requester cancelled cancelled" {
		t.Errorf("%d steps, from %s to %s", len(got), got[0], got[len(got)-1])
	}
}

// The order is that of time, whenever the clock came to record what time brought.
func TestHistoryIsInTheOrderOfTime(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	id := w.book(rana(), slot)
	end := w.state(slot).Slot.EndsAt()
	w.at(end)
	if _, err := w.onPapers(id, func(p mentoring.Papers) (mentoring.Changes, error) {
		return mentoring.DecideAttendance(p.Booking, rana().ID, mentoring.Testify{Outcome: mentoring.Held}, w.now)
	}); err != nil {
		t.Fatal(err)
	}
	want := []string{"requester booked confirmed", "system completed completed", "requester attendance completed"}
	for _, when := range []string{"before the clock looked", "after it did"} {
		if diff := cmp.Diff(want, actions(w.present.bookings[id].HistoryFor(mentoring.Expert, w.now))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", when, diff)
		}
		w.at(end.Add(time.Hour)).tend(slot, time.Time{})
	}
}

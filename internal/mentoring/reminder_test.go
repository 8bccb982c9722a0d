package mentoring_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

// reminders are what is told of a wake at a time, as "kind role method", by a sender whose clock is so far off.
func (w *world) reminders(slot mentoring.SlotID, wake time.Time, skew time.Duration) string {
	var told []string
	for _, e := range w.must(slot, w.settle(wake)).Events {
		for _, n := range mentoring.NoticesFor(w.news(e), w.policy, w.now.Add(skew)) {
			told = append(told, strings.TrimSpace(fmt.Sprintf("%s %s %s", n.Kind, n.Role, n.Calendar.Method)))
		}
	}
	slices.Sort(told)
	return strings.Join(told, ", ")
}

const bothDay = "reminder_24h expert REQUEST, reminder_24h requester REQUEST"
const bothHour = "reminder_1h expert, reminder_1h requester"

// Both are reminded a day and an hour before, on time or somewhat late, whatever the clock of whoever sends says; not when
// the next reminder is due, nor once the session has begun (product.md section 10, proof.md R8).
func TestReminders(t *testing.T) {
	const start = 96 // hours from noon
	day, hour := inHours(start-24), inHours(start-1)
	for _, tc := range []struct {
		name string
		wake time.Time
		late time.Duration
		want string
	}{
		{"a day before", day, 0, bothDay},
		{"late", day, 20 * time.Hour, bothDay},
		{"so late that the next is due", day, 23 * time.Hour, ""},
		{"an hour before", hour, 0, bothHour},
		{"late, and not begun", hour, 59 * time.Minute, bothHour},
		{"begun", hour, time.Hour, ""},
		{"woken for something else", day.Add(time.Minute), 0, ""},
	} {
		for _, skew := range []time.Duration{0, -5 * time.Minute} {
			w := newWorld(t, edda(), rana())
			slot := w.slot(edda(), wide(1))
			w.book(rana(), slot)
			if got := w.at(tc.wake.Add(tc.late)).reminders(slot, tc.wake, skew); got != tc.want {
				t.Errorf("%s, with a clock off by %v: %q, want %q", tc.name, skew, got, tc.want)
			}
		}
	}
	t.Log("figure R8: reminders of a day and of an hour, on time and late, by clocks that differ by 5 minutes: once each, none after the start")
}

// Whoever heard of the session within the time of a reminder is not reminded; the others are.
func TestNobodyIsRemindedOfWhatTheyJustHeard(t *testing.T) {
	w := newWorld(t, edda(), rana(), tomasz())
	slot := w.slot(edda(), wide(2))
	w.at(inHours(73)).book(rana(), slot)
	if got := w.reminders(slot, inHours(72), 0); got != "" {
		t.Errorf("told %q", got)
	}
	w = newWorld(t, edda(), rana(), tomasz())
	slot = w.slot(edda(), wide(2))
	w.book(rana(), slot)
	w.at(inHours(73)).book(tomasz(), slot)
	if got := w.reminders(slot, inHours(72), 0); got != bothDay {
		t.Errorf("told %q, want one of the two and the expert", got)
	}
}

// Nobody is reminded of what was cancelled, of a request, or of a time that the session no longer has.
func TestRemindersMindWhatHappened(t *testing.T) {
	day := inHours(72)
	for name, happen := range map[string]func(w *world, slot mentoring.SlotID, id mentoring.BookingID){
		"cancelled":  func(w *world, slot mentoring.SlotID, id mentoring.BookingID) { w.must(slot, w.cancel(id, rana().ID)) },
		"called off": func(w *world, slot mentoring.SlotID, _ mentoring.BookingID) { w.must(slot, w.callOff(edda().ID)) },
		"moved": func(w *world, slot mentoring.SlotID, _ mentoring.BookingID) {
			w.must(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(120))}))
		},
	} {
		w := newWorld(t, edda(), rana())
		slot := w.slot(edda(), wide(1))
		id := w.book(rana(), slot)
		w.at(day.Add(-time.Hour))
		happen(w, slot, id)
		if got := w.at(day).reminders(slot, day, 0); got != "" {
			t.Errorf("%s: told %q", name, got)
		}
	}
	// Announced in time, and moved before anybody was told.
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	w.book(rana(), slot)
	announced := w.at(day).must(slot, w.settle(day)).Events
	w.must(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(120))}))
	for _, e := range announced {
		if told := mentoring.NoticesFor(w.news(e), w.policy, w.now); len(told) > 0 {
			t.Errorf("told of a time that the session no longer has: %+v", told)
		}
	}
}

// A reminder has one name for each time of the session: whatever else changes, it is sent once.
func TestRemindersHaveOneNameForEachTime(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	w.book(rana(), slot)
	names := func() (all []string) {
		for _, e := range w.must(slot, w.settle(inHours(72))).Events {
			for _, n := range mentoring.NoticesFor(w.news(e), w.policy, w.now) {
				all = append(all, n.Name())
			}
		}
		return all
	}
	w.at(inHours(72))
	first := names()
	w.must(slot, w.revise(edda().ID, mentoring.Revision{Title: new("Another title")}))
	if again := names(); len(first) != 2 || !slices.Equal(first, again) {
		t.Errorf("named %q, and after a change %q", first, again)
	}
}

// The expert of a circle is reminded once, whoever comes.
func TestTheExpertOfACircleIsRemindedOnce(t *testing.T) {
	w := newWorld(t, edda(), rana(), tomasz())
	slot := w.slot(edda(), wide(2))
	w.book(rana(), slot)
	w.book(tomasz(), slot)
	want := "reminder_24h expert REQUEST, reminder_24h requester REQUEST, reminder_24h requester REQUEST"
	if got := w.at(inHours(72)).reminders(slot, inHours(72), 0); got != want {
		t.Errorf("told %q, want %q", got, want)
	}
}

// An expert is reminded of a request twelve hours before it runs out, where there is time for that.
func TestRequestsThatExpireSoon(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), onRequest(1))
	id := w.book(rana(), slot)
	if got := w.at(inHours(36)).reminders(slot, inHours(36), 0); got != "request_expiring expert" {
		t.Errorf("told %q", got)
	}
	w.must(slot, w.approve(id, edda().ID))
	if got := w.reminders(slot, inHours(36), 0); got != "" {
		t.Errorf("of a request that was answered: told %q", got)
	}
}

// The wakes of a slot come one after the other, and end with it.
func TestNextWake(t *testing.T) {
	w := newWorld(t, edda())
	slot := w.state(w.slot(edda(), wide(1))).Slot
	var got []time.Duration
	for at, ok := slot.NextWake(noon); ok; at, ok = slot.NextWake(at) {
		got = append(got, slot.StartsAt.Sub(at))
	}
	if want := []time.Duration{24 * time.Hour, 2 * time.Hour, time.Hour, -slot.EndsAt().Sub(slot.StartsAt)}; !slices.Equal(got, want) {
		t.Errorf("wakes %v before the start, want %v", got, want)
	}
	slot.Status = mentoring.SlotCancelled
	if at, ok := slot.NextWake(noon); ok {
		t.Errorf("a cancelled slot is looked at, at %v", at)
	}
}

// A reminder that was announced counts as too late once the session has begun, however late it was announced, and only where
// somebody would have got it.
func TestStaleReminder(t *testing.T) {
	const start = 96 // hours from noon
	day, hour := inHours(start-24), inHours(start-1)
	nothing := func(*world, mentoring.SlotID, mentoring.BookingID) {}
	for name, tc := range map[string]struct {
		wake   time.Time
		late   time.Duration // of the announcement
		happen func(w *world, slot mentoring.SlotID, id mentoring.BookingID)
		now    time.Time
		want   mentoring.NoticeKind
	}{
		"a day before, not begun":   {day, 0, nothing, inHours(start).Add(-time.Second), ""},
		"a day before, begun":       {day, 0, nothing, inHours(start), mentoring.Reminder24h},
		"announced late, begun":     {day, 20 * time.Hour, nothing, inHours(start), mentoring.Reminder24h},
		"an hour before, not begun": {hour, 50 * time.Minute, nothing, inHours(start).Add(-time.Second), ""},
		"an hour before, begun":     {hour, 50 * time.Minute, nothing, inHours(start), mentoring.Reminder1h},
		"cancelled": {day, 0, func(w *world, slot mentoring.SlotID, id mentoring.BookingID) {
			w.must(slot, w.cancel(id, edda().ID))
		}, inHours(start), ""},
		"called off": {day, 0, func(w *world, slot mentoring.SlotID, _ mentoring.BookingID) {
			w.must(slot, w.callOff(edda().ID))
		}, inHours(start), ""},
		"moved": {day, 0, func(w *world, slot mentoring.SlotID, _ mentoring.BookingID) {
			w.must(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(start + 24))}))
		}, inHours(start + 24), ""},
	} {
		w := newWorld(t, edda(), rana())
		slot := w.slot(edda(), wide(1))
		id := w.book(rana(), slot)
		announced := w.at(tc.wake.Add(tc.late)).must(slot, w.settle(tc.wake)).Events
		tc.happen(w, slot, id)
		if len(announced) != 1 {
			t.Fatalf("%s: announced %+v", name, announced)
		}
		if got := w.news(announced[0]).StaleReminder(tc.now); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
	// Who booked within the time of the reminder misses nothing.
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	w.at(day.Add(time.Hour)).book(rana(), slot)
	announced := w.must(slot, w.settle(day)).Events
	if got := w.news(announced[0]).StaleReminder(inHours(start)); announced[0].Kind != mentoring.DayBefore || got != "" {
		t.Errorf("booked since: %q of %s", got, announced[0].Kind)
	}
}

package dispatch_test

import (
	"errors"
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

var wish = mentoring.BookingRequest{
	Purpose:      mentoring.Purpose{Kind: "skill_gap", Question: "How?", DesiredOutcome: "I can read a balance sheet alone."},
	JoinWaitlist: true, NoConflict: true,
}

// slot is one of ada's, so long ahead.
func (w *world) slot(t *testing.T, seats int, approval mentoring.Approval, ahead time.Duration) mentoring.SlotID {
	t.Helper()
	d := mentoring.SlotDraft{
		Title: "Reading a balance sheet", Topic: "finance", Format: mentoring.Circle, Capacity: &seats, Approval: approval,
		StartsAt: w.now.Add(ahead), DurationMinutes: 30,
	}
	if seats == 1 {
		d.Format = mentoring.OneToOne
	}
	view, err := w.desk.Publish(t.Context(), w.ada, d, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return view.Slot.ID
}

func (w *world) books(t *testing.T, c desk.Caller, slot mentoring.SlotID) mentoring.BookingID {
	t.Helper()
	view, err := w.desk.Book(t.Context(), c, slot, wish, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return view.Booking.ID
}

func done[T any](t *testing.T) func(T, error) {
	return func(_ T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
}

// news are the messages since the last time, counted by reader and kind, once the stream has brought all that waits.
func (w *world) news(t *testing.T) map[string]int {
	t.Helper()
	for len(w.due(t)) > 0 {
		if failed := w.streamed(t); failed != nil {
			t.Fatalf("stream records %v were not settled", failed)
		}
	}
	if dead := w.rows(t, "DEAD"); len(dead) > 0 {
		t.Fatalf("parked: %v", dead)
	}
	w.post.mu.Lock()
	defer w.post.mu.Unlock()
	counts := map[string]int{}
	for _, m := range w.post.sent {
		name, _, _ := strings.Cut(m.To, "@")
		counts[name+": "+string(m.Kind)]++
	}
	w.post.sent = nil
	return counts
}

// told fails unless just these were told, each once.
func (w *world) told(t *testing.T, want ...string) {
	t.Helper()
	counts := map[string]int{}
	for _, line := range want {
		counts[line]++
	}
	if diff := cmp.Diff(counts, w.news(t)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// Events of every kind are handled: who must be told is, and what browsing shows follows.
func TestEventsOfEveryKind(t *testing.T) {
	w := open(t, nil)
	ctx := t.Context()
	ben, eve, kim := w.enrolled(t, "ben"), w.enrolled(t, "eve"), w.enrolled(t, "kim")
	slot := w.slot(t, 1, mentoring.OnRequest, 200*time.Hour)
	first := w.books(t, ben, slot)
	w.told(t, "ben: booking_requested", "ada: booking_requested")
	second := w.books(t, eve, slot)
	w.told(t, "eve: waitlisted")
	done[desk.BookingView](t)(w.desk.Decline(ctx, w.ada, first, mentoring.Decline{Reason: mentoring.NotMyArea}, desk.Once{}))
	w.told(t, "ben: booking_declined", "ada: booking_declined", "eve: waitlist_promoted", "ada: booking_requested")
	done[desk.BookingView](t)(w.desk.Approve(ctx, w.ada, second, desk.Once{}))
	w.told(t, "eve: booking_confirmed", "ada: booking_confirmed")
	done[desk.SlotView](t)(w.desk.Revise(ctx, w.ada, slot, mentoring.Revision{StartsAt: new(w.now.Add(210 * time.Hour))}, nil))
	w.told(t, "eve: slot_changed", "ada: slot_changed")
	other := w.slot(t, 2, mentoring.Instant, 300*time.Hour)
	done[desk.BookingView](t)(w.desk.Move(ctx, eve, second, mentoring.Move{To: other}, desk.Once{}))
	w.told(t, "eve: booking_moved", "ada: booking_moved", "ada: booking_moved") // of the slot she left, and of the one she is in
	third := w.books(t, kim, other)
	w.told(t, "kim: booking_confirmed", "ada: booking_confirmed")
	done[desk.BookingView](t)(w.desk.Cancel(ctx, kim, third, mentoring.Cancel{}, desk.Once{}))
	w.told(t, "kim: booking_cancelled", "ada: booking_cancelled")
	e := mentoring.Enrolment{Profile: mentoring.Profile{Name: "Eve", TimeZone: "UTC", DeclaredConflicts: []mentoring.PersonID{w.ada.ID}}}
	done[desk.MeView](t)(w.desk.Enrol(ctx, eve, e, nil))
	w.told(t, "eve: conflict_found")
	done[desk.SlotView](t)(w.desk.Close(ctx, w.ada, other, desk.Once{}))
	w.told(t)
	w.now = w.now.Add(290 * time.Hour)
	done[desk.SlotView](t)(w.desk.CancelSlot(ctx, w.ada, other, mentoring.Cancel{Reason: "I am ill."}, desk.Once{}))
	w.told(t, "eve: booking_cancelled", "ada: booking_cancelled")
	late := w.books(t, kim, w.slot(t, 1, mentoring.Instant, 20*time.Hour))
	w.news(t)
	done[desk.BookingView](t)(w.desk.Cancel(ctx, w.ada, late, mentoring.Cancel{}, desk.Once{}))
	w.told(t, "kim: booking_cancelled", "ada: booking_cancelled", "ada: strike")
	w.tick(t, 18*time.Hour)
	w.told(t, "ada: slot_unfilled")
	w.books(t, kim, w.slot(t, 1, mentoring.Instant, 30*time.Hour))
	w.news(t)
	w.tick(t, 6*time.Hour)
	w.told(t, "kim: reminder_24h", "ada: reminder_24h")
	w.tick(t, 23*time.Hour)
	w.told(t, "kim: reminder_1h", "ada: reminder_1h")
}

// A session of twelve is called off: each of them is told once and the expert once, those who waited too, however often the
// rows come.
func TestAWholeSlotIsCalledOff(t *testing.T) {
	w := open(t, nil)
	slot := w.slot(t, 12, mentoring.Instant, 100*time.Hour)
	want := map[string]int{"ada: booking_cancelled": 1}
	for i := range 15 {
		name := "requester-" + string(rune('a'+i))
		w.books(t, w.enrolled(t, name), slot)
		want[name+": booking_cancelled"] = 1
	}
	w.news(t)
	done[desk.SlotView](t)(w.desk.CancelSlot(t.Context(), w.ada, slot, mentoring.Cancel{}, desk.Once{}))
	rows := stream(w.rows(t, "OUTBOX#"))
	for range 3 {
		done[any](t)(w.Stream(t.Context(), rows))
	}
	if diff := cmp.Diff(want, w.news(t)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	w.tick(t, time.Minute)
	w.tick(t, 100*time.Hour)
	w.told(t)
}

// What time brings about is done once, whether the clock comes on time, late, or twice at the same moment.
func TestWhatTimeBringsIsDoneOnce(t *testing.T) {
	for name, tick := range map[string]func(t *testing.T, w *world){
		"on time": func(t *testing.T, w *world) { w.tick(t, 48*time.Hour) },
		"late":    func(t *testing.T, w *world) { w.tick(t, 80*time.Hour) },
		"twice at once": func(t *testing.T, w *world) {
			w.now = w.now.Add(48 * time.Hour)
			failed := make(chan error)
			for range 2 {
				go func() { failed <- w.Tick(t.Context()) }()
			}
			for range 2 {
				if err := <-failed; err != nil {
					t.Error(err)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, nil)
			ben, eve := w.enrolled(t, "ben"), w.enrolled(t, "eve")
			slot := w.slot(t, 1, mentoring.OnRequest, 200*time.Hour)
			w.books(t, ben, slot)
			w.books(t, eve, slot)
			w.news(t)
			tick(t, w)
			got := w.news(t)
			delete(got, "ada: request_expiring") // which is for before it runs out: a clock that is late leaves it out
			want := map[string]int{"ben: request_expired": 1, "ada: request_expired": 1, "eve: waitlist_promoted": 1, "ada: booking_requested": 1}
			if !maps.Equal(want, got) {
				t.Errorf("told %v, want %v", got, want)
			}
			w.tick(t, time.Minute)
			w.told(t)
		})
	}
}

// A wake that is damaged is dropped and keeps nobody else from what is due; one of a slot that is gone, too.
func TestDamagedWakes(t *testing.T) {
	w := open(t, nil)
	ben := w.enrolled(t, "ben")
	w.books(t, ben, w.slot(t, 1, mentoring.OnRequest, 200*time.Hour))
	w.news(t)
	gone := string(mentoring.NewSlotID([16]byte{9}))
	if err := w.engine.Commit(t.Context(),
		table.Insert(table.Record{Key: table.Key{PK: "DUE#00", SK: "2026-11-02T09:00:00.000Z#x"}, Data: []byte(`{"slot":`)}),
		table.Insert(table.Record{Key: table.Key{PK: "DUE#00", SK: "2026-11-02T09:00:00.000Z#" + gone}, Data: []byte(`{"slot":"` + gone + `","at":"2026-11-02T09:00:00Z"}`)}),
	); err != nil {
		t.Fatal(err)
	}
	w.tick(t, 48*time.Hour)
	w.told(t, "ben: request_expired", "ada: request_expired")
	for _, key := range w.rows(t, "DUE#") {
		if strings.HasPrefix(key.SK, "2026-11-02") {
			t.Errorf("a wake is left: %v", key)
		}
	}
}

// Wakes are spread over shards, and all shards are looked at.
func TestDueShards(t *testing.T) {
	w := open(t, nil)
	w.desk.DueShards, w.Desk.DueShards = 4, 4
	want := map[string]int{}
	for i := range 16 {
		name := "requester-" + string(rune('a'+i))
		w.books(t, w.enrolled(t, name), w.slot(t, 1, mentoring.OnRequest, 200*time.Hour+time.Duration(i)*time.Hour))
		want[name+": request_expired"] = 1
		want["ada: request_expired"]++
	}
	w.news(t)
	shards := map[string]bool{}
	for _, key := range w.rows(t, "DUE#") {
		shards[key.PK] = true
	}
	if len(shards) != 4 {
		t.Errorf("wakes are in %v", shards)
	}
	w.tick(t, 48*time.Hour)
	if diff := cmp.Diff(want, w.news(t)); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// An expert whom many ask on one day hears of the first today and of the others tomorrow; nothing is lost, and nothing is
// given up, however often it is tried meanwhile.
func TestMailsOfADay(t *testing.T) {
	w := open(t, nil)
	most := w.desk.Policy.MailsPerDay
	slots := []mentoring.SlotID{w.slot(t, 12, mentoring.OnRequest, 200*time.Hour), w.slot(t, 12, mentoring.OnRequest, 210*time.Hour)}
	for i := range most + 3 {
		w.books(t, w.enrolled(t, fmt.Sprint("requester-", i)), slots[i/12])
	}
	asked := func() (n int) {
		w.post.mu.Lock()
		defer w.post.mu.Unlock()
		for _, m := range w.post.sent {
			if strings.HasPrefix(m.To, "ada@") && m.Kind == mentoring.BookingRequested {
				n++
			}
		}
		return n
	}
	for range 5 {
		w.tick(t, time.Hour)
	}
	if got := asked(); got != most {
		t.Errorf("ada was asked %d times today, want %d", got, most)
	}
	w.tick(t, 24*time.Hour)
	if got := asked(); got != most+3 {
		t.Errorf("ada was asked %d times by tomorrow, want %d", got, most+3)
	}
	if rows := append(w.rows(t, "OUTBOX#"), w.rows(t, "DEAD")...); len(rows) > 0 {
		t.Errorf("left: %v", rows)
	}
}

// A slot is called off: one of those who were to come is told at the second attempt, not the next day, though a reader of the
// same news whose request nobody had answered has had the mails of the day.
func TestMailsOfADayHoldUpNobodyElse(t *testing.T) {
	w := open(t, nil)
	slot := w.slot(t, 2, mentoring.OnRequest, 200*time.Hour)
	done[desk.BookingView](t)(w.desk.Approve(t.Context(), w.ada, w.books(t, w.enrolled(t, "ben"), slot), desk.Once{}))
	w.books(t, w.enrolled(t, "eve"), slot)
	w.news(t)
	w.Desk.Policy.MailsPerDay = 0 // nobody gets any more that their calendar does not need
	calls := w.post.n
	w.post.fail = func(n int) error {
		if n == calls+1 {
			return errors.New("down for a moment")
		}
		return nil
	}
	done[desk.SlotView](t)(w.desk.CancelSlot(t.Context(), w.ada, slot, mentoring.Cancel{}, desk.Once{}))
	w.streamed(t)
	w.tick(t, 5*time.Minute)
	w.told(t, "ben: booking_cancelled", "ada: booking_cancelled")
	w.Desk.Policy.MailsPerDay = 1
	w.tick(t, 24*time.Hour+time.Minute)
	w.told(t, "eve: booking_cancelled")
}

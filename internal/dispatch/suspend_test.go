package dispatch_test

import (
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// Those who are booked with somebody who is suspended, or are suspended themselves, are told that they may leave, and not why;
// nobody else can book the expert's slots until it is over.
func TestSuspended(t *testing.T) {
	for name, whom := range map[string]func(*world, desk.Caller) desk.Caller{
		"the expert":    func(w *world, _ desk.Caller) desk.Caller { return w.ada },
		"the requester": func(_ *world, ben desk.Caller) desk.Caller { return ben },
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, nil)
			ctx, coordinator := t.Context(), desk.Caller{Coordinator: true}
			ben, eve := w.enrolled(t, "ben"), w.enrolled(t, "eve")
			booking := w.books(t, ben, w.slot(t, 1, mentoring.Instant, 20*time.Hour)) // later than it can be cancelled
			empty := w.slot(t, 1, mentoring.Instant, 40*time.Hour)
			w.news(t)
			until := w.now.Add(10 * time.Hour)
			for range 2 { // told once
				done[mentoring.Person](t)(w.desk.Assign(ctx, coordinator, whom(w, ben).ID, mentoring.Assignment{SuspendedUntil: until}, nil))
				until = until.Add(time.Hour)
			}
			w.told(t, "ben: conflict_found")
			view, err := w.desk.Slot(ctx, eve, empty)
			if want := map[string]mentoring.Code{"the expert": mentoring.ExpertPaused}[name]; err != nil || view.NotBookable != want {
				t.Errorf("the slot is bookable but for %q, want %q: %v", view.NotBookable, want, err)
			}
			w.tick(t, 11*time.Hour)
			w.news(t)
			w.books(t, eve, empty)
			done[desk.BookingView](t)(w.desk.Cancel(ctx, ben, booking, mentoring.Cancel{}, desk.Once{}))
		})
	}
}

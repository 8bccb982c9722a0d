package dispatch_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"flashmentoring/internal/desk"
)

// While two releases live side by side, a row that only the later one can read is left to it, however long that takes: it is
// not put aside, and keeps no other back.
func TestARowOfALaterReleaseWaitsForIt(t *testing.T) {
	const rows = 12
	w := open(t, nil)
	row := poisoned(t, w, rows, `{"s":99,"event":{"kind":"of a later release"},"due":"2026-11-02T08:00:00Z"}`)
	for range 3 {
		_ = w.Tick(t.Context())
		w.now = w.now.Add(24 * time.Hour)
	}
	if sent := len(w.post.sent); sent < 2*(rows-1) {
		t.Errorf("%d mails were sent, want at least those of the other %d rows", sent, rows-1)
	}
	if left := w.rows(t, "OUTBOX#"); !slices.Contains(left, row) || len(w.dead(t)) != 0 {
		t.Errorf("left are %v, put aside %v", left, w.dead(t))
	}
	if err := w.Handle(t.Context(), row); !errors.Is(err, desk.ErrLater) {
		t.Errorf("handling it says %v", err)
	}
}

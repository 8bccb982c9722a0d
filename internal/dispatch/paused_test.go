package dispatch_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"flashmentoring/internal/mail"
)

// calls has so many rows wait through four hours in which the mail service answers each call with an error, and counts
// the calls.
func (w *world) calls(t *testing.T, rows int, answer error) int {
	t.Helper()
	w.rush(t, 2*rows)
	w.post.fail = func(int) error { return answer }
	for range 4 * 6 {
		w.tick(t, 10*time.Minute)
	}
	if len(w.rows(t, "OUTBOX#")) != rows || len(w.post.sent) != 0 {
		t.Fatalf("%d rows wait, %d mails were sent", len(w.rows(t, "OUTBOX#")), len(w.post.sent))
	}
	return w.post.n
}

// While the account is paused, rows are not tried one by one: a message now and then finds out whether it still is. When it
// is not, everybody is told, once.
func TestAPausedAccountIsLeftAlone(t *testing.T) {
	const rows = 24
	w := open(t, nil)
	if n := w.calls(t, rows, fmt.Errorf("%w: SendingPausedException", mail.ErrPaused)); n > 20+rows {
		t.Errorf("%d rows cost %d calls in four hours, want a dozen probes and those under way when it began", rows, n)
	}
	w.post.fail = nil
	for range 3 {
		w.tick(t, time.Hour)
	}
	if n := len(w.copies()); n != 2*rows || len(w.post.sent) != n {
		t.Errorf("%d messages in %d copies, want %d in one each", n, len(w.post.sent), 2*rows)
	}
}

// The control: a failure that is not the account's is found out about row by row.
func TestOtherFailuresAreTriedRowByRow(t *testing.T) {
	const rows = 8
	w := open(t, nil)
	if n := w.calls(t, rows, errors.New("service unavailable")); n < 10*rows {
		t.Errorf("%d rows cost %d calls in four hours", rows, n)
	}
}

// The account is paused between the two mails of one booking. Once it is not, the second one goes: looking after the first,
// which is out, does not use up the probe.
func TestHalfARowDoesNotTakeEveryProbe(t *testing.T) {
	w := open(t, nil)
	w.rush(t, 2)
	w.post.fail = func(n int) error {
		if n == 2 {
			return fmt.Errorf("%w: SendingPausedException", mail.ErrPaused)
		}
		return nil
	}
	for range 5 {
		w.tick(t, 10*time.Minute)
	}
	if n := len(w.copies()); n != 2 || len(w.post.sent) != n {
		t.Errorf("%d messages in %d copies, want 2 in one each", n, len(w.post.sent))
	}
}

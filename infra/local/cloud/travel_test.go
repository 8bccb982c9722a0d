package cloud

import (
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"flashmentoring/internal/sesbox"
)

func startEmpty(t *testing.T) *Cloud {
	t.Helper()
	c, err := Start(t.Context(), Config{DataDir: t.TempDir(), Table: Bolt, Empty: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

// bookOnce has one person publish and another book.
func bookOnce(t *testing.T, c *Cloud) {
	t.Helper()
	ada, ben := Person{Sub: "ada", Email: "ada@example.org"}, Person{Sub: "ben", Email: "ben@example.org"}
	ask := func(who Person, method, path string, body, into any) {
		t.Helper()
		if err := c.as(who, t.Context(), method, path, body, into); err != nil {
			t.Fatal(err)
		}
	}
	for _, p := range []Person{ada, ben} {
		ask(p, http.MethodPut, "/v1/me", map[string]any{"name": p.Sub, "timeZone": "UTC", "acceptGroundRules": true}, nil)
	}
	var slot struct{ ID string }
	ask(ada, http.MethodPost, "/v1/slots", map[string]any{
		"title": "One question", "topic": "career", "durationMinutes": 15,
		"startsAt": c.Now().Add(20 * 24 * time.Hour).Format(time.RFC3339),
	}, &slot)
	ask(ben, http.MethodPost, "/v1/slots/"+slot.ID+"/bookings", map[string]any{
		"purpose":    map[string]any{"kind": "other", "question": "What?", "desiredOutcome": "To know what to do on Monday."},
		"noConflict": true,
	}, nil)
	if err := c.Idle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// On the way ahead everything runs when it is due, not only once at the end: a mail that failed is tried again after
// growing pauses, and goes out between two of the failures that were to come.
func TestAdvanceRunsWhatFallsDueOnTheWay(t *testing.T) {
	c := startEmpty(t)
	c.mailbox.box.Fail(func(n int) sesbox.Failure {
		if n <= 8 {
			return sesbox.Unavailable
		}
		return sesbox.None
	})
	began := c.Now()
	bookOnce(t, c)
	if n := len(c.Mail("")); n != 0 {
		t.Fatalf("%d mails while the service is down", n)
	}
	if _, err := c.Advance(48 * time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{"ada@example.org", "ben@example.org"} {
		mails := c.Mail(address)
		if len(mails) != 1 {
			t.Fatalf("%s has %d mails, want 1", address, len(mails))
		}
		// Four rounds of failures cost minutes, and the stride adds a quarter of an hour to each.
		if after := mails[0].At.Sub(began); after < time.Minute || after > 3*time.Hour {
			t.Errorf("%s is told %v after the booking", address, after)
		}
	}
}

// The clock is kept before it moves: a crash on the way does not turn it back.
func TestClockNeverGoesBack(t *testing.T) {
	dir := t.TempDir()
	s, err := openState(dir)
	if err != nil {
		t.Fatal(err)
	}
	before, err := newClock(s)
	if err != nil {
		t.Fatal(err)
	}
	if err := before.keep(25 * time.Hour); err != nil {
		t.Fatal(err)
	}
	before.forward(time.Hour) // and the program ends here
	if err := s.close(); err != nil {
		t.Fatal(err)
	}
	if s, err = openState(dir); err != nil {
		t.Fatal(err)
	}
	defer s.close()
	after, err := newClock(s)
	if err != nil || after.Ahead() != 25*time.Hour {
		t.Errorf("the clock is %v ahead (%v)", after.Ahead(), err)
	}
}

func TestStateForgets(t *testing.T) {
	s, err := openState(filepath.Join(t.TempDir(), "new", "folder"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	first, err := s.secret("key")
	if err != nil || len(first) < 32 {
		t.Fatalf("secret of %d characters (%v)", len(first), err)
	}
	if again, err := s.secret("key"); again != first || err != nil {
		t.Errorf("the secret changed (%v)", err)
	}
	if err := s.addMail(sesbox.Mail{ID: "1"}); err != nil {
		t.Fatal(err)
	}
	if err := s.forget(); err != nil {
		t.Fatal(err)
	}
	kept, err := mails[sesbox.Mail](s)
	if err != nil || len(kept) != 0 || s.setting("key") != "" {
		t.Errorf("%d mails and the secret %q are remembered (%v)", len(kept), s.setting("key"), err)
	}
}

// Mails come back in their order, also when there are ten and more.
func TestStateKeepsMailsInOrder(t *testing.T) {
	s, err := openState(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	for i := range 300 {
		if err := s.addMail(sesbox.Mail{ID: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := mails[sesbox.Mail](s)
	if err != nil || len(kept) != 300 {
		t.Fatalf("%d mails (%v)", len(kept), err)
	}
	for i, m := range kept {
		if m.ID != fmt.Sprint(i) {
			t.Fatalf("mail %d is %s", i, m.ID)
		}
	}
}

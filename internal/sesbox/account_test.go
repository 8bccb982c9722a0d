package sesbox_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/sesbox"
)

// The account, as the real client reads it.
func TestAccount(t *testing.T) {
	now := noon
	b := sesbox.New(func() time.Time { return now })
	s := sender(t, b)
	read := func() mail.Account {
		t.Helper()
		a, err := s.Account(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	if diff := cmp.Diff(mail.Account{Enabled: true, Rate: 14, Quota: 50_000}, read()); diff != "" {
		t.Errorf("at first (-want +got):\n%s", diff)
	}
	b.Allow(sesbox.Account{Rate: 1, Quota: 2})
	for i, want := range []error{nil, nil, mail.ErrThrottled} {
		if _, err := s.Send(t.Context(), simple("c@d.example", "x")); !errors.Is(err, want) {
			t.Errorf("message %d of a quota of two: %v, want %v", i+1, err, want)
		}
	}
	if diff := cmp.Diff(mail.Account{Enabled: true, Rate: 1, Quota: 2, Sent: 2}, read()); diff != "" {
		t.Errorf("with the quota used up (-want +got):\n%s", diff)
	}
	now = now.Add(24 * time.Hour)
	if sent := read().Sent; sent != 0 {
		t.Errorf("a day later %v count", sent)
	}
	b.Allow(sesbox.Account{Paused: true, Rate: 1, Quota: -1})
	if a := read(); a.Enabled || a.Quota != -1 {
		t.Errorf("paused: %+v", a)
	}
	if _, err := s.Send(t.Context(), simple("c@d.example", "x")); !errors.Is(err, mail.ErrPaused) {
		t.Errorf("paused: %v", err)
	}
	if kept := len(b.Messages("")); kept != 2 {
		t.Errorf("%d messages are kept, want the two the quota allowed", kept)
	}
}

// Some fails about as many as it is told to, in all the ways it is given, and the same ones for the same seed.
func TestSome(t *testing.T) {
	ways := map[sesbox.Failure]int{}
	first, again := sesbox.Some(.5, 1, sesbox.Internal, sesbox.LostReply), sesbox.Some(.5, 1, sesbox.Internal, sesbox.LostReply)
	for n := range 1000 {
		if first(n) != again(n) {
			t.Fatalf("request %d fares differently with the same seed", n)
		}
		ways[first(n)]++
	}
	if ways[sesbox.None] < 400 || ways[sesbox.None] > 600 || ways[sesbox.Internal] < 150 || ways[sesbox.LostReply] < 150 || len(ways) != 3 {
		t.Errorf("of 1000 requests: %v", ways)
	}
}

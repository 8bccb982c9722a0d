package dispatch_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/telemetry"
)

// counted sums up the metrics in a log: mails by kind and fate, and the rest by name.
func counted(t *testing.T, log string) map[string]float64 {
	t.Helper()
	sums := map[string]float64{}
	for line := range strings.Lines(log) {
		var m struct {
			AWS             *struct{} `json:"_aws"`
			Kind, Fate      string
			Mails           float64
			LatenessSeconds float64
			DeadLetters     float64
			Wakes           float64
			ClockLate       float64 `json:"ClockLatenessSeconds"`
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		if m.AWS == nil {
			continue
		}
		if m.Mails != 0 {
			sums[m.Kind+" "+m.Fate] += m.Mails
		}
		if m.DeadLetters != 0 {
			sums["dead letters"] += m.DeadLetters
		}
		if m.Wakes != 0 {
			sums["wakes"] += m.Wakes
			sums["clock late"] += m.ClockLate
		}
		if m.LatenessSeconds != 0 {
			sums["late"] += m.LatenessSeconds
		}
	}
	return sums
}

// Every fate of a mail is counted once, and no line of log or metrics names anybody or anything (proof.md S5).
func TestFatesAreCounted(t *testing.T) {
	var log bytes.Buffer
	w := open(t, nil)
	w.Log = telemetry.NewLogger(&log, slog.LevelDebug)
	w.Metrics = telemetry.NewMetrics(w.Log, "Test", func() time.Time { return w.now })
	step := func(name string, fail error, later time.Duration, want map[string]float64) {
		t.Helper()
		log.Reset()
		w.post.fail = func(int) error { return fail }
		w.tick(t, later)
		if got := counted(t, log.String()); !maps.Equal(got, want) {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		for _, canary := range []string{"@", "ada", "requester-", "bkg_", "slot_", "per_", "balance sheet"} {
			if strings.Contains(log.String(), canary) {
				t.Errorf("%s: the log has %q: %s", name, canary, log.String())
			}
		}
	}
	w.booked(t, 1)
	step("down", errors.New("service unavailable"), time.Minute, map[string]float64{"booking_confirmed put_off": 2})
	step("up again", nil, time.Minute, map[string]float64{"booking_confirmed sent": 2, "late": 240})
	w.booked(t, 1)
	if _, err := w.desk.Suppress(t.Context(), "ada@example.org", desk.Suppression{Reason: desk.SuppressedBounce, At: w.now}); err != nil {
		t.Fatal(err)
	}
	step("one suppressed", errors.New("service unavailable"), time.Minute, map[string]float64{"booking_confirmed suppressed": 1, "booking_confirmed put_off": 1})
	step("the other refused", mail.ErrRefused, time.Hour, map[string]float64{"booking_confirmed refused": 1, "dead letters": 1})
	w.booked(t, 1)
	step("down for long", errors.New("down"), time.Minute, map[string]float64{"booking_confirmed suppressed": 1, "booking_confirmed put_off": 1})
	for range 70 {
		w.tick(t, time.Hour+time.Minute)
	}
	step("given up", errors.New("down"), 2*time.Hour, map[string]float64{"booking_confirmed dead": 1, "dead letters": 1})
}

// Reminders that come too late are not sent, and counted: by the clock that finds it is too late to announce them, and by
// the mailer that finds it is too late to send them.
func TestStaleRemindersAreCounted(t *testing.T) {
	w := open(t, nil)
	ben := w.enrolled(t, "ben")
	w.books(t, ben, w.slot(t, 1, mentoring.Instant, 48*time.Hour))
	w.news(t)
	var log bytes.Buffer
	w.Log = telemetry.NewLogger(&log, slog.LevelDebug)
	w.Metrics = telemetry.NewMetrics(w.Log, "Test", func() time.Time { return w.now })
	down := func(later time.Duration, want map[string]float64) {
		t.Helper()
		log.Reset()
		w.tick(t, later)
		if got := counted(t, log.String()); !maps.Equal(got, want) {
			t.Errorf("%v, want %v", got, want)
		}
	}
	// Nobody looked for 47.5 hours: the reminder of the day before gives way to the one of the hour before, which goes out.
	down(47*time.Hour+30*time.Minute, map[string]float64{
		"reminder_24h stale": 1, "wakes": 3, "clock late": (23.5 + 1.5 + .5) * 3600,
	})
	// It was announced, and the mail service was down until the session began.
	w.now = w.now.Add(time.Hour)
	down(time.Minute, map[string]float64{"reminder_1h stale": 1, "wakes": 1, "clock late": 60}) // the wake is the session's end
	w.told(t)
}

// A reminder that was announced late, and then kept from going out until the session had begun, is counted too; the time of
// the session decides, not that of the announcement.
func TestStaleReminderAnnouncedLate(t *testing.T) {
	w := open(t, nil)
	w.books(t, w.enrolled(t, "ben"), w.slot(t, 1, mentoring.Instant, 48*time.Hour))
	w.news(t)
	w.now = w.now.Add(47*time.Hour + 50*time.Minute) // the clock was down
	w.post.fail = func(int) error { return errors.New("down") }
	w.tick(t, 0) // announces
	w.tick(t, time.Minute)
	var log bytes.Buffer
	w.Log = telemetry.NewLogger(&log, slog.LevelDebug)
	w.Metrics = telemetry.NewMetrics(w.Log, "Test", func() time.Time { return w.now })
	w.post.fail = nil
	w.tick(t, 10*time.Minute)
	if got := counted(t, log.String())["reminder_1h stale"]; got != 1 {
		t.Errorf("counted %v times, want once", got)
	}
	w.told(t)
}

// Where the clock was down until the session was over, both reminders are counted.
func TestStaleRemindersAfterTheSession(t *testing.T) {
	w := open(t, nil)
	w.books(t, w.enrolled(t, "ben"), w.slot(t, 1, mentoring.Instant, 48*time.Hour))
	w.news(t)
	var log bytes.Buffer
	w.Metrics = telemetry.NewMetrics(telemetry.NewLogger(&log, slog.LevelDebug), "Test", func() time.Time { return w.now })
	w.tick(t, 60*time.Hour)
	for _, kind := range []string{"reminder_24h", "reminder_1h"} {
		if got := counted(t, log.String())[kind+" stale"]; got != 1 {
			t.Errorf("%s counted %v times, want once", kind, got)
		}
	}
}

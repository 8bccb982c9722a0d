package dispatch

import (
	"context"
	"errors"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
)

const (
	booking = mentoring.BookingConfirmed
	survey  = mentoring.NoticeKind("survey_pulse") // a nudge
)

// tap is a valve on an account and on clocks that a test moves.
type tap struct {
	*valve
	t       *testing.T
	now     time.Time // the product's
	machine time.Time // which only waiting moves
	says    mail.Account
	silent  error
	asked   int
	start   time.Time
}

func newTap(t *testing.T, says mail.Account) *tap {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	x := &tap{t: t, now: start, machine: start, start: start, says: says}
	x.valve = newValve(Config{
		Desk: desk.New(desk.Config{Now: func() time.Time { return x.now }}),
		Account: func(context.Context) (mail.Account, error) {
			x.asked++
			return x.says, x.silent
		},
		Pace: Pace{
			Now:  func() time.Time { return x.machine },
			Wait: func(_ context.Context, d time.Duration) error { x.machine = x.machine.Add(d); return nil },
		},
	})
	return x
}

// lets reports whether a message goes, and until when it is held otherwise. What goes is answered with an outcome.
func (x *tap) lets(kind mentoring.NoticeKind, outcome error) (until time.Time, ok bool) {
	x.t.Helper()
	probe, err := x.admit(x.t.Context(), kind)
	if h := new(held); errors.As(err, &h) {
		return h.until, false
	}
	if err != nil {
		x.t.Fatal(err)
	}
	x.learn(outcome, probe)
	return time.Time{}, true
}

func (x *tap) must(kind mentoring.NoticeKind, outcome error) {
	x.t.Helper()
	if until, ok := x.lets(kind, outcome); !ok {
		x.t.Fatalf("%s is held until %v", kind, until)
	}
}

// A hundred messages take as long as half the account's rate allows, and the account is asked once.
func TestTheRateIsKept(t *testing.T) {
	x := newTap(t, mail.Account{Enabled: true, Rate: 20, Quota: -1})
	for range 100 {
		x.must(booking, nil)
	}
	if took := x.machine.Sub(x.start); took < 9800*time.Millisecond || took > 10*time.Second {
		t.Errorf("100 messages at 10 a second took %v", took)
	}
	if x.asked != 1 {
		t.Errorf("the account was asked %d times", x.asked)
	}
	x.now = x.now.Add(accountFor)
	x.must(booking, nil)
	if x.asked != 2 {
		t.Errorf("after %v the account was asked %d times", accountFor, x.asked)
	}
}

// The control: without the limit of the account the same messages take no time, so it is the valve that made them wait.
func TestWithoutALimitNothingWaits(t *testing.T) {
	x := newTap(t, mail.Account{Enabled: true, Rate: 1e9, Quota: -1})
	for range 100 {
		x.must(booking, nil)
	}
	if took := x.machine.Sub(x.start); took != 0 {
		t.Errorf("100 messages without a limit took %v", took)
	}
}

// Where the service says that even this is too fast, half as much goes, until the account is asked again.
func TestThrottlingSlowsDown(t *testing.T) {
	x := newTap(t, mail.Account{Enabled: true, Rate: 8, Quota: -1}) // 4 a second
	x.must(booking, mail.ErrThrottled)
	x.must(booking, mail.ErrThrottled) // 1 a second
	before := x.machine
	for range 5 {
		x.must(booking, nil)
	}
	if took := x.machine.Sub(before); took < 4*time.Second {
		t.Errorf("five messages at one a second took %v", took)
	}
	x.now = x.now.Add(accountFor)
	x.must(booking, nil)
	before = x.machine
	for range 8 {
		x.must(booking, nil)
	}
	if took := x.machine.Sub(before); took > 2*time.Second {
		t.Errorf("eight messages at four a second again took %v", took)
	}
	for range 20 {
		x.learn(mail.ErrThrottled, false)
	}
	if got := float64(x.limiter.Limit()); got != slowest {
		t.Errorf("throttled again and again, %v go in a second", got)
	}
}

// The last tenth of a day's quota is for transactional mail, and when that is used up nothing goes until there is more.
func TestTheQuotaIsKept(t *testing.T) {
	x := newTap(t, mail.Account{Enabled: true, Rate: 1e9, Quota: 100, Sent: 85})
	for range 5 {
		x.must(survey, nil)
	}
	if _, ok := x.lets(survey, nil); ok {
		t.Error("a survey takes of what is reserved")
	}
	for range 10 {
		x.must(booking, nil)
	}
	until, ok := x.lets(booking, nil)
	if ok || !until.After(x.now) {
		t.Errorf("the 101st message of a quota of 100: goes %v, held until %v", ok, until)
	}
	x.now, x.says.Sent = until, 50
	x.must(booking, nil)
	x.must(survey, nil)
}

// While messages have to wait for their turn, nudges stand back.
func TestTransactionalMailGoesFirst(t *testing.T) {
	x := newTap(t, mail.Account{Enabled: true, Rate: 2, Quota: -1}) // one a second
	x.must(survey, nil)
	if _, ok := x.lets(survey, nil); ok {
		t.Error("a survey took the turn of a booking's mail")
	}
	x.must(booking, nil)
	x.machine = x.machine.Add(2 * time.Second)
	x.must(survey, nil)
}

// A message whose turn would come too late for the function is held before it is begun.
func TestNoTurnBeyondTheFunctionsTime(t *testing.T) {
	x := newTap(t, mail.Account{Enabled: true, Rate: .2, Quota: -1}) // one in ten seconds
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if _, err := x.admit(ctx, booking); err != nil {
		t.Fatal(err)
	}
	_, err := x.admit(ctx, booking)
	if h := new(held); !errors.As(err, &h) || !errors.Is(err, mail.ErrThrottled) || !h.until.After(x.now) {
		t.Errorf("a turn in ten seconds, with twenty left of which sending takes %v: %v", sendTime, err)
	}
	if x.machine != x.start {
		t.Error("it waited all the same")
	}
}

// Paused, the service is asked less and less often, with one message each time; the first it takes opens the way.
func TestTheBreaker(t *testing.T) {
	x := newTap(t, mail.Account{Enabled: true, Rate: 1e9, Quota: -1})
	x.must(booking, nil)
	x.must(booking, mail.ErrPaused)
	x.learn(mail.ErrPaused, false) // one that was under way
	var pauses []time.Duration
	for range 7 {
		until, ok := x.lets(booking, nil)
		if ok {
			t.Fatal("a message goes although the breaker is open")
		}
		pauses = append(pauses, until.Sub(x.now))
		x.now = until
		x.must(booking, mail.ErrPaused) // the probe
	}
	for i, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		if pauses[i] != want*time.Minute {
			t.Fatalf("open for %v, want 1, 2, 4, 8, 16, 30, 30 minutes", pauses)
		}
	}
	until, _ := x.lets(booking, nil)
	x.now = until
	probe, err := x.admit(t.Context(), booking)
	if err != nil || !probe {
		t.Fatalf("no probe: %v, %v", probe, err)
	}
	if until, ok := x.lets(booking, nil); ok || until.Sub(x.now) != probeEvery {
		t.Errorf("beside the probe a message goes: %v, held for %v", ok, until.Sub(x.now))
	}
	x.learn(mail.ErrRefused, probe) // it looked at the message
	x.must(booking, nil)
	x.must(booking, mail.ErrPaused)
	if until, _ := x.lets(booking, nil); until.Sub(x.now) != firstOpen {
		t.Errorf("opened anew for %v", until.Sub(x.now))
	}
}

// A probe that nobody answered is followed by another.
func TestAProbeThatIsLost(t *testing.T) {
	x := newTap(t, mail.Account{Enabled: true, Rate: 1e9, Quota: -1})
	x.must(booking, mail.ErrPaused)
	x.now = x.now.Add(firstOpen)
	if probe, err := x.admit(t.Context(), booking); err != nil || !probe {
		t.Fatalf("no probe: %v, %v", probe, err)
	}
	x.now = x.now.Add(probeEvery)
	x.must(booking, errors.New("no answer"))
	if _, ok := x.lets(booking, nil); ok {
		t.Error("a probe without an answer opened the way")
	}
	x.now = x.now.Add(probeEvery)
	x.must(booking, nil)
	x.must(booking, nil)
}

// An account that says it may not send is not tried with a message at all, but asked again.
func TestADisabledAccount(t *testing.T) {
	x := newTap(t, mail.Account{})
	until, ok := x.lets(booking, nil)
	if ok || x.asked != 1 {
		t.Fatalf("goes %v, asked %d times", ok, x.asked)
	}
	x.now = until
	if _, ok = x.lets(booking, nil); ok || x.asked != 2 {
		t.Fatalf("goes %v, asked %d times", ok, x.asked)
	}
	x.says = mail.Account{Enabled: true, Rate: 1e9, Quota: -1}
	x.now = x.now.Add(maxOpen)
	x.must(booking, nil)
	x.must(booking, nil)
}

// Without an answer about the account, messages go as every account may send them, and it is asked again soon.
func TestAnAccountThatDoesNotAnswer(t *testing.T) {
	x := newTap(t, mail.Account{})
	x.silent = errors.New("access denied")
	for range 3 {
		x.must(booking, nil)
	}
	if took := x.machine.Sub(x.start); took != 4*time.Second || x.asked != 1 {
		t.Errorf("three messages at one in two seconds took %v, asked %d times", took, x.asked)
	}
	x.now, x.silent, x.says = x.now.Add(accountRetry), nil, mail.Account{Enabled: true, Rate: 1e9, Quota: -1}
	before := x.machine
	x.must(booking, nil)
	x.must(booking, nil)
	if x.machine != before {
		t.Error("what the account allows is not believed")
	}
	x.now, x.silent = x.now.Add(accountFor), errors.New("unavailable")
	x.must(booking, nil)
	if x.known.Rate != 1e9 {
		t.Errorf("without an answer %+v is believed, and not what was known", x.known)
	}
}

package dispatch

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
)

// Pace is the machine's clock, by which messages are spread over time. It is not the product's, which may stand still in
// a test and jump in the local cloud. The zero value is the real one.
type Pace struct {
	Now  func() time.Time
	Wait func(context.Context, time.Duration) error
}

const (
	// share is the part of the account's rate that one process takes: the mailer and the clock may both be sending. Where
	// that is too much, because there are more of them or others use the account, the service says so, and a process
	// slows down (see valve.learn).
	share = 0.5
	// reserve is the part of a day's quota that only transactional mail may use.
	reserve = 0.1
	// accountFor is how long what the account allows is believed, and accountRetry when to ask again after no answer.
	accountFor   = 5 * time.Minute
	accountRetry = time.Minute
	// sendTime is what a message needs from the end of its wait on: an attempt, and recording it.
	sendTime = 12 * time.Second
	// nudgePause is how long a nudge stands back for transactional mail.
	nudgePause = time.Minute
	// slowest is the least a process slows down to, in messages a second.
	slowest = 0.1
)

// unknown is what every account may do, until the service has said more.
var unknown = mail.Account{Enabled: true, Rate: 1, Quota: -1}

// held says that a message was not tried, and from when on it may be.
type held struct {
	until time.Time
	cause error // mail.ErrPaused, mail.ErrThrottled or errTooMany
}

func (h *held) Error() string { return "not tried: " + h.cause.Error() }
func (h *held) Unwrap() error { return h.cause }

// valve lets messages out as the account allows: not while it is paused, no more than its rate and its quota, and
// transactional ones first. It is safe for concurrent use.
type valve struct {
	now     func() time.Time // the product's
	account func(context.Context) (mail.Account, error)
	pace    Pace

	mu      sync.Mutex
	breaker breaker
	known   mail.Account
	askAt   time.Time // when what is known is too old
	sent    float64   // since it was asked
	limiter *rate.Limiter
}

func newValve(c Config) *valve {
	v := &valve{now: c.Desk.Now, account: c.Account, pace: c.Pace, limiter: rate.NewLimiter(0, 1)}
	if v.pace.Now == nil {
		v.pace.Now = time.Now
	}
	if v.pace.Wait == nil {
		v.pace.Wait = wait
	}
	v.believe(unknown)
	return v
}

func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// admit waits until a message of a kind may go, and says whether it is a probe. It returns a [held] where that is not
// now, or not soon enough for what is left of the function's time, or the context's error.
func (v *valve) admit(ctx context.Context, kind mentoring.NoticeKind) (probe bool, err error) {
	delay, probe, err := v.reserve(ctx, kind)
	if err == nil && delay > 0 {
		err = v.pace.Wait(ctx, delay)
	}
	return probe, err
}

// reserve takes a place in the order of messages and returns how long to wait for it.
func (v *valve) reserve(ctx context.Context, kind mentoring.NoticeKind) (delay time.Duration, probe bool, err error) {
	v.mu.Lock() // also while the account is asked: the others need the answer too
	defer v.mu.Unlock()
	now := v.now()
	if v.breaker.blocks(now) {
		return 0, false, &held{v.breaker.until, mail.ErrPaused}
	}
	probe = !v.breaker.closed()
	v.ask(ctx, now)
	switch {
	case !v.known.Enabled:
		v.breaker.open(now, probe)
		return 0, false, &held{v.breaker.until, mail.ErrPaused}
	case v.usedUp(kind):
		return 0, false, &held{now.Add(accountFor), mail.ErrThrottled}
	}
	if delay, err = v.turn(ctx, now, kind); err == nil && probe {
		v.breaker.probe(now)
	}
	return delay, probe, err
}

// ask asks what the account allows, where that is not known, too old, or that it allows nothing. Without an answer what
// was known stays.
func (v *valve) ask(ctx context.Context, now time.Time) {
	if now.Before(v.askAt) && v.known.Enabled {
		return
	}
	account, err := v.account(ctx)
	if err != nil {
		v.askAt = now.Add(accountRetry)
		return
	}
	v.askAt = now.Add(accountFor)
	v.believe(account)
}

func (v *valve) believe(a mail.Account) {
	v.known, v.sent = a, 0
	v.limit(a.Rate * share)
}

func (v *valve) limit(perSecond float64) {
	at := v.pace.Now()
	perSecond = max(perSecond, slowest)
	v.limiter.SetLimitAt(at, rate.Limit(perSecond))
	v.limiter.SetBurstAt(at, max(int(perSecond), 1))
}

// usedUp reports whether the quota has nothing left for a message of a kind.
func (v *valve) usedUp(kind mentoring.NoticeKind) bool {
	if v.known.Quota < 0 {
		return false
	}
	left := v.known.Quota - v.known.Sent - v.sent
	if !kind.Transactional() {
		left -= reserve * v.known.Quota
	}
	return left < 1
}

// turn is how long it is until it is a message's turn. A nudge that would have to wait lets the others pass.
func (v *valve) turn(ctx context.Context, now time.Time, kind mentoring.NoticeKind) (time.Duration, error) {
	at := v.pace.Now()
	place := v.limiter.ReserveN(at, 1)
	delay := place.DelayFrom(at).Truncate(time.Millisecond)
	deadline, limited := ctx.Deadline()
	switch {
	case delay > 0 && !kind.Transactional():
		place.CancelAt(at)
		return 0, &held{now.Add(nudgePause), mail.ErrThrottled}
	case limited && time.Until(deadline)-delay < sendTime:
		place.CancelAt(at)
		return 0, &held{now.Add(delay), mail.ErrThrottled}
	}
	v.sent++
	return delay, nil
}

// unused is told that a message which was let out is not sent after all: it was before, or somebody else does. As a probe it
// would have shown nothing, so the next one is it. Otherwise a row whose first message is out would take every probe, and its
// second one would never go.
func (v *valve) unused(probe bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.sent = max(v.sent-1, 0); probe {
		v.breaker.giveBack(v.now())
	}
}

// learn draws conclusions from what the mail service said of a message.
func (v *valve) learn(err error, probe bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	switch {
	case errors.Is(err, mail.ErrPaused):
		v.breaker.open(v.now(), probe)
	case errors.Is(err, mail.ErrThrottled):
		v.limit(float64(v.limiter.Limit()) / 2) // until the account is asked again
	case err == nil, errors.Is(err, mail.ErrRefused):
		if probe {
			v.breaker.close()
		}
	}
}

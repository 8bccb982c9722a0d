package cloud

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"time"
)

// stride is the least the clock moves at once, where it does not arrive before: what falls due within it is done in order by
// one tick. Where nothing is due for longer, it moves on to what is due next. Deployed, a tick comes every minute; a quarter
// of an hour keeps four hundred days short and is still well inside every deadline of product.md that something must happen
// before.
const stride = 15 * time.Minute

// errClosing says that the local cloud is being stopped.
var errClosing = errors.New("the local cloud is being stopped")

// Advance moves the clock, and on the way lets everything run that becomes due. It returns the time it is then.
func (c *Cloud) Advance(by time.Duration) (time.Time, error) {
	c.travelling.Lock()
	defer c.travelling.Unlock()
	if err := c.clock.keep(by); err != nil {
		return time.Time{}, err
	}
	if err := c.rest(c.life); err != nil {
		return time.Time{}, err
	}
	for left := by; left > 0; {
		step := min(left, c.nextStep())
		left -= step
		c.clock.forward(step)
		c.tick()
		if c.open.Err() != nil {
			return time.Time{}, errClosing
		}
		if err := c.rest(c.life); err != nil {
			return time.Time{}, err
		}
	}
	return c.Now(), nil
}

// nextStep is how far the clock can move at once.
func (c *Cloud) nextStep() time.Duration {
	next, err := c.desk.NextDue(c.life)
	switch {
	case err != nil:
		return stride // and the tick says what is wrong
	case next.IsZero():
		return math.MaxInt64
	}
	return max(stride, next.Sub(c.Now()))
}

// Idle waits until the mailer has nothing more to do.
func (c *Cloud) Idle(ctx context.Context) error { return c.mapping.Idle(ctx) }

// maxRest is how long whoever waits for the mailer waits at most. It takes longer only when something is broken.
const maxRest = time.Minute

// errRestless says that the mailer does not come to an end.
var errRestless = errors.New("the mailer has been busy for a minute, or its stream is broken")

// rest is Idle, but for errors that say what to tell people.
func (c *Cloud) rest(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, maxRest)
	defer cancel()
	switch err := c.Idle(limited); {
	case err == nil:
		return nil
	case c.open.Err() != nil || c.life.Err() != nil:
		return errClosing
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return errRestless
}

// everyMinute is what wakes the clock function in the cloud too (ScheduleExpression in the template).
const everyMinute = time.Minute

// tickOn ticks every minute of real time until the local cloud is stopped.
func (c *Cloud) tickOn() {
	c.tick() // for what was left when the program ended the last time
	ticker := time.NewTicker(everyMinute)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			c.tick()
		case <-c.open.Done():
			return
		}
	}
}

// sweepEvery is how often records that expired are dropped, by the clock here.
const sweepEvery = 24 * time.Hour

// tick wakes the clock function. A tick that failed is not tried again: the next one does the same work.
func (c *Cloud) tick() {
	c.ticking.Lock()
	defer c.ticking.Unlock()
	now := c.Now()
	if _, err := c.functions.clock.invoke(c.life, scheduledEvent(now)); err != nil && c.life.Err() == nil {
		c.log.Error("tick failed", "error", err)
	}
	if now.Sub(c.swept) < sweepEvery {
		return
	}
	c.swept = now
	if err := c.engine.sweep(c.life, now); err != nil && c.life.Err() == nil {
		c.log.Error("sweep failed", "error", err)
	}
}

// scheduledEvent is what EventBridge Scheduler sends where a schedule says nothing else.
func scheduledEvent(now time.Time) []byte {
	text, _ := json.Marshal(map[string]any{ // texts always are JSON
		"version": "0", "id": now.Format("20060102T150405.000000000Z"), "detail-type": "Scheduled Event",
		"source": "aws.scheduler", "account": "123456789012", "time": now.Format(time.RFC3339), "region": "local",
		"resources": []string{"arn:aws:scheduler:local:123456789012:schedule/default/tick"}, "detail": "{}",
	})
	return text
}

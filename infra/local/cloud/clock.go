package cloud

import (
	"fmt"
	"sync/atomic"
	"time"
)

// clock is the one clock of everything here: real time, and how far somebody travelled ahead of it. Nothing else asks
// for the time.
type clock struct {
	offset atomic.Int64 // a time.Duration
	state  *state
}

const clockSetting = "clock"

// newClock goes on from where the clock of the state was.
func newClock(s *state) (*clock, error) {
	c := &clock{state: s}
	kept := s.setting(clockSetting)
	if kept == "" {
		return c, nil
	}
	offset, err := time.ParseDuration(kept)
	if err != nil {
		return nil, fmt.Errorf("the clock that was kept cannot be read: %w", err)
	}
	c.offset.Store(int64(offset))
	return c, nil
}

// Now is the time in the local cloud, in UTC.
func (c *clock) Now() time.Time { return time.Now().UTC().Add(time.Duration(c.offset.Load())) }

// Ahead is how far the clock is ahead of real time.
func (c *clock) Ahead() time.Duration { return time.Duration(c.offset.Load()) }

// keep remembers that the clock is on its way to so much later than now. It comes first: after a crash on the way the
// clock is where it was going, and never goes back.
func (c *clock) keep(by time.Duration) error {
	return c.state.set(clockSetting, (c.Ahead() + by).String())
}

func (c *clock) forward(by time.Duration) { c.offset.Add(int64(by)) }

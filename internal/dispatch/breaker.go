package dispatch

import "time"

const (
	// firstOpen and maxOpen are how long a breaker stays open: longer each time a probe finds nothing changed.
	firstOpen = time.Minute
	maxOpen   = 30 * time.Minute
	// probeEvery is how long the others wait for what becomes of a probe before one of them is the next.
	probeEvery = 30 * time.Second
)

// breaker keeps thousands of rows from trying one after the other what failed for a reason that is the same for all. It
// is closed at first. When it was open for a while, it lets one message through, the probe; what the mail service says of
// that closes it, or opens it for longer.
type breaker struct {
	until  time.Time // when the next probe may go; zero while closed
	period time.Duration
}

// closed reports whether messages go as they come.
func (b *breaker) closed() bool { return b.until.IsZero() }

// blocks reports whether nothing goes at present, not even a probe.
func (b *breaker) blocks(now time.Time) bool { return now.Before(b.until) }

// probe is told that a message goes to see how things are.
func (b *breaker) probe(now time.Time) { b.until = now.Add(probeEvery) }

// giveBack is told that a probe did not go, so that another may at once.
func (b *breaker) giveBack(now time.Time) {
	if !b.closed() {
		b.until = now
	}
}

// open opens it. What fails while it is open already, begun before it opened, does not open it for longer.
func (b *breaker) open(now time.Time, probed bool) {
	if !b.closed() && !probed {
		return
	}
	b.period = min(max(2*b.period, firstOpen), maxOpen)
	b.until = now.Add(b.period)
}

func (b *breaker) close() { *b = breaker{} }

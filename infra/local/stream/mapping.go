package stream

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
)

// Invoke calls a function with an event and returns its answer, both JSON.
type Invoke func(ctx context.Context, event []byte) (answer []byte, err error)

// Mapping delivers the records it is offered to a function. Make one with [NewMapping] and let it [Mapping.Run].
type Mapping struct {
	settings Settings
	invoke   Invoke
	log      *slog.Logger
	pause    time.Duration // before the first retry; doubles with each

	mu      sync.Mutex
	awaited map[string]bool // keys of records that are on their way here
	waiting []events.DynamoDBEventRecord
	busy    bool
	down    bool
	changed chan struct{} // closed, and replaced, when something above changes
}

const firstPause = 100 * time.Millisecond

// NewMapping makes a mapping that is up and has nothing to deliver.
func NewMapping(s Settings, invoke Invoke, log *slog.Logger) *Mapping {
	return &Mapping{
		settings: s, invoke: invoke, log: log, pause: firstPause,
		awaited: map[string]bool{}, changed: make(chan struct{}),
	}
}

// Await says that records are on their way here, so that [Mapping.Idle] waits for them too. It comes before the commit
// that makes them: a stream may be faster than the commit's answer.
func (m *Mapping) Await(records ...events.DynamoDBEventRecord) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range records {
		if m.selected(r) {
			m.awaited[keyOf(r)] = true
		}
	}
}

// Forget takes back what [Mapping.Await] said.
func (m *Mapping) Forget(records ...events.DynamoDBEventRecord) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range records {
		delete(m.awaited, keyOf(r))
	}
	m.wake()
}

// Offer queues those of the records that the filters select. It does not wait.
func (m *Mapping) Offer(records ...events.DynamoDBEventRecord) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range records {
		delete(m.awaited, keyOf(r))
		if m.selected(r) {
			m.waiting = append(m.waiting, r)
		}
	}
	m.wake()
}

func (m *Mapping) selected(r events.DynamoDBEventRecord) bool {
	matches := func(f Filter) bool { return f.Match(r) }
	return len(m.settings.Filters) == 0 || slices.ContainsFunc(m.settings.Filters, matches)
}

// SetDown takes the function down, or brings it back up. What arrives while it is down is given up, as Lambda does
// after the last retry, only sooner.
func (m *Mapping) SetDown(down bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.down = down
	m.wake()
}

// Down reports whether the function is down.
func (m *Mapping) Down() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.down
}

// Idle waits until all that was awaited has come, and all that was offered is delivered or given up. It returns the
// context's error when that ends first.
func (m *Mapping) Idle(ctx context.Context) error {
	for {
		m.mu.Lock()
		idle, changed := len(m.awaited) == 0 && len(m.waiting) == 0 && !m.busy, m.changed
		m.mu.Unlock()
		if idle {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// wake tells everybody who waits for a change. m.mu must be held.
func (m *Mapping) wake() {
	close(m.changed)
	m.changed = make(chan struct{})
}

// Run delivers until the context ends. What waits by then is not delivered.
func (m *Mapping) Run(ctx context.Context) {
	for {
		batch, down, changed := m.take()
		switch {
		case len(batch) == 0:
			select {
			case <-changed:
			case <-ctx.Done():
				return
			}
			continue
		case down:
			m.giveUp(ctx, batch, "the function is down")
		default:
			m.deliver(ctx, batch)
		}
		m.done()
		if ctx.Err() != nil {
			return
		}
	}
}

func (m *Mapping) take() (batch []events.DynamoDBEventRecord, down bool, changed <-chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := min(len(m.waiting), m.settings.BatchSize)
	batch = slices.Clone(m.waiting[:n])
	m.waiting, m.busy = m.waiting[n:], n > 0
	return batch, m.down, m.changed
}

func (m *Mapping) done() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.busy = false
	m.wake()
}

// deliver delivers a batch until nothing of it is left or the retries are used up. Neither halving a batch nor going
// on from a later record counts as a retry.
func (m *Mapping) deliver(ctx context.Context, batch []events.DynamoDBEventRecord) {
	for retry := 0; ; retry++ {
		left, err := m.deliverOnce(ctx, batch)
		switch {
		case len(left) == 0 || ctx.Err() != nil:
			return
		case err != nil && m.settings.Bisect && len(left) > 1:
			half := len(left) / 2
			m.deliver(ctx, left[:half])
			m.deliver(ctx, left[half:])
			return
		case len(left) < len(batch):
			batch, retry = left, 0
		}
		if retry == m.settings.Retries {
			m.giveUp(ctx, batch, "the retries are used up")
			return
		}
		select {
		case <-time.After(m.pause << min(retry, 6)):
		case <-ctx.Done():
		}
	}
}

// deliverOnce invokes the function with a batch and returns what it must get again: all of it after an error, and
// otherwise everything from the first record it could not take.
func (m *Mapping) deliverOnce(
	ctx context.Context, batch []events.DynamoDBEventRecord,
) ([]events.DynamoDBEventRecord, error) {
	event, err := json.Marshal(events.DynamoDBEvent{Records: batch})
	if err != nil {
		return batch, err
	}
	text, err := m.invoke(ctx, event)
	if err != nil {
		m.log.WarnContext(ctx, "stream batch failed", "records", len(batch), "error", err)
		return batch, err
	}
	if !m.settings.Partial {
		return nil, nil
	}
	var answer events.DynamoDBEventResponse
	if err := json.Unmarshal(text, &answer); err != nil {
		return batch, err
	}
	first := len(batch)
	for _, failure := range answer.BatchItemFailures {
		at := slices.IndexFunc(batch, func(r events.DynamoDBEventRecord) bool {
			return r.Change.SequenceNumber == failure.ItemIdentifier
		})
		// An identifier that is none of the batch's fails the whole batch ("Partial batch response").
		first = min(first, max(at, 0))
	}
	return batch[first:], nil
}

func (m *Mapping) giveUp(ctx context.Context, batch []events.DynamoDBEventRecord, why string) {
	m.log.WarnContext(ctx, "stream records given up", "records", len(batch), "reason", why)
}

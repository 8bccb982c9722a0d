package tabletest

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash"
	"hash/fnv"
	"math/rand/v2"
	"sync"

	"flashmentoring/internal/table"
)

// Chances are the probabilities of faults, from 0 to 1: of each commit the first four, 1 at most together;
// of each Get or Query the last.
type Chances struct {
	// Conflict refuses a commit because another one is at one of its records: nothing is applied.
	Conflict float64
	// Throttle refuses a commit for want of capacity for one of its records: nothing is applied.
	Throttle float64
	// Unavailable fails a commit before it reaches the table: nothing is applied, which the caller does
	// not know.
	Unavailable float64
	// LostReply carries out a commit and loses the answer: it may have been applied or refused, which the
	// caller does not know.
	LostReply float64
	// Read fails a Get or a Query.
	Read float64
}

// Injected counts the faults that were injected.
type Injected struct{ Conflicts, Throttles, Unavailable, LostReplies, Reads int }

// Faults is a table that fails now and then. What befalls a call depends only on the seed, on the keys (and
// for writes versions) it names, and on how many such calls came before it: so the same test meets the
// same faults every time, however its goroutines happen to be scheduled.
type Faults struct {
	wrapped table.Table
	seed    uint64
	chances Chances

	mu       sync.Mutex
	calls    map[uint64]uint64 // how often each call came
	injected Injected
}

var _ table.Table = (*Faults)(nil)

// NewFaults wraps a table. It panics when the chances of a commit are more than 1 together.
func NewFaults(wrapped table.Table, seed uint64, chances Chances) *Faults {
	if sum := chances.Conflict + chances.Throttle + chances.Unavailable + chances.LostReply; sum > 1+1e-9 {
		panic(fmt.Sprintf("tabletest: chances of a commit add up to %v", sum))
	}
	return &Faults{wrapped: wrapped, seed: seed, chances: chances, calls: make(map[uint64]uint64)}
}

// Injected is what was injected so far. A test that is about faults should see that there were some.
func (f *Faults) Injected() Injected {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.injected
}

// Get passes the call on or fails with an error that matches [table.ErrUnavailable].
func (f *Faults) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	call := fnv.New64a()
	for _, key := range keys {
		identify(call, "get", key, 0)
	}
	if err := f.failRead(ctx, call); err != nil {
		return nil, err
	}
	return f.wrapped.Get(ctx, keys...)
}

// Query passes the call on or fails with an error that matches [table.ErrUnavailable].
func (f *Faults) Query(ctx context.Context, r table.Range) (table.Page, error) {
	call := fnv.New64a()
	identify(call, "query "+string(r.Index), table.Key{PK: r.PK, SK: r.From + "\x00\x00" + r.To}, int64(r.Limit))
	if err := f.failRead(ctx, call); err != nil {
		return table.Page{}, err
	}
	return f.wrapped.Query(ctx, r)
}

// Commit passes the call on or fails, by the [Chances]. Invalid and empty commits are passed on.
func (f *Faults) Commit(ctx context.Context, writes ...table.Write) error {
	if len(writes) == 0 || table.Validate(writes) != nil || ctx.Err() != nil {
		return f.wrapped.Commit(ctx, writes...)
	}
	call := fnv.New64a()
	for _, write := range writes {
		identify(call, fmt.Sprint("commit ", write.Action, write.If), write.Record.Key, write.Record.Version)
	}
	return f.failCommit(ctx, f.fate(call), writes)
}

// identify adds a part of a call to what the call is known by.
func identify(call hash.Hash64, part string, key table.Key, number int64) {
	for _, text := range []string{part, key.PK, key.SK} {
		_ = binary.Write(call, binary.LittleEndian, int64(len(text)))
		_, _ = call.Write([]byte(text))
	}
	_ = binary.Write(call, binary.LittleEndian, number)
}

// fate is the source of chance for this call and no other.
func (f *Faults) fate(call hash.Hash64) *rand.Rand {
	f.mu.Lock()
	nth := f.calls[call.Sum64()]
	f.calls[call.Sum64()]++
	f.mu.Unlock()
	_ = binary.Write(call, binary.LittleEndian, nth)
	return rand.New(rand.NewPCG(f.seed, call.Sum64()))
}

func (f *Faults) failRead(ctx context.Context, call hash.Hash64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if f.fate(call).Float64() >= f.chances.Read {
		return nil
	}
	f.count(func(i *Injected) { i.Reads++ })
	return fmt.Errorf("%w: injected into a read", table.ErrUnavailable)
}

func (f *Faults) failCommit(ctx context.Context, fate *rand.Rand, writes []table.Write) error {
	drawn := fate.Float64()
	falls := func(chance float64) bool {
		drawn -= chance
		return drawn < 0
	}
	switch {
	case falls(f.chances.Conflict):
		f.count(func(i *Injected) { i.Conflicts++ })
		return refusal(len(writes), fate.IntN(len(writes)), table.Conflict)
	case falls(f.chances.Throttle):
		f.count(func(i *Injected) { i.Throttles++ })
		return refusal(len(writes), fate.IntN(len(writes)), table.Throttled)
	case falls(f.chances.Unavailable):
		f.count(func(i *Injected) { i.Unavailable++ })
		return fmt.Errorf("%w: injected before a commit", table.ErrUnavailable)
	case falls(f.chances.LostReply):
		f.count(func(i *Injected) { i.LostReplies++ })
		_ = f.wrapped.Commit(ctx, writes...)
		return fmt.Errorf("%w: injected after a commit", table.ErrUnavailable)
	default:
		return f.wrapped.Commit(ctx, writes...)
	}
}

func refusal(writes, at int, reason table.Reason) error {
	reasons := make([]table.Reason, writes)
	reasons[at] = reason
	return &table.Refusal{Reasons: reasons}
}

func (f *Faults) count(more func(*Injected)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	more(&f.injected)
}

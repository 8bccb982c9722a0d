package simulation

import (
	"math/rand/v2"
	"sync"
	"time"
)

// lots are all that chance decides, in an order that follows from the seed. Only the goroutine that plays the simulation
// draws from them.
type lots struct{ *rand.Rand }

func newLots(seed, stream uint64) lots { return lots{rand.New(rand.NewPCG(seed, stream))} }

// chance is true with a probability.
func (l lots) chance(p float64) bool { return l.Float64() < p }

// from is one of several things.
func from[T any](l lots, all []T) T { return all[l.IntN(len(all))] }

// noise is the randomness of the product itself: of its ids, its choice among free seats and its waits. Its goroutines
// draw from it, one at a time, because only one of them ever moves.
type noise struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

func newNoise(seed uint64) *noise {
	key := [32]byte{31: 1}
	for i := range 8 {
		key[i] = byte(seed >> (8 * i))
	}
	return &noise{source: rand.NewChaCha8(key)}
}

// Read fills p.
func (n *noise) Read(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.source.Read(p)
}

// part is a random part of a duration, which is more than nothing.
func (n *noise) part(most time.Duration) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Duration(n.source.Uint64() % uint64(most))
}

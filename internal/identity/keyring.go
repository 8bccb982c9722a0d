package identity

import (
	"context"
	"crypto"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	// freshFor is how long keys are used without asking the issuer again. Thus a key that was taken back
	// is forgotten.
	freshFor = time.Hour
	// usableFor is how long keys are used while the issuer cannot be asked. It ends, because whoever keeps
	// us from asking may be the one whose key was taken back.
	usableFor = 24 * time.Hour
	// restWithKeys lies between two readings: tokens with made-up key ids cost the issuer no more than one
	// in this time, and an issuer that hangs holds up few requests. A new key is believed this much later
	// at worst.
	restWithKeys = 15 * time.Second
	// restWithoutKeys is shorter, because until there are keys nobody can come in.
	restWithoutKeys = 2 * time.Second
	// readTimeout bounds one reading, with discovery.
	readTimeout = 3 * time.Second
)

// keyRing remembers the issuer's keys.
type keyRing struct {
	read    func(context.Context) (map[keyName]crypto.PublicKey, error)
	now     func() time.Time
	reading singleflight.Group

	mu      sync.Mutex
	keys    map[keyName]crypto.PublicKey
	readAt  time.Time // when keys were read
	triedAt time.Time // when reading was last begun
	failure error     // of that reading
}

// find is the key of that name; it asks the issuer if need be. Errors match ErrUnauthenticated where there
// is no such key, and ErrUnavailable where that cannot be told.
func (r *keyRing) find(ctx context.Context, name keyName) (crypto.PublicKey, error) {
	if key, fresh := r.remembered(name); fresh {
		return key, nil
	}
	// One reading serves everybody who waits, and goes on if the first of them leaves.
	done := r.reading.DoChan("", func() (any, error) {
		r.refresh(context.WithoutCancel(ctx))
		return nil, nil
	})
	select {
	case <-done:
		return r.settle(name)
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, ctx.Err())
	}
}

func (r *keyRing) remembered(name keyName) (key crypto.PublicKey, fresh bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key, known := r.keys[name]
	return key, known && !over(freshFor, r.readAt, r.now())
}

// refresh reads the keys, unless that was done a moment ago.
func (r *keyRing) refresh(ctx context.Context) {
	if !r.begin() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, readTimeout)
	defer cancel()
	keys, err := r.read(ctx)

	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure = err; err == nil {
		r.keys, r.readAt = keys, r.triedAt
	}
}

func (r *keyRing) begin() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	rest := restWithKeys
	if len(r.keys) == 0 {
		rest = restWithoutKeys
	}
	now := r.now()
	if !over(rest, r.triedAt, now) {
		return false
	}
	r.triedAt = now
	return true
}

// settle answers with what is known after the issuer was asked, or was not to be asked again so soon. Keys
// that could not be renewed serve on for a while.
func (r *keyRing) settle(name keyName) (crypto.PublicKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	key, known := r.keys[name]
	switch {
	case known && !over(usableFor, r.readAt, r.now()):
		return key, nil
	case r.failure != nil:
		return nil, fmt.Errorf("%w: %w", ErrUnavailable, r.failure)
	}
	return nil, refused("the issuer has no such key")
}

// over reports whether the time since then is at least limit, or cannot be told because the clock was set
// back.
func over(limit time.Duration, then, now time.Time) bool {
	age := now.Sub(then)
	return age < 0 || age >= limit
}

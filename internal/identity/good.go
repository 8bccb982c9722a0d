package identity

import (
	"crypto"
	"crypto/sha256"
	"sync"
)

// maxGood is how many tokens a generation of them is: a hundred bytes each.
const maxGood = 4096

// goodSignatures remembers tokens whose signature was found good, and by which key, because checking one is most of what a
// request takes, and whoever sends a request sends the next with the same token. Nothing else of a token is remembered: its
// header and its claims are judged each time, and its key must still be the issuer's. Tokens are known by their hash, so one
// that differs in a bit is another one, and none of them is kept.
//
// They are kept in two generations; when the newer one is full, the older one is forgotten.
type goodSignatures struct {
	mu            sync.Mutex
	recent, older map[[sha256.Size]byte]crypto.PublicKey
}

// has reports whether the token's signature was found good by just this key.
func (g *goodSignatures) has(token [sha256.Size]byte, key crypto.PublicKey) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if by, known := g.recent[token]; known {
		return by == key
	}
	by, known := g.older[token]
	return known && by == key
}

func (g *goodSignatures) add(token [sha256.Size]byte, key crypto.PublicKey) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.recent == nil || len(g.recent) >= maxGood {
		g.older, g.recent = g.recent, map[[sha256.Size]byte]crypto.PublicKey{}
	}
	g.recent[token] = key
}

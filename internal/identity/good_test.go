package identity

import (
	"crypto/ecdsa"
	"crypto/sha256"
	"fmt"
	"testing"
)

func hashOf(n int) [sha256.Size]byte { return sha256.Sum256(fmt.Append(nil, n)) }

// What was found good is remembered for a key and no other, until many came after it, and no more than two generations are.
func TestGoodSignatures(t *testing.T) {
	var g goodSignatures
	ours, theirs := &ecdsa.PublicKey{}, &ecdsa.PublicKey{}
	if g.has(hashOf(0), ours) {
		t.Error("a token is known that never came")
	}
	g.add(hashOf(0), theirs)
	g.add(hashOf(0), ours)
	if !g.has(hashOf(0), ours) || g.has(hashOf(0), theirs) || g.has(hashOf(1), ours) || g.has(hashOf(0), nil) {
		t.Error("not just this token is known, by just this key")
	}
	for n := range 3 * maxGood {
		if g.add(hashOf(n), ours); !g.has(hashOf(n), ours) || !g.has(hashOf(max(n-maxGood+1, 0)), ours) {
			t.Fatalf("token %d, or one of the many before it, is not known", n)
		}
		if kept := len(g.recent) + len(g.older); kept > 2*maxGood {
			t.Fatalf("%d tokens are kept", kept)
		}
	}
	if g.has(hashOf(0), ours) {
		t.Error("a token is never forgotten")
	}
}

package identity_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"flashmentoring/internal/identity"
)

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// lasting is a good token that does not expire while a test moves the clock.
func lasting(kid string, sign signature) string {
	header := goodHeader().with(object{"kid": kid})
	return forge(header.String(), goodClaims().with(object{"exp": noon.AddDate(1, 0, 0).Unix()}).String(), sign)
}

// junk names a key that nobody has.
func junk(number int) string {
	return signedBy(object{"kid": fmt.Sprint("made-up-", number)}, func(string) []byte { return make([]byte, 256) })
}

// check verifies a token and wants that error, or none.
func check(t *testing.T, v *identity.Verifier, what, token string, want error) {
	t.Helper()
	if _, err := v.Verify(t.Context(), token); !errors.Is(err, want) {
		t.Errorf("%s: error is %v, want %v", what, err, want)
	}
}

func TestNewAsksNobody(t *testing.T) {
	i := newIssuer()
	v := verifier(t, i, atNoon)
	if n := i.asked(""); n != 0 {
		t.Errorf("asked %d times by New", n)
	}
	check(t, v, "malformed token", "junk", identity.ErrUnauthenticated)
	check(t, v, "no key id", headed(object{"kid": absent}), identity.ErrUnauthenticated)
	check(t, v, "another algorithm", headed(object{"alg": "HS256"}), identity.ErrUnauthenticated)
	if n := i.asked(""); n != 0 {
		t.Errorf("asked %d times for tokens that name no key of ours", n)
	}
}

func TestFirstUseByManyAsksOnce(t *testing.T) {
	token := good()
	synctest.Test(t, func(t *testing.T) {
		i := newIssuer()
		slowly(i, configurationPath)
		slowly(i, keysPath)
		v := verifier(t, i, atNoon)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { check(t, v, "one of many", token, nil) })
		}
		all.Wait()
		check(t, v, "later", token, nil)
		for _, path := range []string{configurationPath, keysPath} {
			if n := i.asked(path); n != 1 {
				t.Errorf("asked %d times for %s", n, path)
			}
		}
	})
}

// slowly lets a page take a second.
func slowly(i *issuer, path string) {
	page := i.pages[path]
	i.handle(path, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Second)
		page(w, r)
	})
}

// Who gives up gets an answer at once, and does not spoil it for those who wait for the same keys.
func TestWhoLeavesDoesNotStopTheOthers(t *testing.T) {
	token := good()
	synctest.Test(t, func(t *testing.T) {
		i := newIssuer()
		slowly(i, keysPath)
		v := verifier(t, i, atNoon)
		hasty, leave := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer leave()
		var all sync.WaitGroup
		all.Go(func() {
			_, err := v.Verify(hasty, token)
			if !errors.Is(err, identity.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the one who left: %v", err)
			}
		})
		synctest.Wait()
		all.Go(func() { check(t, v, "the one who stayed", token, nil) })
		all.Wait()
		if n := i.asked(keysPath); n != 1 {
			t.Errorf("asked %d times", n)
		}
	})
}

func TestMadeUpKeysDoNotHammerTheIssuer(t *testing.T) {
	i, c := newIssuer(), &clock{at: noon}
	v := verifier(t, i, c.now)
	check(t, v, "good token", good(), nil)
	for n := range 200 {
		check(t, v, "made-up key at once", junk(n), identity.ErrUnauthenticated)
	}
	if n := i.asked(keysPath); n != 1 {
		t.Errorf("asked %d times for keys read a moment ago", n)
	}
	c.move(15 * time.Second)
	for n := range 200 {
		check(t, v, "made-up key later", junk(n), identity.ErrUnauthenticated)
	}
	if n := i.asked(keysPath); n != 2 {
		t.Errorf("asked %d times in all", n)
	}
	if n := i.asked(configurationPath); n != 1 {
		t.Errorf("asked %d times for the configuration", n)
	}
}

func TestRotation(t *testing.T) {
	i, c := newIssuer(rsaJWK("old", &rsaKey().PublicKey)), &clock{at: noon}
	v := verifier(t, i, c.now)
	before, after := lasting("old", rs256(rsaKey())), lasting("new", rs256(otherRSA()))
	check(t, v, "old key", before, nil)
	check(t, v, "new key before it is published", after, identity.ErrUnauthenticated)

	i.publish(rsaJWK("old", &rsaKey().PublicKey), rsaJWK("new", &otherRSA().PublicKey))
	c.move(15 * time.Second)
	check(t, v, "new key", after, nil)
	check(t, v, "old key beside it", before, nil)

	i.publish(rsaJWK("new", &otherRSA().PublicKey))
	c.move(59 * time.Minute)
	check(t, v, "old key, taken back less than an hour ago", before, nil)
	c.move(time.Minute)
	check(t, v, "old key, taken back an hour ago", before, identity.ErrUnauthenticated)
	check(t, v, "new key alone", after, nil)
}

// A token that was good before is judged anew each time: by the clock, and by whether its key is still the issuer's, whatever
// name that has.
func TestATokenIsNotGoodForEver(t *testing.T) {
	i, c := newIssuer(rsaJWK("one", &rsaKey().PublicKey)), &clock{at: noon}
	v := verifier(t, i, c.now)
	token := lasting("one", rs256(rsaKey()))
	brief := signedBy(object{"kid": "one"}, rs256(rsaKey()))
	for range 2 {
		check(t, v, "good", token, nil)
		check(t, v, "good for an hour", brief, nil)
	}
	i.publish(rsaJWK("one", &otherRSA().PublicKey))
	c.move(2 * time.Hour)
	check(t, v, "the name is another key's", token, identity.ErrUnauthenticated)
	i.publish(rsaJWK("one", &rsaKey().PublicKey))
	c.move(time.Hour)
	check(t, v, "the key is back", token, nil)
	check(t, v, "expired", brief, identity.ErrUnauthenticated)
}

func TestKeysServeOnWhileTheIssuerIsDown(t *testing.T) {
	i, c := newIssuer(), &clock{at: noon}
	v := verifier(t, i, c.now)
	token := lasting(rsaKID, rs256(rsaKey()))
	check(t, v, "good token", token, nil)

	mend := i.breakDown()
	c.move(2 * time.Hour)
	for range 10 {
		check(t, v, "known key, issuer down", token, nil)
	}
	if n := i.asked(keysPath); n != 2 {
		t.Errorf("asked %d times, want once before and once since the keys grew old", n)
	}
	check(t, v, "unknown key, issuer down", junk(1), identity.ErrUnavailable)
	c.move(22 * time.Hour)
	check(t, v, "known key, issuer down for a day", token, identity.ErrUnavailable)

	mend()
	c.move(15 * time.Second)
	check(t, v, "known key, issuer up again", token, nil)
}

func TestIssuerDownFromTheStart(t *testing.T) {
	i, c := newIssuer(), &clock{at: noon}
	mend := i.breakDown()
	v := verifier(t, i, c.now)
	for range 10 {
		check(t, v, "issuer down", good(), identity.ErrUnavailable)
	}
	if n := i.asked(""); n != 1 {
		t.Errorf("asked %d times at once", n)
	}
	mend()
	check(t, v, "issuer up, asked a moment ago", good(), identity.ErrUnavailable)
	c.move(2 * time.Second)
	check(t, v, "issuer up", good(), nil)
}

func TestClockSetBack(t *testing.T) {
	i, c := newIssuer(), &clock{at: noon.Add(48 * time.Hour)}
	v := verifier(t, i, c.now)
	check(t, v, "good token", lasting(rsaKID, rs256(rsaKey())), nil)
	c.move(-48 * time.Hour)
	check(t, v, "good token, earlier", lasting(rsaKID, rs256(rsaKey())), nil)
	if n := i.asked(keysPath); n != 2 {
		t.Errorf("asked %d times, want again once the age of keys cannot be told", n)
	}
}

func TestKeysThatMoveAreFound(t *testing.T) {
	i, c := newIssuer(), &clock{at: noon}
	v := verifier(t, i, c.now)
	token := lasting(rsaKID, rs256(rsaKey()))
	check(t, v, "good token", token, nil)
	i.handle(keysPath, http.NotFound)
	i.answer("/moved", object{"keys": []object{rsaJWK(rsaKID, &rsaKey().PublicKey)}}.String())
	i.answer(configurationPath, configuration().with(object{"jwks_uri": "https://issuer.example/moved"}).String())
	c.move(time.Hour)
	check(t, v, "good token, keys gone", token, nil)
	c.move(15 * time.Second)
	check(t, v, "good token, keys elsewhere", token, nil)
	if n := i.asked("/moved"); n != 1 {
		t.Errorf("asked %d times at the new place", n)
	}
}

// Every misbehaviour of the issuer means that tokens cannot be checked, and none of them is believed.
func TestMisbehavingIssuer(t *testing.T) {
	configured := func(changes object) func(*issuer) {
		return func(i *issuer) { i.answer(configurationPath, configuration().with(changes).String()) }
	}
	keys := func(text string) func(*issuer) { return func(i *issuer) { i.answer(keysPath, text) } }
	only := func(jwk object) func(*issuer) { return func(i *issuer) { i.publish(jwk) } }
	elsewhere := func(path string) func(*issuer) {
		return func(i *issuer) {
			page := i.pages[path]
			i.handle("/elsewhere", page)
			i.handle(path, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://elsewhere.example/elsewhere", http.StatusFound)
			})
		}
	}
	ours, ourEC := rsaJWK(rsaKID, &rsaKey().PublicKey), ecJWK(ecKID, &ecKey().PublicKey)
	p384 := must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	for _, test := range []struct {
		name      string
		misbehave func(*issuer)
	}{
		{"no configuration", func(i *issuer) { i.handle(configurationPath, http.NotFound) }},
		{"configuration not JSON", func(i *issuer) { i.answer(configurationPath, "<html>") }},
		{"configuration elsewhere", elsewhere(configurationPath)},
		{"configuration of another issuer", configured(object{"issuer": "https://evil.example"})},
		{"configuration of nobody", configured(object{"issuer": absent})},
		{"keys nowhere", configured(object{"jwks_uri": absent})},
		{"keys in plain text", configured(object{"jwks_uri": "http://issuer.example" + keysPath})},
		{"keys in plain text nearby", configured(object{"jwks_uri": "http://127.0.0.1" + keysPath})},
		{"keys in a file", configured(object{"jwks_uri": "file:///pool/keys"})},
		{"keys at a list of places", configured(object{"jwks_uri": []string{keysURL}})},
		{"an error that looks like keys", func(i *issuer) {
			page := i.pages[keysPath]
			i.handle(keysPath, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(http.StatusInternalServerError)
				page(w, r)
			})
		}},
		{"no keys", func(i *issuer) { i.handle(keysPath, http.NotFound) }},
		{"keys not JSON", keys("<html>")},
		{"keys null", keys("null")},
		{"keys not a list", keys(`{"keys":"none"}`)},
		{"keys empty", keys(`{"keys":[]}`)},
		{"keys elsewhere", elsewhere(keysPath)},
		{"keys without end", keys(`{"keys":[` + ours.String() + `],"x":"` + strings.Repeat("x", 300<<10) + `"}`)},
		{"keys cut off", keys(`{"keys":[` + ours.String())},
		{"only a key for encryption", only(ours.with(object{"use": "enc"}))},
		{"only a key for another algorithm", only(ours.with(object{"alg": "RS512"}))},
		{"only a key without an id", only(ours.with(object{"kid": absent}))},
		{"only a key that is a secret", only(object{"kty": "oct", "kid": rsaKID, "k": "AAAA"})},
		{"only a weak key", only(ours.with(object{"n": b64(string(rsaKey().N.Bytes()[:128]))}))},
		{"only a key of another curve", only(ecJWK(ecKID, &p384.PublicKey).with(object{"alg": absent}))},
		{"only a point off the curve", only(ourEC.with(object{"y": b64(strings.Repeat("\x01", 32))}))},
		{"only a private key", only(ourEC.with(object{"d": b64(string(must(ecKey().Bytes())))}))},
	} {
		t.Run(test.name, func(t *testing.T) {
			i := newIssuer()
			test.misbehave(i)
			v := verifier(t, i, atNoon)
			check(t, v, "RS256", good(), identity.ErrUnavailable)
			check(t, v, "ES256", inES256(), identity.ErrUnavailable)
			if n := i.asked("/elsewhere"); n != 0 {
				t.Errorf("a redirect was followed %d times", n)
			}
		})
	}
}

func TestKeysThatCannotBeUsedAreNoObstacle(t *testing.T) {
	i := newIssuer(
		object{"kty": "XYZ", "kid": "future"},
		object{"kty": "RSA", "kid": "broken", "n": 1},
		object{"kty": "OKP", "kid": "ed", "crv": "Ed448", "x": "AA"},
		rsaJWK(rsaKID, &rsaKey().PublicKey),
	)
	check(t, verifier(t, i, atNoon), "good token", good(), nil)
}

func TestIssuerThatHangsIsGivenUp(t *testing.T) {
	token := good()
	synctest.Test(t, func(t *testing.T) {
		i := newIssuer()
		i.handle(keysPath, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		start := time.Now()
		check(t, verifier(t, i, atNoon), "issuer hangs", token, identity.ErrUnavailable)
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("given up after %s", took)
		}
	})
}

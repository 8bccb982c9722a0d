package identity_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync"
)

const (
	configurationPath = "/pool/.well-known/openid-configuration"
	keysPath          = "/pool/keys"
	keysURL           = "https://issuer.example" + keysPath
)

// issuer answers as an issuer does, counts what it is asked, and can be made to misbehave.
type issuer struct {
	mu     sync.Mutex
	pages  map[string]http.HandlerFunc // by path
	counts map[string]int              // by path
}

// newIssuer publishes the keys; without any, the two that good tokens are signed with.
func newIssuer(keys ...object) *issuer {
	if keys == nil {
		keys = []object{rsaJWK(rsaKID, &rsaKey().PublicKey), ecJWK(ecKID, &ecKey().PublicKey)}
	}
	i := &issuer{pages: map[string]http.HandlerFunc{}, counts: map[string]int{}}
	i.answer(configurationPath, configuration().String())
	i.publish(keys...)
	return i
}

func configuration() object { return object{"issuer": issuerURL, "jwks_uri": keysURL} }

func (i *issuer) publish(keys ...object) { i.answer(keysPath, object{"keys": keys}.String()) }

func (i *issuer) answer(path, text string) {
	i.handle(path, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, text) })
}

func (i *issuer) handle(path string, h http.HandlerFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.pages[path] = h
}

// breakDown makes every answer fail, and gives back what ends that.
func (i *issuer) breakDown() (mend func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	before := maps.Clone(i.pages)
	for path := range i.pages {
		i.pages[path] = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
	}
	return func() {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.pages = before
	}
}

// asked is how often a path was asked for; all of them for the empty path.
func (i *issuer) asked(path string) (n int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for p, count := range i.counts {
		if path == "" || p == path {
			n += count
		}
	}
	return n
}

// client reaches the issuer, whatever host is asked for.
func (i *issuer) client() *http.Client { return &http.Client{Transport: i} }

func (i *issuer) RoundTrip(r *http.Request) (*http.Response, error) {
	i.mu.Lock()
	i.counts[r.URL.Path]++
	page, found := i.pages[r.URL.Path]
	i.mu.Unlock()
	if !found {
		page = http.NotFound
	}
	w := httptest.NewRecorder()
	page(w, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return w.Result(), nil
}

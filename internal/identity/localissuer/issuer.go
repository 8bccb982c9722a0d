// Package localissuer is a small OpenID Connect issuer: it makes a key, publishes the public half and mints
// ID tokens. The local cloud signs people in with it, and tests use it to make tokens.
//
// It believes everybody: whoever can call [Issuer.Mint] can be anybody. No function in the cloud imports
// it. There is no switch either that would make a function trust it: an issuer is trusted by its URL, and
// package identity takes plain http only for hosts that are not on the internet.
//
// A test needs no network for it:
//
//	issuer, err := localissuer.New("https://issuer.example", time.Now)
//	verifier, err := identity.New(identity.Config{
//		Issuer: issuer.URL(), Audience: "flashmentoring", HTTPClient: issuer.Client(), Now: time.Now,
//	})
//	token, err := issuer.Mint(localissuer.Claims{
//		Sub: "anna", Audience: "flashmentoring", Email: "anna@example.org",
//	}, time.Hour)
package localissuer

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// Issuer mints tokens and publishes the keys they are signed with. It is safe for concurrent use.
type Issuer struct {
	url *url.URL
	now func() time.Time
	// path is where the keys are kept; empty if they are not.
	path string

	mu sync.Mutex
	// keys are private: the one that signs, and before the next rotation the one that signed before.
	keys []jose.JSONWebKey
}

// New makes an issuer with a new key, known by the URL: http or https, a host and perhaps a plain path,
// without a slash at the end. The clock dates its tokens.
func New(issuerURL string, now func() time.Time) (*Issuer, error) {
	u, err := url.Parse(issuerURL)
	switch {
	case err != nil:
		return nil, fmt.Errorf("localissuer: %w", err)
	case u.Scheme != "http" && u.Scheme != "https", u.Host == "", u.String() != issuerURL,
		u.RawQuery != "", u.Fragment != "", u.EscapedPath() != u.Path, strings.HasSuffix(u.Path, "/"):
		return nil, fmt.Errorf("localissuer: %q is not the URL of an issuer", issuerURL)
	}
	key, err := newKey()
	if err != nil {
		return nil, err
	}
	return &Issuer{url: u, now: now, keys: []jose.JSONWebKey{key}}, nil
}

// URL is the issuer's name, as in its tokens.
func (i *Issuer) URL() string { return i.url.String() }

// Rotate makes a new key and signs with it from now on. The key before stays published, so that tokens it
// signed are good until they expire, and disappears with the next rotation. Keys of [LoadOrCreate] are
// written to their file first; if that fails, nothing has changed.
func (i *Issuer) Rotate() error {
	key, err := newKey()
	if err != nil {
		return err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	keys := []jose.JSONWebKey{key, i.keys[0]}
	if i.path != "" {
		if err := save(i.path, keys); err != nil {
			return err
		}
	}
	i.keys = keys
	return nil
}

// published is the public half of the keys.
func (i *Issuer) published() jose.JSONWebKeySet {
	i.mu.Lock()
	defer i.mu.Unlock()
	var set jose.JSONWebKeySet
	for _, key := range i.keys {
		set.Keys = append(set.Keys, key.Public())
	}
	return set
}

func (i *Issuer) signingKey() jose.JSONWebKey {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.keys[0]
}

// newKey makes a key for ES256, which takes no time, unlike one for RS256. Its id is its thumbprint (RFC 7638).
func newKey() (jose.JSONWebKey, error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("localissuer: making a key: %w", err)
	}
	key := jose.JSONWebKey{Key: private, Algorithm: string(jose.ES256), Use: "sig"}
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("localissuer: naming a key: %w", err)
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(sum)
	return key, nil
}

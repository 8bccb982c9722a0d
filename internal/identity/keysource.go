package identity

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/json"
)

const (
	// maxAnswer is how much of an issuer's answer is read. Usual ones have a few thousand bytes; longer ones
	// are cut off and thus no JSON.
	maxAnswer = 256 << 10
	// minRSABits is RFC 7518 section 3.3's lower limit. The upper one is go-jose's: 4096.
	minRSABits = 2048
)

// keySource reads an issuer's keys where OpenID Connect Discovery says they are. It is not for concurrent
// use.
type keySource struct {
	issuer  string
	client  http.Client
	keysURL string // once discovered
}

func newKeySource(issuer string, client *http.Client) (*keySource, error) {
	if err := checkURL(issuer, true); err != nil {
		return nil, fmt.Errorf("issuer %w", err)
	}
	if strings.ContainsAny(issuer, "?#") {
		return nil, errors.New("issuer must have neither query nor fragment")
	}
	s := &keySource{issuer: issuer}
	if client != nil {
		s.client = *client
	}
	s.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s, nil
}

// read asks for the keys that may sign, and first, unless it is known, for where they are.
func (s *keySource) read(ctx context.Context) (map[keyName]crypto.PublicKey, error) {
	if s.keysURL == "" {
		if err := s.discover(ctx); err != nil {
			return nil, fmt.Errorf("reading the issuer's configuration: %w", err)
		}
	}
	keys, err := s.readKeys(ctx)
	if err != nil {
		s.keysURL = "" // they may have moved
		return nil, fmt.Errorf("reading the issuer's keys: %w", err)
	}
	return keys, nil
}

// discover follows OpenID Connect Discovery section 4; section 4.3 demands that the answer names the
// issuer that was asked.
func (s *keySource) discover(ctx context.Context) error {
	var configuration struct {
		Issuer  string `json:"issuer"`
		KeysURL string `json:"jwks_uri"`
	}
	address := strings.TrimSuffix(s.issuer, "/") + "/.well-known/openid-configuration"
	if err := s.get(ctx, address, &configuration); err != nil {
		return err
	}
	if configuration.Issuer != s.issuer {
		return errors.New("it is another issuer's")
	}
	plainAllowed := strings.HasPrefix(s.issuer, "http:")
	if err := checkURL(configuration.KeysURL, plainAllowed); err != nil {
		return fmt.Errorf("jwks_uri %w", err)
	}
	s.keysURL = configuration.KeysURL
	return nil
}

// readKeys passes over keys that we cannot use, malformed ones included: an issuer may add kinds of keys
// that we do not know (RFC 7517 section 5). A set without any that we can use is an error.
func (s *keySource) readKeys(ctx context.Context) (map[keyName]crypto.PublicKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := s.get(ctx, s.keysURL, &set); err != nil {
		return nil, err
	}
	keys := map[keyName]crypto.PublicKey{}
	for _, text := range set.Keys {
		var key jose.JSONWebKey
		if json.Unmarshal(text, &key) != nil {
			continue
		}
		if name, usable := nameOf(key); usable {
			keys[name] = key.Key
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("there is none that can be used")
	}
	return keys, nil
}

// nameOf says under which name a key signs tokens, if it may and is strong enough.
func nameOf(key jose.JSONWebKey) (name keyName, usable bool) {
	name.id = key.KeyID
	switch k := key.Key.(type) {
	case *rsa.PublicKey:
		name.algorithm, usable = jose.RS256, k.N.BitLen() >= minRSABits
	case *ecdsa.PublicKey:
		name.algorithm, usable = jose.ES256, k.Curve == elliptic.P256()
	}
	declared := key.Algorithm == "" || key.Algorithm == string(name.algorithm)
	signs := key.Use == "" || key.Use == "sig"
	return name, usable && declared && signs && name.id != ""
}

// get reads a JSON answer into v. Its errors name the address and nothing that was answered.
func (s *keySource) get(ctx context.Context, address string, v any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	resp, err := s.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers with status %d", address, resp.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return fmt.Errorf("%s: %w", address, err)
	}
	if json.Unmarshal(text, v) != nil {
		return fmt.Errorf("%s answers with something else than the JSON expected", address)
	}
	return nil
}

// checkURL wants a complete address whose answers can be trusted: https or, where plain is allowed, http to
// a host that is not on the internet.
func checkURL(address string, plainAllowed bool) error {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Hostname() == "" || u.User != nil:
		return errors.New("must be a complete URL, without a user name in it")
	case u.Scheme != "https" && !(plainAllowed && u.Scheme == "http" && offInternet(u.Hostname())):
		return errors.New("must begin with https")
	}
	return nil
}

func offInternet(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback() || ip.IsPrivate()
	}
	return host == "localhost" || host == "host.docker.internal"
}

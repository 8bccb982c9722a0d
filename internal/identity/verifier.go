package identity

import (
	"context"
	"crypto"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-jose/go-jose/v4/jwt"
)

// Errors of this package; use [errors.Is]. Their texts say which rule was broken and are for logs, never
// for clients. They hold nothing that came with the request.
var (
	// ErrUnauthenticated is matched where there is no token or a token that must not be believed.
	ErrUnauthenticated = errors.New("unauthenticated")
	// ErrEmailNotVerified is matched where everything else is right, but the issuer does not vouch for an
	// address we could write to.
	ErrEmailNotVerified = errors.New("no verified e-mail address")
	// ErrUnavailable is matched where a token could not be checked, because the issuer's keys could not
	// be read or the context ended meanwhile. Trying again later may help.
	ErrUnavailable = errors.New("issuer's keys unavailable")
)

// Principal is the person a token speaks of.
type Principal struct {
	Issuer  string // exactly as configured
	Subject string // 1 to 255 printable ASCII characters; with Issuer, it names the person for good
	// Email is verified by the issuer and fit for mail: a plain address (local@domain, no display name,
	// no quotes, no comments) of printable ASCII, at most 254 characters. Its domain is in lower case,
	// because domains are compared; the local part is as the issuer gave it, because only the receiving
	// server may interpret it (RFC 5321 section 2.4).
	Email string
	// Name may be empty. It is one line of at most 100 characters without control and bidi characters.
	Name string
	// Coordinator tells whether the issuer counts the person among the group "coordinators".
	Coordinator bool
}

// Config says whose tokens to believe. All fields but HTTPClient are required.
type Config struct {
	// Issuer is the URL that names the issuer, exactly as in its tokens: with Cognito
	// https://cognito-idp.<region>.amazonaws.com/<pool id>. It must be https; http is taken only for hosts
	// that cannot be on the internet: localhost, host.docker.internal, loopback and private addresses.
	Issuer string
	// Audience is the client id that tokens must be meant for.
	Audience string
	// HTTPClient reads the issuer's configuration and keys. Redirects are not followed. The default uses
	// [http.DefaultTransport].
	HTTPClient *http.Client
	// Now is the clock that tokens and keys age by.
	Now func() time.Time
}

// Verifier checks tokens of one issuer. It is safe for concurrent use; make one per process, because it
// remembers the issuer's keys.
type Verifier struct {
	issuer   string
	audience string
	now      func() time.Time
	keys     *keyRing
	good     goodSignatures
}

// New checks the configuration, and names all mistakes at once. It does no network I/O: the issuer is
// asked when the first token comes, so that a process starts quickly and starts even if the issuer is down.
func New(c Config) (*Verifier, error) {
	var mistakes []error
	source, err := newKeySource(c.Issuer, c.HTTPClient)
	if err != nil {
		mistakes = append(mistakes, err)
	}
	if c.Audience == "" {
		mistakes = append(mistakes, errors.New("audience is missing"))
	}
	if c.Now == nil {
		mistakes = append(mistakes, errors.New("clock is missing"))
	}
	if len(mistakes) > 0 {
		return nil, fmt.Errorf("identity: %w", errors.Join(mistakes...))
	}
	return &Verifier{issuer: c.Issuer, audience: c.Audience, now: c.Now, keys: &keyRing{read: source.read, now: c.Now}}, nil
}

// Verify tells who the token speaks of. Errors match [ErrUnauthenticated], [ErrEmailNotVerified] or
// [ErrUnavailable].
//
// The first call asks the issuer for its keys and may take up to three seconds; later ones ask again about
// once an hour, or when a token names a key that is not known.
func (v *Verifier) Verify(ctx context.Context, token string) (Principal, error) {
	signed, name, err := parse(token)
	if err != nil {
		return Principal{}, err
	}
	key, err := v.keys.find(ctx, name)
	if err != nil {
		return Principal{}, err
	}
	c, err := v.claimsOf(token, signed, key)
	if err != nil {
		return Principal{}, refused("the signature does not fit, or the claims are not of their types")
	}
	if err := c.check(v.issuer, v.audience, v.now()); err != nil {
		return Principal{}, err
	}
	return c.principal()
}

// claimsOf are the claims of a token whose signature by the key is good, as was found just now or before.
func (v *Verifier) claimsOf(token string, signed *jwt.JSONWebToken, key crypto.PublicKey) (c claims, err error) {
	sum := sha256.Sum256([]byte(token))
	if v.good.has(sum, key) {
		err = signed.UnsafeClaimsWithoutVerification(&c)
		return c, err
	}
	if err = signed.Claims(key, &c); err == nil {
		v.good.add(sum, key)
	}
	return c, err
}

// refused is an error that matches ErrUnauthenticated. The reason is fixed text: what libraries say about
// a token quotes from it.
func refused(reason string) error {
	return fmt.Errorf("%w: %s", ErrUnauthenticated, reason)
}

package links

import (
	"crypto/hkdf"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Key signs links.
type Key struct {
	ID     string // 1 to 16 letters, digits and - _
	Secret []byte // 32 bytes or more
}

const (
	maxKeyID  = 16
	minSecret = 32
	// derivation makes a key of its own for links out of a secret, so that nothing else that is ever signed with the same
	// secret passes for one. Another form of token gets another number.
	derivation = "flashmentoring mail link 1"
)

// signingKey is a key, derived.
type signingKey struct {
	id  string
	mac []byte
}

// Signer makes and reads links. It holds no state and is safe for concurrent use.
type Signer struct {
	base string
	keys []signingKey // the first signs, all are accepted
}

// New makes a signer for pages at base, "https://flash.example.org" without a path, or "" for a signer whose addresses
// begin with their path. The first key signs, and all are accepted. Its error says what is wrong with the base or a key.
func New(base string, keys ...Key) (*Signer, error) {
	if len(keys) == 0 {
		return nil, errors.New("links: no key")
	}
	if u, err := url.Parse(base); base != "" && (err != nil || u.Scheme+"://"+u.Host != base || u.Hostname() == "") {
		return nil, fmt.Errorf("links: %q is not the address of a site", base)
	}
	s := &Signer{base: base}
	for _, k := range keys {
		switch {
		case !keyID(k.ID):
			return nil, fmt.Errorf("links: %q is not the id of a key", k.ID)
		case s.key(k.ID) != nil:
			return nil, fmt.Errorf("links: two keys are called %s", k.ID)
		case len(k.Secret) < minSecret:
			return nil, fmt.Errorf("links: the secret of key %s is shorter than %d bytes", k.ID, minSecret)
		}
		mac, err := hkdf.Key(sha256.New, k.Secret, nil, derivation, sha256.Size)
		if err != nil {
			return nil, fmt.Errorf("links: key %s: %w", k.ID, err)
		}
		s.keys = append(s.keys, signingKey{k.ID, mac})
	}
	return s, nil
}

// Address is the address of a link's page, token included. It returns [ErrLink].
func (s *Signer) Address(l Link) (string, error) {
	token, err := s.Sign(l)
	if err != nil {
		return "", err
	}
	return s.base + strings.Replace(kinds[l.Purpose].path, "*", token, 1), nil
}

// Manage is the address where a person sees and cancels one of their bookings. The generation is how often the booking
// was moved. It returns [ErrLink] where an id is none.
func (s *Signer) Manage(person, booking string, generation int64, expires time.Time) (string, error) {
	return s.Address(Link{Manage, person, booking, generation, expires})
}

// Survey is the address where a person answers the survey about one of their bookings; otherwise as [Signer.Manage].
func (s *Signer) Survey(person, booking string, generation int64, expires time.Time) (string, error) {
	return s.Address(Link{Survey, person, booking, generation, expires})
}

// Outcome is the address where a requester says what became of one of their sessions; otherwise as [Signer.Manage].
func (s *Signer) Outcome(person, booking string, generation int64, expires time.Time) (string, error) {
	return s.Address(Link{Outcome, person, booking, generation, expires})
}

// Unsubscribe is the address where a person stops surveys and nudges, in one click (RFC 8058) or on a page. It returns
// [ErrLink] where the id is none.
func (s *Signer) Unsubscribe(person string, expires time.Time) (string, error) {
	return s.Address(Link{Purpose: Unsubscribe, Person: person, Expires: expires})
}

// Feed is the address of a person's sessions, for calendar programs. The generation is how often the person changed it.
// It returns [ErrLink] where the id is none.
func (s *Signer) Feed(person string, generation int64, expires time.Time) (string, error) {
	return s.Address(Link{Purpose: Feed, Person: person, Generation: generation, Expires: expires})
}

func (s *Signer) key(id string) *signingKey {
	for i := range s.keys {
		if s.keys[i].id == id {
			return &s.keys[i]
		}
	}
	return nil
}

func keyID(id string) bool {
	odd := strings.ContainsFunc(id, func(r rune) bool {
		letter, digit := 'a' <= r|0x20 && r|0x20 <= 'z', '0' <= r && r <= '9'
		return !letter && !digit && r != '-' && r != '_'
	})
	return !odd && 1 <= len(id) && len(id) <= maxKeyID
}

// Package links makes and reads the addresses that mails send people to, who come without signing in.
//
// Whoever holds the address may do what it is for, and nothing else, so each carries a signed token: for one [Purpose],
// one person and, where the purpose is about one, one booking, until a time. A token cannot be told from another by
// trying: it ends in an HMAC-SHA256 of all the rest, cut to 128 bits (RFC 2104 section 5 allows half), under a key that is
// derived for this use alone.
//
// A token also has a generation. Whoever reads it compares that with what it is now, of the booking or of the person, and
// refuses an older one: so links rotate where that is needed, without anything being kept of those that are out.
//
// Keys have ids, and a token says which one signed it. To change keys, put the new one first, and drop the old one when
// what it signed has run out.
//
// # The token
//
// 56 bytes for a booking with a key id of one letter, as 75 characters of unpadded base64url:
//
//	purpose     1 byte
//	key id      1 byte of length, and its letters
//	expiry      4 bytes, seconds since 1970
//	generation  a varint, mostly 1 byte
//	person      16 bytes, what the id stands for
//	booking     16 bytes, where the purpose is about one
//	mac         16 bytes
//
// No secret is in it: it can be read by anybody, and names a person only by an id that says nothing.
package links

import (
	"errors"
	"math"
	"time"
)

// Purpose is what a link is for.
type Purpose byte

// The purposes. Their numbers are in links that are out: never change or reuse one.
const (
	Manage      Purpose = 1 // see a booking, cancel it, raise a concern about it, block the other side
	Survey      Purpose = 2 // answer the survey about a booking
	Unsubscribe Purpose = 3 // stop surveys and nudges
	Feed        Purpose = 4 // subscribe to one's sessions
	Outcome     Purpose = 5 // say what became of a session
)

// kind is what belongs to a purpose.
type kind struct {
	booking bool   // it is about one
	path    string // of the page, around the token
}

var kinds = map[Purpose]kind{
	Manage:      {true, "/manage/*"},
	Survey:      {true, "/survey/*"},
	Unsubscribe: {false, "/unsubscribe/*"},
	Feed:        {false, "/calendar/*/sessions.ics"},
	Outcome:     {true, "/outcome/*"},
}

// Link is what a token says.
type Link struct {
	Purpose    Purpose
	Person     string // id of who may use it
	Booking    string // id, with [Manage], [Survey] and [Outcome], and only there
	Generation int64
	Expires    time.Time // from then on it is of no use; to the second
}

var (
	// ErrInvalid says that a token is none, or not one of ours, or that its key is gone.
	ErrInvalid = errors.New("links: invalid")
	// ErrPurpose says that a token is ours, and for something else.
	ErrPurpose = errors.New("links: for another purpose")
	// ErrExpired says that a token was good and has run out.
	ErrExpired = errors.New("links: expired")
	// ErrLink says that a link cannot be made, being about nobody or nothing, or about too much. It does not go away by
	// trying again.
	ErrLink = errors.New("links: cannot be made")
)

// check returns [ErrLink] for what no token can say.
func (l Link) check() error {
	k, known := kinds[l.Purpose]
	seconds := l.Expires.Unix()
	if !known || k.booking == (l.Booking == "") || l.Generation < 0 || seconds < 0 || seconds > math.MaxUint32 {
		return ErrLink
	}
	return nil
}

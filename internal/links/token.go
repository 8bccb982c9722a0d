package links

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// macSize is what is kept of the HMAC.
const macSize = 16

var encoding = base64.RawURLEncoding

// Sign makes the token of a link, with the first key. The same link gives the same token. It returns [ErrLink].
func (s *Signer) Sign(l Link) (string, error) {
	if err := l.check(); err != nil {
		return "", err
	}
	key := s.keys[0]
	token := make([]byte, 0, 80)
	token = append(token, byte(l.Purpose), byte(len(key.id)))
	token = append(token, key.id...)
	token = binary.BigEndian.AppendUint32(token, uint32(l.Expires.Unix()))
	token = binary.AppendUvarint(token, uint64(l.Generation))
	token, err := packed(token, personPrefix, l.Person)
	if err == nil && l.Booking != "" {
		token, err = packed(token, bookingPrefix, l.Booking)
	}
	if err != nil {
		return "", err
	}
	return encoding.EncodeToString(key.sign(token, token)), nil
}

// Open reads a token that is to be for a purpose. It returns [ErrInvalid], [ErrPurpose] or [ErrExpired]; with the last two
// the token is one of ours. Whether its generation is the present one is for the caller to see.
func (s *Signer) Open(token string, purpose Purpose, now time.Time) (Link, error) {
	l, err := s.read(token)
	switch {
	case err != nil:
		return Link{}, err
	case l.Purpose != purpose:
		return Link{}, ErrPurpose
	case !now.Before(l.Expires):
		return Link{}, ErrExpired
	}
	return l, nil
}

// read returns what an authentic token says, and [ErrInvalid] for every other. Nothing of a token is looked at before its
// signature but what is needed to check that.
func (s *Signer) read(token string) (Link, error) {
	// The decoder skips line ends, and each token is to have one form only.
	signed, err := encoding.Strict().DecodeString(token)
	if err != nil || encoding.EncodedLen(len(signed)) != len(token) || len(signed) < 2+macSize {
		return Link{}, ErrInvalid
	}
	body, mac := signed[:len(signed)-macSize], signed[len(signed)-macSize:]
	length := 2 + int(body[1])
	if length > len(body) {
		return Link{}, ErrInvalid
	}
	key := s.key(string(body[2:length]))
	if key == nil || !hmac.Equal(mac, key.sign(nil, body)) {
		return Link{}, ErrInvalid
	}
	return said(Purpose(body[0]), body[length:])
}

// said reads what follows the key id. It was signed, so it is of the form that Sign gave it, or that a version of Sign gave
// it which this one does not know.
func said(purpose Purpose, body []byte) (Link, error) {
	k, known := kinds[purpose]
	if !known || len(body) < 4 {
		return Link{}, ErrInvalid
	}
	l := Link{Purpose: purpose, Expires: time.Unix(int64(binary.BigEndian.Uint32(body)), 0).UTC()}
	generation, n := binary.Uvarint(body[4:])
	size := idSize
	if k.booking {
		size += idSize
	}
	if n <= 0 || int64(generation) < 0 || len(body) != 4+n+size {
		return Link{}, ErrInvalid
	}
	l.Generation = int64(generation)
	ids := body[4+n:]
	l.Person = unpacked(personPrefix, ids[:idSize])
	if k.booking {
		l.Booking = unpacked(bookingPrefix, ids[idSize:])
	}
	return l, nil
}

// sign appends the signature of a body.
func (k signingKey) sign(to, body []byte) []byte {
	mac := hmac.New(sha256.New, k.mac)
	mac.Write(body)
	var sum [sha256.Size]byte
	return append(to, mac.Sum(sum[:0])[:macSize]...)
}

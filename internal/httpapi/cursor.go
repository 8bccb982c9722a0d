package httpapi

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"flashmentoring/internal/mentoring"
)

// cursorSeal makes cursors: the place a list goes on from, encrypted and bound to the caller and the query. It is
// encrypted, not only signed, because the place names the last slot that was looked at, which may be one that does not
// exist for the caller (product.md section 8).
type cursorSeal struct{ cipher.AEAD }

const minCursorKey = 16 // bytes

func newCursorSeal(secret []byte) cursorSeal {
	if len(secret) < minCursorKey {
		panic("httpapi: the cursor key is shorter than 16 bytes")
	}
	key, err := hkdf.Key(sha256.New, secret, nil, "flashmentoring list cursor 1", 32)
	if err != nil {
		panic("httpapi: " + err.Error()) // only for lengths far greater
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("httpapi: " + err.Error()) // only for other key sizes
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("httpapi: " + err.Error()) // only for other ciphers
	}
	return cursorSeal{aead}
}

// seal makes a cursor of a place, or nothing of none. belongsTo says to whom and what the cursor belongs.
func (s cursorSeal) seal(place string, belongsTo []byte) string {
	if place == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(s.Seal(nil, nil, []byte(place), belongsTo))
}

// open returns the place of a cursor, none for none. It refuses with [mentoring.CursorInvalid] what seal did not make
// for the same belongsTo.
func (s cursorSeal) open(cursor string, belongsTo []byte) (place string, err error) {
	if cursor == "" {
		return "", nil
	}
	var opened []byte
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err == nil {
		opened, err = s.Open(nil, nil, sealed, belongsTo)
	}
	if err != nil || strings.ContainsAny(cursor, "\r\n") { // which the decoder skips
		return "", refuse(mentoring.CursorInvalid,
			"This cursor does not belong to you and this query. Begin at the first page, without a cursor.")
	}
	return string(opened), nil
}

package httpapi

import (
	"crypto/sha256"
	"encoding/binary"
	"io"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

const maxKey = 255 // characters of an Idempotency-Key

// once reads the Idempotency-Key header (product.md section 2). A request without one may have its effect twice.
// What the path names is as much a part of the request as its body.
func (in *input) once(c *call) desk.Once {
	keys := in.Header.Values("Idempotency-Key")
	if len(keys) == 0 {
		return desk.Once{}
	}
	if len(keys) > 1 || !validKey(keys[0]) {
		in.add("/header/Idempotency-Key", mentoring.BadFormat,
			"Must be given once, as 1 to %d printable ASCII characters.", maxKey)
	}
	return desk.Once{Route: c.route.String(), Key: keys[0], Body: fingerprint(in.URL.Path, string(in.text))}
}

func validKey(key string) bool {
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return false
		}
	}
	return key != "" && len(key) <= maxKey
}

// fingerprint is a hash of several texts that tells them apart: each is preceded by its length.
func fingerprint(texts ...string) (sum [sha256.Size]byte) {
	h := sha256.New()
	for _, t := range texts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(t))))
		io.WriteString(h, t)
	}
	h.Sum(sum[:0])
	return sum
}

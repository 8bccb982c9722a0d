package links

import (
	"encoding/base32"
	"strings"
)

// Ids are a prefix and 128 bits in lower-case base32 (product.md section 2). A token holds the bits.
const (
	personPrefix  = "per_"
	bookingPrefix = "bkg_"
	idSize        = 16
)

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// packed appends the bits of an id. It returns [ErrLink] for what is no such id.
func packed(token []byte, prefix, id string) ([]byte, error) {
	text, ok := strings.CutPrefix(id, prefix)
	if !ok || len(text) != idEncoding.EncodedLen(idSize) {
		return nil, ErrLink
	}
	bits, err := idEncoding.DecodeString(text)
	if err != nil || unpacked(prefix, bits) != id { // the decoder skips line ends and spare bits
		return nil, ErrLink
	}
	return append(token, bits...), nil
}

func unpacked(prefix string, bits []byte) string { return prefix + idEncoding.EncodeToString(bits) }

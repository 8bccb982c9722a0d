package desk

import (
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// Ids of what is listed by time are 128 bits like all others: when it was made, which orders the list, and 80 that are random.
// Its place is the same bits in hex, whose order is that of time.

var timedEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// timedID is a new id.
func (d *Desk) timedID(prefix string) string {
	var bits [16]byte
	binary.BigEndian.PutUint64(bits[:], uint64(d.Now().UnixMilli())<<16)
	random := d.random()
	copy(bits[6:], random[:])
	return prefix + timedEncoding.EncodeToString(bits[:])
}

// timedPlace is where something lies. It reports whether the id has the form of one.
func timedPlace(prefix, id string) (string, bool) {
	body, ok := strings.CutPrefix(id, prefix)
	bits, err := timedEncoding.DecodeString(body)
	if !ok || err != nil || len(bits) != 16 || timedEncoding.EncodeToString(bits) != body {
		return "", false
	}
	return hex.EncodeToString(bits), true
}

// timedAt is the id of what lies at a place.
func timedAt(prefix, place string) string {
	bits, _ := hex.DecodeString(place) // our own places always are
	return prefix + timedEncoding.EncodeToString(bits)
}

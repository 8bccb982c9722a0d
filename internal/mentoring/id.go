package mentoring

import (
	"crypto/sha256"
	"encoding/base32"
	"strings"
)

// Ids are a prefix and 128 bits in lower-case base32: 26 characters that neither count nor tell
// (product.md section 2).
type (
	PersonID  string
	SlotID    string
	BookingID string
	TaskID    string
)

const (
	personPrefix  = "per_"
	slotPrefix    = "slot_"
	bookingPrefix = "bkg_"
	taskPrefix    = "act_" // tasks are actions to clients
)

var idEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// NewSlotID makes an id of 128 random bits.
func NewSlotID(random [16]byte) SlotID {
	return SlotID(slotPrefix + idEncoding.EncodeToString(random[:]))
}

// NewBookingID makes an id of 128 random bits.
func NewBookingID(random [16]byte) BookingID {
	return BookingID(bookingPrefix + idEncoding.EncodeToString(random[:]))
}

// NewTaskID makes an id of 128 random bits.
func NewTaskID(random [16]byte) TaskID {
	return TaskID(taskPrefix + idEncoding.EncodeToString(random[:]))
}

// PersonIDFor is the id of the person an issuer knows under subject: always the same, and saying nothing
// of either.
func PersonIDFor(issuer, subject string) PersonID {
	sum := sha256.Sum256([]byte(issuer + "\x00" + subject))
	return PersonID(personPrefix + idEncoding.EncodeToString(sum[:16]))
}

// Valid reports whether the id has the form of one, so that nothing else gets into a storage key.
func (id PersonID) Valid() bool  { return validID(string(id), personPrefix) }
func (id SlotID) Valid() bool    { return validID(string(id), slotPrefix) }
func (id BookingID) Valid() bool { return validID(string(id), bookingPrefix) }
func (id TaskID) Valid() bool    { return validID(string(id), taskPrefix) }

func validID(id, prefix string) bool {
	body, ok := strings.CutPrefix(id, prefix)
	if !ok || len(body) != idEncoding.EncodedLen(16) {
		return false
	}
	bits, err := idEncoding.DecodeString(body)
	return err == nil && idEncoding.EncodeToString(bits) == body // the decoder skips line ends and spare bits
}

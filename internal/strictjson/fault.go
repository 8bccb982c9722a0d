package strictjson

import "fmt"

// MaxFaults is how many faults [Decode] reports at most, the first ones. Who sends a hundred mistakes is helped by
// hearing of the first hundred, and a small body must not become a large answer.
const MaxFaults = 100

// MaxDepth is how deep objects and arrays may be nested in each other.
const MaxDepth = 32

// The codes of faults.
const (
	UnknownField   = "unknown_field"   // no such field, or not in this case
	DuplicateField = "duplicate_field" // the field stands there more than once; the first one was read
	WrongType      = "wrong_type"      // not of the JSON type the field has, a fraction for a whole number, or null
	OutOfRange     = "out_of_range"    // a number too large to be held, a time outside the years 1 to 9999
	BadFormat      = "bad_format"      // a string that is not the time it should be
	InvalidText    = "invalid_text"    // a string with characters that are not allowed in it
	Required       = "required"        // a field is missing; for callers to use, not found by this package
)

// Fault is one mistake in well-formed JSON text.
type Fault struct {
	// Pointer is the JSON pointer of the value, "/purpose/kind" or "/languages/2". "" is the whole text.
	Pointer string
	// Code is one of the constants above.
	Code string
	// Detail says to a person what is wrong and what is expected, in a few words without the field's name or anything
	// that was sent.
	Detail string
}

// SyntaxError reports text that is not one JSON value in UTF-8 (RFC 8259), or is nested deeper than [MaxDepth].
type SyntaxError struct {
	// Offset is the position in bytes at or after which the mistake is.
	Offset int64
	// Reason says what is wrong, to be shown to a person: "ends too early". It holds nothing that was sent.
	Reason string

	err error
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("strictjson: text %s (byte %d)", e.Reason, e.Offset)
}

// Unwrap returns the tokenizer's own error, if it was the one to find the mistake. It may quote the text.
func (e *SyntaxError) Unwrap() error { return e.err }

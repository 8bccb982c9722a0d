package table

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// ErrUnavailable is matched by errors that say the engine could not be asked or did not answer. After a
// Commit the outcome is then unknown.
var ErrUnavailable = errors.New("table unavailable")

// ErrInvalid is matched by errors that say a call breaks a limit of the waist: a mistake of the program,
// never of its users.
var ErrInvalid = errors.New("table: invalid call")

// Reason says why a write was refused.
type Reason int

const (
	// Fine: this write was not the reason.
	Fine Reason = iota
	// Taken: the record exists and the write required that it does not.
	Taken
	// Changed: the record has another version than the write required, or is gone.
	Changed
	// Conflict: another commit was working on the record at the same moment. Nothing is known of its
	// state; read again before deciding anything.
	Conflict
	// Throttled: the engine had no capacity for the record. Nothing was written.
	Throttled
)

func (r Reason) String() string {
	return [...]string{"fine", "taken", "changed", "conflict", "throttled"}[r]
}

// Refusal is the error of a Commit that was not applied, with a Reason for each write in the order they
// were given. At least one is not [Fine].
type Refusal struct{ Reasons []Reason }

func (r *Refusal) Error() string {
	var parts []string
	for i, reason := range r.Reasons {
		if reason != Fine {
			parts = append(parts, fmt.Sprintf("write %d %s", i, reason))
		}
	}
	return "commit refused: " + strings.Join(parts, ", ")
}

// Has reports whether any write was refused for the reason.
func (r *Refusal) Has(reason Reason) bool {
	for _, have := range r.Reasons {
		if have == reason {
			return true
		}
	}
	return false
}

func (k Key) validate() error {
	if err := validatePart("PK", k.PK, MaxPKSize); err != nil {
		return err
	}
	return validatePart("SK", k.SK, MaxSKSize)
}

func validatePart(name, s string, limit int) error {
	switch {
	case s == "":
		return fmt.Errorf("empty %s", name)
	case len(s) > limit:
		return fmt.Errorf("%s of %d bytes, %d at most", name, len(s), limit)
	case !utf8.ValidString(s), strings.ContainsRune(s, 0):
		return fmt.Errorf("%s is not text without NUL", name)
	}
	return nil
}

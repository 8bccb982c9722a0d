package table

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// ValidateKeys returns an error matching [ErrInvalid] when the keys cannot form one Get on any engine.
// Engines call it first, so that they refuse the same things.
func ValidateKeys(keys []Key) error {
	if len(keys) > MaxGets {
		return fmt.Errorf("%w: %d keys in a get, %d at most", ErrInvalid, len(keys), MaxGets)
	}
	for i, key := range keys {
		if err := key.validate(); err != nil {
			return fmt.Errorf("%w: key %d: %w", ErrInvalid, i, err)
		}
	}
	return nil
}

// Validate returns an error matching [ErrInvalid] when no engine could answer a Query of the range.
// Engines call it first, so that they refuse the same things. A range whose From is not before its To is
// valid and empty: a list that is continued behind its last place can end there.
func (r Range) Validate() error {
	if err := r.validate(); err != nil {
		return fmt.Errorf("%w: range: %w", ErrInvalid, err)
	}
	return nil
}

func (r Range) validate() error {
	if r.Index != "" && !r.Index.known() {
		return fmt.Errorf("no index %q", r.Index)
	}
	if r.Limit < 1 {
		return fmt.Errorf("limit %d, 1 at least", r.Limit)
	}
	if err := validatePart("PK", r.PK, MaxPKSize); err != nil {
		return err
	}
	// What After returns is no place of a record, but a bound.
	if err := validateBound("From", strings.TrimSuffix(r.From, After(""))); err != nil {
		return err
	}
	return validateBound("To", strings.TrimSuffix(r.To, After("")))
}

func validateBound(name, bound string) error {
	switch {
	case len(bound) > MaxSKSize:
		return fmt.Errorf("%s of %d bytes, %d at most", name, len(bound), MaxSKSize)
	case !utf8.ValidString(bound), strings.ContainsRune(bound, 0):
		return fmt.Errorf("%s is not text without NUL", name)
	}
	return nil
}

func (i Index) known() bool { return slices.Contains(Indexes, i) }

package tabletest

import (
	"context"
	"errors"

	"flashmentoring/internal/table"
)

// Unprotected is a table whose writes have lost their conditions: an insert overwrites, an update and a
// remove do not mind what has changed since the read. It is for control tests. Where a test shows that a
// race has one winner, its control runs the same race unprotected and demands more than one: if it finds
// one all the same, the test has not raced (proof.md R1).
//
// Versions still rise by one. To keep them so, it reads what is stored, makes the writes conditional on
// just that, and starts again when somebody got between: the last one wins, as it would without conditions.
type Unprotected struct {
	wrapped table.Table
	lifted  func(table.Write) bool
}

var _ table.Table = (*Unprotected)(nil)

// NewUnprotected wraps a table. It lifts the conditions of those writes that lifted chooses, so that a
// control can remove one protection of several; of all writes when lifted is nil.
func NewUnprotected(wrapped table.Table, lifted func(table.Write) bool) *Unprotected {
	if lifted == nil {
		lifted = func(table.Write) bool { return true }
	}
	return &Unprotected{wrapped, lifted}
}

// Get passes the call on.
func (u *Unprotected) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	return u.wrapped.Get(ctx, keys...)
}

// Query passes the call on.
func (u *Unprotected) Query(ctx context.Context, r table.Range) (table.Page, error) {
	return u.wrapped.Query(ctx, r)
}

// Commit applies the writes. It returns a refusal only for a write that has kept its condition, or for
// reasons other than conditions.
func (u *Unprotected) Commit(ctx context.Context, writes ...table.Write) error {
	if err := table.Validate(writes); err != nil {
		return err
	}
	for {
		unconditional, err := u.lift(ctx, writes)
		if err != nil {
			return err
		}
		err = u.wrapped.Commit(ctx, unconditional...)
		if !u.overtaken(err, writes) {
			return err
		}
	}
}

// lift makes each chosen write conditional on what is stored now.
func (u *Unprotected) lift(ctx context.Context, writes []table.Write) ([]table.Write, error) {
	var keys []table.Key
	for _, write := range writes {
		keys = append(keys, write.Record.Key)
	}
	records, err := u.wrapped.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	stored := byKey(records)
	var all []table.Write
	for _, write := range writes {
		if write.If != table.Always && u.lifted(write) {
			write = onto(write, stored[write.Record.Key].Version)
		}
		all = append(all, write)
	}
	return all, nil
}

// onto is the write on a record at the version, 0 for none.
func onto(write table.Write, version int64) table.Write {
	if version == 0 {
		write.If = table.IfAbsent
	} else {
		write.If, write.Record.Version = table.IfVersion, version
	}
	return write
}

// overtaken tells whether a commit failed only because somebody changed, between the reading and the
// commit, records whose conditions were lifted.
func (u *Unprotected) overtaken(err error, writes []table.Write) bool {
	var refusal *table.Refusal
	if !errors.As(err, &refusal) {
		return false
	}
	for i, reason := range refusal.Reasons {
		switch {
		case reason == table.Fine:
		case reason != table.Taken && reason != table.Changed, !u.lifted(writes[i]):
			return false
		}
	}
	return true
}

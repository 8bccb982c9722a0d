package table

import (
	"fmt"
	"unicode/utf8"
)

// Action is what a Write does with its record once its condition holds.
type Action int

const (
	Put    Action = iota // store the record
	Delete               // remove it
	Check                // leave it: only the condition counts
)

// Condition is what must be true of the stored record for a Write to be applied.
type Condition int

const (
	IfAbsent  Condition = iota // no record has the key
	IfVersion                  // the stored version is Record.Version
	Always                     // nothing: only for Delete, which then is idempotent
)

// Write is one part of a Commit. Make one with [Insert], [Update], [Remove], [Drop] or [Require].
type Write struct {
	Action Action
	If     Condition
	Record Record
}

// Insert stores a record that must not exist yet, with version 1.
func Insert(r Record) Write { return Write{Put, IfAbsent, r} }

// Update stores a record over the version it was read at, with the next version.
func Update(r Record) Write { return Write{Put, IfVersion, r} }

// Remove deletes a record if it still has the version it was read at.
func Remove(r Record) Write { return Write{Delete, IfVersion, Record{Key: r.Key, Version: r.Version}} }

// Drop deletes a record, whatever its version, or nothing if there is none.
func Drop(k Key) Write { return Write{Delete, Always, Record{Key: k}} }

// Require makes the commit depend on a record that it leaves as it is. On DynamoDB it costs as much as a
// write and collides like one, so it has no place on a path where many meet on one record.
func Require(r Record) Write {
	return Write{Check, IfVersion, Record{Key: r.Key, Version: r.Version}}
}

// NextVersion is the version the record has after the write.
func (w Write) NextVersion() int64 {
	if w.If == IfAbsent {
		return 1
	}
	return w.Record.Version + 1
}

// Validate returns an error matching [ErrInvalid] when the writes cannot form one Commit on any engine.
// Engines call it first, so that they refuse the same things.
func Validate(writes []Write) error {
	if len(writes) > MaxWrites {
		return fmt.Errorf("%w: %d writes in a commit, %d at most", ErrInvalid, len(writes), MaxWrites)
	}
	total, seen := 0, make(map[Key]bool, len(writes))
	for i, w := range writes {
		if seen[w.Record.Key] {
			return fmt.Errorf("%w: write %d names %v a second time", ErrInvalid, i, w.Record.Key)
		}
		seen[w.Record.Key] = true
		if err := w.validate(); err != nil {
			return fmt.Errorf("%w: write %d: %w", ErrInvalid, i, err)
		}
		total += w.size()
	}
	if total > MaxCommitSize {
		return fmt.Errorf("%w: commit of %d bytes, %d at most", ErrInvalid, total, MaxCommitSize)
	}
	return nil
}

func (w Write) validate() error {
	if err := w.Record.Key.validate(); err != nil {
		return err
	}
	for index, entry := range w.Record.Entries {
		if !index.known() {
			return fmt.Errorf("no index %q", index)
		}
		if err := entry.validate(); err != nil {
			return fmt.Errorf("index %s: %w", index, err)
		}
	}
	if w.If == Always && w.Action != Delete {
		return fmt.Errorf("only a delete may do without a condition")
	}
	if w.If == IfVersion && w.Record.Version < 1 {
		return fmt.Errorf("version %d was never read", w.Record.Version)
	}
	if !utf8.Valid(w.Record.Data) {
		return fmt.Errorf("data is not UTF-8")
	}
	if size := w.size(); size > MaxRecordSize {
		return fmt.Errorf("record of %d bytes, %d at most", size, MaxRecordSize)
	}
	return nil
}

// size is the size of the record as it will be stored: with the next version.
func (w Write) size() int {
	stored := w.Record
	stored.Version = w.NextVersion()
	return stored.Size()
}

// Package desk holds the use cases: where a command meets the records.
//
// Each use case has the same three steps. It reads what the decision needs, in one round of reads side by
// side; it asks package mentoring to decide; and it commits the changes in one transaction, together with
// a row in the outbox for whoever must be told and, where the client gave a key, a record of the answer.
// Every record is written at the version it was read at, so a decision never outlives the state it was
// made on: if something changed meanwhile the use case reads and decides again (see transact).
//
// The shapes and keys of the records are this package's own; record.go lists them all.
package desk

import (
	"context"
	"encoding/binary"
	"io"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Config is what a Desk works with.
type Config struct {
	Table  table.Table
	Now    func() time.Time
	Random io.Reader // of ids, the choice among free seats and waits; must be safe for concurrent use
	Policy mentoring.Policy
	Topics mentoring.Taxonomy // those the product ships with
	// OpenShards and OutboxShards spread the open slots and the outbox over partitions. They may be
	// raised while the product runs, and must not be lowered: readers look into as many as they are told.
	OpenShards   int
	OutboxShards int
	DueShards    int // of the wakes
}

// Desk runs the use cases. It is safe for concurrent use.
type Desk struct{ Config }

// New makes a Desk. Shard counts below one count as one. Its clock is Now, in UTC and to the millisecond,
// which is how times are kept. Its calls of Table are metered.
func New(c Config) *Desk {
	c.OpenShards, c.OutboxShards, c.DueShards = max(c.OpenShards, 1), max(c.OutboxShards, 1), max(c.DueShards, 1)
	c.Table = table.Metered(c.Table)
	clock := c.Now
	c.Now = func() time.Time { return clock().UTC().Truncate(time.Millisecond) }
	return &Desk{c}
}

// Caller is the person a request is made for, as their token says.
type Caller struct {
	ID    mentoring.PersonID
	Email string // verified
	Name  string
	// Coordinator: the issuer counts them among those who look after the programme.
	Coordinator bool
}

func (c Caller) visitor() mentoring.Person { return mentoring.Visitor(c.ID, c.Email, c.Name) }

// random are 128 random bits. A machine without randomness cannot go on.
func (d *Desk) random() (bits [16]byte) {
	if _, err := io.ReadFull(d.Random, bits[:]); err != nil {
		panic("desk: no randomness: " + err.Error())
	}
	return bits
}

func (d *Desk) draw() uint64 {
	bits := d.random()
	return binary.LittleEndian.Uint64(bits[:8])
}

// jitter waits a random time up to a limit that doubles with each attempt, so that those who collided
// spread out ("full jitter").
func (d *Desk) jitter(ctx context.Context, attempt int) error {
	limit := min(firstBackoff<<attempt, maxBackoff)
	timer := time.NewTimer(time.Duration(d.draw() % uint64(limit)))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

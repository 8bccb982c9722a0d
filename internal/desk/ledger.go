package desk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// The ledger records each message beside the booking it is about: first that somebody is sending it, then
// that it was sent. It is what makes a message go out at least once and, without a crash between the two,
// exactly once.

// ErrSent says that the message has been sent before.
var ErrSent = errors.New("message was sent")

// ErrClaimed says that somebody else is sending the message at this moment.
var ErrClaimed = errors.New("message is being sent")

type ledgerEntry struct {
	LeaseUntil time.Time `json:"leaseUntil"`
	Attempt    int       `json:"attempt"`
	SentAt     time.Time `json:"sentAt,omitzero"`
	ProviderID string    `json:"providerId,omitzero"` // what the mail service calls the message
}

// Claim is the right to send one message until its lease ends.
type Claim struct {
	record table.Record
	entry  ledgerEntry
}

// ClaimMessage takes the right to send a notice, for as long as lease. It returns [ErrSent], [ErrClaimed],
// or the table's error.
func (d *Desk) ClaimMessage(ctx context.Context, n mentoring.Notice, lease time.Duration) (Claim, error) {
	key := bookingKey(n.Booking.ID, fmt.Sprintf("%s%s#%d#%s", placeMail, n.Kind, n.Booking.Version, n.Reader.ID))
	records, err := d.Table.Get(ctx, key)
	if err != nil {
		return Claim{}, err
	}
	var entry ledgerEntry
	var version int64
	if len(records) > 0 {
		if entry, err = decode[ledgerEntry](records[0]); err != nil {
			return Claim{}, err
		}
		version = records[0].Version
	}
	now := d.Now()
	switch {
	case !entry.SentAt.IsZero():
		return Claim{}, ErrSent
	case entry.LeaseUntil.After(now):
		return Claim{}, ErrClaimed
	}
	entry.LeaseUntil, entry.Attempt = now.Add(lease), entry.Attempt+1
	claim := Claim{record(key, version, entry), entry}
	err = d.Table.Commit(ctx, put(claim.record))
	if refused := new(table.Refusal); errors.As(err, &refused) && !refused.Has(table.Throttled) {
		return Claim{}, ErrClaimed
	}
	claim.record.Version++
	return claim, err
}

// Sent records that a claimed message was sent, and what the mail service called it.
func (d *Desk) Sent(ctx context.Context, c Claim, providerID string) error {
	c.entry.SentAt, c.entry.ProviderID = d.Now(), providerID
	done := table.Update(record(c.record.Key, c.record.Version, c.entry))
	_, err := transact(ctx, d, func(context.Context) (none struct{}, _ []table.Write, _ error) {
		return none, []table.Write{done}, nil
	})
	return err
}

// Release gives a claim back after a failure, so that the next attempt need not wait for the lease.
func (d *Desk) Release(ctx context.Context, c Claim) error {
	c.entry.LeaseUntil = time.Time{}
	return d.Table.Commit(ctx, table.Update(record(c.record.Key, c.record.Version, c.entry)))
}

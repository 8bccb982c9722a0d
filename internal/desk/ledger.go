package desk

import (
	"context"
	"errors"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// The ledger records each message beside the booking it is about: first that somebody is sending it, then
// what became of it. It is what makes a message go out at least once and, without a crash between the two,
// exactly once.

var (
	// ErrSettled says that there is nothing left to do: the message has been sent before, or found not to be sent.
	ErrSettled = errors.New("message is settled")
	// ErrClaimed says that somebody else is sending the message at this moment.
	ErrClaimed = errors.New("message is being sent")
	// ErrSuppressed says that no mail goes to the reader's address. The ledger says so from now on, which settles the
	// message: it is not sent when the address is free again, for by then it is no news.
	ErrSuppressed = errors.New("reader's address takes no mail")
	// ErrRefused says that the mail service refused the message for good, in the same round.
	ErrRefused = errors.New("message was refused for good")
)

// MailStatus is what became of a message. While it is empty, somebody is sending it or will.
type MailStatus string

const (
	MailSent       MailStatus = "sent"
	MailSuppressed MailStatus = "suppressed"
	MailRefused    MailStatus = "refused"
)

type ledgerEntry struct {
	Status     MailStatus `json:"status,omitzero"`
	LeaseUntil time.Time  `json:"leaseUntil,omitzero"`
	Attempt    int        `json:"attempt"`
	SentAt     time.Time  `json:"sentAt,omitzero"`
	ProviderID string     `json:"providerId,omitzero"` // what the mail service calls the message
	RefusedAt  time.Time  `json:"refusedAt,omitzero"`
	Reason     string     `json:"reason,omitzero"` // of a refusal: a code, never the service's words
	Round      int        `json:"round,omitzero"`  // of the row that was refused; see Row.Round
}

// settled is why there is nothing more to do in this round, or nil.
func (e ledgerEntry) settled(round int) error {
	switch {
	case !e.SentAt.IsZero(), e.Status == MailSuppressed:
		return ErrSettled
	case e.Status == MailRefused && e.Round >= round:
		return ErrRefused
	}
	return nil
}

// Claim is the right to send one message until its lease ends.
type Claim struct {
	record table.Record
	entry  ledgerEntry
	round  int
}

// ClaimMessage takes the right to send a notice, for as long as lease; round is that of the row which asks for it. A
// notice to a suppressed address is recorded as such and not sent. It returns [ErrSettled], [ErrSuppressed],
// [ErrRefused], [ErrClaimed], or the table's error.
func (d *Desk) ClaimMessage(ctx context.Context, n mentoring.Notice, round int, lease time.Duration) (Claim, error) {
	key := ledgerKey(n)
	claim, suppressed, err := d.readClaim(ctx, key, suppressionKey(n.Reader.Email))
	if err != nil {
		return Claim{}, err
	}
	if err := claim.entry.settled(round); err != nil {
		return Claim{}, err
	}
	now := d.Now()
	if claim.entry.LeaseUntil.After(now) {
		return Claim{}, ErrClaimed
	}
	claim.round = round
	claim.entry.LeaseUntil, claim.entry.Attempt = now.Add(lease), claim.entry.Attempt+1
	if suppressed {
		claim.entry = ledgerEntry{Status: MailSuppressed, Attempt: claim.entry.Attempt - 1}
	}
	err = d.Table.Commit(ctx, put(record(key, claim.record.Version, claim.entry)))
	if refused := new(table.Refusal); errors.As(err, &refused) && !refused.Has(table.Throttled) {
		return Claim{}, ErrClaimed
	}
	if err == nil && suppressed {
		err = ErrSuppressed
	}
	claim.record.Version++
	return claim, err
}

// ledgerKey is where a message is recorded: beside the booking it is about, or the slot.
func ledgerKey(n mentoring.Notice) table.Key {
	if n.Booking.ID == "" {
		return slotKey(n.Slot.ID, placeTold+n.Name())
	}
	return bookingKey(n.Booking.ID, placeMail+n.Name())
}

// readClaim reads what the ledger says of a message, and whether its reader's address takes mail, in one round.
func (d *Desk) readClaim(ctx context.Context, key, address table.Key) (c Claim, suppressed bool, err error) {
	records, err := d.Table.Get(ctx, key, address)
	if err != nil {
		return c, false, err
	}
	c.record.Key = key
	for _, r := range records {
		switch r.Key {
		case key:
			c.record = r
			if c.entry, err = decode[ledgerEntry](r); err != nil {
				return c, false, err
			}
		case address:
			held, err := decode[suppressionDoc](r)
			if err != nil {
				return c, false, err
			}
			suppressed = held.inForce()
		}
	}
	return c, suppressed, nil
}

// Sent records that a claimed message was sent, and what the mail service called it.
func (d *Desk) Sent(ctx context.Context, c Claim, providerID string) error {
	c.entry = ledgerEntry{Status: MailSent, Attempt: c.entry.Attempt, SentAt: d.Now(), ProviderID: providerID}
	return d.settle(ctx, c)
}

// Refused records that the mail service will never take a claimed message. reason is a code.
func (d *Desk) Refused(ctx context.Context, c Claim, reason string) error {
	c.entry = ledgerEntry{Status: MailRefused, Attempt: c.entry.Attempt, RefusedAt: d.Now(), Reason: reason, Round: c.round}
	return d.settle(ctx, c)
}

// settle records what became of a claimed message. It tries a few times: a mail that is out and not recorded goes out
// again.
func (d *Desk) settle(ctx context.Context, c Claim) error {
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

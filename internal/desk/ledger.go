package desk

import (
	"bytes"
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

// TooManyMails says that the reader has had as many mails as one gets a day, and when the next day begins.
type TooManyMails struct{ Until time.Time }

func (e *TooManyMails) Error() string { return "reader has had the mails of the day" }

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
// notice to a suppressed address is recorded as such and not sent. The first claim of a message counts towards what its
// reader gets a day, where the notice counts. It returns [ErrSettled], [ErrSuppressed], [ErrRefused], [ErrClaimed], a
// [TooManyMails], or the table's error.
func (d *Desk) ClaimMessage(ctx context.Context, n mentoring.Notice, round int, lease time.Duration) (Claim, error) {
	for attempt := 0; ; attempt++ {
		claim, err := d.tryClaim(ctx, n, round, lease)
		refused := new(table.Refusal)
		if !errors.As(err, &refused) || refused.Has(table.Throttled) {
			return claim, err
		}
		// Either somebody else claimed it, or another message of the reader's was counted at this moment.
		if !n.Counts() || attempt == maxAttempts-1 || d.jitter(ctx, attempt) != nil {
			return Claim{}, ErrClaimed
		}
	}
}

func (d *Desk) tryClaim(ctx context.Context, n mentoring.Notice, round int, lease time.Duration) (Claim, error) {
	claim, suppressed, today, err := d.readClaim(ctx, n)
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
	counts := n.Counts() && claim.entry.Attempt == 0 && !suppressed
	if counts && today.sent >= d.Policy.MailsPerDay {
		return Claim{}, &TooManyMails{today.ends}
	}
	claim.round = round
	claim.entry.LeaseUntil, claim.entry.Attempt = now.Add(lease), claim.entry.Attempt+1
	if suppressed {
		claim.entry = ledgerEntry{Status: MailSuppressed, Attempt: claim.entry.Attempt - 1}
	}
	writes := []table.Write{put(record(claim.record.Key, claim.record.Version, claim.entry))}
	if counts {
		writes = append(writes, put(today.oneMore()))
	}
	if err = d.Table.Commit(ctx, writes...); err == nil && suppressed {
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

// readClaim reads what the ledger says of a message, whether its reader's address takes mail, and how much of it they have
// had today, in one round.
func (d *Desk) readClaim(ctx context.Context, n mentoring.Notice) (c Claim, suppressed bool, today day, err error) {
	today = d.today(n.Reader.ID)
	key, address := ledgerKey(n), suppressionKey(n.Reader.Email)
	keys := []table.Key{key, address}
	if n.Counts() {
		keys = append(keys, today.record.Key)
	}
	records, err := d.Table.Get(ctx, keys...)
	if err != nil {
		return c, false, today, err
	}
	c.record.Key = key
	for _, r := range records {
		switch r.Key {
		case key:
			c.record = r
			c.entry, err = decode[ledgerEntry](r)
		case address:
			var held suppressionDoc
			held, err = decode[suppressionDoc](r)
			suppressed = held.inForce()
		default:
			var doc mailsDoc
			doc, err = decode[mailsDoc](r)
			today.record, today.sent = r, doc.Sent
		}
		if err != nil {
			return c, false, today, err
		}
	}
	return c, suppressed, today, nil
}

// day is how many mails somebody had on one day, of those that count. Days are UTC's: a limit against floods need not know
// when its reader sleeps.
type day struct {
	record table.Record
	sent   int
	ends   time.Time
}

type mailsDoc struct {
	Sent int `json:"sent"`
}

func (d *Desk) today(who mentoring.PersonID) day {
	begins := d.Now().Truncate(24 * time.Hour)
	return day{
		record: table.Record{Key: personKey(who, placeMails+begins.Format(time.DateOnly))},
		ends:   begins.Add(24 * time.Hour),
	}
}

// oneMore is the record with one counted.
func (d day) oneMore() table.Record {
	r := record(d.record.Key, d.record.Version, mailsDoc{d.sent + 1})
	r.Expires = d.ends.Add(24 * time.Hour)
	return r
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
// again. Where only the answer of an attempt was lost, the next one finds that it is recorded.
func (d *Desk) settle(ctx context.Context, c Claim) error {
	done, tried := table.Update(record(c.record.Key, c.record.Version, c.entry)), false
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, _ error) {
		if tried {
			records, err := d.Table.Get(ctx, c.record.Key)
			if err != nil || len(records) == 1 && bytes.Equal(records[0].Data, done.Record.Data) {
				return none, nil, err
			}
		}
		tried = true
		return none, []table.Write{done}, nil
	})
	return err
}

// Release gives a claim back after a failure, so that the next attempt need not wait for the lease.
func (d *Desk) Release(ctx context.Context, c Claim) error {
	c.entry.LeaseUntil = time.Time{}
	return d.Table.Commit(ctx, table.Update(record(c.record.Key, c.record.Version, c.entry)))
}

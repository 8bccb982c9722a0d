package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"flashmentoring/internal/table"
)

// SuppressionReason says why no mail goes to an address.
type SuppressionReason string

const (
	SuppressedBounce    SuppressionReason = "bounce"    // its mail server says there is no such mailbox
	SuppressedComplaint SuppressionReason = "complaint" // its owner called one of our mails spam
)

// Suppression says that no mail goes to an address, and why.
type Suppression struct {
	Reason    SuppressionReason
	At        time.Time // of the bounce or complaint
	MessageID string    // what the mail service calls the mail it was about
}

// suppressionDoc is the stored form. Lifting a suppression leaves it behind, so that an event which comes once more, or
// late, does not suppress anew what somebody has set right.
type suppressionDoc struct {
	Reason    SuppressionReason `json:"reason"`
	At        time.Time         `json:"at"`
	MessageID string            `json:"messageId,omitzero"`
	LiftedAt  time.Time         `json:"liftedAt,omitzero"`
}

func (s suppressionDoc) inForce() bool { return s.Reason != "" && s.LiftedAt.IsZero() }

// suppressionKey names an address without naming it: neither key nor record holds it, so nothing of it is left when a
// person is erased. Mail servers may tell upper from lower case left of the @, and none does.
func suppressionKey(email string) table.Key {
	sum := sha256.Sum256([]byte("suppression\x00" + strings.ToLower(strings.TrimSpace(email))))
	return table.Key{PK: "SUPPRESSED#" + hex.EncodeToString(sum[:16]), SK: "SUPPRESSION"}
}

// Suppress stops mail to an address. The same event again changes nothing, nor does one from before the suppression was
// lifted. A complaint outweighs a bounce, and beyond that the first event stays. It reports whether anything changed, and
// refuses with [mentoring.Busy].
func (d *Desk) Suppress(ctx context.Context, email string, s Suppression) (changed bool, err error) {
	return transact(ctx, d, func(ctx context.Context) (bool, []table.Write, error) {
		held, version, err := d.suppression(ctx, email)
		if err != nil {
			return false, nil, err
		}
		news := suppressionDoc{Reason: s.Reason, At: s.At.UTC(), MessageID: s.MessageID}
		if !news.outweighs(held) {
			return false, nil, nil
		}
		return true, []table.Write{put(record(suppressionKey(email), version, news))}, nil
	})
}

func (s suppressionDoc) outweighs(held suppressionDoc) bool {
	if held.inForce() {
		return s.Reason == SuppressedComplaint && held.Reason != SuppressedComplaint
	}
	return s.At.After(held.LiftedAt)
}

// Suppression says why no mail goes to an address, or returns nil where it does. It refuses with [mentoring.Busy].
func (d *Desk) Suppression(ctx context.Context, email string) (*Suppression, error) {
	held, _, err := d.suppression(ctx, email)
	if err != nil || !held.inForce() {
		return read[*Suppression](nil, err)
	}
	return &Suppression{held.Reason, held.At, held.MessageID}, nil
}

// suppressionIn is what a record says of its address: nil where mail goes to it, or there is no record.
func suppressionIn(r *table.Record) (*Suppression, error) {
	if r == nil {
		return nil, nil
	}
	held, err := decode[suppressionDoc](*r)
	if err != nil || !held.inForce() {
		return nil, err
	}
	return &Suppression{held.Reason, held.At, held.MessageID}, nil
}

// LiftSuppression lets mail go to an address again. Where it does, that is a success too. It refuses with
// [mentoring.Busy].
func (d *Desk) LiftSuppression(ctx context.Context, email string) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, _ error) {
		held, version, err := d.suppression(ctx, email)
		if err != nil || !held.inForce() {
			return none, nil, err
		}
		held.LiftedAt = d.Now()
		return none, []table.Write{put(record(suppressionKey(email), version, held))}, nil
	})
	return err
}

func (d *Desk) suppression(ctx context.Context, email string) (doc suppressionDoc, version int64, err error) {
	records, err := d.Table.Get(ctx, suppressionKey(email))
	if err != nil || len(records) == 0 {
		return doc, 0, err
	}
	doc, err = decode[suppressionDoc](records[0])
	return doc, records[0].Version, err
}

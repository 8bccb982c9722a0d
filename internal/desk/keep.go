package desk

import (
	"context"
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// What people wrote about a session is kept for a time that operators choose ([mentoring.Policy]). The days of the report's
// facts name every slot and booking that is over, cancelled ones too; so going along them, a day after the other, finds all.
// How far that has come is a record of its own: the clock asks every minute, and finds nothing to do with a single read.

var keptKey = table.Key{PK: "KEPT", SK: "UNTIL"}

// keptDoc says that what lies before Day has no words any more, nor what lies on that day up to After.
type keptDoc struct {
	Day   time.Time `json:"day"`
	After string    `json:"after,omitzero"`
}

// keptStretch is how many facts one call of [Desk.ForgetOld] looks at.
const keptStretch = 25

// ForgetOld forgets what was written about some of the sessions that have been kept long enough, and where they took place:
// the next ones in the order of their days. more says that there may be further ones. Two that do so at once do no harm. It
// returns [mentoring.Busy] where something could not be decided.
func (d *Desk) ForgetOld(ctx context.Context) (more bool, err error) {
	until := d.Now().Add(-d.Policy.KeepWords).UTC().Truncate(24 * time.Hour) // that day is still kept
	at, version, err := d.keptUntil(ctx, until)
	if err != nil || !at.Day.Before(until) {
		return read(false, err)
	}
	r := table.Range{PK: factKey(at.Day, "").PK, Limit: keptStretch}
	if at.After != "" {
		r.From = table.After(at.After)
	}
	page, err := d.Table.Query(ctx, r)
	if err != nil {
		return read(false, err)
	}
	for _, fact := range page.Records {
		if err := d.forgetOver(ctx, fact.SK); err != nil {
			return read(false, err)
		}
		at.After = fact.SK
	}
	if !page.More || len(page.Records) == 0 {
		at = keptDoc{Day: at.Day.AddDate(0, 0, 1)}
	}
	return read(true, d.Table.Commit(ctx, put(record(keptKey, version, at))))
}

// keptUntil is how far forgetting has come. Where it never began there is nothing older than what is to be forgotten now.
func (d *Desk) keptUntil(ctx context.Context, until time.Time) (at keptDoc, version int64, err error) {
	records, err := d.Table.Get(ctx, keptKey)
	switch {
	case err != nil:
		return at, 0, err
	case len(records) == 0:
		return keptDoc{Day: until}, 0, d.Table.Commit(ctx, table.Insert(record(keptKey, 0, keptDoc{Day: until})))
	}
	at, err = decode[keptDoc](records[0])
	return at, records[0].Version, err
}

// forgetOver forgets the words of what a fact is about. Those to the programme go with their survey.
func (d *Desk) forgetOver(ctx context.Context, place string) error {
	switch id := mentoring.BookingID(place); {
	case strings.HasPrefix(place, placeNote):
		return nil
	case id.Valid():
		return d.forgetBooking(ctx, id, mentoring.ForgetWords())
	}
	return d.forgetSlot(ctx, mentoring.SlotID(place), mentoring.ForgetWords())
}

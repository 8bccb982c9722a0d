package desk

import (
	"context"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// A person's sessions can be read at a secret address (product.md section 3). Which one is the present address is a
// record of its own, so that changing it collides with nothing else the person does. Its version is the generation: none
// for somebody who never changed it, and one more with each change.
type feedDoc struct {
	RotatedAt time.Time `json:"rotatedAt"`
}

// FeedGeneration is the generation of the address of a person's feed: GET /v1/me/calendar. Links of another are out of
// date. It refuses with [mentoring.Busy].
func (d *Desk) FeedGeneration(ctx context.Context, who mentoring.PersonID) (int64, error) {
	records, err := d.Table.Get(ctx, personKey(who, placeFeed))
	if err != nil || len(records) == 0 {
		return read[int64](0, err)
	}
	return records[0].Version, nil
}

// RotateFeed makes the address of the caller's feed out of date, and returns the generation of the new one: POST
// /v1/me/calendar/rotate. It refuses with [mentoring.KeyReused] or [mentoring.Busy].
//
// An attempt whose commit went through unseen is followed by another, which rotates once more: nobody was told the
// generation in between.
func (d *Desk) RotateFeed(ctx context.Context, c Caller, once Once) (int64, error) {
	now := d.Now()
	return transact(ctx, d, func(ctx context.Context) (_ int64, _ []table.Write, err error) {
		var me standing
		var present int64
		err = d.round(ctx, d.self(c, once, &me), func(ctx context.Context) (err error) {
			present, err = d.FeedGeneration(ctx, c.ID)
			return err
		})
		if err != nil {
			return 0, nil, err
		}
		if before, known, err := recall[int64](once, me, now); known || err != nil {
			return before, nil, err
		}
		writes := []table.Write{put(record(personKey(c.ID, placeFeed), present, feedDoc{now}))}
		return present + 1, once.remember(writes, c.ID, me, present+1, now), nil
	})
}

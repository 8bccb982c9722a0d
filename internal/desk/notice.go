package desk

import (
	"context"

	"flashmentoring/internal/mentoring"
)

// Notices decides, from the state as it is now, who is to be told of an event, and says which reminder nobody is told any
// more because it is too late for it; stale is empty where there is none. An event whose slot is gone has no notices.
func (d *Desk) Notices(ctx context.Context, e mentoring.Event) (told []mentoring.Notice, stale mentoring.NoticeKind, err error) {
	news, err := d.news(ctx, e, e.Kind.OfPapers())
	if err != nil {
		return nil, "", ignoreMissing(err)
	}
	now := d.Now()
	return mentoring.NoticesFor(news, d.Policy, now), news.StaleReminder(now), nil
}

// news is an event with the state as it is now and, if asked for, what was written about its bookings. It returns
// [mentoring.NotFound] where the event is about no slot, or one that is gone.
func (d *Desk) news(ctx context.Context, e mentoring.Event, papers bool) (news mentoring.News, err error) {
	if e.Slot == "" {
		return news, mentoring.Missing()
	}
	var w, left whole
	slots := []reading{d.wholeSlot(e.Slot, &w)}
	if e.From != "" {
		slots = append(slots, d.wholeSlot(e.From, &left))
	}
	if err := d.round(ctx, slots...); err != nil {
		return news, err
	}
	c := caseOf(w)
	needed := need{bookings: e.Bookings, people: []mentoring.PersonID{w.Slot.Host.ID}}
	if e.Person != "" {
		needed.people = append(needed.people, e.Person)
	}
	if e.From != "" {
		needed.people = append(needed.people, left.Slot.Host.ID)
	}
	if err := d.fill(ctx, &c, needed); err != nil {
		return news, err
	}
	news = mentoring.News{Event: e, State: w.SlotState, Left: left.SlotState, People: c.People}
	var requesters need
	for _, id := range e.Bookings {
		if b, ok := c.Bookings[id]; ok {
			news.Bookings = append(news.Bookings, b)
			requesters.people = append(requesters.people, b.Requester.ID)
		}
	}
	reads := []reading{d.filling(&c, requesters)}
	if papers {
		reads = append(reads, d.papersOfAll(news.Bookings, &news.Papers))
	}
	return news, d.round(ctx, reads...)
}

// profile reads somebody's profile: the zero person where there is none.
func (d *Desk) profile(who mentoring.PersonID, into *mentoring.Person) reading {
	return func(ctx context.Context) error {
		records, err := d.Table.Get(ctx, personKey(who, placeProfile))
		if err == nil && len(records) > 0 {
			*into, err = decodePerson(records[0])
		}
		return err
	}
}

package desk

import (
	"context"
	"errors"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Erase makes the caller nobody: DELETE /v1/me. With it go the address of their sessions' feed and the links in their mails;
// what lies ahead of them, and what others hold, follows ([Desk.Leave], [Desk.Forget]). Whoever is nobody already, or never
// enrolled, is left as they are. It refuses with [mentoring.Busy].
func (d *Desk) Erase(ctx context.Context, c Caller) error {
	now := d.Now()
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		var me standing
		var feed int64
		err = d.round(ctx, d.self(c, Once{}, &me), func(ctx context.Context) (err error) {
			feed, err = d.FeedGeneration(ctx, c.ID)
			return err
		})
		if err != nil {
			return none, nil, err
		}
		after, changed := mentoring.DecideErase(me.stored, now)
		if !changed {
			return none, nil, nil
		}
		writes, err := d.giveUpAddress(ctx, me.stored)
		if err != nil {
			return none, nil, err
		}
		writes = append(writes, placing(me.stored, after)...)
		return none, append(writes,
			put(profileRecord(after)),
			put(agendaRecord(c.ID, me.Agenda)), // or a booking that is being decided could outlive the person
			put(record(personKey(c.ID, placeFeed), feed, feedDoc{now})),
			d.announce(mentoring.Event{Kind: mentoring.PersonErased, At: now, Person: c.ID}),
			d.announce(mentoring.Event{Kind: mentoring.PersonForgotten, At: now.Add(mentoring.ForgetAfter), Person: c.ID}),
		), nil
	})
	return err
}

// Leave cancels what lies ahead of somebody who was erased at a time: the slots they had published by then, and their
// bookings. Those concerned are told as they always are. It can be asked again, and returns [mentoring.Busy] where something
// could not be decided.
func (d *Desk) Leave(ctx context.Context, id mentoring.PersonID, at time.Time) error {
	var agenda mentoring.Agenda
	if err := d.agenda(id, &agenda)(ctx); err != nil {
		return err
	}
	who, going := Caller{ID: id}, mentoring.Cancel{Leaving: true}
	var failed []error
	for _, e := range agenda.From(d.Now()).Engagements {
		if !e.Start.After(d.Now()) {
			continue // it has begun, and ends by itself
		}
		failed = append(failed, ignoreOver(d.leave(ctx, who, e, going, at)))
	}
	return errors.Join(failed...)
}

func (d *Desk) leave(ctx context.Context, who Caller, e mentoring.Engagement, going mentoring.Cancel, at time.Time) error {
	if e.Booking == "" {
		var w whole
		if err := d.wholeSlot(e.Slot, &w)(ctx); err != nil || w.Slot.PublishedAt.After(at) {
			return err
		}
		_, err := d.CancelSlot(ctx, who, e.Slot, going, Once{})
		return err
	}
	b, err := d.booking(ctx, e.Booking)
	if err != nil || b.BookedAt.After(at) {
		return err
	}
	_, err = d.Cancel(ctx, who, e.Booking, going, Once{})
	return err
}

// ignoreOver forgives that what was to be cancelled is gone, or over meanwhile.
func ignoreOver(err error) error {
	if refused := new(mentoring.Error); errors.As(err, &refused) && refused.Code == mentoring.InvalidTransition {
		return nil
	}
	return ignoreMissing(err)
}

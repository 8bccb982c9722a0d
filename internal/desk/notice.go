package desk

import (
	"context"

	"flashmentoring/internal/mentoring"
)

// Notices decides, from the state as it is now, who is to be told of an event. An event whose booking is
// gone has none.
func (d *Desk) Notices(ctx context.Context, e mentoring.Event) ([]mentoring.Notice, error) {
	if e.Booking == "" {
		return nil, nil
	}
	b, err := d.booking(ctx, e.Booking)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	var state mentoring.SlotState
	var people [2]mentoring.Person
	err = d.round(ctx, d.slotState(b.Slot, &state), func(ctx context.Context) error {
		records, err := d.Table.Get(ctx, personKey(b.Requester.ID, placeProfile), personKey(b.Expert.ID, placeProfile))
		for i := 0; err == nil && i < len(records); i++ {
			people[i], err = decodePerson(records[i])
		}
		return err
	})
	if err != nil {
		return nil, ignoreMissing(err)
	}
	return mentoring.NoticesFor(e, state, b, people[0], people[1], d.Now()), nil
}

// FollowPerson brings what upcoming slots say of their expert up to date with the expert's profile.
func (d *Desk) FollowPerson(ctx context.Context, id mentoring.PersonID) error {
	var host standing
	if err := d.round(ctx, d.self(Caller{ID: id}, Once{}, &host)); err != nil {
		return err
	}
	for _, slot := range host.Agenda.From(d.Now()).Hosted() {
		if err := d.followHost(ctx, slot, mentoring.HostFrom(host.Person)); err != nil {
			return ignoreMissing(err)
		}
	}
	return nil
}

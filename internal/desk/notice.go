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
	var requester, expert mentoring.Person
	err = d.round(ctx, d.slotState(b.Slot, &state), d.profile(b.Requester.ID, &requester), d.profile(b.Expert.ID, &expert))
	if err != nil {
		return nil, ignoreMissing(err)
	}
	return mentoring.NoticesFor(e, state, b, requester, expert, d.Now()), nil
}

// FollowPerson brings what upcoming slots say of their expert up to date with the expert's profile.
func (d *Desk) FollowPerson(ctx context.Context, id mentoring.PersonID) error {
	var host standing
	if err := d.round(ctx, d.self(Caller{ID: id}, Once{}, &host)); err != nil {
		return err
	}
	for _, slot := range host.Agenda.From(d.Now()).Hosted() {
		if err := ignoreMissing(d.followHost(ctx, slot, mentoring.HostFrom(host.stored))); err != nil {
			return err
		}
	}
	return nil
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

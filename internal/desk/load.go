package desk

import (
	"context"
	"strings"

	"golang.org/x/sync/errgroup"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// reading is one read of a round.
type reading func(ctx context.Context) error

// round runs reads side by side: one trip to storage, however many there are.
func (d *Desk) round(ctx context.Context, reads ...reading) error {
	group, ctx := errgroup.WithContext(table.Together(ctx))
	for _, r := range reads {
		group.Go(func() error { return r(ctx) })
	}
	return group.Wait()
}

// standing is what is known of a caller when a decision is made.
type standing struct {
	mentoring.Viewer
	stored mentoring.Person // the person as recorded; the Viewer's has the address of the token
	memory *table.Record    // of the request's idempotency key, if there is one
}

// self reads the caller's standing, and what is remembered of the request.
func (d *Desk) self(c Caller, once Once, into *standing) reading {
	return func(ctx context.Context) error {
		keys := []table.Key{personKey(c.ID, placeProfile), personKey(c.ID, placeAgenda)}
		if once.given() {
			keys = append(keys, once.key(c.ID))
		}
		records, err := d.Table.Get(ctx, keys...)
		if err != nil {
			return err
		}
		into.stored = c.visitor()
		for _, r := range records {
			switch {
			case r.Key == keys[0]:
				into.stored, err = decodePerson(r)
			case r.Key == keys[1]:
				into.Agenda, err = decodeAgenda(r)
			default:
				into.memory = &r
			}
			if err != nil {
				return err
			}
		}
		into.Person = into.stored.SignedIn(c.Email)
		return nil
	}
}

// slotState reads a slot with its seats: [mentoring.NotFound] where there is none.
func (d *Desk) slotState(id mentoring.SlotID, into *mentoring.SlotState) reading {
	return func(ctx context.Context) error {
		state, _, err := d.wholeSlot(ctx, id, placeMeta)
		*into = state
		return err
	}
}

// wholeSlot reads the records of a slot from a place on: from LISTING, or from META, which lies behind it.
func (d *Desk) wholeSlot(ctx context.Context, id mentoring.SlotID, from string) (state mentoring.SlotState, listing *table.Record, err error) {
	if !id.Valid() {
		return state, nil, mentoring.Missing()
	}
	_, to := table.Prefixed(placeSeat)
	page, err := d.Table.Query(ctx, table.Range{PK: slotKey(id, "").PK, From: from, To: to, Limit: mentoring.MaxSeats + 2})
	if err != nil {
		return state, nil, err
	}
	for _, r := range page.Records {
		switch {
		case r.SK == placeListing:
			listing = &r
		case r.SK == placeMeta:
			state.Slot, err = decodeSlot(r)
		case strings.HasPrefix(r.SK, placeSeat):
			var seat mentoring.Seat
			seat, err = decodeSeat(r)
			state.Seats = append(state.Seats, seat)
		}
		if err != nil {
			return state, nil, err
		}
	}
	if state.Slot.ID == "" {
		return state, nil, mentoring.Missing()
	}
	return state, listing, nil
}

// agenda reads what somebody has in hand: nothing for a person who does not exist.
func (d *Desk) agenda(who mentoring.PersonID, into *mentoring.Agenda) reading {
	return func(ctx context.Context) error {
		records, err := d.Table.Get(ctx, personKey(who, placeAgenda))
		if err == nil && len(records) > 0 {
			*into, err = decodeAgenda(records[0])
		}
		return err
	}
}

// bookingOf reads a booking for one of its parties: [mentoring.NotFound] for everybody else.
func (d *Desk) bookingOf(c Caller, id mentoring.BookingID, into *mentoring.Booking) reading {
	return func(ctx context.Context) (err error) {
		if *into, err = d.booking(ctx, id); err != nil {
			return err
		}
		if _, ok := into.RoleOf(c.ID); !ok {
			return mentoring.Missing()
		}
		return nil
	}
}

// booking reads a booking: [mentoring.NotFound] where there is none.
func (d *Desk) booking(ctx context.Context, id mentoring.BookingID) (mentoring.Booking, error) {
	if !id.Valid() {
		return mentoring.Booking{}, mentoring.Missing()
	}
	records, err := d.Table.Get(ctx, bookingKey(id, placeBooking))
	if err != nil {
		return mentoring.Booking{}, err
	}
	if len(records) == 0 {
		return mentoring.Booking{}, mentoring.Missing()
	}
	return decodeBooking(records[0])
}

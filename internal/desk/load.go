package desk

import (
	"context"
	"strings"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/telemetry"
)

// reading is one read of a round.
type reading func(ctx context.Context) error

// round runs reads side by side: one trip to storage, however many there are.
func (d *Desk) round(ctx context.Context, reads ...reading) error {
	if len(reads) == 1 { // beside nothing
		return reads[0](table.Together(ctx))
	}
	group, ctx := telemetry.SideBySide(table.Together(ctx))
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
	// suppression is of the caller's address, where that was asked for.
	suppression *table.Record
	holder      *table.Record // who has the caller's address, likewise
}

// self reads the caller's standing, and what is remembered of the request; in the same read also what is at more keys.
func (d *Desk) self(c Caller, once Once, into *standing, more ...table.Key) reading {
	return func(ctx context.Context) error {
		keys := []table.Key{personKey(c.ID, placeProfile), personKey(c.ID, placeAgenda)}
		if once.given() {
			keys = append(keys, once.key(c.ID))
		}
		keys = append(keys, more...)
		records, err := d.Table.Get(ctx, keys...)
		if err != nil {
			return err
		}
		into.stored = c.visitor()
		for _, r := range records {
			switch {
			case r.Key == keys[0]:
				into.stored, err = decodePerson(r)
				into.stored = into.stored.Known(c.visitor())
			case r.Key == keys[1]:
				into.Agenda, err = decodeAgenda(r)
				into.Agenda = into.Agenda.From(d.Now()) // what is over gives nobody a right to see anything
			case r.Key == suppressionKey(c.Email):
				into.suppression = &r
			case r.Key == addressKey(mentoring.AddressOf(c.Email), placeHolder):
				into.holder = &r
			default:
				into.memory = &r
			}
			if err != nil {
				return err
			}
		}
		into.Person, into.Coordinator = into.stored.SignedIn(c.Email), c.Coordinator
		return nil
	}
}

// whole is a slot as one query finds it.
type whole struct {
	mentoring.SlotState
	shown     *table.Record // what browsing shows of it
	monthFull bool          // as browsing has it
}

// wholeSlot reads a slot with its seats, those who wait and what browsing shows: [mentoring.NotFound] where there is none.
func (d *Desk) wholeSlot(id mentoring.SlotID, into *whole) reading {
	return func(ctx context.Context) error {
		if !id.Valid() {
			return mentoring.Missing()
		}
		*into = whole{}
		var slot mentoring.Slot
		var seats []mentoring.Seat
		var waiters []mentoring.Waiter
		_, to := table.Prefixed(placeSeat)
		r := table.Range{PK: slotKey(id, "").PK, From: placeListing, To: to, Limit: table.MaxGets}
		for more := true; more; {
			page, err := d.Table.Query(ctx, r)
			if err != nil {
				return err
			}
			for _, found := range page.Records {
				if err := into.sort(found, &slot, &seats, &waiters); err != nil {
					return err
				}
				r.From = table.After(found.SK)
			}
			more = page.More && len(page.Records) > 0
		}
		if slot.ID == "" {
			return mentoring.Missing()
		}
		into.SlotState = mentoring.NewState(slot, seats, waiters)
		return nil
	}
}

func (w *whole) sort(r table.Record, slot *mentoring.Slot, seats *[]mentoring.Seat, waiters *[]mentoring.Waiter) (err error) {
	switch {
	case r.SK == placeListing:
		w.shown = &r
		var l listedMonth
		l, err = decode[listedMonth](r)
		w.monthFull = l.MonthFull
	case r.SK == placeMeta:
		*slot, err = decodeSlot(r)
	case strings.HasPrefix(r.SK, placeSeat):
		var seat mentoring.Seat
		seat, err = decodeSeat(r)
		*seats = append(*seats, seat)
	case strings.HasPrefix(r.SK, placeQueue):
		var waiter mentoring.Waiter
		waiter, err = decodeWaiter(r)
		*waiters = append(*waiters, waiter)
	}
	return err
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

// viewer reads a profile and an agenda: those of somebody who never was here where there are none.
func (d *Desk) viewer(who mentoring.PersonID, into *mentoring.Viewer) reading {
	return func(ctx context.Context) error {
		records, err := d.Table.Get(ctx, personKey(who, placeProfile), personKey(who, placeAgenda))
		if err != nil {
			return err
		}
		*into = mentoring.Viewer{Person: mentoring.Person{ID: who}}
		return sortViewer(records, into)
	}
}

func sortViewer(records []table.Record, into *mentoring.Viewer) (err error) {
	for _, r := range records {
		switch r.SK {
		case placeProfile:
			into.Person, err = decodePerson(r)
		case placeAgenda:
			into.Agenda, err = decodeAgenda(r)
		}
		if err != nil {
			return err
		}
	}
	return nil
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

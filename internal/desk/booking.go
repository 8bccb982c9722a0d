package desk

import (
	"context"
	"errors"
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Booking returns a booking to one of its two parties: GET /v1/bookings/{id}. It refuses with
// [mentoring.NotFound], also for a booking of others, or [mentoring.Busy].
func (d *Desk) Booking(ctx context.Context, c Caller, id mentoring.BookingID) (BookingView, error) {
	var b mentoring.Booking
	var w whole
	err := d.bookingOf(c, id, &b)(ctx)
	if err == nil {
		err = d.wholeSlot(b.Slot, &w)(ctx)
	}
	return read(viewBooking(b, w.Slot.Meeting, c, d.Now()), err)
}

// BookingFilter selects bookings of one person. Zero fields but Role select all.
type BookingFilter struct {
	Role     mentoring.Role
	Status   []mentoring.BookingStatus
	From, To time.Time // starting at or after From, before To
}

// Bookings lists the caller's bookings on one side, by the time of their sessions: GET /v1/bookings. after
// is the Next of the page before; a page may be short and not be the last. It refuses with
// [mentoring.Busy].
func (d *Desk) Bookings(ctx context.Context, c Caller, f BookingFilter, after string, limit int) (List[BookingView], error) {
	var page List[BookingView]
	now := d.Now()
	r := f.stretch(c.ID, after, limit)
	for range maxSweeps {
		places, err := d.Table.Query(ctx, r)
		if err != nil {
			return read(page, err)
		}
		bookings, err := d.bookingsAt(ctx, places.Records)
		if err != nil {
			return read(page, err)
		}
		for _, b := range bookings {
			if len(f.Status) == 0 || slices.Contains(f.Status, b.StatusAt(now)) {
				page.Items = append(page.Items, viewBooking(b, mentoring.Meeting{}, c, now))
			}
			if len(page.Items) == limit {
				page.Next = placeAt(b.StartsAt, string(b.ID))
				return page, nil
			}
		}
		if page.Next = ""; !places.More || len(places.Records) == 0 {
			return page, nil
		}
		page.Next = places.Records[len(places.Records)-1].Entries[r.Index].SK
		r.From = table.After(page.Next)
	}
	return page, nil
}

func (f BookingFilter) stretch(who mentoring.PersonID, after string, limit int) table.Range {
	r := table.Range{Index: table.Attending, PK: "PERSON#" + string(who), Limit: limit}
	if f.Role == mentoring.Expert {
		r.Index = table.Hosting
	}
	if !f.From.IsZero() {
		r.From = placeAt(f.From, "")
	}
	if after != "" && after >= r.From {
		r.From = table.After(after)
	}
	if !f.To.IsZero() {
		r.To = placeAt(f.To, "")
	}
	return r
}

// bookingsAt reads the bookings that an index of bare keys named.
func (d *Desk) bookingsAt(ctx context.Context, places []table.Record) ([]mentoring.Booking, error) {
	if len(places) == 0 {
		return nil, nil
	}
	keys := make([]table.Key, len(places))
	for i, r := range places {
		keys[i] = r.Key
	}
	records, err := d.Table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	bookings := make([]mentoring.Booking, len(records))
	for i, r := range records {
		if bookings[i], err = decodeBooking(r); err != nil {
			return nil, err
		}
	}
	return bookings, nil
}

// ignoreMissing turns "there is none" into "nothing to do".
func ignoreMissing(err error) error {
	if errors.Is(err, mentoring.Missing()) {
		return nil
	}
	return err
}

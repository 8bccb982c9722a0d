package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Forget takes the name and the words of somebody who was erased at a time out of all that is held: of their bookings and slots
// of before, on both sides, and of what is remembered of requests. What they did since, should they have come back, stays.
// It can be asked again, and returns [mentoring.Busy] where something could not be decided.
func (d *Desk) Forget(ctx context.Context, id mentoring.PersonID, at time.Time) error {
	if err := d.Leave(ctx, id, at); err != nil {
		return err
	}
	others := map[mentoring.PersonID]bool{}
	for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
		err := d.eachBooking(ctx, id, role, func(b mentoring.Booking) error {
			if others[b.Other(role).ID] = true; b.BookedAt.After(at) {
				return nil
			}
			return d.forgetBooking(ctx, b.ID, mentoring.ForgetSide(role))
		})
		if err != nil {
			return err
		}
	}
	hosted, err := d.slotsOf(ctx, id)
	for _, slot := range hosted {
		if !slot.PublishedAt.After(at) && err == nil {
			err = d.forgetSlot(ctx, slot.ID, mentoring.ForgetSide(mentoring.Expert))
		}
	}
	for _, other := range slices.Sorted(maps.Keys(others)) {
		if err == nil {
			err = d.forgetAnswers(ctx, other, func(_ time.Time, text []byte) bool { return bytes.Contains(text, []byte(id)) })
		}
	}
	return errors.Join(err,
		d.forgetAnswers(ctx, id, func(answered time.Time, _ []byte) bool { return !answered.After(at) }),
		d.forgetPlaces(ctx, id))
}

// eachBooking hands over all bookings of somebody on one side, by time.
func (d *Desk) eachBooking(ctx context.Context, id mentoring.PersonID, role mentoring.Role, do func(mentoring.Booking) error) error {
	for r := (BookingFilter{Role: role}).stretch(id, "", table.MaxGets); ; {
		page, err := d.Table.Query(ctx, r)
		if err != nil {
			return err
		}
		bookings, err := d.bookingsAt(ctx, page.Records)
		if err != nil {
			return err
		}
		for _, b := range bookings {
			if err := do(b); err != nil {
				return err
			}
		}
		if !page.More || len(page.Records) == 0 {
			return nil
		}
		r.From = table.After(page.Records[len(page.Records)-1].Entries[r.Index].SK)
	}
}

// slotsOf are all slots that somebody ever hosted, by time.
func (d *Desk) slotsOf(ctx context.Context, id mentoring.PersonID) (slots []mentoring.Slot, err error) {
	for r := (table.Range{Index: table.Hosting, PK: hostPartition(id), Limit: table.MaxGets}); ; {
		page, err := d.Table.Query(ctx, r)
		if err != nil || len(page.Records) == 0 {
			return slots, err
		}
		some, err := d.slotsAt(ctx, page.Records)
		if err != nil {
			return nil, err
		}
		slots = append(slots, some...)
		if !page.More {
			return slots, nil
		}
		r.From = table.After(page.Records[len(page.Records)-1].Entries[r.Index].SK)
	}
}

// slotsAt reads the slots that index entries name, in their order.
func (d *Desk) slotsAt(ctx context.Context, entries []table.Record) ([]mentoring.Slot, error) {
	keys := make([]table.Key, len(entries))
	for i, r := range entries {
		keys[i] = r.Key
	}
	records, err := d.Table.Get(ctx, keys...)
	if err != nil {
		return nil, err
	}
	slots := make([]mentoring.Slot, len(records))
	for i, r := range records {
		if slots[i], err = decodeSlot(r); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(slots, func(a, b mentoring.Slot) int { return a.StartsAt.Compare(b.StartsAt) })
	return slots, nil
}

// forgetBooking forgets words and names of a booking, and with the words those to the programme.
func (d *Desk) forgetBooking(ctx context.Context, id mentoring.BookingID, f mentoring.Forget) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		records, err := d.Table.Get(ctx, paperKeys(id)...)
		if err != nil {
			return none, nil, err
		}
		var p mentoring.Papers
		for _, r := range records {
			if err := sortPaper(r, &p); err != nil {
				return none, nil, err
			}
		}
		changes := mentoring.DecideForget(p, f)
		writes := d.writes(changes)
		for _, s := range changes.Surveys {
			writes = append(writes, table.Drop(factKey(p.Booking.StartsAt, placeNote+string(s.Role)+"#"+string(id))))
		}
		return none, writes, nil
	})
	return err
}

func (d *Desk) forgetSlot(ctx context.Context, id mentoring.SlotID, f mentoring.Forget) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		var w whole
		if err := d.wholeSlot(id, &w)(ctx); err != nil {
			return none, nil, ignoreMissing(err)
		}
		changes, err := mentoring.DecideForgetSlot(caseOf(w), f, d.Policy)
		return none, d.writes(changes, w), err
	})
	return err
}

// forgetAnswers forgets what is remembered of somebody's requests, where that is asked for. Should one of these come again
// within the day, it is decided anew: what it was about is cancelled or over, so it has no effect a second time.
func (d *Desk) forgetAnswers(ctx context.Context, of mentoring.PersonID, which func(answered time.Time, text []byte) bool) error {
	records, err := d.partition(ctx, answersOf(of))
	if err != nil {
		return err
	}
	var gone []table.Write
	for _, r := range records {
		m, err := decode[memory[json.RawMessage]](r)
		if err != nil {
			return err
		}
		if which(m.At, r.Data) {
			gone = append(gone, table.Drop(r.Key))
		}
	}
	return d.dropAll(ctx, gone)
}

// forgetPlaces drops what lies beside the profile of somebody who is nobody: the months they gave sessions in, how much mail
// they had, and which concerns they raised. The concerns stay with those who look after the programme, for the sake of
// others; the profile stays as the mark of who is nobody, the agenda for the strikes and blocks in it, and so does who
// reported to them: ids, all of it.
func (d *Desk) forgetPlaces(ctx context.Context, id mentoring.PersonID) error {
	var who mentoring.Person
	if err := d.profile(id, &who)(ctx); err != nil || who.Enrolled() {
		return err
	}
	var gone []table.Write
	for _, prefix := range []string{placeMonth, placeMails, placeConcern} {
		keys, err := d.keysOf(ctx, id, prefix)
		if err != nil {
			return err
		}
		for _, key := range keys {
			gone = append(gone, table.Drop(key))
		}
	}
	return d.dropAll(ctx, gone)
}

func (d *Desk) dropAll(ctx context.Context, gone []table.Write) error {
	for some := range slices.Chunk(gone, table.MaxWrites) {
		if err := d.Table.Commit(ctx, some...); err != nil {
			return err
		}
	}
	return nil
}

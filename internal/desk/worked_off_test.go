package desk_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// workOff does what the clock and the mailer do, all but sending: it looks at every slot that is due, handles every event,
// and returns who is told what, as "name: kind", in alphabetical order.
func (o *office) workOff(t testing.TB) (told []string) {
	t.Helper()
	for keys := o.due(t, o.DueShards, o.WakesDue); len(keys) > 0; keys = o.due(t, o.DueShards, o.WakesDue) {
		for _, key := range keys {
			if _, err := o.Wake(t.Context(), key); err != nil {
				t.Fatal(err)
			}
		}
	}
	names := map[string]bool{} // a message of the same name is sent once
	for keys := o.due(t, o.OutboxShards, o.OutboxDue); len(keys) > 0; keys = o.due(t, o.OutboxShards, o.OutboxDue) {
		for _, key := range keys {
			for _, n := range o.handle(t, key) {
				if name := string(n.Booking.ID+"/") + string(n.Slot.ID+"/") + n.Name(); !names[name] {
					names[name] = true
					told = append(told, n.Reader.Profile.Name+": "+string(n.Kind))
				}
			}
		}
	}
	slices.Sort(told)
	return told
}

// handle does what an event asks for, removes it, and returns who is to be told.
func (o *office) handle(t testing.TB, key table.Key) []mentoring.Notice {
	t.Helper()
	row, err := o.OutboxRow(t.Context(), key)
	if err != nil || row == nil {
		t.Fatalf("event %v: %v", key, err)
	}
	e := row.Event
	if e.Kind == mentoring.PersonChanged {
		err = o.FollowPerson(t.Context(), e.Person, 0)
	}
	if e.Kind == mentoring.PersonArrived {
		err = o.Meet(t.Context(), e.Person)
	}
	for _, slot := range []mentoring.SlotID{e.Slot, e.From} {
		if slot != "" {
			err = errors.Join(err, o.Tend(t.Context(), slot, time.Time{}), o.TendMonth(t.Context(), slot, e.Was))
		}
	}
	if e.Kind.Counted() {
		err = errors.Join(err, o.RecordFacts(t.Context(), e))
	}
	notices, _, failed := o.Notices(t.Context(), e)
	if err = errors.Join(err, failed, o.Handled(t.Context(), row)); err != nil {
		t.Fatalf("event %s: %v", e.Kind, err)
	}
	return notices
}

// due are the keys of all shards that are due by now.
func (o *office) due(
	t testing.TB, shards int,
	find func(_ context.Context, shard int, after string, until time.Time, limit int) ([]table.Key, error),
) (all []table.Key) {
	t.Helper()
	for shard := range shards {
		keys, err := find(t.Context(), shard, "", o.clock(), 1000)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, keys...)
	}
	return all
}

// onRequest is a draft whose expert wants to be asked.
func onRequest(seats int, ahead time.Duration) mentoring.SlotDraft {
	d := circle(seats, ahead)
	d.Approval = mentoring.OnRequest
	return d
}

// waiting is a request that takes a place on the waiting list where there is no seat.
func waiting() mentoring.BookingRequest {
	r := request
	r.JoinWaitlist = true
	return r
}

// booked is a booking of a slot, with a seat or without.
func (o *office) booked(t testing.TB, c desk.Caller, slot mentoring.SlotID) mentoring.BookingID {
	t.Helper()
	view, err := o.Book(t.Context(), c, slot, waiting(), desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return view.Booking.ID
}

// status is what a booking's requester or expert reads that it is.
func (o *office) status(t testing.TB, c desk.Caller, id mentoring.BookingID) mentoring.BookingStatus {
	t.Helper()
	view, err := o.Booking(t.Context(), c, id)
	if err != nil {
		t.Fatal(err)
	}
	return view.Status
}

// wakes are all looks that are planned, whenever.
func (o *office) wakes(t testing.TB) (all []table.Key) {
	t.Helper()
	for shard := range o.DueShards {
		keys, err := o.WakesDue(t.Context(), shard, "", o.clock().Add(400*24*time.Hour), 1000)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, keys...)
	}
	return all
}

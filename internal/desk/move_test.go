package desk_test

import (
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// A move is the new seat or the old one, never none: the booking stays what it is, with its purpose.
func TestMove(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, bob, ben := o.enrolled(t, "ada"), o.enrolled(t, "bob"), o.enrolled(t, "ben")
	from, to := o.published(t, ada, circle(1, 50*time.Hour)), o.published(t, bob, circle(1, 60*time.Hour))
	id := o.booked(t, ben, from)
	o.workOff(t)
	_, err := o.Move(ctx, ben, id, mentoring.Move{To: to}, desk.Once{}) // another expert, and no word on conflicts
	refusedFor(t, err, mentoring.InvalidField)
	_, err = o.Move(ctx, ada, id, mentoring.Move{To: to}, desk.Once{})
	refusedFor(t, err, mentoring.Forbidden)
	_, err = o.Move(ctx, bob, id, mentoring.Move{To: to}, desk.Once{})
	refusedFor(t, err, mentoring.NotFound)
	_, err = o.Move(ctx, ben, id, mentoring.Move{To: mentoring.NewSlotID([16]byte{1})}, desk.Once{})
	refusedFor(t, err, mentoring.NotFound)
	_, err = o.Move(ctx, ben, id, mentoring.Move{To: from}, desk.Once{})
	refusedFor(t, err, mentoring.AlreadyBooked)

	moved, err := o.Move(ctx, ben, id, mentoring.Move{To: to, NoConflict: true}, key("m"))
	b := moved.Booking
	if err != nil || b.ID != id || b.Slot != to || b.Expert.ID != bob.ID || moved.Version != 2 || b.Purpose != request.Purpose || !b.StartsAt.Equal(morning.Add(60*time.Hour)) {
		t.Fatalf("moved: %+v, %v", moved, err)
	}
	sameNews(t, o.workOff(t), "ada: booking_moved", "ben: booking_moved", "bob: booking_moved")
	_, err = o.Booking(ctx, ada, id) // whose it is no longer
	refusedFor(t, err, mentoring.NotFound)
	for slot, want := range map[mentoring.SlotID]int{from: 0, to: 1} {
		if view, err := o.Slot(ctx, ben, slot); err != nil || view.Taken != want {
			t.Errorf("%d seats are taken, want %d (%v)", view.Taken, want, err)
		}
	}
	o.booked(t, o.enrolled(t, "eve"), from)
	for _, wrong := range o.unsound(t, []desk.Caller{ada, bob, ben, person("eve")}, from, to) {
		t.Error(wrong)
	}
}

// What cannot be had leaves the old seat as it is.
func TestAMoveThatFailsChangesNothing(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, bob, ben := o.enrolled(t, "ada"), o.enrolled(t, "bob"), o.enrolled(t, "ben")
	from := o.published(t, ada, circle(1, 50*time.Hour))
	id := o.booked(t, ben, from)
	full := o.published(t, bob, circle(1, 60*time.Hour))
	o.booked(t, o.enrolled(t, "eve"), full)
	phone := circle(1, 70*time.Hour)
	phone.Modes = []mentoring.Mode{mentoring.Phone}
	own := o.published(t, ben, circle(1, 80*time.Hour))
	overlapping := o.published(t, bob, circle(1, 80*time.Hour))
	closed := o.published(t, bob, circle(1, 90*time.Hour))
	must(t, ignore(o.Close(ctx, bob, closed, desk.Once{})))
	for slot, want := range map[mentoring.SlotID]mentoring.Code{
		full: mentoring.SlotFull, o.published(t, bob, phone): mentoring.ModeNotOffered, own: mentoring.OwnSlot,
		overlapping: mentoring.OverlappingSession, closed: mentoring.NoLongerOpen,
	} {
		refusedFor(t, moving(o, ben, id, slot), want)
	}
	o.advance(26 * time.Hour)
	refusedFor(t, moving(o, ben, id, o.published(t, bob, circle(1, 100*time.Hour))), mentoring.TooLateToCancel)
	if view, err := o.Booking(ctx, ben, id); err != nil || view.Version != 1 || view.Booking.Slot != from || view.Status != confirmed {
		t.Errorf("in the end: %+v, %v", view, err)
	}
}

// There and back again, and the limits on sessions do not count the one that is moved.
func TestMoveThereAndBack(t *testing.T) {
	for name, d := range map[string]func(int, time.Duration) mentoring.SlotDraft{"instant": circle, "on request": onRequest} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, nil)
			o.Policy.MaxUpcoming, o.Policy.MaxAsks = 1, 1
			ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
			here, there := o.published(t, ada, d(1, 40*time.Hour)), o.published(t, ada, d(1, 41*time.Hour))
			id := o.booked(t, ben, here)
			for range 2 {
				must(t, moving(o, ben, id, there))
				must(t, moving(o, ben, id, here))
			}
			for _, wrong := range o.unsound(t, []desk.Caller{ada, ben}, here, there) {
				t.Error(wrong)
			}
			o.workOff(t)
			o.advance(38 * time.Hour)
			if o.status(t, ada, id) == expired {
				sameNews(t, o.workOff(t), "ada: request_expired", "ben: request_expired", "ada: slot_unfilled")
			} else {
				sameNews(t, o.workOff(t), "ada: reminder_24h", "ben: reminder_24h")
			}
		})
	}
}

// Moving from a waiting list to a seat, and from a seat to one that has to be asked for.
func TestMovesChangeWhatABookingIs(t *testing.T) {
	o := openOffice(t, nil)
	ada, bob, ben := o.enrolled(t, "ada"), o.enrolled(t, "bob"), o.enrolled(t, "ben")
	busy := o.published(t, ada, circle(1, 50*time.Hour))
	o.booked(t, o.enrolled(t, "eve"), busy)
	id := o.booked(t, ben, busy)
	free, onAsking := o.published(t, bob, circle(1, 60*time.Hour)), o.published(t, ada, onRequest(1, 70*time.Hour))
	o.workOff(t)
	must(t, moving(o, ben, id, free))
	if status := o.status(t, ben, id); status != confirmed {
		t.Errorf("from the waiting list to a seat: %s", status)
	}
	sameNews(t, o.workOff(t), "ben: booking_moved", "bob: booking_moved")
	must(t, moving(o, ben, id, onAsking))
	if status := o.status(t, ben, id); status != asked {
		t.Errorf("from a seat to one to be asked for: %s", status)
	}
	sameNews(t, o.workOff(t), "ben: booking_moved", "bob: booking_moved", "ada: booking_requested")
	for _, wrong := range o.unsound(t, []desk.Caller{ada, bob, ben, person("eve")}, busy, free, onAsking) {
		t.Error(wrong)
	}
}

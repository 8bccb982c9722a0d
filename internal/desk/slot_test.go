package desk_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// A batch is published as a whole or not at all.
func TestBatch(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada := o.enrolled(t, "ada")
	var drafts []mentoring.SlotDraft
	for i := range 20 {
		drafts = append(drafts, circle(1+i%12, time.Duration(50+i)*time.Hour))
		drafts[i].At = fmt.Sprintf("/slots/%d", i)
	}
	wrong := slices.Clone(drafts)
	wrong[7].Topic, wrong[19].DurationMinutes = "astrology", 31
	_, err := o.PublishAll(ctx, ada, wrong, key("b"))
	var refused *mentoring.Error
	if !errors.As(err, &refused) || len(refused.Faults) != 2 || refused.Faults[0].Pointer != "/slots/7/topic" || refused.Faults[1].Pointer != "/slots/19/durationMinutes" {
		t.Fatalf("a batch with two mistakes: %v", err)
	}
	wrong = slices.Clone(drafts)
	wrong[19].StartsAt = wrong[3].StartsAt
	_, err = o.PublishAll(ctx, ada, wrong, key("b"))
	refusedFor(t, err, mentoring.OverlappingSession)
	if page, err := o.OpenSlots(ctx, ada, desk.SlotFilter{}, "", 20); err != nil || len(page.Items) != 0 {
		t.Fatalf("refused batches published %d slots, %v", len(page.Items), err)
	}
	views, err := o.PublishAll(ctx, ada, drafts, key("b"))
	if err != nil || len(views) != 20 {
		t.Fatalf("published %d, %v", len(views), err)
	}
	page, err := o.OpenSlots(ctx, ada, desk.SlotFilter{}, "", 100)
	for i, item := range page.Items {
		if item.Slot.ID != views[i].Slot.ID || item.Slot.Capacity != 1+i%12 {
			t.Errorf("slot %d is listed as %+v", i, item.Slot)
		}
	}
	if err != nil || len(page.Items) != 20 {
		t.Errorf("%d slots are listed, %v", len(page.Items), err)
	}
}

// While nobody has booked everything may change; afterwards what those who come can bear.
func TestRevise(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	slot := o.published(t, ada, circle(3, 50*time.Hour))
	approval := mentoring.OnRequest
	all := mentoring.Revision{Topic: new("sales"), Capacity: new(2), Approval: &approval, Title: new("How to sell")}
	_, err := o.Revise(ctx, ben, slot, all, nil)
	refusedFor(t, err, mentoring.Forbidden)
	revised, err := o.Revise(ctx, ada, slot, all, new(int64(1)))
	if err != nil || revised.Version != 2 || revised.Slot.Topic != "sales" || revised.Slot.Capacity != 2 {
		t.Fatalf("revised: %+v, %v", revised, err)
	}
	if again, err := o.Revise(ctx, ada, slot, all, new(int64(1))); err != nil || again.Version != 2 {
		t.Errorf("the same again: %+v, %v", again, err)
	}
	_, err = o.Revise(ctx, ada, slot, mentoring.Revision{Title: new("How to buy")}, new(int64(1)))
	refusedFor(t, err, mentoring.VersionConflict)
	for _, topic := range []string{"finance", "sales"} {
		page, err := o.OpenSlots(ctx, eve, desk.SlotFilter{Topic: topic}, "", 20)
		if err != nil || (len(page.Items) == 1) != (topic == "sales") {
			t.Errorf("under %s are listed %d, %v", topic, len(page.Items), err)
		}
	}

	id := o.booked(t, ben, slot)
	must(t, ignore(o.Approve(ctx, ada, id, desk.Once{})))
	o.workOff(t)
	for _, frozen := range []mentoring.Revision{
		{Topic: new("finance")}, {Approval: new(mentoring.Instant)}, {TimeZone: new("Asia/Tokyo")}, {CancelNoticeMinutes: new(0)},
	} {
		_, err = o.Revise(ctx, ada, slot, frozen, nil)
		refusedFor(t, err, mentoring.InvalidField)
	}
	_, err = o.Revise(ctx, ada, slot, mentoring.Revision{Title: new("How to buy"), VideoURL: new("https://other.example/room"), Capacity: new(3)}, nil)
	must(t, err)
	sameNews(t, o.workOff(t), "ben: slot_changed", "ada: slot_changed")
	read, err := o.Booking(ctx, ben, id)
	if err != nil || read.Booking.Title != "How to buy" || read.Meeting.VideoURL != "https://other.example/room" {
		t.Errorf("who comes reads %+v, %v", read, err)
	}
	for _, wrong := range o.unsound(t, []desk.Caller{ada, ben}, slot) {
		t.Error(wrong)
	}
}

// A new time moves everybody at once, or nobody.
func TestReschedule(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	slot, ada, held := o.full(t, circle(3, 50*time.Hour), 1)
	o.workOff(t)
	at := func(d time.Duration) mentoring.Revision { return mentoring.Revision{StartsAt: new(morning.Add(d))} }
	for _, h := range held[:2] {
		o.booked(t, h.who, o.published(t, o.enrolled(t, "expert of "+h.who.Name), circle(1, 60*time.Hour)))
	}
	_, err := o.Revise(ctx, ada, slot, at(60*time.Hour), nil)
	var refused *mentoring.Error
	if !errors.As(err, &refused) || refused.Code != mentoring.ParticipantsBusy || refused.Participants != 2 {
		t.Fatalf("two of three cannot: %v", err)
	}
	o.published(t, ada, circle(1, 65*time.Hour))
	_, err = o.Revise(ctx, ada, slot, at(65*time.Hour), nil)
	refusedFor(t, err, mentoring.OverlappingSession)
	o.workOff(t)
	must(t, ignore(o.Revise(ctx, ada, slot, at(70*time.Hour), nil)))
	sameNews(t, o.workOff(t), "ada: slot_changed", "requester-000: slot_changed", "requester-001: slot_changed", "requester-002: slot_changed")
	people := []desk.Caller{ada}
	for _, h := range held {
		people = append(people, h.who)
		if view, err := o.Booking(ctx, h.who, h.id); err != nil || !view.Booking.StartsAt.Equal(morning.Add(70*time.Hour)) {
			t.Errorf("%s comes at %v, %v", h.who.Name, view.Booking.StartsAt, err)
		}
	}
	for _, wrong := range o.unsound(t, people, slot) {
		t.Error(wrong)
	}
	o.advance(69 * time.Hour) // who was moved can leave: they did not agree to this time
	must(t, cancelling(held[0].who, held[0].id)(o))
}

// A closed slot takes no more bookings, keeps those it has, and lets go of those who wait.
func TestClose(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	slot, ada, held := o.full(t, circle(2, 50*time.Hour), 1)
	o.workOff(t)
	closed, err := o.Close(ctx, ada, slot, desk.Once{})
	if err != nil || closed.Status != mentoring.SlotClosed || closed.Version != 2 {
		t.Fatalf("closed: %+v, %v", closed, err)
	}
	if again, err := o.Close(ctx, ada, slot, desk.Once{}); err != nil || again.Version != 2 {
		t.Errorf("closed again: %+v, %v", again, err)
	}
	sameNews(t, o.workOff(t), "requester-002: request_expired")
	must(t, cancelling(held[0].who, held[0].id)(o))
	_, err = o.Book(ctx, o.enrolled(t, "kim"), slot, waiting(), desk.Once{})
	refusedFor(t, err, mentoring.NoLongerOpen)
	if page, err := o.OpenSlots(ctx, ada, desk.SlotFilter{}, "", 20); err != nil || len(page.Items) != 0 {
		t.Errorf("a closed slot is listed: %+v, %v", page.Items, err)
	}
	for i, want := range []mentoring.BookingStatus{cancelled, confirmed, expired} {
		if status := o.status(t, held[i].who, held[i].id); status != want {
			t.Errorf("booking %d is %s, want %s", i, status, want)
		}
	}
}

// The most there can be: twelve hold a seat, thirty wait. The slot and its seats go in one commit, the waits in a few more,
// and everybody is told once.
func TestCancelAFullSlot(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	slot, ada, held := o.full(t, circle(12, 50*time.Hour), 30)
	o.workOff(t)
	_, err := o.CancelSlot(ctx, held[0].who, slot, mentoring.Cancel{}, desk.Once{})
	refusedFor(t, err, mentoring.Forbidden)
	gone, err := o.CancelSlot(ctx, ada, slot, mentoring.Cancel{Reason: "I am ill."}, desk.Once{})
	if err != nil || gone.Status != mentoring.SlotCancelled || gone.Taken != 0 || gone.Actions != nil {
		t.Fatalf("cancelled: %+v, %v", gone, err)
	}
	for i, h := range held[:12] {
		view, err := o.Booking(ctx, h.who, h.id)
		if err != nil || view.Status != cancelled || view.Booking.Ended.Cause != mentoring.SlotGone || view.Booking.Ended.Reason != "I am ill." {
			t.Errorf("booking %d: %+v, %v", i, view, err)
		}
	}
	want := []string{"ada: booking_cancelled"}
	people := []desk.Caller{ada}
	for _, h := range held {
		want = append(want, h.who.Name+": booking_cancelled")
		people = append(people, h.who)
	}
	sameNews(t, o.workOff(t), want...)
	for _, h := range held[12:] {
		if status := o.status(t, h.who, h.id); status != cancelled {
			t.Errorf("who waited is %s", status)
		}
	}
	for _, wrong := range o.unsound(t, people, slot) {
		t.Error(wrong)
	}
	if view, err := o.Slot(ctx, ada, slot); err != nil || view.Waiting != 0 {
		t.Errorf("%d wait, %v", view.Waiting, err)
	}
	o.published(t, ada, circle(1, 50*time.Hour)) // the expert's time is free again
	if page, err := o.OpenSlots(ctx, ada, desk.SlotFilter{}, "", 20); err != nil || len(page.Items) != 1 {
		t.Errorf("%d slots are listed, %v", len(page.Items), err)
	}
}

// Fewer come than the session needs: it is called off when bookings are over.
func TestTooFewBooked(t *testing.T) {
	for name, enough := range map[string]bool{"too few": false, "enough": true} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, nil)
			ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
			d := circle(3, 50*time.Hour)
			d.MinAttendees = new(2)
			slot := o.published(t, ada, d)
			id := o.booked(t, ben, slot)
			if enough {
				o.booked(t, eve, slot)
			}
			o.workOff(t)
			o.advance(48 * time.Hour)
			if enough {
				sameNews(t, o.workOff(t), "ada: reminder_24h", "ben: reminder_24h", "eve: reminder_24h")
				if status := o.status(t, ben, id); status != confirmed {
					t.Errorf("the booking is %s", status)
				}
				return
			}
			sameNews(t, o.workOff(t), "ada: slot_unfilled", "ben: booking_cancelled")
			if view, err := o.Booking(t.Context(), ben, id); err != nil || view.Status != cancelled || view.Booking.Ended.Cause != mentoring.TooFew {
				t.Errorf("the booking is %+v, %v", view, err)
			}
			d.BookingNoticeMinutes = new(0)
			o.published(t, ada, d) // the expert's time is free again
		})
	}
}

func TestNobodyBooked(t *testing.T) {
	o := openOffice(t, nil)
	ada := o.enrolled(t, "ada")
	slot := o.published(t, ada, circle(3, 50*time.Hour))
	o.advance(48 * time.Hour)
	sameNews(t, o.workOff(t), "ada: slot_unfilled")
	o.advance(2 * time.Hour)
	sameNews(t, o.workOff(t))
	if view, err := o.Slot(t.Context(), ada, slot); err != nil || view.Status != mentoring.SlotExpired {
		t.Errorf("the slot is %s, %v", view.Status, err)
	}
	o.advance(time.Hour)
	sameNews(t, o.workOff(t))
	if n := len(o.wakes(t)); n != 0 {
		t.Errorf("%d looks are planned at a slot that is over", n)
	}
}

// An earlier end of bookings is looked for when it comes, not when the old one would have.
func TestBookingsEndEarlier(t *testing.T) {
	o := openOffice(t, nil)
	ada := o.enrolled(t, "ada")
	slot := o.published(t, ada, circle(3, 50*time.Hour))
	must(t, ignore(o.Revise(t.Context(), ada, slot, mentoring.Revision{BookingNoticeMinutes: new(10 * 60)}, nil)))
	o.workOff(t)
	o.advance(40 * time.Hour)
	sameNews(t, o.workOff(t), "ada: slot_unfilled")
}

// The expert sees who comes, who asked, and who waits, in that order; others do not.
func TestRoster(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	slot, ada, held := o.full(t, onRequest(2, 50*time.Hour), 2)
	must(t, cancelling(held[2].who, held[2].id)(o))
	all, err := o.Roster(ctx, ada, slot)
	if err != nil || len(all) != 3 || all[2].Booking.ID != held[3].id || all[2].Status != waits || all[0].Booking.Purpose != request.Purpose {
		t.Fatalf("the roster: %+v, %v", all, err)
	}
	for i := range 2 {
		if all[i].Status != asked || all[i].Booking.Seat != i+1 || len(all[i].Actions) != 3 {
			t.Errorf("seat %d: %+v", i+1, all[i])
		}
	}
	_, err = o.Roster(ctx, held[0].who, slot)
	refusedFor(t, err, mentoring.Forbidden)
	_, err = o.Roster(ctx, ada, mentoring.NewSlotID([16]byte{1}))
	refusedFor(t, err, mentoring.NotFound)
	o.advance(48 * time.Hour) // all ran out, and nobody looked yet
	if all, err = o.Roster(ctx, ada, slot); err != nil || len(all) != 0 {
		t.Errorf("afterwards: %+v, %v", all, err)
	}
}

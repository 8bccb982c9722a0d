package desk_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// The main job from end to end: enrol, publish, browse, book, read back.
func TestJourney(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	published, err := o.Publish(ctx, ada, circle(2, 26*time.Hour), desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	slot := published.Slot.ID

	for _, filter := range []desk.SlotFilter{{}, {Topic: "finance"}, {From: morning, To: morning.Add(48 * time.Hour)}} {
		page, err := o.OpenSlots(ctx, ben, filter, "", 20)
		if err != nil || len(page.Items) != 1 || page.Items[0].Slot.ID != slot || page.Next != "" {
			t.Fatalf("browse %+v: %+v, %v", filter, page, err)
		}
		if got := page.Items[0]; got.NotBookable != "" || got.Taken != 0 || got.Affiliation != mentoring.SameOrganisation {
			t.Errorf("listed as %+v", got)
		}
		if page.Items[0].Slot.Meeting != (mentoring.Meeting{}) {
			t.Error("the list tells where the meeting is")
		}
	}
	for _, filter := range []desk.SlotFilter{{Topic: "sales"}, {From: morning.Add(27 * time.Hour)}, {To: morning.Add(26 * time.Hour)}} {
		if page, err := o.OpenSlots(ctx, ben, filter, "", 20); err != nil || len(page.Items) != 0 {
			t.Errorf("browse %+v: %+v, %v", filter, page, err)
		}
	}

	before, err := o.Slot(ctx, ben, slot)
	if err != nil || before.NotBookable != "" || before.Slot.Meeting.VideoURL != "" || len(before.Actions) != 1 {
		t.Fatalf("before booking: %+v, %v", before, err)
	}
	booked, err := o.Book(ctx, ben, slot, request, desk.Once{})
	if err != nil || booked.Status != mentoring.Confirmed || booked.Version != 1 || booked.Meeting.VideoURL == "" {
		t.Fatalf("booked: %+v, %v", booked, err)
	}
	after, err := o.Slot(ctx, ben, slot)
	if err != nil || after.NotBookable != mentoring.AlreadyBooked || after.Taken != 1 || after.Slot.Meeting.VideoURL == "" {
		t.Fatalf("after booking: %+v, %v", after, err)
	}

	for _, who := range []desk.Caller{ben, ada} {
		read, err := o.Booking(ctx, who, booked.Booking.ID)
		if err != nil {
			t.Fatal(err)
		}
		booked.Actions, read.Actions = nil, nil // each side has its own
		if diff := cmp.Diff(booked, read); diff != "" {
			t.Errorf("%s reads another booking than was made (-made +read):\n%s", who.Name, diff)
		}
	}
	for who, role := range map[desk.Caller]mentoring.Role{ben: mentoring.Requester, ada: mentoring.Expert} {
		mine, err := o.Bookings(ctx, who, desk.BookingFilter{Role: role}, "", 20)
		if err != nil || len(mine.Items) != 1 || mine.Items[0].Booking.ID != booked.Booking.ID {
			t.Errorf("bookings of %s: %+v, %v", who.Name, mine, err)
		}
	}
	if n := o.outbox(t); n != 1 {
		t.Errorf("%d events in the outbox, want 1", n)
	}

	o.advance(26*time.Hour + 30*time.Minute)
	over, err := o.Booking(ctx, ben, booked.Booking.ID)
	if err != nil || over.Status != mentoring.Completed {
		t.Errorf("after its end the booking is %s, %v", over.Status, err)
	}
	if page, err := o.OpenSlots(ctx, ben, desk.SlotFilter{}, "", 20); err != nil || len(page.Items) != 0 {
		t.Errorf("after its end the slot is still listed: %+v, %v", page, err)
	}
}

// What belongs to others does not exist (product.md section 8).
func TestOthersAreNotFound(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	slot := o.published(t, ada, circle(2, 26*time.Hour))
	booked, err := o.Book(ctx, ben, slot, request, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	_, others := o.Booking(ctx, eve, booked.Booking.ID)
	_, unknown := o.Booking(ctx, eve, mentoring.NewBookingID([16]byte{1}))
	if !errors.Is(others, mentoring.Missing()) || others.Error() != unknown.Error() {
		t.Errorf("another's booking answers %v, an unknown one %v", others, unknown)
	}
	if mine, err := o.Bookings(ctx, eve, desk.BookingFilter{Role: mentoring.Requester}, "", 20); err != nil || len(mine.Items) != 0 {
		t.Errorf("eve has bookings: %+v, %v", mine, err)
	}

	inside := circle(2, 50*time.Hour)
	inside.Audience = mentoring.MyOrganisation
	hidden := o.published(t, ada, inside)
	stranger := desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", "kim"), Email: "kim@example.com", Name: "kim"}
	if _, err := o.Enrol(ctx, stranger, enrolment("kim"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Slot(ctx, stranger, hidden); codeOf(err) != mentoring.NotFound {
		t.Errorf("reading a slot of another audience: %v", err)
	}
	if _, err := o.Book(ctx, stranger, hidden, request, desk.Once{}); codeOf(err) != mentoring.NotFound {
		t.Errorf("booking a slot of another audience: %v", err)
	}
	if page, err := o.OpenSlots(ctx, stranger, desk.SlotFilter{}, "", 20); err != nil || len(page.Items) != 1 {
		t.Errorf("browsing finds %d slots, want 1 (%v)", len(page.Items), err)
	}
}

// Paging shows every slot once and in order, whatever the page size, across shards and past hidden slots.
func TestPagesAreComplete(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	viewer := person("viewer@else") // of no organisation the experts share
	viewer.Email = "viewer@example.net"
	want := 0
	for e := range 6 {
		expert := o.enrolled(t, string(rune('a'+e))+"-expert")
		for s := range 7 {
			d := circle(1, time.Duration(24+s)*time.Hour)
			if (e+s)%3 == 0 {
				d.Audience = mentoring.MyOrganisation
			} else {
				want++
			}
			o.published(t, expert, d)
		}
	}
	for _, limit := range []int{1, 2, 5, 20, 100} {
		seen := map[mentoring.SlotID]bool{}
		last, after := time.Time{}, ""
		for pages := 0; ; pages++ {
			page, err := o.OpenSlots(ctx, viewer, desk.SlotFilter{}, after, limit)
			if err != nil || len(page.Items) > limit || pages > 60 {
				t.Fatalf("limit %d: page of %d, %v", limit, len(page.Items), err)
			}
			for _, item := range page.Items {
				if seen[item.Slot.ID] || item.Slot.StartsAt.Before(last) {
					t.Fatalf("limit %d: %s comes twice or out of order", limit, item.Slot.ID)
				}
				seen[item.Slot.ID], last = true, item.Slot.StartsAt
			}
			if after = page.Next; after == "" {
				break
			}
		}
		if len(seen) != want {
			t.Errorf("limit %d shows %d slots, want %d", limit, len(seen), want)
		}
	}
}

// A change to the expert's profile reaches their upcoming slots: the name people read, and the pause that
// bookings mind.
func TestSlotsFollowTheirExpert(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	slot := o.published(t, ada, circle(2, 26*time.Hour))
	e := enrolment("Ada Paused")
	e.Profile.PausedUntil = morning.Add(100 * time.Hour)
	if _, err := o.Enrol(ctx, ada, e, nil); err != nil {
		t.Fatal(err)
	}
	if n := o.outbox(t); n != 1 {
		t.Fatalf("%d events in the outbox, want the one of the profile", n)
	}
	if err := o.FollowPerson(ctx, ada.ID, 0); err != nil {
		t.Fatal(err)
	}
	page, err := o.OpenSlots(ctx, ben, desk.SlotFilter{}, "", 20)
	if err != nil || page.Items[0].Slot.Host.Name != "Ada Paused" || page.Items[0].NotBookable != mentoring.ExpertPaused {
		t.Errorf("browsing shows %+v, %v", page, err)
	}
	if _, err := o.Book(ctx, ben, slot, request, desk.Once{}); codeOf(err) != mentoring.ExpertPaused {
		t.Errorf("booking answers %v", err)
	}
}

// What browsing shows follows the seats once the outbox is worked off.
func TestRefresh(t *testing.T) {
	var counting *tabletest.Counting
	o := openOffice(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	ctx := t.Context()
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	slot := o.published(t, ada, circle(1, 26*time.Hour))
	if _, err := o.Book(ctx, ben, slot, request, desk.Once{}); err != nil {
		t.Fatal(err)
	}
	for _, commits := range []int{1, 0} { // the second finds nothing to do
		counting.Reset()
		if err := o.Tend(ctx, slot, time.Time{}); err != nil || counting.Usage().Commits != commits {
			t.Fatalf("%d commits, want %d (%v)", counting.Usage().Commits, commits, err)
		}
	}
	page, err := o.OpenSlots(ctx, eve, desk.SlotFilter{}, "", 20)
	if err != nil || page.Items[0].Taken != 1 || page.Items[0].NotBookable != mentoring.SlotFull {
		t.Errorf("browsing shows %+v, %v", page, err)
	}
	if err := o.Tend(ctx, mentoring.NewSlotID([16]byte{9}), time.Time{}); err != nil {
		t.Errorf("a slot that is gone: %v", err)
	}
}

func TestEnrol(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada := person("ada")
	if me, err := o.Me(ctx, ada); err != nil || me.Enrolled() || me.Organisation != "example.org" {
		t.Fatalf("before enrolment: %+v, %v", me, err)
	}
	if _, err := o.Publish(ctx, ada, circle(1, 26*time.Hour), desk.Once{}); codeOf(err) != mentoring.ProfileRequired {
		t.Errorf("publishing without a profile: %v", err)
	}
	withoutRules := enrolment("ada")
	withoutRules.AcceptGroundRules = false
	if me, err := o.Enrol(ctx, ada, withoutRules, new(int64(0))); err != nil || me.Version != 1 {
		t.Fatalf("enrolled: %+v, %v", me, err)
	}
	if _, err := o.Publish(ctx, ada, circle(1, 26*time.Hour), desk.Once{}); codeOf(err) != mentoring.GroundRulesNeeded {
		t.Errorf("publishing without the ground rules: %v", err)
	}
	if me, err := o.Enrol(ctx, ada, enrolment("ada"), new(int64(1))); err != nil || me.Version != 2 {
		t.Fatalf("changed: %+v, %v", me, err)
	}
	if me, err := o.Enrol(ctx, ada, enrolment("ada"), new(int64(1))); err != nil || me.Version != 2 {
		t.Errorf("the same request again: %+v, %v", me, err)
	}
	if _, err := o.Enrol(ctx, ada, enrolment("Ada"), new(int64(1))); codeOf(err) != mentoring.VersionConflict {
		t.Errorf("a change of an old version: %v", err)
	}
	me, err := o.Me(ctx, ada)
	if err != nil || me.Version != 2 || me.Profile.Name != "ada" || me.Accepted.Version != mentoring.GroundRules {
		t.Errorf("in the end: %+v, %v", me, err)
	}
}

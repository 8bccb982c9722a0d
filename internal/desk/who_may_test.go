package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// enrolledAs is somebody of that name with a profile that was changed.
func (o *office) enrolledAs(t testing.TB, name string, change func(*mentoring.Profile)) desk.Caller {
	t.Helper()
	c, e := person(name), enrolment(name)
	change(&e.Profile)
	if _, err := o.Enrol(t.Context(), c, e, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// listedAs is what browsing says of a slot, and whether it is listed.
func (o *office) listedAs(t testing.TB, c desk.Caller, slot mentoring.SlotID) (view desk.SlotView, listed bool) {
	t.Helper()
	page, err := o.OpenSlots(t.Context(), c, desk.SlotFilter{}, "", 100)
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(page.Items, func(v desk.SlotView) bool { return v.Slot.ID == slot })
	if i < 0 {
		return desk.SlotView{}, false
	}
	return page.Items[i], true
}

// cannot fails unless browsing, reading and booking a slot all give the same reason.
func (o *office) cannot(t *testing.T, c desk.Caller, slot mentoring.SlotID, want mentoring.Code) {
	t.Helper()
	listed, _ := o.listedAs(t, c, slot)
	read, err := o.Slot(t.Context(), c, slot)
	if err != nil || listed.NotBookable != want || read.NotBookable != want {
		t.Errorf("listed as %q, read as %q (%v), want %q", listed.NotBookable, read.NotBookable, err, want)
	}
	if want != "" {
		refusedFor(t, booking(c, slot)(o), want)
	}
}

// To somebody who is blocked, slots do not exist, and the other way round; what the two have in hand stays.
func TestBlocks(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	before := o.published(t, ada, circle(2, 50*time.Hour))
	other := o.published(t, ada, circle(2, 60*time.Hour))
	theirs := o.published(t, ben, circle(2, 70*time.Hour))
	id := o.booked(t, ben, before)
	for range 2 {
		must(t, o.Block(ctx, ada, mentoring.Block{Of: ben.ID, On: true}))
	}
	if me, err := o.Me(ctx, ada); err != nil || !slices.Equal(me.Blocked, []mentoring.PersonID{ben.ID}) {
		t.Errorf("ada blocked %v, %v", me.Blocked, err)
	}
	if me, err := o.Me(ctx, ben); err != nil || me.Blocked != nil {
		t.Errorf("ben is told that %v are blocked, %v", me.Blocked, err)
	}
	for c, slot := range map[desk.Caller]mentoring.SlotID{ben: other, ada: theirs} {
		if _, listed := o.listedAs(t, c, slot); listed {
			t.Errorf("a slot is listed for %s", c.Name)
		}
		refusedFor(t, ignore(o.Slot(ctx, c, slot)), mentoring.NotFound)
		refusedFor(t, booking(c, slot)(o), mentoring.NotFound)
		refusedFor(t, ignore(o.Close(ctx, c, slot, desk.Once{})), mentoring.NotFound)
	}
	refusedFor(t, ignore(o.Person(ctx, ada, ben.ID)), mentoring.NotFound)
	refusedFor(t, moving(o, ben, id, other), mentoring.NotFound)
	if _, err := o.Slot(ctx, ben, before); err != nil {
		t.Errorf("a slot of one's own booking: %v", err)
	}
	must(t, cancelling(ben, id)(o))
	refusedFor(t, ignore(o.Slot(ctx, ben, before)), mentoring.NotFound)

	must(t, o.Block(ctx, ben, mentoring.Block{Of: ada.ID, On: true}))
	must(t, o.Block(ctx, ada, mentoring.Block{Of: ben.ID}))
	refusedFor(t, booking(ben, other)(o), mentoring.NotFound) // the other block stands
	must(t, o.Block(ctx, ben, mentoring.Block{Of: ada.ID}))
	o.booked(t, ben, other)

	refusedFor(t, o.Block(ctx, ada, mentoring.Block{Of: ada.ID, On: true}), mentoring.InvalidField)
	refusedFor(t, o.Block(ctx, ada, mentoring.Block{Of: person("nobody").ID, On: true}), mentoring.NotFound)
	refusedFor(t, o.Block(ctx, ada, mentoring.Block{Of: "x", On: true}), mentoring.NotFound)
	refusedFor(t, o.Block(ctx, person("nobody"), mentoring.Block{Of: ada.ID, On: true}), mentoring.ProfileRequired)
}

// Who waits for a slot of somebody who blocks them is passed over.
func TestWhoIsBlockedIsNotPromoted(t *testing.T) {
	q := openQueue(t, circle(1, 100*time.Hour))
	must(t, q.Block(t.Context(), q.ada, mentoring.Block{Of: q.waiting[0].who.ID, On: true}))
	must(t, cancelling(q.held[0].who, q.held[0].id)(q.office))
	q.stand(t, waits, confirmed, waits)
}

// An expert who pauses takes no bookings until the pause is over, and those who wait get their seats then.
func TestAPause(t *testing.T) {
	q := openQueue(t, circle(1, 200*time.Hour))
	ctx := t.Context()
	e := enrolment("ada")
	e.Profile.PausedUntil = morning.Add(100 * time.Hour)
	must(t, ignore(q.Enrol(ctx, q.ada, e, nil)))
	q.workOff(t)
	ida := q.enrolled(t, "ida")
	q.cannot(t, ida, q.slot, mentoring.ExpertPaused)
	must(t, cancelling(q.held[0].who, q.held[0].id)(q.office))
	q.workOff(t)
	q.stand(t, waits, waits, waits)
	for q.clock().Before(morning.Add(100 * time.Hour)) {
		q.advance(5 * time.Hour)
		if told := q.workOff(t); q.clock().Before(morning.Add(100*time.Hour)) && told != nil {
			t.Fatalf("during the pause: %v", told)
		}
	}
	q.advance(time.Minute)
	q.workOff(t)
	q.stand(t, confirmed, waits, waits)
	q.cannot(t, ida, q.slot, mentoring.SlotFull)
}

// An expert gives as many sessions a month as they say: those with somebody in them count, those nobody booked do not.
func TestTheMonthlyCap(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben, eve := o.capped(t, "ada", 1), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	first, second := o.published(t, ada, circle(2, 50*time.Hour)), o.published(t, ada, circle(2, 60*time.Hour))
	december := o.published(t, ada, circle(2, 31*24*time.Hour))
	id := o.booked(t, ben, first)
	o.workOff(t)
	o.cannot(t, eve, second, mentoring.ExpertCapReached)
	o.cannot(t, eve, first, "")
	o.cannot(t, eve, december, "")
	late := o.published(t, ada, circle(2, 70*time.Hour)) // when the month was full
	o.cannot(t, eve, late, mentoring.ExpertCapReached)

	must(t, cancelling(ben, id)(o)) // nobody is left in the first: the month has room again
	o.workOff(t)
	for _, slot := range []mentoring.SlotID{first, second, late} {
		o.cannot(t, eve, slot, "")
	}
	o.booked(t, eve, second)
	o.workOff(t)
	o.cannot(t, ben, first, mentoring.ExpertCapReached)
	must(t, ignore(o.CancelSlot(ctx, ada, second, mentoring.Cancel{}, desk.Once{})))
	o.workOff(t)
	o.cannot(t, ben, first, "")

	o.booked(t, ben, first)
	o.workOff(t)
	o.cannot(t, eve, late, mentoring.ExpertCapReached)
	o.capped(t, "ada", 2)
	o.workOff(t)
	o.cannot(t, eve, late, "")
	o.capped(t, "ada", 1)
	o.workOff(t)
	o.cannot(t, eve, late, mentoring.ExpertCapReached)
	must(t, ignore(o.Enrol(ctx, ada, enrolment("ada"), nil))) // no cap any more
	o.workOff(t)
	o.cannot(t, eve, late, "")
}

// The month of a session is that of its start where it takes place.
func TestTheMonthFollowsTheSlot(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben, eve := o.capped(t, "ada", 1), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	night := time.Date(2026, 11, 30, 22, 0, 0, 0, time.UTC).Sub(morning) // in Berlin, an hour before December
	slot, other := o.published(t, ada, circle(2, night)), o.published(t, ada, circle(2, 50*time.Hour))
	must(t, ignore(o.Revise(ctx, ada, slot, mentoring.Revision{TimeZone: new("Asia/Tokyo")}, nil))) // where it is December
	o.booked(t, ben, slot)
	o.workOff(t)
	o.cannot(t, eve, other, "")
	must(t, ignore(o.Revise(ctx, ada, slot, mentoring.Revision{StartsAt: new(morning.Add(70 * time.Hour))}, nil)))
	o.workOff(t)
	o.cannot(t, eve, other, mentoring.ExpertCapReached)
	must(t, ignore(o.Revise(ctx, ada, slot, mentoring.Revision{StartsAt: new(morning.Add(night + time.Hour))}, nil)))
	o.workOff(t)
	o.cannot(t, eve, other, "")
}

// Nobody above in the chain of managers, and nobody below unless the slot is for just that.
func TestTheManagementChain(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	boss, lead, ben, eve := o.enrolled(t, "boss"), o.enrolled(t, "lead"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	o.assign(t, lead, boss)
	o.assign(t, ben, lead)
	o.assign(t, eve, boss)
	o.workOff(t)
	for who, want := range map[desk.Caller]mentoring.Code{boss: mentoring.ConflictOfInterest, lead: mentoring.ConflictOfInterest, eve: ""} {
		o.cannot(t, ben, o.published(t, who, circle(2, 50*time.Hour)), want)
	}
	for direction, want := range map[mentoring.Direction]mentoring.Code{
		mentoring.Standard: mentoring.ConflictOfInterest, "peer": mentoring.ConflictOfInterest, mentoring.Reverse: "",
	} {
		d := circle(2, time.Duration(60+len(direction))*time.Hour)
		d.Direction = direction
		slot := o.published(t, ben, d)
		o.cannot(t, lead, slot, want)
		o.cannot(t, boss, slot, want)
		o.cannot(t, eve, slot, "")
	}
	must(t, ignore(o.Assign(ctx, coordinator, ben.ID, mentoring.Assignment{}, nil))) // a former manager is fine
	o.workOff(t)
	o.cannot(t, ben, o.published(t, lead, circle(2, 55*time.Hour)), "")
}

var coordinator = desk.Caller{ID: person("coordinator").ID, Email: "c@example.org", Name: "coordinator", Coordinator: true}

func (o *office) assign(t testing.TB, who, manager desk.Caller) {
	t.Helper()
	if _, err := o.Assign(t.Context(), coordinator, who.ID, mentoring.Assignment{Manager: manager.ID}, nil); err != nil {
		t.Fatal(err)
	}
}

// Who becomes the other's manager while the two have a session: the requester is told, and may leave whenever they like.
func TestAConflictThatComesLater(t *testing.T) {
	for name, change := range map[string]func(*testing.T, *office, desk.Caller, desk.Caller){
		"the expert becomes the requester's manager": func(t *testing.T, o *office, ada, ben desk.Caller) { o.assign(t, ben, ada) },
		"the requester becomes the expert's":         func(t *testing.T, o *office, ada, ben desk.Caller) { o.assign(t, ada, ben) },
		"by way of a third": func(t *testing.T, o *office, ada, ben desk.Caller) {
			eve := o.enrolled(t, "eve")
			o.assign(t, ben, eve)
			o.workOff(t)
			o.assign(t, eve, ada)
		},
		"the requester declares it": func(t *testing.T, o *office, ada, ben desk.Caller) {
			o.enrolledAs(t, "ben", func(p *mentoring.Profile) { p.DeclaredConflicts = []mentoring.PersonID{ada.ID} })
		},
		"the expert declares it": func(t *testing.T, o *office, ada, ben desk.Caller) {
			o.enrolledAs(t, "ada", func(p *mentoring.Profile) { p.DeclaredConflicts = []mentoring.PersonID{ben.ID} })
		},
	} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, nil)
			ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
			slot := o.published(t, ada, circle(2, 50*time.Hour))
			id := o.booked(t, ben, slot)
			o.workOff(t)
			change(t, o, ada, ben)
			sameNews(t, o.workOff(t), "ben: conflict_found")
			sameNews(t, o.workOff(t))
			o.advance(49 * time.Hour) // long past the notice
			o.workOff(t)
			must(t, cancelling(ben, id)(o))
		})
	}
}

// A request is not approved, and nobody promoted, where the two may not meet any more.
func TestAConflictKeepsFromSeats(t *testing.T) {
	q := openQueue(t, onRequest(1, 200*time.Hour))
	q.assign(t, q.held[0].who, q.ada)
	q.assign(t, q.waiting[0].who, q.ada)
	sameNews(t, q.workOff(t), "first-0: conflict_found", "ben: conflict_found")
	refusedFor(t, ignore(q.Approve(t.Context(), q.ada, q.held[0].id, desk.Once{})), mentoring.ConflictOfInterest)
	must(t, ignore(q.Decline(t.Context(), q.ada, q.held[0].id, mentoring.Decline{Reason: mentoring.OtherReason}, desk.Once{})))
	q.stand(t, waits, asked, waits)
}

func TestSuspended(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	slot := o.published(t, ada, circle(2, 50*time.Hour))
	must(t, ignore(o.Assign(t.Context(), coordinator, ben.ID, mentoring.Assignment{SuspendedUntil: morning.Add(time.Hour)}, nil)))
	o.cannot(t, ben, slot, mentoring.Suspended)
	refusedFor(t, ignore(o.Publish(t.Context(), ben, circle(1, 70*time.Hour), desk.Once{})), mentoring.Suspended)
	o.advance(time.Hour)
	o.booked(t, ben, slot)
}

// An expert who lets others down at short notice three times neither publishes nor books for a while.
func TestThreeLateCancels(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, bob := o.enrolled(t, "ada"), o.enrolled(t, "bob")
	away := o.published(t, bob, circle(2, 90*time.Hour))
	for i := range 3 {
		slot := o.published(t, ada, circle(2, time.Duration(20+i)*time.Hour)) // within the notice of a day
		c := o.enrolled(t, fmt.Sprint("requester-", i))
		id := o.booked(t, c, slot)
		o.workOff(t)
		o.cannot(t, ada, away, "")
		if i == 0 { // one of the bookings, or the whole slot
			must(t, cancelling(ada, id)(o))
		} else {
			must(t, ignore(o.CancelSlot(ctx, ada, slot, mentoring.Cancel{}, desk.Once{})))
		}
		sameNews(t, o.workOff(t), "ada: booking_cancelled", "ada: strike", c.Name+": booking_cancelled")
	}
	o.cannot(t, ada, away, mentoring.ReliabilityCooldown)
	refusedFor(t, ignore(o.Publish(ctx, ada, circle(1, 70*time.Hour), desk.Once{})), mentoring.ReliabilityCooldown)
	o.advance(28*24*time.Hour - time.Millisecond)
	soon := circle(1, 29*24*time.Hour)
	refusedFor(t, ignore(o.Publish(ctx, ada, soon, desk.Once{})), mentoring.ReliabilityCooldown)
	o.advance(time.Millisecond)
	o.published(t, ada, soon)
}

// In good time, or of a request, an expert's no is no strike.
func TestCancellingInGoodTimeIsNoStrike(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	must(t, cancelling(ada, o.booked(t, ben, o.published(t, ada, circle(1, 50*time.Hour))))(o))
	must(t, cancelling(ada, o.booked(t, ben, o.published(t, ada, onRequest(1, 20*time.Hour))))(o))
	for _, told := range o.workOff(t) {
		if told == "ada: strike" {
			t.Error("a strike")
		}
	}
}

package mentoring_test

import (
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

// A request holds its seat until the expert answers: for 48 hours, and not beyond the booking cut-off.
func TestARequestHoldsTheSeat(t *testing.T) {
	for _, tc := range []struct {
		name  string
		start int // hours from now, with a booking notice of two
		holds time.Duration
		wakes string
	}{
		{"long before", 96, 48 * time.Hour, ", wake in 36h0m0s, wake in 48h0m0s"},
		{"just as long as a request lives", 50, 48 * time.Hour, ", wake in 36h0m0s"},
		{"cut short by the cut-off", 24, 22 * time.Hour, ""},
	} {
		w := newWorld(t, edda(), rana())
		d := onRequest(1)
		d.StartsAt = inHours(tc.start)
		slot := w.slot(edda(), d)
		id := w.nextBooking()
		c := w.must(slot, w.booking(rana().ID, id))
		w.wants(t, tc.name+": asking", c, "seat 1 Rana, booking Rana requested, agenda Rana, event booking_made of 1"+tc.wakes)
		b := w.present.bookings[id]
		if got := b.ExpiresAt.Sub(noon); got != tc.holds || !w.state(slot).Seats[0].Until.Equal(b.ExpiresAt) {
			t.Errorf("%s: holds the seat for %s, want %s", tc.name, got, tc.holds)
		}
		for at, want := range map[time.Time]mentoring.BookingStatus{
			b.ExpiresAt.Add(-1): mentoring.Requested, b.ExpiresAt: mentoring.Expired, b.EndsAt(): mentoring.Expired,
		} {
			if got := b.StatusAt(at); got != want {
				t.Errorf("%s: at %s it is %s, want %s", tc.name, at, got, want)
			}
		}
	}
}

func TestApprove(t *testing.T) {
	w := newWorld(t, edda(), rana(), person("Tomasz", "t@east.example"))
	slot := w.slot(edda(), onRequest(1))
	id := w.book(rana(), slot)
	w.at(inHours(1))
	w.wants(t, "approving", w.must(slot, w.approve(id, edda().ID)),
		"seat 1 Rana, booking Rana confirmed, agenda Rana, event booking_approved of 1")
	if b := w.present.bookings[id]; !b.ExpiresAt.IsZero() || b.StatusAt(inHours(90)) != mentoring.Confirmed {
		t.Errorf("approved: %+v", b)
	}
	w.wants(t, "approving again", w.must(slot, w.approve(id, edda().ID)), "")
}

func TestDecline(t *testing.T) {
	w := newWorld(t, edda(), rana(), person("Tomasz", "t@east.example"))
	slot := w.slot(edda(), onRequest(1))
	id := w.book(rana(), slot)
	waiting := w.book(person("Tomasz", "t@east.example"), slot)
	c := w.must(slot, w.decline(id, edda().ID))
	w.wants(t, "declining", c, "seat 1 Tomasz, booking Rana declined, booking Tomasz requested, left Tomasz, "+
		"agenda Rana, agenda Tomasz, event booking_promoted of 1, event booking_ended of 1, wake in 36h0m0s, wake in 48h0m0s")
	want := mentoring.Ending{By: mentoring.Expert, At: noon, Decline: mentoring.NotMyArea, Reason: secret}
	if b := w.present.bookings[id]; b.Ended != want {
		t.Errorf("declined: %+v", b)
	}
	w.wants(t, "declining again", w.must(slot, w.decline(id, edda().ID)), "")
	w.must(slot, w.decline(waiting, edda().ID))
}

// answers are approving and declining, told apart by name.
func (w *world) answers(id mentoring.BookingID, by mentoring.PersonID) map[string]command {
	return map[string]command{"approving": w.approve(id, by), "declining": w.decline(id, by)}
}

func TestWhoMayAnswerWhen(t *testing.T) {
	third := person("Tomasz", "t@east.example")
	for _, tc := range []struct {
		name string
		by   mentoring.PersonID
		do   func(*world, mentoring.SlotID, mentoring.BookingID)
		want mentoring.Code
	}{
		{"a stranger", third.ID, nil, mentoring.NotFound},
		{"the requester", rana().ID, nil, mentoring.Forbidden},
		{"just in time", edda().ID, func(w *world, _ mentoring.SlotID, _ mentoring.BookingID) { w.at(inHours(48).Add(-1)) }, ""},
		{"too late", edda().ID, func(w *world, _ mentoring.SlotID, _ mentoring.BookingID) { w.at(inHours(48)) },
			mentoring.InvalidTransition},
		{"what was withdrawn", edda().ID, func(w *world, s mentoring.SlotID, b mentoring.BookingID) { w.must(s, w.cancel(b, rana().ID)) },
			mentoring.InvalidTransition},
		{"in a slot that was closed", edda().ID, func(w *world, s mentoring.SlotID, _ mentoring.BookingID) { w.must(s, w.closing(edda().ID)) }, ""},
	} {
		w := newWorld(t, edda(), rana(), third)
		slot := w.slot(edda(), onRequest(1))
		id := w.book(rana(), slot)
		if tc.do != nil {
			tc.do(w, slot, id)
		}
		for what, command := range w.answers(id, tc.by) {
			_, err := command(w.caseOf(slot))
			wantCode(t, what+", "+tc.name, err, tc.want)
		}
	}
	w := newWorld(t, edda(), rana(), third)
	slot := w.slot(edda(), onRequest(1))
	w.book(rana(), slot)
	waiting := w.book(third, slot)
	for what, command := range w.answers(waiting, edda().ID) {
		_, err := command(w.caseOf(slot))
		wantCode(t, what+" somebody who waits", err, mentoring.InvalidTransition)
	}
}

// All that could have changed since they asked is asked again (product.md section 1, rule 4, and section 6).
func TestApprovingAsksAgain(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*mentoring.Case)
		want   mentoring.Code
	}{
		{"nothing", func(*mentoring.Case) {}, ""},
		{"the expert is suspended", with(edda, func(v *mentoring.Viewer) { v.Person.Programme.SuspendedUntil = inHours(1) }), mentoring.Suspended},
		{"the expert is the requester's manager", with(rana, func(v *mentoring.Viewer) {
			v.Person.Programme.Managers = []mentoring.PersonID{strangers(1)[0], edda().ID}
		}), mentoring.ConflictOfInterest},
		{"the requester declared the expert", with(rana, func(v *mentoring.Viewer) {
			v.Person.Profile.DeclaredConflicts = []mentoring.PersonID{edda().ID}
		}), mentoring.ConflictOfInterest},
		{"the requester changed employers", with(rana, func(v *mentoring.Viewer) { v.Person.Organisation = "north.example" }),
			mentoring.AudienceMismatch},
		{"the requester has three others", with(rana, func(v *mentoring.Viewer) {
			for n := range 3 {
				v.Agenda.Engagements = append(v.Agenda.Engagements, attending(byte(200+n), strangers(1)[0], inHours(10+n), inHours(11+n)))
			}
		}), mentoring.ActiveLimitReached},
		{"the requester has two others", with(rana, func(v *mentoring.Viewer) {
			for n := range 2 {
				v.Agenda.Engagements = append(v.Agenda.Engagements, attending(byte(200+n), strangers(1)[0], inHours(10+n), inHours(11+n)))
			}
		}), ""},
		{"the expert pauses", func(c *mentoring.Case) { c.State.Slot.Host.PausedUntil = inHours(9) }, ""},
		{"they are apart by now", with(rana, func(v *mentoring.Viewer) {
			v.Agenda.Apart = []mentoring.Apart{{Person: edda().ID, ByThem: true}}
		}), ""},
		{"the seat is not theirs", func(c *mentoring.Case) { c.State.Seats[0].Booking = bookingID(77) }, "torn"},
		{"the slot is of another version", func(c *mentoring.Case) { c.State.Slot.Version++ }, "torn"},
	} {
		w := newWorld(t, edda(), rana())
		d := onRequest(1)
		d.Audience = mentoring.OtherOrganisations
		slot := w.slot(edda(), d)
		id := w.book(rana(), slot)
		c := w.caseOf(slot)
		tc.change(&c)
		_, err := w.approve(id, edda().ID)(c)
		if tc.want == "torn" {
			wantTorn(t, tc.name, err)
			continue
		}
		wantCode(t, tc.name, err, tc.want)
	}
}

// with changes one person of a case.
func with(who func() mentoring.Person, change func(*mentoring.Viewer)) func(*mentoring.Case) {
	return func(c *mentoring.Case) {
		v := c.People[who().ID]
		change(&v)
		c.People[who().ID] = v
	}
}

func TestDeclineFaults(t *testing.T) {
	type d = mentoring.Decline
	right := func() d { return d{Reason: mentoring.OtherReason, Note: chars(500)} }
	checkRules(t, right, d.Faults, []rule[d]{
		{"reason", "missing", func(d *d) { d.Reason = "" }, "/reason required"},
		{"reason", "unknown", func(d *d) { d.Reason = "no" }, "/reason not_allowed"},
		{"reason", "every one", func(d *d) { d.Reason = mentoring.DeclineReasons[2] }, ""},
		{"note", "none", func(d *d) { d.Note = "" }, ""},
		{"note", "too long", func(d *d) { d.Note = chars(501) }, "/note too_long"},
	})
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), onRequest(1))
	id := w.book(rana(), slot)
	_, err := mentoring.DecideDecline(w.caseOf(slot), id, edda().ID, mentoring.Decline{}, policy, noon)
	wantCode(t, "without a reason", err, mentoring.InvalidField)
}

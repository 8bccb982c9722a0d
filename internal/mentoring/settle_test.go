package mentoring_test

import (
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

// A request that nobody answered ends, and its seat goes to whoever waits.
func TestSettleEndsRequests(t *testing.T) {
	w, slot, asked, _ := full(t, onRequest(1), 1)
	w.at(inHours(48).Add(-1)).wants(t, "a moment early", w.must(slot, w.settle(time.Time{})), "")
	c := w.at(inHours(48)).must(slot, w.settle(time.Time{}))
	w.wants(t, "in time", c, "seat 1 Person 0, booking Rana expired, booking Person 0 requested, left Person 0, "+
		"agenda Person 0, agenda Rana, event booking_ended of 1, event booking_promoted of 1, wake in 34h0m0s")
	want := mentoring.Ending{By: mentoring.System, At: inHours(48), Cause: mentoring.NoAnswer}
	if b := w.present.bookings[asked]; b.Ended != want {
		t.Errorf("ended as %+v", b.Ended)
	}
	w.wants(t, "again", w.must(slot, w.settle(time.Time{})), "")
	w.checkSettled(slot)
}

// At the booking cut-off waits end. They end a few at a time, so that each commit holds.
func TestSettleEndsWaits(t *testing.T) {
	w, slot, _, waiting := full(t, wide(1), 30)
	w.at(inHours(94))
	for _, want := range []struct {
		ended int
		more  bool
	}{{12, true}, {12, true}, {6, false}} {
		c := w.must(slot, w.settle(inHours(94)))
		if len(c.Left) != want.ended || len(c.Bookings) != want.ended || c.More != want.more {
			t.Fatalf("%d waits ended, more: %v; want %+v", len(c.Left), c.More, want)
		}
	}
	want := mentoring.Ending{By: mentoring.System, At: inHours(94), Cause: mentoring.NoSeat}
	for _, id := range waiting {
		if b := w.present.bookings[id]; b.Status != mentoring.Expired || b.Ended != want {
			t.Fatalf("ended as %+v", b)
		}
	}
	w.check(true)
	w.checkSettled(slot)
}

// When the slot ends early, waits end with it: expired where it was closed, cancelled where it was.
func TestSettleEndsWaitsWithTheSlot(t *testing.T) {
	for _, tc := range []struct {
		name   string
		end    func(*world) command
		status mentoring.BookingStatus
		cause  mentoring.Cause
	}{
		{"closed", func(w *world) command { return w.closing(edda().ID) }, mentoring.Expired, mentoring.NoSeat},
		{"cancelled", func(w *world) command { return w.callOff(edda().ID) }, mentoring.Cancelled, mentoring.SlotGone},
	} {
		w, slot, _, waiting := full(t, wide(1), 1)
		w.must(slot, tc.end(w))
		if b := w.present.bookings[waiting[0]]; b.Status != mentoring.Waitlisted {
			t.Errorf("%s: the wait ends in the same commit, as %s", tc.name, b.Status)
		}
		w.tend(slot, time.Time{})
		if b := w.present.bookings[waiting[0]]; b.Status != tc.status || b.Ended.Cause != tc.cause || b.Ended.By != mentoring.System {
			t.Errorf("%s: the wait ended as %+v", tc.name, b)
		}
		w.checkSettled(slot)
	}
}

// Whether enough come is decided at the booking cut-off (product.md section 5, minAttendees).
func TestSettleCallsOffWhatTooFewBooked(t *testing.T) {
	for _, tc := range []struct {
		name   string
		notice int
		least  int
		at     time.Time
		off    bool
	}{
		{"before the cut-off", 120, 2, inHours(94).Add(-1), false},
		{"at the cut-off", 120, 2, inHours(94), true},
		{"a little late", 120, 2, inHours(95), true},
		{"enough", 120, 1, inHours(94), false},
		{"none are needed", 120, 0, inHours(94), false},
		{"where one can book until the start", 0, 2, inHours(96), true},
		{"when it has long begun", 120, 2, inHours(96).Add(5 * time.Minute), false},
	} {
		w := newWorld(t, edda(), rana(), tomasz())
		d := wide(3)
		if d.BookingNoticeMinutes = &tc.notice; tc.least > 0 {
			d.MinAttendees = &tc.least
		}
		slot := w.slot(edda(), d)
		id := w.book(rana(), slot)
		c := w.at(tc.at).must(slot, w.settle(tc.at))
		if off := w.present.slots[slot].Status == mentoring.SlotCancelled; off != tc.off {
			t.Errorf("%s: called off is %v", tc.name, off)
		}
		if !tc.off {
			continue
		}
		w.wants(t, tc.name, c, "slot cancelled, seat 1 free, seat 2 free, seat 3 free, booking Rana cancelled, "+
			"agenda Edda, agenda Rana, event slot_unfilled of 1")
		want := mentoring.Ending{By: mentoring.System, At: tc.at, Cause: mentoring.TooFew}
		if b := w.present.bookings[id]; b.Ended != want || w.present.slots[slot].Ended != want {
			t.Errorf("%s: ended as %+v and %+v", tc.name, b.Ended, w.present.slots[slot].Ended)
		}
		w.wants(t, tc.name+", again", w.must(slot, w.settle(tc.at)), "")
	}
}

// Requests do not count as coming: they have run out by then.
func TestRequestsAreNotAttendees(t *testing.T) {
	w := newWorld(t, edda(), rana(), tomasz())
	d := onRequest(3)
	d.StartsAt, d.MinAttendees = inHours(24), new(2)
	slot := w.slot(edda(), d)
	yes, asked := w.book(rana(), slot), w.book(tomasz(), slot)
	w.must(slot, w.approve(yes, edda().ID))
	w.at(inHours(22)).tend(slot, inHours(22))
	if w.present.bookings[asked].Status != mentoring.Expired || w.present.bookings[yes].Ended.Cause != mentoring.TooFew {
		t.Errorf("%+v, %+v", w.present.bookings[asked], w.present.bookings[yes])
	}
	w.check(true)
}

// The expert is told once that nobody booked, when that is sure.
func TestSettleTellsThatNobodyBooked(t *testing.T) {
	for _, tc := range []struct {
		name string
		wake time.Time
		book bool
		want string
	}{
		{"at the cut-off", inHours(94), false, "event slot_unfilled of 0"},
		{"somebody booked", inHours(94), true, ""},
		{"for another reason", time.Time{}, false, ""},
		{"for a cut-off that was", inHours(90), false, ""},
	} {
		w := newWorld(t, edda(), rana())
		slot := w.slot(edda(), wide(1))
		if tc.book {
			w.book(rana(), slot)
		}
		w.at(inHours(94)).wants(t, tc.name, w.must(slot, w.settle(tc.wake)), tc.want)
	}
}

// Waits follow their slot's time: a few in each commit, and none beside other changes.
func TestWaitsFollowTheSlot(t *testing.T) {
	w, slot, _, waiting := full(t, wide(1), 30)
	w.must(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(120))}))
	w.tend(slot, time.Time{})
	for _, id := range waiting {
		if b := w.present.bookings[id]; !b.StartsAt.Equal(inHours(120)) || !b.ExpiresAt.Equal(inHours(118)) || b.Status != mentoring.Waitlisted {
			t.Fatalf("waits for %+v", b)
		}
	}
	w.check(true)
	w.checkSettled(slot)
}

func TestSettleOnTornStates(t *testing.T) {
	for name, tear := range map[string]func(*mentoring.Case){
		"of another version":        func(c *mentoring.Case) { c.State.Slot.Version++ },
		"a waiter's booking":        func(c *mentoring.Case) { clear(c.Bookings) },
		"a waiter":                  func(c *mentoring.Case) { clear(c.People) },
		"the expert's month":        func(c *mentoring.Case) { c.State.Slot.Host.MonthlyCap, c.Months = 1, nil },
		"a wait that is none":       func(c *mentoring.Case) { c.State.Waiters[0].Booking = bookingID(77) },
		"a seat without its holder": func(c *mentoring.Case) { c.State.Seats[0].Booking = bookingID(77) },
	} {
		w, slot, _, _ := full(t, onRequest(1), 1)
		c := w.at(inHours(48)).caseOf(slot)
		tear(&c)
		_, err := w.settle(time.Time{})(c)
		wantTorn(t, name, err)
	}
}

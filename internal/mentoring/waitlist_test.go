package mentoring_test

import (
	"fmt"
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

// full is a slot of Edda's with its only seat taken by Rana, and a crowd that may wait.
func full(t *testing.T, d mentoring.SlotDraft, waiters int) (w *world, slot mentoring.SlotID, seated mentoring.BookingID, waiting []mentoring.BookingID) {
	people := append(crowd(waiters), edda(), rana())
	w = newWorld(t, people...)
	slot = w.slot(edda(), d)
	seated = w.book(rana(), slot)
	for i, p := range people[:waiters] {
		w.at(noon.Add(time.Duration(i) * time.Second))
		waiting = append(waiting, w.book(p, slot))
	}
	w.at(inHours(1))
	return w, slot, seated, waiting
}

func TestWaiting(t *testing.T) {
	w, slot, _, _ := full(t, wide(1), 1)
	p := person("Person 9", "p9@org9.example")
	w.present.people[p.ID] = p
	r := smallRequest()
	refuse := func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideBook(c, p.ID, r, w.nextBooking(), 0, policy, w.now)
	}
	if code := w.code(slot, refuse); code != mentoring.SlotFull {
		t.Errorf("who does not want to wait: %q", code)
	}
	id := w.nextBooking()
	c := w.must(slot, w.booking(p.ID, id))
	w.wants(t, "waiting", c, "seat 1 Rana, booking Person 9 waitlisted, joined Person 9, agenda Person 9, event booking_made of 1")
	b := w.present.bookings[id]
	if b.Seat != 0 || !b.ExpiresAt.Equal(inHours(94)) || b.StatusAt(inHours(94)) != mentoring.Expired {
		t.Errorf("waits with %+v", b)
	}
	if code := w.code(slot, w.bookingNow(p.ID)); code != mentoring.AlreadyBooked {
		t.Errorf("waiting twice: %q", code)
	}
}

// First come, first served, in the same commit that frees the seat.
func TestTheFirstWaiterGetsTheSeat(t *testing.T) {
	w, slot, seated, _ := full(t, wide(1), 3)
	w.wants(t, "cancelling", w.must(slot, w.cancel(seated, rana().ID)),
		"seat 1 Person 0, booking Rana cancelled, booking Person 0 confirmed, left Person 0, agenda Person 0, agenda Rana, "+
			"event booking_promoted of 1, event booking_ended of 1")
	if s := w.state(slot); len(s.Waiters) != 2 || s.Waiters[0].Person != crowd(3)[1].ID {
		t.Errorf("left waiting: %+v", s.Waiters)
	}
}

// Whoever cannot take the seat is passed over and stays; the next gets it.
func TestWhoCannotIsPassedOver(t *testing.T) {
	first := crowd(1)[0]
	for _, tc := range []struct {
		name   string
		change func(*world)
	}{
		{"has another session", func(w *world) {
			d := smallDraft()
			d.StartsAt = inHours(96)
			w.slot(first, d)
		}},
		{"is suspended", func(w *world) {
			w.change(first.ID, func(p *mentoring.Person) { p.Programme.SuspendedUntil = inHours(99) })
		}},
		{"reports to the expert", func(w *world) {
			w.change(first.ID, func(p *mentoring.Person) { p.Programme.Managers = []mentoring.PersonID{edda().ID} })
		}},
		{"is apart from the expert", func(w *world) {
			mine, theirs, _, _ := mentoring.DecideBlock(w.viewer(first.ID), w.viewer(edda().ID), mentoring.Block{Of: edda().ID, On: true})
			w.commit(mentoring.Changes{Agendas: map[mentoring.PersonID]mentoring.Agenda{first.ID: mine, edda().ID: theirs}})
		}},
		{"has a seat with the expert", func(w *world) {
			d := wide(1)
			d.StartsAt = inHours(120)
			w.book(first, w.slot(edda(), d))
		}},
	} {
		w, slot, seated, waiting := full(t, wide(1), 2)
		tc.change(w)
		w.must(slot, w.cancel(seated, rana().ID))
		if s := w.state(slot); s.Seats[0].Booking != waiting[1] || len(s.Waiters) != 1 || s.Waiters[0].Booking != waiting[0] {
			t.Errorf("who %s: %+v, %+v", tc.name, s.Seats, s.Waiters)
		}
		w.check(true)
	}
}

// A wait does not keep anybody from another session at that time; only the seat does.
func TestWhoWaitsIsFree(t *testing.T) {
	w, slot, seated, waiting := full(t, wide(1), 1)
	first := crowd(1)[0]
	d := smallDraft()
	d.StartsAt = inHours(96)
	mine := w.slot(first, d)
	w.must(slot, w.cancel(seated, rana().ID))
	if w.state(slot).Free() != 1 || w.present.bookings[waiting[0]].Status != mentoring.Waitlisted {
		t.Error("somebody who is elsewhere was given the seat")
	}
	c := w.must(slot, w.settle(time.Time{}))
	w.wants(t, "settling", c, "wake in 1m0s") // asked again as long as a seat is there
	w.must(mine, w.callOff(first.ID))
	w.wants(t, "settling", w.must(slot, w.settle(time.Time{})),
		"seat 1 Person 0, booking Person 0 confirmed, left Person 0, agenda Person 0, event booking_promoted of 1")
}

// Nobody is promoted from the booking cut-off on, nor in a slot that takes no more bookings.
func TestPromotionStops(t *testing.T) {
	for _, tc := range []struct {
		name string
		do   func(*world, mentoring.SlotID)
		want bool
	}{
		{"just before the cut-off", func(w *world, _ mentoring.SlotID) { w.at(inHours(94).Add(-1)) }, true},
		{"at the cut-off", func(w *world, _ mentoring.SlotID) { w.at(inHours(94)) }, false},
		{"closed", func(w *world, s mentoring.SlotID) { w.must(s, w.closing(edda().ID)) }, false},
	} {
		d := wide(1)
		d.CancelNoticeMinutes = new(0)
		w, slot, seated, waiting := full(t, d, 1)
		tc.do(w, slot)
		w.must(slot, w.cancel(seated, rana().ID))
		if got := w.present.bookings[waiting[0]].Status == mentoring.Confirmed; got != tc.want {
			t.Errorf("%s: promoted is %v", tc.name, got)
		}
	}
}

// Whoever left the waiting list is not brought back; who joins again stands at its end.
func TestLeavingTheWaitingList(t *testing.T) {
	w, slot, seated, waiting := full(t, wide(1), 2)
	first := crowd(1)[0]
	w.wants(t, "leaving", w.must(slot, w.cancel(waiting[0], first.ID)),
		"booking Person 0 cancelled, left Person 0, agenda Person 0, event booking_ended of 1")
	again := w.book(first, slot)
	w.must(slot, w.cancel(seated, rana().ID))
	s := w.state(slot)
	if s.Seats[0].Booking != waiting[1] || s.Waiters[0].Booking != again || w.present.bookings[waiting[0]].Status != mentoring.Cancelled {
		t.Errorf("seat %+v, waiting %+v", s.Seats[0], s.Waiters)
	}
}

// A promoted booking says of the slot what that says by now, however late anybody looks.
func TestPromotionAfterTheTimeChanged(t *testing.T) {
	w, slot, seated, waiting := full(t, wide(1), 1)
	w.must(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(120)), Title: new("Another title")}))
	w.must(slot, w.cancel(seated, rana().ID))
	b := w.present.bookings[waiting[0]]
	if b.Status != mentoring.Confirmed || !b.StartsAt.Equal(inHours(120)) || b.Title != "Another title" || b.CancelNoticeMinutes != 1440 {
		t.Errorf("promoted as %+v", b)
	}
	w.check(true)
}

// A promotion to a slot whose expert wants to be asked makes a request.
func TestPromotionToARequest(t *testing.T) {
	w, slot, seated, waiting := full(t, onRequest(1), 1)
	w.must(slot, w.cancel(seated, rana().ID))
	b := w.present.bookings[waiting[0]]
	if b.Status != mentoring.Requested || !b.ExpiresAt.Equal(inHours(49)) {
		t.Errorf("promoted as %+v", b)
	}
	w.check(true)
}

func TestAWaitingListIsFinite(t *testing.T) {
	w, slot, _, _ := full(t, wide(1), policy.MaxWaiting)
	p := person("Late", "late@late.example")
	w.present.people[p.ID] = p
	if code := w.code(slot, w.bookingNow(p.ID)); code != mentoring.SlotFull {
		t.Errorf("one too many: %q", code)
	}
	if got := fmt.Sprint(len(w.state(slot).Waiters)); got != fmt.Sprint(policy.MaxWaiting) {
		t.Errorf("%s wait", got)
	}
}

package mentoring_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// capped is Edda, who gives so many sessions a month.
func capped(sessions int) mentoring.Person {
	p := edda()
	p.Profile.MonthlySessionCap = sessions
	return p
}

// A session counts in the month of its start, in the zone of the slot.
func TestMonthOfASlot(t *testing.T) {
	newYear := time.Date(2026, 12, 31, 23, 30, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"UTC": "2026-12", "Europe/Berlin": "2027-01", "America/New_York": "2026-12", "Nowhere/AtAll": "2026-12",
	} {
		if got := (mentoring.Slot{StartsAt: newYear, TimeZone: zone}).Month(); got != want {
			t.Errorf("in %s it is %s, want %s", zone, got, want)
		}
	}
}

func TestMonthIsFull(t *testing.T) {
	two := mentoring.Month{Slots: []mentoring.SlotID{slotID(1), slotID(2)}}
	for _, tc := range []struct {
		slot byte
		cap  int
		want bool
	}{{3, 0, false}, {3, 1, true}, {3, 2, true}, {3, 3, false}, {2, 2, false}, {2, 1, false}} {
		s := mentoring.Slot{ID: slotID(tc.slot), Host: mentoring.Host{MonthlyCap: tc.cap}}
		if got := two.Full(s); got != tc.want {
			t.Errorf("two, of %d, and slot %d: %v", tc.cap, tc.slot, got)
		}
	}
}

// The cap counts sessions, not seats: the first seat of a slot counts it, the last that is freed no longer does.
func TestMonthCountsSessions(t *testing.T) {
	w := newWorld(t, capped(1), rana(), tomasz())
	circle, other := wide(2), wide(1)
	other.StartsAt = inHours(120)
	slot, second := w.slot(capped(1), circle), w.slot(capped(1), other)
	id := w.nextBooking()
	w.wants(t, "the first seat", w.must(slot, w.booking(rana().ID, id)),
		"seat 1 Rana, booking Rana confirmed, agenda Rana, month of 1, event booking_made of 1")
	third := w.nextBooking()
	w.wants(t, "the second", w.must(slot, w.booking(tomasz().ID, third)),
		"seat 2 Tomasz, booking Tomasz confirmed, agenda Tomasz, event booking_made of 1")
	if code := w.code(second, w.bookingNow(rana().ID)); code != mentoring.ExpertCapReached {
		t.Errorf("another session: %q", code)
	}
	w.wants(t, "one of two leaves", w.must(slot, w.cancel(id, rana().ID)),
		"seat 1 free, booking Rana cancelled, agenda Rana, event booking_ended of 1")
	w.wants(t, "the last leaves", w.must(slot, w.cancel(third, tomasz().ID)),
		"seat 1 free, seat 2 free, booking Tomasz cancelled, agenda Tomasz, month of 0, event booking_ended of 1")
	w.book(rana(), second)
	w.check(true)
}

// Whoever takes a seat of a slot that counts, while the last other one is freed, finds their seat changed: or the slot would
// be had for nothing.
func TestFreeingTheLastSeatMeetsWhoeverTakesOne(t *testing.T) {
	w := newWorld(t, capped(1), rana(), tomasz())
	slot := w.slot(capped(1), wide(2))
	id := w.book(rana(), slot)
	w.draw = func() uint64 { return 1 }
	taking, err := w.bookingNow(tomasz().ID)(w.caseOf(slot))
	wantCode(t, "taking a seat", err, "")
	w.must(slot, w.cancel(id, rana().ID))
	if w.commit(taking) {
		t.Error("both were stored")
	}
	w.check(true)
}

// A slot that its expert moves to another month counts there.
func TestReschedulingToAnotherMonth(t *testing.T) {
	w := newWorld(t, capped(1), rana())
	slot := w.slot(capped(1), wide(1))
	w.book(rana(), slot)
	w.must(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(300))}))
	if diff := cmp.Diff([]mentoring.SlotID{slot}, w.present.months[monthKey{edda().ID, "2026-12"}].Slots); diff != "" {
		t.Errorf("December (-want +got):\n%s", diff)
	}
	w.check(true)
}

// One that nobody booked counts in no month, so that none of them needs to be known, whatever its new zone.
func TestReschedulingWhatNobodyBooked(t *testing.T) {
	w := newWorld(t, capped(1))
	d := wide(1)
	d.StartsAt = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	slot := w.slot(capped(1), d)
	c := w.caseOf(slot)
	c.Months = map[string]mentoring.Month{"2026-11": {}}
	_, err := w.revise(edda().ID, mentoring.Revision{TimeZone: new("Pacific/Auckland")})(c)
	wantCode(t, "another zone", err, "")
}

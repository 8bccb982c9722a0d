package mentoring_test

import (
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

func TestClose(t *testing.T) {
	w := newWorld(t, edda(), rana(), tomasz())
	slot := w.slot(edda(), wide(2))
	id := w.book(rana(), slot)
	w.wants(t, "closing", w.must(slot, w.closing(edda().ID)), "slot closed, seat 1 Rana, seat 2 free, event slot_ended of 0")
	if code := w.code(slot, w.bookingNow(tomasz().ID)); code != mentoring.NoLongerOpen {
		t.Errorf("booking what is closed: %q", code)
	}
	if w.present.bookings[id].Status != mentoring.Confirmed {
		t.Error("a booking ended with it")
	}
	w.wants(t, "closing again", w.must(slot, w.closing(edda().ID)), "")
}

func TestCancelSlot(t *testing.T) {
	host := edda()
	host.Profile.MonthlySessionCap = 4
	w := newWorld(t, host, rana(), tomasz())
	slot := w.slot(host, wide(3))
	id, other := w.book(rana(), slot), w.book(tomasz(), slot)
	w.at(inHours(1))
	w.wants(t, "calling off", w.must(slot, w.callOff(host.ID)), "slot cancelled, seat 1 free, seat 2 free, seat 3 free, "+
		"booking Rana cancelled, booking Tomasz cancelled, agenda Edda, agenda Rana, agenda Tomasz, month of 0, event slot_ended of 2")
	want := mentoring.Ending{By: mentoring.Expert, At: inHours(1), Cause: mentoring.SlotGone, Reason: secret}
	for _, id := range []mentoring.BookingID{id, other} {
		if b := w.present.bookings[id]; b.Ended != want || b.StatusAt(inHours(99)) != mentoring.Cancelled {
			t.Errorf("ended as %+v", b)
		}
	}
	if got := w.state(slot).StatusAt(inHours(99)); got != mentoring.SlotCancelled || w.present.slots[slot].Ended != want {
		t.Errorf("the slot is %s", got)
	}
	for _, at := range []time.Time{inHours(2), inHours(99)} {
		w.at(at).wants(t, "calling off again", w.must(slot, w.callOff(host.ID)), "")
	}
	if code := w.at(inHours(2)).code(slot, w.closing(host.ID)); code != mentoring.InvalidTransition {
		t.Errorf("closing what is cancelled: %q", code)
	}
}

// A request that ran out stays what it was to its requester: expired, not cancelled.
func TestCallingOffLeavesWhatRanOut(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), onRequest(2))
	id := w.book(rana(), slot)
	w.at(inHours(48)).must(slot, w.callOff(edda().ID))
	if b := w.present.bookings[id]; b.Status != mentoring.Expired || b.Ended.Cause != mentoring.NoAnswer {
		t.Errorf("ended as %+v", b)
	}
	w.check(true)
}

func TestWhoMayEndASlotWhen(t *testing.T) {
	const invalid = mentoring.InvalidTransition
	for _, tc := range []struct {
		name           string
		by             mentoring.Person
		booked         bool
		at             time.Time
		close, callOff mentoring.Code
	}{
		{"the expert", edda(), true, noon, "", ""},
		{"who booked", rana(), true, noon, mentoring.Forbidden, mentoring.Forbidden},
		{"who may see it", tomasz(), true, noon, mentoring.Forbidden, mentoring.Forbidden},
		{"who may not see it", person("Nora", "nora@north.example"), true, noon, mentoring.NotFound, mentoring.NotFound},
		{"just before the cut-off", edda(), true, inHours(94).Add(-1), "", ""},
		{"at the cut-off", edda(), true, inHours(94), invalid, ""},
		{"during the session", edda(), true, inHours(96), invalid, ""},
		{"after the session", edda(), true, inHours(97), invalid, invalid},
		{"when nobody came", edda(), false, inHours(96), invalid, invalid},
	} {
		w := newWorld(t, edda(), rana(), tomasz(), person("Nora", "nora@north.example"))
		d := wide(2)
		d.Audience = mentoring.OtherOrganisations
		slot := w.slot(edda(), d)
		if tc.booked {
			w.book(rana(), slot)
		}
		w.at(tc.at)
		_, err := w.closing(tc.by.ID)(w.caseOf(slot))
		wantCode(t, "closing: "+tc.name, err, tc.close)
		_, err = w.callOff(tc.by.ID)(w.caseOf(slot))
		wantCode(t, "calling off: "+tc.name, err, tc.callOff)
	}
	w := newWorld(t, edda())
	slot := w.slot(edda(), wide(1))
	_, err := mentoring.DecideCancelSlot(w.caseOf(slot), edda().ID, mentoring.Cancel{Reason: chars(501)}, policy, noon)
	wantCode(t, "a reason that is too long", err, mentoring.InvalidField)
}

// What the expert may do until when: a slot that begins with nobody is over then.
func TestHostActionsEndInTime(t *testing.T) {
	s := published(wide(2))
	v := mentoring.Viewer{Person: edda()}
	for taken, want := range map[int]time.Time{0: s.Slot.StartsAt, 1: s.Slot.EndsAt()} {
		got := listed(mentoring.SlotActions(s.Slot, mentoring.Occupancy{Free: 2 - taken}, v, policy, noon))
		if !got[mentoring.ActionChange].Until.Equal(want) || !got[mentoring.ActionCancel].Until.Equal(want) ||
			!got[mentoring.ActionClose].Until.Equal(inHours(94)) || len(got) != 3 {
			t.Errorf("with %d taken: %+v", taken, got)
		}
	}
}

func TestEndingOnTornStates(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	w.book(rana(), slot)
	c := w.caseOf(slot)
	c.State.Slot.Version++
	_, err := w.closing(edda().ID)(c)
	wantTorn(t, "closing", err)
	_, err = w.callOff(edda().ID)(c)
	wantTorn(t, "calling off", err)
	c = w.caseOf(slot)
	clear(c.Bookings)
	_, err = w.callOff(edda().ID)(c)
	wantTorn(t, "calling off without the bookings", err)
}

package mentoring_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

func TestCancelGivesBackSeatAndTime(t *testing.T) {
	for _, by := range []mentoring.Person{rana(), edda()} {
		w := newWorld(t, edda(), rana())
		slot := w.slot(edda(), wide(2))
		id := w.book(rana(), slot)
		w.at(inHours(1))
		w.wants(t, "cancelling", w.must(slot, w.cancel(id, by.ID)),
			"seat 1 free, booking Rana cancelled, agenda Rana, event booking_ended of 1")
		b := w.present.bookings[id]
		role, _ := b.RoleOf(by.ID)
		if want := (mentoring.Ending{By: role, At: inHours(1), Reason: secret}); b.Ended != want {
			t.Errorf("ended as %+v", b.Ended)
		}
		if w.viewer(rana().ID).Agenda.In(slot) != nil || w.state(slot).Free() != 2 {
			t.Error("the seat or the time is not given back")
		}
		if again := w.book(rana(), slot); again == id {
			t.Error("the same booking came back")
		}
	}
}

// The requester until the frozen notice, the expert until the end (product.md section 6).
func TestCancelInTime(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	b := w.present.bookings[w.book(rana(), slot)]
	notice := b.StartsAt.Add(-24 * time.Hour)
	for _, c := range []struct {
		name string
		by   mentoring.PersonID
		at   time.Time
		want mentoring.Code
	}{
		{"requester just in time", rana().ID, notice.Add(-time.Nanosecond), ""},
		{"requester at the cut-off", rana().ID, notice, mentoring.TooLateToCancel},
		{"requester during the session", rana().ID, b.StartsAt, mentoring.TooLateToCancel},
		{"requester after it", rana().ID, b.EndsAt(), mentoring.InvalidTransition},
		{"expert at the requester's cut-off", edda().ID, notice, ""},
		{"expert just before the end", edda().ID, b.EndsAt().Add(-time.Nanosecond), ""},
		{"expert after it", edda().ID, b.EndsAt(), mentoring.InvalidTransition},
		{"somebody else", strangers(1)[0], notice.Add(-time.Hour), mentoring.NotFound},
	} {
		_, err := w.at(c.at).cancel(b.ID, c.by)(w.caseOf(slot))
		wantCode(t, c.name, err, c.want)
		if role, ok := b.RoleOf(c.by); ok {
			_, offered := listed(b.Actions(role, c.at))[mentoring.ActionCancel]
			if offered != (c.want == "") {
				t.Errorf("%s: offered %v, and the command answers %v", c.name, offered, err)
			}
		}
		if refused := new(mentoring.Error); errors.As(err, &refused) && refused.Code == mentoring.InvalidTransition &&
			(refused.State != "completed" || slices.ContainsFunc(refused.Allowed, func(a mentoring.Action) bool { return a.Name == mentoring.ActionCancel })) {
			t.Errorf("%s: state %q, allowed %v", c.name, refused.State, refused.Allowed)
		}
	}
}

// The notice is the one agreed when booking, and a request or wait can be withdrawn as long as there is one.
func TestCancellableUntil(t *testing.T) {
	start, expiry := inHours(96), inHours(50)
	b := mentoring.Booking{
		Requester: mentoring.Party{ID: rana().ID}, Expert: mentoring.Party{ID: edda().ID},
		StartsAt: start, DurationMinutes: 30, CancelNoticeMinutes: 24 * 60,
	}
	for _, tc := range []struct {
		name              string
		status            mentoring.BookingStatus
		released          bool
		requester, expert time.Time
	}{
		{"confirmed", mentoring.Confirmed, false, inHours(72), b.EndsAt()},
		{"released", mentoring.Confirmed, true, start, b.EndsAt()},
		{"requested", mentoring.Requested, false, expiry, expiry},
		{"requested and released", mentoring.Requested, true, expiry, expiry},
		{"waiting", mentoring.Waitlisted, false, expiry, expiry},
	} {
		b.Status, b.Released, b.ExpiresAt = tc.status, tc.released, expiry
		if got := b.CancellableUntil(mentoring.Requester); !got.Equal(tc.requester) {
			t.Errorf("%s: the requester until %s, want %s", tc.name, got, tc.requester)
		}
		if got := b.CancellableUntil(mentoring.Expert); !got.Equal(tc.expert) {
			t.Errorf("%s: the expert until %s, want %s", tc.name, got, tc.expert)
		}
	}
}

func TestCancelAgain(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	id := w.book(rana(), slot)
	w.must(slot, w.cancel(id, rana().ID))
	for _, at := range []time.Time{noon, inHours(96), inHours(99)} {
		for _, by := range []mentoring.Person{rana(), edda()} {
			w.at(at).wants(t, "cancelling again", w.must(slot, w.cancel(id, by.ID)), "")
		}
	}
}

func TestCancelOnTornStates(t *testing.T) {
	for name, tear := range map[string]func(*mentoring.Case){
		"the seat is somebody else's": func(c *mentoring.Case) { c.State.Seats[0].Booking = bookingID(77) },
		"the seats are missing":       func(c *mentoring.Case) { c.State.Seats = nil },
		"of another version":          func(c *mentoring.Case) { c.State.Slot.Version++ },
		"the requester is missing":    func(c *mentoring.Case) { delete(c.People, rana().ID) },
		"the agenda knows nothing":    with(rana, func(v *mentoring.Viewer) { v.Agenda = mentoring.Agenda{} }),
		"the month is missing":        func(c *mentoring.Case) { c.State.Slot.Host.MonthlyCap, c.Months = 1, nil },
	} {
		w := newWorld(t, edda(), rana())
		slot := w.slot(edda(), wide(1))
		id := w.book(rana(), slot)
		c := w.caseOf(slot)
		tear(&c)
		_, err := w.cancel(id, rana().ID)(c)
		wantTorn(t, name, err)
	}
}

func TestCancelReason(t *testing.T) {
	for reason, want := range map[string]string{"": "", chars(500): "", chars(501): "/reason too_long"} {
		if got := told((mentoring.Cancel{Reason: reason}).Faults()); got != want {
			t.Errorf("%d bytes: %q, want %q", len(reason), got, want)
		}
	}
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	id := w.book(rana(), slot)
	for by, want := range map[mentoring.PersonID]mentoring.Code{rana().ID: mentoring.InvalidField, strangers(1)[0]: mentoring.NotFound} {
		_, err := mentoring.DecideCancel(w.caseOf(slot), id, by, mentoring.Cancel{Reason: chars(501)}, policy, noon)
		wantCode(t, "a reason that is too long", err, want)
	}
}

// An expert who lets a confirmed requester down at short notice gets a strike; who withdraws a request, or lets somebody go who
// was free to leave, does not (product.md section 7).
func TestWhichCancellationsAreStrikes(t *testing.T) {
	late := inHours(73) // within the notice of a day
	for _, tc := range []struct {
		name  string
		draft mentoring.SlotDraft
		do    func(*world, mentoring.SlotID)
		at    time.Time
		want  int
	}{
		{"just in time", wide(1), nil, inHours(72).Add(-1), 0},
		{"late", wide(1), nil, inHours(72), 1},
		{"during the session", wide(1), nil, inHours(96), 1},
		{"a request, late", func() mentoring.SlotDraft { d := onRequest(1); d.CancelNoticeMinutes = new(5760); return d }(), nil, inHours(1), 0},
		{"somebody who was moved", wide(1), func(w *world, s mentoring.SlotID) {
			w.must(s, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(97))}))
		}, late.Add(time.Hour), 0},
	} {
		for what, whole := range map[string]bool{"the booking": false, "the slot": true} {
			w := newWorld(t, edda(), rana())
			slot := w.slot(edda(), tc.draft)
			id := w.book(rana(), slot)
			if tc.do != nil {
				tc.do(w, slot)
			}
			cancel := w.at(tc.at).cancel(id, edda().ID)
			if whole {
				cancel = w.callOff(edda().ID)
			}
			w.must(slot, cancel)
			strikes := w.viewer(edda().ID).Agenda.Strikes
			if len(strikes) != tc.want || len(w.viewer(rana().ID).Agenda.Strikes) != 0 || w.mailbox.kinds[mentoring.StrikeGiven] != tc.want {
				t.Errorf("%s, %s: %v, told %d", what, tc.name, strikes, w.mailbox.kinds[mentoring.StrikeGiven])
			}
			w.check(true)
		}
	}
}

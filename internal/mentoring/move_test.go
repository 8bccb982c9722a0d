package mentoring_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// twoSlots are slots of Edda's and Egon's, the second a day after the first.
func twoSlots(t *testing.T, first, second mentoring.SlotDraft) (w *world, from, to mentoring.SlotID) {
	w = newWorld(t, edda(), egon(), rana(), tomasz())
	second.StartsAt = first.StartsAt.AddDate(0, 0, 1)
	return w, w.slot(edda(), first), w.slot(egon(), second)
}

func egon() mentoring.Person   { return person("Egon", "egon@west.example") }
func tomasz() mentoring.Person { return person("Tomasz", "tomasz@east.example") }

func TestMove(t *testing.T) {
	w, from, to := twoSlots(t, wide(1), wide(2))
	id := w.book(rana(), from)
	before := w.present.bookings[id]
	w.at(inHours(1))
	c, err := w.attempt(w.move(id, rana().ID, to))
	wantCode(t, "moving", err, "")
	w.wants(t, "moving", c, "seat 1 free, seat 1 Rana, booking Rana confirmed, agenda Rana, event booking_moved of 1")
	got := w.present.bookings[id]
	want := before
	want.Slot, want.Expert, want.StartsAt = to, mentoring.Party{ID: egon().ID, Name: "Egon"}, inHours(120)
	want.Version, want.Unseen = 2, mentoring.Unseen{Expert: 1}
	want.History = []mentoring.Step{
		{At: noon, By: mentoring.Requester, Action: mentoring.StepBooked, Status: mentoring.Confirmed, Slot: from, With: edda().ID},
		{At: inHours(1), By: mentoring.Requester, Action: mentoring.StepMoved, Status: mentoring.Confirmed},
	}
	if diff := cmp.Diff(want, got); diff != "" { // the same booking, with its purpose
		t.Errorf("booking (-want +got):\n%s", diff)
	}
	if e := c.Events[0]; e.Slot != to || e.From != from || !e.Was.Equal(inHours(96)) {
		t.Errorf("event %+v", e)
	}
	if w.state(from).Free() != 1 {
		t.Error("the seat that was left is not free")
	}
}

// The seat that is left goes to whoever waits for it, in the same commit.
func TestMovingPromotes(t *testing.T) {
	w, from, to := twoSlots(t, wide(1), onRequest(1))
	id := w.book(rana(), from)
	w.book(tomasz(), from)
	c, err := w.attempt(w.move(id, rana().ID, to))
	wantCode(t, "moving", err, "")
	w.wants(t, "moving", c, "seat 1 Tomasz, seat 1 Rana, booking Rana requested, booking Tomasz confirmed, left Tomasz, "+
		"agenda Rana, agenda Tomasz, event booking_promoted of 1, event booking_moved of 1, wake in 36h0m0s, wake in 48h0m0s")
}

// Who waits for one seat may take another, and who waited no longer does.
func TestMovingFromAWaitingList(t *testing.T) {
	w, from, to := twoSlots(t, wide(1), wide(1))
	w.book(tomasz(), from)
	id := w.book(rana(), from)
	c, err := w.attempt(w.move(id, rana().ID, to))
	wantCode(t, "moving", err, "")
	w.wants(t, "moving", c, "seat 1 Rana, booking Rana confirmed, left Rana, agenda Rana, event booking_moved of 1")
}

// Moving is a cancellation and a booking in one: it is refused for what either is refused for, and then nothing changes.
func TestMoveRefuses(t *testing.T) {
	type w = *world
	for _, tc := range []struct {
		name string
		by   mentoring.Person
		do   func(w w, from, to mentoring.SlotID)
		want mentoring.Code
	}{
		{"nothing is in the way", rana(), nil, ""},
		{"a stranger", tomasz(), nil, mentoring.NotFound},
		{"the expert", edda(), nil, mentoring.Forbidden},
		{"too late to cancel", rana(), func(w w, _, _ mentoring.SlotID) { w.at(inHours(72)) }, mentoring.TooLateToCancel},
		{"over", rana(), func(w w, _, _ mentoring.SlotID) { w.at(inHours(98)) }, mentoring.InvalidTransition},
		{"full", rana(), func(w w, _, to mentoring.SlotID) { w.book(tomasz(), to) }, mentoring.SlotFull},
		{"closed", rana(), func(w w, _, to mentoring.SlotID) { w.must(to, w.closing(egon().ID)) }, mentoring.NoLongerOpen},
		{"called off", rana(), func(w w, _, to mentoring.SlotID) { w.must(to, w.callOff(egon().ID)) }, mentoring.CalledOff},
		{"a conflict", rana(), func(w w, _, _ mentoring.SlotID) {
			w.change(rana().ID, func(p *mentoring.Person) { p.Programme.Managers = []mentoring.PersonID{egon().ID} })
		}, mentoring.ConflictOfInterest},
		{"apart", rana(), func(w w, _, _ mentoring.SlotID) {
			mine, theirs, _, _ := mentoring.DecideBlock(w.viewer(egon().ID), w.viewer(rana().ID), mentoring.Block{Of: rana().ID, On: true})
			w.commit(mentoring.Changes{Agendas: map[mentoring.PersonID]mentoring.Agenda{egon().ID: mine, rana().ID: theirs}})
		}, mentoring.NotFound},
		{"another session then", rana(), func(w w, _, to mentoring.SlotID) {
			d := smallDraft()
			d.StartsAt = inHours(120)
			w.slot(rana(), d)
		}, mentoring.OverlappingSession},
	} {
		w, from, to := twoSlots(t, wide(1), wide(1))
		id := w.book(rana(), from)
		if tc.do != nil {
			tc.do(w, from, to)
		}
		_, err := w.attempt(w.move(id, tc.by.ID, to))
		wantCode(t, tc.name, err, tc.want)
		w.check(true)
	}
	world, from, _ := twoSlots(t, wide(1), wide(1))
	id := world.book(rana(), from)
	_, err := world.attempt(world.move(id, rana().ID, from))
	if refused := new(mentoring.Error); !errors.As(err, &refused) || refused.Code != mentoring.AlreadyBooked || refused.Booking != id {
		t.Errorf("to the same slot: %v", err)
	}
}

func TestMoveFaults(t *testing.T) {
	type m = mentoring.Move
	right := func() m { return m{To: slotID(2), Mode: mentoring.Video} }
	checkRules(t, right, m.Faults, []rule[m]{
		{"slotId", "missing", func(m *m) { m.To = "" }, "/slotId required"},
		{"slotId", "of a booking", func(m *m) { m.To = mentoring.SlotID(bookingID(1)) }, "/slotId bad_format"},
		{"mode", "none", func(m *m) { m.Mode = "" }, ""},
		{"mode", "unknown", func(m *m) { m.Mode = "fax" }, "/mode not_allowed"},
	})
}

// Another expert may be somebody's boss, the same one is not; and another slot may offer other modes.
func TestWhatAMoveMustSay(t *testing.T) {
	phone := wide(1)
	phone.Modes = []mentoring.Mode{mentoring.Phone}
	for _, tc := range []struct {
		name   string
		expert mentoring.Person
		draft  mentoring.SlotDraft
		say    mentoring.Move
		want   mentoring.Code
		mode   mentoring.Mode
	}{
		{"another expert, attested", egon(), wide(1), mentoring.Move{NoConflict: true}, "", mentoring.Video},
		{"another expert, not attested", egon(), wide(1), mentoring.Move{}, mentoring.InvalidField, ""},
		{"the same expert", edda(), wide(1), mentoring.Move{}, "", mentoring.Video},
		{"the mode is not offered", edda(), phone, mentoring.Move{}, mentoring.ModeNotOffered, ""},
		{"another mode", edda(), phone, mentoring.Move{Mode: mentoring.Phone}, "", mentoring.Phone},
	} {
		w := newWorld(t, edda(), egon(), rana())
		from := w.slot(edda(), wide(1))
		tc.draft.StartsAt = inHours(120)
		tc.say.To = w.slot(tc.expert, tc.draft)
		id := w.book(rana(), from)
		c, err := mentoring.DecideMove(w.caseOf(from), w.caseOf(tc.say.To), id, rana().ID, tc.say, 0, policy, noon)
		wantCode(t, tc.name, err, tc.want)
		if moved, _ := c.Booking(id); moved.Mode != tc.mode {
			t.Errorf("%s: by %q, want %q", tc.name, moved.Mode, tc.mode)
		}
	}
}

// What somebody gives up with the move is not in its way: the seat with the same expert, that expert's month, their own time.
func TestMovingMakesRoomForItself(t *testing.T) {
	host := edda()
	host.Profile.MonthlySessionCap = 1
	w := newWorld(t, host, rana())
	first, second := wide(1), wide(2)
	second.StartsAt = first.StartsAt.Add(time.Hour)
	from, to := w.slot(host, first), w.slot(host, second)
	id := w.book(rana(), from)
	c, err := w.attempt(w.move(id, rana().ID, to))
	wantCode(t, "moving", err, "")
	w.wants(t, "moving", c, "seat 1 free, seat 1 Rana, booking Rana confirmed, agenda Rana, month of 1, event booking_moved of 1")
	c, err = w.attempt(w.move(id, rana().ID, from)) // and back, at the same instant
	wantCode(t, "moving back", err, "")
	w.wants(t, "moving back", c, "seat 1 Rana, seat 1 free, seat 2 free, booking Rana confirmed, agenda Rana, month of 1, event booking_moved of 1")
}

// A move to a slot whose expert wants to be asked makes it a request again, and whoever may leave any time no longer may.
func TestMovingBeginsAnew(t *testing.T) {
	w, from, to := twoSlots(t, wide(1), onRequest(1))
	id := w.book(rana(), from)
	w.must(from, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(97))}))
	if !w.present.bookings[id].Released {
		t.Fatal("whoever is moved by the expert may leave")
	}
	_, err := w.attempt(w.move(id, rana().ID, to))
	wantCode(t, "moving", err, "")
	b := w.present.bookings[id]
	if b.Status != mentoring.Requested || b.Released || !b.ExpiresAt.Equal(inHours(48)) {
		t.Errorf("moved: %+v", b)
	}
	w.must(to, w.approve(id, egon().ID))
	w.check(true)
}

func TestMoveOnTornStates(t *testing.T) {
	for name, tear := range map[string]func(from, to *mentoring.Case){
		"the slot that is left":    func(from, _ *mentoring.Case) { from.State.Slot.Version++ },
		"the slot that is entered": func(_, to *mentoring.Case) { to.State.Slot.Version++ },
		"somebody else's seat":     func(from, _ *mentoring.Case) { from.State.Seats[0].Booking = bookingID(77) },
	} {
		w, first, second := twoSlots(t, wide(1), wide(1))
		id := w.book(rana(), first)
		from, to := w.caseOf(first), w.caseOf(second)
		tear(&from, &to)
		_, err := mentoring.DecideMove(from, to, id, rana().ID, mentoring.Move{To: second, NoConflict: true}, 0, policy, noon)
		wantTorn(t, name, err)
	}
}

package mentoring_test

import (
	"time"

	"flashmentoring/internal/mentoring"
)

// command is a decision about a slot, ready to be made on what is read of it.
type command func(mentoring.Case) (mentoring.Changes, error)

// publish has an expert publish, which must succeed.
func (w *world) publish(who mentoring.Person, drafts ...mentoring.SlotDraft) []mentoring.SlotID {
	w.t.Helper()
	ids, err := w.tryPublish(who.ID, drafts...)
	if err != nil {
		w.t.Fatalf("publishing: %v", err)
	}
	return ids
}

func (w *world) tryPublish(who mentoring.PersonID, drafts ...mentoring.SlotDraft) ([]mentoring.SlotID, error) {
	ids := make([]mentoring.SlotID, len(drafts))
	for i := range ids {
		ids[i] = w.nextSlot()
	}
	_, err := w.attempt(func(r records) (mentoring.Changes, error) {
		return mentoring.DecidePublish(r.viewer(who), drafts, ids, mentoring.StarterTopics, w.policy, w.now)
	})
	return ids, err
}

// slot has an expert publish one slot.
func (w *world) slot(who mentoring.Person, d mentoring.SlotDraft) mentoring.SlotID {
	w.t.Helper()
	return w.publish(who, d)[0]
}

// book has somebody book, or wait where all is taken, which must succeed.
func (w *world) book(who mentoring.Person, slot mentoring.SlotID) mentoring.BookingID {
	w.t.Helper()
	id := w.nextBooking()
	if _, err := w.do(slot, w.booking(who.ID, id)); err != nil {
		w.t.Fatalf("%s books: %v", who.Profile.Name, err)
	}
	return id
}

func (w *world) booking(who mentoring.PersonID, id mentoring.BookingID) command {
	r := smallRequest()
	r.JoinWaitlist = true
	draw := w.draw()
	return func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideBook(c, who, r, id, draw, w.policy, w.now)
	}
}

// bookingNow is a booking with an id of its own.
func (w *world) bookingNow(who mentoring.PersonID) command { return w.booking(who, w.nextBooking()) }

func (w *world) cancel(id mentoring.BookingID, by mentoring.PersonID) command {
	return func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideCancel(c, id, by, mentoring.Cancel{Reason: secret}, w.policy, w.now)
	}
}

func (w *world) approve(id mentoring.BookingID, by mentoring.PersonID) command {
	return func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideApprove(c, id, by, w.policy, w.now)
	}
}

func (w *world) decline(id mentoring.BookingID, by mentoring.PersonID) command {
	d := mentoring.Decline{Reason: mentoring.NotMyArea, Note: secret}
	return func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideDecline(c, id, by, d, w.policy, w.now)
	}
}

func (w *world) closing(by mentoring.PersonID) command {
	return func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideClose(c, by, w.policy, w.now)
	}
}

func (w *world) callOff(by mentoring.PersonID) command {
	return func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideCancelSlot(c, by, mentoring.Cancel{Reason: secret}, w.policy, w.now)
	}
}

func (w *world) revise(by mentoring.PersonID, r mentoring.Revision) command {
	return func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideRevise(c, by, r, nil, mentoring.StarterTopics, w.policy, w.now)
	}
}

func (w *world) settle(wake time.Time) command {
	return func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideSettle(c, wake, w.policy, w.now)
	}
}

// move is a decision about two slots.
func (w *world) move(id mentoring.BookingID, by mentoring.PersonID, to mentoring.SlotID) func(records) (mentoring.Changes, error) {
	draw := w.draw()
	return func(r records) (mentoring.Changes, error) {
		from, target := r.caseOf(r.bookings[id].Slot), r.caseOf(to)
		return mentoring.DecideMove(from, target, id, by, mentoring.Move{To: to, NoConflict: true}, draw, w.policy, w.now)
	}
}

// tend settles a slot until there is nothing more to do.
func (w *world) tend(slot mentoring.SlotID, wake time.Time) {
	w.t.Helper()
	for range 20 {
		c, err := w.do(slot, w.settle(wake))
		if err != nil {
			w.t.Fatalf("settling: %v", err)
		}
		if !c.More {
			return
		}
	}
	w.t.Fatalf("settling %s never ends", slot)
}

// must wants a command to succeed.
func (w *world) must(slot mentoring.SlotID, decide command) mentoring.Changes {
	w.t.Helper()
	c, err := w.do(slot, decide)
	if err != nil {
		w.t.Fatalf("refused: %v", err)
	}
	return c
}

// refused wants a command to be refused, and returns the refusal's code.
func (w *world) code(slot mentoring.SlotID, decide command) mentoring.Code {
	_, err := w.do(slot, decide)
	return codeOf(err)
}

// follow brings the slots of an expert up to date.
func (w *world) follow(id mentoring.PersonID) {
	w.t.Helper()
	for _, slot := range w.viewer(id).Agenda.From(w.now).Hosted() {
		w.must(slot, w.following(mentoring.HostFrom(w.present.people[id])))
	}
}

func (w *world) following(h mentoring.Host) command {
	return func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideFollowHost(c, h, w.policy, w.now)
	}
}

// secret is in every free text that somebody could write.
const secret = "my own words, and long enough"

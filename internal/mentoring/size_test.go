package mentoring_test

import (
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

// crowded is a circle of a capped expert's with as many seats as there can be, all asked for or all confirmed, and as many who
// wait as can.
func crowded(t *testing.T, approval mentoring.Approval) (w *world, slot mentoring.SlotID) {
	people := crowd(mentoring.MaxSeats + policy.MaxWaiting)
	w = newWorld(t, append(people, capped(9), egon())...)
	d := wide(mentoring.MaxSeats)
	d.Approval, d.MinAttendees = approval, new(mentoring.MaxSeats)
	d.StartsAt = inHours(290)
	slot = w.slot(capped(9), d)
	for i, p := range people {
		w.at(noon.Add(time.Duration(i) * time.Second))
		w.book(p, slot)
	}
	return w, slot
}

// Every decision about the largest slot there can be fits one commit; whatever does not is done in several, and all of it.
// The world refuses a commit that is too large.
func TestTheLargestSlotFitsItsCommits(t *testing.T) {
	for _, approval := range mentoring.Approvals {
		for name, do := range map[string]func(*world, mentoring.SlotID){
			"all requests run out at once": func(w *world, s mentoring.SlotID) { w.at(inHours(49)).tend(s, time.Time{}) },
			"all requests and waits run out at once": func(w *world, s mentoring.SlotID) {
				w.at(inHours(288)).tend(s, inHours(288))
			},
			"the time changes, and all requests run out": func(w *world, s mentoring.SlotID) {
				w.must(s, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(240))}))
				w.at(inHours(49)).tend(s, time.Time{})
			},
			"the time changes, and all runs out": func(w *world, s mentoring.SlotID) {
				w.must(s, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(240))}))
				w.at(inHours(239)).tend(s, time.Time{})
			},
			"all requests run out, and then the time changes": func(w *world, s mentoring.SlotID) {
				w.at(inHours(49)).must(s, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(340))}))
				w.tend(s, time.Time{})
			},
			"called off": func(w *world, s mentoring.SlotID) {
				w.must(s, w.callOff(edda().ID))
				w.tend(s, time.Time{})
			},
			"called off late": func(w *world, s mentoring.SlotID) {
				w.at(inHours(289)).must(s, w.callOff(edda().ID))
				w.tend(s, time.Time{})
			},
			"closed": func(w *world, s mentoring.SlotID) {
				w.must(s, w.closing(edda().ID))
				w.tend(s, time.Time{})
			},
			"a conflict with everybody": func(w *world, s mentoring.SlotID) {
				host := mentoring.HostFrom(capped(9))
				host.Version = 2
				for _, p := range crowd(mentoring.MaxSeats) {
					host.Managers = append(host.Managers, p.ID)
				}
				w.must(s, w.following(host))
			},
		} {
			t.Run(string(approval)+", "+name, func(t *testing.T) {
				w, slot := crowded(t, approval)
				do(w, slot)
				w.check(true)
				if c, err := w.settle(time.Time{})(w.caseOf(slot)); err != nil || c.More {
					t.Errorf("something is left to do: %+v, %v", c, err)
				}
			})
		}
	}
}

// Making a circle as large as can be seats all who then can, in one commit.
func TestTheLargestPromotionFitsItsCommit(t *testing.T) {
	for _, approval := range mentoring.Approvals {
		people := crowd(2 + policy.MaxWaiting)
		w := newWorld(t, append(people, capped(9))...)
		d := wide(2)
		d.Approval = approval
		d.StartsAt = inHours(190)
		slot := w.slot(capped(9), d)
		for i, p := range people {
			w.at(noon.Add(time.Duration(i) * time.Second))
			w.book(p, slot)
		}
		w.must(slot, w.revise(edda().ID, mentoring.Revision{Capacity: new(mentoring.MaxSeats), StartsAt: new(inHours(310))}))
		if s := w.state(slot); s.Taken() != mentoring.MaxSeats || len(s.Waiters) != policy.MaxWaiting+2-mentoring.MaxSeats {
			t.Errorf("%s: %d seated, %d waiting", approval, s.Taken(), len(s.Waiters))
		}
		w.check(true)
	}
}

func TestTheLargestBatchFitsItsCommit(t *testing.T) {
	w := newWorld(t, edda())
	var drafts []mentoring.SlotDraft
	for n := range 20 {
		d := wide(1)
		d.StartsAt = inHours(96 + n)
		drafts = append(drafts, d)
	}
	w.publish(edda(), drafts...)
	w.check(true)
}

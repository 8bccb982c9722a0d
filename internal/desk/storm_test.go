package desk_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table/tabletest"
)

// Everybody does everything at once, with conflicts and lost replies: what is stored fits together, every answer is one of
// the contract, and once the clock has looked nobody waits at a free seat. The control, where writes mind no versions, ends
// in what does not fit together.
func TestStorm(t *testing.T) {
	for name, places := range map[string][]string{"protected": nil, "control": {"SEAT#", "BOOKING", "AGENDA", "QUEUE#"}} {
		t.Run(name, func(t *testing.T) {
			engine := openEngine(t)
			calm := officeOn(engine, nil)
			ada, bob := calm.enrolled(t, "ada"), calm.enrolled(t, "bob")
			slots := []mentoring.SlotID{calm.published(t, ada, circle(3, 100*time.Hour)), calm.published(t, bob, onRequest(2, 110*time.Hour))}
			people := calm.crowd(t, 24)
			rounds := 6
			under := tabletest.NewFaults(slow(engine), 1, tabletest.Chances{Conflict: .05, LostReply: .05})
			o := officeOn(under, nil)
			if places != nil {
				o = officeOn(slow(tabletest.NewUnprotected(engine, placed(places))), nil)
				rounds = 1 // what does not fit together is read again and again before it is given up
			}
			answers := together(len(people)+2, func(i int) error {
				w := whirl{o, rand.New(rand.NewPCG(1, uint64(i))), slots, rounds}
				if i < len(people) {
					return w.requester(people[i])
				}
				return w.expert([]desk.Caller{ada, bob}[i-len(people)])
			})
			wrong := calm.unsound(t, append(people, ada, bob), slots...)
			if places != nil {
				if wrong == nil {
					t.Error("without protection all is well: the test does not race")
				}
				return
			}
			calm.workOff(t)
			wrong = append(wrong, calm.unsound(t, append(people, ada, bob), slots...)...)
			for _, w := range wrong {
				t.Error(w)
			}
			if len(answers) != 1 || answers[""] != len(people)+2 {
				t.Errorf("answers: %v", answers)
			}
			for _, slot := range slots {
				if view, err := calm.Slot(t.Context(), ada, slot); err != nil || view.Waiting > 0 && view.Taken < view.Slot.Capacity {
					t.Errorf("%d wait, %d of %d seats are taken, %v", view.Waiting, view.Taken, view.Slot.Capacity, err)
				}
			}
		})
	}
}

// whirl is somebody in the storm.
type whirl struct {
	o     *office
	rand  *rand.Rand
	slots []mentoring.SlotID
	times int
}

// requester books, moves and cancels, some of it in vain.
func (w whirl) requester(c desk.Caller) error {
	ctx := context.Background()
	for range w.times {
		view, err := w.o.Book(ctx, c, w.slots[w.rand.IntN(2)], waiting(), desk.Once{})
		if unforeseen(err) {
			return err
		}
		if err != nil {
			continue
		}
		if w.rand.IntN(2) == 0 {
			err = moving(w.o, c, view.Booking.ID, w.slots[w.rand.IntN(2)])
		}
		if w.rand.IntN(3) > 0 {
			err = cancelling(c, view.Booking.ID)(w.o)
		}
		if unforeseen(err) {
			return err
		}
	}
	return nil
}

// expert answers what they are asked, and changes the number of seats.
func (w whirl) expert(c desk.Caller) error {
	ctx := context.Background()
	for i := range w.times {
		asked, err := w.o.Bookings(ctx, c, desk.BookingFilter{Role: mentoring.Expert, Status: []mentoring.BookingStatus{mentoring.Requested}}, "", 20)
		for _, view := range asked.Items {
			if w.rand.IntN(2) == 0 {
				err = ignore(w.o.Approve(ctx, c, view.Booking.ID, desk.Once{}))
			} else {
				err = ignore(w.o.Decline(ctx, c, view.Booking.ID, mentoring.Decline{Reason: mentoring.OtherReason}, desk.Once{}))
			}
		}
		if unforeseen(err) {
			return err
		}
		for _, slot := range w.slots {
			if err := revising(c, slot, mentoring.Revision{Capacity: new(2 + i%4)})(w.o); unforeseen(err) {
				return err
			}
		}
	}
	return nil
}

// unforeseen reports whether an answer is none that a use case gives in a crowd.
func unforeseen(err error) bool {
	switch codeOf(err) {
	case "", mentoring.SlotFull, mentoring.AlreadyBooked, mentoring.InvalidTransition, mentoring.InvalidField, mentoring.Forbidden,
		mentoring.NotFound, mentoring.RequestLimitReached, mentoring.Busy:
		return false
	}
	return true
}

package desk_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// A cancelled seat is free: for somebody else, and the requester's time with it.
func TestCancel(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	slot := o.published(t, ada, circle(1, 50*time.Hour))
	other := o.published(t, o.enrolled(t, "kim"), circle(1, 50*time.Hour))
	booked, err := o.Book(ctx, ben, slot, request, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	id := booked.Booking.ID
	if _, err := o.Cancel(ctx, eve, id, mentoring.Cancel{}, desk.Once{}); codeOf(err) != mentoring.NotFound {
		t.Errorf("a stranger cancels: %v", err)
	}
	if _, err := o.Book(ctx, eve, slot, request, desk.Once{}); codeOf(err) != mentoring.SlotFull {
		t.Errorf("before: %v", err)
	}
	cancelled, err := o.Cancel(ctx, ben, id, mentoring.Cancel{Reason: "A trip."}, key("c"))
	if err != nil || cancelled.Status != mentoring.Cancelled || cancelled.Version != 2 || cancelled.Actions != nil || cancelled.Meeting.VideoURL != "" {
		t.Fatalf("cancelled: %+v, %v", cancelled, err)
	}
	for _, once := range []desk.Once{key("c"), key("d"), {}} {
		again, err := o.Cancel(ctx, ben, id, mentoring.Cancel{Reason: "A trip."}, once)
		if diff := cmp.Diff(cancelled, again); diff != "" || err != nil {
			t.Errorf("cancelled again: %v\n%s", err, diff)
		}
	}
	for who, role := range map[desk.Caller]mentoring.Role{ben: mentoring.Requester, ada: mentoring.Expert} {
		filter := desk.BookingFilter{Role: role, Status: []mentoring.BookingStatus{mentoring.Cancelled}}
		if mine, err := o.Bookings(ctx, who, filter, "", 20); err != nil || len(mine.Items) != 1 || mine.Items[0].Booking.ID != id {
			t.Errorf("cancelled bookings of %s: %+v, %v", who.Name, mine, err)
		}
	}
	if n := o.outbox(t); n != 2 {
		t.Errorf("%d events wait, want those of booking and cancelling", n)
	}
	if _, err := o.Book(ctx, ben, other, request, desk.Once{}); err != nil {
		t.Errorf("the requester's time is not free again: %v", err)
	}
	if _, err := o.Book(ctx, eve, slot, request, desk.Once{}); err != nil {
		t.Errorf("the seat is not free again: %v", err)
	}
}

func TestCancelInTime(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	booked, err := o.Book(ctx, ben, o.published(t, ada, circle(1, 50*time.Hour)), request, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	o.advance(26 * time.Hour)
	if _, err := o.Cancel(ctx, ben, booked.Booking.ID, mentoring.Cancel{}, desk.Once{}); codeOf(err) != mentoring.TooLateToCancel {
		t.Errorf("the requester at the cut-off: %v", err)
	}
	if view, err := o.Cancel(ctx, ada, booked.Booking.ID, mentoring.Cancel{}, desk.Once{}); err != nil || view.Booking.Ended.By != mentoring.Expert {
		t.Errorf("the expert: %+v, %v", view, err)
	}
}

// Many cancels at once, from both sides: one effect, and everybody is told that it is cancelled.
func TestCancelTogether(t *testing.T) {
	o := openOffice(t, slow)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	booked, err := o.Book(t.Context(), ben, o.published(t, ada, circle(1, 50*time.Hour)), request, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	answers := together(40, func(i int) error {
		view, err := o.Cancel(context.Background(), []desk.Caller{ada, ben}[i%2], booked.Booking.ID, mentoring.Cancel{}, desk.Once{})
		if err == nil && view.Status != mentoring.Cancelled {
			t.Errorf("answered %s", view.Status)
		}
		return err
	})
	if want := map[mentoring.Code]int{"": 40}; !maps.Equal(want, answers) {
		t.Errorf("answers %v, want %v", answers, want)
	}
	if n := o.outbox(t); n != 2 {
		t.Errorf("%d events wait, want those of booking and cancelling", n)
	}
}

// A rush for a seat while its holder cancels, again and again: never two hold it, and whoever is told that they have a
// booking has the seat.
func TestCancelAgainstBook(t *testing.T) {
	for _, control := range []bool{false, true} {
		name := map[bool]string{false: "protected", true: "control"}[control]
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, func(engine table.Table) table.Table {
				if control {
					return tabletest.NewUnprotected(slow(engine), seats)
				}
				return slow(engine)
			})
			ada, people := o.enrolled(t, "ada"), o.crowd(t, 60)
			slot := o.published(t, ada, circle(1, 50*time.Hour))
			held := make([]mentoring.BookingID, len(people))
			together(len(people), func(i int) error {
				for range 4 {
					view, err := o.Book(context.Background(), people[i], slot, request, desk.Once{})
					if err != nil {
						continue
					}
					held[i] = view.Booking.ID
					if i%3 > 0 { // two of three think better of it
						if _, err := o.Cancel(context.Background(), people[i], view.Booking.ID, mentoring.Cancel{}, desk.Once{}); err == nil {
							held[i] = ""
						}
					}
				}
				return nil
			})
			holders := 0
			for _, id := range held {
				if id != "" {
					holders++
				}
			}
			if control && holders < 2 {
				t.Errorf("without protection %d hold the seat: the test does not race", holders)
			}
			if !control && holders > 1 {
				t.Errorf("%d hold one seat", holders)
			}
			if view, err := o.Slot(t.Context(), ada, slot); !control && (err != nil || view.Taken != holders) {
				t.Errorf("%d seats are taken, and %d hold one (%v)", view.Taken, holders, err)
			}
		})
	}
}

func TestCancelWithALostReply(t *testing.T) {
	lossy := &loseNext{}
	o := openOffice(t, func(engine table.Table) table.Table { lossy.Table = engine; return lossy })
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	booked, err := o.Book(t.Context(), ben, o.published(t, ada, circle(1, 50*time.Hour)), request, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	lossy.replies = 1
	view, err := o.Cancel(t.Context(), ben, booked.Booking.ID, mentoring.Cancel{}, key("c"))
	if err != nil || view.Status != mentoring.Cancelled || view.Version != 2 {
		t.Errorf("cancelled with a lost reply: %+v, %v", view, err)
	}
}

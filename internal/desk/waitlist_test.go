package desk_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// queue is a slot of ada's that is full, and for which ben, eve and kim wait, in that order.
type queue struct {
	*office
	ada     desk.Caller
	slot    mentoring.SlotID
	held    []holder
	waiting []holder
	all     []desk.Caller
}

func openQueue(t *testing.T, d mentoring.SlotDraft) *queue {
	q := &queue{office: openOffice(t, nil)}
	q.ada = q.enrolled(t, "ada")
	q.slot = q.published(t, q.ada, d)
	q.all = append(q.all, q.ada)
	for i := range *d.Capacity {
		q.held = append(q.held, q.joins(t, fmt.Sprintf("first-%d", i)))
	}
	for _, name := range []string{"ben", "eve", "kim"} {
		q.advance(time.Second)
		q.waiting = append(q.waiting, q.joins(t, name))
	}
	q.workOff(t)
	return q
}

func (q *queue) joins(t *testing.T, name string) holder {
	c := q.enrolled(t, name)
	q.all = append(q.all, c)
	return holder{c, q.booked(t, c, q.slot)}
}

// stand fails unless those who wait, first come first, stand like this, and all is sound.
func (q *queue) stand(t *testing.T, want ...mentoring.BookingStatus) {
	t.Helper()
	for i, w := range want {
		if got := q.status(t, q.waiting[i].who, q.waiting[i].id); got != w {
			t.Errorf("%s is %s, want %s", q.waiting[i].who.Name, got, w)
		}
	}
	for _, wrong := range q.unsound(t, q.all, q.slot) {
		t.Error(wrong)
	}
}

const (
	confirmed = mentoring.Confirmed
	asked     = mentoring.Requested
	waits     = mentoring.Waitlisted
	cancelled = mentoring.Cancelled
	expired   = mentoring.Expired
)

func TestJoinTheWaitlist(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	slot, ada, _ := o.full(t, circle(1, 50*time.Hour), 0)
	ben := o.enrolled(t, "ben")
	o.workOff(t)
	view, err := o.Slot(ctx, ben, slot)
	if err != nil || view.NotBookable != mentoring.SlotFull || len(view.Actions) != 1 || view.Actions[0].Name != mentoring.ActionJoinWaitlist {
		t.Fatalf("before: %+v, %v", view, err)
	}
	_, err = o.Book(ctx, ben, slot, request, desk.Once{})
	refusedFor(t, err, mentoring.SlotFull)
	joined, err := o.Book(ctx, ben, slot, waiting(), desk.Once{})
	if err != nil || joined.Status != waits || joined.Meeting.VideoURL != "" || !joined.Booking.ExpiresAt.Equal(morning.Add(48*time.Hour)) {
		t.Fatalf("joined: %+v, %v", joined, err)
	}
	sameNews(t, o.workOff(t), "ben: waitlisted")
	if view, err = o.Slot(ctx, ben, slot); err != nil || view.Waiting != 1 || view.NotBookable != mentoring.AlreadyBooked {
		t.Errorf("after: %+v, %v", view, err)
	}
	page, err := o.OpenSlots(ctx, o.enrolled(t, "eve"), desk.SlotFilter{}, "", 20)
	if err != nil || page.Items[0].Waiting != 1 || page.Items[0].Taken != 1 {
		t.Errorf("browsing shows %+v, %v", page.Items, err)
	}
	_, err = o.Book(ctx, ben, slot, waiting(), desk.Once{})
	refusedFor(t, err, mentoring.AlreadyBooked)
	_, err = o.Approve(ctx, ada, joined.Booking.ID, desk.Once{})
	refusedFor(t, err, mentoring.InvalidTransition)
	o.booked(t, ben, o.published(t, o.enrolled(t, "bob"), circle(1, 50*time.Hour))) // who waits can be elsewhere
}

// As many wait as the policy says, and one person for as many slots.
func TestTheWaitlistEnds(t *testing.T) {
	o := openOffice(t, nil)
	o.Policy.MaxWaiting = 2
	slot, _, _ := o.full(t, circle(1, 50*time.Hour), 2)
	ben := o.enrolled(t, "ben")
	_, err := o.Book(t.Context(), ben, slot, waiting(), desk.Once{})
	refusedFor(t, err, mentoring.SlotFull)

	o = openOffice(t, nil)
	ben, eve := o.enrolled(t, "ben"), o.enrolled(t, "eve")
	o.Policy.MaxUpcoming = 6
	var last error
	for i := range 6 {
		taken := o.published(t, o.enrolled(t, fmt.Sprint("expert-", i)), circle(1, time.Duration(50+i)*time.Hour))
		o.booked(t, eve, taken)
		_, last = o.Book(t.Context(), ben, taken, waiting(), desk.Once{})
		if i < 5 && last != nil {
			t.Fatal(last)
		}
	}
	refusedFor(t, last, mentoring.RequestLimitReached)
}

// A seat that becomes free goes to who waits longest, in the same commit, whatever frees it.
func TestAFreedSeatGoesToTheFirst(t *testing.T) {
	for name, free := range map[string]func(*queue) error{
		"cancelled by who had it": func(q *queue) error { return cancelling(q.held[0].who, q.held[0].id)(q.office) },
		"cancelled by the expert": func(q *queue) error { return cancelling(q.ada, q.held[0].id)(q.office) },
		"moved away": func(q *queue) error {
			to := q.published(t, q.enrolled(t, "bob"), circle(1, 110*time.Hour))
			return moving(q.office, q.held[0].who, q.held[0].id, to)
		},
		"one seat more": func(q *queue) error {
			return revising(q.ada, q.slot, mentoring.Revision{Capacity: new(3)})(q.office)
		},
	} {
		t.Run(name, func(t *testing.T) {
			q := openQueue(t, circle(2, 100*time.Hour))
			must(t, free(q))
			q.stand(t, confirmed, waits, waits)
			told := q.workOff(t)
			for _, want := range []string{"ben: waitlist_promoted", "ada: booking_confirmed"} {
				if !slices.Contains(told, want) {
					t.Errorf("told %v, and not %s", told, want)
				}
			}
			q.stand(t, confirmed, waits, waits)
			page, err := q.OpenSlots(t.Context(), q.ada, desk.SlotFilter{}, "", 20)
			if err != nil || page.Items[0].Waiting != 2 || page.Items[0].Taken != page.Items[0].Slot.Capacity {
				t.Errorf("browsing shows %+v, %v", page.Items[0], err)
			}
		})
	}
}

// Where the expert wants to be asked, who is promoted asks; a no gives the seat to the next.
func TestADeclinedSeatGoesToTheNext(t *testing.T) {
	q := openQueue(t, onRequest(1, 200*time.Hour))
	decline := func(id mentoring.BookingID) {
		t.Helper()
		must(t, ignore(q.Decline(t.Context(), q.ada, id, mentoring.Decline{Reason: mentoring.NotMyArea}, desk.Once{})))
	}
	decline(q.held[0].id)
	q.stand(t, asked, waits, waits)
	sameNews(t, q.workOff(t), "first-0: booking_declined", "ada: booking_declined", "ben: waitlist_promoted", "ada: booking_requested")
	decline(q.waiting[0].id)
	q.stand(t, mentoring.Declined, asked, waits)
	must(t, ignore(q.Approve(t.Context(), q.ada, q.waiting[1].id, desk.Once{})))
	q.stand(t, mentoring.Declined, confirmed, waits)
	sameNews(t, q.workOff(t), "ben: booking_declined", "ada: booking_declined", "eve: waitlist_promoted", "eve: booking_confirmed", "ada: booking_confirmed")
}

// Several seats at once go to several, in one commit.
func TestMoreSeatsGoToAsManyAsWait(t *testing.T) {
	q := openQueue(t, circle(2, 100*time.Hour))
	must(t, revising(q.ada, q.slot, mentoring.Revision{Capacity: new(12)})(q.office))
	q.stand(t, confirmed, confirmed, confirmed)
	sameNews(t, q.workOff(t), "ben: waitlist_promoted", "eve: waitlist_promoted", "kim: waitlist_promoted",
		"ada: booking_confirmed", "ada: booking_confirmed", "ada: booking_confirmed")
}

func TestLeaveTheWaitlist(t *testing.T) {
	q := openQueue(t, circle(1, 100*time.Hour))
	left, err := q.Cancel(t.Context(), q.waiting[0].who, q.waiting[0].id, mentoring.Cancel{}, desk.Once{})
	if err != nil || left.Status != cancelled {
		t.Fatalf("left: %+v, %v", left, err)
	}
	sameNews(t, q.workOff(t), "ben: booking_cancelled") // of the wait the expert was never told
	must(t, cancelling(q.held[0].who, q.held[0].id)(q.office))
	q.stand(t, cancelled, confirmed, waits)
}

// Bookings are over, and with them the waits: at once for those who look, and for the rest when the clock comes.
func TestWaitsEndWithTheBookings(t *testing.T) {
	q := openQueue(t, circle(1, 100*time.Hour))
	q.advance(98*time.Hour - 3*time.Second)
	q.stand(t, expired, expired, expired)
	sameNews(t, q.workOff(t), "ada: reminder_24h", "first-0: reminder_24h",
		"ben: request_expired", "eve: request_expired", "kim: request_expired")
	q.stand(t, expired, expired, expired)
	if err := cancelling(q.ada, q.held[0].id)(q.office); err != nil {
		t.Fatal(err)
	}
	q.stand(t, expired, expired, expired) // the seat is free, and too late for anybody
	if view, err := q.Slot(t.Context(), q.ada, q.slot); err != nil || view.Waiting != 0 || view.Taken != 0 {
		t.Errorf("in the end %d wait, %d have a seat, %v", view.Waiting, view.Taken, err)
	}
}

// Who cannot take the seat is passed over, keeps the place, and gets the seat when they can: the clock looks every minute.
func TestWhoCannotTakeTheSeatIsServedLater(t *testing.T) {
	q := openQueue(t, circle(1, 100*time.Hour))
	ben, eve := q.waiting[0].who, q.waiting[1].who
	elsewhere := q.booked(t, ben, q.published(t, q.enrolled(t, "bob"), circle(1, 100*time.Hour)))
	for _, w := range q.waiting[1:] {
		must(t, cancelling(w.who, w.id)(q.office))
	}
	must(t, cancelling(q.held[0].who, q.held[0].id)(q.office))
	q.workOff(t)
	q.stand(t, waits, cancelled, cancelled)
	for range 10 { // however often somebody looks, it is planned to look once a minute
		q.advance(20 * time.Second)
		must(t, q.Tend(t.Context(), q.slot, time.Time{}))
		sameNews(t, q.workOff(t))
	}
	if n := len(q.wakes(t)); n != 3 { // the next minute, and when bookings are over, of both slots
		t.Errorf("%d looks are planned", n)
	}
	must(t, cancelling(ben, elsewhere)(q.office))
	q.workOff(t)
	q.advance(time.Minute)
	sameNews(t, q.workOff(t), "ben: waitlist_promoted", "ada: booking_confirmed")
	q.stand(t, confirmed, cancelled, cancelled)
	_, err := q.Book(t.Context(), eve, q.slot, request, desk.Once{})
	refusedFor(t, err, mentoring.SlotFull)
}

// The seat that the first cannot take goes to the second.
func TestWhoCannotTakeTheSeatIsPassedOver(t *testing.T) {
	q := openQueue(t, circle(1, 100*time.Hour))
	q.booked(t, q.waiting[0].who, q.published(t, q.enrolled(t, "bob"), circle(1, 100*time.Hour)))
	must(t, cancelling(q.held[0].who, q.held[0].id)(q.office))
	q.stand(t, waits, confirmed, waits)
}

// Somebody joins at the moment the seat becomes free: the two commits meet on the seat, and who wanted to wait has it.
func TestWhoJoinsTooLateHasTheSeat(t *testing.T) {
	o := openOffice(t, nil)
	slot, ada, held := o.full(t, circle(1, 50*time.Hour), 0)
	ben := o.enrolled(t, "ben")
	o.workOff(t)
	late := &overtaken{o.engine, func() { must(t, cancelling(held[0].who, held[0].id)(o)) }}
	id := officeOn(late, nil).booked(t, ben, slot)
	if status := o.status(t, ben, id); status != confirmed {
		t.Errorf("who joined is %s", status)
	}
	o.workOff(t)
	for _, wrong := range o.unsound(t, []desk.Caller{ada, ben, held[0].who}, slot) {
		t.Error(wrong)
	}
}

package desk_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// sameNews fails unless exactly these are told.
func sameNews(t *testing.T, got []string, want ...string) {
	t.Helper()
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}

// refusedFor fails unless an error is a refusal with the code.
func refusedFor(t *testing.T, err error, want mentoring.Code) {
	t.Helper()
	if got := codeOf(err); got != want {
		t.Errorf("answered %q, want %q", got, want)
	}
}

// A request holds the seat until the expert says yes.
func TestApproval(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	slot := o.published(t, ada, onRequest(1, 100*time.Hour))
	asked, err := o.Book(ctx, ben, slot, request, desk.Once{})
	if err != nil || asked.Status != mentoring.Requested || !asked.Booking.ExpiresAt.Equal(morning.Add(48*time.Hour)) || asked.Meeting.VideoURL != "" {
		t.Fatalf("asked: %+v, %v", asked, err)
	}
	id := asked.Booking.ID
	sameNews(t, o.workOff(t), "ben: booking_requested", "ada: booking_requested")
	_, err = o.Book(ctx, eve, slot, request, desk.Once{})
	refusedFor(t, err, mentoring.SlotFull)
	if view, err := o.Slot(ctx, ben, slot); err != nil || view.Taken != 1 || view.Slot.Meeting.VideoURL != "" {
		t.Errorf("who only asked sees %+v, %v", view, err)
	}

	_, err = o.Approve(ctx, ben, id, desk.Once{})
	refusedFor(t, err, mentoring.Forbidden)
	_, err = o.Approve(ctx, eve, id, desk.Once{})
	refusedFor(t, err, mentoring.NotFound)
	approved, err := o.Approve(ctx, ada, id, key("yes"))
	if err != nil || approved.Status != mentoring.Confirmed || approved.Version != 2 || !approved.Booking.ExpiresAt.IsZero() {
		t.Fatalf("approved: %+v, %v", approved, err)
	}
	if again, err := o.Approve(ctx, ada, id, desk.Once{}); err != nil || again.Version != 2 {
		t.Errorf("approved again: %+v, %v", again, err)
	}
	_, err = o.Decline(ctx, ada, id, mentoring.Decline{Reason: mentoring.NotMyArea}, desk.Once{})
	refusedFor(t, err, mentoring.InvalidTransition)
	sameNews(t, o.workOff(t), "ben: booking_confirmed", "ada: booking_confirmed")
	if read, err := o.Booking(ctx, ben, id); err != nil || read.Meeting.VideoURL == "" {
		t.Errorf("who comes reads %+v, %v", read, err)
	}

	o.advance(72 * time.Hour) // the request would have run out by now
	sameNews(t, o.workOff(t))
	if status := o.status(t, ben, id); status != mentoring.Confirmed {
		t.Errorf("what was approved is %s", status)
	}
}

// The expert's no frees the seat, and says why.
func TestDecline(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	slot := o.published(t, ada, onRequest(1, 100*time.Hour))
	id := o.booked(t, ben, slot)
	o.workOff(t)
	_, err := o.Decline(ctx, ada, id, mentoring.Decline{Reason: "no reason"}, desk.Once{})
	refusedFor(t, err, mentoring.InvalidField)
	_, err = o.Decline(ctx, ben, id, mentoring.Decline{Reason: mentoring.NotMyArea}, desk.Once{})
	refusedFor(t, err, mentoring.Forbidden)
	declined, err := o.Decline(ctx, ada, id, mentoring.Decline{Reason: mentoring.NotMyArea, Note: "Ask Bob."}, desk.Once{})
	if ended := declined.Booking.Ended; err != nil || declined.Status != mentoring.Declined || ended.By != mentoring.Expert || ended.Decline != mentoring.NotMyArea {
		t.Fatalf("declined: %+v, %v", declined, err)
	}
	sameNews(t, o.workOff(t), "ada: booking_declined", "ben: booking_declined")
	_, err = o.Approve(ctx, ada, id, desk.Once{})
	refusedFor(t, err, mentoring.InvalidTransition)
	var refused *mentoring.Error
	if !errors.As(err, &refused) || refused.State != string(mentoring.Declined) || refused.Allowed != nil {
		t.Errorf("what was declined allows %+v", refused)
	}
	o.booked(t, eve, slot)
	o.booked(t, ben, o.published(t, ada, onRequest(1, 110*time.Hour))) // who was declined can ask again
}

// Who asked can take it back, for which no notice counts.
func TestWithdraw(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	slot := o.published(t, ada, onRequest(1, 20*time.Hour)) // within the notice to cancel
	id := o.booked(t, ben, slot)
	o.workOff(t)
	withdrawn, err := o.Cancel(t.Context(), ben, id, mentoring.Cancel{}, desk.Once{})
	if err != nil || withdrawn.Status != mentoring.Cancelled {
		t.Fatalf("withdrawn: %+v, %v", withdrawn, err)
	}
	sameNews(t, o.workOff(t), "ada: booking_cancelled", "ben: booking_cancelled")
	o.booked(t, ben, slot)
}

// A request that nobody answers ends by itself: at once for those who look, and for the one who waits when the clock comes.
func TestARequestRunsOut(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	slot := o.published(t, ada, onRequest(1, 100*time.Hour))
	asked, waits := o.booked(t, ben, slot), o.booked(t, eve, slot)
	o.workOff(t)
	o.advance(48*time.Hour - time.Millisecond)
	if status := o.status(t, ben, asked); status != mentoring.Requested {
		t.Fatalf("a moment before, the request is %s", status)
	}
	sameNews(t, o.workOff(t), "ada: request_expiring")
	o.advance(time.Millisecond)
	if status := o.status(t, ben, asked); status != mentoring.Expired {
		t.Errorf("the request is %s", status)
	}
	_, err := o.Approve(ctx, ada, asked, desk.Once{})
	refusedFor(t, err, mentoring.InvalidTransition)
	sameNews(t, o.workOff(t), "ada: request_expired", "ben: request_expired", "ada: booking_requested", "eve: waitlist_promoted")
	promoted, err := o.Booking(ctx, eve, waits)
	if err != nil || promoted.Status != mentoring.Requested || !promoted.Booking.ExpiresAt.Equal(morning.Add(96*time.Hour)) {
		t.Errorf("who waited: %+v, %v", promoted, err)
	}
	o.advance(time.Hour)
	sameNews(t, o.workOff(t))
	for _, wrong := range o.unsound(t, []desk.Caller{ada, ben, eve}, slot) {
		t.Error(wrong)
	}
}

// Nobody has to wait for the clock: a seat whose request ran out is given to whoever comes, behind those who wait.
func TestASeatThatRanOutIsFree(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben, eve, kim := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve"), o.enrolled(t, "kim")
	slot := o.published(t, ada, onRequest(1, 200*time.Hour))
	o.booked(t, ben, slot)
	o.advance(48 * time.Hour)
	second := o.booked(t, eve, slot)
	if status := o.status(t, eve, second); status != mentoring.Requested {
		t.Errorf("who came first is %s", status)
	}
	third := o.booked(t, kim, slot)
	o.advance(48 * time.Hour)
	back := o.booked(t, ben, slot)
	for who, want := range map[mentoring.BookingID]mentoring.BookingStatus{third: mentoring.Requested, back: mentoring.Waitlisted} {
		if status := o.status(t, ada, who); status != want {
			t.Errorf("a booking is %s, want %s", status, want)
		}
	}
	for _, wrong := range o.unsound(t, []desk.Caller{ada, ben, eve, kim}, slot) {
		t.Error(wrong)
	}
}

// A request runs out with the bookings, where that is earlier than two days.
func TestARequestRunsOutWithTheBookings(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	id := o.booked(t, ben, o.published(t, ada, onRequest(1, 26*time.Hour)))
	if view, err := o.Booking(t.Context(), ben, id); err != nil || !view.Booking.ExpiresAt.Equal(morning.Add(24*time.Hour)) {
		t.Errorf("runs out at %v, %v", view.Booking.ExpiresAt, err)
	}
	o.workOff(t)
	o.advance(24 * time.Hour)
	sameNews(t, o.workOff(t), "ada: request_expired", "ben: request_expired", "ada: slot_unfilled")
}

package mentoring_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// oneBooked is a booking of rana's in a slot of edda's, with the slot and rana's agenda after it.
func oneBooked(t *testing.T) (mentoring.Booking, mentoring.SlotState, mentoring.Agenda) {
	t.Helper()
	state := published(smallDraft())
	s, err := book(state, smallRequest(), 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Booking.Version, s.Agenda.Version = 1, 1
	state.Seats[s.Seat.Number-1] = s.Seat
	state.Seats[s.Seat.Number-1].Version++
	return s.Booking, state, s.Agenda
}

func TestCancelGivesBackSeatAndTime(t *testing.T) {
	b, state, agenda := oneBooked(t)
	held, _ := state.SeatOf(b.ID)
	for _, by := range []mentoring.PersonID{rana().ID, edda().ID} {
		before := state.Revision()
		now := b.StartsAt.Add(-48 * time.Hour)
		c, err := mentoring.DecideCancel(b, state, agenda, by, mentoring.Cancel{Reason: "A trip."}, now)
		if err != nil {
			t.Fatal(err)
		}
		role, _ := b.RoleOf(by)
		want := mentoring.Ending{By: role, At: now, Reason: "A trip."}
		if c.Booking.Status != mentoring.Cancelled || c.Booking.Ended != want || c.Booking.StatusAt(b.EndsAt()) != mentoring.Cancelled {
			t.Errorf("ended as %+v", c.Booking)
		}
		if c.Seat.Number != held.Number || !c.Seat.Free() || c.Seat.Version != held.Version {
			t.Errorf("the seat is %+v, was %+v", c.Seat, held)
		}
		if c.Agenda.In(b.Slot) != nil || c.Agenda.Version != agenda.Version {
			t.Errorf("the agenda is %+v", c.Agenda)
		}
		if again, _ := state.SeatOf(b.ID); again != held || agenda.In(b.Slot) == nil || state.Revision() != before {
			t.Error("the decision changed the state it was given")
		}
	}
}

// The requester until the frozen notice, the expert until the end (product.md section 6).
func TestCancelInTime(t *testing.T) {
	b, state, agenda := oneBooked(t)
	notice := b.StartsAt.Add(-time.Duration(b.CancelNoticeMinutes) * time.Minute)
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
		_, err := mentoring.DecideCancel(b, state, agenda, c.by, mentoring.Cancel{}, c.at)
		var refused *mentoring.Error
		if errors.As(err, &refused); refused == nil && c.want != "" || refused != nil && refused.Code != c.want {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
		role, ok := b.RoleOf(c.by)
		if !ok {
			continue
		}
		offered := len(b.Actions(role, c.at)) > 0
		if offered != (c.want == "") {
			t.Errorf("%s: offered %v, and the command answers %v", c.name, offered, err)
		}
		if refused != nil && refused.Code == mentoring.InvalidTransition && refused.State != string(mentoring.Completed) {
			t.Errorf("%s: state %q", c.name, refused.State)
		}
	}
}

func TestCancelAgain(t *testing.T) {
	b, state, agenda := oneBooked(t)
	now := b.StartsAt.Add(-48 * time.Hour)
	c, err := mentoring.DecideCancel(b, state, agenda, rana().ID, mentoring.Cancel{}, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []time.Time{now, b.StartsAt, b.EndsAt().Add(time.Hour)} {
		again, err := mentoring.DecideCancel(c.Booking, state, c.Agenda, rana().ID, mentoring.Cancel{}, at)
		if again != nil || err != nil {
			t.Errorf("cancelling again at %s: %+v, %v", at, again, err)
		}
	}
	state.Seats = nil
	if _, err := mentoring.DecideCancel(b, state, agenda, rana().ID, mentoring.Cancel{}, now); !errors.Is(err, mentoring.ErrTorn) {
		t.Errorf("a confirmed booking without its seat: %v", err)
	}
}

func TestCancelReason(t *testing.T) {
	if f := (mentoring.Cancel{Reason: strings.Repeat("ä", 500)}).Faults(); f != nil {
		t.Errorf("500 characters: %v", f)
	}
	f := mentoring.Cancel{Reason: strings.Repeat("ä", 501)}.Faults()
	if len(f) != 1 || f[0].Pointer != "/reason" || f[0].Code != mentoring.TooLong {
		t.Errorf("501 characters: %v", f)
	}
	b, state, agenda := oneBooked(t)
	_, err := mentoring.DecideCancel(b, state, agenda, rana().ID, mentoring.Cancel{Reason: strings.Repeat("a", 501)}, b.BookedAt)
	var refused *mentoring.Error
	if !errors.As(err, &refused) || refused.Code != mentoring.InvalidField {
		t.Errorf("a reason that is too long: %v", err)
	}
}

// Who is told, and what becomes of their calendar entries: the requester's goes, the expert's with the last who comes.
func TestNoticesOfACancelledBooking(t *testing.T) {
	b, state, agenda := oneBooked(t)
	now := b.StartsAt.Add(-48 * time.Hour)
	c, err := mentoring.DecideCancel(b, state, agenda, rana().ID, mentoring.Cancel{}, now)
	if err != nil {
		t.Fatal(err)
	}
	made := mentoring.Event{Kind: mentoring.BookingMade, At: now, Slot: b.Slot, Booking: b.ID}
	ended := mentoring.Event{Kind: mentoring.BookingEnded, At: now, Slot: b.Slot, Booking: b.ID}
	confirmed := mentoring.NoticesFor(made, state, b, rana(), edda(), now)
	if early := mentoring.NoticesFor(ended, state, b, rana(), edda(), now); early != nil {
		t.Errorf("told of an end that is not there: %+v", early)
	}
	for _, others := range []int{0, 1} {
		after := mentoring.SlotState{Slot: state.Slot, Seats: []mentoring.Seat{c.Seat, {Slot: b.Slot, Number: 2, Version: 1}}}
		after.Seats[0].Version++
		want := mentoring.CalendarCancel
		if others > 0 {
			after.Seats[1].Booking, want = "bkg_other", mentoring.CalendarNone
		}
		b := c.Booking
		b.Version = 2
		if late := mentoring.NoticesFor(made, after, b, rana(), edda(), now); late != nil {
			t.Errorf("told of a booking that is no more: %+v", late)
		}
		told := mentoring.NoticesFor(ended, after, b, rana(), edda(), now)
		if len(told) != 2 {
			t.Fatalf("%d are told, want both", len(told))
		}
		methods := []mentoring.CalendarMethod{told[0].Calendar.Method, told[1].Calendar.Method}
		if diff := cmp.Diff([]mentoring.CalendarMethod{mentoring.CalendarCancel, want}, methods); diff != "" {
			t.Errorf("with %d others (-want +got):\n%s", others, diff)
		}
		for i, n := range told {
			if n.Kind != mentoring.BookingCancelled || n.Calendar.UID != confirmed[i].Calendar.UID {
				t.Errorf("told %s with the entry %s", n.Kind, n.Calendar.UID)
			}
			if n.Calendar.Sequence <= confirmed[i].Calendar.Sequence {
				t.Errorf("the sequence went from %d to %d", confirmed[i].Calendar.Sequence, n.Calendar.Sequence)
			}
		}
	}
}

// Seats of another version of the slot were not read at the same instant, so nothing can be decided on them.
func TestBookOnTornStates(t *testing.T) {
	state := published(smallDraft())
	state.Slot.Version++
	if _, err := book(state, smallRequest(), 0); !errors.Is(err, mentoring.ErrTorn) {
		t.Errorf("booking on two states: %v", err)
	}
}

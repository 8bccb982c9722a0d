package mentoring_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// booked is what is stored, and announced, once Rana has a seat in a circle of Edda's.
func booked(t *testing.T) (*world, mentoring.News) {
	w := newWorld(t, edda(), rana(), tomasz())
	slot := w.slot(edda(), wide(3))
	c := w.must(slot, w.bookingNow(rana().ID))
	return w, w.news(c.Events[0])
}

func notices(n mentoring.News) []mentoring.Notice { return mentoring.NoticesFor(n, policy, noon) }

func TestBothSidesAreToldOfABooking(t *testing.T) {
	_, n := booked(t)
	n.State.Slot.Version, n.State.Seats[2].Version, n.Bookings[0].Version = 5, 4, 7
	b := n.Bookings[0]
	want := []mentoring.Notice{
		{
			Kind: mentoring.BookingConfirmed, Role: mentoring.Requester, Reader: rana(),
			Other: mentoring.Party{ID: edda().ID, Name: "Edda"}, Slot: n.State.Slot, Booking: b,
			Calendar: mentoring.Calendar{Method: mentoring.CalendarRequest, UID: string(b.ID), Sequence: 7},
		},
		{
			Kind: mentoring.BookingConfirmed, Role: mentoring.Expert, Reader: edda(),
			Other: mentoring.Party{ID: rana().ID, Name: "Rana"}, Slot: n.State.Slot, Booking: b,
			Calendar: mentoring.Calendar{Method: mentoring.CalendarRequest, UID: string(n.State.Slot.ID), Sequence: 5 + 1 + 4},
		},
	}
	if diff := cmp.Diff(want, notices(n)); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

// Who books a second seat changes the expert's entry, under the same UID, and leaves the first requester's alone (product.md
// section 6).
func TestCalendarEntriesOfASecondBooking(t *testing.T) {
	w, n := booked(t)
	before := notices(n)
	c := w.must(n.State.Slot.ID, w.bookingNow(tomasz().ID))
	after := notices(w.news(c.Events[0]))
	if after[1].Calendar.UID != before[1].Calendar.UID || after[1].Calendar.Sequence <= before[1].Calendar.Sequence {
		t.Errorf("the expert's entry went from %+v to %+v", before[1].Calendar, after[1].Calendar)
	}
	if after[0].Calendar.UID == before[0].Calendar.UID {
		t.Errorf("two requesters share the entry %s", after[0].Calendar.UID)
	}
	if again := notices(w.news(n.Event)); again[0].Calendar != before[0].Calendar {
		t.Errorf("the first requester's entry changed: %+v", again[0].Calendar)
	}
}

func TestNothingIsToldThatIsNoLongerTrue(t *testing.T) {
	w, n := booked(t)
	b := n.Bookings[0]
	other := n
	other.Event.Kind = mentoring.PersonChanged
	w.must(b.Slot, w.cancel(b.ID, rana().ID))
	for _, tc := range []struct {
		name string
		news mentoring.News
		now  time.Time
		want int
	}{
		{"at once", n, noon, 2},
		{"just before the end", n, b.EndsAt().Add(-1), 2},
		{"over", n, b.EndsAt(), 0},
		{"cancelled", w.news(n.Event), noon, 0},
		{"an event of another kind", other, noon, 0},
		{"an event of no kind", mentoring.News{}, noon, 0},
	} {
		if got := mentoring.NoticesFor(tc.news, policy, tc.now); len(got) != tc.want {
			t.Errorf("%s: %d notices, want %d", tc.name, len(got), tc.want)
		}
	}
}

// Whatever an event told of a slot that a booking has left since is told by the move: not by it, and not to that slot's expert.
func TestNothingIsToldOfASlotThatWasLeft(t *testing.T) {
	w, from, to := twoSlots(t, onRequest(1), wide(1))
	d := wide(1)
	d.StartsAt = inHours(144)
	third := w.slot(tomasz(), d)
	var events []mentoring.Event
	keep := func(c mentoring.Changes, err error) {
		wantCode(t, "doing", err, "")
		events = append(events, c.Events...)
	}
	id := w.nextBooking()
	keep(w.do(from, w.booking(rana().ID, id)))
	keep(w.do(from, w.approve(id, edda().ID)))
	keep(w.do(from, w.revise(edda().ID, mentoring.Revision{Title: new("Another title")})))
	keep(w.attempt(w.move(id, rana().ID, to)))
	keep(w.attempt(w.move(id, rana().ID, third)))
	for i, e := range events {
		for _, n := range mentoring.NoticesFor(w.news(e), policy, noon) {
			if last := i == len(events)-1; n.Role == mentoring.Requester && !last {
				t.Errorf("%s: the requester is told %s of a slot they left", e.Kind, n.Kind)
			}
			if n.Role == mentoring.Expert && n.Slot.ID != third && !n.Left {
				t.Errorf("%s: an expert is told %s of a booking that is gone", e.Kind, n.Kind)
			}
		}
	}
}

// The expert of the slot that was left learns that the booking is gone, and not where it is.
func TestWhoIsLeftDoesNotLearnForWhom(t *testing.T) {
	w, from, to := twoSlots(t, wide(1), wide(1))
	id := w.book(rana(), from)
	c, err := w.attempt(w.move(id, rana().ID, to))
	wantCode(t, "moving", err, "")
	var left *mentoring.Notice
	for _, n := range mentoring.NoticesFor(w.news(c.Events[0]), policy, noon) {
		if n.Reader.ID == edda().ID {
			left = &n
		}
	}
	if left == nil || !left.Left || left.Kind != mentoring.MovedNotice || left.Calendar.Method != mentoring.CalendarCancel {
		t.Fatalf("told %+v", left)
	}
	if b := left.Booking; b.Expert.ID != edda().ID || b.Slot != from || !b.StartsAt.Equal(inHours(96)) || left.Slot.ID != from {
		t.Errorf("shown %+v", b)
	}
}

// A shared employer is disclosed to both (product.md section 1, rule 5), as it is now.
func TestSharedOrganisation(t *testing.T) {
	for _, tc := range []struct{ requester, expert, want string }{
		{"north.example", "north.example", "north.example"},
		{"south.example", "north.example", ""},
		{"", "north.example", ""},
		{"north.example", "", ""},
		{"", "", ""},
	} {
		_, n := booked(t)
		for id, org := range map[mentoring.PersonID]string{rana().ID: tc.requester, edda().ID: tc.expert} {
			v := n.People[id]
			v.Person.Organisation = org
			n.People[id] = v
		}
		told := notices(n)
		for _, notice := range told {
			if notice.SharedOrganisation != tc.want {
				t.Errorf("%q and %q: the %s reads %q, want %q", tc.requester, tc.expert, notice.Role, notice.SharedOrganisation, tc.want)
			}
		}
		if len(told) != 2 {
			t.Errorf("%d are told", len(told))
		}
	}
}

// Somebody without a profile has no address to write to.
func TestNobodyIsToldWithoutAProfile(t *testing.T) {
	_, n := booked(t)
	delete(n.People, rana().ID)
	if told := notices(n); len(told) != 1 || told[0].Reader.ID != edda().ID {
		t.Errorf("told %+v", told)
	}
}

func TestEventSurvivesStorage(t *testing.T) {
	_, n := booked(t)
	for _, e := range []mentoring.Event{
		n.Event, {Kind: mentoring.PersonChanged, At: noon, Person: rana().ID},
		{Kind: mentoring.BookingMoved, At: noon, Slot: slotID(1), From: slotID(2), Bookings: []mentoring.BookingID{bookingID(1)}, Was: inHours(1)},
	} {
		if diff := cmp.Diff(e, stored(t, e)); diff != "" {
			t.Errorf("event (-want +got):\n%s", diff)
		}
	}
}

// Messages that tell different things have different names, also where a booking comes back to an expert, whose version of it
// begins anew each time.
func TestABookingThatComesBackIsToldAgain(t *testing.T) {
	w, first, second := twoSlots(t, wide(1), wide(1))
	id := w.book(rana(), first)
	told := map[string]bool{}
	for _, to := range []mentoring.SlotID{second, first, second, first} {
		c, err := w.attempt(w.move(id, rana().ID, to))
		wantCode(t, "moving", err, "")
		all := mentoring.NoticesFor(w.news(c.Events[0]), policy, noon)
		if len(all) != 3 {
			t.Fatalf("a move tells %d readers, want the requester and both experts", len(all))
		}
		for _, n := range all {
			if told[n.Name()] {
				t.Errorf("%s of the %s was told under the name %s before", n.Kind, n.Role, n.Name())
			}
			told[n.Name()] = true
		}
	}
}

package mentoring_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// booked is what is stored, and announced, once Rana has a seat in a circle of Edda's.
func booked(t *testing.T) (mentoring.Event, mentoring.SlotState, mentoring.Booking) {
	state := published(circleDraft(3))
	s, err := book(state, smallRequest(), 0)
	if err != nil {
		t.Fatal(err)
	}
	s.Seat.Version++
	state.Seats[s.Seat.Number-1] = s.Seat
	s.Booking.Version = 1
	event := mentoring.Event{Kind: mentoring.BookingMade, At: noon, Slot: state.Slot.ID, Booking: s.Booking.ID}
	return event, state, s.Booking
}

func TestBothSidesAreToldOfABooking(t *testing.T) {
	event, state, b := booked(t)
	state.Slot.Version, state.Seats[2].Version, b.Version = 5, 4, 7
	got := mentoring.NoticesFor(event, state, b, rana(), edda(), noon)
	want := []mentoring.Notice{
		{
			Kind: mentoring.BookingConfirmed, Role: mentoring.Requester, Reader: rana(),
			Other: mentoring.Party{ID: edda().ID, Name: "Edda"},
			Slot:  state.Slot, Booking: b, Calendar: mentoring.Calendar{Method: mentoring.CalendarRequest, UID: string(b.ID), Sequence: 7},
		},
		{
			Kind: mentoring.BookingConfirmed, Role: mentoring.Expert, Reader: edda(),
			Other: mentoring.Party{ID: rana().ID, Name: "Rana"},
			Slot:  state.Slot, Booking: b, Calendar: mentoring.Calendar{Method: mentoring.CalendarRequest, UID: string(state.Slot.ID), Sequence: 5 + 2 + 1 + 4},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

// Who books a second seat changes the expert's entry, under the same UID, and leaves the first requester's
// alone (product.md section 6).
func TestCalendarEntriesOfASecondBooking(t *testing.T) {
	event, state, first := booked(t)
	before := mentoring.NoticesFor(event, state, first, rana(), edda(), noon)
	third := person("Tomasz", "tomasz@east.example")
	s, err := mentoring.DecideBook(state, mentoring.Viewer{Person: third}, smallRequest(), bookingID(2), 0, policy, noon)
	if err != nil {
		t.Fatal(err)
	}
	s.Seat.Version++
	state.Seats[s.Seat.Number-1] = s.Seat
	s.Booking.Version = 1
	after := mentoring.NoticesFor(event, state, s.Booking, third, edda(), noon)
	if after[1].Calendar.UID != before[1].Calendar.UID || after[1].Calendar.Sequence <= before[1].Calendar.Sequence {
		t.Errorf("the expert's entry went from %s %d to %s %d",
			before[1].Calendar.UID, before[1].Calendar.Sequence, after[1].Calendar.UID, after[1].Calendar.Sequence)
	}
	if after[0].Calendar.UID == before[0].Calendar.UID {
		t.Errorf("two requesters share the entry %s", after[0].Calendar.UID)
	}
	again := mentoring.NoticesFor(event, state, first, rana(), edda(), noon)
	if again[0].Calendar.UID != before[0].Calendar.UID || again[0].Calendar.Sequence != before[0].Calendar.Sequence {
		t.Errorf("the first requester's entry changed: %s %d", again[0].Calendar.UID, again[0].Calendar.Sequence)
	}
}

func TestNothingIsToldThatIsNoLongerTrue(t *testing.T) {
	event, state, b := booked(t)
	other := event
	other.Kind = mentoring.PersonChanged
	cancelled := b
	cancelled.Status = "cancelled"
	for _, tc := range []struct {
		name    string
		event   mentoring.Event
		booking mentoring.Booking
		now     time.Time
		want    int
	}{
		{"at once", event, b, noon, 2},
		{"just before the end", event, b, b.EndsAt().Add(-1), 2},
		{"over", event, b, b.EndsAt(), 0},
		{"cancelled", event, cancelled, noon, 0},
		{"an event of another kind", other, b, noon, 0},
		{"an event of no kind", mentoring.Event{}, b, noon, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := mentoring.NoticesFor(tc.event, state, tc.booking, rana(), edda(), tc.now); len(got) != tc.want {
				t.Errorf("%d notices, want %d", len(got), tc.want)
			}
		})
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
		event, state, b := booked(t)
		requester, expert := rana(), edda()
		requester.Organisation, expert.Organisation = tc.requester, tc.expert
		for _, n := range mentoring.NoticesFor(event, state, b, requester, expert, noon) {
			if n.SharedOrganisation != tc.want {
				t.Errorf("%q and %q: the %s reads %q, want %q", tc.requester, tc.expert, n.Role, n.SharedOrganisation, tc.want)
			}
		}
	}
}

func TestEventSurvivesStorage(t *testing.T) {
	event, _, _ := booked(t)
	if diff := cmp.Diff(event, stored(t, event)); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
	person := mentoring.Event{Kind: mentoring.PersonChanged, At: noon, Person: rana().ID}
	if diff := cmp.Diff(person, stored(t, person)); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

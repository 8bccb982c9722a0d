package mentoring_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

func TestVisibleTo(t *testing.T) {
	const north, south, none = "north.example", "south.example", ""
	for _, tc := range []struct {
		audience     mentoring.Audience
		viewer, host string
		want         bool
	}{
		{mentoring.Everyone, north, north, true},
		{mentoring.Everyone, south, north, true},
		{mentoring.Everyone, none, north, true},
		{mentoring.Everyone, none, none, true},
		{mentoring.MyOrganisation, north, north, true},
		{mentoring.MyOrganisation, south, north, false},
		{mentoring.MyOrganisation, none, north, false},
		{mentoring.MyOrganisation, north, none, false},
		{mentoring.MyOrganisation, none, none, false},
		{mentoring.OtherOrganisations, north, north, false},
		{mentoring.OtherOrganisations, south, north, true},
		{mentoring.OtherOrganisations, none, north, false},
		{mentoring.OtherOrganisations, north, none, false},
		{mentoring.OtherOrganisations, none, none, false},
	} {
		t.Run(string(tc.audience)+" "+tc.viewer+" "+tc.host, func(t *testing.T) {
			slot := published(smallDraft()).Slot
			slot.Audience, slot.Host.Organisation = tc.audience, tc.host
			viewer, host := rana(), edda()
			viewer.Organisation, host.Organisation = tc.viewer, tc.host
			if got := slot.VisibleTo(mentoring.Viewer{Person: viewer}); got != tc.want {
				t.Errorf("visible to others: %v, want %v", got, tc.want)
			}
			if !slot.VisibleTo(mentoring.Viewer{Person: host}) {
				t.Error("not visible to its own expert")
			}
		})
	}
}

// Nothing but the organisation lets anybody in: not the name, the address or the profile.
func TestVisibleToVisitors(t *testing.T) {
	slot := published(smallDraft()).Slot
	slot.Audience = mentoring.MyOrganisation
	colleague := mentoring.Viewer{Person: mentoring.Visitor(rana().ID, "rana@NORTH.example", "Edda")}
	stranger := mentoring.Viewer{Person: mentoring.Visitor(rana().ID, "edda.north.example@south.example", "Edda")}
	if !slot.VisibleTo(colleague) || slot.VisibleTo(stranger) {
		t.Errorf("colleague: %v, stranger: %v", slot.VisibleTo(colleague), slot.VisibleTo(stranger))
	}
}

func TestSlotTimes(t *testing.T) {
	slot := published(smallDraft()).Slot
	if want := inHours(24).Add(30 * time.Minute); !slot.EndsAt().Equal(want) {
		t.Errorf("ends at %s, want %s", slot.EndsAt(), want)
	}
	if want := inHours(22); !slot.BookableUntil().Equal(want) {
		t.Errorf("bookable until %s, want %s", slot.BookableUntil(), want)
	}
}

func TestSlotStatusAt(t *testing.T) {
	slot := published(smallDraft()).Slot
	start, end := slot.StartsAt, slot.EndsAt()
	for _, tc := range []struct {
		name  string
		at    time.Time
		taken int
		want  mentoring.SlotStatus
	}{
		{"long before, nobody", noon, 0, mentoring.SlotOpen},
		{"long before, somebody", noon, 1, mentoring.SlotOpen},
		{"after the cut-off, nobody", start.Add(-time.Minute), 0, mentoring.SlotOpen},
		{"just before the start, nobody", start.Add(-1), 0, mentoring.SlotOpen},
		{"just before the start, somebody", start.Add(-1), 1, mentoring.SlotOpen},
		{"at the start, nobody", start, 0, mentoring.SlotExpired},
		{"at the start, somebody", start, 1, mentoring.SlotOpen},
		{"just before the end, nobody", end.Add(-1), 0, mentoring.SlotExpired},
		{"just before the end, somebody", end.Add(-1), 1, mentoring.SlotOpen},
		{"at the end, nobody", end, 0, mentoring.SlotExpired},
		{"at the end, somebody", end, 1, mentoring.SlotCompleted},
		{"years later, nobody", end.AddDate(9, 0, 0), 0, mentoring.SlotExpired},
		{"years later, twelve", end.AddDate(9, 0, 0), 12, mentoring.SlotCompleted},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := slot.StatusAt(tc.at, tc.taken); got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
			if got := slot.StatusAt(tc.at.In(time.FixedZone("", 9*3600)), tc.taken); got != tc.want {
				t.Errorf("in another zone got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestSeatsAreFreeOrTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := published(circleDraft(rapid.IntRange(2, 12).Draw(t, "seats")))
		taken := 0
		for i := range state.Seats {
			if rapid.Bool().Draw(t, "taken") {
				state.Seats[i].Holder, state.Seats[i].Booking = rana().ID, bookingID(byte(i))
				taken++
			}
			if state.Seats[i].Free() == (state.Seats[i].Booking != "") {
				t.Errorf("%+v: free is %v", state.Seats[i], state.Seats[i].Free())
			}
		}
		if state.Taken() != taken || state.Free() != len(state.Seats)-taken {
			t.Errorf("%d taken and %d free of %d, where %d are taken", state.Taken(), state.Free(), len(state.Seats), taken)
		}
	})
}

// Each commit raises the version of what it writes by one; every reader sees the revision rise, whichever
// of the writes they see first.
func TestRevisionRisesWithEveryWrite(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := published(circleDraft(rapid.IntRange(2, 12).Draw(t, "seats")))
		writes := rapid.SliceOfN(rapid.IntRange(-1, len(state.Seats)-1), 1, 30).Draw(t, "writes")
		for _, at := range writes {
			before := state.Revision()
			if at < 0 {
				state.Slot.Version++
			} else {
				state.Seats[at].Version++
			}
			if state.Revision() <= before {
				t.Fatalf("the revision went from %d to %d", before, state.Revision())
			}
		}
		other := published(circleDraft(len(state.Seats)))
		for _, at := range rapid.Permutation(writes).Draw(t, "other order") {
			if at < 0 {
				other.Slot.Version++
			} else {
				other.Seats[at].Version++
			}
		}
		if state.Revision() != other.Revision() {
			t.Errorf("the order makes a difference: %d and %d", state.Revision(), other.Revision())
		}
	})
}

func TestSeatSurvivesStorage(t *testing.T) {
	for _, seat := range []mentoring.Seat{
		{Slot: slotID(1), Number: 3},
		{Slot: slotID(1), Number: 3, Holder: rana().ID, Booking: bookingID(1)},
	} {
		if diff := cmp.Diff(seat, stored(t, seat)); diff != "" {
			t.Errorf("seat (-want +got):\n%s", diff)
		}
	}
}

package mentoring_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// fullRequest says everything there is to say, each as long as it may be.
func fullRequest() mentoring.BookingRequest {
	return mentoring.BookingRequest{
		Purpose: mentoring.Purpose{
			Kind: "skill_gap", Question: chars(1000), DesiredOutcome: chars(500), Tried: chars(1000), Context: chars(1000),
		},
		Bring: chars(1000), FeedbackPreference: "examples", Mode: mentoring.Video, NoConflict: true,
	}
}

// smallRequest says only what must be said.
func smallRequest() mentoring.BookingRequest {
	return mentoring.BookingRequest{
		Purpose:    mentoring.Purpose{Kind: "other", Question: "?", DesiredOutcome: chars(20)},
		NoConflict: true,
	}
}

func TestBookingRequestFaults(t *testing.T) {
	type r = mentoring.BookingRequest
	outcome := func(s string) func(*r) { return func(r *r) { r.Purpose.DesiredOutcome = s } }
	rules := []rule[r]{
		{"kind", "missing", func(r *r) { r.Purpose.Kind = "" }, "/purpose/kind required"},
		{"kind", "unknown", func(r *r) { r.Purpose.Kind = "skill gap" }, "/purpose/kind not_allowed"},
		{"question", "of one character", func(r *r) { r.Purpose.Question = "?" }, ""},
		{"question", "missing", func(r *r) { r.Purpose.Question = "" }, "/purpose/question required"},
		{"question", "blank", func(r *r) { r.Purpose.Question = " \n " }, "/purpose/question required"},
		{"question", "too long", func(r *r) { r.Purpose.Question = chars(1001) }, "/purpose/question too_long"},
		{"desiredOutcome", "of 20 characters", outcome(chars(20)), ""},
		{"desiredOutcome", "missing", outcome(""), "/purpose/desiredOutcome required"},
		{"desiredOutcome", "blank", outcome(strings.Repeat(" ", 25)), "/purpose/desiredOutcome required"},
		{"desiredOutcome", "too short", outcome(chars(19)), "/purpose/desiredOutcome too_short"},
		{"desiredOutcome", "too short among blanks", outcome("   " + chars(19) + "   "), "/purpose/desiredOutcome too_short"},
		{"desiredOutcome", "too long", outcome(chars(501)), "/purpose/desiredOutcome too_long"},
		{"tried", "none", func(r *r) { r.Purpose.Tried = "" }, ""},
		{"tried", "too long", func(r *r) { r.Purpose.Tried = chars(1001) }, "/purpose/tried too_long"},
		{"context", "none", func(r *r) { r.Purpose.Context = "" }, ""},
		{"context", "too long", func(r *r) { r.Purpose.Context = chars(1001) }, "/purpose/context too_long"},
		{"bring", "none", func(r *r) { r.Bring = "" }, ""},
		{"bring", "too long", func(r *r) { r.Bring = chars(1001) }, "/bring too_long"},
		{"feedbackPreference", "none", func(r *r) { r.FeedbackPreference = "" }, ""},
		{"feedbackPreference", "unknown", func(r *r) { r.FeedbackPreference = "harsh" }, "/feedbackPreference not_allowed"},
		{"mode", "none", func(r *r) { r.Mode = "" }, ""},
		{"mode", "unknown", func(r *r) { r.Mode = "fax" }, "/mode not_allowed"},
	}
	for _, kind := range mentoring.PurposeKinds {
		rules = append(rules, rule[r]{"kind", string(kind), func(r *r) { r.Purpose.Kind = kind }, ""})
	}
	for _, mode := range mentoring.Modes {
		rules = append(rules, rule[r]{"mode", string(mode), func(r *r) { r.Mode = mode }, ""})
	}
	for _, preference := range mentoring.FeedbackPreferences {
		choose := func(r *r) { r.FeedbackPreference = preference }
		rules = append(rules, rule[r]{"feedbackPreference", string(preference), choose, ""})
	}
	checkRules(t, fullRequest, r.Faults, rules)
	if got := smallRequest().Faults(); len(got) != 0 {
		t.Errorf("the smallest request: %v", told(got))
	}
}

func TestDecideBook(t *testing.T) {
	d := circleDraft(2)
	d.Modes, d.CancelNoticeMinutes = []mentoring.Mode{mentoring.Phone, mentoring.Video}, new(777)
	state := published(d)
	state.Seats[0].Holder, state.Seats[0].Booking, state.Seats[0].Version = strangers(1)[0], bookingID(9), 2
	over, before := hosting(3, inHours(-2), inHours(-1)), hosting(4, inHours(1), inHours(2))
	after := hosting(5, inHours(30), inHours(31))
	viewer := mentoring.Viewer{Person: rana(), Agenda: agendaOf(6, over, before, after)}
	r := fullRequest()
	got, err := bookAs(viewer, state, r, 12345)
	if err != nil {
		t.Fatal(err)
	}
	start, end := inHours(24), inHours(24).Add(30*time.Minute)
	want := seating{
		Seat: mentoring.Seat{Slot: slotID(1), Number: 2, Of: 1, Holder: rana().ID, Booking: bookingID(1)},
		Booking: mentoring.Booking{
			ID: bookingID(1), Slot: slotID(1), Seat: 2,
			Requester: mentoring.Party{ID: rana().ID, Name: "Rana"}, Expert: mentoring.Party{ID: edda().ID, Name: "Edda"},
			Title: "Reading Go", StartsAt: start, DurationMinutes: 30, TimeZone: "Europe/Berlin", Mode: mentoring.Video,
			Purpose: r.Purpose, Bring: r.Bring, FeedbackPreference: "examples", Status: mentoring.Confirmed,
			CancelNoticeMinutes: 777, BookedAt: noon,
			History: []mentoring.Step{{At: noon, By: mentoring.Requester, Action: mentoring.StepBooked, Status: mentoring.Confirmed}},
		},
		Agenda: mentoring.Agenda{
			Engagements: []mentoring.Engagement{before, attending(1, edda().ID, start, end), after}, Version: 6,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("seating (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want.Booking, stored(t, got.Booking)); diff != "" {
		t.Errorf("booking after storage (-want +got):\n%s", diff)
	}
}

// What was agreed stays agreed, whatever becomes of the slot (product.md section 5: frozen on each booking).
func TestBookingIsFrozen(t *testing.T) {
	state := published(smallDraft())
	before, err := book(state, smallRequest(), 0)
	if err != nil {
		t.Fatal(err)
	}
	state.Slot.CancelNoticeMinutes, state.Slot.Title = 5, "Another"
	after, err := book(state, smallRequest(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if before.Booking.CancelNoticeMinutes != 1440 || after.Booking.CancelNoticeMinutes != 5 {
		t.Errorf("notices are %d and %d", before.Booking.CancelNoticeMinutes, after.Booking.CancelNoticeMinutes)
	}
}

func TestFeedbackPreferenceOfABooking(t *testing.T) {
	requester := rana()
	requester.Profile.FeedbackPreference = "gentle"
	viewer := mentoring.Viewer{Person: requester}
	for asked, want := range map[mentoring.FeedbackPreference]mentoring.FeedbackPreference{
		"": "gentle", "direct": "direct", "no_preference": "no_preference",
	} {
		r := smallRequest()
		r.FeedbackPreference = asked
		got, err := bookAs(viewer, published(smallDraft()), r, 0)
		if err != nil || got.Booking.FeedbackPreference != want {
			t.Errorf("asked for %q: got %q, %v", asked, got.Booking.FeedbackPreference, err)
		}
	}
}

func TestModeOfABooking(t *testing.T) {
	const video, phone, inPerson = mentoring.Video, mentoring.Phone, mentoring.InPerson
	for _, tc := range []struct {
		offered []mentoring.Mode
		asked   mentoring.Mode
		want    mentoring.Mode
		refused mentoring.Code
	}{
		{[]mentoring.Mode{video}, "", video, ""},
		{[]mentoring.Mode{phone}, "", phone, ""},
		{[]mentoring.Mode{phone}, phone, phone, ""},
		{[]mentoring.Mode{phone}, video, "", mentoring.ModeNotOffered},
		{[]mentoring.Mode{video, phone}, phone, phone, ""},
		{[]mentoring.Mode{video, phone}, video, video, ""},
		{[]mentoring.Mode{video, phone}, inPerson, "", mentoring.ModeNotOffered},
		{[]mentoring.Mode{video, phone}, "", "", mentoring.InvalidField},
		{[]mentoring.Mode{video, phone}, "fax", "", mentoring.InvalidField},
	} {
		t.Run(fmt.Sprintf("%v asked for %q", tc.offered, tc.asked), func(t *testing.T) {
			d := smallDraft()
			d.Modes = tc.offered
			r := smallRequest()
			r.Mode = tc.asked
			got, err := book(published(d), r, 0)
			if codeOf(err) != tc.refused || got.Booking.Mode != tc.want {
				t.Errorf("got %q, %v", got.Booking.Mode, err)
			}
		})
	}
}

// The mode that only this slot makes necessary is told with all that is wrong whatever the slot (product.md
// section 2: all of them at once).
func TestMissingModeIsToldWithTheOtherFaults(t *testing.T) {
	d := smallDraft()
	d.Modes = []mentoring.Mode{mentoring.Video, mentoring.Phone}
	r := smallRequest()
	_, err := book(published(d), r, 0)
	if diff := cmp.Diff("/mode required", told(faultsOf(err))); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	r.Purpose.Question, r.NoConflict = "", false
	_, err = book(published(d), r, 0)
	want := "/mode required, /noConflict required, /purpose/question required"
	if diff := cmp.Diff(want, told(faultsOf(err))); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

// Where a coordinator said who the manager is, nobody's word is needed (product.md section 6).
func TestNoConflictIsAttestedWhereTheManagerIsUnknown(t *testing.T) {
	known := rana()
	known.Programme.Managers = strangers(1)
	for _, tc := range []struct {
		name     string
		person   mentoring.Person
		attested bool
		want     string
	}{
		{"unknown, not attested", rana(), false, "/noConflict required"},
		{"unknown, attested", rana(), true, ""},
		{"known, not attested", known, false, ""},
		{"known, attested", known, true, ""},
	} {
		r := smallRequest()
		r.NoConflict = tc.attested
		_, err := bookAs(mentoring.Viewer{Person: tc.person}, published(smallDraft()), r, 0)
		if got := told(faultsOf(err)); got != tc.want {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

func TestDecideBookRefusesFaults(t *testing.T) {
	r := smallRequest()
	r.Purpose.Kind, r.Bring = "", chars(1001)
	got, err := book(published(smallDraft()), r, 0)
	if codeOf(err) != mentoring.InvalidField {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff("/bring too_long, /purpose/kind required", told(faultsOf(err))); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(seating{}, got); diff != "" {
		t.Errorf("a refusal comes with a seating (-want +got):\n%s", diff)
	}
}

// A slot that is not for somebody does not exist for them: no fault and no state of it gets an answer of
// its own (product.md section 8).
func TestBookingWhatOneMayNotSee(t *testing.T) {
	d := smallDraft()
	d.Audience = mentoring.MyOrganisation
	full := published(d)
	full.Seats[0].Holder, full.Seats[0].Booking = edda().ID, bookingID(9)
	for name, state := range map[string]mentoring.SlotState{"free": published(d), "full": full} {
		for _, r := range []mentoring.BookingRequest{smallRequest(), {}, {Mode: "fax"}} {
			_, err := book(state, r, 0)
			if codeOf(err) != mentoring.NotFound || err.Error() != mentoring.Missing().Error() {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

// anyState is a circle of Edda's with some seats taken, at least one free.
func anyState(t *rapid.T) mentoring.SlotState {
	state := published(circleDraft(rapid.IntRange(2, 12).Draw(t, "seats")))
	for i := range state.Seats {
		if state.Free() > 1 && rapid.Bool().Draw(t, "taken") {
			state.Seats[i].Holder, state.Seats[i].Booking, state.Seats[i].Version = strangers(1)[0], bookingID(byte(200+i)), 2
		}
	}
	return state
}

func TestADrawGivesAFreeSeat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		edges := rapid.SampledFrom([]uint64{0, 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64})
		draw := rapid.OneOf(rapid.Uint64(), edges).Draw(t, "draw")
		got, err := book(state, smallRequest(), draw)
		if err != nil {
			t.Fatal(err)
		}
		before := state.Seats[got.Seat.Number-1]
		if !before.Free() {
			t.Fatalf("seat %d was taken", got.Seat.Number)
		}
		before.Holder, before.Booking = rana().ID, bookingID(1)
		if diff := cmp.Diff(before, got.Seat); diff != "" { // the version stays: it is what the commit checks
			t.Errorf("seat (-want +got):\n%s", diff)
		}
		if got.Booking.Seat != got.Seat.Number {
			t.Errorf("the booking says seat %d, not %d", got.Booking.Seat, got.Seat.Number)
		}
	})
}

// As many draws in a row as there are free seats reach each of them once, so a random one spreads evenly.
func TestDrawsReachEveryFreeSeat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		reached := map[int]bool{}
		first := rapid.Uint64Range(0, math.MaxUint32).Draw(t, "first") * uint64(state.Free())
		for i := range state.Free() {
			got, err := book(state, smallRequest(), first+uint64(i))
			if err != nil {
				t.Fatal(err)
			}
			reached[got.Seat.Number] = true
		}
		if len(reached) != state.Free() {
			t.Errorf("reached %v of %d free seats", reached, state.Free())
		}
	})
}

// A decision is a value of its own: whatever is done with it, the state it was made on stays as it was.
func TestSeatingIsApartFromTheState(t *testing.T) {
	generous := mentoring.Policy{MaxUpcoming: 100, MaxPerPair: 100}
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		viewer := mentoring.Viewer{Person: rana(), Agenda: anyAgenda(t)}
		whole, seats := slices.Clone(wholeArray(viewer.Agenda)), slices.Clone(state.Seats)
		draw := rapid.Uint64().Draw(t, "draw")
		c, err := mentoring.DecideBook(caseOf(state, viewer), rana().ID, fullRequest(), bookingID(1), draw, generous, noon)
		if err != nil {
			t.Fatal(err)
		}
		clear(wholeArray(c.Agendas[rana().ID]))
		if diff := cmp.Diff(whole, wholeArray(viewer.Agenda)); diff != "" {
			t.Errorf("the agenda changed (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(seats, state.Seats); diff != "" {
			t.Errorf("the seats changed (-want +got):\n%s", diff)
		}
	})
}

// The button and what happens when it is pressed are one rule: for somebody who sees the slot and sends a
// request that is right in itself, DecideBook answers exactly as Bookable.
func TestDecideBookAnswersAsBookable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		state := anyState(t)
		s := clearRoad()
		s.slot = state.Slot
		s.viewer.Agenda = anyAgenda(t)
		for i := range s.viewer.Agenda.Engagements { // around the slot's time
			e := &s.viewer.Agenda.Engagements[i]
			e.Start, e.End = e.Start.Add(24*time.Hour), e.End.Add(24*time.Hour)
		}
		for i, o := range obstacles() {
			if rapid.IntRange(0, 19).Draw(t, fmt.Sprint("obstacle ", i)) == 0 {
				o.place(&s)
			}
		}
		if state.Slot = s.slot; s.seats.Free == 0 {
			for i := range state.Seats {
				state.Seats[i].Booking = bookingID(byte(200 + i))
			}
		}
		c := caseOf(state, s.viewer)
		if s.seats.MonthFull {
			c.State.Slot.Host.MonthlyCap = 1
			c.Months = map[string]mentoring.Month{s.slot.Month(): {Slots: []mentoring.SlotID{slotID(99)}}}
		}
		want := mentoring.Bookable(s.slot, state.Occupancy(s.seats.MonthFull), s.viewer, s.policy, s.now)
		draw := rapid.Uint64().Draw(t, "draw")
		got, err := mentoring.DecideBook(c, s.viewer.Person.ID, smallRequest(), bookingID(1), draw, s.policy, s.now)
		if fmt.Sprint(err) != fmt.Sprint(want) {
			t.Errorf("Bookable: %v, DecideBook: %v", want, err)
		}
		if (err == nil) == got.None() {
			t.Errorf("%v, with %+v", err, got)
		}
	})
}

func TestBookingStatusAt(t *testing.T) {
	s, err := book(published(smallDraft()), smallRequest(), 0)
	if err != nil {
		t.Fatal(err)
	}
	b, end := s.Booking, inHours(24).Add(30*time.Minute)
	if !b.EndsAt().Equal(end) {
		t.Errorf("ends at %s, want %s", b.EndsAt(), end)
	}
	for at, want := range map[time.Time]mentoring.BookingStatus{
		noon: mentoring.Confirmed, b.StartsAt: mentoring.Confirmed, end.Add(-1): mentoring.Confirmed,
		end: mentoring.Completed, end.AddDate(5, 0, 0): mentoring.Completed,
	} {
		if got := b.StatusAt(at); got != want {
			t.Errorf("at %s: got %s, want %s", at, got, want)
		}
	}
	b.Status = "cancelled" // only what is confirmed can take place
	if got := b.StatusAt(end); got != "cancelled" {
		t.Errorf("a cancelled booking becomes %s", got)
	}
}

func TestBookingRoleOf(t *testing.T) {
	s, err := book(published(smallDraft()), smallRequest(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[mentoring.PersonID]mentoring.Role{
		rana().ID: mentoring.Requester, edda().ID: mentoring.Expert, strangers(1)[0]: "", "": "",
	} {
		if got, ok := s.Booking.RoleOf(id); got != want || ok != (want != "") {
			t.Errorf("role of %q: %q, %v", id, got, ok)
		}
	}
}

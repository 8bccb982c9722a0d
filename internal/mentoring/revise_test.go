package mentoring_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// everyField changes all there is, to something that is right by itself.
func everyField() mentoring.Revision {
	return mentoring.Revision{
		Title: new("Another title"), Description: new("More words"), Topic: new("cloud"), Kind: new(mentoring.SessionKind("career")),
		Format: new(mentoring.PeerGroup), Capacity: new(4), MinAttendees: new(2), Direction: new(mentoring.Reverse),
		StartsAt: new(inHours(100)), DurationMinutes: new(60), TimeZone: new("Asia/Tokyo"),
		Modes: []mentoring.Mode{mentoring.Phone, mentoring.Video}, VideoURL: new("https://meet.example/1"), Phone: new("+49 30 1"),
		Place: new("Room 1"), Languages: []string{"fr"}, Audience: new(mentoring.OtherOrganisations),
		Approval: new(mentoring.OnRequest), BookingNoticeMinutes: new(60), CancelNoticeMinutes: new(30),
		Preparation: new("Read this"), LookingFor: new("Curiosity"),
	}
}

func TestReviseEverythingWhileNobodyBooked(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(2))
	before := w.present.slots[slot]
	c := w.must(slot, w.revise(edda().ID, everyField()))
	w.wants(t, "revising", c, "slot open, seat 1 free, seat 2 free, seat 3 free, seat 4 free, agenda Edda, "+
		"event slot_changed of 0, wake in 76h0m0s")
	want := before
	want.Title, want.Description, want.Topic, want.Kind = "Another title", "More words", "cloud", "career"
	want.Format, want.Capacity, want.MinAttendees, want.Direction = mentoring.PeerGroup, 4, 2, mentoring.Reverse
	want.StartsAt, want.DurationMinutes, want.TimeZone = inHours(100), 60, "Asia/Tokyo"
	want.Modes, want.Languages = []mentoring.Mode{mentoring.Phone, mentoring.Video}, []string{"fr"}
	want.Meeting = mentoring.Meeting{VideoURL: "https://meet.example/1", Phone: "+49 30 1", Place: "Room 1"}
	want.Audience, want.Approval, want.BookingNoticeMinutes, want.CancelNoticeMinutes = mentoring.OtherOrganisations, mentoring.OnRequest, 60, 30
	want.Preparation, want.LookingFor, want.Numbered, want.Version = "Read this", "Curiosity", 4, 2
	if diff := cmp.Diff(want, w.present.slots[slot]); diff != "" {
		t.Errorf("slot (-want +got):\n%s", diff)
	}
	w.wants(t, "revising to the same", w.must(slot, w.revise(edda().ID, everyField())), "")
	w.wants(t, "revising nothing", w.must(slot, w.revise(edda().ID, mentoring.Revision{})), "")
}

// Once somebody booked or waits, what they rely on is frozen; the rest can change, and all are told at once what cannot.
func TestWhatIsFrozenOnceSomebodyBooked(t *testing.T) {
	const frozen = "/approval not_allowed, /audience not_allowed, /bookingNoticeMinutes not_allowed, /cancelNoticeMinutes not_allowed, " +
		"/direction not_allowed, /format not_allowed, /languages not_allowed, /minAttendees not_allowed, /modes not_allowed, " +
		"/sessionKind not_allowed, /timeZone not_allowed, /topic not_allowed"
	for _, format := range []mentoring.SlotDraft{wide(2), onRequest(2)} {
		w := newWorld(t, edda(), rana())
		slot := w.slot(edda(), format)
		w.book(rana(), slot)
		all := everyField()
		if format.Approval == mentoring.OnRequest {
			all.Approval = new(mentoring.Instant)
		}
		_, err := w.do(slot, w.revise(edda().ID, all))
		if diff := cmp.Diff(frozen, told(faultsOf(err))); diff != "" {
			t.Errorf("faults (-want +got):\n%s", diff)
		}
		open := mentoring.Revision{
			Title: all.Title, Description: all.Description, VideoURL: all.VideoURL, Phone: all.Phone, Place: all.Place,
			Preparation: all.Preparation, LookingFor: all.LookingFor, Capacity: all.Capacity, StartsAt: all.StartsAt,
			DurationMinutes: all.DurationMinutes,
		}
		w.must(slot, w.revise(edda().ID, open))
		w.check(true)
	}
}

func TestWhoMayReviseWhen(t *testing.T) {
	title := mentoring.Revision{Title: new("Another title")}
	for _, tc := range []struct {
		name string
		by   mentoring.Person
		do   func(*world, mentoring.SlotID)
		want mentoring.Code
	}{
		{"the expert", edda(), nil, ""},
		{"who booked", rana(), nil, mentoring.Forbidden},
		{"who may see it", tomasz(), nil, mentoring.Forbidden},
		{"who may not see it", person("Nora", "nora@north.example"), nil, mentoring.NotFound},
		{"when closed", edda(), func(w *world, s mentoring.SlotID) { w.must(s, w.closing(edda().ID)) }, ""},
		{"when cancelled", edda(), func(w *world, s mentoring.SlotID) { w.must(s, w.callOff(edda().ID)) }, mentoring.InvalidTransition},
		{"during the session", edda(), func(w *world, _ mentoring.SlotID) { w.at(inHours(96)) }, ""},
		{"after the session", edda(), func(w *world, _ mentoring.SlotID) { w.at(inHours(97)) }, mentoring.InvalidTransition},
	} {
		w := newWorld(t, edda(), rana(), tomasz(), person("Nora", "nora@north.example"))
		d := wide(2)
		d.Audience = mentoring.OtherOrganisations
		slot := w.slot(edda(), d)
		w.book(rana(), slot)
		if tc.do != nil {
			tc.do(w, slot)
		}
		_, err := w.do(slot, w.revise(tc.by.ID, title))
		wantCode(t, tc.name, err, tc.want)
	}
}

func TestReviseOneVersion(t *testing.T) {
	w := newWorld(t, edda())
	slot := w.slot(edda(), wide(2))
	for version, want := range map[int64]mentoring.Code{0: mentoring.VersionConflict, 1: "", 2: mentoring.VersionConflict} {
		r := mentoring.Revision{Title: new("Another title")}
		_, err := mentoring.DecideRevise(w.caseOf(slot), edda().ID, r, &version, mentoring.StarterTopics, policy, noon)
		wantCode(t, "of a version", err, want)
	}
}

func TestReviseFaults(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change mentoring.Revision
		want   string
	}{
		{"several", mentoring.Revision{Title: new(""), Topic: new("nothing"), DurationMinutes: new(31), VideoURL: new("http://x")},
			"/durationMinutes not_allowed, /meeting/videoUrl bad_format, /title required, /topic not_allowed"},
		{"fewer seats than a circle has", mentoring.Revision{Capacity: new(1)}, "/capacity out_of_range"},
		{"more seats than there can be", mentoring.Revision{Capacity: new(13)}, "/capacity out_of_range"},
		{"one to one, which has one seat", mentoring.Revision{Format: new(mentoring.OneToOne)}, ""},
		{"one to one, with more", mentoring.Revision{Format: new(mentoring.OneToOne), Capacity: new(2)}, "/capacity not_allowed"},
		{"more attendees than seats", mentoring.Revision{MinAttendees: new(4)}, "/minAttendees out_of_range"},
		{"too soon", mentoring.Revision{StartsAt: new(noon.Add(14 * time.Minute))}, "/startsAt out_of_range"},
		{"no time to book", mentoring.Revision{StartsAt: new(inHours(2))}, "/bookingNoticeMinutes out_of_range"},
		{"no time", mentoring.Revision{StartsAt: new(time.Time{})}, "/startsAt required"},
		{"a zone that is none", mentoring.Revision{TimeZone: new("Local")}, "/timeZone bad_format"},
	} {
		w := newWorld(t, edda())
		slot := w.slot(edda(), wide(3))
		_, err := w.do(slot, w.revise(edda().ID, tc.change))
		if got := told(faultsOf(err)); got != tc.want {
			t.Errorf("%s: %v, want %q", tc.name, err, tc.want)
		}
		w.check(true)
	}
	lonely := edda()
	lonely.Organisation = ""
	w := newWorld(t, lonely)
	slot := w.slot(lonely, wide(3))
	_, err := w.do(slot, w.revise(lonely.ID, mentoring.Revision{Audience: new(mentoring.MyOrganisation)}))
	if got := told(faultsOf(err)); got != "/audience not_allowed" {
		t.Errorf("an audience nobody belongs to: %v", err)
	}
}

// The rules that a revision breaks by itself are told before anything is read.
func TestRevisionFaults(t *testing.T) {
	if got := told(everyField().Faults(mentoring.StarterTopics)); got != "" {
		t.Errorf("a right revision: %s", got)
	}
	if got := told(mentoring.Revision{}.Faults(mentoring.StarterTopics)); got != "" {
		t.Errorf("an empty revision: %s", got)
	}
	r := mentoring.Revision{Title: new(chars(121)), Topic: new("nothing"), Audience: new(mentoring.Audience("me"))}
	want := "/audience not_allowed, /title too_long, /topic not_allowed"
	if diff := cmp.Diff(want, told(r.Faults(mentoring.StarterTopics))); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

// Seats can be added, which those who wait get, and free ones taken away: never one that somebody has.
func TestReviseSeats(t *testing.T) {
	w, slot, _, _ := full(t, wide(2), 3)
	for code, seats := range map[mentoring.Code]int{mentoring.InvalidField: 1} {
		_, err := w.do(slot, w.revise(edda().ID, mentoring.Revision{Capacity: &seats}))
		wantCode(t, "fewer than are taken", err, code)
	}
	c := w.must(slot, w.revise(edda().ID, mentoring.Revision{Capacity: new(3)}))
	w.wants(t, "one more", c, "slot open, seat 1 Rana, seat 2 Person 0, seat 3 Person 1, "+
		"booking Person 1 confirmed, left Person 1, agenda Person 1, event slot_changed of 0, event booking_promoted of 1")

	w = newWorld(t, edda(), rana(), tomasz())
	slot = w.slot(edda(), wide(3))
	w.draw = func() uint64 { return 2 } // the last seat
	w.book(rana(), slot)
	c = w.must(slot, w.revise(edda().ID, mentoring.Revision{Capacity: new(2)}))
	w.wants(t, "one less", c, "slot open, seat 1 free, seat 2 gone, seat 3 Rana, event slot_changed of 0")
	w.book(tomasz(), slot)
	if w.state(slot).Free() != 0 || w.state(slot).Taken() != 2 {
		t.Errorf("seats %+v", w.state(slot).Seats)
	}
	c = w.must(slot, w.revise(edda().ID, mentoring.Revision{Capacity: new(4)}))
	w.wants(t, "two more", c, "slot open, seat 1 Tomasz, seat 2 free, seat 3 Rana, seat 4 free, event slot_changed of 0")
}

// The time changes for everybody or for nobody.
func TestReschedule(t *testing.T) {
	w := newWorld(t, edda(), rana(), tomasz())
	slot := w.slot(edda(), wide(3))
	id, other := w.book(rana(), slot), w.book(tomasz(), slot)
	later := mentoring.Revision{StartsAt: new(inHours(120)), DurationMinutes: new(60)}
	c := w.must(slot, w.revise(edda().ID, later))
	w.wants(t, "rescheduling", c, "slot open, seat 1 Rana, seat 2 Tomasz, seat 3 free, booking Rana confirmed, booking Tomasz confirmed, "+
		"agenda Edda, agenda Rana, agenda Tomasz, event slot_changed of 2, wake in 96h0m0s")
	for _, id := range []mentoring.BookingID{id, other} {
		b := w.present.bookings[id]
		if !b.StartsAt.Equal(inHours(120)) || b.DurationMinutes != 60 || !b.Released || b.History[1].Action != mentoring.StepRescheduled {
			t.Errorf("rescheduled to %+v", b)
		}
	}
	if !c.Events[0].Was.Equal(inHours(96)) {
		t.Errorf("was at %s", c.Events[0].Was)
	}

	busy := smallDraft()
	busy.StartsAt = inHours(144)
	w.slot(rana(), busy)
	_, err := w.do(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(144))}))
	if refused := new(mentoring.Error); !errors.As(err, &refused) || refused.Code != mentoring.ParticipantsBusy || refused.Participants != 1 {
		t.Errorf("where one cannot: %+v", err)
	}
	busy.StartsAt = inHours(168)
	in := w.slot(edda(), busy)
	_, err = w.do(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(168))}))
	checkOverlap(t, err, mentoring.Engagement{Slot: in})
	w.must(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(120).Add(30 * time.Minute))})) // over itself
	w.check(true)
}

// A request runs out at the new cut-off where that is earlier, and not later than was said where it is not. One that ran out
// already is in nobody's way.
func TestReschedulingRequests(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), onRequest(1))
	id := w.book(rana(), slot)
	for _, tc := range []struct{ start, until int }{{130, 48}, {30, 28}, {96, 28}} {
		w.must(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(tc.start))}))
		if b := w.present.bookings[id]; !b.ExpiresAt.Equal(inHours(tc.until)) || !b.StartsAt.Equal(inHours(tc.start)) {
			t.Errorf("at %d the request runs out at %s", tc.start, b.ExpiresAt)
		}
		w.check(true)
	}
	busy := smallDraft()
	busy.StartsAt = inHours(60)
	w.slot(rana(), busy)
	w.at(inHours(28))
	c := w.must(slot, w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(60))}))
	w.wants(t, "rescheduling over what is no more", c,
		"slot open, seat 1 free, booking Rana expired, agenda Edda, agenda Rana, "+
			"event booking_ended of 1, event slot_changed of 0, wake in 8h0m0s")
}

// A notice that changes moves the cut-off, so somebody must look then.
func TestReviseNotice(t *testing.T) {
	w := newWorld(t, edda())
	slot := w.slot(edda(), wide(1))
	later := w.must(slot, w.revise(edda().ID, mentoring.Revision{BookingNoticeMinutes: new(600)}))
	w.wants(t, "a cut-off after the first reminder", later, "slot open, seat 1 free, event slot_changed of 0")
	earlier := w.must(slot, w.revise(edda().ID, mentoring.Revision{BookingNoticeMinutes: new(1800)}))
	w.wants(t, "a cut-off before it", earlier, "slot open, seat 1 free, event slot_changed of 0, wake in 66h0m0s")
}

func TestReviseOnTornStates(t *testing.T) {
	for name, tear := range map[string]func(*mentoring.Case){
		"of another version": func(c *mentoring.Case) { c.State.Slot.Version++ },
		"a booking":          func(c *mentoring.Case) { clear(c.Bookings) },
		"somebody":           func(c *mentoring.Case) { delete(c.People, rana().ID) },
	} {
		w := newWorld(t, edda(), rana())
		slot := w.slot(edda(), wide(1))
		w.book(rana(), slot)
		c := w.caseOf(slot)
		tear(&c)
		_, err := w.revise(edda().ID, mentoring.Revision{StartsAt: new(inHours(120))})(c)
		wantTorn(t, name, err)
	}
}

// A seat that was taken away and is missed when the slot is read, because the two were not read at one instant, does not
// stay behind when the slot changes again.
func TestASeatThatIsGoneIsMissed(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(2))
	w.must(slot, w.revise(edda().ID, mentoring.Revision{Capacity: new(1), Format: new(mentoring.OneToOne)}))
	torn := w.present.clone()
	for key, seat := range torn.seats {
		if seat.Gone {
			delete(torn.seats, key)
		}
	}
	c := torn.caseOf(slot)
	if _, err := mentoring.DecideRevise(c, edda().ID, mentoring.Revision{Title: new("Another title")}, nil, nil, policy, w.now); !errors.Is(err, mentoring.ErrTorn) {
		t.Errorf("decided on a state without one of its seats: %v", err)
	}
}

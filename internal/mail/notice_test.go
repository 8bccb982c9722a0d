package mail_test

import (
	"testing"
	"time"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
)

// noon is the present of the tests.
var noon = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)

const (
	domain    = "mentoring.example"
	messageID = "bkg_aaaaaaaaaaaaaaaaaaaaaaaaae.booking_confirmed.1.requester"
)

func composer(t testing.TB) *mail.Composer {
	t.Helper()
	c, err := mail.New(mail.Config{From: "Flash Mentoring <mentoring@mentoring.example>", Domain: domain})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// person is somebody who enrolled and accepted the ground rules.
func person(name, email, zone string) mentoring.Person {
	id := mentoring.PersonIDFor("https://issuer.example", email)
	p, err := mentoring.DecideEnrol(mentoring.Visitor(id, email, name), email, mentoring.Enrolment{
		Profile:           mentoring.Profile{Name: name, TimeZone: zone},
		AcceptGroundRules: true,
	}, noon)
	if err != nil {
		panic(err)
	}
	p.Version = 1
	return p
}

func rana() mentoring.Person {
	return person("Rana Süd", "rana@south.example", "Europe/Berlin")
}
func edda() mentoring.Person {
	return person("Edda O'Nord", "edda.onord@north.example", "America/New_York")
}

// smallSlot says only what must be said: one to one, on video, without anything else.
func smallSlot() mentoring.SlotDraft {
	return mentoring.SlotDraft{
		Title: "Reading Go", Topic: "software-design", TimeZone: "America/New_York",
		StartsAt: time.Date(2026, time.December, 1, 14, 0, 0, 0, time.UTC), DurationMinutes: 30,
	}
}

// fullCircle says everything that can be said.
func fullCircle() mentoring.SlotDraft {
	d := smallSlot()
	d.Title, d.Topic = "Größer werden: how teams grow & stay friends", "first-time-manager"
	d.Format, d.Capacity = mentoring.Circle, new(6)
	d.Modes = []mentoring.Mode{mentoring.Video, mentoring.Phone, mentoring.InPerson}
	d.Meeting = mentoring.Meeting{
		VideoURL: "https://meet.example/abc-defg?pwd=1,2;3&x=y", Phone: "+49 30 123456",
		Place: "Room 4, Hauptstraße 1\n10115 Berlin",
	}
	d.Preparation = "Read the first chapter.\n\nWrite down:\n- one thing that went well\n- one that did not"
	d.LookingFor = "People who lead a team of 3–8."
	d.StartsAt, d.DurationMinutes = time.Date(2027, time.March, 14, 6, 30, 0, 0, time.UTC), 60
	return d
}

func smallRequest() mentoring.BookingRequest {
	return mentoring.BookingRequest{
		Purpose: mentoring.Purpose{
			Kind:           "skill_gap",
			Question:       "When is an interface worth it?",
			DesiredOutcome: "A rule of thumb I can explain to my team.",
		},
		NoConflict: true,
	}
}

func fullRequest() mentoring.BookingRequest {
	r := smallRequest()
	r.Purpose.Kind = "problem_solving"
	r.Purpose.Tried = "Two books.\r\nA course <b>with</b> \"exercises\"."
	r.Purpose.Context = "Five people, three time zones."
	r.Bring = "Our team chart"
	r.FeedbackPreference = "questions_first"
	r.Mode = mentoring.Video
	return r
}

// notices are those of a first booking, to the requester and to the expert.
func notices(expert, requester mentoring.Person, d mentoring.SlotDraft, r mentoring.BookingRequest) [2]mentoring.Notice {
	slot, policy := mentoring.NewSlotID([16]byte{15: 1}), mentoring.DefaultPolicy()
	published, err := mentoring.DecidePublish(expert, mentoring.Agenda{}, d, slot, mentoring.StarterTopics, policy, noon)
	if err != nil {
		panic(err)
	}
	state := published.State()
	viewer := mentoring.Viewer{Person: requester}
	seating, err := mentoring.DecideBook(state, viewer, r, mentoring.NewBookingID([16]byte{15: 1}), 0, policy, noon)
	if err != nil {
		panic(err)
	}
	seating.Booking.Version = 1
	state.Seats[seating.Seat.Number-1] = seating.Seat
	state.Seats[seating.Seat.Number-1].Version = 2
	event := mentoring.Event{Kind: mentoring.BookingMade, At: noon, Slot: slot, Booking: seating.Booking.ID}
	return [2]mentoring.Notice(mentoring.NoticesFor(event, state, seating.Booking, requester, expert, noon))
}

// cancelledNotices are those of a booking that one side cancelled, to the requester and to the expert; others may
// still come.
func cancelledNotices(by mentoring.Role, others bool) []mentoring.Notice {
	d := fullCircle()
	n := notices(edda(), rana(), d, fullRequest())[0]
	state := mentoring.SlotState{Slot: n.Slot, Seats: []mentoring.Seat{
		{Slot: n.Slot.ID, Number: 1, Holder: rana().ID, Booking: n.Booking.ID, Version: 2}, {Slot: n.Slot.ID, Number: 2, Version: 1},
	}}
	who := n.Booking.Requester.ID
	if by == mentoring.Expert {
		who = n.Booking.Expert.ID
	}
	c, err := mentoring.DecideCancel(n.Booking, state, mentoring.Agenda{}, who, mentoring.Cancel{Reason: "A trip came up.\nSorry!"}, noon)
	if err != nil {
		panic(err)
	}
	c.Booking.Version = 2
	state.Seats[0] = c.Seat
	state.Seats[0].Version = 3
	if others {
		state.Seats[1].Holder, state.Seats[1].Booking = edda().ID, mentoring.NewBookingID([16]byte{2})
	}
	event := mentoring.Event{Kind: mentoring.BookingEnded, At: noon, Slot: n.Slot.ID, Booking: n.Booking.ID}
	return mentoring.NoticesFor(event, state, c.Booking, rana(), edda(), noon)
}

// compose must succeed.
func compose(t testing.TB, n mentoring.Notice) mail.Message {
	t.Helper()
	m, err := composer(t).Compose(n, messageID, noon)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

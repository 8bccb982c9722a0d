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

// person is somebody who enrolled.
func person(name, email, zone string) mentoring.Person {
	return mentoring.Person{
		ID: mentoring.PersonIDFor("https://issuer.example", email), Email: email,
		Organisation: mentoring.OrganisationOf(email), Profile: mentoring.Profile{Name: name, TimeZone: zone}, Version: 1,
	}
}

func rana() mentoring.Person {
	return person("Rana Süd", "rana@south.example", "Europe/Berlin")
}
func edda() mentoring.Person {
	return person("Edda O'Nord", "edda.onord@north.example", "America/New_York")
}

// smallSlot says only what must be said: one to one, on video, without anything else.
func smallSlot() mentoring.Slot {
	return mentoring.Slot{
		ID: mentoring.NewSlotID([16]byte{15: 1}), Title: "Reading Go", Topic: "software-design", Kind: mentoring.OpenQuestion,
		Format: mentoring.OneToOne, Capacity: 1, Direction: mentoring.Standard, Modes: []mentoring.Mode{mentoring.Video},
		TimeZone: "America/New_York", StartsAt: time.Date(2026, time.December, 1, 14, 0, 0, 0, time.UTC), DurationMinutes: 30,
	}
}

// fullCircle says everything that can be said.
func fullCircle() mentoring.Slot {
	s := smallSlot()
	s.Title, s.Topic, s.Kind = "Größer werden: how teams grow & stay friends", "first-time-manager", "problem_solving"
	s.Format, s.Capacity = mentoring.Circle, 6
	s.Modes = []mentoring.Mode{mentoring.Video, mentoring.Phone, mentoring.InPerson}
	s.Meeting = mentoring.Meeting{
		VideoURL: "https://meet.example/abc-defg?pwd=1,2;3&x=y", Phone: "+49 30 123456",
		Place: "Room 4, Hauptstraße 1\n10115 Berlin",
	}
	s.Preparation = "Read the first chapter.\n\nWrite down:\n- one thing that went well\n- one that did not"
	s.LookingFor = "People who lead a team of 3–8."
	s.StartsAt, s.DurationMinutes = time.Date(2027, time.March, 14, 6, 30, 0, 0, time.UTC), 60
	return s
}

// smallRequest is what a requester must say of their booking.
func smallRequest() mentoring.Booking {
	return mentoring.Booking{
		Purpose: mentoring.Purpose{
			Kind:           "skill_gap",
			Question:       "When is an interface worth it?",
			DesiredOutcome: "A rule of thumb I can explain to my team.",
		},
		FeedbackPreference: mentoring.NoPreference, Mode: mentoring.Video,
	}
}

// fullRequest is all they can say.
func fullRequest() mentoring.Booking {
	r := smallRequest()
	r.Purpose.Kind = "problem_solving"
	r.Purpose.Tried = "Two books.\r\nA course <b>with</b> \"exercises\"."
	r.Purpose.Context = "Five people, three time zones."
	r.Bring = "Our team chart"
	r.FeedbackPreference = "questions_first"
	return r
}

// notices are those of a first booking, to the requester and to the expert.
func notices(expert, requester mentoring.Person, s mentoring.Slot, b mentoring.Booking) [2]mentoring.Notice {
	s.Host = mentoring.HostFrom(expert)
	b.ID, b.Slot, b.Seat, b.Status = mentoring.NewBookingID([16]byte{15: 1}), s.ID, 1, mentoring.Confirmed
	b.Requester = mentoring.Party{ID: requester.ID, Name: requester.Profile.Name}
	b.Expert = mentoring.Party{ID: expert.ID, Name: expert.Profile.Name}
	b.Title, b.StartsAt, b.DurationMinutes, b.TimeZone = s.Title, s.StartsAt, s.DurationMinutes, s.TimeZone
	n := mentoring.Notice{Kind: mentoring.BookingConfirmed, Slot: s, Booking: b}
	if expert.Organisation == requester.Organisation {
		n.SharedOrganisation = expert.Organisation
	}
	toRequester, toExpert := n, n
	toRequester.Role, toRequester.Reader, toRequester.Other = mentoring.Requester, requester, b.Expert
	toRequester.Calendar = mentoring.Calendar{Method: mentoring.CalendarRequest, UID: string(b.ID), Sequence: 1}
	toExpert.Role, toExpert.Reader, toExpert.Other = mentoring.Expert, expert, b.Requester
	toExpert.Calendar = mentoring.Calendar{Method: mentoring.CalendarRequest, UID: string(s.ID), Sequence: int64(2 + s.Capacity)}
	return [2]mentoring.Notice{toRequester, toExpert}
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

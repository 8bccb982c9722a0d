package calendar_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/mentoring"
)

var (
	noon  = time.Date(2026, time.November, 22, 12, 0, 0, 0, time.UTC)
	start = time.Date(2026, time.December, 1, 14, 0, 0, 0, time.UTC)
)

// slot can be met in every way there is.
func slot() mentoring.Slot {
	return mentoring.Slot{
		ID: "slot_a", Title: "Reading Go", Topic: "software-design", StartsAt: start, DurationMinutes: 30,
		Modes: mentoring.Modes, Preparation: "Read\r\na book.", LookingFor: "Readers",
		Meeting: mentoring.Meeting{VideoURL: "https://meet.example/a", Phone: "+49 30 123456", Place: "Room 4\nMain Street"},
	}
}

// booking says everything a requester can say.
func booking() mentoring.Booking {
	return mentoring.Booking{
		ID: "bkg_a", Status: mentoring.Confirmed, Mode: mentoring.Video, Bring: "my bring", FeedbackPreference: "gentle",
		Requester: mentoring.Party{Name: "Rana"}, Expert: mentoring.Party{Name: "Edda"},
		Purpose: mentoring.Purpose{
			Kind: "skill_gap", Question: "my question", DesiredOutcome: "my outcome", Tried: "my tried", Context: "my context",
		},
	}
}

// made is an entry that is made.
var made = mentoring.Calendar{Method: mentoring.CalendarRequest, UID: "uid_a", Sequence: 7}

func TestEntries(t *testing.T) {
	common := calendar.Entry{
		Method: mentoring.CalendarRequest, UID: "uid_a", Sequence: 7, Start: start, End: start.Add(30 * time.Minute),
		Summary: "Flash mentoring: Reading Go", Alarm: "Flash mentoring soon: Reading Go",
	}
	requesters, experts, withdrawn := common, common, common
	requesters.Location, requesters.URL = "https://meet.example/a", "https://meet.example/a"
	requesters.Description = "With Edda\nVideo call: https://meet.example/a\n\nWhat Edda asks you to prepare:\nRead\na book.\n\nBooking bkg_a"
	experts.Location, experts.URL = "https://meet.example/a / +49 30 123456 / Room 4, Main Street", "https://meet.example/a"
	experts.Description = "Your flash mentoring session on Software design\nVideo call: https://meet.example/a\n" +
		"Phone call: +49 30 123456\nIn person: Room 4, Main Street\n\n" +
		"What you ask those who come to prepare:\nRead\na book.\n\nSlot slot_a"
	withdrawn.Method = mentoring.CalendarCancel
	gone := made
	gone.Method = mentoring.CalendarCancel
	for _, c := range []struct {
		name    string
		role    mentoring.Role
		booking mentoring.Booking
		other   string
		becomes mentoring.Calendar
		want    calendar.Entry
	}{
		{"requester", mentoring.Requester, booking(), "Edda", made, requesters},
		{"expert", mentoring.Expert, booking(), "Rana", made, experts},
		{"expert of the slot alone", mentoring.Expert, mentoring.Booking{}, "", made, experts},
		{"requester, cancelled", mentoring.Requester, booking(), "Edda", gone, withdrawn},
		{"expert, cancelled", mentoring.Expert, booking(), "Rana", gone, withdrawn},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := calendar.EntryFor(c.role, slot(), c.booking, c.other, c.becomes)
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("entry (-want +got):\n%s", diff)
			}
		})
	}
}

// What a requester wants is in nobody's calendar, nor is a requester in the expert's (product.md section 8).
func TestEntriesKeepPurposeToThemselves(t *testing.T) {
	for role, private := range map[mentoring.Role][]string{
		mentoring.Requester: {"my "},
		mentoring.Expert:    {"my ", "Rana", "bkg_a"},
	} {
		e := calendar.EntryFor(role, slot(), booking(), "Rana", made)
		for _, s := range private {
			if shown := e.Summary + e.Description + e.Location + e.Alarm; strings.Contains(shown, s) {
				t.Errorf("%q is in the entry of the %s: %q", s, role, shown)
			}
		}
	}
}

// How they meet is for those who have a seat (product.md section 5).
func TestMeetingDetailsNeedASeat(t *testing.T) {
	for _, status := range mentoring.BookingStatuses {
		b := booking()
		b.Status = status
		e := calendar.EntryFor(mentoring.Requester, slot(), b, "Edda", made)
		seated := status == mentoring.Confirmed || status == mentoring.Completed
		if shown := e.Description + e.Location + e.URL; strings.Contains(shown, "meet.example") != seated {
			t.Errorf("%s: %q", status, shown)
		}
	}
}

func TestEveryModeHasAWord(t *testing.T) {
	for _, mode := range mentoring.Modes {
		s, b := slot(), booking()
		s.Meeting, b.Mode = mentoring.Meeting{}, mode
		if e := calendar.EntryFor(mentoring.Requester, s, b, "Edda", made); e.Location == "" {
			t.Errorf("%s has none", mode)
		}
	}
}

func TestTopicLabel(t *testing.T) {
	for slot, want := range map[[2]string]string{
		{"software-design", ""}: "Software design", {"software-design", "Drawing boxes"}: "Drawing boxes", {"of-tomorrow", "Of tomorrow"}: "Of tomorrow",
		{"of-tomorrow", ""}: "of-tomorrow",
	} {
		if got := calendar.TopicLabel(mentoring.Slot{Topic: slot[0], TopicLabel: slot[1]}); got != want {
			t.Errorf("%v is called %q, want %q", slot, got, want)
		}
	}
}

package pages

import (
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// There are words for everything that a booking can be and that can go wrong: say panics where there are none.
func TestEverythingHasWords(t *testing.T) {
	zone := time.FixedZone("somewhere", 0)
	var said []string
	for _, status := range mentoring.BookingStatuses {
		for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
			for _, by := range []string{"reader", "other", "nobody"} {
				s := &scene{BookingView: desk.BookingView{Status: status}, Role: role, By: by, Title: "T", Other: "O", When: "W", Ended: "E", zone: zone}
				said = append(said, say("status."+string(status), nil), say("manage."+string(status)+".heading", s), say("manage."+string(status), s),
					say("purpose."+string(role), s), say("reason."+by, s), say("cancel.late", s), say("help.lead", s), say("block."+string(status), s))
				if what := "cancel." + string(role) + "." + string(status); status == mentoring.Requested || status == mentoring.Waitlisted || status == mentoring.Confirmed {
					said = append(append(said, say(what, s)), lines(what, s)...)
				}
			}
		}
	}
	for _, c := range mentoring.ConcernCategories {
		said = append(said, say("concern.category."+string(c), nil))
	}
	for _, code := range []mentoring.Code{mentoring.NotFound, mentoring.ActiveLimitReached} {
		said = append(said, say("block."+string(code)+".heading", nil), say("block."+string(code), nil))
	}
	for _, mode := range mentoring.Modes {
		said = append(said, say("mode."+string(mode), nil), say("meeting."+string(mode), nil))
	}
	for _, kind := range mentoring.PurposeKinds {
		said = append(said, say("purpose.kind."+string(kind), nil))
	}
	for _, wave := range []mentoring.Wave{mentoring.Pulse, mentoring.OutcomeWave} {
		for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
			set, _ := mentoring.QuestionsFor(wave, role)
			for _, q := range set.Questions {
				f := fieldOf(q, mentoring.Answer{}, asking{&scene{Role: role, Other: "O"}, "O"})
				said = append(said, f.Label)
				for _, o := range f.Options {
					said = append(said, o.Text)
				}
			}
		}
	}
	for _, code := range []mentoring.FaultCode{
		mentoring.Required, mentoring.TooShort, mentoring.TooLong, mentoring.OutOfRange, mentoring.NotAllowed, mentoring.BadFormat,
	} {
		said = append(said, say("wrong."+string(code), field{Most: 7}))
	}
	for _, p := range problems {
		said = append(said, say("problem."+p.code+".heading", nil), say("problem."+p.code, nil))
	}
	for _, s := range said {
		if s == "" || strings.Contains(s, "<no value>") || strings.Contains(s, "  ") {
			t.Errorf("said %q", s)
		}
	}
}

// A zone that nobody knows any more keeps no page back: times are then in UTC, and say so.
func TestUnknownZone(t *testing.T) {
	at := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	if got := moment(at, zoneOf("Mars/Olympus_Mons")); got != "Monday, 2 November 2026, 09:00 (UTC, UTC+00:00)" {
		t.Errorf("said %q", got)
	}
}

// The rule about the length of a concern is mentoring's; the page says it, and tells it to browsers.
func TestConcernLimits(t *testing.T) {
	for n, faults := range map[int]int{minConcern - 1: 1, minConcern: 0, maxConcern: 0, maxConcern + 1: 1} {
		if got := (mentoring.Raise{Category: "other", Text: strings.Repeat("a", n)}).Faults(); len(got) != faults {
			t.Errorf("%d letters: %v", n, got)
		}
	}
}

// The rule about the length of a reason is mentoring's; the page tells it to browsers.
func TestReasonLimit(t *testing.T) {
	for n, faults := range map[int]int{maxReason: 0, maxReason + 1: 1} {
		if got := (mentoring.Cancel{Reason: strings.Repeat("a", n)}).Faults(); len(got) != faults {
			t.Errorf("%d letters: %v", n, got)
		}
	}
}

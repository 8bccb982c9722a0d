package pages_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// What either side sees of a booking, through its life.
func TestBookingPage(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	ben, ada := h.manage(t, h.ben, b), h.manage(t, h.ada, b)

	const inBerlin = "Thursday, 5 November 2026, 10:00–10:30 (Europe/Berlin, CET, UTC&#43;01:00)"
	h.get(t, ben).says(t, http.StatusOK, "Your session is confirmed", "You have a seat in “Reading a balance sheet” with Ada Okafor.",
		inBerlin, "Thursday, 5 November 2026, 04:00–04:30 (America/New_York, EST, UTC-05:00)",
		`<a href="https://video.example/room" rel="noopener noreferrer">`, "What you want from it", "Closing a gap in a skill",
		"I can tell whether a supplier will be around next year.", "Two books.",
		"you can cancel until Wednesday, 4 November 2026, 10:00", ben+"/cancel", ben+"/invite.ics", string(b.ID))
	h.get(t, ada).says(t, http.StatusOK, "Somebody is coming to your session", "Ben Fischer has a seat", "What Ben Fischer wants from it",
		"you can cancel until Thursday, 5 November 2026, 10:30", ada+"/cancel")

	h.advance(49 * time.Hour)
	h.get(t, ben).says(t, http.StatusOK, "It is too late to cancel here: that was possible until Wednesday, 4 November 2026, 10:00",
		"Ask Ada Okafor, who still can.", "!"+ben+"/cancel", ben+"/invite.ics")
	h.get(t, ada).says(t, http.StatusOK, ada+"/cancel")

	if _, err := h.desk.Cancel(t.Context(), h.ada, b.ID, mentoring.Cancel{Reason: "I am ill.\nSorry!"}, desk.Once{}); err != nil {
		t.Fatal(err)
	}
	h.get(t, ben).says(t, http.StatusOK, "This booking is cancelled", "Ada Okafor cancelled", "on Wednesday, 4 November 2026, 11:00",
		"What Ada Okafor wrote", "I am ill.<br>\nSorry!", "!/cancel\"", "!invite.ics", "!video.example")
	h.get(t, ada).says(t, http.StatusOK, "You cancelled", "What you wrote")
}

func TestBookingPageAfterwards(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	h.advance(73 * time.Hour)
	ben := h.manage(t, h.ben, b)
	h.get(t, ben).says(t, http.StatusOK, "This session is over", "!too late", "!/cancel\"", "!invite.ics")
	if a := h.get(t, ben+"/cancel"); a.status != http.StatusSeeOther || a.header.Get("Location") != ben {
		t.Errorf("the cancel page leads to %d %q", a.status, a.header.Get("Location"))
	}
}

// A session over midnight, or over a change of the clocks, says both ends in full.
func TestPeriods(t *testing.T) {
	for name, test := range map[string]struct {
		startsAt time.Time
		want     string
	}{
		"over midnight": {
			time.Date(2026, 11, 10, 22, 45, 0, 0, time.UTC),
			"Tuesday, 10 November 2026, 23:45 (Europe/Berlin, CET, UTC&#43;01:00) – Wednesday, 11 November 2026, 00:15 (Europe/Berlin, CET, UTC&#43;01:00)",
		},
		"when the clocks go on": {
			time.Date(2027, 3, 28, 0, 45, 0, 0, time.UTC),
			"Sunday, 28 March 2027, 01:45 (Europe/Berlin, CET, UTC&#43;01:00) – Sunday, 28 March 2027, 03:15 (Europe/Berlin, CEST, UTC&#43;02:00)",
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			draft := circle()
			draft.StartsAt = test.startsAt
			h.get(t, h.manage(t, h.ben, h.booked(t, draft, wish))).says(t, http.StatusOK, test.want)
		})
	}
}

// Zones that have no abbreviation are said by name and offset alone.
func TestZones(t *testing.T) {
	for zone, want := range map[string]string{
		"UTC":               "09:00–09:30 (UTC, UTC&#43;00:00)",
		"America/Sao_Paulo": "06:00–06:30 (America/Sao_Paulo, UTC-03:00)",
		"Asia/Kathmandu":    "14:45–15:15 (Asia/Kathmandu, UTC&#43;05:45)",
	} {
		h := open(t)
		draft := circle()
		draft.TimeZone = zone
		h.get(t, h.manage(t, h.ben, h.booked(t, draft, wish))).says(t, http.StatusOK, "In the time zone of the session", want)
	}
	h := open(t)
	draft := circle()
	draft.TimeZone = "Europe/Rome"
	h.get(t, h.manage(t, h.ben, h.booked(t, draft, wish))).says(t, http.StatusOK, "!In the time zone of the session")
}

// Ways of meeting that are not on screen, and a meeting that nobody gave.
func TestMeetings(t *testing.T) {
	for name, test := range map[string]struct {
		mode    mentoring.Mode
		meeting mentoring.Meeting
		want    []string
	}{
		"by phone":  {mentoring.Phone, mentoring.Meeting{Phone: "+49 30 1234"}, []string{"Phone call", "Number", "&#43;49 30 1234"}},
		"in person": {mentoring.InPerson, mentoring.Meeting{Place: "Room 4\nHarbour St 1"}, []string{"In person", "Place", "Room 4, Harbour St 1"}},
		"not given": {mentoring.Video, mentoring.Meeting{}, []string{"Video call", "Link", "Not given yet"}},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			draft := circle()
			draft.Modes, draft.Meeting = []mentoring.Mode{test.mode}, test.meeting
			h.get(t, h.manage(t, h.ben, h.booked(t, draft, wish))).says(t, http.StatusOK, test.want...)
		})
	}
}

// The main job: see, be asked, cancel, see that it is done. Doing it again does nothing.
func TestCancel(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	ben := h.manage(t, h.ben, b)
	h.get(t, ben+"/cancel").says(t, http.StatusOK, "Cancel this booking?", "Ada Okafor gets a mail about it, and so do you.",
		"It cannot be undone.", `<form method="post"`, `<label for="reason">A word to Ada Okafor</label>`, `href="`+ben+`"`)
	if got := h.status(t, b); got != mentoring.Confirmed {
		t.Fatalf("asking made it %s", got)
	}
	for range 2 {
		done := h.post(t, ben+"/cancel", confirm("A trip\r\ncame up."))
		if done.status != http.StatusSeeOther || done.header.Get("Location") != ben {
			t.Errorf("answers %d %q", done.status, done.header.Get("Location"))
		}
		h.get(t, ben).says(t, http.StatusOK, "You cancelled “Reading a balance sheet” with Ada Okafor on Monday, 2 November 2026, 10:00",
			"A trip<br>\ncame up.")
	}
	if a := h.get(t, ben+"/cancel"); a.status != http.StatusSeeOther {
		t.Errorf("cancelled, the page still asks: %d", a.status)
	}
}

func TestExpertCancels(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	ada := h.manage(t, h.ada, b)
	h.get(t, ada+"/cancel").says(t, http.StatusOK, "Ben Fischer loses the seat", "Others who are booked keep their seats.")
	h.post(t, ada+"/cancel", confirm("")).says(t, http.StatusSeeOther)
	h.get(t, h.manage(t, h.ben, b)).says(t, http.StatusOK, "Ada Okafor cancelled", "!wrote")
}

// What is not the form, filled in right, cancels nothing.
func TestCancelRefuses(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	ben := h.manage(t, h.ben, b) + "/cancel"
	long := strings.Repeat("ü", 501)
	h.post(t, ben, confirm(long+"<")).says(t, http.StatusUnprocessableEntity, "Nothing is cancelled yet", `role="alert"`,
		`aria-describedby="reason-wrong reason-hint" aria-invalid="true"`, long+"&lt;</textarea>")
	h.ask(t, http.MethodPost, ben, formType, "List-Unsubscribe=One-Click").says(t, http.StatusBadRequest, "Cancel this booking?")
	h.ask(t, http.MethodPost, ben, "", "").says(t, http.StatusBadRequest, "Cancel this booking?")
	h.ask(t, http.MethodPost, ben, "application/json", `{"confirm":"cancel"}`).says(t, http.StatusBadRequest, "Cancel this booking?")
	h.ask(t, http.MethodPost, ben+"?confirm=cancel", formType, "").says(t, http.StatusBadRequest, "Cancel this booking?")
	h.ask(t, http.MethodPost, ben, formType, "confirm=%zz").says(t, http.StatusBadRequest, "The form did not arrive whole")
	h.ask(t, http.MethodPost, ben, formType, "reason="+strings.Repeat("a", 33<<10)).says(t, http.StatusRequestEntityTooLarge, "too much text")
	h.ask(t, http.MethodDelete, ben, "", "").says(t, http.StatusMethodNotAllowed)
	if got := h.status(t, b); got != mentoring.Confirmed {
		t.Fatalf("it is %s", got)
	}
	// Five hundred letters are five hundred, however many bytes.
	h.post(t, ben, confirm(strings.Repeat("ü", 500))).says(t, http.StatusSeeOther)
}

// Whoever asked in time and sends too late ends where it is said.
func TestCancelTooLate(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	ben := h.manage(t, h.ben, b)
	for _, step := range []struct {
		after time.Duration
		want  string
	}{{48 * time.Hour, "It is too late to cancel here"}, {25 * time.Hour, "This session is over"}} {
		h.advance(step.after)
		h.post(t, ben+"/cancel", confirm("")).says(t, http.StatusSeeOther)
		h.get(t, ben).says(t, http.StatusOK, step.want, "!This booking is cancelled")
	}
}

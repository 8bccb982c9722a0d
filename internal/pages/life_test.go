package pages_test

import (
	"net/http"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// When a booking moves, links of before say so, and that the newest mail has a good one.
func TestLinksRotateWhenABookingMoves(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	other, err := h.desk.Publish(t.Context(), h.ada, later(), desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	until := b.EndsAt().Add(24 * time.Hour)
	var last string
	for generation, to := range []mentoring.SlotID{other.Slot.ID, b.Slot, other.Slot.ID} {
		before := address(t)(h.links.Manage(string(h.ben.ID), string(b.ID), int64(generation), until))
		last = address(t)(h.links.Manage(string(h.ben.ID), string(b.ID), int64(generation)+1, until))
		h.get(t, before).says(t, http.StatusOK, "Your session is confirmed")
		h.get(t, last).says(t, http.StatusGone, "This link is out of date") // which nobody was sent yet
		if _, err := h.desk.Move(t.Context(), h.ben, b.ID, mentoring.Move{To: to}, desk.Once{}); err != nil {
			t.Fatal(err)
		}
		for _, address := range below(before) {
			h.get(t, address).says(t, http.StatusGone, "The session was moved after the mail was sent.")
		}
		h.post(t, before+"/cancel", confirm("")).says(t, http.StatusGone)
		h.get(t, last).says(t, http.StatusOK, "Your session is confirmed")
	}
	h.get(t, last).says(t, http.StatusOK, "11:00–11:30 (Europe/Berlin")
}

// A request is seen by both sides, has no meeting and no entry yet, and can be withdrawn.
func TestRequest(t *testing.T) {
	h := open(t)
	draft := circle()
	draft.Approval = mentoring.OnRequest
	b := h.booked(t, draft, wish)
	ben, ada := h.manage(t, h.ben, b), h.manage(t, h.ada, b)
	h.get(t, ben).says(t, http.StatusOK, "Your request waits for an answer", "Waits for an answer", "is held for you until Ada Okafor answers",
		"you can cancel until", "!invite.ics", "!video.example")
	h.get(t, ada).says(t, http.StatusOK, "Somebody asks for a session with you", "is held for Ben Fischer until you say yes or no")
	if a := h.get(t, ben+"/invite.ics"); a.status != http.StatusSeeOther {
		t.Errorf("a request has an entry: %d", a.status)
	}
	h.get(t, ben+"/cancel").says(t, http.StatusOK, "If you withdraw it:", "The seat that is held for you")
	h.get(t, ada+"/cancel").says(t, http.StatusOK, "The request of Ben Fischer")
	h.post(t, ben+"/cancel", confirm("")).says(t, http.StatusSeeOther)
	h.get(t, ben).says(t, http.StatusOK, "This booking is cancelled")
}

func TestRequestDeclinedAndExpired(t *testing.T) {
	h := open(t)
	draft := circle()
	draft.Approval = mentoring.OnRequest
	b := h.booked(t, draft, wish)
	if _, err := h.desk.Decline(t.Context(), h.ada, b.ID, mentoring.Decline{Reason: mentoring.NotMyArea, Note: "Ask Kim."}, desk.Once{}); err != nil {
		t.Fatal(err)
	}
	h.get(t, h.manage(t, h.ben, b)).says(t, http.StatusOK, "This request was declined", "Ada Okafor cannot take your request", "Ask Kim.", "!/cancel\"")
	draft.StartsAt = later().StartsAt
	ignored := h.booked(t, draft, wish)
	h.advance(49 * time.Hour)
	h.get(t, h.manage(t, h.ben, ignored)).says(t, http.StatusOK, "This booking has expired", "no answer in time", "!/cancel\"")
}

// Whoever waits can leave the list, and gets the seat that somebody gives up on a page.
func TestWaitingList(t *testing.T) {
	h := open(t)
	draft := circle()
	draft.Format, draft.Capacity = mentoring.OneToOne, new(1)
	b := h.booked(t, draft, wish)
	patient := wish
	patient.JoinWaitlist = true
	waiting, err := h.desk.Book(t.Context(), h.eve, b.Slot, patient, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	eve := h.manage(t, h.eve, waiting.Booking)
	h.get(t, eve).says(t, http.StatusOK, "You are on the waiting list", "!invite.ics", "!video.example")
	h.get(t, eve+"/cancel").says(t, http.StatusOK, "If you give it up:", "Ada Okafor does not.")
	h.get(t, h.manage(t, h.ada, waiting.Booking)).says(t, http.StatusOK, "Somebody waits for a seat")
	h.post(t, h.manage(t, h.ben, b)+"/cancel", confirm("")).says(t, http.StatusSeeOther)
	h.get(t, eve).says(t, http.StatusOK, "Your session is confirmed", "https://video.example/room", eve+"/invite.ics")
}

// An expert who cancels late is told before they do that it counts against them, and by which rule.
func TestLateCancellationIsSaidBefore(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	ada := h.manage(t, h.ada, b)
	const warning = "counts as a late cancellation. 3 of them within 90 days keep you from booking and publishing for 28 days."
	h.get(t, ada+"/cancel").says(t, http.StatusOK, "!late cancellation")
	h.advance(49 * time.Hour)
	h.get(t, ada+"/cancel").says(t, http.StatusOK, warning)
	h.post(t, ada+"/cancel", confirm("")).says(t, http.StatusSeeOther)
	h.get(t, ada).says(t, http.StatusOK, "You cancelled")
}

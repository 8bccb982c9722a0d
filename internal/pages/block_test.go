package pages_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// blocking is what the forms about a block send: block or unblock.
func blocking(what string) url.Values { return url.Values{"confirm": {what}} }

func (h *house) blocked(t testing.TB, who desk.Caller) []mentoring.PersonID {
	t.Helper()
	reader, err := h.desk.Reader(t.Context(), who.ID)
	if err != nil {
		t.Fatal(err)
	}
	return reader.Blocked
}

// sees reports whether somebody sees a slot.
func (h *house) sees(t *testing.T, who desk.Caller, id mentoring.SlotID) bool {
	t.Helper()
	_, err := h.desk.Slot(t.Context(), who, id)
	return err == nil
}

// Either side can block the other and take it back: what the page says of it is what happens. The other page shows nothing
// of it.
func TestBlock(t *testing.T) {
	for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
		t.Run(string(role), func(t *testing.T) {
			h := open(t)
			b := h.booked(t, circle(), wish)
			open, err := h.desk.Publish(t.Context(), h.ada, later(), desk.Once{})
			if err != nil {
				t.Fatal(err)
			}
			me, other := h.ben, h.ada
			if role == mentoring.Expert {
				me, other = other, me
			}
			mine, theirs := h.manage(t, me, b), h.manage(t, other, b)
			is := func(blocked bool) {
				t.Helper()
				if got := h.blocked(t, me); slices.Equal(got, []mentoring.PersonID{other.ID}) != blocked || !blocked && got != nil {
					t.Errorf("%s blocked %v", me.Name, got)
				}
				if got := h.blocked(t, other); got != nil {
					t.Errorf("%s blocked %v", other.Name, got)
				}
				if h.sees(t, h.ben, open.Slot.ID) == blocked {
					t.Errorf("ben sees another slot of ada's: %v", !blocked)
				}
				if got := h.status(t, b); got != mentoring.Confirmed {
					t.Errorf("the booking is %s", got)
				}
			}
			h.get(t, mine).says(t, http.StatusOK, "And you can block "+other.Name, "Block "+other.Name+" …", mine+"/block")
			before := h.get(t, theirs).text
			h.get(t, mine+"/block").says(t, http.StatusOK, "Block "+other.Name+"?", "Neither of you sees the other’s sessions any more",
				other.Name+" is not told.", "This booking is not cancelled by it", "You can take it back at any time", `<form method="post"`, `href="`+mine+`"`)
			is(false)
			for range 2 {
				a := h.post(t, mine+"/block", blocking("block"))
				if a.status != http.StatusSeeOther || a.header.Get("Location") != mine+"/block?saved=1" {
					t.Errorf("answers %d %q", a.status, a.header.Get("Location"))
				}
				is(true)
			}
			h.get(t, mine+"/block?saved=1").says(t, http.StatusOK, "You have blocked "+other.Name, "If you take it back:", "Unblock "+other.Name)
			h.get(t, mine).says(t, http.StatusOK, "You have blocked "+other.Name+".", "Unblock "+other.Name+" …", mine+"/cancel")
			if after := h.get(t, theirs).text; after != before {
				t.Errorf("the other page changed to\n%s", after)
			}
			h.post(t, mine+"/concern", concern("conduct", "It was about my hair.")).says(t, http.StatusOK, "!Block "+other.Name)
			for range 2 {
				h.post(t, mine+"/block", blocking("unblock")).says(t, http.StatusSeeOther)
				is(false)
			}
			h.get(t, mine+"/block?saved=1").says(t, http.StatusOK, other.Name+" is not blocked")
			h.get(t, mine+"/block").says(t, http.StatusOK, "Block "+other.Name+"?")
		})
	}
}

// A form that was open when the other one was sent does what it says, and not the contrary of what there is.
func TestBlockFromAnOldForm(t *testing.T) {
	h := open(t)
	link := h.manage(t, h.ben, h.booked(t, circle(), wish)) + "/block"
	h.post(t, link, blocking("unblock")).says(t, http.StatusSeeOther)
	if got := h.blocked(t, h.ben); got != nil {
		t.Errorf("unblocking blocked %v", got)
	}
}

// What is not the form blocks nobody, and takes nothing back.
func TestBlockRefuses(t *testing.T) {
	h := open(t)
	link := h.manage(t, h.ben, h.booked(t, circle(), wish)) + "/block"
	refuses := func(heading string) {
		t.Helper()
		for _, body := range []string{"", "List-Unsubscribe=One-Click", "confirm=cancel", "confirm=", "personId=" + string(h.eve.ID)} {
			h.ask(t, http.MethodPost, link, formType, body).says(t, http.StatusBadRequest, heading)
		}
		h.ask(t, http.MethodPost, link, "application/json", `{"confirm":"block"}`).says(t, http.StatusBadRequest, heading)
		h.ask(t, http.MethodPost, link+"?confirm=block", formType, "").says(t, http.StatusBadRequest, heading)
		h.ask(t, http.MethodPost, link+"?confirm=unblock", formType, "").says(t, http.StatusBadRequest, heading)
		h.ask(t, http.MethodPost, link, formType, "confirm=%zz").says(t, http.StatusBadRequest, "The form did not arrive whole")
		h.ask(t, http.MethodDelete, link, "", "").says(t, http.StatusMethodNotAllowed)
	}
	refuses("Block Ada Okafor?")
	if got := h.blocked(t, h.ben); got != nil {
		t.Fatalf("blocked are %v", got)
	}
	h.post(t, link, blocking("block")).says(t, http.StatusSeeOther)
	refuses("You have blocked Ada Okafor")
	if got := h.blocked(t, h.ben); !slices.Equal(got, []mentoring.PersonID{h.ada.ID}) {
		t.Fatalf("blocked are %v", got)
	}
}

// What will become of the booking is said for each state it can be in.
func TestBlockSaysWhatBecomesOfTheBooking(t *testing.T) {
	h := open(t)
	draft := circle()
	draft.Approval = mentoring.OnRequest
	asked := h.booked(t, draft, wish)
	draft = later()
	draft.Format, draft.Capacity = mentoring.OneToOne, new(1)
	taken := h.booked(t, draft, wish)
	patient := wish
	patient.JoinWaitlist = true
	waiting, err := h.desk.Book(t.Context(), h.eve, taken.Slot, patient, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	h.get(t, h.manage(t, h.ben, asked)+"/block").says(t, http.StatusOK, "This request stays", "Ada Okafor can still say yes or no")
	h.get(t, h.manage(t, h.ada, asked)+"/block").says(t, http.StatusOK, "This request stays", "You can still say yes or no")
	eve := h.manage(t, h.eve, waiting.Booking)
	h.get(t, eve+"/block").says(t, http.StatusOK, "stays on the waiting list and gets no seat as long as the block lasts")
	over := h.over(t)
	h.get(t, h.manage(t, h.ben, over)+"/block").says(t, http.StatusOK, "What is over stays as it is.")

	// And so it is: the request can still be approved, and whoever waits gets no seat.
	h.post(t, h.manage(t, h.ben, asked)+"/block", blocking("block")).says(t, http.StatusSeeOther)
	if _, err := h.desk.Approve(t.Context(), h.ada, asked.ID, desk.Once{}); err != nil {
		t.Errorf("approving: %v", err)
	}
	h.post(t, eve+"/block", blocking("block")).says(t, http.StatusSeeOther)
	h.post(t, h.manage(t, h.ada, taken)+"/cancel", confirm("")).says(t, http.StatusSeeOther)
	h.get(t, eve).says(t, http.StatusOK, "You are on the waiting list", eve+"/cancel")
}

// Where nobody can be blocked it is said: the other has left, or too many are blocked.
func TestBlockNotPossible(t *testing.T) {
	h := open(t)
	b := h.over(t)
	link := h.manage(t, h.ben, b)
	for i := range 200 {
		somebody := h.enrolled(t, "x"+string(mentoring.PersonIDFor("https://issuer.example", string(rune('A'+i)))))
		if err := h.desk.Block(t.Context(), h.ben, mentoring.Block{Of: somebody.ID, On: true}); err != nil {
			t.Fatal(err)
		}
	}
	h.post(t, link+"/block", blocking("block")).says(t, http.StatusConflict, "You have blocked as many people as one can", "Nothing was changed.")
	if err := h.desk.Erase(t.Context(), h.ada); err != nil {
		t.Fatal(err)
	}
	h.post(t, link+"/block", blocking("block")).says(t, http.StatusConflict, "There is nobody to block any more", `href="`+link+`"`)
	h.post(t, link+"/concern", concern("conduct", "She has left since.")).says(t, http.StatusOK, "Your concern is sent")
	if err := h.desk.Erase(t.Context(), h.ben); err != nil {
		t.Fatal(err)
	}
	h.get(t, link+"/block").says(t, http.StatusNotFound, "There is no such booking any more")
	h.post(t, link+"/concern", concern("conduct", "I have left since.")).says(t, http.StatusNotFound, "There is no such booking any more")
}

package pages_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/emersion/go-ical"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// entries reads a calendar as another library does: what each entry is called, by UID.
func (a answer) entries(t *testing.T) map[string]string {
	t.Helper()
	if a.status != http.StatusOK || a.header.Get("Content-Type") != "text/calendar; charset=utf-8" {
		t.Fatalf("answers %d %s: %s", a.status, a.header.Get("Content-Type"), a.text)
	}
	object, err := ical.NewDecoder(strings.NewReader(a.text)).Decode()
	if err != nil {
		t.Fatalf("%v in\n%s", err, a.text)
	}
	entries := map[string]string{}
	for _, event := range object.Events() {
		uid, err := event.Props.Text(ical.PropUID)
		if err != nil {
			t.Fatal(err)
		}
		if entries[uid], err = event.Props.Text(ical.PropSummary); err != nil {
			t.Fatal(err)
		}
	}
	return entries
}

func TestInvite(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	ben, ada := h.manage(t, h.ben, b), h.manage(t, h.ada, b)
	a := h.get(t, ben+"/invite.ics")
	if diff := cmp.Diff(map[string]string{string(b.ID) + "@example.org": "Flash mentoring: Reading a balance sheet"}, a.entries(t)); diff != "" {
		t.Error(diff)
	}
	a.says(t, http.StatusOK, "METHOD:REQUEST", "mailto:ben@example.org", "https://video.example/room", "!cash flow")
	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="invite.ics"` {
		t.Errorf("disposition %q", got)
	}
	hosting := h.get(t, ada+"/invite.ics")
	if diff := cmp.Diff(map[string]string{string(b.Slot) + "@example.org": "Flash mentoring: Reading a balance sheet"}, hosting.entries(t)); diff != "" {
		t.Error(diff)
	}
	hosting.says(t, http.StatusOK, "mailto:ada@example.org", "!Ben")

	h.post(t, ben+"/cancel", confirm("")).says(t, http.StatusSeeOther)
	if a := h.get(t, ben+"/invite.ics"); a.status != http.StatusSeeOther || a.header.Get("Location") != ben {
		t.Errorf("cancelled, there is still an entry: %d", a.status)
	}
}

// A subscription follows what is booked and cancelled, until its owner changes the address.
func TestFeed(t *testing.T) {
	h := open(t)
	ben, ada := h.feed(t, h.ben, 0), h.feed(t, h.ada, 0)
	if got := h.get(t, ben).entries(t); len(got) != 0 {
		t.Errorf("before anything: %v", got)
	}
	b := h.booked(t, circle(), wish)
	if _, err := h.desk.Book(t.Context(), h.eve, b.Slot, wish, desk.Once{}); err != nil {
		t.Fatal(err)
	}
	attending, hosting := h.get(t, ben), h.get(t, ada)
	if _, ok := attending.entries(t)[string(b.ID)+"@example.org"]; !ok {
		t.Errorf("not in Ben's: %s", attending.text)
	}
	if got := hosting.entries(t); len(got) != 1 || got[string(b.Slot)+"@example.org"] == "" {
		t.Errorf("Ada hosts one session for two, and has %v", got)
	}
	attending.says(t, http.StatusOK, "METHOD:PUBLISH", "!mailto:ben@", "!cash flow")
	hosting.says(t, http.StatusOK, "!Ben", "!Eve")

	if _, err := h.desk.Cancel(t.Context(), h.ben, b.ID, mentoring.Cancel{}, desk.Once{}); err != nil {
		t.Fatal(err)
	}
	if got := h.get(t, ben).entries(t); len(got) != 0 {
		t.Errorf("cancelled: %v", got)
	}
	if got := h.get(t, ada).entries(t); len(got) != 1 {
		t.Errorf("somebody still comes: %v", got)
	}

	generation, err := h.desk.RotateFeed(t.Context(), h.ada, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	h.get(t, ada).says(t, http.StatusGone, "This calendar address is out of date", "!VCALENDAR")
	if got := h.get(t, h.feed(t, h.ada, generation)).entries(t); len(got) != 1 {
		t.Errorf("at the new address: %v", got)
	}
	if got := h.get(t, ben).entries(t); len(got) != 0 {
		t.Errorf("another's address changed too: %v", got)
	}
}

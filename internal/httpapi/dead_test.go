package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// parks puts all events of the outbox aside, and returns the id of the first dead letter.
func (w *world) parks() string {
	w.Helper()
	failed := []desk.Failure{{Kind: mentoring.BookingConfirmed, Role: mentoring.Expert, Reason: "refused"}, {Reason: "damaged"}}
	for shard := range w.office.OutboxShards {
		keys, err := w.office.OutboxDue(w.Context(), shard, "", w.clock().Add(time.Minute), 100)
		if err != nil {
			w.Fatal(err)
		}
		for _, key := range keys {
			row, err := w.office.OutboxRow(w.Context(), key)
			if err == nil {
				err = w.office.Park(w.Context(), row, 40, failed)
			}
			if err != nil {
				w.Fatal(err)
			}
		}
	}
	list, err := w.office.DeadLetters(w.Context(), desk.Caller{Coordinator: true}, "", 1)
	if err != nil || len(list.Items) != 1 {
		w.Fatalf("dead letters: %v, %v", list.Items, err)
	}
	return string(list.Items[0].ID)
}

// TestDeadMail: a coordinator sees what could not be sent and why, nothing of what it was about, and has it tried again.
func TestDeadMail(t *testing.T) {
	for name, door := range map[string]setting{"net/http": {door: overNetwork}, "lambda events": {door: asEvents}} {
		t.Run(name, func(t *testing.T) {
			w := open(t, door)
			anna, coordinator := w.enrolled("anna"), w.person("coordinator")
			coordinator.get("/v1/mail/dead").is([]any{}, "items")
			slot := anna.publishes(with(draft(48*time.Hour), "format", "circle", "capacity", 3, "title", "canary title"))
			for _, name := range []string{"ben", "carl", "dora"} {
				w.enrolled(name).post("/v1/slots/"+slot+"/bookings", canaries()).expect(http.StatusCreated)
			}
			id := w.parks()
			list := coordinator.get("/v1/mail/dead").is(id, "items", "0", "id").is(40.0, "items", "0", "attempts").
				is("2026-11-02T09:00:00Z", "items", "0", "parkedAt").is("2026-11-02T09:00:00Z", "items", "0", "happenedAt").
				is([]any{object{"kind": "booking_confirmed", "role": "expert", "reason": "refused"}, object{"reason": "damaged"}}, "items", "0", "failures").
				is(nil, "items", "0", "retriedAt")
			for _, secret := range []string{"canary", "Anna", "example.org", slot, anna.id(), "bkg_"} {
				if strings.Contains(list.text, secret) {
					t.Errorf("a coordinator learns %q: %s", secret, list.text)
				}
			}
			if all := coordinator.everyPage("/v1/mail/dead"); strings.Join(all, " ") != strings.Join(list.ids(), " ") {
				t.Errorf("in pages %v, at once %v", all, list.ids())
			}
			retry := "/v1/mail/dead/" + id + "/retry"
			retried := coordinator.post(retry, nil, key("k")).expect(http.StatusOK).is(id, "id").is("2026-11-02T09:00:00Z", "retriedAt")
			w.advance(time.Hour)
			same(t, retried, coordinator.post(retry, nil, key("k")))
			coordinator.post(retry, nil).is("2026-11-02T09:00:00Z", "retriedAt")
			coordinator.get("/v1/mail/dead").is("2026-11-02T09:00:00Z", "items", "0", "retriedAt")
			coordinator.post("/v1/mail/dead/"+list.ids()[1]+"/retry", nil, key("k")).refused(invalid, "idempotency_key_reused")
			coordinator.post("/v1/mail/dead/dead_"+strings.Repeat("a", 26)+"/retry", nil).refused(http.StatusNotFound, "not_found")
			coordinator.post("/v1/mail/dead/x/retry", nil).refused(http.StatusNotFound, "not_found")
			coordinator.get("/v1/mail/dead?cursor=x").refused(http.StatusUnprocessableEntity, "cursor_invalid")
			coordinator.get("/v1/mail/dead?limit=0").refused(invalid, "invalid_field")
			anna.get("/v1/mail/dead?limit=0").refused(http.StatusForbidden, "forbidden")
			anna.post(retry, "not JSON").refused(http.StatusForbidden, "forbidden")
		})
	}
}

// everyPage are the ids of a list, read one by one.
func (p person) everyPage(path string) (ids []string) {
	p.Helper()
	for next := path + "?limit=1"; next != ""; {
		page := p.get(next).expect(http.StatusOK)
		ids = append(ids, page.ids()...)
		cursor, _ := page.at("nextCursor").(string)
		if next = ""; cursor != "" {
			next = path + "?limit=1&cursor=" + cursor
		}
	}
	return ids
}

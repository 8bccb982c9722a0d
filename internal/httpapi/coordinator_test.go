package httpapi_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

// TestCoordinatorsSeeThatThereAreBookings: which, when and in what state, and not whose nor what for.
func TestCoordinatorsSeeThatThereAreBookings(t *testing.T) {
	w := open(t, setting{})
	anna, ben, coordinator := w.enrolled("anna"), w.enrolled("ben"), w.person("coordinator")
	slot := anna.publishes(draft(48 * time.Hour))
	roster := "/v1/slots/" + slot + "/bookings"
	coordinator.get(roster).is([]any{}, "items")
	booking := ben.books(slot)
	coordinator.get(roster).is([]any{map[string]any{
		"id": booking, "status": "confirmed", "startsAt": "2026-11-04T09:00:00Z", "endsAt": "2026-11-04T09:30:00Z",
	}}, "items")
	coordinator.get("/v1/bookings/"+booking).refused(http.StatusNotFound, "not_found")
	anna.get(roster).is("Ben", "items", "0", "requester", "name")
}

// TestCoordinatorsSeeHowReliableSomebodyIs: strikes that count, what follows from them, and blocks.
func TestCoordinatorsSeeHowReliableSomebodyIs(t *testing.T) {
	policy := mentoring.DefaultPolicy()
	policy.StrikesAllowed = 1
	w := open(t, setting{policy: &policy})
	anna, ben, coordinator := w.enrolled("anna"), w.enrolled("ben"), w.person("coordinator")
	standing := "/v1/people/" + anna.id() + "/programme"
	coordinator.get(standing).is([]any{}, "strikes").is([]any{}, "blocked").is(nil, "cooldownUntil")
	slot := anna.publishes(draft(20 * time.Hour))
	booking := ben.books(slot)
	anna.post("/v1/bookings/"+booking+"/cancel", nil).expect(http.StatusOK)
	anna.put("/v1/me/blocks/"+ben.id(), nil).expect(http.StatusNoContent)
	coordinator.get(standing).is([]any{ben.id()}, "blocked").is("2026-11-30T09:00:00Z", "cooldownUntil").
		is([]any{map[string]any{"at": "2026-11-02T09:00:00Z", "slotId": slot, "bookingId": booking}}, "strikes")
	coordinator.get("/v1/people/"+ben.id()+"/programme").is([]any{}, "blocked") // who blocked him, his own does not say
	w.advance(120 * 24 * time.Hour)
	coordinator.get(standing).is([]any{}, "strikes").is(nil, "cooldownUntil")
}

// TestNestedIdsBelongTogether: a thing is found under the one it belongs to, and under no other of the caller's own.
func TestNestedIdsBelongTogether(t *testing.T) {
	w := open(t, setting{})
	anna, dora, ben := w.enrolled("anna"), w.enrolled("dora"), w.enrolled("ben")
	one, other := "/v1/bookings/"+ben.books(anna.publishes(draft(24*time.Hour))), "/v1/bookings/"+ben.books(dora.publishes(draft(30*time.Hour)))
	w.advance(32 * time.Hour)
	action := ben.post(one+"/actions", object{"kind": "course", "text": "Take it"}).expect(http.StatusCreated).id()
	same(t, ben.patch(other+"/actions/"+action, object{"status": "done"}).refused(http.StatusNotFound, "not_found"),
		ben.patch(other+"/actions/act_aaaaaaaaaaaaaaaaaaaaaaaaaa", object{"status": "done"}))
	ben.patch(one+"/actions/"+action, object{"status": "done"}).expect(http.StatusOK)
}

// TestCoordinatorsListPeople: page by page, all or those of a cohort, as the programme knows them and no more.
func TestCoordinatorsListPeople(t *testing.T) {
	w := open(t, setting{})
	var everybody []string
	for _, name := range []string{"anna", "ben", "carl"} {
		everybody = append(everybody, w.enrolled(name).id())
		w.advance(time.Minute)
	}
	anna, coordinator := w.person("anna"), w.person("coordinator")
	coordinator.put("/v1/people/"+anna.id()+"/programme", object{"cohort": "Spring & Co"}).expect(http.StatusOK)
	for _, limit := range []int{1, 2, 100} {
		if got := coordinator.walk("/v1/people", limit); !slices.Equal(got, everybody) {
			t.Errorf("%d a page: %v, want %v", limit, got, everybody)
		}
	}
	coordinator.get("/v1/people?cohort=Spring+%26+Co").is([]any{map[string]any{
		"id": anna.id(), "name": "Anna", "email": "anna@example.org", "enrolledAt": "2026-11-02T09:00:00Z", "cohort": "Spring & Co",
		"strikes": []any{}, "blocked": []any{}, "mail": map[string]any{"suppressed": false}, "version": 2.0,
	}}, "items").is(nil, "nextCursor")
	for _, none := range []string{"Spring", "%00", strings.Repeat("x", 5000), "%F0%9F%99%82"} {
		coordinator.get("/v1/people?cohort="+none).is([]any{}, "items")
	}
	anna.delete("/v1/me").expect(http.StatusNoContent)
	coordinator.get("/v1/people").is(everybody[1], "items", "0", "id")

	cursor := coordinator.get("/v1/people?limit=1").at("nextCursor").(string)
	for _, path := range []string{"/v1/people?cohort=Spring&cursor=" + cursor, "/v1/concerns?cursor=" + cursor, "/v1/people?cursor=" + cursor + "A"} {
		coordinator.get(path).refused(http.StatusUnprocessableEntity, "cursor_invalid")
	}
	w.person("ben").get("/v1/people?cursor="+cursor+"&nonsense=1").refused(http.StatusForbidden, "forbidden")
	coordinator.get("/v1/people?limit=0&cohort=&x=1").refused(http.StatusUnprocessableEntity, "invalid_field")
}

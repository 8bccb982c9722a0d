package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestConcerns: coordinators see what was raised, by whom and about whom; its author sees it; the one it is about, and
// everybody else, learns nothing of it.
func TestConcerns(t *testing.T) {
	w := open(t, setting{})
	anna, ben, carl, coordinator := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl"), w.person("coordinator")
	booking := ben.books(anna.publishes(draft(48 * time.Hour)))
	raised := ben.post("/v1/concerns", with(concern, "bookingId", booking, "text", "canary: she shouted.", "category", "conduct")).
		expect(http.StatusCreated).is(anna.id(), "personId").is("conduct", "category")
	w.advance(time.Minute)
	carl.post("/v1/concerns", with(concern, "personId", anna.id())).expect(http.StatusCreated).is(nil, "bookingId")
	w.advance(time.Minute)
	carl.post("/v1/concerns", concern).expect(http.StatusCreated).is(nil, "personId")
	carl.post("/v1/concerns", with(concern, "bookingId", booking)).refused(http.StatusNotFound, "not_found")
	carl.post("/v1/concerns", with(concern, "personId", noPerson)).refused(http.StatusNotFound, "not_found")
	carl.post("/v1/concerns", with(concern, "personId", carl.id())).refused(invalid, "invalid_field").is("/personId", "errors", "0", "pointer")
	wrong := carl.post("/v1/concerns", object{"personId": "x", "bookingId": "y", "category": "z", "text": "short"}).refused(invalid, "invalid_field")
	if got := strings.Join(wrong.faults(), " "); !strings.Contains(got, "/personId") || !strings.Contains(got, "/bookingId") ||
		!strings.Contains(got, "/category") || !strings.Contains(got, "/text") {
		t.Errorf("told %s", got)
	}

	if n := len(coordinator.get("/v1/concerns").ids()); n != 3 {
		t.Errorf("coordinators see %d", n)
	}
	first := coordinator.get("/v1/concerns?limit=2").expect(http.StatusOK)
	rest := coordinator.get("/v1/concerns?limit=2&cursor=" + first.at("nextCursor").(string)).expect(http.StatusOK)
	if len(first.ids()) != 2 || len(rest.ids()) != 1 || first.ids()[0] != raised.id() {
		t.Errorf("pages %v and %v", first.ids(), rest.ids())
	}
	ben.get("/v1/concerns").is(raised.id(), "items", "0", "id")
	if got := carl.get("/v1/concerns?limit=1"); len(got.ids()) != 1 || got.at("nextCursor") == nil {
		t.Errorf("carl sees %s", got.text)
	}
	anna.get("/v1/concerns").is([]any{}, "items")

	resolve := "/v1/concerns/" + raised.id() + "/resolve"
	coordinator.post(resolve, object{"note": "Spoke to both."}).expect(http.StatusOK).is("Spoke to both.", "resolution").is(2.0, "version")
	coordinator.post(resolve, object{"note": "Another."}).expect(http.StatusOK).is("Spoke to both.", "resolution").is(2.0, "version")
	ben.get("/v1/concerns").is(nil, "items", "0", "resolution").is("2026-11-02T09:02:00Z", "items", "0", "resolvedAt")
	coordinator.post("/v1/concerns/con_aaaaaaaaaaaaaaaaaaaaaaaaaa/resolve", nil).refused(http.StatusNotFound, "not_found")
	coordinator.post("/v1/concerns/x/resolve", nil).refused(http.StatusNotFound, "not_found")
	for _, path := range []string{"/v1/me", "/v1/bookings?role=expert", "/v1/bookings/" + booking, "/v1/bookings/" + booking + "/history"} {
		if got := anna.get(path); strings.Contains(got.text, "canary") {
			t.Errorf("%s tells her: %s", path, got.text)
		}
	}
}

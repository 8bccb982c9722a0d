package httpapi_test

import (
	"net/http"
	"slices"
	"strconv"
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

// TestACoordinatorInTheirOwnMatter: what is raised about a coordinator does not exist for them, and that somebody blocked them they do
// not see; another coordinator sees both.
func TestACoordinatorInTheirOwnMatter(t *testing.T) {
	w := open(t, setting{})
	vera, ben, other := w.enrolled("coordinator-vera"), w.enrolled("ben"), w.person("coordinator-other")
	booking := ben.books(vera.publishes(draft(48 * time.Hour)))
	about := ben.post("/v1/concerns", with(concern, "bookingId", booking)).expect(http.StatusCreated).is(vera.id(), "personId").id()
	w.advance(time.Minute)
	hers := vera.post("/v1/concerns", with(concern, "bookingId", booking)).expect(http.StatusCreated).id()
	w.advance(time.Minute)
	ben.post("/v1/concerns", with(concern, "personId", vera.id())).expect(http.StatusCreated)

	if got := vera.get("/v1/concerns").ids(); len(got) != 1 || got[0] != hers {
		t.Errorf("vera sees %v", got)
	}
	first := vera.get("/v1/concerns?limit=1").is([]any{}, "items") // a page may be short: hers is behind it
	if rest := vera.get("/v1/concerns?limit=2&cursor=" + first.at("nextCursor").(string)).ids(); len(rest) != 1 || rest[0] != hers {
		t.Errorf("behind it vera sees %v", rest)
	}
	if got := other.get("/v1/concerns").ids(); len(got) != 3 {
		t.Errorf("another coordinator sees %v", got)
	}
	same(t, vera.post("/v1/concerns/"+about+"/resolve", object{"note": "Nothing in it."}).refused(http.StatusNotFound, "not_found"),
		vera.post("/v1/concerns/con_aaaaaaaaaaaaaaaaaaaaaaaaaa/resolve", object{"note": "Nothing in it."}))
	other.post("/v1/concerns/"+about+"/resolve", object{"note": "Spoke to both."}).expect(http.StatusOK)

	ben.put("/v1/me/blocks/"+vera.id(), nil).expect(http.StatusNoContent)
	vera.get("/v1/people/"+ben.id()+"/programme").is([]any{}, "blocked")
	other.get("/v1/people/"+ben.id()+"/programme").is([]any{vera.id()}, "blocked")
	for who, want := range map[person][]any{vera: {}, other: {vera.id()}} { // and the list of people says the same
		people := who.get("/v1/people")
		at := slices.Index(people.ids(), ben.id())
		people.is(want, "items", strconv.Itoa(at), "blocked")
	}
	vera.put("/v1/me/blocks/"+ben.id(), nil).expect(http.StatusNoContent)
	vera.get("/v1/people/"+vera.id()+"/programme").is([]any{ben.id()}, "blocked") // her own she sees
}

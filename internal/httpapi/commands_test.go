package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/httpapi"
)

// TestEveryPostCanBeSentAgain: with its key it answers the same and has one effect; another body is refused, and so is another
// path; the same key of somebody else, or on another route, is another key.
func TestEveryPostCanBeSentAgain(t *testing.T) {
	other := map[string]any{ // bodies that are not those of stage.body
		"POST /v1/slots":                        draft(300 * time.Hour),
		"POST /v1/slots/batch":                  object{"slots": []object{draft(300 * time.Hour)}},
		"POST /v1/slots/{slotId}/bookings":      with(request(), "bring", "tea"),
		"POST /v1/bookings/{bookingId}/decline": object{"reason": "other", "note": "No."},
		"POST /v1/bookings/{bookingId}/cancel":  object{"reason": "No."},
		"POST /v1/slots/{slotId}/cancel":        object{"reason": "No."},

		"POST /v1/concerns":                     with(concern, "category", "other"),
		"POST /v1/concerns/{concernId}/resolve": object{"note": "Spoke to both."},

		"POST /v1/people/import": csvFile("email,managerEmail,cohort\n"),

		"POST /v1/bookings/{bookingId}/attendance": object{"outcome": "both_absent"},
		"POST /v1/bookings/{bookingId}/actions":    object{"kind": "other", "text": "Write to Lee"},
	}
	for _, route := range httpapi.Routes() {
		if route.Method != http.MethodPost {
			continue
		}
		for name, door := range map[string]setting{"net/http": {door: overNetwork}, "lambda events": {door: asEvents}} {
			t.Run(route.String()+"/"+name, func(t *testing.T) {
				s := setStageFor(t, door, route)
				p, path := s.whoMay(route), s.path(route)
				first := p.send(http.MethodPost, path, s.body(route), key("k"))
				if first.status >= 300 {
					t.Fatalf("%d %s", first.status, first.text)
				}
				s.advance(23 * time.Hour)
				again := p.send(http.MethodPost, path, s.body(route), key("k"))
				if again.status != first.status || again.text != first.text || again.header.Get("ETag") != first.header.Get("ETag") ||
					again.header.Get("Location") != first.header.Get("Location") {
					t.Errorf("first %d %s\nagain %d %s", first.status, first.text, again.status, again.text)
				}
				body := other[route.String()]
				if body == nil {
					body = object{}
				}
				if route.Pattern == "/v1/bookings/{bookingId}/move" {
					body = object{"slotId": s.slot}
				}
				p.send(http.MethodPost, path, body, key("k")).refused(invalid, "idempotency_key_reused")
				switch elsewhere := somewhere.Replace(route.Pattern); {
				case elsewhere == path:
				case strings.Contains(elsewhere, "/dead/"), strings.Contains(elsewhere, "/concerns/"): // what is asked for first is whether the key was used
					p.send(http.MethodPost, elsewhere, s.body(route), key("k")).refused(invalid, "idempotency_key_reused")
				default:
					p.send(http.MethodPost, elsewhere, s.body(route), key("k")).refused(http.StatusNotFound, "not_found")
				}
				p.post("/v1/slots", draft(400*time.Hour), key("k"+strings.Repeat("k", len(route.Pattern)))).expect(http.StatusCreated)
				for part, somebody := range s.people {
					if somebody.token == p.token || part == "nobody" {
						continue
					}
					got := somebody.send(http.MethodPost, path, s.body(route), key("k"))
					if got.text == first.text || got.at("code") == "idempotency_key_reused" {
						t.Errorf("%s shares the key: %d %s", part, got.status, got.text)
					}
				}
			})
		}
	}
}

// TestIfMatchOnSlots: a slot is changed only at the versions that are named, and what is as asked for needs no version.
func TestIfMatchOnSlots(t *testing.T) {
	w := open(t, setting{})
	anna := w.enrolled("anna")
	slot := "/v1/slots/" + anna.publishes(draft(48*time.Hour))
	change := func(title string, match ...string) reply {
		t.Helper()
		return anna.patch(slot, object{"title": title}, header("If-Match", match...))
	}
	stale := change("First", `"2"`).refused(http.StatusPreconditionFailed, "version_conflict")
	if detail := stale.at("detail").(string); !strings.Contains(detail, "present one, 1") {
		t.Errorf("the detail is %q", detail)
	}
	change("First", `"1"`).expect(http.StatusOK).is("First", "title").is(2.0, "version")
	change("Second", `"1"`).refused(http.StatusPreconditionFailed, "version_conflict")
	change("First", `"1"`).expect(http.StatusOK).is(2.0, "version") // it is so already
	change("Second", `W/"2"`).refused(http.StatusPreconditionFailed, "version_conflict")
	change("Second", `"1", "2"`).expect(http.StatusOK).is(3.0, "version")
	change("Third", `"1", "2"`).refused(http.StatusPreconditionFailed, "version_conflict")
	change("Third", `*`).expect(http.StatusOK).is(4.0, "version")
	change("Fourth").expect(http.StatusOK).is(5.0, "version")
	change("Fifth", `5`).refused(invalid, "invalid_field").is("/header/If-Match", "errors", "0", "pointer")
	anna.get(slot).is("Fourth", "title")

	// A booking is no change to the slot: the version holds.
	w.enrolled("ben").books(strings.TrimPrefix(slot, "/v1/slots/"))
	change("Fifth", `"5"`).expect(http.StatusOK)

	// Nobody else learns of versions.
	w.person("ben").patch(slot, object{"title": "Mine"}, header("If-Match", `"1", "2"`)).refused(http.StatusForbidden, "forbidden")
	w.person("ben").patch("/v1/slots/"+noSlot, object{"title": "Mine"}, header("If-Match", `"1", "2"`)).refused(http.StatusNotFound, "not_found")
}

// TestIfMatchOnProgrammes, whose version is that of the profile.
func TestIfMatchOnProgrammes(t *testing.T) {
	w := open(t, setting{})
	coordinator, ben := w.enrolled("coordinator"), w.enrolled("ben")
	assign := func(cohort string, match ...string) reply {
		t.Helper()
		return coordinator.put("/v1/people/"+ben.id()+"/programme", object{"cohort": cohort}, header("If-Match", match...))
	}
	assign("Spring", `"2"`).refused(http.StatusPreconditionFailed, "version_conflict")
	assign("Spring", `"1"`).expect(http.StatusOK).is(2.0, "version")
	assign("Summer", `"1"`).refused(http.StatusPreconditionFailed, "version_conflict")
	assign("Spring", `"1"`).expect(http.StatusOK).is(2.0, "version")
	ben.put("/v1/me", enrolment("Benjamin")).expect(http.StatusOK).is(3.0, "version").is("Spring", "cohort") // is not theirs to empty
	assign("Summer", `"1", "2"`).refused(http.StatusPreconditionFailed, "version_conflict")
	assign("Summer", `"2", "3"`).expect(http.StatusOK).is(4.0, "version")
	coordinator.put("/v1/people/"+noPerson+"/programme", object{}, header("If-Match", `"1", "2"`)).refused(http.StatusNotFound, "not_found")
	ben.get("/v1/me").is("Summer", "cohort").is("Benjamin", "name")
}

// TestABookingKeepsItsVersionInItsTag: each command's answer has the tag that reading has.
func TestABookingKeepsItsVersionInItsTag(t *testing.T) {
	s := setStage(t, setting{})
	path := "/v1/bookings/" + s.booking
	expert, requester := s.people["expert"], s.people["requester"]
	for _, got := range []reply{
		expert.post(path+"/approve", nil), requester.post(path+"/move", object{"slotId": s.other}), expert.post(path+"/decline", object{"reason": "other"}),
	} {
		got.expect(http.StatusOK)
	}
	done := requester.get(path).is(4.0, "version")
	if tag := done.header.Get("ETag"); tag != `"4"` {
		t.Errorf("ETag is %s", tag)
	}
}

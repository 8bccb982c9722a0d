package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/links"
)

// TestFeed: the address of a feed is secret, the caller's own, the same until it is rotated, and where they reached the API.
func TestFeed(t *testing.T) {
	for where, door := range map[string]setting{"http://api.test": {door: overNetwork}, "https://api.test": {door: asEvents}} {
		t.Run(where, func(t *testing.T) {
			w := open(t, door)
			anna, ben := w.enrolled("anna"), w.person("ben") // who need not have enrolled
			feed := func(r reply, who person, generation int64) string {
				t.Helper()
				address, _ := r.expect(http.StatusOK).at("url").(string)
				base, rest, _ := strings.Cut(address, "/calendar/")
				token, named := strings.CutSuffix(rest, "/sessions.ics")
				if base != where || !named {
					t.Errorf("the address is %s", address)
				}
				link, err := w.links.Open(token, links.Feed, w.clock().AddDate(70, 0, 0))
				if err != nil || link.Person != who.id() || link.Generation != generation {
					t.Errorf("%s says %+v, %v", address, link, err)
				}
				return address
			}
			first := feed(anna.get("/v1/me/calendar"), anna, 0)
			w.advance(time.Hour)
			if again := feed(anna.get("/v1/me/calendar"), anna, 0); again != first {
				t.Errorf("the address was %s and is %s", first, again)
			}
			feed(ben.get("/v1/me/calendar"), ben, 0)
			rotated := feed(anna.post("/v1/me/calendar/rotate", nil, key("k")), anna, 1)
			w.advance(time.Hour)
			if again := feed(anna.post("/v1/me/calendar/rotate", nil, key("k")), anna, 1); again != rotated {
				t.Errorf("the answer was %s and is %s", rotated, again)
			}
			feed(anna.post("/v1/me/calendar/rotate", object{}), anna, 2)
			feed(anna.get("/v1/me/calendar"), anna, 2)
			feed(ben.get("/v1/me/calendar"), ben, 0)
			anna.post("/v1/me/calendar/rotate", object{}, key("k")).refused(invalid, "idempotency_key_reused")
			anna.post("/v1/me/calendar/rotate", object{"x": 1}).refused(invalid, "unknown_field")
			anna.get("/v1/me/calendar?x=1").refused(invalid, "unknown_field")
		})
	}
}

package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestExport: in parts, each with who the person is, all that they booked, published and raised, and nobody else's.
func TestExport(t *testing.T) {
	w := open(t, setting{})
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	var want []string
	for i, other := range []person{w.enrolled("carl"), w.enrolled("dora")} {
		d := time.Duration(30+24*i) * time.Hour
		want = append(want, anna.publishes(draft(d)), anna.books(other.publishes(draft(d+2*time.Hour))))
	}
	want = append(want, ben.books(want[0]))
	bens := ben.post("/v1/concerns", with(concern, "personId", anna.id())).id()
	mine := anna.post("/v1/concerns", concern).id()
	want = append(want, mine)

	var text string
	parts := 0
	for path := "/v1/me/export?limit=2"; path != ""; parts++ {
		part := anna.get(path).expect(http.StatusOK).is("Anna", "me", "name").is(anna.id(), "programme", "id")
		if n := len(part.at("bookings").([]any)) + len(part.at("slots").([]any)) + len(part.at("concerns").([]any)); n > 2 || parts > 10 {
			t.Fatalf("part %d holds %d", parts, n)
		}
		text, path = text+part.text, ""
		if next := part.at("nextCursor"); next != nil {
			path = "/v1/me/export?limit=2&cursor=" + next.(string)
			ben.get(path).refused(http.StatusUnprocessableEntity, "cursor_invalid")
		}
	}
	for _, id := range want {
		if strings.Count(text, `"id":"`+id) != 1 {
			t.Errorf("%s is there %d times", id, strings.Count(text, `"id":"`+id))
		}
	}
	if strings.Contains(text, bens) || parts != 3 {
		t.Errorf("in %d parts, with the concern about her: %v", parts, strings.Contains(text, bens))
	}
	anna.get("/v1/me/export?x=1").refused(invalid, "unknown_field")
	w.person("zoe").get("/v1/me/export").expect(http.StatusOK).is(false, "me", "enrolled").is([]any{}, "bookings") // who has not enrolled
}

// TestDeleteMe: at once nobody knows the person, and they can enrol again, at the version their profile has by then.
func TestDeleteMe(t *testing.T) {
	w := open(t, setting{})
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	slot := anna.publishes(draft(30 * time.Hour))
	id := anna.id()
	anna.delete("/v1/me?x=1").refused(invalid, "unknown_field")
	for range 2 {
		anna.delete("/v1/me").expect(http.StatusNoContent)
	}
	me := anna.get("/v1/me").is(false, "enrolled").is(nil, "timeZone").is(id, "id")
	ben.get("/v1/people/"+id).refused(http.StatusNotFound, "not_found")
	w.person("coordinator").get("/v1/people/"+id+"/programme").refused(http.StatusNotFound, "not_found")
	anna.post("/v1/slots", draft(40*time.Hour)).refused(http.StatusConflict, "profile_required")
	anna.put("/v1/me", enrolment("Anna"), header("If-Match", `"9"`)).refused(http.StatusPreconditionFailed, "version_conflict")
	anna.put("/v1/me", enrolment("Anna"), header("If-Match", me.header.Get("ETag"))).expect(http.StatusOK).is(true, "enrolled")
	ben.get("/v1/slots/" + slot).expect(http.StatusOK) // what follows, follows moments later
	w.person("zoe").delete("/v1/me").expect(http.StatusNoContent)
}

package httpapi_test

import (
	"net/http"
	"testing"
	"time"
)

// TestIfMatch: a profile is changed only at the versions that are named (RFC 9110 section 13.1.1).
func TestIfMatch(t *testing.T) {
	tests := []struct {
		match  []string
		status int
	}{
		{nil, 200},
		{[]string{`*`}, 200},
		{[]string{`"2"`}, 200},
		{[]string{` "2" `}, 200},
		{[]string{`"1", "2"`}, 200},
		{[]string{`"1","2","3"`}, 200},
		{[]string{`,, "2" ,`}, 200},
		{[]string{`"1"`, `"2"`}, 200}, // two headers are one list
		{[]string{`"tag-of-somebody-else", "2"`}, 200},
		{[]string{`"1"`}, 412},
		{[]string{`"3"`}, 412},
		{[]string{`"0"`}, 412},
		{[]string{`"1", "3"`}, 412},
		{[]string{`W/"2"`}, 412},
		{[]string{`"02"`}, 412},
		{[]string{`"+2"`}, 412},
		{[]string{`""`}, 412},
		{[]string{`"2 "`}, 422},
		{[]string{`"99999999999999999999"`}, 412},
	}
	for _, test := range tests {
		w := open(t, setting{})
		ben := w.enrolled("ben")
		ben.put("/v1/me", enrolment("Benjamin")).expect(200)
		var changes []change
		if test.match != nil {
			changes = append(changes, header("If-Match", test.match...))
		}
		got := ben.put("/v1/me", enrolment("Bennie"), changes...)
		if got.status != test.status {
			t.Errorf("If-Match %q: %d, want %d: %s", test.match, got.status, test.status, got.text)
		}
		name := "Bennie"
		if test.status != 200 {
			name = "Benjamin"
		}
		ben.get("/v1/me").is(name, "name")
	}
}

func TestIfMatchBeforeEnrolment(t *testing.T) {
	w := open(t, setting{})
	zoe := w.person("zoe")
	zoe.put("/v1/me", enrolment("Zoe"), header("If-Match", `"1"`)).refused(http.StatusPreconditionFailed, "version_conflict")
	first := zoe.get("/v1/me").header.Get("ETag")
	zoe.put("/v1/me", enrolment("Zoe"), header("If-Match", first)).expect(200)
	zoe.put("/v1/me", enrolment("Zoé"), header("If-Match", first)).refused(http.StatusPreconditionFailed, "version_conflict")
}

// TestVersionsAndTags: a tag is the version, it changes with it, and nothing else is done with it.
func TestVersionsAndTags(t *testing.T) {
	w := open(t, setting{})
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	tag := func(r reply, want string) {
		t.Helper()
		if got := r.header.Get("ETag"); got != want {
			t.Errorf("%s: ETag is %s, want %s", r.to, got, want)
		}
	}
	tag(anna.get("/v1/me"), `"1"`)
	tag(anna.put("/v1/me", enrolment("Anna")), `"1"`) // as it was: nothing changed
	tag(anna.put("/v1/me", enrolment("Anne")), `"2"`)
	published := anna.post("/v1/slots", draft(48*time.Hour))
	tag(published, `"1"`)
	tag(anna.get("/v1/slots/"+published.id()), `"1"`)
	booking := ben.books(published.id())
	tag(ben.get("/v1/bookings/"+booking), `"1"`)

	// What the slot's answer says has changed and its version has not: it must not be taken from a cache.
	now := anna.get("/v1/slots/"+published.id(), header("If-None-Match", `"1"`)).expect(200).is(1.0, "seats", "taken")
	if got := now.header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
}

package httpapi_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

// TestSendingAgain: the same key and body get the same answer, and one effect.
func TestSendingAgain(t *testing.T) {
	for name, door := range map[string]setting{"net/http": {door: overNetwork}, "lambda events": {door: asEvents}} {
		t.Run(name, func(t *testing.T) {
			w := open(t, door)
			anna, ben := w.enrolled("anna"), w.enrolled("ben")
			d := draft(48 * time.Hour)
			published := anna.post("/v1/slots", d, key("k1")).expect(http.StatusCreated)
			book := "/v1/slots/" + published.id() + "/bookings"
			booked := ben.post(book, request(), key("k1")).expect(http.StatusCreated)

			w.advance(47 * time.Hour / 2)
			same := func(first, again reply) {
				t.Helper()
				if again.status != first.status || again.text != first.text ||
					again.header.Get("Location") != first.header.Get("Location") || again.header.Get("ETag") != first.header.Get("ETag") {
					t.Errorf("first %d %s\nagain %d %s", first.status, first.text, again.status, again.text)
				}
			}
			same(published, anna.post("/v1/slots", d, key("k1")))
			same(booked, ben.post(book, request(), key("k1")))
			if n := len(anna.get("/v1/slots").ids()); n != 1 {
				t.Errorf("%d slots were published", n)
			}
			if n := len(ben.get("/v1/bookings").ids()); n != 1 {
				t.Errorf("%d bookings were made", n)
			}

			anna.post("/v1/slots", with(d, "title", "Another title"), key("k1")).refused(invalid, "idempotency_key_reused")
			anna.post("/v1/slots", draft(96*time.Hour), key("k2")).expect(http.StatusCreated)
			ben.post(book, with(request(), "bring", "tea"), key("k1")).refused(invalid, "idempotency_key_reused")
			ben.post(book, request(), key("k2")).refused(conflict, "already_booked")
		})
	}
}

// TestKeysAreOfOneCallerRouteAndPath: the same key elsewhere is another key, or another request.
func TestKeysAreOfOneCallerRouteAndPath(t *testing.T) {
	policy := mentoring.DefaultPolicy()
	policy.MaxPerPair = 3
	w := open(t, setting{policy: &policy})
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	one := anna.post("/v1/slots", draft(48*time.Hour), key("k")).expect(http.StatusCreated).id()
	two := anna.publishes(draft(50 * time.Hour))
	if theirs := ben.post("/v1/slots", draft(60*time.Hour), key("k")).expect(http.StatusCreated).id(); theirs == one {
		t.Error("two people share a key")
	}
	ben.post("/v1/slots/"+one+"/bookings", request(), key("k")).expect(http.StatusCreated)
	ben.post("/v1/slots/"+two+"/bookings", request(), key("k")).refused(invalid, "idempotency_key_reused")
	ben.post("/v1/slots/"+two+"/bookings", request()).expect(http.StatusCreated)
}

// TestARefusalIsNotRemembered: what was refused once may be right the next time.
func TestARefusalIsNotRemembered(t *testing.T) {
	w := open(t, setting{})
	zoe := w.person("zoe")
	zoe.post("/v1/slots", draft(48*time.Hour), key("k")).refused(conflict, "profile_required")
	w.enrolled("zoe").post("/v1/slots", draft(48*time.Hour), key("k")).expect(http.StatusCreated)
}

// TestAnAnswerIsRememberedThoughTheRulesWouldRefuseNow: the slot could not be published at that time any more.
func TestAnAnswerIsRememberedThoughTheRulesWouldRefuseNow(t *testing.T) {
	w := open(t, setting{})
	anna := w.enrolled("anna")
	d := with(draft(time.Hour), "bookingNoticeMinutes", 0)
	first := anna.post("/v1/slots", d, key("k")).expect(http.StatusCreated)
	w.advance(2 * time.Hour)
	if again := anna.post("/v1/slots", d, key("k")); again.status != http.StatusCreated || again.text != first.text {
		t.Errorf("again: %d %s", again.status, again.text)
	}
}

// TestFiftyAtOnceWithOneKey (proof.md R4): one effect, fifty equal answers.
func TestFiftyAtOnceWithOneKey(t *testing.T) {
	for name, door := range map[string]setting{"net/http": {door: overNetwork}, "lambda events": {door: asEvents}} {
		t.Run(name, func(t *testing.T) {
			w := open(t, door)
			anna, ben := w.enrolled("anna"), w.enrolled("ben")
			slot := anna.publishes(with(draft(48*time.Hour), "format", "circle", "capacity", 12))
			answers := together(50, func(int) reply {
				return ben.post("/v1/slots/"+slot+"/bookings", request(), key("the one key"))
			})
			for _, a := range answers {
				if a.status != http.StatusCreated || a.text != answers[0].text {
					t.Fatalf("%d %s, others got %d %s", a.status, a.text, answers[0].status, answers[0].text)
				}
			}
			anna.get("/v1/slots/"+slot).is(1.0, "seats", "taken")
			if n := len(ben.get("/v1/bookings").ids()); n != 1 {
				t.Errorf("%d bookings were made", n)
			}
		})
	}
}

// together sends n requests at the same moment.
func together(n int, send func(i int) reply) []reply {
	answers := make([]reply, n)
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-begin
			answers[i] = send(i)
		})
	}
	close(begin)
	all.Wait()
	return answers
}

// TestKeysInOtherBytes: a body is the same if its bytes are.
func TestKeysInOtherBytes(t *testing.T) {
	w := open(t, setting{})
	anna := w.enrolled("anna")
	const text = `{"title":"Some title","topic":"career","startsAt":"2026-11-04T09:00:00Z","durationMinutes":30}`
	anna.post("/v1/slots", text, key(strings.Repeat("~", 255))).expect(http.StatusCreated)
	anna.post("/v1/slots", text+"\n", key(strings.Repeat("~", 255))).refused(invalid, "idempotency_key_reused")
}

package httpapi_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// FuzzRequests sends whatever somebody may think of. Nothing gets a 5xx or an answer that is not in openapi.yaml, by
// neither door.
func FuzzRequests(f *testing.F) {
	valid, _ := json.Marshal(draft(48 * time.Hour))
	booking, _ := json.Marshal(request())
	batch, _ := json.Marshal(object{"slots": []object{draft(48 * time.Hour), draft(49 * time.Hour)}})
	for _, seed := range []struct {
		method, path, query, name, value string
		body                             []byte
	}{
		{"GET", "/v1/me", "", "Authorization", "Bearer ben", nil},
		{"PUT", "/v1/me", "", "If-Match", `W/"1", "2", *`, []byte(`{"name":"Ben","timeZone":"UTC"}`)},
		{"GET", "/v1/topics", "a=1&a=%zz", "Accept", "text/html", nil},
		{"POST", "/v1/slots", "", "Idempotency-Key", "\x00", valid},
		{"POST", "/v1/slots", "", "Content-Type", "application/json; charset=utf-8; charset=utf-8", valid},
		{"POST", "/v1/slots/" + noSlot + "/bookings", "", "Content-Encoding", "br", booking},
		{"GET", "/v1/slots", "limit=1&cursor=AAAA&from=2026-11-02T10:00:00+01:00", "X-Request-Id", "x", nil},
		{"GET", "/v1/bookings", "role=expert&status=confirmed,completed&to=9999-12-31T23:59:59-14:00", "", "", nil},
		{"GET", "/v1/bookings/" + noBooking, "%", "Authorization", "Bearer unverified", nil},
		{"GET", "/v1/slots/%00/../..", "", "Host", "", nil},
		{"POST", "/v1/slots/batch", "", "Idempotency-Key", "k", batch},
		{"POST", "/v1/slots/batch", "", "", "", []byte(`{"slots":[null,{"meeting":[]}]}`)},
		{"GET", "/v1/slots/batch", "", "", "", nil},
		{"PATCH", "/v1/slots/" + noSlot, "", "If-Match", `"1"`, []byte(`{"capacity":3,"meeting":{"videoUrl":""},"modes":[]}`)},
		{"POST", "/v1/slots/" + noSlot + "/close", "", "Content-Type", "", nil},
		{"POST", "/v1/slots/" + noSlot + "/cancel", "", "", "", []byte(`{"reason":"\u202e"}`)},
		{"POST", "/v1/bookings/" + noBooking + "/approve", "", "Idempotency-Key", "k", []byte(`{}`)},
		{"POST", "/v1/bookings/" + noBooking + "/decline", "", "", "", []byte(`{"reason":"other","note":"n"}`)},
		{"POST", "/v1/bookings/" + noBooking + "/move", "", "", "", []byte(`{"slotId":"` + noSlot + `","mode":"phone","noConflict":true}`)},
		{"GET", "/v1/bookings/" + noBooking + "/history", "", "", "", nil},
		{"PUT", "/v1/people/" + noPerson + "/programme", "", "Authorization", "Bearer coordinator", []byte(`{"managerId":"` + noPerson + `","cohort":"c"}`)},
		{"DELETE", "/v1/me/blocks/" + noPerson, "", "", "", nil},
		{"CONNECT", "//v1/me", "", "", "", nil},
		{"OPTIONS", "*", "", "", "", nil},
		{"", "", "", "", "", nil},
	} {
		f.Add(seed.method, seed.path, seed.query, seed.name, seed.value, seed.body)
	}
	doors := []*world{open(f, setting{}), open(f, setting{door: asEvents})}
	for _, w := range doors {
		w.enrolled("ben")
	}
	f.Fuzz(func(t *testing.T, method, path, query, name, value string, body []byte) {
		for _, w := range doors {
			w.TB = t
			r := &http.Request{
				Method: method, URL: &url.URL{Scheme: "http", Host: "api.test", Path: path, RawQuery: query},
				Header: http.Header{"Authorization": {"Bearer ben"}, "Content-Type": {"application/json"}},
				Body:   io.NopCloser(bytes.NewReader(body)), ContentLength: int64(len(body)),
			}
			if name != "" {
				r.Header[http.CanonicalHeaderKey(name)] = []string{value}
			}
			resp, err := w.client.Transport.RoundTrip(r)
			if err != nil {
				continue // the gateway lets no such path through
			}
			resp.Body.Close()
			if resp.StatusCode >= 500 && value != "Bearer unavailable" {
				t.Errorf("%d for %s %q ? %q", resp.StatusCode, method, path, query)
			}
		}
	})
}

// TestMutatedBodies changes valid bodies in a few places. Whatever comes of it is accepted, or refused with errors that
// point to something; the contract's transport sees to it that nothing is accepted which openapi.yaml forbids.
func TestMutatedBodies(t *testing.T) {
	w := open(t, setting{})
	anna, ben, coordinator := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("coordinator")
	slot := anna.publishes(with(draft(24*time.Hour), "format", "circle", "capacity", 12, "modes", []string{"video", "phone"}))
	own := anna.publishes(draft(200 * time.Hour))
	asked := anna.publishes(with(draft(220*time.Hour), "approval", "request"))
	booking := w.enrolled("carl").books(asked)
	full := []struct {
		person
		method, path string
		body         object
	}{
		{ben, http.MethodPut, "/v1/me", with(enrolment("Ben"), "department", "d", "headline", "h", "path", "p", "feedbackPreference", "direct",
			"feedbackWelcome", true, "pausedUntil", "2026-12-01T00:00:00Z", "surveyMails", false,
			"declaredConflicts", []any{"per_aaaaaaaaaaaaaaaaaaaaaaaaaa"})},
		{ben, http.MethodPost, "/v1/slots", with(draft(48*time.Hour), "description", "d", "sessionKind", "career", "format", "circle", "capacity", 5,
			"minAttendees", 2, "direction", "peer", "timeZone", "UTC", "modes", []any{"video", "phone"}, "languages", []any{"en", "pt-BR"},
			"meeting", object{"videoUrl": "https://video.example/", "phone": "1", "place": "p"}, "audience", "everyone", "approval", "instant",
			"bookingNoticeMinutes", 60, "cancelNoticeMinutes", 60, "preparation", "p", "lookingFor", "l")},
		{ben, http.MethodPost, "/v1/slots/batch", object{"slots": []any{draft(100 * time.Hour), with(draft(101*time.Hour), "description", "d")}}},
		{anna, http.MethodPatch, "/v1/slots/" + own, object{
			"title": "Any title", "description": "d", "topic": "cloud", "sessionKind": "career", "format": "circle", "capacity": 3, "minAttendees": 2,
			"direction": "peer", "startsAt": "2026-11-14T10:00:00Z", "durationMinutes": 60, "timeZone": "UTC", "modes": []any{"phone"},
			"meeting": object{"videoUrl": "", "phone": "1", "place": "p"}, "languages": []any{"en"}, "audience": "everyone", "approval": "request",
			"bookingNoticeMinutes": 60, "cancelNoticeMinutes": 60, "preparation": "p", "lookingFor": "l"}},
		{anna, http.MethodPost, "/v1/bookings/" + booking + "/decline", object{"reason": "other", "note": "n"}},
		{w.person("carl"), http.MethodPost, "/v1/bookings/" + booking + "/move", object{"slotId": slot, "mode": "video", "noConflict": true}},
		{coordinator, http.MethodPut, "/v1/people/" + ben.id() + "/programme", object{
			"managerId": anna.id(), "organisation": "o", "cohort": "c", "suspendedUntil": "2026-11-01T00:00:00Z"}},
		{ben, http.MethodPost, "/v1/slots/" + slot + "/bookings", with(request(), "bring", "b", "feedbackPreference", "direct", "mode", "video", "joinWaitlist", true)},
	}
	met := map[int]int{}
	defer func() {
		if met[200] == 0 || met[422] == 0 {
			t.Errorf("answers by status: %v; want some of both", met)
		}
	}()
	rapid.Check(t, func(t *rapid.T) {
		target := rapid.SampledFrom(full).Draw(t, "target")
		var body any = throughText(target.body)
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			body = mutate(t, body)
		}
		got := target.send(target.method, target.path, body)
		met[got.status]++
		if got.status != 422 || got.at("code") != "invalid_field" && got.at("code") != "unknown_field" {
			if got.status >= 500 || got.status == 400 {
				t.Fatalf("%d: %s", got.status, got.text)
			}
			return
		}
		if len(got.faults()) == 0 {
			t.Fatalf("refused without errors: %s", got.text)
		}
		for i := range got.faults() {
			pointer := got.at("errors", strconv.Itoa(i), "pointer").(string)
			if !pointsIn(body, pointer) && !pointsIn(target.body, pointer) {
				t.Fatalf("%q points to nothing in %v", pointer, body)
			}
		}
	})
}

func throughText(o object) (copied any) {
	text, err := json.Marshal(o)
	if err == nil {
		err = json.Unmarshal(text, &copied)
	}
	if err != nil {
		panic(err)
	}
	return copied
}

// mutate changes something in a tree of JSON values, at a random depth.
func mutate(t *rapid.T, node any) any {
	deeper := rapid.Bool().Draw(t, "deeper")
	switch node := node.(type) {
	case map[string]any:
		names := make([]string, 0, len(node))
		for name := range node {
			names = append(names, name)
		}
		if len(names) == 0 || rapid.IntRange(0, 5).Draw(t, "add") == 0 {
			node[rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"Title", "id", "a/b", "~", ""})).Draw(t, "name")] = value(t)
			return node
		}
		name := rapid.SampledFrom(sorted(names)).Draw(t, "at")
		switch {
		case deeper:
			node[name] = mutate(t, node[name])
		case rapid.Bool().Draw(t, "delete"):
			delete(node, name)
		default:
			node[name] = value(t)
		}
		return node
	case []any:
		if len(node) == 0 || !deeper {
			return append(node, value(t))
		}
		i := rapid.IntRange(0, len(node)-1).Draw(t, "index")
		node[i] = mutate(t, node[i])
		return node
	}
	return value(t)
}

func value(t *rapid.T) any {
	return rapid.OneOf(
		rapid.Just[any](nil), rapid.Just[any](""), rapid.Just[any](true), rapid.Just[any](object{}), rapid.Just[any]([]any{}),
		rapid.Map(rapid.String(), func(s string) any { return s }),
		rapid.Map(rapid.IntRange(-2, 20000), func(n int) any { return n }),
		rapid.Map(rapid.Float64(), func(n float64) any { return n }),
		rapid.Map(rapid.IntRange(0, 3000), func(n int) any { return strings.Repeat("ü", n) }),
		rapid.Map(rapid.SampledFrom([]string{
			"video", "in_person", "circle", "one_to_one", "direct", "UTC", "Local", "en", "zh-Hant-TW", "https://x.test/", "https://",
			"2026-11-20T10:00:00+02:00", "2026-11-20T10:00:00", "2026-11-20T24:00:00Z", "career", "a\nb", "\u202e", "per_aaaaaaaaaaaaaaaaaaaaaaaaaa",
		}), func(s string) any { return s }),
	).Draw(t, "value")
}

// pointsIn reports whether a JSON pointer names a value of the tree, or one that is missing in an object of it.
func pointsIn(node any, pointer string) bool {
	if pointer == "" {
		return true
	}
	node = throughText(object{"": node}).(object)[""]
	names := strings.Split(pointer, "/")[1:]
	for i, name := range names {
		name = strings.NewReplacer("~1", "/", "~0", "~").Replace(name)
		switch parent := node.(type) {
		case map[string]any:
			child, ok := parent[name]
			if !ok {
				return i == len(names)-1 || i == 0 // a field that is missing, or in a part that is
			}
			node = child
		case []any:
			n, err := strconv.Atoi(name)
			if err != nil || n >= len(parent) {
				return false
			}
			node = parent[n]
		default:
			return false
		}
	}
	return true
}

// TestTextComesBackAsItWasSent, whatever is in it, and is data wherever it stands.
func TestTextComesBackAsItWasSent(t *testing.T) {
	w := open(t, setting{})
	i := 0
	rapid.Check(t, func(t *rapid.T) {
		i++
		text := rapid.StringOfN(rapid.RuneFrom([]rune("aZ0 <>&\"'\\/{}=+-@%\t\n😀é\u200d\u00a0\uffff")), 1, 50, -1).Draw(t, "text")
		anna := w.enrolled(fmt.Sprintf("anna%d", i))
		got := anna.post("/v1/slots", with(draft(48*time.Hour), "description", text)).expect(http.StatusCreated)
		if got.at("description") != text {
			t.Fatalf("%q became %q", text, got.at("description"))
		}
		if strings.ContainsAny(got.text, "<>") {
			t.Fatalf("markup in an answer: %s", got.text)
		}
	})
}

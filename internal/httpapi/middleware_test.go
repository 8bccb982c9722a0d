package httpapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// verifying is a Verifier made of a function.
type verifying func(ctx context.Context, token string) (identity.Principal, error)

func (f verifying) Verify(ctx context.Context, token string) (identity.Principal, error) {
	return f(ctx, token)
}

// bare sends a request past the contract, for answers that must never occur and are in no document.
func (w *world) bare(path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("Authorization", "Bearer anna")
	answer := httptest.NewRecorder()
	w.handler.ServeHTTP(answer, r)
	return answer
}

// TestAFaultOfOursSaysNothing: neither the client nor, where it may hold anything, the log.
func TestAFaultOfOursSaysNothing(t *testing.T) {
	tests := map[string]struct {
		verifier verifying
		logged   string
	}{
		"panic": {func(context.Context, string) (identity.Principal, error) { panic("canary of a client") }, `"panic":"string"`},
		"mistake in the program": {func(context.Context, string) (identity.Principal, error) {
			var none []int
			return identity.Principal{}, fmt.Errorf("%d", none[5])
		}, "index out of range"},
		"error nobody expected": {func(context.Context, string) (identity.Principal, error) {
			return identity.Principal{}, errors.New("the machine room is flooded")
		}, `"error":"*errors.errorString"`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			w := open(t, setting{verifier: test.verifier})
			got := w.bare("/v1/me")
			var problem map[string]any
			if err := json.Unmarshal(got.Body.Bytes(), &problem); err != nil {
				t.Fatal(err)
			}
			id := got.Header().Get("X-Request-Id")
			want := map[string]any{
				"type": "about:blank", "title": "Internal Server Error", "status": 500.0, "instance": "/requests/" + id, "requestId": id,
			}
			if got.Code != 500 || fmt.Sprint(problem) != fmt.Sprint(want) {
				t.Errorf("%d %v, want %v", got.Code, problem, want)
			}
			log := w.log.String()
			if !strings.Contains(log, test.logged) || !strings.Contains(log, id) || strings.Contains(log, "canary") || strings.Contains(log, "flooded") {
				t.Errorf("logged: %s", log)
			}
			if n := strings.Count(log, "\n"); n != 1 {
				t.Errorf("%d lines for one request: %s", n, log)
			}
		})
	}
}

// TestAbortedRequestsAreLeftToTheServer: it knows what to do with this panic.
func TestAbortedRequestsAreLeftToTheServer(t *testing.T) {
	w := open(t, setting{verifier: verifying(func(context.Context, string) (identity.Principal, error) { panic(http.ErrAbortHandler) })})
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("the panic was swallowed")
		}
	}()
	w.bare("/v1/me")
}

// TestTimeRunsOut: a request that storage holds up is answered in time, with the way to go on.
func TestTimeRunsOut(t *testing.T) {
	w := open(t, setting{timeout: 20 * time.Millisecond, wrap: func(engine table.Table) table.Table {
		return tabletest.NewLatency(engine, time.Hour, time.Hour)
	}})
	for _, route := range httpapi.Routes() {
		if route.Pattern == "/v1/topics" {
			continue // they need no storage
		}
		path := somewhere.Replace(route.Pattern)
		got := w.person("coordinator").send(route.Method, path, stage{other: noSlot}.body(route)).refused(503, "busy")
		if got.header.Get("Retry-After") != "1" {
			t.Errorf("%s: Retry-After is %q", route, got.header.Get("Retry-After"))
		}
	}
}

// TestStorageThatFails: nothing but 503, and its cause in the log.
func TestStorageThatFails(t *testing.T) {
	w := open(t, setting{wrap: func(engine table.Table) table.Table {
		return tabletest.NewFaults(engine, 1, tabletest.Chances{Read: 1})
	}})
	w.person("ben").get("/v1/me").refused(503, "busy")
	w.person("ben").get("/v1/slots").refused(503, "busy")
	w.person("ben").get("/v1/bookings/"+noBooking).refused(503, "busy")
	if log := w.log.String(); !strings.Contains(log, `"level":"ERROR"`) || !strings.Contains(log, "table unavailable") {
		t.Errorf("logged: %s", log)
	}
}

// TestEveryAnswerHasItsHeaders, good or bad.
func TestEveryAnswerHasItsHeaders(t *testing.T) {
	w := open(t, setting{})
	ben := w.enrolled("ben")
	ids := map[string]bool{}
	for _, got := range []reply{
		ben.get("/v1/me"), ben.get("/v1/topics"), ben.get("/v1/none"), ben.send("DELETE", "/v1/me", nil), w.person("").get("/v1/me"),
		ben.post("/v1/slots", "{"), ben.post("/v1/slots", object{}), ben.get("/v1/me", header("X-Request-Id", "mine")),
	} {
		for name, want := range map[string]string{
			"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
			"Content-Security-Policy":   "default-src 'none'; frame-ancestors 'none'",
			"Strict-Transport-Security": "max-age=63072000",
		} {
			if got.header.Get(name) != want {
				t.Errorf("%s: %s is %q", got.to, name, got.header.Get(name))
			}
		}
		id := got.header.Get("X-Request-Id")
		if id == "" || id == "mine" || ids[id] {
			t.Errorf("%s: X-Request-Id is %q", got.to, id)
		}
		ids[id] = true
		if got.status >= 400 && got.at("requestId") != id {
			t.Errorf("%s: the problem names %v, the header %s", got.to, got.at("requestId"), id)
		}
	}
	events := open(t, setting{door: asEvents}).person("ben").get("/v1/me")
	if id := events.header.Get("X-Request-Id"); !strings.HasPrefix(id, "gateway-") {
		t.Errorf("the gateway's request id became %q", id)
	}
}

// TestLogsHoldNoPersonalData (proof.md S5): canaries in every field, header, parameter and token.
func TestLogsHoldNoPersonalData(t *testing.T) {
	w := open(t, setting{door: overNetwork})
	const c = "canary"
	bird := w.person(c)
	bird.put("/v1/me", object{
		"name": c, "timeZone": "Europe/Berlin", "department": c, "headline": c, "path": c, "acceptGroundRules": true,
	}, header("If-Match", `"0", "`+c+`"`), header("User-Agent", c), header("X-Request-Id", c), header("Referer", c), header("Cookie", c+"="+c)).expect(200)
	slot := bird.post("/v1/slots", with(draft(48*time.Hour), "title", c, "description", c, "preparation", c, "lookingFor", c,
		"meeting", object{"videoUrl": "https://" + c + ".example/", "phone": c, "place": c}), key(c)).expect(201).id()
	ben := w.enrolled("ben")
	ben.post("/v1/slots/"+slot+"/bookings", object{
		"purpose":    object{"kind": "other", "question": c, "desiredOutcome": strings.Repeat(c, 4), "tried": c, "context": c},
		"noConflict": true, "bring": c,
	}, key(c)).expect(201)
	asks := bird.post("/v1/slots", with(draft(72*time.Hour), "approval", "request"), key("batch"+c)).expect(201).id()
	booking := w.enrolled("carl").books(asks)
	bird.patch("/v1/slots/"+slot, object{"title": c + c, "meeting": object{"place": c}}, header("If-Match", `"`+c+`"`, `"1"`)).expect(200)
	bird.post("/v1/bookings/"+booking+"/decline", object{"reason": "other", "note": c}, key(c)).expect(200)
	bird.post("/v1/slots/"+slot+"/cancel", object{"reason": c}, key(c)).expect(200)
	w.person("coordinator").put("/v1/people/"+ben.id()+"/programme", object{"cohort": c, "organisation": c}).expect(200)
	ben.put("/v1/me/blocks/"+bird.id(), nil).expect(204)
	ben.get("/v1/people/" + bird.id())
	for _, route := range httpapi.Routes() {
		ben.send(route.Method, strings.NewReplacer("{slotId}", c, "{bookingId}", c, "{personId}", c).Replace(route.Pattern), object{c: c}, key(c))
	}
	ben.get("/" + c)
	ben.send(strings.ToUpper(c), "/v1/me", nil)
	ben.get("/v1/slots?" + c + "=" + c + "&topic=" + c + "&cursor=" + c)
	ben.post("/v1/slots", object{c: c, "title": c, "topic": c, "timeZone": c, "startsAt": c, "modes": []string{c}}, key(c))
	ben.post("/v1/slots", c)
	w.person("expired").get("/v1/me?"+c, header("Authorization", "Bearer "+c+" "+c))

	log := w.log.String()
	if strings.Contains(strings.ToLower(log), c) {
		t.Errorf("the log holds a canary: %s", log)
	}
	if strings.Contains(log, slot) || strings.Contains(log, booking) || strings.Contains(log, ben.id()) || strings.Contains(log, "example.org") {
		t.Errorf("the log holds an id or an address: %s", log)
	}
	t.Logf("figure S5: %d log lines of requests with a canary in every field, header, parameter and token: none holds one", strings.Count(log, "\n"))
	for _, want := range []string{`"route":"PUT /v1/me","status":200`, `"route":"POST /v1/slots/{slotId}/bookings","status":201`,
		`"route":"PUT /v1/me/blocks/{personId}","status":204`, `"route":"PATCH /v1/slots/{slotId}","status":200`, `"code":"malformed"`} {
		if !strings.Contains(log, want) {
			t.Errorf("the log does not say %s: %s", want, log)
		}
	}
}

func TestAShortCursorKeyIsAMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("a key of 15 bytes was taken")
		}
	}()
	httpapi.New(httpapi.Config{CursorKey: make([]byte, 15), Limits: httpapi.Limits{WritesPerMinute: 1, ReadsPerMinute: 1}})
}

// TestRefusalsKeepTheirCauseInside: what is behind a 503 is not told, and its text not even logged.
func TestRefusalsKeepTheirCauseInside(t *testing.T) {
	w := open(t, setting{verifier: verifying(func(context.Context, string) (identity.Principal, error) {
		return identity.Principal{}, mentoring.Unavailable(errors.New("host db-7 in the cellar"))
	})})
	got := w.person("ben").get("/v1/me").refused(503, "busy")
	if log := w.log.String(); strings.Contains(got.text+log, "cellar") || !strings.Contains(log, `"error":"*mentoring.Error: *errors.errorString"`) {
		t.Errorf("told: %s\nlogged: %s", got.text, w.log.String())
	}
}

// TestEveryAnswerHasItsRequestID: in a header, in the problem document where it is one, and in the log; the gateway's where
// there is a gateway.
func TestEveryAnswerHasItsRequestID(t *testing.T) {
	const panicking = "panicking"
	for door, through := range map[string]func(testing.TB, http.Handler) http.RoundTripper{"in process": inProcess, "as events": asEvents} {
		w := open(t, setting{door: through, verifier: verifying(func(ctx context.Context, token string) (identity.Principal, error) {
			if token == panicking {
				panic(token)
			}
			return byName{}.Verify(ctx, token)
		})})
		w.client.Transport = through(t, w.handler) // no contract has an answer for a panic
		anna, ben := w.enrolled("anna"), w.enrolled("ben")
		for name, test := range map[string]struct {
			got    reply
			status int
		}{
			"success":          {anna.get("/v1/me"), 200},
			"created":          {anna.post("/v1/slots", draft(26*time.Hour)), 201},
			"nothing to say":   {anna.put("/v1/me/blocks/"+ben.id(), nil), 204},
			"head":             {anna.send(http.MethodHead, "/v1/me", nil), 200},
			"unknown path":     {anna.get("/v2/nothing"), 404},
			"odd path":         {anna.get("/v1//me"), 404},
			"unknown slot":     {anna.get("/v1/slots/" + noSlot), 404},
			"other method":     {anna.delete("/v1/slots"), 405},
			"no token":         {w.person("").get("/v1/me"), 401},
			"malformed":        {anna.post("/v1/slots", "{"), 400},
			"too large":        {anna.post("/v1/slots", strings.Repeat(" ", 33<<10)), 413},
			"other media type": {anna.post("/v1/slots", "{}", header("Content-Type", "text/plain")), 415},
			"wrong fields":     {anna.post("/v1/slots", "{}"), 422},
			"panic":            {w.person(panicking).get("/v1/me"), 500},
			"issuer away":      {w.person("unavailable").get("/v1/me"), 503},
			"an id of its own": {anna.get("/v1/me", header("X-Request-Id", "mine")), 200},
		} {
			id := test.got.header.Get("X-Request-Id")
			if test.got.status != test.status || id == "" || id == "mine" || door == "as events" && !strings.HasPrefix(id, "gateway-") {
				t.Errorf("%s, %s: %d with the id %q, want %d", door, name, test.got.status, id, test.status)
			}
			if !strings.Contains(w.log.String(), `"requestId":"`+id+`"`) {
				t.Errorf("%s, %s: the log has no %q", door, name, id)
			}
			if test.status >= 400 && (test.got.at("requestId") != id || test.got.at("instance") != "/requests/"+id) {
				t.Errorf("%s, %s: the problem is of another request: %s", door, name, test.got.text)
			}
		}
	}
}

// TestTheLineSaysWhatARequestUsed: as the costs of internal/README.md have it; and bookings and refusals are counted, a
// booking once however often it is sent.
func TestTheLineSaysWhatARequestUsed(t *testing.T) {
	w := open(t, setting{})
	anna, ben, eve := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("eve")
	slot := anna.publishes(draft(26 * time.Hour))
	last := func() string {
		lines := strings.Split(strings.TrimSpace(w.log.String()), "\n")
		return lines[len(lines)-1]
	}
	for range 2 {
		ben.post("/v1/slots/"+slot+"/bookings", request(), key("k")).expect(201)
		if !strings.Contains(last(), `"route":"POST /v1/slots/{slotId}/bookings","status":201,"rounds":`) {
			t.Error(last())
		}
	}
	if !strings.Contains(w.log.String(), `"status":201,"rounds":2,"rcu":4,"wcu":12,"conflicts":0,"retries":0,"storageMs":`) {
		t.Errorf("no booking costs what it costs: %s", w.log.String())
	}
	eve.post("/v1/slots/"+slot+"/bookings", request()).refused(409, "slot_full")
	if !strings.Contains(last(), `"code":"slot_full","rounds":1,"rcu":3,"wcu":0,`) {
		t.Error(last())
	}
	for metric, want := range map[string]int{`"status":"confirmed","Bookings":1}`: 1, `"code":"slot_full","Refusals":1}`: 1} {
		if n := strings.Count(w.log.String(), metric); n != want {
			t.Errorf("%s is written %d times, want %d", metric, n, want)
		}
	}
}

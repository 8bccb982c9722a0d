package assembly_test

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/config"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/httpapi"
)

// The ids in the samples.
const (
	sampleSlot, otherSlot       = "slot_aeaqcaibaeaqcaibaeaqcaibae", "slot_aiaqcaibaeaqcaibaeaqcaibae"
	sampleBooking, samplePerson = "bkg_aeaqcaibaeaqcaibaeaqcaibae", "per_aeaqcaibaeaqcaibaeaqcaibae"
	sampleAction, sampleConcern = "act_aeaqcaibaeaqcaibaeaqcaibae", "con_aeaqcaibaeaqcaibaeaqcaibae"
	sampleDead                  = "dead_aeaqcaibaeaqcaibaeaqcaibae"
	asked                       = "bkg_aiaqcaibaeaqcaibaeaqcaibae" // in none: a booking that awaits its expert
)

// lived is an aviary in which everything has happened that the samples are about, with the ids that were made for theirs.
// After is how long ago the first session was booked.
func lived(t testing.TB, after time.Duration) (*aviary, map[string]string) {
	const window = 14 * 24 * time.Hour // of debriefs
	a, made := newAviary(t), map[string]string{}
	requests := samples(t, "api")
	do := func(route, who string, instead ...string) map[string]any {
		t.Helper()
		event := a.with(requests[route], made, who, instead...)
		event.Body, event.Headers["idempotency-key"] = worded(event.Body), fmt.Sprint(canary, " ", a.invocations)
		answer := a.ask(a.api, event)
		var body map[string]any
		if answer.StatusCode >= 300 || json.Unmarshal([]byte(answer.Body), &body) != nil {
			t.Fatalf("%s of %s answers %d: %s", route, who, answer.StatusCode, answer.Body)
		}
		if id, ok := body["id"].(string); ok {
			a.ids[id] = true
		}
		return body
	}
	for _, who := range []string{"cleo", "ben", "ada"} {
		made[samplePerson] = do("PUT /v1/me", who)["id"].(string)
	}
	made[sampleSlot] = do("POST /v1/slots", "ada")["id"].(string)
	made[sampleBooking] = do("POST /v1/slots/{slotId}/bookings", "ben")["id"].(string)
	made[otherSlot] = do("POST /v1/slots/batch", "ada")["items"].([]any)[0].(map[string]any)["id"].(string)
	made[asked] = do("POST /v1/slots/{slotId}/bookings", "ben", sampleSlot, made[otherSlot])["id"].(string)
	made[sampleConcern] = do("POST /v1/concerns", "ben")["id"].(string)
	made[sampleDead] = a.parked(t)
	if a.at = a.at.Add(after); after > 0 {
		made[sampleAction] = do("POST /v1/bookings/{bookingId}/actions", "ben")["id"].(string)
		do("PUT /v1/bookings/{bookingId}/takeaways", "ben")
		if after < window {
			do("PUT /v1/bookings/{bookingId}/debrief", "ben")
		}
	}
	return a, made
}

// parked puts an event of the outbox aside, and returns the name of the letter.
func (a *aviary) parked(t testing.TB) string {
	t.Helper()
	office := assembly.Desk(config.Table{OutboxShards: 1}, config.Policy{}, assembly.Surroundings{Table: a.storage, Now: func() time.Time { return a.at }})
	keys, err := office.OutboxDue(t.Context(), 0, "", a.at.Add(time.Minute), 100)
	if err != nil || len(keys) == 0 {
		t.Fatalf("%d events, %v", len(keys), err)
	}
	row, err := office.OutboxRow(t.Context(), keys[0])
	if err == nil {
		err = office.Park(t.Context(), row, 40, []desk.Failure{{Reason: "failed"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	letters, err := office.DeadLetters(t.Context(), desk.Caller{Coordinator: true}, "", 1)
	if err != nil || len(letters.Items) == 0 {
		t.Fatalf("%+v, %v", letters, err)
	}
	return string(letters.Items[0].ID)
}

// with is an event about what was made, of somebody; instead are pairs of a sample's id and of what it is to be this time.
func (a *aviary) with(event events.APIGatewayV2HTTPRequest, made map[string]string, who string, instead ...string) events.APIGatewayV2HTTPRequest {
	a.Helper()
	if made = maps.Clone(made); len(instead) > 0 {
		made[instead[0]] = instead[1]
	}
	text, err := json.Marshal(event)
	if err != nil {
		a.Fatal(err)
	}
	changed := string(text)
	for from, to := range made {
		changed = strings.ReplaceAll(changed, from, to)
	}
	var copied events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal([]byte(changed), &copied); err != nil {
		a.Fatal(err)
	}
	copied.Headers["authorization"] = "Bearer " + a.token(who)
	return copied
}

// queryParameters are those of infra/openapi.yaml, and one nobody knows.
func queryParameters(t testing.TB) []string {
	text, err := os.ReadFile("../../infra/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	names := []string{warbler}
	for _, found := range regexp.MustCompile(`in: query\s+name: (\w+)|name: (\w+)\s+in: query`).FindAllStringSubmatch(string(text), -1) {
		names = append(names, found[1]+found[2])
	}
	slices.Sort(names)
	if names = slices.Compact(names); len(names) < 15 {
		t.Fatalf("only the parameters %v", names)
	}
	return names
}

// headers are those that mean something to somebody on the way.
var headers = strings.Fields("accept accept-language authorization content-length content-type cookie forwarded host idempotency-key if-match " +
	"if-none-match origin prefer range referer traceparent user-agent via x-amzn-trace-id x-forwarded-for x-forwarded-host x-http-method-override x-request-id")

// hostile are all ways to send canaries with a request.
func hostile(t testing.TB, event events.APIGatewayV2HTTPRequest, ids map[string]string) (all []events.APIGatewayV2HTTPRequest) {
	change := func(by func(*events.APIGatewayV2HTTPRequest)) {
		changed := event
		changed.Headers = maps.Clone(event.Headers)
		by(&changed)
		all = append(all, changed)
	}
	body := func(text string) {
		change(func(e *events.APIGatewayV2HTTPRequest) { e.Body, e.IsBase64Encoded = text, false })
	}
	for _, document := range variants([]byte(event.Body)) {
		body(string(document))
	}
	for _, text := range []string{
		canary, `"` + canary, `{"` + warbler + `": ` + canary, `{"` + warbler + `": 1, "` + warbler + `": "` + canary + `"}`,
		`{"name": "` + canary + "\xff" + `"}`, `["` + canary + `"]`, strings.Repeat(canary, 6000),
		"email,managerEmail,cohort\n" + canaryText + "," + canary + "," + canary + "\n", "email," + warbler + "\n" + canary,
	} {
		body(text)
	}
	change(func(e *events.APIGatewayV2HTTPRequest) { e.Body, e.IsBase64Encoded = canary+"!", true })
	change(func(e *events.APIGatewayV2HTTPRequest) {
		e.Headers["content-type"], e.Body = "application/x-www-form-urlencoded; charset="+canary, warbler+"="+canary
	})
	for _, name := range headers {
		for _, value := range []string{canary + "\u00e9", `"` + canary + `"`, "application/json; " + warbler + "=" + canary} {
			change(func(e *events.APIGatewayV2HTTPRequest) { e.Headers[name] = value })
		}
	}
	change(func(e *events.APIGatewayV2HTTPRequest) { e.Headers["x-"+warbler] = canary })
	change(func(e *events.APIGatewayV2HTTPRequest) { e.Cookies = []string{warbler + "=" + canary} })
	for _, parameter := range queryParameters(t) {
		change(func(e *events.APIGatewayV2HTTPRequest) {
			e.RawQueryString = parameter + "=" + url.QueryEscape(canaryText)
		})
	}
	for _, query := range []string{"cursor=" + base64.RawURLEncoding.EncodeToString([]byte(canaryText)), "%" + canary, "limit=1&limit=" + canary, canary} {
		change(func(e *events.APIGatewayV2HTTPRequest) { e.RawQueryString = query })
	}
	for _, id := range slices.Sorted(maps.Values(ids)) {
		prefix, _, _ := strings.Cut(id, "_")
		for _, other := range []string{prefix + "_" + canaryID, canary, "%00" + canary, canaryText, prefix + "_" + canaryID + "/" + canary} {
			if strings.Contains(event.RawPath, id) {
				change(func(e *events.APIGatewayV2HTTPRequest) { e.RawPath = strings.Replace(e.RawPath, id, other, 1) })
			}
		}
	}
	for _, path := range []string{"/" + canary, "/v1/" + canary + "//", event.RawPath + "/" + canary} {
		change(func(e *events.APIGatewayV2HTTPRequest) { e.RawPath = path })
	}
	for _, method := range []string{"DELETE", "PUT", "HEAD", strings.ToUpper(canary)} {
		change(func(e *events.APIGatewayV2HTTPRequest) { e.RequestContext.HTTP.Method = method })
	}
	change(func(e *events.APIGatewayV2HTTPRequest) {
		e.RequestContext.HTTP.UserAgent, e.RequestContext.HTTP.SourceIP, e.RequestContext.DomainName = canary, canary, canary+".example"
	})
	return all
}

// proof.md S5, of the API: whatever is sent to whichever route, by whom, whether it succeeds, is refused or fails, none of it
// is in the log, in a metric or in a problem.
func TestTheAPITellsOnNobody(t *testing.T) {
	requests := samples(t, "api")
	const session = 10 * 24 * time.Hour // by then the first one is over
	total, succeeded, lines, metrics, problems, failures := 0, 0, 0, 0, 0, 0
	for _, route := range httpapi.Routes() {
		event, ok := requests[route.String()]
		if !ok {
			t.Fatalf("no sample of %s", route)
		}
		fine := ""
		for _, after := range []time.Duration{0, session, session + 32*24*time.Hour} {
			a, made := lived(t, after)
			for _, who := range []string{"ada", "ben", "cleo"} {
				for _, booking := range []string{made[asked], made[sampleBooking]} {
					willing := a.with(event, made, who, sampleBooking, booking)
					willing.Body, willing.Headers["idempotency-key"] = worded(willing.Body), canary+who+booking
					if a.ask(a.api, willing).StatusCode < 300 {
						fine = who
					}
				}
			}
			if after == session {
				mine := a.with(event, made, cmp.Or(fine, "ben"))
				for _, trouble := range troubles(a.storage) {
					trouble()
					a.ask(a.api, mine)
					failures++
				}
				a.storage.get, a.storage.query, a.storage.commit = nil, nil, nil
				for _, changed := range hostile(t, mine, made) {
					a.ask(a.api, changed)
				}
			}
			l, m := a.silent()
			total, lines, metrics, problems = total+a.invocations, lines+l, metrics+m, problems+a.problems
		}
		if fine != "" {
			succeeded++
		}
	}
	t.Logf("%d requests, %d of them while storage failed, to %d routes, of which %d also succeeded: %d lines, %d metrics and %d problems, without a canary",
		total, failures, len(httpapi.Routes()), succeeded, lines, metrics, problems)
	if succeeded < len(httpapi.Routes())*9/10 {
		t.Errorf("only %d of %d routes succeeded once", succeeded, len(httpapi.Routes()))
	}
}

// troubles make a table fail, in one way after the other.
func troubles(m *moody) (all []func()) {
	for _, name := range slices.Sorted(maps.Keys(moods)) {
		fail := moods[name]
		all = append(all,
			func() { m.get, m.query, m.commit = fail, nil, nil },
			func() { m.get, m.query, m.commit = nil, fail, nil },
			func() { m.get, m.query, m.commit = nil, nil, fail })
	}
	return all
}

// Tokens that do not hold are refused without a word of what is in them; and so is whoever has no address that was verified.
func TestTokensTellOnNobody(t *testing.T) {
	a, made := lived(t, 0)
	event := a.with(samples(t, "api")["GET /v1/me"], made, "ben")
	good := strings.Split(strings.TrimPrefix(event.Headers["authorization"], "Bearer "), ".")
	encoded := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	for _, token := range []string{
		canary, canary + "." + canary + "." + canary, good[0] + "." + good[1] + "." + encoded(canary), good[0] + "." + encoded(canary) + "." + good[2],
		encoded(`{"alg":"RS256","kid":"`+canary+`"}`) + "." + good[1] + "." + good[2], encoded(`{"alg":"`+canary+`"}`) + "." + good[1] + ".",
		good[0] + "." + encoded(`{"sub":"`+canary+`","iss":"https://kanari.example"}`) + "." + good[2], strings.Repeat(canary, 3000),
	} {
		event.Headers["authorization"] = "Bearer " + token
		if answer := a.ask(a.api, event); answer.StatusCode != 401 {
			t.Errorf("%.40s is answered %d", token, answer.StatusCode)
		}
	}
	a.silent()
}

// The control: a function that is careless in one way is found out, whichever the way.
func TestALeakIsSeen(t *testing.T) {
	for name, careless := range map[string]func(*aviary, events.APIGatewayV2HTTPRequest, *events.APIGatewayV2HTTPResponse){
		"the path in the log": func(a *aviary, e events.APIGatewayV2HTTPRequest, _ *events.APIGatewayV2HTTPResponse) {
			fmt.Fprintln(a.log, e.RawPath)
		},
		"a header in the log": func(a *aviary, e events.APIGatewayV2HTTPRequest, _ *events.APIGatewayV2HTTPResponse) {
			fmt.Fprintln(a.log, e.Headers["user-agent"])
		},
		"the query in the log": func(a *aviary, e events.APIGatewayV2HTTPRequest, _ *events.APIGatewayV2HTTPResponse) {
			fmt.Fprintln(a.log, e.RawQueryString)
		},
		"the body in the log": func(a *aviary, e events.APIGatewayV2HTTPRequest, _ *events.APIGatewayV2HTTPResponse) {
			fmt.Fprintln(a.log, e.Body)
		},
		"a real id in the log": func(a *aviary, _ events.APIGatewayV2HTTPRequest, r *events.APIGatewayV2HTTPResponse) {
			fmt.Fprintln(a.log, r.Headers["Location"])
		},
		"an answer in the log": func(a *aviary, _ events.APIGatewayV2HTTPRequest, r *events.APIGatewayV2HTTPResponse) {
			fmt.Fprintln(a.log, r.Body)
		},
		"an error in the log": func(a *aviary, _ events.APIGatewayV2HTTPRequest, _ *events.APIGatewayV2HTTPResponse) {
			fmt.Fprintln(a.log, moods["an error"]())
		},
		"the body in the answer": func(_ *aviary, e events.APIGatewayV2HTTPRequest, r *events.APIGatewayV2HTTPResponse) {
			said, _ := json.Marshal(e.Body)
			r.Headers["Content-Type"], r.Body = "application/problem+json", `{"detail":`+string(said)+`}`
		},
	} {
		a, made := lived(t, 0)
		event := a.with(samples(t, "api")["POST /v1/concerns"], made, "ben")
		event.RawQueryString, event.RawPath, event.Headers["user-agent"], event.Body = warbler, event.RawPath+"/"+canaryID, canary, worded(event.Body)
		var response events.APIGatewayV2HTTPResponse
		if err := json.Unmarshal(a.invoke(a.api, event), &response); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != 404 || len(a.leaks())+len(a.echoes(response)) > 0 {
			t.Fatalf("%d, and it leaks without being careless", response.StatusCode)
		}
		for id := range a.ids { // an answer that was about something
			response.Headers = map[string]string{"Location": "/v1/concerns/" + id}
			response.Body = `{"name":"Kanari"}`
		}
		careless(a, event, &response)
		if len(a.leaks())+len(a.echoes(response)) != 1 {
			t.Errorf("%s: nobody saw it", name)
		}
	}
}

package benchmarks_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/apifunction"
	"flashmentoring/internal/benchmarks"
	"flashmentoring/internal/config"
	"flashmentoring/internal/identity/localissuer"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/table/tabletest"
)

const template = "../../template.yaml"

var morning = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// api is the deployed function on an embedded table, called as Lambda calls it: JSON in, JSON out.
type api struct {
	function lambda.Handler
	issuer   *localissuer.Issuer
	engine   *bolttable.Table
	spent    *tabletest.Stopwatch
}

func openTable(tb testing.TB) *bolttable.Table {
	tb.Helper()
	engine, err := bolttable.Open(filepath.Join(tb.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { engine.Close() })
	return engine
}

func openAPI(tb testing.TB) *api {
	tb.Helper()
	now := func() time.Time { return morning }
	environment, err := benchmarks.Environment(template, "ApiFunction", map[string]string{"WritesPerMinute": "60000", "ReadsPerMinute": "60000"})
	if err != nil {
		tb.Fatal(err)
	}
	c, err := config.LoadAPI(environment)
	if err != nil {
		tb.Fatal(err)
	}
	issuer, err := localissuer.New(c.Token.Issuer, now)
	if err != nil {
		tb.Fatal(err)
	}
	engine := openTable(tb)
	spent := tabletest.NewStopwatch(engine)
	handler, err := apifunction.New(c, assembly.Surroundings{Table: spent, Now: now, Log: io.Discard, IssuerClient: issuer.Client()})
	if err != nil {
		tb.Fatal(err)
	}
	return &api{lambda.NewHandler(handler), issuer, engine, spent}
}

// token is a new token of somebody.
func (a *api) token(tb testing.TB, who string) string {
	tb.Helper()
	claims := localissuer.Claims{Sub: who, Email: who + "@example.com", Name: who, Audience: "flash"}
	token, err := a.issuer.Mint(claims, time.Hour)
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

// event is a request as an event.
func (a *api) event(tb testing.TB, token, method, path, body string) []byte {
	tb.Helper()
	text, err := json.Marshal(events.APIGatewayV2HTTPRequest{
		Version: "2.0", RawPath: path, Body: body,
		Headers: map[string]string{
			"accept": "application/json", "authorization": "Bearer " + token, "content-type": "application/json",
			"host": "api.example.org", "idempotency-key": "once", "user-agent": "curl/8.5.0", "x-forwarded-for": "192.0.2.10",
			"x-forwarded-port": "443", "x-forwarded-proto": "https",
		},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			Stage: "$default", RequestID: "JKJaXmPLvHcESHA=", DomainName: "api.example.org",
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: method, Path: path, Protocol: "HTTP/1.1", SourceIP: "192.0.2.10"},
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// call answers an event, which must succeed, with the id of what it is about.
func (a *api) call(tb testing.TB, event []byte) string {
	tb.Helper()
	text, err := a.function.Invoke(tb.Context(), event)
	return idOf(tb, text, err)
}

// idOf is what a good answer is about.
func idOf(tb testing.TB, text []byte, err error) string {
	tb.Helper()
	var response events.APIGatewayV2HTTPResponse
	if err == nil {
		err = json.Unmarshal(text, &response)
	}
	var about struct{ ID string }
	if err == nil {
		err = json.Unmarshal([]byte(response.Body), &about)
	}
	if err != nil || response.StatusCode/100 != 2 {
		tb.Fatalf("answers %s, %v", text, err)
	}
	return about.ID
}

// enrolled is the token with which somebody of that name enrolled.
func (a *api) enrolled(tb testing.TB, who string) (token string) {
	tb.Helper()
	token = a.token(tb, who)
	a.call(tb, a.event(tb, token, "PUT", "/v1/me", `{"name":"`+who+`","timeZone":"Europe/Berlin","languages":["en"],"acceptGroundRules":true}`))
	return token
}

// bookings are events that each book a seat, for somebody who never booked before, with a token that never came before or with
// the one they enrolled with: twelve on one slot.
func (a *api) bookings(tb testing.TB, n int, anew bool) [][]byte {
	tb.Helper()
	var all [][]byte
	path := ""
	for i := range n {
		if i%12 == 0 {
			expert := a.enrolled(tb, fmt.Sprint("expert", i))
			path = "/v1/slots/" + a.call(tb, a.event(tb, expert, "POST", "/v1/slots", `{"title":"Reading a cash flow statement","topic":"finance",
				"format":"circle","capacity":12,"startsAt":"2026-12-01T15:00:00Z","durationMinutes":30,
				"meeting":{"videoUrl":"https://video.example.org/room"}}`)) + "/bookings"
		}
		who := fmt.Sprint("requester", i)
		token := a.enrolled(tb, who)
		if anew {
			token = a.token(tb, who)
		}
		all = append(all, a.event(tb, token, "POST", path, `{"purpose":{"kind":"skill_gap",
			"question":"How do I see that a small company runs out of cash?",
			"desiredOutcome":"I can read three statements and say which supplier worries me."},"noConflict":true}`))
	}
	return all
}

// P4: from the event to the answer of a booking, what passes besides the calls to storage. Tokens are signed with the costlier of
// the two kinds of key; whoever books has as a rule sent something before, with the same token.
func BenchmarkBooking(b *testing.B) {
	for name, anew := range map[string]bool{"new token": true, "known token": false} {
		b.Run(name, func(b *testing.B) { bookAll(b, anew) })
	}
}

func bookAll(b *testing.B, anew bool) {
	a := openAPI(b)
	prepared := a.bookings(b, b.N, anew)
	ours, answers := make([]time.Duration, len(prepared)), make([][]byte, len(prepared))
	b.ReportAllocs()
	b.ResetTimer()
	for i, event := range prepared {
		a.spent.Reset()
		began := time.Now()
		text, err := a.function.Invoke(b.Context(), event)
		if ours[i] = time.Since(began) - a.spent.Spent(); err != nil {
			b.Fatal(err)
		}
		answers[i] = bytes.Clone(text) // which the next call overwrites
	}
	b.StopTimer()
	for _, text := range answers {
		idOf(b, text, nil)
	}
	slices.Sort(ours)
	b.ReportMetric(ms(ours[len(ours)/2]), "p50-ms")
	b.ReportMetric(ms(ours[len(ours)*99/100]), "p99-ms")
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// What the benchmark calls a booking is one: it takes its rounds to storage, and the same event again takes no seat.
func TestBookingsAreBookings(t *testing.T) {
	a := openAPI(t)
	seen := map[string]bool{}
	for _, event := range a.bookings(t, 13, true) {
		id := a.call(t, event)
		if again := a.call(t, event); again != id || seen[id] {
			t.Errorf("booked %s, and again %s", id, again)
		}
		seen[id] = true
	}
	if a.spent.Spent() == 0 {
		t.Error("no time was spent in storage")
	}
}

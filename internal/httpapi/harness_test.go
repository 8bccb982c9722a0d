package httpapi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // the zones of the product, not those of the machine

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/httpapi/contract"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/links"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/telemetry"
)

// morning is when every test begins.
var morning = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// openapi is the document all answers are held against.
var openapi = sync.OnceValues(func() (*contract.Contract, error) { return contract.Load("../../infra/openapi.yaml") })

// world is an API on a table of its own, with a clock that stands still until it is moved.
type world struct {
	testing.TB
	office  *desk.Desk // behind it
	links   *links.Signer
	handler http.Handler
	client  *http.Client // holds every exchange against the contract
	log     *journal
	mu      sync.Mutex
	now     time.Time
}

// setting is what a test may choose about its world.
type setting struct {
	door     func(testing.TB, http.Handler) http.RoundTripper
	wrap     func(table.Table) table.Table
	verifier httpapi.Verifier
	timeout  time.Duration
	policy   *mentoring.Policy
	limits   *httpapi.Limits // none that a test would meet, where nil
	random   io.Reader       // what ids are made of
	shards   int             // of the outbox, and of what time brings
}

func open(t testing.TB, s setting) *world {
	t.Helper()
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	document, err := openapi()
	if err != nil {
		t.Fatal(err)
	}
	entries, err := calendar.New(mail.Address{Address: "mentoring@example.org"}, "example.org")
	if err != nil {
		t.Fatal(err)
	}
	signer, err := links.New("", links.Key{ID: "1", Secret: []byte(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{TB: t, links: signer, now: morning, log: &journal{}}
	var storage table.Table = engine
	if s.wrap != nil {
		storage = s.wrap(engine)
	}
	policy := mentoring.DefaultPolicy()
	if s.policy != nil {
		policy = *s.policy
	}
	limits := httpapi.Limits{WritesPerMinute: 1e9, ReadsPerMinute: 1e9}
	if s.limits != nil {
		limits = *s.limits
	}
	if s.verifier == nil {
		s.verifier = byName{}
	}
	if s.timeout == 0 {
		s.timeout = time.Hour
	}
	if s.door == nil {
		s.door = inProcess
	}
	if s.random == nil {
		s.random = rand.Reader
	}
	if s.shards == 0 {
		s.shards = 2
	}
	w.office = desk.New(desk.Config{
		Table: storage, Now: w.clock, Random: s.random, Policy: policy, Topics: mentoring.StarterTopics,
		OpenShards: 2, OutboxShards: s.shards, DueShards: s.shards,
	})
	log := telemetry.NewLogger(w.log, slog.LevelDebug)
	w.handler = httpapi.New(httpapi.Config{
		Desk: w.office, Calendar: entries, Links: signer, Verifier: s.verifier, CursorKey: []byte("a key of sixteen bytes or more"), Limits: limits,
		Logger: log, Metrics: telemetry.NewMetrics(log, "Test", w.clock), Timeout: s.timeout,
	})
	w.client = &http.Client{
		Transport: &contract.Transport{
			Contract: document, Next: s.door(t, w.handler), Report: func(err error) { w.Error(err) },
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return w
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) advance(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// journal keeps what is logged.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// byName believes every token: it is the name of a person, and their e-mail domain behind a slash. Those whose names begin
// with "coordinator" are.
type byName struct{}

func (byName) Verify(_ context.Context, token string) (identity.Principal, error) {
	name, domain, ok := strings.Cut(token, "/")
	if !ok {
		domain = "example.org"
	}
	switch name {
	case "expired":
		return identity.Principal{}, fmt.Errorf("%w: in a test", identity.ErrUnauthenticated)
	case "unverified":
		return identity.Principal{}, identity.ErrEmailNotVerified
	case "unavailable":
		return identity.Principal{}, identity.ErrUnavailable
	}
	return identity.Principal{
		Issuer: "https://issuer.example", Subject: name, Email: name + "@" + domain, Name: strings.ToUpper(name),
		Coordinator: strings.HasPrefix(name, "coordinator"),
	}, nil
}

// The doors: ways a request can come in.

// inProcess calls the handler.
func inProcess(_ testing.TB, h http.Handler) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, asServed(r))
		return w.Result(), nil
	})
}

// overNetwork goes through a real server.
func overNetwork(t testing.TB, h http.Handler) http.RoundTripper {
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 250
	t.Cleanup(transport.CloseIdleConnections)
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.URL.Host = server.Listener.Addr().String()
		return transport.RoundTrip(r)
	})
}

// asEvents goes through the JSON events of an HTTP API, as deployed.
func asEvents(_ testing.TB, h http.Handler) http.RoundTripper {
	function := lambdahttp.Handler(h)
	gateway := http.NewServeMux()
	for _, route := range httpapi.Routes() {
		gateway.HandleFunc(route.String(), func(http.ResponseWriter, *http.Request) {})
	}
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		r = asServed(r)
		_, routeKey := gateway.Handler(r)
		event, err := lambdahttp.EventFromRequest(r, routeKey, nil, "gateway-"+strconv.FormatInt(time.Now().UnixNano(), 36), time.Now())
		if err != nil {
			return nil, err
		}
		answer, err := function(r.Context(), throughJSON(event))
		if err != nil {
			return nil, err
		}
		w := httptest.NewRecorder()
		err = lambdahttp.WriteResponse(w, throughJSON(answer))
		return w.Result(), err
	})
}

func throughJSON[T events.APIGatewayV2HTTPRequest | events.APIGatewayV2HTTPResponse](v T) (copied T) {
	text, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(text, &copied)
	}
	if err != nil {
		panic(err)
	}
	return copied
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// asServed makes of a client's request what a server would see.
func asServed(r *http.Request) *http.Request {
	r = r.Clone(r.Context())
	r.RequestURI, r.Host, r.RemoteAddr = r.URL.RequestURI(), r.URL.Host, "192.0.2.1:1234"
	if r.Body == nil {
		r.Body = http.NoBody
	}
	return r
}

// person is somebody who calls the API, by their token.
type person struct {
	*world
	token string
}

func (w *world) person(token string) person { return person{w, token} }

// enrolled is somebody who can publish and book.
func (w *world) enrolled(token string) person {
	w.Helper()
	p := w.person(token)
	p.put("/v1/me", enrolment(strings.ToUpper(token[:1])+token[1:])).expect(http.StatusOK)
	return p
}

// change is something a test does to a request before it is sent.
type change func(*http.Request)

// header sets a header to some values; none takes it away.
func header(name string, values ...string) change {
	return func(r *http.Request) {
		r.Header.Del(name)
		for _, v := range values {
			r.Header.Add(name, v)
		}
	}
}

func key(k string) change { return header("Idempotency-Key", k) }

func (p person) get(path string, changes ...change) reply {
	p.Helper()
	return p.send(http.MethodGet, path, nil, changes...)
}

func (p person) post(path string, body any, changes ...change) reply {
	p.Helper()
	return p.send(http.MethodPost, path, body, changes...)
}

func (p person) put(path string, body any, changes ...change) reply {
	p.Helper()
	return p.send(http.MethodPut, path, body, changes...)
}

func (p person) patch(path string, body any, changes ...change) reply {
	p.Helper()
	return p.send(http.MethodPatch, path, body, changes...)
}

func (p person) delete(path string, changes ...change) reply {
	p.Helper()
	return p.send(http.MethodDelete, path, nil, changes...)
}

// id is the person's own, by which others know them.
func (p person) id() string {
	name, _, _ := strings.Cut(p.token, "/")
	return string(mentoring.PersonIDFor("https://issuer.example", name))
}

// csvFile is a body that is CSV.
type csvFile string

// send sends a body that is a string or CSV as it is, and anything else as JSON.
func (p person) send(method, path string, body any, changes ...change) reply {
	p.Helper()
	text, isText := body.(string)
	if file, is := body.(csvFile); is {
		text, isText = string(file), true
		changes = append([]change{header("Content-Type", "text/csv")}, changes...)
	}
	if !isText && body != nil {
		asJSON, err := json.Marshal(body)
		if err != nil {
			p.Fatal(err)
		}
		text = string(asJSON)
	}
	r, err := http.NewRequestWithContext(p.Context(), method, "http://api.test"+path, strings.NewReader(text))
	if err != nil {
		p.Fatal(err)
	}
	if p.token != "" {
		r.Header.Set("Authorization", "Bearer "+p.token)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, c := range changes {
		c(r)
	}
	return p.answered(r)
}

func (w *world) answered(r *http.Request) reply {
	w.Helper()
	resp, err := w.client.Do(r)
	if err != nil {
		w.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		w.Fatal(err)
	}
	resp.Body.Close()
	return reply{w, r.Method + " " + r.URL.RequestURI(), resp.StatusCode, resp.Header, string(text)}
}

// reply is an answer that came back.
type reply struct {
	testing.TB
	to     string
	status int
	header http.Header
	text   string
}

// expect stops the test unless the answer has the status.
func (r reply) expect(status int) reply {
	r.Helper()
	if r.status != status {
		r.Fatalf("%s answered %d, want %d: %s", r.to, r.status, status, r.text)
	}
	return r
}

// refused stops the test unless the answer is a problem of the code.
func (r reply) refused(status int, code mentoring.Code) reply {
	r.Helper()
	r.expect(status)
	if got := r.at("code"); got != string(code) {
		r.Fatalf("%s was refused with %v, want %s: %s", r.to, got, code, r.text)
	}
	return r
}

// at is the value at a path of names and indexes, nil where there is none.
func (r reply) at(path ...string) any {
	r.Helper()
	var value any
	if err := json.Unmarshal([]byte(r.text), &value); err != nil {
		r.Fatalf("%s: not JSON: %v: %s", r.to, err, r.text)
	}
	for _, name := range path {
		switch parent := value.(type) {
		case map[string]any:
			value = parent[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i >= len(parent) {
				return nil
			}
			value = parent[i]
		default:
			return nil
		}
	}
	return value
}

// is checks the value at a path.
func (r reply) is(want any, path ...string) reply {
	r.Helper()
	if got := r.at(path...); !reflect.DeepEqual(got, want) {
		r.Errorf("%s: %s is %v, want %v", r.to, strings.Join(path, "."), got, want)
	}
	return r
}

// actions are what allowedActions names, in order.
func (r reply) actions(path ...string) string {
	r.Helper()
	list, ok := r.at(append(path, "allowedActions")...).([]any)
	if !ok {
		r.Fatalf("%s: no allowedActions: %s", r.to, r.text)
	}
	var names []string
	for _, a := range list {
		names = append(names, a.(map[string]any)["action"].(string))
	}
	return strings.Join(names, " ")
}

func (r reply) id() string {
	r.Helper()
	id, _ := r.at("id").(string)
	return id
}

// ids are those of a list's items.
func (r reply) ids() (ids []string) {
	r.Helper()
	items, _ := r.at("items").([]any)
	for i := range items {
		ids = append(ids, r.at("items", strconv.Itoa(i), "id").(string))
	}
	return ids
}

// faults are the errors of a problem, as "pointer code", in order.
func (r reply) faults() (found []string) {
	r.Helper()
	list, _ := r.at("errors").([]any)
	for _, f := range list {
		f := f.(map[string]any)
		found = append(found, fmt.Sprintf("%s %s", f["pointer"], f["code"]))
	}
	return found
}

// object is a JSON object to send.
type object = map[string]any

// with is an object with some fields changed; nil takes a field away.
func with(o object, pairs ...any) object {
	changed := object{}
	for name, v := range o {
		changed[name] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			delete(changed, pairs[i].(string))
		} else {
			changed[pairs[i].(string)] = pairs[i+1]
		}
	}
	return changed
}

func enrolment(name string) object {
	return object{"name": name, "timeZone": "Europe/Berlin", "languages": []string{"en"}, "acceptGroundRules": true}
}

// draft is a slot so long after morning.
func draft(ahead time.Duration) object {
	return object{
		"title": "Your first weeks as a manager", "topic": "first-time-manager",
		"startsAt": morning.Add(ahead).Format(time.RFC3339), "durationMinutes": 30,
		"meeting": object{"videoUrl": "https://video.example/room"},
	}
}

func request() object {
	return object{
		"purpose": object{
			"kind": "skill_gap", "question": "How do I say no to my own team?",
			"desiredOutcome": "Two sentences I can use on Monday.",
		},
		"noConflict": true,
	}
}

// somewhere is a path of a route, with ids in it that belong to nobody.
var somewhere = strings.NewReplacer("{slotId}", noSlot, "{bookingId}", noBooking, "{personId}", noPerson, "{deadId}", "dead_aaaaaaaaaaaaaaaaaaaaaaaaaa", "{actionId}", "act_aaaaaaaaaaaaaaaaaaaaaaaaaa", "{concernId}", "con_aaaaaaaaaaaaaaaaaaaaaaaaaa")

func (p person) publishes(d object) string {
	p.Helper()
	return p.post("/v1/slots", d).expect(http.StatusCreated).id()
}

func (p person) books(slot string) string {
	p.Helper()
	return p.post("/v1/slots/"+slot+"/bookings", request()).expect(http.StatusCreated).id()
}

package cloud_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"flashmentoring/infra/local/cloud"
	"flashmentoring/internal/dynamolocal"
	"flashmentoring/internal/httpapi/contract"
)

// world is a local cloud as people meet it: over HTTP, and nothing else unless a test says so.
type world struct {
	*cloud.Cloud
	t      *testing.T
	client *http.Client
}

// empty is a configuration without seeds, on a free port, with data of its own.
func empty(t *testing.T) cloud.Config {
	t.Helper()
	return cloud.Config{DataDir: t.TempDir(), Table: cloud.Bolt, Empty: true}
}

// start runs a local cloud until the test ends. On a machine without Java or npm, tests on DynamoDB Local are skipped,
// unless REQUIRE_DYNAMODB_LOCAL=1 says that they must not be.
func start(t *testing.T, config cloud.Config) *world {
	t.Helper()
	local, err := cloud.Start(t.Context(), config)
	if errors.Is(err, dynamolocal.ErrMissing) && os.Getenv(dynamolocal.RequireVariable) != "1" {
		t.Skipf("not tested on DynamoDB Local (%s=1 makes this a failure): %v", dynamolocal.RequireVariable, err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := local.Close(); err != nil {
			t.Error(err)
		}
	})
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 200
	t.Cleanup(transport.CloseIdleConnections)
	return &world{local, t, &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// document is what infra/openapi.yaml promises.
var document = sync.OnceValues(func() (*contract.Contract, error) { return contract.Load("../../openapi.yaml") })

// api is a client that holds every answer of the API against the document.
func (w *world) api() *http.Client {
	w.t.Helper()
	promised, err := document()
	if err != nil {
		w.t.Fatal(err)
	}
	return &http.Client{Transport: &contract.Transport{
		Contract: promised, Next: w.client.Transport, Report: func(err error) { w.t.Error(err) },
	}}
}

// answer is what a request was answered with.
type answer struct {
	status int
	header http.Header
	text   string
	json   map[string]any
}

func (a answer) field(name string) string { return fmt.Sprint(a.json[name]) }

// ask sends a request; a body that is not a string is sent as JSON.
func (w *world) ask(client *http.Client, token, method, path string, body any) answer {
	w.t.Helper()
	var content io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	default:
		text, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.URL()+path, content)
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if content != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return w.send(client, request)
}

// do sends a request that is not of the usual form.
func (w *world) do(request *http.Request) answer {
	w.t.Helper()
	return w.send(w.client, request)
}

func (w *world) send(client *http.Client, request *http.Request) answer {
	w.t.Helper()
	response, err := client.Do(request)
	if err != nil {
		w.t.Error(err)
		return answer{}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		w.t.Error(err)
	}
	a := answer{status: response.StatusCode, header: response.Header, text: string(text)}
	_ = json.Unmarshal(text, &a.json) // not all answers are JSON objects
	return a
}

// get asks the local cloud itself.
func (w *world) get(path string) answer {
	w.t.Helper()
	return w.ask(w.client, "", http.MethodGet, path, nil)
}

func (w *world) post(path string, body any) answer {
	w.t.Helper()
	return w.ask(w.client, "", http.MethodPost, path, body)
}

// person is somebody with a token.
type person struct {
	w            *world
	email, token string
}

// signIn gets a token for somebody at example.org.
func (w *world) signIn(sub string) person {
	w.t.Helper()
	email := sub + "@example.org"
	a := w.post("/_local/token", map[string]any{"sub": sub, "email": email, "name": strings.ToUpper(sub), "groups": []string{}})
	if a.status != http.StatusOK {
		w.t.Fatalf("token: %d %s", a.status, a.text)
	}
	return person{w, email, a.field("token")}
}

// enrolled signs somebody in and enrols them.
func (w *world) enrolled(sub string) person {
	w.t.Helper()
	p := w.signIn(sub)
	p.must(http.StatusOK, http.MethodPut, "/v1/me", map[string]any{
		"name": strings.ToUpper(sub), "timeZone": "Europe/Berlin", "acceptGroundRules": true,
	})
	return p
}

func (p person) ask(method, path string, body any) answer {
	p.w.t.Helper()
	return p.w.ask(p.w.api(), p.token, method, path, body)
}

// must asks and wants a status.
func (p person) must(status int, method, path string, body any) answer {
	p.w.t.Helper()
	a := p.ask(method, path, body)
	if a.status != status {
		p.w.t.Fatalf("%s %s answers %d, want %d: %s", method, path, a.status, status, a.text)
	}
	return a
}

// publishes makes a slot that starts so much later, and returns its id.
func (p person) publishes(in time.Duration, seats int) string {
	p.w.t.Helper()
	draft := map[string]any{
		"title": "Reading a difficult paper", "topic": "publishing", "durationMinutes": 30,
		"startsAt": p.w.Now().Add(in).Format(time.RFC3339), "meeting": map[string]any{"videoUrl": "https://meet.example.org/x"},
	}
	if seats > 1 {
		draft["format"], draft["capacity"] = "circle", seats
	}
	return p.must(http.StatusCreated, http.MethodPost, "/v1/slots", draft).field("id")
}

func (p person) books(slot string) answer {
	p.w.t.Helper()
	return p.ask(http.MethodPost, "/v1/slots/"+slot+"/bookings", map[string]any{
		"purpose": map[string]any{
			"kind": "knowledge", "question": "Where does one begin?", "desiredOutcome": "To finish one paper this week.",
		},
		"noConflict": true,
	})
}

// mail is a mail as GET /_local/mail lists it.
type mail struct {
	ID, To, From, Subject, Text, HTML, Raw, Kind string
	At                                           time.Time
}

func (w *world) mail(to string) (mails []mail) {
	w.t.Helper()
	a := w.get("/_local/mail?to=" + to)
	if err := json.Unmarshal([]byte(a.text), &mails); err != nil || a.status != http.StatusOK {
		w.t.Fatalf("mail: %d %v: %s", a.status, err, a.text)
	}
	return mails
}

// travels moves the clock, over HTTP as people do.
func (w *world) travels(by string) answer {
	w.t.Helper()
	a := w.post("/_local/clock", map[string]any{"advance": by})
	if a.status != http.StatusOK {
		w.t.Fatalf("clock: %d %s", a.status, a.text)
	}
	return a
}

// portOf is the port to start on again: people keep their identity with it.
func portOf(t *testing.T, address string) (port int) {
	t.Helper()
	if _, err := fmt.Sscanf(address, "http://localhost:%d", &port); err != nil {
		t.Fatal(err)
	}
	return port
}

package assembly_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/apifunction"
	"flashmentoring/internal/assembly/maileventsfunction"
	"flashmentoring/internal/assembly/mailfunction"
	"flashmentoring/internal/assembly/pagesfunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/identity/localissuer"
	"flashmentoring/internal/links"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
)

// canary is in everything that somebody sends, and warbler in every name of a field that they make up. Neither may ever
// be in a log, nor in a problem, but that a problem points to fields by their names.
const canary, warbler = "kanari", "warbler"

// A canary where a text, an address or an id is wanted.
const (
	canaryText    = "Kanari sings of it"
	canaryAddress = "kanari@kanari.example"
	canaryID      = "kanarikanarikanarikanarika" // 26 letters of base32
)

// aviary is all functions on one table, as they are deployed, and what they write.
type aviary struct {
	testing.TB
	at      time.Time
	log     *journal
	storage *moody
	issuer  *localissuer.Issuer
	signer  *links.Signer
	post    *postOffice

	api, pages, mailer, clock, mailEvents lambda.Handler

	ids         map[string]bool // that were made: a log has none of them
	invocations int
	problems    int
}

func newAviary(t testing.TB) *aviary {
	t.Helper()
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	a := &aviary{
		TB: t, at: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC), log: &journal{}, storage: &moody{Table: engine},
		post: &postOffice{}, ids: map[string]bool{},
	}
	now := func() time.Time { return a.at }
	if a.issuer, err = localissuer.New("https://issuer.example", now); err != nil {
		t.Fatal(err)
	}
	surroundings := assembly.Surroundings{Table: a.storage, Now: now, Log: a.log, IssuerClient: a.issuer.Client()}
	shards := config.Table{OutboxShards: 1, OpenShards: 1, DueShards: 1}
	policy := config.Policy{
		MaxUpcomingConfirmed: 9, MaxOpenRequests: 9, MaxPerPair: 9, RequestHours: 48, MailsPerDay: 1000, KeepWordsDays: 365,
		StrikesAllowed: 3, StrikeDays: 90, CooldownDays: 28,
	}
	sender := config.Mail{From: netmail.Address{Address: "mentoring@example.org"}, Domain: "example.org"}
	keys := []config.LinkKey{{ID: "1", Secret: config.Secret(strings.Repeat("l", 32))}}
	if a.signer, err = assembly.Links("", keys); err != nil {
		t.Fatal(err)
	}
	api, err := apifunction.New(config.API{
		Table: shards, Policy: policy, Mail: sender, LinkKeys: keys, MetricsNamespace: "Test", LogLevel: slog.LevelDebug,
		Token: config.Token{Issuer: "https://issuer.example", Audience: "flash"}, CursorKey: config.Secret(strings.Repeat("k", 32)),
		Rate: config.Rate{WritesPerMinute: 60_000, ReadsPerMinute: 60_000},
	}, surroundings)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := pagesfunction.New(config.Pages{
		Table: shards, Policy: policy, Mail: sender, LinkKeys: keys, MetricsNamespace: "Test", LogLevel: slog.LevelDebug,
	}, surroundings)
	if err != nil {
		t.Fatal(err)
	}
	dispatcher, err := mailfunction.New(config.Mailer{
		Table: shards, Policy: policy, Mail: sender, LinkBase: "https://example.org", LinkKeys: keys,
		MetricsNamespace: "Test", LogLevel: slog.LevelDebug,
	}, a.post, surroundings)
	if err != nil {
		t.Fatal(err)
	}
	bounces := maileventsfunction.New(config.MailEvents{
		Table: shards, Account: "123456789012", ConfigurationSet: "flash-mentoring", MetricsNamespace: "Test", LogLevel: slog.LevelDebug,
	}, surroundings)
	a.api, a.pages = lambda.NewHandler(api), lambda.NewHandler(pages)
	a.mailer, a.clock = lambda.NewHandler(dispatcher.Stream), lambda.NewHandler(dispatcher.Tick)
	a.mailEvents = lambda.NewHandler(bounces.Handle)
	return a
}

// invoke hands a function an event. What a function fails with is logged by the runtime, so it counts as a line.
func (a *aviary) invoke(function lambda.Handler, event any) []byte {
	a.Helper()
	payload, ok := event.([]byte)
	if !ok {
		var err error
		if payload, err = json.Marshal(event); err != nil {
			a.Fatal(err)
		}
	}
	a.invocations++
	ctx := lambdacontext.NewContext(a.Context(), &lambdacontext.LambdaContext{AwsRequestID: "8476a536-e9f4-11e8-9739-2dfe598c3fcd"})
	//lint:ignore SA1029 the key is Lambda's
	ctx = context.WithValue(ctx, "x-amzn-trace-id", "Root="+canary+";Parent="+canary)
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	answer, err := function.Invoke(ctx, payload)
	if err != nil {
		fmt.Fprintf(a.log, "function failed: %T: %s\n", err, err)
	}
	return answer
}

// ask hands a function a request, and looks whether a problem repeats what was sent.
func (a *aviary) ask(function lambda.Handler, event events.APIGatewayV2HTTPRequest) events.APIGatewayV2HTTPResponse {
	a.Helper()
	var response events.APIGatewayV2HTTPResponse
	if answer := a.invoke(function, event); json.Unmarshal(answer, &response) != nil {
		a.Fatalf("%s is answered %s", event.RouteKey, answer)
	}
	for _, said := range a.echoes(response) {
		a.Errorf("%s %s: a problem repeats what was sent: %s", event.RequestContext.HTTP.Method, event.RawPath, said)
	}
	return response
}

// echoes are what a problem says again of what was sent. It may name fields, in pointers.
func (a *aviary) echoes(r events.APIGatewayV2HTTPResponse) []string {
	if r.Headers["Content-Type"] != "application/problem+json" || r.Body == "" { // to HEAD
		return nil
	}
	a.problems++
	var problem map[string]any
	if err := json.Unmarshal([]byte(r.Body), &problem); err != nil {
		return []string{"not JSON: " + r.Body}
	}
	wrong, _ := problem["errors"].([]any)
	for _, fault := range wrong {
		delete(fault.(map[string]any), "pointer")
	}
	rest, _ := json.Marshal(problem)
	return a.leaksIn(string(rest) + fmt.Sprint(r.Headers))
}

// leaks are the lines of the log that hold what none may hold.
func (a *aviary) leaks() []string {
	ids := make([]string, 0, len(a.ids))
	for id := range a.ids {
		ids = append(ids, id)
	}
	return a.leaksIn(a.log.String(), ids...)
}

func (a *aviary) leaksIn(text string, also ...string) (found []string) {
	for line := range strings.Lines(text) {
		low := strings.ToLower(line)
		for _, secret := range append(also, canary, warbler) {
			if strings.Contains(low, secret) {
				found = append(found, line)
				break
			}
		}
	}
	return found
}

// silent stops the test where a log holds anything it must not, and counts what was written.
func (a *aviary) silent() (lines, metrics int) {
	a.Helper()
	if found := a.leaks(); len(found) > 0 {
		a.Fatalf("%d lines of the log hold what none may hold, the first: %s", len(found), found[0])
	}
	for line := range strings.Lines(a.log.String()) {
		var parsed struct{ Message string }
		if err := json.Unmarshal([]byte(line), &parsed); err != nil && !strings.HasPrefix(line, "function failed: ") {
			a.Errorf("not a line of JSON: %s", line)
		}
		if parsed.Message == "metric" {
			metrics++
		} else {
			lines++
		}
	}
	if lines < a.invocations {
		a.Errorf("%d lines for %d invocations", lines, a.invocations)
	}
	return lines, metrics
}

// token is one of somebody all of whose claims are canaries.
func (a *aviary) token(who string) string {
	a.Helper()
	claims := localissuer.Claims{
		Sub: canary + "-" + who, Audience: "flash", Email: who + "." + canaryAddress, Name: "Kanari " + who,
		Groups: []string{canary},
	}
	if who == "cleo" {
		claims.Groups = append(claims.Groups, "coordinators")
	}
	token, err := a.issuer.Mint(claims, 100*24*time.Hour)
	if err != nil {
		a.Fatal(err)
	}
	return token
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

// moody is a table that fails when it is told to.
type moody struct {
	table.Table
	get, query, commit func() error
}

func (m *moody) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	if m.get != nil {
		return nil, m.get()
	}
	return m.Table.Get(ctx, keys...)
}

func (m *moody) Query(ctx context.Context, r table.Range) (table.Page, error) {
	if m.query != nil {
		return table.Page{}, m.query()
	}
	return m.Table.Query(ctx, r)
}

func (m *moody) Commit(ctx context.Context, writes ...table.Write) error {
	if m.commit != nil {
		return m.commit()
	}
	return m.Table.Commit(ctx, writes...)
}

// moods are ways to fail that say more than a log may.
var moods = map[string]func() error{
	"an error":               func() error { return errors.New(canaryText) },
	"an error of the engine": func() error { return fmt.Errorf("%w: %s", table.ErrInvalid, canaryText) },
	"a panic":                func() error { panic(canaryText) },
	"a panic with an error":  func() error { panic(fmt.Errorf("%s: %w", canaryText, io.EOF)) },
	"a panic of the runtime": func() error { return any(canaryText).(error) },
}

// sample is an event of events/.
func sample(t testing.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("../../events", name))
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// samples are the requests of events/, by their routes.
func samples(t testing.TB, function string) map[string]events.APIGatewayV2HTTPRequest {
	t.Helper()
	files, err := filepath.Glob("../../events/" + function + "/*.json")
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]events.APIGatewayV2HTTPRequest{}
	for _, file := range files {
		var event events.APIGatewayV2HTTPRequest
		sample(t, function+"/"+filepath.Base(file), &event)
		found[event.RouteKey] = event
	}
	return found
}

// variants are a JSON document with one value after the other exchanged for a canary, one with all of them, and one with a
// field nobody knows.
func variants(document []byte) (all [][]byte) {
	var root any
	if json.Unmarshal(document, &root) != nil {
		return nil
	}
	add := func() {
		text, _ := json.Marshal(root)
		all = append(all, text)
	}
	visit(root, func(get func() any, set func(any)) {
		was := get()
		for _, bird := range []any{canary, canaryText, canaryAddress, []any{canary}, map[string]any{warbler: canary}} {
			set(bird)
			add()
		}
		set(was)
	})
	if object, ok := root.(map[string]any); ok {
		object[warbler] = canary
		add()
	}
	visit(root, func(_ func() any, set func(any)) { set(canary) })
	add()
	return all
}

// visit shows every value in a document that is no object.
func visit(node any, show func(get func() any, set func(any))) {
	each := func(value any, get func() any, set func(any)) {
		switch value.(type) {
		case map[string]any, []any:
			visit(value, show)
		}
		if _, isObject := value.(map[string]any); !isObject {
			show(get, set)
		}
	}
	switch node := node.(type) {
	case map[string]any:
		for name, value := range node {
			each(value, func() any { return node[name] }, func(v any) { node[name] = v })
		}
	case []any:
		for i, value := range node {
			each(value, func() any { return node[i] }, func(v any) { node[i] = v })
		}
	}
}

// worded is a JSON document whose texts, which are what has a space in it, are canaries.
func worded(document string) string {
	var root any
	if json.Unmarshal([]byte(document), &root) != nil {
		return document
	}
	visit(root, func(get func() any, set func(any)) {
		if text, ok := get().(string); ok && strings.Contains(text, " ") {
			set("Kanari " + text)
		}
	})
	text, _ := json.Marshal(root)
	return string(text)
}

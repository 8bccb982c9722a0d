package assembly_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/sesmail"
	"flashmentoring/internal/table"
)

// postOffice is the mail service: the real client of SES, with answers that a test makes up.
type postOffice struct {
	answer func(*http.Request) (*http.Response, error) // nil: taken
	panics bool
	sent   int
}

func (p *postOffice) Send(ctx context.Context, m mail.Message) (string, error) {
	if p.panics {
		panic(m.To + canaryText)
	}
	if p.answer == nil {
		p.sent++
		return "id", nil
	}
	return sesmail.New(sesmail.Connect(aws.Config{
		Region: "eu-central-1", Credentials: credentials.NewStaticCredentialsProvider("k", "s", ""), HTTPClient: p,
	}), "").Send(ctx, m)
}

func (p *postOffice) Account(context.Context) (mail.Account, error) {
	return mail.Account{Enabled: true, Rate: 1e6, Quota: -1}, nil
}

func (p *postOffice) Do(r *http.Request) (*http.Response, error) { return p.answer(r) }

// refusing answers as SES does, with an address in its words.
func refusing(status int, code string) func(*http.Request) (*http.Response, error) {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Request: r,
			Header: http.Header{"X-Amzn-Errortype": {code}, "Content-Type": {"application/json"}, "X-Amzn-Requestid": {canary}},
			Body:   io.NopCloser(strings.NewReader(`{"message":"Email address is not verified or ` + canaryText + `: ` + canaryAddress + `"}`)),
		}, nil
	}
}

// bells are the outbox's rows as the stream announces them.
func (a *aviary) bells() events.DynamoDBEvent {
	a.Helper()
	var batch events.DynamoDBEvent
	sample(a, "mailer/outbox-insert.json", &batch)
	one := batch.Records[0]
	batch.Records = nil
	page, err := a.storage.Table.Query(a.Context(), table.Range{PK: "OUTBOX#00", Limit: 100})
	if err != nil {
		a.Fatal(err)
	}
	for _, r := range page.Records {
		rung := one
		rung.Change.Keys = map[string]events.DynamoDBAttributeValue{"PK": events.NewStringAttribute(r.PK), "SK": events.NewStringAttribute(r.SK)}
		batch.Records = append(batch.Records, rung)
	}
	return batch
}

// proof.md S5, of mailer and clock: records, whom mails go to, what SES says and what fails are in no line and no metric.
func TestMailTellsOnNobody(t *testing.T) {
	services := map[string]*postOffice{
		"takes it": {}, "panics": {panics: true},
		"says nothing": {answer: func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("dial %s", canaryAddress) }},
		"is unknown":   {answer: refusing(500, "Kanari says Kanari")},
		"is unclear": {answer: func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 400, Request: r, Body: io.NopCloser(strings.NewReader(canaryText))}, nil
		}},
		"refuses the message": {answer: refusing(400, "MessageRejected")},
		"refuses the request": {answer: refusing(400, "BadRequestException")},
		"is paused":           {answer: refusing(400, "SendingPausedException")},
		"asks to slow down":   {answer: refusing(429, "TooManyRequestsException")},
	}
	lines, metrics, invocations := 0, 0, 0
	for _, name := range slices.Sorted(maps.Keys(services)) {
		a, _ := lived(t, 0)
		*a.post = *services[name]
		bells := a.bells()
		for _, id := range []string{"PK", "SK"} { // a row that there is not, under a name that nobody gave it
			rung := bells.Records[0]
			rung.Change.Keys = maps.Clone(rung.Change.Keys)
			rung.Change.Keys[id] = events.NewStringAttribute("OUTBOX#" + canary + "\x00")
			bells.Records = append(bells.Records, rung)
		}
		for i, damaged := range []string{
			`{"event":"` + canary, `{"event":{"at":"` + canary + `"}}`, `{"event":{"kind":"` + canaryText + `"},"due":"2026-11-02T08:00:00Z"}`,
			`{"event":{"kind":"` + canary + `"},"due":"2026-11-02T08:00:00Z"}`, `{"event":{"kind":"booking_made","booking":"` + canary + `","slot":"` + canary + `"},"due":"2026-11-02T08:00:00Z"}`,
		} {
			for _, pk := range []string{"OUTBOX#00", "DUE#00"} {
				key := table.Key{PK: pk, SK: fmt.Sprintf("2026-11-02T08:00:00.000Z#%s%d", canary, i)}
				if err := a.storage.Table.Commit(t.Context(), table.Insert(table.Record{Key: key, Data: []byte(damaged)})); err != nil && !strings.Contains(err.Error(), "UTF-8") {
					t.Fatal(err)
				}
			}
		}
		a.invoke(a.mailer, bells)
		a.invoke(a.mailer, a.bells())
		for range 3 {
			a.at = a.at.Add(9 * time.Hour)
			a.invoke(a.clock, struct{}{})
		}
		a.at = a.at.Add(12 * 24 * time.Hour)
		a.invoke(a.clock, struct{}{}) // sessions are over, and surveys go out
		for _, trouble := range troubles(a.storage) {
			trouble()
			a.invoke(a.mailer, a.bells())
			a.invoke(a.clock, struct{}{})
		}
		l, m := a.silent()
		lines, metrics, invocations = lines+l, metrics+m, invocations+a.invocations
		if (a.post.sent > 0) != (name == "takes it") {
			t.Errorf("where the service %s, %d mails are sent", name, a.post.sent)
		}
	}
	t.Logf("%d invocations, where the mail service %s: %d lines and %d metrics, without a canary",
		invocations, strings.Join(slices.Sorted(maps.Keys(services)), ", "), lines, metrics)
}

// proof.md S5, of mailevents: nothing of an event is in a line, a metric, or an error.
func TestMailEventsTellOnNobody(t *testing.T) {
	files, err := filepath.Glob("../../events/mailevents/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	a := newAviary(t)
	for _, file := range files {
		var event map[string]any
		sample(t, "mailevents/"+filepath.Base(file), &event)
		whole, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		for _, payload := range append(variants(whole), whole, []byte(strings.ReplaceAll(string(whole), "bounce@simulator.amazonses.com", canaryAddress))) {
			a.invoke(a.mailEvents, payload)
		}
		for _, trouble := range troubles(a.storage) {
			trouble()
			a.invoke(a.mailEvents, []byte(strings.ReplaceAll(string(whole), "bounce@simulator.amazonses.com", canaryAddress)))
		}
		a.storage.get, a.storage.query, a.storage.commit = nil, nil, nil
	}
	if found := a.leaks(); len(found) > 0 {
		t.Fatalf("%d lines hold what none may hold, the first: %s", len(found), found[0])
	}
	t.Logf("%d events: %d lines, without a canary", a.invocations, strings.Count(a.log.String(), "\n"))
}

package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/infra/local/cloud"
	"flashmentoring/internal/httpapi/contract"
	"flashmentoring/internal/samtemplate"
)

// court is a judge over functions in this process, as the template has them and without the SAM CLI, with all samples.
func court(t *testing.T) (judge, []sample) {
	t.Helper()
	t.Chdir("../..")
	template, err := samtemplate.Load("template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	document, err := contract.Load("infra/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	samples, err := findSamples("events", template)
	if err != nil {
		t.Fatal(err)
	}
	local, err := cloud.Start(t.Context(), cloud.Config{DataDir: t.TempDir(), Empty: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = local.Close() })
	return judge{document: document, template: template, cloud: local, invoke: local.Invoke, out: io.Discard}, samples
}

// The rules fit every sample there is, so whoever adds one learns here what the SAM CLI would say.
func TestEverySampleIsAnswered(t *testing.T) {
	j, samples := court(t)
	if err := j.all(t.Context(), samples, 4); err != nil {
		t.Error(err)
	}
}

func TestAnswersThatAreWrong(t *testing.T) {
	j, samples := court(t)
	honest := j.invoke
	changed := func(change func(*events.APIGatewayV2HTTPResponse)) func([]byte) []byte {
		return func(answer []byte) []byte {
			var r events.APIGatewayV2HTTPResponse
			if err := json.Unmarshal(answer, &r); err != nil {
				t.Error(err)
			}
			change(&r)
			text, _ := json.Marshal(r)
			return text
		}
	}
	instead := func(answer string) func([]byte) []byte { return func([]byte) []byte { return []byte(answer) } }
	for _, test := range []struct {
		sample string
		change func(answer []byte) []byte
		want   string // in what is said of it
	}{
		{"api/get-me", instead(`{"errorMessage":"exit status 1","errorType":"Runtime.ExitError"}`), "exit status 1"},
		{"api/get-me", changed(func(r *events.APIGatewayV2HTTPResponse) { r.StatusCode = 404 }), "the status is 404"},
		{"api/get-me", changed(func(r *events.APIGatewayV2HTTPResponse) { r.Body = `{}` }), "missing properties"},
		{"api/put-me", changed(func(r *events.APIGatewayV2HTTPResponse) { r.Headers = nil }), "ETag is missing"},
		{"api/get-slot", changed(func(r *events.APIGatewayV2HTTPResponse) { r.StatusCode = 200 }), "the status is 200"},
		{"api/delete-me", changed(func(r *events.APIGatewayV2HTTPResponse) { r.StatusCode = 500 }), "the status is 500"},
		{"pages/get-survey", changed(func(r *events.APIGatewayV2HTTPResponse) { r.StatusCode = 200 }), "the status is 200"},
		{"pages/get-survey", changed(func(r *events.APIGatewayV2HTTPResponse) { r.Body = "Not Found" }), "no page"},
		{"pages/get-survey", changed(func(r *events.APIGatewayV2HTTPResponse) { r.Headers = nil }), "media type"},
		{"mailer/outbox-insert", instead(`{"batchItemFailures":[{"itemIdentifier":"1"}]}`), "answers"},
		{"mailer/outbox-insert", instead(`null`), "answers"},
		{"clock/tick", instead(`{"errorMessage":"Task timed out"}`), "timed out"},
		{"mailevents/bounce", instead(`{}`), "answers"},
	} {
		t.Run(test.sample+" "+test.want, func(t *testing.T) {
			j.invoke = func(ctx context.Context, function string, event []byte) ([]byte, error) {
				answer, err := honest(ctx, function, event)
				return test.change(answer), err
			}
			if err := j.all(t.Context(), named(samples, test.sample), 1); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A function that answers well and does nothing is found out.
func TestSuppressionsThatAreMissing(t *testing.T) {
	j, samples := court(t)
	j.invoke = func(context.Context, string, []byte) ([]byte, error) { return []byte("null"), nil }
	for _, name := range []string{"mailevents/bounce", "mailevents/complaint"} {
		if err := j.all(t.Context(), named(samples, name), 1); err == nil || !strings.Contains(err.Error(), "is suppressed is false") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, name := range []string{"mailevents/bounce-transient", "mailevents/delivery"} {
		if err := j.all(t.Context(), named(samples, name), 1); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// What was too slow among others may be quick enough alone, and is wrong when it is not.
func TestAnswersThatAreLate(t *testing.T) {
	j, samples := court(t)
	honest := j.invoke
	busy := func(context.Context, string, []byte) ([]byte, error) {
		return []byte(`{"statusCode":503,"headers":{"Content-Type":"application/problem+json","Retry-After":"1"},"body":"{}"}`), nil
	}
	over := func(context.Context, string, []byte) ([]byte, error) { return nil, errLate }
	for _, slow := range []func(context.Context, string, []byte) ([]byte, error){busy, over} {
		times := 0
		j.invoke = func(ctx context.Context, function string, event []byte) ([]byte, error) {
			if times++; times == 1 {
				return slow(ctx, function, event)
			}
			return honest(ctx, function, event)
		}
		if err := j.all(t.Context(), named(samples, "api/get-report"), 2); err != nil || times != 2 {
			t.Errorf("asked %d times: %v", times, err)
		}
		j.invoke = slow
		if err := j.all(t.Context(), named(samples, "api/get-report"), 2); !errors.Is(err, errLate) {
			t.Errorf("always too slow: %v", err)
		}
	}
}

// A sample of another function's route would be answered, and by the wrong one.
func TestSampleOfAnotherFunction(t *testing.T) {
	j, samples := court(t)
	s := named(samples, "pages/get-survey")[0]
	s.function = "ApiFunction"
	if _, err := j.one(t.Context(), s); err == nil || !strings.Contains(err.Error(), "not a route of ApiFunction") {
		t.Errorf("got %v", err)
	}
}

func named(samples []sample, name string) []sample {
	for _, s := range samples {
		if s.name == name {
			return []sample{s}
		}
	}
	return nil
}

package samtemplate_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"flashmentoring/internal/samtemplate"
)

func TestFunctionsTakeGlobals(t *testing.T) {
	got := parse(t, `
Globals: {Function: {Runtime: provided.al2023, Timeout: 60, MemorySize: 256}}
Resources:
  B: {Type: AWS::Serverless::Function, Properties: {Timeout: 10, Runtime: python3.13}}
  A:
    Type: AWS::Serverless::Function
    Properties: {MemorySize: 512, Events: {Tick: {Type: ScheduleV2}, Other: {Type: DynamoDB}}}
  C: {Type: AWS::SQS::Queue}
`).Functions()
	want := []samtemplate.Function{
		{ID: "A", Runtime: "provided.al2023", Timeout: time.Minute, MemorySize: 512, Events: []samtemplate.Event{
			{Name: "Other", Type: "DynamoDB"}, {Name: "Tick", Type: "ScheduleV2"},
		}},
		{ID: "B", Runtime: "python3.13", Timeout: 10 * time.Second, MemorySize: 256},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(samtemplate.Event{})); diff != "" {
		t.Error(diff)
	}
}

// The mailer is woken by what is put into the outbox, and tells which records of a batch it could not take.
func TestProjectMailerEvent(t *testing.T) {
	event := onlyEvent(t, "MailerFunction", "DynamoDB")
	var criteria struct {
		Filters []struct {
			Pattern string `yaml:"Pattern"`
		} `yaml:"Filters"`
	}
	if err := event.Property("FilterCriteria", &criteria); err != nil || len(criteria.Filters) != 1 {
		t.Fatalf("got %+v, %v; want one filter", criteria, err)
	}
	var got, want any
	if err := json.Unmarshal([]byte(criteria.Filters[0].Pattern), &got); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal([]byte(
		`{"eventName": ["INSERT"], "dynamodb": {"Keys": {"PK": {"S": [{"prefix": "OUTBOX#"}]}}}}`), &want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	var answers []string
	if err := event.Property("FunctionResponseTypes", &answers); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"ReportBatchItemFailures"}, answers); diff != "" {
		t.Error(diff)
	}
	bisect := false
	if err := event.Property("BisectBatchOnFunctionError", &bisect); err != nil || !bisect {
		t.Errorf("BisectBatchOnFunctionError: got %v, %v", bisect, err)
	}
}

func TestProjectClockEvent(t *testing.T) {
	event := onlyEvent(t, "ClockFunction", "ScheduleV2")
	var expression string
	if err := event.Property("ScheduleExpression", &expression); err != nil || expression != "rate(1 minute)" {
		t.Errorf("got %q, %v", expression, err)
	}
	untouched := "as before"
	if err := event.Property("Nothing", &untouched); err != nil || untouched != "as before" {
		t.Errorf("a property that is not there: got %q, %v", untouched, err)
	}
	if err := event.Property("ScheduleExpression", new(int)); err == nil {
		t.Error("a property of another form: no error")
	}
}

// The function for bounces and complaints is woken by events of SES about our own mails, and no others.
func TestProjectMailEventsEvent(t *testing.T) {
	event := onlyEvent(t, "MailEventsFunction", "EventBridgeRule")
	var pattern struct {
		Source     []string `yaml:"source"`
		DetailType []string `yaml:"detail-type"`
		Detail     struct {
			Mail struct {
				Tags map[string][]string `yaml:"tags"`
			} `yaml:"mail"`
		} `yaml:"detail"`
	}
	if err := event.Property("Pattern", &pattern); err != nil {
		t.Fatal(err)
	}
	want := []any{
		[]string{"aws.ses"}, []string{"Email Bounced", "Email Complaint Received"},
		map[string][]string{"ses:configuration-set": {"ConfigurationSet"}},
	}
	if diff := cmp.Diff(want, []any{pattern.Source, pattern.DetailType, pattern.Detail.Mail.Tags}); diff != "" {
		t.Error(diff)
	}
}

func onlyEvent(t *testing.T, function, eventType string) samtemplate.Event {
	t.Helper()
	for _, f := range project(t).Functions() {
		if f.ID == function && len(f.Events) == 1 && f.Events[0].Type == eventType {
			return f.Events[0]
		}
	}
	t.Fatalf("%s is not woken by one event of type %s", function, eventType)
	return samtemplate.Event{}
}

package stream_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"flashmentoring/infra/local/stream"
	"flashmentoring/internal/samtemplate"
)

func functionOf(t *testing.T, properties string) samtemplate.Function {
	t.Helper()
	template, err := samtemplate.Parse([]byte(`
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Events: {Rows: {Type: DynamoDB, Properties: {` + properties + `}}}}
`))
	if err != nil {
		t.Fatal(err)
	}
	return template.Functions()[0]
}

func TestSettingsFromTemplate(t *testing.T) {
	tests := []struct {
		name, properties string
		want             stream.Settings
		filters          int
	}{
		{"defaults", ``, stream.Settings{BatchSize: 100, Retries: 10}, 0},
		{
			"everything",
			`BatchSize: 7, MaximumRetryAttempts: 3, BisectBatchOnFunctionError: true,
			 FunctionResponseTypes: [ReportBatchItemFailures],
			 FilterCriteria: {Filters: [{Pattern: '{"eventName":["INSERT"]}'}, {Pattern: '{"eventName":["MODIFY"]}'}]}`,
			stream.Settings{BatchSize: 7, Retries: 3, Bisect: true, Partial: true}, 2,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := stream.FromTemplate(functionOf(t, test.properties))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got, cmpopts.IgnoreFields(stream.Settings{}, "Filters")); diff != "" {
				t.Error(diff)
			}
			if len(got.Filters) != test.filters {
				t.Errorf("got %d filters, want %d", len(got.Filters), test.filters)
			}
		})
	}
}

func TestSettingsRefuseWhatCannotBeDoneHere(t *testing.T) {
	for _, properties := range []string{
		`BatchSize: many`, `FilterCriteria: {Filters: [{Pattern: '{"eventName":[{"suffix":"T"}]}'}]}`,
	} {
		if _, err := stream.FromTemplate(functionOf(t, properties)); err == nil {
			t.Errorf("%s: no error", properties)
		}
	}
	if _, err := stream.FromTemplate(samtemplate.Function{ID: "F"}); err == nil {
		t.Error("a function no stream wakes: no error")
	}
}

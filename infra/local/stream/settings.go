package stream

import (
	"errors"
	"fmt"
	"slices"

	"flashmentoring/internal/samtemplate"
)

// Settings say how a mapping delivers.
type Settings struct {
	// BatchSize is the most records of one invocation.
	BatchSize int
	// Filters select records: one must match. None selects all.
	Filters []Filter
	// Retries is how often a batch that failed is delivered again before it is given up.
	Retries int
	// Bisect halves a batch on which the function failed, so that one bad record does not keep back the others.
	Bisect bool
	// Partial has the function say which records it could not take. Without, its answer is not looked at.
	Partial bool
}

// FromTemplate reads the settings of the one stream that wakes a function. It returns an error when there is none, or
// when the template says something this package cannot do.
func FromTemplate(f samtemplate.Function) (Settings, error) {
	at := slices.IndexFunc(f.Events, func(e samtemplate.Event) bool { return e.Type == "DynamoDB" })
	if at < 0 {
		return Settings{}, fmt.Errorf("template: no stream wakes function %s", f.ID)
	}
	// The defaults are those of AWS::Lambda::EventSourceMapping, but for the retries: forever is no use here.
	s := Settings{BatchSize: 100, Retries: 10}
	var criteria struct {
		Filters []struct {
			Pattern string `yaml:"Pattern"`
		} `yaml:"Filters"`
	}
	var answers []string
	event := f.Events[at]
	err := errors.Join(
		event.Property("BatchSize", &s.BatchSize),
		event.Property("MaximumRetryAttempts", &s.Retries),
		event.Property("BisectBatchOnFunctionError", &s.Bisect),
		event.Property("FunctionResponseTypes", &answers),
		event.Property("FilterCriteria", &criteria),
	)
	s.Partial = slices.Contains(answers, "ReportBatchItemFailures")
	for _, c := range criteria.Filters {
		filter, wrong := ParseFilter(c.Pattern)
		s.Filters, err = append(s.Filters, filter), errors.Join(err, wrong)
	}
	if err != nil {
		return Settings{}, fmt.Errorf("template: function %s: %w", f.ID, err)
	}
	return s, nil
}

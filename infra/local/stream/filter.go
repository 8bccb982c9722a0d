package stream

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// Filter is a filter pattern of an event source mapping (AWS Lambda developer guide, "Control which events Lambda
// sends to your function"). Of its operators this package knows the two the template needs: a text that must be
// equal, and {"prefix": …}.
type Filter struct{ pattern map[string]any }

// ParseFilter reads a pattern. It returns an error for one that is not JSON of that form.
func ParseFilter(pattern string) (Filter, error) {
	var f Filter
	if err := json.Unmarshal([]byte(pattern), &f.pattern); err != nil {
		return f, fmt.Errorf("filter pattern: %w", err)
	}
	if err := checkPattern("", f.pattern); err != nil {
		return f, fmt.Errorf("filter pattern: %w", err)
	}
	return f, nil
}

func checkPattern(at string, pattern map[string]any) error {
	for name, part := range pattern {
		at := at + "/" + name
		switch part := part.(type) {
		case map[string]any:
			if err := checkPattern(at, part); err != nil {
				return err
			}
		case []any:
			for _, rule := range part {
				if _, ok := ruleFor(rule); !ok {
					return fmt.Errorf("%s: only texts and prefixes are known here", at)
				}
			}
		default:
			return fmt.Errorf("%s: must be an object or a list", at)
		}
	}
	return nil
}

// ruleFor is the test that one rule of a pattern's list stands for.
func ruleFor(rule any) (matches func(string) bool, ok bool) {
	switch rule := rule.(type) {
	case string:
		return func(s string) bool { return s == rule }, true
	case map[string]any:
		prefix, ok := rule["prefix"].(string)
		return func(s string) bool { return strings.HasPrefix(s, prefix) }, ok && len(rule) == 1
	}
	return nil, false
}

// Match reports whether the record passes.
func (f Filter) Match(r events.DynamoDBEventRecord) bool {
	text, err := json.Marshal(r)
	if err != nil {
		return false
	}
	var content map[string]any
	return json.Unmarshal(text, &content) == nil && matchAll(f.pattern, content)
}

func matchAll(pattern, content map[string]any) bool {
	for name, part := range pattern {
		switch part := part.(type) {
		case map[string]any:
			inner, ok := content[name].(map[string]any)
			if !ok || !matchAll(part, inner) {
				return false
			}
		case []any:
			if s, ok := content[name].(string); !ok || !matchAny(part, s) {
				return false
			}
		}
	}
	return true
}

func matchAny(rules []any, s string) bool {
	for _, rule := range rules {
		if matches, ok := ruleFor(rule); ok && matches(s) {
			return true
		}
	}
	return false
}

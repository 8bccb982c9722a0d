package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/samtemplate"
)

// sample is one event of events/, for one function.
type sample struct {
	name     string // "api/get-me"
	function string // id of its function
	text     []byte
}

// findSamples reads all events below a folder. Those of a function are in the folder that is named after it, as in
// functions/: ApiFunction's in api. It returns an error for a folder of no function, and for a function without events: a new
// one must have some, or nobody knows whether it runs.
func findSamples(folder string, template *samtemplate.Template) (all []sample, err error) {
	files, err := filepath.Glob(filepath.Join(folder, "*", "*.json"))
	if err != nil {
		return nil, err
	}
	functions, used := map[string]string{}, map[string]bool{}
	for _, f := range template.Functions() {
		functions[strings.ToLower(strings.TrimSuffix(f.ID, "Function"))] = f.ID
	}
	for _, file := range files {
		of := filepath.Base(filepath.Dir(file))
		s := sample{name: of + "/" + strings.TrimSuffix(filepath.Base(file), ".json"), function: functions[of]}
		if s.function == "" {
			return nil, fmt.Errorf("%s: there is no function of this name", file)
		}
		if s.text, err = os.ReadFile(file); err != nil {
			return nil, err
		}
		used[of] = true
		all = append(all, s)
	}
	for of, id := range functions {
		if !used[of] {
			return nil, fmt.Errorf("%s has no event in %s", id, filepath.Join(folder, of))
		}
	}
	return all, nil
}

// request is the request of the HTTP API that a sample stands for; without a route key it is something else.
func (s sample) request() (r events.APIGatewayV2HTTPRequest, err error) {
	if err := json.Unmarshal(s.text, &r); err != nil && bytes.Contains(s.text, []byte(`"routeKey"`)) {
		return r, fmt.Errorf("%s: %w", s.name, err)
	}
	return r, nil
}

// instant finds the times in a sample, in text and in JSON within text.
var instant = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)

// today moves all times of a sample by whole days, so that the day it was received is today: what lay ahead then does
// so now.
func (s sample) today(received, now time.Time) sample {
	days := int(now.Truncate(24*time.Hour).Sub(received.Truncate(24*time.Hour)).Hours() / 24)
	s.text = instant.ReplaceAllFunc(s.text, func(text []byte) []byte {
		at, err := time.Parse(time.RFC3339Nano, string(text))
		if err != nil {
			return text // digits that are no time
		}
		return at.AddDate(0, 0, days).AppendFormat(nil, "2006-01-02T15:04:05.999Z")
	})
	return s
}

// signed puts a token in place of the word that stands for one.
func (s sample) signed(token string) sample {
	s.text = bytes.Replace(s.text, []byte("Bearer TOKEN"), []byte("Bearer "+token), 1)
	return s
}

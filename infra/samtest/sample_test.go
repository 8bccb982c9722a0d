package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/samtemplate"
)

func TestFindSamples(t *testing.T) {
	template, err := samtemplate.Parse([]byte(`
Resources:
  ApiFunction: {Type: AWS::Serverless::Function}
  MailEventsFunction: {Type: AWS::Serverless::Function}
`))
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	put := func(name string) {
		t.Helper()
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(`{}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("api/get-me.json")
	if _, err := findSamples(folder, template); err == nil || !strings.Contains(err.Error(), "MailEventsFunction has no event") {
		t.Errorf("a function without events: %v", err)
	}
	put("mailevents/bounce.json")
	all, err := findSamples(folder, template)
	if err != nil || len(all) != 2 || all[0].name != "api/get-me" || all[0].function != "ApiFunction" || all[1].function != "MailEventsFunction" {
		t.Errorf("got %+v, %v", all, err)
	}
	put("other/tick.json")
	if _, err := findSamples(folder, template); err == nil || !strings.Contains(err.Error(), "no function of this name") {
		t.Errorf("events of no function: %v", err)
	}
}

func TestToday(t *testing.T) {
	received := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	s := sample{text: []byte(`{"at": "2026-11-22T09:00:05.120Z", "body": "{\"startsAt\":\"2026-12-01T15:00:00Z\"}", "on": "2026-11-22"}`)}
	for now, want := range map[string]string{
		"2026-11-22T23:59:59Z": string(s.text),
		"2027-03-02T00:10:00Z": `{"at": "2027-03-02T09:00:05.12Z", "body": "{\"startsAt\":\"2027-03-11T15:00:00Z\"}", "on": "2026-11-22"}`,
		"2026-11-20T12:00:00Z": `{"at": "2026-11-20T09:00:05.12Z", "body": "{\"startsAt\":\"2026-11-29T15:00:00Z\"}", "on": "2026-11-22"}`,
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.ReplaceAll(string(s.today(received, at).text), "05.120Z", "05.12Z"); got != strings.ReplaceAll(want, "05.120Z", "05.12Z") {
			t.Errorf("%s: got %s", now, got)
		}
	}
}

func TestSigned(t *testing.T) {
	s := sample{text: []byte(`{"headers": {"authorization": "Bearer TOKEN"}}`)}
	if got := string(s.signed("a.b.c").text); got != `{"headers": {"authorization": "Bearer a.b.c"}}` {
		t.Errorf("got %s", got)
	}
}

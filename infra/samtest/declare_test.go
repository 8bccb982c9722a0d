package main

import (
	"os"
	"testing"

	"flashmentoring/internal/samtemplate"
)

// All functions declare the variables, and nothing else of the template changes.
func TestDeclare(t *testing.T) {
	for _, template := range []string{
		"Globals: {Function: {Environment: {Variables: {OWN: !Ref Own}}}}\nParameters: {Own: {Default: mine}}\nResources: {F: {Type: AWS::Serverless::Function}}\n",
		"Parameters: {Own: {Default: mine}}\nResources: {F: {Type: AWS::Serverless::Function, Properties: {Environment: {Variables: {OWN: !Ref Own}}}}}\n",
	} {
		declared, err := declare([]byte(template), "ONE", "TWO")
		if err != nil {
			t.Fatal(err)
		}
		read, err := samtemplate.Parse(declared)
		if err != nil {
			t.Fatal(err)
		}
		got, err := read.Environment("F", samtemplate.Values{})
		if err != nil || len(got) != 3 || got["OWN"] != "mine" || got["ONE"] != "" || got["TWO"] != "" {
			t.Errorf("got %v, %v", got, err)
		}
	}
}

func TestDeclareRefuses(t *testing.T) {
	for _, template := range []string{"", "Globals: [1]", "a: b: c", "Globals: {Function: {Environment: !Ref Other}}"} {
		if declared, err := declare([]byte(template), "ONE"); err == nil {
			t.Errorf("%q: got %s", template, declared)
		}
	}
}

func TestDeclareInTheTemplate(t *testing.T) {
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	declared, err := declare(template, "ONE")
	if err != nil {
		t.Fatal(err)
	}
	before, err := samtemplate.Parse(template)
	if err != nil {
		t.Fatal(err)
	}
	after, err := samtemplate.Parse(declared)
	if err != nil {
		t.Fatal(err)
	}
	if was, is := before.Functions(), after.Functions(); len(was) != len(is) || len(is) == 0 {
		t.Errorf("there were %d functions and are %d", len(was), len(is))
	}
}

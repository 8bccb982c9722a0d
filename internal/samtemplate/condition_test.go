package samtemplate_test

import (
	"strings"
	"testing"

	"flashmentoring/internal/samtemplate"
)

func TestEnvironmentChoosesByConditions(t *testing.T) {
	const head = `
Parameters:
  Given: {Type: String, Default: ""}
  Other: {Type: String, Default: x}
Conditions:
  Without: !Equals [!Ref Given, ""]
  With: !Not [!Condition Without]
  Long: {"Fn::Not": [{"Fn::Equals": [{Ref: Given}, ""]}]}
  Both: !And [!Condition With, !Equals [!Ref Other, x]]
  Either: !Or [!Condition With, !Equals [!Ref Other, y], {Condition: Long}]
  Chosen: !Equals [!If [With, a, b], b]
  Odd: !Contains [[a], a]
  Unknown: !Condition Missing
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties: {Environment: {Variables: {VALUE: `
	for notation, want := range map[string][2]string{ // without and with a value for Given
		`!If [With, yes, no]`:                               {"no", "yes"},
		`!If [Without, yes, no]`:                            {"yes", "no"},
		`{"Fn::If": [Long, !Ref Given, !Sub "<${Other}>"]}`: {"<x>", "given"},
		`!If [Both, yes, no]`:                               {"no", "yes"},
		`!If [Either, yes, no]`:                             {"no", "yes"},
		`!If [Chosen, yes, no]`:                             {"yes", "no"},
		`!If [With, !If [Both, deep, no], no]`:              {"no", "deep"},
	} {
		t.Run(notation, func(t *testing.T) {
			template := parse(t, head+notation+"}}}\n")
			for i, values := range []samtemplate.Values{{}, {Refs: map[string]string{"Given": "given"}}} {
				got, err := template.Environment("F", values)
				if err != nil || got["VALUE"] != want[i] {
					t.Errorf("got %q, %v; want %q", got["VALUE"], err, want[i])
				}
			}
		})
	}
	for notation, want := range map[string]string{
		`!If [Nothing, yes, no]`:         "no condition Nothing",
		`!If [Unknown, yes, no]`:         "no condition Missing",
		`!If [Odd, yes, no]`:             "neither Fn::Equals of two values",
		`!If [With, !Ref Missing, b]`:    "no value for Missing",
		`!If [Without, !Ref Missing, b]`: "",
	} {
		values := samtemplate.Values{Refs: map[string]string{"Given": "given"}}
		_, err := parse(t, head+notation+"}}}\n").Environment("F", values)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got error %v, want one with %q", notation, err, want)
		}
	}
	if _, err := samtemplate.Parse([]byte(head + "!If [With, yes]}}}\n")); err == nil || !strings.Contains(err.Error(), "not a condition and two values") {
		t.Errorf("half an Fn::If: got error %v", err)
	}
}

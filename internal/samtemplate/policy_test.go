package samtemplate_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/samtemplate"
)

func statements(t *testing.T, function string) []samtemplate.Statement {
	t.Helper()
	all, err := project(t).Statements(function)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// onEverything are the actions that AWS grants on everything or not at all.
var onEverything = []string{"xray:PutTraceSegments", "xray:PutTelemetryRecords", "ses:GetAccount"}

// proof.md S7: a role for each function, and nothing wider than it must be.
func TestProjectLeastPrivilege(t *testing.T) {
	holders := map[string]string{}
	for _, f := range project(t).Functions() {
		role, err := project(t).Role(f.ID)
		if err != nil {
			t.Fatal(err)
		}
		if other, taken := holders[role]; taken {
			t.Errorf("%s and %s share %s", f.ID, other, role)
		}
		holders[role] = f.ID
		for _, s := range statements(t, f.ID) {
			checkNarrow(t, f.ID, s)
		}
	}
}

func checkNarrow(t *testing.T, function string, s samtemplate.Statement) {
	t.Helper()
	for _, action := range s.Actions {
		if strings.Contains(action, "*") {
			t.Errorf("%s: action %s", function, action)
		}
		if slices.Contains(s.Resources, "*") && !slices.Contains(onEverything, action) {
			t.Errorf("%s: %s on everything", function, action)
		}
	}
	for _, resource := range s.Resources {
		if strings.Contains(resource, "*") && resource != "*" && resource != "${Table.Arn}/stream/*" {
			t.Errorf("%s: resource %s", function, resource)
		}
	}
}

func TestProjectOnlyMailerAndClockSendMail(t *testing.T) {
	var senders []string
	for _, f := range project(t).Functions() {
		for _, s := range statements(t, f.ID) {
			if !slices.ContainsFunc(s.Actions, func(a string) bool { return strings.HasPrefix(a, "ses:Send") }) {
				continue
			}
			senders = append(senders, f.ID)
			want := map[string]map[string][]string{
				"StringEquals": {"ses:FromAddress": {"${MailFromUser}@${MailDomain}"}},
			}
			if diff := cmp.Diff(want, s.Conditions); diff != "" {
				t.Errorf("%s may send from other addresses:\n%s", f.ID, diff)
			}
		}
	}
	if diff := cmp.Diff([]string{"ClockFunction", "MailerFunction"}, senders); diff != "" {
		t.Error(diff)
	}
}

// The function for bounces and complaints reaches no record but those of suppressed addresses.
func TestProjectMailEventsWritesSuppressionsOnly(t *testing.T) {
	got, err := project(t).Grants("MailEventsFunction", "Table")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"dynamodb:BatchGetItem SUPPRESSED#*", "dynamodb:PutItem SUPPRESSED#*"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestGrants(t *testing.T) {
	const roles = `
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt R.Arn}}
  R:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument:
            Statement:
              - {Effect: Allow, Action: [d:Query, d:Get], Resource: !GetAtt T.Arn}
              - Effect: Allow
                Action: d:Query
                Resource: [!Sub "${T.Arn}/index/i", !GetAtt Other.Arn]
                Condition: {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["A#*", B]}}
              - {Effect: Allow, Action: d:Stream, Resource: !Sub "${T.Arn}/stream/*"}
`
	got, err := parse(t, roles).Grants("F", "T")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"d:Get *", "d:Query *", "d:Query index/i A#*", "d:Query index/i B"}, got); diff != "" {
		t.Error(diff)
	}
	for before, after := range map[string]string{
		"{Effect: Allow, Action: [": "{Effect: Deny, Action: [", "ForAllValues:": "ForAnyValue:", `["A#*", B]`: `["A#*", B], "dynamodb:Select": [COUNT]`, `"A#*", B`: "",
	} {
		if got, err := parse(t, strings.Replace(roles, before, after, 1)).Grants("F", "T"); err == nil {
			t.Errorf("with %s: %v", after, got)
		}
	}
}

func TestStatements(t *testing.T) {
	const roles = `
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Role: !GetAtt R.Arn}}
  R:
    Type: AWS::IAM::Role
    Properties:
      ManagedPolicyArns: [!Ref Shared]
      Policies:
        - PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "a:One", Resource: !Sub "${Table.Arn}/x"}
              - {Effect: Deny, Action: ["a:Two", "a:Three"], Resource: ["*", !GetAtt Table.Arn]}
  Shared:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - {Effect: Allow, Action: ["b:One"], Resource: !Ref Q, Condition: {Bool: {"aws:SecureTransport": true}}}
`
	got, err := parse(t, roles).Statements("F")
	if err != nil {
		t.Fatal(err)
	}
	want := []samtemplate.Statement{
		{Effect: "Allow", Actions: []string{"a:One"}, Resources: []string{"${Table.Arn}/x"}},
		{Effect: "Deny", Actions: []string{"a:Two", "a:Three"}, Resources: []string{"*", "${Table.Arn}"}},
		{
			Effect: "Allow", Actions: []string{"b:One"}, Resources: []string{"${Q}"},
			Conditions: map[string]map[string][]string{"Bool": {"aws:SecureTransport": {"true"}}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	for change, want := range map[string]string{
		"!GetAtt R.Arn": "has no role in this template",
		"!Ref Shared":   `managed policy "arn:aws:iam::aws:policy/Admin" is not in this template`,
	} {
		changed := parse(t, strings.Replace(roles, change, "arn:aws:iam::aws:policy/Admin", 1))
		if _, err := changed.Statements("F"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("without %s: got error %v, want one with %q", change, err, want)
		}
	}
	if _, err := parse(t, roles).Statements("G"); err == nil {
		t.Error("a function that is not there: no error")
	}
}

package stack_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// onEverything are the actions that AWS grants on everything or not at all, and what they are for.
var onEverything = map[string]string{
	"xray:PutTraceSegments":     "X-Ray knows no resources",
	"xray:PutTelemetryRecords":  "X-Ray knows no resources",
	"ses:GetAccount":            "how fast and how much may be sent is a matter of the account",
	"cloudwatch:DescribeAlarms": "CodeDeploy asks for all alarms of a rollout in one call",
}

// wider are the other resources with a * in them, and why.
var wider = map[string]string{
	`{"Fn::Sub":"${Table.Arn}/stream/*"}`: "a stream mapping must be allowed to list the table's streams",
}

// proof.md S7, over all that is deployed: each function has a role of its own, and no role allows more than it must.
func TestLeastPrivilege(t *testing.T) { check(t, privileges(deployed(t))) }

func privileges(s stack) (broken []string) {
	wrong := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	holders := map[string]string{}
	for _, id := range s.of("AWS::Lambda::Function") {
		role, _ := at(s.Resources[id].Properties, "Role", "Fn::GetAtt", 0).(string)
		if s.Resources[role].Type != "AWS::IAM::Role" {
			wrong("%s has no role of this stack", id)
		}
		if other, taken := holders[role]; taken {
			wrong("%s and %s share the role %s", other, id, role)
		}
		holders[role] = id
	}
	for _, id := range s.of("AWS::IAM::Role") {
		properties := s.Resources[id].Properties
		for _, arn := range list(properties["ManagedPolicyArns"]) {
			if names := mentioned(arn); len(names) != 1 || s.Resources[names[0]].Type != "AWS::IAM::ManagedPolicy" {
				wrong("%s has the policy %s, and nobody here can say what that allows", id, written(arn))
			}
		}
		for _, policy := range list(properties["Policies"]) {
			broken = append(broken, wide(id, at(policy, "PolicyDocument"))...)
		}
		for _, statement := range list(at(properties, "AssumeRolePolicyDocument", "Statement")) {
			if service, _ := at(statement, "Principal", "Service").(string); !strings.HasSuffix(service, ".amazonaws.com") {
				wrong("%s may be taken on by %s", id, written(at(statement, "Principal")))
			}
		}
	}
	for _, kind := range []string{"AWS::IAM::ManagedPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"} {
		for _, id := range s.of(kind) {
			broken = append(broken, wide(id, s.Resources[id].Properties["PolicyDocument"])...)
		}
	}
	return broken
}

// What is excepted above is there: an exception that nothing needs is one too many.
func TestExceptionsAreNeeded(t *testing.T) {
	s := deployed(t)
	for action := range onEverything {
		if !strings.Contains(written(s.policies()), `"`+action+`"`) {
			t.Errorf("nothing does %s", action)
		}
	}
	for resource := range wider {
		if !strings.Contains(written(s.policies()), resource) {
			t.Errorf("nothing reaches %s", resource)
		}
	}
}

func (s stack) policies() (all []any) {
	for _, kind := range []string{"AWS::IAM::Role", "AWS::IAM::ManagedPolicy"} {
		for _, id := range s.of(kind) {
			all = append(all, s.Resources[id].Properties)
		}
	}
	return all
}

// wide lists what a policy allows beyond what it must.
func wide(id string, document any) (broken []string) {
	wrong := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	for _, statement := range list(at(document, "Statement")) {
		if at(statement, "NotAction") != nil || at(statement, "NotResource") != nil || at(statement, "NotPrincipal") != nil {
			wrong("%s allows all but something", id)
		}
		if principal := at(statement, "Principal"); principal != nil && strings.Contains(written(principal), "*") {
			wrong("%s lets in everybody", id)
		}
		resources := list(at(statement, "Resource"))
		for _, action := range list(at(statement, "Action")) {
			name, _ := action.(string)
			if strings.Contains(name, "*") {
				wrong("%s allows %s", id, name)
			}
			if slices.Contains(resources, any("*")) && onEverything[name] == "" {
				wrong("%s allows %s on everything", id, name)
			}
		}
		for _, r := range resources {
			if text := written(r); text != "*" && strings.Contains(text, "*") && wider[text] == "" {
				wrong("%s reaches %s", id, text)
			}
		}
	}
	return broken
}

// Mail leaves by the mailer and the clock only, and events of bounces wake nobody else.
func TestOnlyMailerAndClockMaySend(t *testing.T) {
	check(t, senders(deployed(t), "ClockFunction", "MailerFunction"))
}

func senders(s stack, allowed ...string) (broken []string) {
	var found []string
	for _, id := range s.of("AWS::Lambda::Function") {
		role := s.Resources[s.role(id)].Properties
		policies := []any{role["Policies"]}
		for _, arn := range list(role["ManagedPolicyArns"]) {
			for _, name := range mentioned(arn) {
				policies = append(policies, s.Resources[name].Properties)
			}
		}
		if strings.Contains(written(policies), `"ses:Send`) {
			found = append(found, id)
		}
	}
	if !slices.Equal(found, allowed) {
		broken = append(broken, fmt.Sprintf("mail may be sent by %v, and should by %v", found, allowed))
	}
	return broken
}

func (s stack) role(function string) string {
	id, _ := at(s.Resources[function].Properties, "Role", "Fn::GetAtt", 0).(string)
	return id
}

// Who may invoke a function is kept in one policy of at most 20 KB (Lambda quotas, "Function resource-based policy"). A
// stack that goes beyond cannot be made, and each route more goes towards it.
func TestPermissionsFitIntoThePolicy(t *testing.T) { check(t, permissions(deployed(t))) }

func permissions(s stack) (broken []string) {
	const most, spare = 20_480, 4_096
	sizes := map[string]int{}
	for _, id := range s.of("AWS::Lambda::Permission") {
		properties := s.Resources[id].Properties
		source := properties["SourceArn"]
		if source == nil {
			broken = append(broken, id+" lets the whole service invoke the function, for any account")
		}
		sid := "flash-mentoring-" + id + "-0123456789AB"
		statement, _ := json.Marshal(map[string]any{
			"Sid": sid[:min(len(sid), 100)], "Effect": "Allow", "Action": properties["Action"],
			"Principal": map[string]any{"Service": properties["Principal"]},
			"Resource":  "arn:aws:lambda:ap-southeast-1:123456789012:function:flash-mentoring-" + written(mentioned(properties["FunctionName"])) + "-0123456789AB:live",
			"Condition": map[string]any{"ArnLike": map[string]any{"AWS:SourceArn": arn(source)}},
		})
		sizes[written(properties["FunctionName"])] += len(statement) + len(",")
	}
	for function, size := range sizes {
		if size > most-spare {
			broken = append(broken, fmt.Sprintf("the permissions of %s are %d bytes of the %d there are", function, size, most))
		}
	}
	if len(sizes) < 3 {
		broken = append(broken, "api, pages and mailevents are not all invoked by others")
	}
	return broken
}

// arn is about what a source of invocations looks like once its names are replaced.
func arn(source any) string {
	text := written(source)
	if sub := at(source, "Fn::Sub"); sub != nil {
		text = written(sub)
		if first, ok := at(sub, 0).(string); ok {
			text = first
		}
	}
	return strings.NewReplacer("${AWS::Partition}", "aws", "${AWS::Region}", "ap-southeast-1", "${AWS::AccountId}", "123456789012",
		"${__ApiId__}", "abcdefghij", "${__Stage__}", "*").Replace(text)
}

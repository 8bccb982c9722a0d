package stack_test

import (
	"strings"
	"testing"
)

// Each promise notices when it is broken: a template that is wrong in one thing, and what must be said of it.
func TestWhatIsWrongIsNoticed(t *testing.T) {
	statement := func(s stack, role string) map[string]any {
		return asMap(at(s.Resources[role].Properties, "Policies", 0, "PolicyDocument", "Statement", 0))
	}
	set := func(s stack, id string, path []any, name string, value any) {
		asMap(at(s.Resources[id].Properties, path...))[name] = value
	}
	property := func(s stack, id, name string, value any) { s.Resources[id].Properties[name] = value }
	ref := func(id string) any { return map[string]any{"Ref": id} }
	for name, test := range map[string]struct {
		breaks func(s stack)
		check  func(s stack) []string
		want   string
	}{
		"a shared role": {func(s stack) { property(s, "PagesFunction", "Role", s.Resources["ApiFunction"].Properties["Role"]) }, privileges, "share the role"},
		"any action":    {func(s stack) { statement(s, "ApiRole")["Action"] = []any{"dynamodb:*"} }, privileges, "allows dynamodb:*"},
		"on everything": {func(s stack) { statement(s, "ApiRole")["Resource"] = "*" }, privileges, "on everything"},
		"any table":     {func(s stack) { statement(s, "ApiRole")["Resource"] = "arn:aws:dynamodb:*:*:table/x" }, privileges, "reaches arn:"},
		"all but":       {func(s stack) { statement(s, "ApiRole")["NotAction"] = "iam:*" }, privileges, "all but"},
		"everybody": {func(s stack) {
			asMap(at(s.Resources["DeadLettersFromRules"].Properties, "PolicyDocument", "Statement", 0))["Principal"] = "*"
		}, privileges, "lets in everybody"},
		"a policy of AWS": {func(s stack) {
			property(s, "ApiRole", "ManagedPolicyArns", []any{"arn:aws:iam::aws:policy/ReadOnlyAccess"})
		}, privileges, "nobody here can say"},
		"the api sends":  {func(s stack) { statement(s, "ApiRole")["Action"] = []any{"ses:SendEmail"} }, func(s stack) []string { return senders(s, "ClockFunction", "MailerFunction") }, "mail may be sent by [ApiFunction"},
		"invoked by all": {func(s stack) { delete(s.Resources["ApiInvocations"].Properties, "SourceArn") }, permissions, "any account"},
		"route by route": {func(s stack) {
			for i := range 52 {
				s.Resources["ApiFunctionSomeRoutePermission"+strings.Repeat("x", i)] = s.Resources["ApiInvocations"]
			}
		}, permissions, "bytes of the 20480"},
		"a REST metric": {func(s stack) {
			set(s, "ServerErrorsAlarm", []any{"Metrics", 1, "MetricStat", "Metric"}, "MetricName", "5XXError")
		}, alarms, "which AWS does not write"},
		"a REST dimension":    {func(s stack) { set(s, "LatencyAlarm", []any{"Dimensions", 0}, "Name", "ApiName") }, alarms, "which AWS does not write"},
		"another's metric":    {func(s stack) { set(s, "LatencyAlarm", []any{"Dimensions", 0}, "Value", "a1b2c3") }, alarms, "not of this stack"},
		"a metric nobody has": {func(s stack) { property(s, "ClockLateAlarm", "MetricName", "ClockLateness") }, alarms, "no code of ours"},
		"an alarm unheard":    {func(s stack) { delete(s.Resources["FaultsAlarm"].Properties, "AlarmActions") }, alarms, "tells nobody"},
		"an alarm unseen":     {func(s stack) { s.Resources["NewAlarm"] = s.Resources["FaultsAlarm"] }, dashboard, "does not show NewAlarm"},
		"a widget of nothing": {func(s stack) {
			d := asMap(s.Resources["Dashboard"].Properties["DashboardBody"])
			d["Fn::Sub"] = strings.Replace(written(d["Fn::Sub"]), `"AWS/Lambda","Errors"`, `"AWS/Lambda","Failures"`, 1)
		}, dashboard, "Failures"},
		"logs as text":      {func(s stack) { set(s, "ApiFunction", []any{"LoggingConfig"}, "LogFormat", "Text") }, functions, "logs as Text"},
		"a group for two":   {func(s stack) { set(s, "ApiFunction", []any{"LoggingConfig"}, "LogGroup", ref("PagesLogs")) }, functions, "into one group"},
		"logs for ever":     {func(s stack) { delete(s.Resources["ApiLogs"].Properties, "RetentionInDays") }, functions, "not kept for LogDays"},
		"a group elsewhere": {func(s stack) { set(s, "ApiFunction", []any{"LoggingConfig"}, "LogGroup", ref("Elsewhere")) }, functions, "not of this stack"},
		"a table that goes": {func(s stack) { r := s.Resources["Table"]; r.DeletionPolicy = "Delete"; s.Resources["Table"] = r }, kept, "goes with the stack"},
		"no way back":       {func(s stack) { delete(s.Resources["Table"].Properties, "PointInTimeRecoverySpecification") }, kept, "no point in time recovery"},
		"an unlimited index": {func(s stack) {
			delete(asMap(at(s.Resources["Table"].Properties, "GlobalSecondaryIndexes", 2)), "OnDemandThroughput")
		}, kept, "attending"},
		"for ever": {func(s stack) { delete(s.Resources["MailerFunctionOutbox"].Properties, "MaximumRetryAttempts") }, unseen, "tries for ever"},
		"lost": {func(s stack) {
			delete(asMap(s.Resources["ClockFunctionTick"].Properties["Target"]), "DeadLetterConfig")
		}, unseen, "loses what fails"},
		"held up": {func(s stack) { delete(s.Resources["MailerFunctionOutbox"].Properties, "FunctionResponseTypes") }, unseen, "hold up others"},
		"an open route": {func(s stack) {
			delete(asMap(at(s.Resources["HttpApi"].Properties, "Body", "paths", "/v1/me", "get")), "security")
		}, gateway, "get /v1/me asks for a token: false"},
		"a route for all": {func(s stack) {
			asMap(at(s.Resources["HttpApi"].Properties, "Body", "paths"))["/v1/{proxy+}"] = map[string]any{}
		}, gateway, "takes unknown paths"},
		"paths in the log": {func(s stack) {
			set(s, s.of("AWS::ApiGatewayV2::Stage")[0], []any{"AccessLogSettings"}, "Format", `{"p":"$context.path"}`)
		}, gateway, "the access log has $context.path"},
		"a throttle of no route": {func(s stack) {
			set(s, s.of("AWS::ApiGatewayV2::Stage")[0], []any{"RouteSettings"}, "GET /v1/nothing", map[string]any{})
		}, gateway, "no route GET /v1/nothing"},
		"a costly route": {func(s stack) {
			delete(asMap(s.Resources[s.of("AWS::ApiGatewayV2::Stage")[0]].Properties["RouteSettings"]), "POST /v1/people/import")
		}, gateway, "POST /v1/people/import may be asked for"},
		"any origin": {func(s stack) {
			set(s, "HttpApi", []any{"Body"}, "x-amazon-apigateway-cors", map[string]any{"allowOrigins": []any{"*"}})
		}, gateway, "without an origin"},
		"a circle": {func(s stack) {
			set(s, "FaultsAlarm", nil, "Dimensions", []any{map[string]any{"Name": "ApiId", "Value": ref("HttpApi")}})
		}, circles, "in a circle"},
		"no way back from a version": {func(s stack) { set(s, "ApiFunctionDeploymentGroup", []any{"AlarmConfiguration"}, "Alarms", []any{}) }, circles, "no alarm takes"},
		"anything":                   {func(s stack) { s.Parameters["MailDomain"] = parameter{Description: strings.Repeat("d", 20)} }, parameters, "MailDomain takes anything"},
		"a secret parameter":         {func(s stack) { s.Parameters["Other"] = s.Parameters["LogDays"] }, parameters, "Other is in no group"},
		"a setting that stays":       {func(s stack) { set(s, "ApiFunction", []any{"Environment", "Variables"}, "X", ref("RouteRate")) }, versions, "RouteRate reaches ApiFunction"},
		"a description too long":     {func(s stack) { p := s.Parameters["MailDomain"]; p.MaxLength = 253; s.Parameters["MailDomain"] = p }, versions, "of the 256"},
		"an alarm without words":     {func(s stack) { s.Resources["NewAlarm"] = s.Resources["FaultsAlarm"] }, func(s stack) []string { return untold(s, "") }, "NewAlarm has no section"},
	} {
		t.Run(name, func(t *testing.T) {
			s := deployed(t)
			if before := test.check(s); strings.Contains(strings.Join(before, "\n"), test.want) {
				t.Fatalf("said already of the template as it is: %v", before)
			}
			test.breaks(s)
			if broken := strings.Join(test.check(s), "\n"); !strings.Contains(broken, test.want) {
				t.Errorf("said %q, want %q", broken, test.want)
			}
		})
	}
}

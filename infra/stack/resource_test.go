package stack_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Every function logs JSON into a group of its own that is kept as long as a parameter says, is traced, and is built for
// the processor that a parameter says.
func TestFunctions(t *testing.T) { check(t, functions(deployed(t))) }

func functions(s stack) (broken []string) {
	wrong := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	groups := map[string]string{}
	for _, id := range s.of("AWS::Lambda::Function") {
		p := s.Resources[id].Properties
		if format := at(p, "LoggingConfig", "LogFormat"); format != "JSON" {
			wrong("%s logs as %v", id, format)
		}
		group := written(mentioned(at(p, "LoggingConfig", "LogGroup")))
		if other := groups[group]; other != "" {
			wrong("%s and %s log into one group", other, id)
		}
		groups[group] = id
		if mode := at(p, "TracingConfig", "Mode"); mode != "Active" {
			wrong("%s is traced: %v", id, mode)
		}
		if !slices.Equal(mentioned(p["Architectures"]), []string{"Architecture"}) {
			wrong("%s runs on %s", id, written(p["Architectures"]))
		}
		if p["Runtime"] != "provided.al2023" || p["Handler"] != "bootstrap" {
			wrong("%s runs %v with %v", id, p["Handler"], p["Runtime"])
		}
		if len(mentioned(p["ReservedConcurrentExecutions"])) == 0 {
			wrong("the concurrency of %s cannot be limited", id)
		}
	}
	for _, id := range s.of("AWS::Logs::LogGroup") {
		if !slices.Equal(mentioned(s.Resources[id].Properties["RetentionInDays"]), []string{"LogDays"}) {
			wrong("%s is not kept for LogDays", id)
		}
		delete(groups, written([]string{id}))
	}
	for group, function := range groups {
		wrong("%s logs into %s, which is not of this stack", function, group)
	}
	return broken
}

// What cannot be made again outlives the stack: bookings, and who signs in.
func TestKept(t *testing.T) { check(t, kept(deployed(t))) }

func kept(s stack) (broken []string) {
	for _, id := range []string{"Table", "UserPool"} {
		if r := s.Resources[id]; r.DeletionPolicy != "Retain" || r.UpdateReplacePolicy != "Retain" {
			broken = append(broken, id+" goes with the stack")
		}
	}
	table := s.Resources["Table"].Properties
	for name, got := range map[string]any{
		"DeletionProtectionEnabled": table["DeletionProtectionEnabled"],
		"point in time recovery":    at(table, "PointInTimeRecoverySpecification", "PointInTimeRecoveryEnabled"),
		"encryption":                at(table, "SSESpecification", "SSEEnabled"),
		"expiry":                    at(table, "TimeToLiveSpecification", "Enabled"),
	} {
		if got != true {
			broken = append(broken, "the table has no "+name)
		}
	}
	limited := list(table["GlobalSecondaryIndexes"])
	for _, part := range append(limited[:len(limited):len(limited)], table) {
		if got := mentioned(at(part, "OnDemandThroughput")); !slices.Equal(got, []string{"TableMaxReads", "TableMaxWrites"}) {
			broken = append(broken, fmt.Sprintf("the table or an index of it is not limited: %v", at(part, "IndexName")))
		}
	}
	return broken
}

// No record in the stream, no tick and no event of SES is lost without a trace, or tried for ever.
func TestNothingFailsUnseen(t *testing.T) { check(t, unseen(deployed(t))) }

func unseen(s stack) (broken []string) {
	dead := func(id string, queue any) {
		if !slices.Equal(mentioned(queue), []string{"DeadLetters"}) {
			broken = append(broken, id+" loses what fails")
		}
	}
	bounded := func(id string, retries, age any) {
		if n, ok := retries.(float64); !ok || n < 0 {
			broken = append(broken, id+" tries for ever")
		}
		if n, ok := age.(float64); !ok || n <= 0 {
			broken = append(broken, id+" keeps what is old")
		}
	}
	for _, id := range s.of("AWS::Lambda::EventSourceMapping") {
		p := s.Resources[id].Properties
		bounded(id, p["MaximumRetryAttempts"], p["MaximumRecordAgeInSeconds"])
		dead(id, at(p, "DestinationConfig", "OnFailure", "Destination"))
		if p["BisectBatchOnFunctionError"] != true || written(p["FunctionResponseTypes"]) != `["ReportBatchItemFailures"]` {
			broken = append(broken, id+" lets one record hold up others")
		}
		if p["FilterCriteria"] == nil {
			broken = append(broken, id+" wakes for everything")
		}
	}
	for _, id := range s.of("AWS::Lambda::EventInvokeConfig") {
		p := s.Resources[id].Properties
		bounded(id, p["MaximumRetryAttempts"], p["MaximumEventAgeInSeconds"])
		dead(id, at(p, "DestinationConfig", "OnFailure", "Destination"))
	}
	for _, id := range s.of("AWS::Scheduler::Schedule") {
		target := at(s.Resources[id].Properties, "Target")
		bounded(id, at(target, "RetryPolicy", "MaximumRetryAttempts"), at(target, "RetryPolicy", "MaximumEventAgeInSeconds"))
		dead(id, at(target, "DeadLetterConfig", "Arn"))
	}
	for _, id := range s.of("AWS::Events::Rule") {
		dead(id, at(s.Resources[id].Properties, "Targets", 0, "DeadLetterConfig", "Arn"))
	}
	for kind, want := range map[string]int{
		"AWS::Lambda::EventSourceMapping": 1, "AWS::Lambda::EventInvokeConfig": 2, "AWS::Scheduler::Schedule": 1, "AWS::Events::Rule": 1,
	} {
		if got := len(s.of(kind)); got != want {
			broken = append(broken, fmt.Sprintf("%d of %s, want %d", got, kind, want))
		}
	}
	return broken
}

// The gateway asks for a token on every route below /v1 and on no other, has no route for unknown paths, logs routes and
// not paths, and lets browsers in from the origins of a parameter only.
func TestGateway(t *testing.T) { check(t, gateway(deployed(t))) }

func gateway(s stack) (broken []string) {
	wrong := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	body := asMap(s.Resources["HttpApi"].Properties["Body"])
	for path, methods := range asMap(body["paths"]) {
		if strings.Contains(path, "$default") || strings.Contains(path, "+}") {
			if written(at(methods, "Fn::If", 0)) != "Never" || written(at(methods, "Fn::If", 2)) != `{"Ref":"AWS::NoValue"}` {
				wrong("%s takes unknown paths", path)
			}
			continue
		}
		for method, operation := range asMap(methods) {
			authorized := len(list(at(operation, "security"))) > 0 && written(at(operation, "security", 0)) != `{"NONE":[]}`
			if authorized != strings.HasPrefix(path, "/v1/") {
				wrong("%s %s asks for a token: %v", method, path, authorized)
			}
		}
	}
	if written(at(body["x-amazon-apigateway-cors"], "Fn::If", 0)) != "HasCorsOrigins" || written(at(body["x-amazon-apigateway-cors"], "Fn::If", 2)) != `{"Ref":"AWS::NoValue"}` {
		wrong("browsers are let in without an origin")
	}
	for _, id := range s.of("AWS::ApiGatewayV2::Stage") {
		p := s.Resources[id].Properties
		format := written(at(p, "AccessLogSettings", "Format"))
		if !strings.Contains(format, "$context.routeKey") {
			wrong("the access log does not say the route")
		}
		for _, private := range []string{"$context.path", "rawPath", "$context.identity", "userAgent", "$context.authorizer.claims", "$context.protocol"} {
			if strings.Contains(format, private) {
				wrong("the access log has %s", private)
			}
		}
		if !slices.Equal(mentioned(at(p, "DefaultRouteSettings", "ThrottlingRateLimit")), []string{"RouteRate"}) ||
			!slices.Equal(mentioned(at(p, "DefaultRouteSettings", "ThrottlingBurstLimit")), []string{"RouteBurst"}) {
			wrong("routes are not throttled")
		}
		// A setting of a route that does not exist keeps the stage from being made.
		for route := range asMap(p["RouteSettings"]) {
			if method, path, _ := strings.Cut(route, " "); at(body, "paths", path, strings.ToLower(method)) == nil {
				wrong("there is no route %s to throttle", route)
			}
		}
		for _, costly := range []string{"POST /v1/people/import", "GET /v1/me/export"} {
			if rate, ok := at(p, "RouteSettings", costly, "ThrottlingRateLimit").(float64); !ok || rate > 10 {
				wrong("%s may be asked for as often as others", costly)
			}
		}
	}
	return broken
}

// A rollout can be taken back by alarms, and nothing needs itself: CloudFormation could not begin.
func TestNothingGoesInCircles(t *testing.T) { check(t, circles(deployed(t))) }

func circles(s stack) (broken []string) {
	const going, done = 1, 2
	state := map[string]int{}
	var way []string
	var visit func(id string)
	visit = func(id string) {
		r, ok := s.Resources[id]
		if !ok || state[id] == done {
			return
		}
		if state[id] == going {
			broken = append(broken, "in a circle: "+strings.Join(append(way, id), " needs "))
			return
		}
		state[id], way = going, append(way, id)
		needs := mentioned([]any{r.Properties, r.UpdatePolicy})
		for _, d := range list(r.DependsOn) {
			needs = append(needs, written(d))
		}
		for _, n := range needs {
			visit(n)
		}
		state[id], way = done, way[:len(way)-1]
	}
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		visit(id)
	}
	for _, id := range s.of("AWS::Lambda::Alias") {
		group := written(at(s.Resources[id].UpdatePolicy, "CodeDeployLambdaAliasUpdate", "DeploymentGroupName", "Ref"))
		watching := list(at(s.Resources[group].Properties, "AlarmConfiguration", "Alarms"))
		if len(watching) < 3 || at(s.Resources[group].Properties, "AutoRollbackConfiguration", "Enabled") != true {
			broken = append(broken, "no alarm takes "+id+" back")
		}
	}
	return broken
}

package stack_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"flashmentoring/internal/telemetry"
)

// emitted are the metrics of AWS that are watched, each with the names of its dimensions, sorted: what a service writes
// and nothing else. An alarm on a metric that nobody writes never goes off.
var emitted = []string{
	// API Gateway Developer Guide, "Working with metrics for HTTP APIs". 5XXError and ApiName are those of REST APIs.
	"AWS/ApiGateway Count [ApiId]", "AWS/ApiGateway 4xx [ApiId]", "AWS/ApiGateway 5xx [ApiId]", "AWS/ApiGateway Latency [ApiId]",
	// Lambda Developer Guide, "Types of metrics for Lambda functions".
	"AWS/Lambda Errors [FunctionName]", "AWS/Lambda Throttles [FunctionName]", "AWS/Lambda Invocations [FunctionName]",
	"AWS/Lambda Duration [FunctionName]", "AWS/Lambda IteratorAge [FunctionName]", "AWS/Lambda ConcurrentExecutions [FunctionName]",
	// DynamoDB Developer Guide, "DynamoDB metrics and dimensions". ThrottledRequests has the operation as a dimension too.
	"AWS/DynamoDB ReadThrottleEvents [TableName]", "AWS/DynamoDB ReadThrottleEvents [GlobalSecondaryIndexName TableName]",
	"AWS/DynamoDB WriteThrottleEvents [TableName]", "AWS/DynamoDB WriteThrottleEvents [GlobalSecondaryIndexName TableName]",
	"AWS/DynamoDB ConsumedReadCapacityUnits [TableName]", "AWS/DynamoDB ConsumedWriteCapacityUnits [TableName]",
	// SQS Developer Guide, "Available CloudWatch metrics".
	"AWS/SQS ApproximateNumberOfMessagesVisible [QueueName]",
	// SES Developer Guide, "Creating reputation monitoring alarms using CloudWatch": of the account, without dimensions.
	"AWS/SES Reputation.BounceRate []", "AWS/SES Reputation.ComplaintRate []",
}

// ours are the functions, tables and so on that a dimension must name.
var ours = map[string]string{
	"ApiId": "AWS::ApiGatewayV2::Api", "FunctionName": "AWS::Lambda::Function", "TableName": "AWS::DynamoDB::Table", "QueueName": "AWS::SQS::Queue",
}

const namespace = `{"Fn::Sub":"FlashMentoring/${AWS::StackName}"}`

// watched is one metric that an alarm or the dashboard looks at.
type watched struct {
	namespace, name string
	dimensions      map[string]any
}

func (w watched) String() string {
	names := slices.Sorted(maps.Keys(w.dimensions))
	if len(names) == 0 {
		return w.namespace + " " + w.name + " []"
	}
	return fmt.Sprint(w.namespace, " ", w.name, " ", names)
}

// Every alarm looks at a metric that exists, of something of this stack, tells somebody, and says what it means.
func TestAlarms(t *testing.T) { check(t, alarms(deployed(t))) }

func alarms(s stack) (broken []string) {
	wrong := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	ids := s.of("AWS::CloudWatch::Alarm")
	if len(ids) < 16 {
		wrong("%d alarms", len(ids))
	}
	for _, id := range ids {
		p := s.Resources[id].Properties
		for _, name := range []string{"AlarmDescription", "TreatMissingData", "Threshold", "ComparisonOperator"} {
			if p[name] == nil {
				wrong("%s has no %s", id, name)
			}
		}
		for _, name := range []string{"AlarmActions", "OKActions"} {
			if told := mentioned(p[name]); !slices.Contains(told, "AlarmTopic") || !slices.Contains(told, "Alarms") {
				wrong("%s tells nobody with its %s", id, name)
			}
		}
		metrics := s.metricsOf(p)
		if len(metrics) == 0 {
			wrong("%s looks at nothing", id)
		}
		if len(metrics) > 10 {
			wrong("%s looks at %d metrics, and an alarm can at ten", id, len(metrics))
		}
		for _, m := range metrics {
			broken = append(broken, s.unknown(id, m)...)
		}
	}
	return broken
}

// metricsOf are the metrics of an alarm: one, or those of its expression.
func (s stack) metricsOf(properties map[string]any) (found []watched) {
	add := func(metric any) {
		w := watched{written(at(metric, "Namespace")), written(at(metric, "MetricName")), map[string]any{}}
		for _, d := range list(at(metric, "Dimensions")) {
			w.dimensions[written(at(d, "Name"))] = at(d, "Value")
		}
		found = append(found, w)
	}
	if properties["MetricName"] != nil {
		add(properties)
	}
	for _, query := range list(properties["Metrics"]) {
		if metric := at(query, "MetricStat", "Metric"); metric != nil {
			add(metric)
		}
	}
	return found
}

// unknown says what is wrong with a metric: that nobody writes it, or that it is of nothing of this stack.
func (s stack) unknown(id string, w watched) (broken []string) {
	if w.namespace == namespace {
		if !s.writes(w) {
			broken = append(broken, fmt.Sprintf("%s looks at %s, which no code of ours and no filter of logs writes", id, w))
		}
		return broken
	}
	if !slices.Contains(emitted, w.String()) {
		broken = append(broken, fmt.Sprintf("%s looks at %s, which AWS does not write", id, w))
	}
	for name, value := range w.dimensions {
		kind, ok := ours[name]
		if !ok {
			continue
		}
		if names := mentioned(value); len(names) != 1 || s.Resources[names[0]].Type != kind {
			broken = append(broken, fmt.Sprintf("%s looks at the %s %s, which is not of this stack", id, name, written(value)))
		}
	}
	return broken
}

// writes says whether our code or a filter of our logs writes a metric.
func (s stack) writes(w watched) bool {
	names := slices.Sorted(maps.Keys(w.dimensions))
	for _, m := range telemetry.List() {
		if m.Name == w.name && slices.Equal(slices.Sorted(slices.Values(m.Dimensions)), names) {
			return true
		}
	}
	for _, id := range s.of("AWS::Logs::MetricFilter") {
		made := at(s.Resources[id].Properties, "MetricTransformations", 0)
		if written(at(made, "MetricNamespace")) == namespace && at(made, "MetricName") == w.name && len(names) == 0 {
			return true
		}
	}
	return false
}

// The dashboard is JSON, shows every alarm, and every metric on it exists.
func TestDashboard(t *testing.T) { check(t, dashboard(deployed(t))) }

func dashboard(s stack) (broken []string) {
	body := written(at(s.Resources["Dashboard"].Properties, "DashboardBody", "Fn::Sub"))
	var d struct {
		Widgets []struct {
			Properties struct {
				Alarms  []string
				Metrics [][]any
				Query   string
			}
		}
	}
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		return []string{"the dashboard is not JSON: " + err.Error()}
	}
	var shown []string
	for _, w := range d.Widgets {
		shown = append(shown, w.Properties.Alarms...)
		for _, row := range w.Properties.Metrics {
			if name, ok := row[0].(string); ok {
				broken = append(broken, s.unknown("the dashboard", fromRow(name, row[1:]))...)
			}
		}
	}
	for _, id := range s.of("AWS::CloudWatch::Alarm") {
		if !slices.Contains(shown, "${"+id+".Arn}") {
			broken = append(broken, "the dashboard does not show "+id)
		}
	}
	for _, m := range placeholder.FindAllStringSubmatch(body, -1) {
		if id, _, _ := strings.Cut(m[1], "."); !strings.HasPrefix(id, "AWS::") && s.Resources[id].Type == "" {
			broken = append(broken, "the dashboard shows "+id+", which is not of this stack")
		}
	}
	return broken
}

// fromRow reads a row of a widget: namespace, name, then names and values of dimensions, then how to draw it.
func fromRow(space string, row []any) watched {
	if strings.HasPrefix(space, "FlashMentoring/") {
		space = written(map[string]any{"Fn::Sub": space})
	}
	w := watched{space, written(row[0]), map[string]any{}}
	for i := 1; i+1 < len(row); i += 2 {
		name, _ := row[i].(string)
		w.dimensions[name] = map[string]any{"Fn::Sub": row[i+1]}
	}
	return w
}

var statusOfFaults = regexp.MustCompile(`^\{ \$\.status = 500 \}$`)

// The filters that count faults look for what the functions write: the line of a request has its status.
func TestFaultsAreCountedFromTheLines(t *testing.T) {
	s := deployed(t)
	logs := map[string]bool{}
	for _, id := range s.of("AWS::Logs::MetricFilter") {
		p := s.Resources[id].Properties
		if !statusOfFaults.MatchString(written(p["FilterPattern"])) {
			t.Errorf("%s looks for %s", id, written(p["FilterPattern"]))
		}
		logs[written(mentioned(p["LogGroupName"]))] = true
	}
	for _, function := range []string{"ApiFunction", "PagesFunction"} {
		if group := written(mentioned(at(s.Resources[function].Properties, "LoggingConfig", "LogGroup"))); !logs[group] {
			t.Errorf("nothing counts the faults of %s, which logs to %s", function, group)
		}
	}
}

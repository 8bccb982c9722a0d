package telemetry_test

import (
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/telemetry"
)

// units are those of CloudWatch ("MetricDatum" in its API reference).
var units = strings.Fields("Seconds Microseconds Milliseconds Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits " +
	"Gigabits Terabits Percent Count Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second Bits/Second " +
	"Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second Count/Second None")

// valid holds a line against "Specification: Embedded metric format" of the CloudWatch user guide, and says what is wrong.
func valid(line map[string]any) (wrong []string) {
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	meta, _ := line["_aws"].(map[string]any)
	if at, ok := meta["Timestamp"].(float64); !ok || at < 1e12 || at > 1e14 || at != float64(int64(at)) {
		say("Timestamp %v is not in milliseconds", meta["Timestamp"])
	}
	directives, _ := meta["CloudWatchMetrics"].([]any)
	if len(directives) == 0 {
		say("no directive")
	}
	for _, d := range directives {
		d, _ := d.(map[string]any)
		if space, _ := d["Namespace"].(string); len(space) < 1 || len(space) > 1024 || strings.HasPrefix(space, "AWS/") {
			say("Namespace %q", space)
		}
		sets, ok := d["Dimensions"].([]any)
		if !ok || len(sets) == 0 {
			say("Dimensions %v", d["Dimensions"])
		}
		for _, set := range sets {
			set, ok := set.([]any)
			if !ok || len(set) > 30 {
				say("dimension set %v", set)
			}
			for _, name := range set {
				value, _ := line[name.(string)].(string)
				if len(value) < 1 || len(value) > 1024 {
					say("dimension %v has the value %q", name, value)
				}
			}
		}
		metrics, _ := d["Metrics"].([]any)
		if len(metrics) < 1 || len(metrics) > 100 {
			say("%d metrics", len(metrics))
		}
		for _, m := range metrics {
			m, _ := m.(map[string]any)
			name, _ := m["Name"].(string)
			if _, isNumber := line[name].(float64); !isNumber || len(name) < 1 || len(name) > 1024 {
				say("metric %q is %v", name, line[name])
			}
			if unit, _ := m["Unit"].(string); !slices.Contains(units, unit) {
				say("metric %q has the unit %v", name, m["Unit"])
			}
		}
	}
	return wrong
}

// calls is every method of Metrics that writes, with arguments. Contention is written by lines, see [TestUsageOnTheLine].
func calls(t *testing.T) map[string]func(*telemetry.Metrics) {
	all := map[string]func(*telemetry.Metrics){}
	of := reflect.TypeFor[*telemetry.Metrics]()
	for i := range of.NumMethod() {
		method := of.Method(i)
		all[method.Name] = func(m *telemetry.Metrics) {
			args := []reflect.Value{reflect.ValueOf(m)}
			for j := 1; j < method.Type.NumIn(); j++ {
				switch in := method.Type.In(j); {
				case in == reflect.TypeFor[time.Duration]():
					args = append(args, reflect.ValueOf(time.Second))
				case in.Kind() == reflect.String:
					args = append(args, reflect.ValueOf("word").Convert(in))
				default:
					t.Fatalf("%s takes a %s", method.Name, in)
				}
			}
			method.Func.Call(args)
		}
	}
	return all
}

// Whatever a method of Metrics writes is of the embedded metric format and in the list, with the list's unit and dimensions;
// and all of the list is written by somebody.
func TestEveryMetricIsListed(t *testing.T) {
	listed := map[string]telemetry.Metric{}
	for _, m := range telemetry.List() {
		listed[m.Name] = m
	}
	written := map[string]bool{"Conflicts": true, "Retries": true}
	for name, call := range calls(t) {
		line := writtenBy(t, call)
		for _, wrong := range valid(line) {
			t.Errorf("%s: %s", name, wrong)
		}
		directive := line["_aws"].(map[string]any)["CloudWatchMetrics"].([]any)[0].(map[string]any)
		for _, m := range directive["Metrics"].([]any) {
			m := m.(map[string]any)
			want, ok := listed[m["Name"].(string)]
			if !ok || m["Unit"] != want.Unit || fmt.Sprint(directive["Dimensions"]) != fmt.Sprint([]any{want.Dimensions}) {
				t.Errorf("%s writes %v by %v, and the list has %+v", name, m, directive["Dimensions"], want)
			}
			written[want.Name] = true
		}
	}
	if len(written) != len(listed) || len(listed) != len(telemetry.List()) {
		t.Errorf("listed are %d, written %d", len(listed), len(written))
	}
}

// The control: lines that are not of the format are seen.
func TestInvalidMetricsAreSeen(t *testing.T) {
	for name, spoil := range map[string]func(line, directive map[string]any){
		"dimension that is no member": func(line, _ map[string]any) { delete(line, "fate") },
		"dimension without a value":   func(line, _ map[string]any) { line["kind"] = "" },
		"metric that is no number":    func(line, _ map[string]any) { line["Mails"] = "1" },
		"metric that is no member":    func(line, _ map[string]any) { delete(line, "LatenessSeconds") },
		"unknown unit":                func(_, d map[string]any) { d["Metrics"].([]any)[0].(map[string]any)["Unit"] = "Pieces" },
		"101 metrics":                 func(_, d map[string]any) { d["Metrics"] = slices.Repeat(d["Metrics"].([]any)[:1], 101) },
		"seconds for milliseconds":    func(line, _ map[string]any) { line["_aws"].(map[string]any)["Timestamp"] = 1777906800.0 },
		"no namespace":                func(_, d map[string]any) { delete(d, "Namespace") },
		"no dimension sets":           func(_, d map[string]any) { d["Dimensions"] = []any{} },
	} {
		line := writtenBy(t, func(m *telemetry.Metrics) { m.MailSent("booking_confirmed", time.Second) })
		if wrong := valid(line); len(wrong) > 0 {
			t.Fatal(wrong)
		}
		spoil(line, line["_aws"].(map[string]any)["CloudWatchMetrics"].([]any)[0].(map[string]any))
		if len(valid(line)) == 0 {
			t.Errorf("%s: nobody saw it", name)
		}
	}
}

// Alarms and the dashboard watch metrics that somebody writes: the functions, or a filter of their logs.
func TestWatchedMetricsExist(t *testing.T) {
	text, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	without, with := map[string]bool{}, map[string]bool{} // dimensions
	for _, m := range telemetry.List() {
		without[m.Name], with[m.Name] = len(m.Dimensions) == 0, len(m.Dimensions) > 0
	}
	for _, name := range named(text, `MetricNamespace: !Sub "FlashMentoring/\$\{AWS::StackName\}", MetricName: (\w+)`) {
		without[name] = true
	}
	alarms := named(text, `\sNamespace: !Sub FlashMentoring/\$\{AWS::StackName\}\s+MetricName: (\w+)`)
	lines := named(text, `\["FlashMentoring/\$\{AWS::StackName\}","(\w+)"`)
	searched := named(text, `SEARCH\('\{\\"FlashMentoring/\$\{AWS::StackName\}\\",[a-z,]+\} MetricName=\\"(\w+)\\"`)
	if len(alarms) == 0 || len(lines) == 0 || len(searched) == 0 {
		t.Errorf("template.yaml watches only %v, %v and %v of ours", alarms, lines, searched)
	}
	for _, name := range slices.Concat(alarms, lines) {
		if !without[name] {
			t.Errorf("template.yaml watches %s without dimensions, and nobody writes that", name)
		}
	}
	for _, name := range searched {
		if !with[name] {
			t.Errorf("template.yaml looks for %s by dimensions, and nobody writes that", name)
		}
	}
}

// named is what a pattern finds in a text.
func named(text []byte, pattern string) (names []string) {
	for _, found := range regexp.MustCompile(pattern).FindAllSubmatch(text, -1) {
		names = append(names, string(found[1]))
	}
	return names
}

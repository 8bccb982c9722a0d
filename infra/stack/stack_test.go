package stack_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// stack is a template as CloudFormation gets it.
type stack struct {
	Metadata struct {
		Interface struct {
			ParameterGroups []struct{ Parameters []string }
		} `json:"AWS::CloudFormation::Interface"`
	}
	Parameters map[string]parameter
	Resources  map[string]resource
	Outputs    map[string]map[string]any
}

type parameter struct {
	Type, Description, AllowedPattern, ConstraintDescription string

	Default            any
	AllowedValues      []any
	MaxLength          int
	MinValue, MaxValue *float64
}

type resource struct {
	Type, Condition                     string
	DeletionPolicy, UpdateReplacePolicy string
	DependsOn, UpdatePolicy             any
	Properties                          map[string]any
}

const (
	root   = "../.."
	python = root + "/.tools/bin/python"
)

// deployed is what SAM makes of template.yaml. A caller may change what it gets.
func deployed(t *testing.T) stack {
	t.Helper()
	content, err := transformed()
	if err != nil {
		if os.Getenv("REQUIRE_SAM") == "" {
			t.Skipf("the template cannot be translated here (make documents installs what it takes): %v", err)
		}
		t.Fatal(err)
	}
	var s stack
	if err := json.Unmarshal(content, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

var transformed = sync.OnceValues(func() ([]byte, error) {
	cmd := exec.Command(python, "transform.py", root+"/template.yaml")
	cmd.Env = append(os.Environ(), "AWS_DEFAULT_REGION=eu-central-1")
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		_, _ = said.WriteTo(os.Stderr)
	}
	return out, err
})

// check fails for everything that breaks a promise.
func check(t *testing.T, broken []string) {
	t.Helper()
	for _, b := range broken {
		t.Error(b)
	}
}

// of are the ids of all resources of a type, sorted.
func (s stack) of(kind string) []string {
	var ids []string
	for _, id := range slices.Sorted(maps.Keys(s.Resources)) {
		if s.Resources[id].Type == kind {
			ids = append(ids, id)
		}
	}
	return ids
}

// at is what lies below properties at a path of names and indexes, or nil.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			m, _ := v.(map[string]any)
			v = m[step]
		case int:
			l, _ := v.([]any)
			if step >= len(l) {
				return nil
			}
			v = l[step]
		}
	}
	return v
}

// list is v, or v alone in a list where it is none: policies allow both.
func list(v any) []any {
	if l, ok := v.([]any); ok || v == nil {
		return l
	}
	return []any{v}
}

var placeholder = regexp.MustCompile(`\$\{([^!}][^}]*)\}`)

// mentioned are the names of parameters and resources that v refers to, whatever it is written with.
func mentioned(v any) []string {
	found := map[string]bool{}
	var walk func(v any)
	add := func(name string) { id, _, _ := strings.Cut(name, "."); found[id] = true }
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, e := range v {
				walk(e)
			}
		case map[string]any:
			for key, e := range v {
				text, _ := e.(string)
				switch key {
				case "Ref":
					add(text)
				case "Fn::GetAtt":
					if text == "" {
						text, _ = at(e, 0).(string)
					}
					add(text)
				case "Fn::Sub":
					if text == "" {
						text, _ = at(e, 0).(string)
						for name := range asMap(at(e, 1)) {
							text = strings.ReplaceAll(text, "${"+name+"}", "")
						}
					}
					for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
						add(m[1])
					}
				}
				walk(e)
			}
		}
	}
	walk(v)
	return slices.Sorted(maps.Keys(found))
}

func asMap(v any) map[string]any { m, _ := v.(map[string]any); return m }

// written is v as it stands in the template, on one line.
func written(v any) string {
	if text, ok := v.(string); ok {
		return text
	}
	out, _ := json.Marshal(v)
	return string(out)
}

package stack_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
)

// Every parameter says what it is for, takes nothing but what makes sense, is asked for in a group, and is used.
func TestParameters(t *testing.T) { check(t, parameters(deployed(t))) }

func parameters(s stack) (broken []string) {
	wrong := func(format string, args ...any) { broken = append(broken, fmt.Sprintf(format, args...)) }
	var grouped []string
	for _, g := range s.Metadata.Interface.ParameterGroups {
		grouped = append(grouped, g.Parameters...)
	}
	for _, name := range slices.Sorted(maps.Keys(s.Parameters)) {
		p := s.Parameters[name]
		if len(p.Description) < 20 {
			wrong("%s does not say what it is for", name)
		}
		if p.AllowedPattern == "" && p.AllowedValues == nil && (p.MinValue == nil || p.MaxValue == nil) {
			wrong("%s takes anything", name)
		}
		if p.AllowedPattern != "" && p.ConstraintDescription == "" {
			wrong("%s does not say what it takes", name)
		}
		if !slices.Contains(grouped, name) {
			wrong("%s is in no group", name)
		}
	}
	if len(grouped) != len(s.Parameters) {
		wrong("%d parameters in groups, and there are %d", len(grouped), len(s.Parameters))
	}
	return broken
}

// Callers of API and pages are sent to a version, and a version keeps the settings it was published with. So a parameter
// that reaches such a function must be in what the version is described with: then a change of it publishes the next.
func TestVersionsFollowTheirParameters(t *testing.T) { check(t, versions(deployed(t))) }

// byRound are those whose change needs the next SecretsRound: they have no room in a description, and go with a change of
// who may call at all.
var byRound = []string{"TokenIssuer", "TokenAudience"}

func versions(s stack) (broken []string) {
	const longest = 256 // AWS::Lambda::Version, Description
	for _, id := range s.of("AWS::Lambda::Version") {
		p := s.Resources[id].Properties
		function := written(at(p, "FunctionName", "Ref"))
		described := mentioned(p["Description"])
		for _, name := range mentioned(at(s.Resources[function].Properties, "Environment")) {
			if _, ok := s.Parameters[name]; ok && !slices.Contains(described, name) && !slices.Contains(byRound, name) {
				broken = append(broken, fmt.Sprintf("%s reaches %s, and its version does not follow", name, function))
			}
		}
		if n := s.length(written(at(p, "Description", "Fn::Sub"))); n > longest {
			broken = append(broken, fmt.Sprintf("a version of %s is described with up to %d characters of the %d there are", function, n, longest))
		}
	}
	if len(s.of("AWS::Lambda::Version")) != 2 {
		broken = append(broken, "API and pages have no versions")
	}
	return broken
}

// length is how long a text can become once its parameters are put in.
func (s stack) length(text string) int {
	return len(placeholder.ReplaceAllStringFunc(text, func(m string) string {
		name := strings.Trim(m, "${}")
		p, ok := s.Parameters[name]
		switch {
		case !ok && strings.HasSuffix(name, ".RoleId"):
			return "AROA0123456789ABCDEFG"
		case p.MaxLength > 0:
			return strings.Repeat("m", p.MaxLength)
		case p.MaxValue != nil:
			return fmt.Sprint(int(*p.MaxValue))
		case len(p.AllowedValues) > 0:
			return fmt.Sprint(slices.MaxFunc(p.AllowedValues, func(a, b any) int { return len(fmt.Sprint(a)) - len(fmt.Sprint(b)) }))
		}
		return strings.Repeat("?", 1000) // nobody knows how long
	}))
}

// What runs the product is told what each alarm means, and what each parameter and output is.
func TestOperationsTellOfEverything(t *testing.T) {
	content, err := os.ReadFile(root + "/infra/OPERATIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	check(t, untold(deployed(t), string(content)))
}

func untold(s stack, guide string) (broken []string) {
	for _, id := range s.of("AWS::CloudWatch::Alarm") {
		_, section, found := strings.Cut(guide, "\n### "+id+"\n")
		section, _, _ = strings.Cut(section, "\n#")
		switch {
		case !found:
			broken = append(broken, id+" has no section")
		case !strings.Contains(section, "**Means**") || !strings.Contains(section, "**Do**"):
			broken = append(broken, id+" does not say what it means and what to do")
		}
	}
	for _, names := range [][]string{slices.Sorted(maps.Keys(s.Parameters)), slices.Sorted(maps.Keys(s.Outputs))} {
		for _, name := range names {
			if !strings.Contains(guide, "`"+name+"`") {
				broken = append(broken, name+" is not told of")
			}
		}
	}
	return broken
}

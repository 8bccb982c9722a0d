package samtemplate

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Statement is one statement of the policies of a function's role.
type Statement struct {
	Effect string
	// Actions are what may be done: "dynamodb:Query".
	Actions []string
	// Resources are to what, in the notation of Fn::Sub: "${Table.Arn}/index/open".
	Resources []string
	// Conditions narrow it further: operator, then key, then values in the notation of Fn::Sub.
	Conditions map[string]map[string][]string
}

type role struct {
	ManagedPolicyArns texts    `yaml:"ManagedPolicyArns"`
	Policies          []policy `yaml:"Policies"`
}

type policy struct {
	PolicyDocument struct {
		Statement []statement `yaml:"Statement"`
	} `yaml:"PolicyDocument"`
}

type statement struct {
	Effect    string                      `yaml:"Effect"`
	Action    texts                       `yaml:"Action"`
	Resource  texts                       `yaml:"Resource"`
	Condition map[string]map[string]texts `yaml:"Condition"`
}

// UnmarshalYAML refuses what a Statement does not show, so that nothing granted stays unseen.
func (s *statement) UnmarshalYAML(n *yaml.Node) error {
	for i := 0; i < len(n.Content); i += 2 {
		switch key := n.Content[i].Value; key {
		case "Sid", "Effect", "Action", "Resource", "Condition":
		default:
			return fmt.Errorf("line %d: statement with %s", n.Content[i].Line, key)
		}
	}
	type plain statement
	return n.Decode((*plain)(s))
}

// Role is the id of the function's role. It returns an error when the function has none of its own in the
// template: what SAM then generates is wider than it need be.
func (t *Template) Role(functionID string) (string, error) {
	f, err := t.function(functionID)
	if err != nil {
		return "", err
	}
	id := f.Role.logicalID()
	if _, ok := t.roles[id]; !ok {
		return "", fmt.Errorf("template: function %s has no role in this template", functionID)
	}
	return id, nil
}

// Statements are all that a function's role allows, from its own policies and from the managed policies it
// names. It returns an error when one of these is not in the template: nobody could say then what it grants.
func (t *Template) Statements(functionID string) ([]Statement, error) {
	id, err := t.Role(functionID)
	if err != nil {
		return nil, err
	}
	policies := t.roles[id].Policies
	for _, arn := range t.roles[id].ManagedPolicyArns {
		managed, ok := t.policies[arn.logicalID()]
		if !ok {
			return nil, fmt.Errorf("template: role %s: managed policy %q is not in this template", id, arn)
		}
		policies = append(policies[:len(policies):len(policies)], managed)
	}
	var all []Statement
	for _, p := range policies {
		for _, s := range p.PolicyDocument.Statement {
			all = append(all, s.exported())
		}
	}
	return all, nil
}

// Grants are what a function's role allows on a table, sorted: the action, the index where it is one, and the partitions, which
// are all ("*") where no condition names some:
//
//	dynamodb:PutItem SLOT#*
//	dynamodb:Query index/open *
//
// It returns an error for a statement about the table that says more than that.
func (t *Template) Grants(functionID, tableID string) (grants []string, err error) {
	statements, err := t.Statements(functionID)
	if err != nil {
		return nil, err
	}
	for _, s := range statements {
		for _, resource := range s.Resources {
			on, found := strings.CutPrefix(resource, "${"+tableID+".Arn}")
			if !found || strings.HasPrefix(on, "/stream/") {
				continue
			}
			partitions := []string{"*"}
			if len(s.Conditions) > 0 {
				partitions = s.Conditions["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
			}
			if s.Effect != "Allow" || len(s.Conditions) > 1 || len(s.Conditions["ForAllValues:StringLike"]) > 1 || len(partitions) == 0 {
				return nil, fmt.Errorf("template: function %s: a statement about %s that is not of actions and partitions", functionID, resource)
			}
			for _, action := range s.Actions {
				for _, partition := range partitions {
					grants = append(grants, strings.Join(strings.Fields(action+" "+strings.TrimPrefix(on, "/")+" "+partition), " "))
				}
			}
		}
	}
	slices.Sort(grants)
	return grants, nil
}

func (s statement) exported() Statement {
	out := Statement{Effect: s.Effect, Actions: s.Action.strings(), Resources: s.Resource.strings()}
	for operator, keys := range s.Condition {
		for key, values := range keys {
			if out.Conditions == nil {
				out.Conditions = map[string]map[string][]string{}
			}
			if out.Conditions[operator] == nil {
				out.Conditions[operator] = map[string][]string{}
			}
			out.Conditions[operator][key] = values.strings()
		}
	}
	return out
}

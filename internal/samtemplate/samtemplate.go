// Package samtemplate reads the project's template.yaml: the routes of the API, the environment of each
// function, what wakes it and what it may do, and the table.
//
// The local cloud and the tests take these from here instead of repeating them, so what runs locally is what is
// deployed. Nothing that is deployed imports this package.
//
// It reads what this project's template uses of the AWS Serverless Application Model, and says so when it meets
// something else; it does not transform or validate a template (that is cfn-lint's and the SAM CLI's work).
package samtemplate

import (
	"fmt"
	"os"
	"slices"

	"go.yaml.in/yaml/v3"
)

// Template is a template that was read. It does not change, and is safe for concurrent use.
type Template struct {
	parameters map[string]parameter
	conditions map[string]yaml.Node
	globals    function
	functions  map[string]function
	apis       map[string]httpAPI
	tables     map[string]dynamoTable
	roles      map[string]role
	policies   map[string]policy
}

type document struct {
	Parameters map[string]parameter `yaml:"Parameters"`
	Conditions map[string]yaml.Node `yaml:"Conditions"`
	Globals    struct {
		Function function `yaml:"Function"`
	} `yaml:"Globals"`
	Resources map[string]struct {
		Type       string    `yaml:"Type"`
		Properties yaml.Node `yaml:"Properties"`
	} `yaml:"Resources"`
}

type parameter struct {
	Default *text `yaml:"Default"`
}

// Load reads the template at path.
func Load(path string) (*Template, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return Parse(content)
}

// Parse reads a template. It returns an error when the text is not YAML, names a key twice, uses YAML aliases
// (which CloudFormation does not know) or an intrinsic function this package cannot read in a place that
// matters here.
func Parse(content []byte) (*Template, error) {
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	if err := refuseAliases(&root); err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	var doc document
	if err := root.Decode(&doc); err != nil {
		return nil, fmt.Errorf("template: %w", err)
	}
	return doc.template()
}

func (d document) template() (*Template, error) {
	t := &Template{
		parameters: d.Parameters,
		conditions: d.Conditions,
		globals:    d.Globals.Function,
		functions:  map[string]function{},
		apis:       map[string]httpAPI{},
		tables:     map[string]dynamoTable{},
		roles:      map[string]role{},
		policies:   map[string]policy{},
	}
	for id, resource := range d.Resources {
		var err error
		switch resource.Type {
		case "AWS::Serverless::Function":
			err = add(t.functions, id, resource.Properties)
		case "AWS::Serverless::HttpApi":
			err = add(t.apis, id, resource.Properties)
		case "AWS::DynamoDB::Table":
			err = add(t.tables, id, resource.Properties)
		case "AWS::IAM::Role":
			err = add(t.roles, id, resource.Properties)
		case "AWS::IAM::ManagedPolicy":
			err = add(t.policies, id, resource.Properties)
		}
		if err != nil {
			return nil, fmt.Errorf("template: resource %s: %w", id, err)
		}
	}
	return t, nil
}

func add[T any](resources map[string]T, id string, properties yaml.Node) error {
	var resource T
	err := properties.Decode(&resource)
	resources[id] = resource
	return err
}

func refuseAliases(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		return fmt.Errorf("line %d: alias *%s: CloudFormation has no aliases", n.Line, n.Value)
	}
	for _, child := range n.Content {
		if err := refuseAliases(child); err != nil {
			return err
		}
	}
	return nil
}

// sortedKeys are the keys of a map in an order that does not change from run to run.
func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

package samtemplate

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
)

// Values stand in for what CloudFormation knows at deployment.
type Values struct {
	// Refs are the values of names, as they stand between the braces of Fn::Sub: a parameter ("MailDomain", in
	// place of its default), a resource ("Table"), an attribute ("Table.Arn") or a pseudo parameter
	// ("AWS::Region").
	Refs map[string]string
	// Dynamic are the values of dynamic references, by what stands between "{{resolve:" and "}}" once the names
	// in it are replaced: "secretsmanager:arn…".
	Dynamic map[string]string
}

// Environment is the environment of a function, that of Globals included. Of an Fn::If it has what these values choose.
// It returns an error that names every parameter, resource and dynamic reference for which there is neither a value nor
// a default.
func (t *Template) Environment(functionID string, values Values) (map[string]string, error) {
	f, err := t.function(functionID)
	if err != nil {
		return nil, err
	}
	variables := maps.Clone(t.globals.Environment.Variables)
	if variables == nil {
		variables = map[string]value{}
	}
	maps.Copy(variables, f.Environment.Variables)

	environment := make(map[string]string, len(variables))
	var failures []error
	for _, name := range sortedKeys(variables) {
		if environment[name], err = t.resolve(variables[name], values); err != nil {
			failures = append(failures, fmt.Errorf("template: function %s: environment %s: %w", functionID, name, err))
		}
	}
	if err := errors.Join(failures...); err != nil {
		return nil, err
	}
	return environment, nil
}

func (t *Template) resolve(v value, values Values) (string, error) {
	if v.condition != "" {
		holds, err := t.holds(v.condition, values)
		switch {
		case err != nil:
			return "", err
		case holds:
			return t.resolve(*v.then, values)
		}
		return t.resolve(*v.otherwise, values)
	}
	expanded, err := v.text.expand(func(name string) (string, error) { return t.ref(name, values) })
	if err != nil {
		return "", err
	}
	return resolveDynamic(expanded, values.Dynamic)
}

func (t *Template) ref(name string, values Values) (string, error) {
	if given, ok := values.Refs[name]; ok {
		return given, nil
	}
	if p := t.parameters[name]; p.Default != nil {
		return p.Default.expand(func(string) (string, error) { return "", errors.New("a default is no reference") })
	}
	return "", fmt.Errorf("no value for %s", name)
}

var dynamicReference = regexp.MustCompile(`\{\{resolve:([^}]*)\}\}`)

func resolveDynamic(value string, dynamic map[string]string) (string, error) {
	var failure error
	resolved := dynamicReference.ReplaceAllStringFunc(value, func(reference string) string {
		body := dynamicReference.FindStringSubmatch(reference)[1]
		secret, ok := dynamic[body]
		if !ok {
			failure = fmt.Errorf("no value for %s", reference)
		}
		return secret
	})
	if failure != nil {
		return "", failure
	}
	return resolved, nil
}

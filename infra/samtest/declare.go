package main

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// declare adds variables to those that a template gives to all its functions. The SAM CLI passes on the values of variables
// that a template declares and drops all others, and where AWS is on this machine is not for the project's template to say.
func declare(template []byte, names ...string) ([]byte, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(template, &document); err != nil {
		return nil, err
	}
	if len(document.Content) != 1 {
		return nil, errors.New("the template is empty")
	}
	node := document.Content[0]
	for _, name := range []string{"Globals", "Function", "Environment", "Variables"} {
		var err error
		if node, err = child(node, name); err != nil {
			return nil, err
		}
	}
	for _, name := range names {
		value, err := child(node, name)
		if err != nil {
			return nil, err
		}
		value.SetString("")
	}
	return yaml.Marshal(&document)
}

// child is the value of a name in a mapping, which is made where it is missing.
func child(mapping *yaml.Node, name string) (*yaml.Node, error) {
	if mapping.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("line %d: a mapping with %s is expected", mapping.Line, name)
	}
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i+1], nil
		}
	}
	key, value := new(yaml.Node), &yaml.Node{Kind: yaml.MappingNode}
	key.SetString(name)
	mapping.Content = append(mapping.Content, key, value)
	return value, nil
}

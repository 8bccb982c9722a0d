package samtemplate

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// value is a text, or one of two by a condition of the template: !If [OwnUserPool, !Ref UserPool, !Ref TokenIssuer].
type value struct {
	text            text
	condition       string // "" where there is nothing to choose
	then, otherwise *value
}

// UnmarshalYAML reads what text reads, and Fn::If of such.
func (v *value) UnmarshalYAML(n *yaml.Node) error {
	function, argument := intrinsic(n)
	if function != "Fn::If" {
		return n.Decode(&v.text)
	}
	if argument.Kind != yaml.SequenceNode || len(argument.Content) != 3 {
		return fmt.Errorf("line %d: Fn::If is not a condition and two values", n.Line)
	}
	return errors.Join(argument.Content[0].Decode(&v.condition), argument.Content[1].Decode(&v.then), argument.Content[2].Decode(&v.otherwise))
}

// holds says whether a condition is true with these values.
func (t *Template) holds(name string, values Values) (bool, error) {
	n, ok := t.conditions[name]
	if !ok {
		return false, fmt.Errorf("no condition %s", name)
	}
	return t.evaluate(&n, values)
}

func (t *Template) evaluate(n *yaml.Node, values Values) (bool, error) {
	function, argument := intrinsic(n)
	switch {
	case function == "Condition" && argument.Kind == yaml.ScalarNode:
		return t.holds(argument.Value, values)
	case function == "Fn::Not" && len(argument.Content) == 1:
		holds, err := t.evaluate(argument.Content[0], values)
		return !holds, err
	case function == "Fn::And" && len(argument.Content) > 1:
		return t.evaluateAll(argument, values, true)
	case function == "Fn::Or" && len(argument.Content) > 1:
		return t.evaluateAll(argument, values, false)
	case function == "Fn::Equals" && len(argument.Content) == 2:
		var pair [2]string
		for i, side := range argument.Content {
			var v value
			if err := side.Decode(&v); err != nil {
				return false, err
			}
			var err error
			if pair[i], err = t.resolve(v, values); err != nil {
				return false, err
			}
		}
		return pair[0] == pair[1], nil
	}
	return false, fmt.Errorf("line %d: neither Fn::Equals of two values nor Condition, Fn::Not, Fn::And or Fn::Or of such", n.Line)
}

// evaluateAll says whether all conditions of a list are like this; where this is false, whether any is true.
func (t *Template) evaluateAll(list *yaml.Node, values Values, this bool) (bool, error) {
	for _, n := range list.Content {
		if holds, err := t.evaluate(n, values); err != nil || holds != this {
			return holds, err
		}
	}
	return this, nil
}

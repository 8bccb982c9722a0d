package samtemplate

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// text is a value of a template in the notation of Fn::Sub, whatever it is written with: !Ref Table is
// "${Table}", !GetAtt Table.Arn is "${Table.Arn}", and a literal "${" is "${!". Numbers and booleans are as
// they are written.
type text string

// UnmarshalYAML reads a scalar or one of the intrinsic functions Ref, Fn::GetAtt and Fn::Sub, in short or long
// form.
func (t *text) UnmarshalYAML(n *yaml.Node) error {
	function, argument := intrinsic(n)
	switch {
	case function == "" && n.Kind == yaml.ScalarNode:
		*t = text(strings.ReplaceAll(n.Value, "${", "${!"))
	case function == "Ref" && argument.Kind == yaml.ScalarNode:
		*t = text("${" + argument.Value + "}")
	case function == "Fn::GetAtt" && argument.Kind == yaml.ScalarNode:
		*t = text("${" + argument.Value + "}")
	case function == "Fn::GetAtt" && argument.Kind == yaml.SequenceNode:
		var path []string
		if err := argument.Decode(&path); err != nil {
			return err
		}
		*t = text("${" + strings.Join(path, ".") + "}")
	case function == "Fn::Sub" && argument.Kind == yaml.ScalarNode:
		*t = text(argument.Value)
	default:
		return fmt.Errorf("line %d: neither a plain value nor Ref, Fn::GetAtt or Fn::Sub of one", n.Line)
	}
	return nil
}

// intrinsic is the long name and the argument of an intrinsic function, or "" when n is none.
func intrinsic(n *yaml.Node) (function string, argument *yaml.Node) {
	if short, ok := strings.CutPrefix(n.Tag, "!"); ok && !strings.HasPrefix(short, "!") {
		if short == "Ref" || short == "Condition" {
			return short, n
		}
		return "Fn::" + short, n
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
		if key := n.Content[0].Value; key == "Ref" || key == "Condition" || strings.HasPrefix(key, "Fn::") {
			return key, n.Content[1]
		}
	}
	return "", nil
}

// expand replaces every ${name} by what value returns for it.
func (t text) expand(value func(name string) (string, error)) (string, error) {
	var out strings.Builder
	rest := string(t)
	for {
		before, behind, found := strings.Cut(rest, "${")
		out.WriteString(before)
		if !found {
			return out.String(), nil
		}
		name, after, closed := strings.Cut(behind, "}")
		if !closed {
			return "", fmt.Errorf("%q: ${ without }", t)
		}
		rest = after
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			out.WriteString("${" + literal + "}")
			continue
		}
		replacement, err := value(name)
		if err != nil {
			return "", err
		}
		out.WriteString(replacement)
	}
}

// texts is a list of texts; a single one may stand without its brackets, as policies allow.
type texts []text

// UnmarshalYAML reads a list, or one value.
func (ts *texts) UnmarshalYAML(n *yaml.Node) error {
	if function, _ := intrinsic(n); n.Kind == yaml.SequenceNode && function == "" {
		return n.Decode((*[]text)(ts))
	}
	*ts = make(texts, 1)
	return n.Decode(&(*ts)[0])
}

func (ts texts) strings() []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = string(t)
	}
	return out
}

package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Examples returns what is wrong with the examples of the document: each must fit the schema it stands beside.
func (c *Contract) Examples() error {
	var wrong []error
	hold := func(at, schema string, value any) {
		if err := c.hold(schema, value); err != nil {
			wrong = append(wrong, fmt.Errorf("contract: example %s: %w", at, err))
		}
	}
	walk("", c.document, func(at string, node any) {
		holder, _ := node.(map[string]any)
		if schema := at + "/schema"; c.schemas[schema] != nil { // a parameter, header or media type
			if value, ok := holder["example"]; ok {
				hold(at, schema, value)
			}
			named, _ := holder["examples"].(map[string]any)
			for name, example := range named {
				hold(at+"/examples/"+name, schema, example.(map[string]any)["value"])
			}
		}
		if c.schemas[at] != nil && strings.HasPrefix(at, "/components/schemas/") {
			list, _ := holder["examples"].([]any)
			for _, value := range list {
				hold(at, at, value)
			}
		}
	})
	return errors.Join(wrong...)
}

// RequestExample is an example of a request's body.
type RequestExample struct {
	Operation
	Name  string
	Media string
	Body  []byte
}

// RequestExamples are the named examples of all request bodies.
func (c *Contract) RequestExamples() (found []RequestExample) {
	for _, o := range c.operations {
		examples, _ := c.follow(strings.TrimSuffix(o.body, "/schema") + "/examples")
		for _, name := range slices.Sorted(maps.Keys(examples)) {
			value := examples[name].(map[string]any)["value"]
			body, err := json.Marshal(value)
			if err != nil {
				panic("contract: what was read from JSON is not JSON: " + err.Error())
			}
			if text, is := value.(string); is && o.media != "application/json" {
				body = []byte(text)
			}
			found = append(found, RequestExample{o.Operation, name, o.media, body})
		}
	}
	return found
}

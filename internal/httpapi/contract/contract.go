// Package contract holds requests and answers against infra/openapi.yaml. Tests send their requests through
// [Transport], so that every answer in every test is compared with what the document promises: a status, header or
// field that is not in it fails the test, and so does a request that was accepted although the document forbids it.
//
// It reads what our document uses of OpenAPI 3.1, whose schemas are JSON Schema 2020-12; those are judged by
// santhosh-tekuri/jsonschema. Of the ready-made validators, kin-openapi was built on the schemas of OpenAPI 3.0, and
// libopenapi-validator's check of a response passes over its headers.
//
// Objects are held to the fields the document names, although clients are told to expect more: in an answer of ours a
// field that is not documented is a mistake.
package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

// Contract is an OpenAPI document that was read. It does not change, and is safe for concurrent use.
type Contract struct {
	document   map[string]any
	operations []*operation
	schemas    map[string]*jsonschema.Schema // by their place in the document
}

// Load reads the document at path. It returns an error when it is not YAML, when a reference leads nowhere, or when a
// schema is not one.
func Load(path string) (*Contract, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("contract: %s: %w", path, err)
	}
	return c, nil
}

func parse(text []byte) (*Contract, error) {
	var loose any
	if err := yaml.Unmarshal(text, &loose); err != nil {
		return nil, err
	}
	asJSON, err := json.Marshal(loose)
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		return nil, err
	}
	c := &Contract{schemas: map[string]*jsonschema.Schema{}}
	var ok bool
	if c.document, ok = document.(map[string]any); !ok {
		return nil, fmt.Errorf("it is not an object")
	}
	closeObjects(c.document)
	if err := c.readOperations(); err != nil {
		return nil, err
	}
	return c, c.compile()
}

// closeObjects forbids fields that are not named, in every schema of an object that does not say whether it does.
func closeObjects(node any) {
	switch node := node.(type) {
	case []any:
		for _, child := range node {
			closeObjects(child)
		}
	case map[string]any:
		if _, says := node["additionalProperties"]; !says && node["type"] == "object" && node["properties"] != nil {
			node["additionalProperties"] = false
		}
		for _, child := range node {
			closeObjects(child)
		}
	}
}

const resource = "contract:openapi"

// compile prepares every schema of the document. A schema stands under the name "schema", or is one of the components.
func (c *Contract) compile() error {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	compiler.AssertFormat()
	if err := compiler.AddResource(resource, c.document); err != nil {
		return err
	}
	for _, at := range c.schemaPlaces() {
		schema, err := compiler.Compile(resource + "#" + at)
		if err != nil {
			return err
		}
		c.schemas[at] = schema
	}
	return nil
}

func (c *Contract) schemaPlaces() (places []string) {
	walk("", c.document, func(at string, node any) {
		parent := at[:max(strings.LastIndex(at, "/"), 0)]
		_, isObject := node.(map[string]any)
		if isObject && (parent == "/components/schemas" || strings.HasSuffix(at, "/schema")) {
			places = append(places, at)
		}
	})
	return places
}

// walk visits a tree from the top, in the order of its names, with the JSON pointer of each node.
func walk(at string, node any, visit func(at string, node any)) {
	visit(at, node)
	switch node := node.(type) {
	case []any:
		for i, child := range node {
			walk(fmt.Sprintf("%s/%d", at, i), child, visit)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(node)) {
			walk(at+"/"+escape.Replace(name), node[name], visit)
		}
	}
}

var (
	escape   = strings.NewReplacer("~", "~0", "/", "~1")
	unescape = strings.NewReplacer("~1", "/", "~0", "~")
)

// follow is the node at a place, and the place it really stands at: references are followed.
func (c *Contract) follow(at string) (map[string]any, string) {
	var node any = c.document
	for name := range strings.SplitSeq(strings.TrimPrefix(at, "/"), "/") {
		switch parent := node.(type) {
		case map[string]any:
			node = parent[unescape.Replace(name)]
		case []any:
			var i int
			if _, err := fmt.Sscan(name, &i); err != nil || i >= len(parent) {
				return nil, at
			}
			node = parent[i]
		}
	}
	object, _ := node.(map[string]any)
	if ref, ok := object["$ref"].(string); ok && !strings.HasPrefix(ref, "#/components/schemas/") {
		return c.follow(strings.TrimPrefix(ref, "#"))
	}
	return object, at
}

// Description is the description of a schema among the components, such as "Code".
func (c *Contract) Description(schema string) string {
	node, _ := c.follow("/components/schemas/" + schema)
	text, _ := node["description"].(string)
	return text
}

// Enum are the values of a schema among the components that has a closed list.
func (c *Contract) Enum(schema string) (values []string) {
	node, _ := c.follow("/components/schemas/" + schema)
	list, _ := node["enum"].([]any)
	for _, v := range list {
		values = append(values, fmt.Sprint(v))
	}
	return values
}

// Fields are the names of the fields of a schema among the components, sorted.
func (c *Contract) Fields(schema string) []string {
	node, _ := c.follow("/components/schemas/" + schema + "/properties")
	return slices.Sorted(maps.Keys(node))
}

package contract

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Operation names one operation of the document.
type Operation struct {
	Method string // in upper case
	Path   string // with its variables in braces
}

type operation struct {
	Operation
	at         string // its place in the document
	parameters []parameter
	body       string // place of the schema of its body, if it takes one
	media      string // of its body
	mayBeEmpty bool   // it takes none as well
	secured    bool
}

type parameter struct {
	name, in string
	required bool
	schema   string // its place
	list     bool   // several values, separated by commas
	number   bool
}

// Operations are all operations, sorted by path and method.
func (c *Contract) Operations() []Operation {
	var all []Operation
	for _, o := range c.operations {
		all = append(all, o.Operation)
	}
	return all
}

var methods = []string{http.MethodDelete, http.MethodGet, http.MethodPatch, http.MethodPost, http.MethodPut}

func (c *Contract) readOperations() error {
	paths, _ := c.document["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		at := "/paths/" + escape.Replace(path)
		shared, err := c.parameters(at)
		if err != nil {
			return err
		}
		item, _ := c.follow(at)
		for _, method := range methods {
			name := strings.ToLower(method)
			if item[name] == nil {
				continue
			}
			o := &operation{Operation: Operation{method, path}, at: at + "/" + name}
			own, err := c.parameters(o.at)
			if err != nil {
				return err
			}
			o.parameters = append(own, shared...)
			if body, at := c.follow(o.at + "/requestBody"); body != nil {
				content, _ := body["content"].(map[string]any)
				for o.media = range content { // there is one
				}
				o.body = at + "/content/" + escape.Replace(o.media) + "/schema"
				o.mayBeEmpty = body["required"] != true
			}
			o.secured = c.document["security"] != nil
			c.operations = append(c.operations, o)
		}
	}
	return nil
}

func (c *Contract) parameters(at string) (found []parameter, err error) {
	holder, _ := c.follow(at)
	list, _ := holder["parameters"].([]any)
	for i := range list {
		node, at := c.follow(fmt.Sprintf("%s/parameters/%d", at, i))
		if node == nil {
			return nil, fmt.Errorf("%s/parameters/%d leads nowhere", at, i)
		}
		p := parameter{schema: at + "/schema"}
		p.name, _ = node["name"].(string)
		p.in, _ = node["in"].(string)
		p.required, _ = node["required"].(bool)
		schema, _ := node["schema"].(map[string]any)
		p.list, p.number = schema["type"] == "array", schema["type"] == "integer"
		found = append(found, p)
	}
	return found, nil
}

// Success are the statuses of success that the document has for what a request asks.
func (c *Contract) Success(r *http.Request) (statuses []int) {
	o, _ := c.operation(r)
	if o == nil {
		return nil
	}
	node, _ := c.follow(o.at + "/responses")
	for _, name := range slices.Sorted(maps.Keys(node)) {
		if status, err := strconv.Atoi(name); err == nil && status >= 200 && status < 300 {
			statuses = append(statuses, status)
		}
	}
	return statuses
}

// operation finds what a request asks for, with the values of the path's variables. A HEAD asks what a GET does.
func (c *Contract) operation(r *http.Request) (*operation, map[string]string) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	path, variables := c.path(r)
	for _, o := range c.operations {
		if o.Path == path && o.Method == method {
			return o, variables
		}
	}
	return nil, nil
}

// knows reports whether the path has operations.
func (c *Contract) knows(r *http.Request) bool {
	path, _ := c.path(r)
	return path != ""
}

// path is the path of the document that a request asks for. Where several fit it is the one with a name in place of a
// variable, as OpenAPI has it: operations are sorted, and a brace comes after every letter.
func (c *Contract) path(r *http.Request) (path string, variables map[string]string) {
	for _, o := range c.operations {
		if variables, ok := match(o.Path, r.URL.Path); ok {
			return o.Path, variables
		}
	}
	return "", nil
}

func match(pattern, path string) (variables map[string]string, ok bool) {
	names, values := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(names) != len(values) {
		return nil, false
	}
	variables = map[string]string{}
	for i, name := range names {
		switch {
		case strings.HasPrefix(name, "{"):
			variables[strings.Trim(name, "{}")] = values[i]
			ok = values[i] != ""
		default:
			ok = name == values[i]
		}
		if !ok {
			return nil, false
		}
	}
	return variables, true
}

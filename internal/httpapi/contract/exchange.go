package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Request returns what is wrong with a request and its body, or nil.
func (c *Contract) Request(r *http.Request, body []byte) error {
	o, path := c.operation(r)
	if o == nil {
		return fmt.Errorf("contract: there is no %s %s", r.Method, r.URL.Path)
	}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return fmt.Errorf("contract: query: %w", err)
	}
	wrong := []error{c.requestBody(o, r, body)}
	for _, p := range o.parameters {
		given := map[string][]string{"query": query[p.name], "header": joined(r.Header, p.name)}[p.in]
		if v, ok := path[p.name]; ok && p.in == "path" {
			given = []string{v}
		}
		wrong = append(wrong, c.parameter(p, given))
		if p.in == "query" {
			query.Del(p.name)
		}
	}
	for name := range query {
		wrong = append(wrong, fmt.Errorf("query parameter %q is not in the document", name))
	}
	if o.secured && r.Header.Get("Authorization") == "" {
		wrong = append(wrong, errors.New("the request has no token"))
	}
	return named(o, errors.Join(wrong...))
}

// joined makes one value of a header that is given several times: the two mean the same (RFC 9110 section 5.3).
func joined(h http.Header, name string) []string {
	if values := h.Values(name); len(values) > 0 {
		return []string{strings.Join(values, ", ")}
	}
	return nil
}

func (c *Contract) requestBody(o *operation, r *http.Request, body []byte) error {
	if o.body == "" || len(body) == 0 && o.mayBeEmpty {
		return nil
	}
	if media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); media != o.media {
		return fmt.Errorf("the body is announced as %q", r.Header.Get("Content-Type"))
	}
	return c.holdBody(o.media, o.body, body)
}

func (c *Contract) parameter(p parameter, given []string) (err error) {
	switch {
	case len(given) == 0 && p.required:
		return fmt.Errorf("%s %s is missing", p.in, p.name)
	case len(given) == 0:
		return nil
	case len(given) > 1:
		return fmt.Errorf("%s %s is given %d times", p.in, p.name, len(given))
	}
	var value any = given[0]
	switch {
	case p.list:
		var list []any
		for part := range strings.SplitSeq(given[0], ",") {
			list = append(list, part)
		}
		value = list
	case p.number:
		if _, err := strconv.ParseInt(given[0], 10, 64); err != nil {
			return fmt.Errorf("%s %s is no number: %w", p.in, p.name, err)
		}
		value = json.Number(given[0])
	}
	if err := c.hold(p.schema, value); err != nil {
		return fmt.Errorf("%s %s: %w", p.in, p.name, err)
	}
	return nil
}

// Response returns what is wrong with an answer to r, or nil. An answer to a request the document does not know must be
// its 404 or 405.
func (c *Contract) Response(r *http.Request, status int, header http.Header, body []byte) error {
	o, _ := c.operation(r)
	if o == nil {
		o = &operation{Operation: Operation{r.Method, r.URL.Path}}
	}
	return named(o, c.response(o, r, status, header, body))
}

func (c *Contract) response(o *operation, r *http.Request, status int, header http.Header, body []byte) error {
	declared := fmt.Sprintf("%s/responses/%d", o.at, status)
	switch {
	case o.at != "":
	case status == http.StatusMethodNotAllowed && c.knows(r):
		declared = "/components/responses/MethodNotAllowed"
	case status == http.StatusNotFound && !c.knows(r):
		declared = "/components/responses/NotFound"
	}
	node, at := c.follow(declared)
	if node == nil {
		return fmt.Errorf("status %d is not in the document: %.500s", status, body)
	}
	wrong := c.responseHeaders(at, node, header)
	if r.Method == http.MethodHead {
		return errors.Join(wrong...)
	}
	if node["content"] == nil {
		if len(body) > 0 || header.Get("Content-Type") != "" {
			wrong = append(wrong, fmt.Errorf("status %d: there is a body, of media type %q, and the document has none", status, header.Get("Content-Type")))
		}
		return errors.Join(wrong...)
	}
	media, _, _ := mime.ParseMediaType(header.Get("Content-Type"))
	schema := at + "/content/" + escape.Replace(media) + "/schema"
	if c.schemas[schema] == nil {
		return errors.Join(append(wrong, fmt.Errorf("status %d: media type %q is not in the document", status, media))...)
	}
	if err := c.holdBody(media, schema, body); err != nil {
		wrong = append(wrong, fmt.Errorf("status %d: %w: %.2000s", status, err, body))
	}
	return errors.Join(wrong...)
}

func (c *Contract) responseHeaders(at string, response map[string]any, header http.Header) (wrong []error) {
	declared, _ := response["headers"].(map[string]any)
	for name := range declared {
		_, at := c.follow(at + "/headers/" + escape.Replace(name))
		p := parameter{name: name, in: "header", required: true, schema: at + "/schema"}
		schema, _ := c.follow(p.schema)
		p.number = schema["type"] == "integer"
		if err := c.parameter(p, joined(header, name)); err != nil {
			wrong = append(wrong, err)
		}
	}
	for _, name := range []string{"ETag", "Location", "Retry-After", "WWW-Authenticate", "Allow"} {
		if len(header.Values(name)) > 0 && declared[name] == nil {
			wrong = append(wrong, fmt.Errorf("header %s is not in the document", name))
		}
	}
	return wrong
}

// holdBody holds a body against its schema: as JSON, or as the text that it is.
func (c *Contract) holdBody(media, schema string, body []byte) error {
	if media == "application/json" || strings.HasSuffix(media, "+json") {
		return c.holdText(schema, body)
	}
	return c.hold(schema, string(body))
}

func (c *Contract) holdText(schema string, text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("the body is not JSON: %w", err)
	}
	return c.hold(schema, value)
}

func (c *Contract) hold(schema string, value any) error {
	compiled := c.schemas[schema]
	if compiled == nil {
		return fmt.Errorf("there is no schema at %s", schema)
	}
	return compiled.Validate(value)
}

func named(o *operation, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("contract: %s %s: %w", o.Method, o.Path, err)
}

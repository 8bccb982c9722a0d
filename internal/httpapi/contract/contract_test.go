package contract

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
)

// little is a document with one of everything this package judges.
const little = `
openapi: 3.1.0
info: { title: Little, version: "1" }
security: [ { bearer: [] } ]
paths:
  /things/{id}:
    parameters: [ { $ref: "#/components/parameters/Id" } ]
    put:
      parameters:
        - { name: n, in: query, schema: { type: integer, maximum: 9 } }
        - { name: of, in: query, explode: false, schema: { type: array, items: { enum: [a, b] } } }
        - { name: If-Match, in: header, schema: { type: string, pattern: "^\"" } }
      requestBody:
        content: { application/json: { schema: { $ref: "#/components/schemas/Thing" }, examples: { one: { value: { name: x } } } } }
      responses:
        "200":
          description: Fine.
          headers:
            ETag: { required: true, schema: { type: string, pattern: "^\"" } }
            X-Count: { $ref: "#/components/headers/Count" }
          content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } }
        "409": { $ref: "#/components/responses/Refused" }
    delete:
      responses:
        "204": { description: Gone., headers: { X-Count: { $ref: "#/components/headers/Count" } } }
  /things/all:
    get:
      responses:
        "200": { description: Fine., content: { text/plain: { schema: { type: string, pattern: "^all" } } } }
components:
  parameters:
    Id: { name: id, in: path, required: true, schema: { type: string, pattern: "^t" } }
  headers:
    Count: { required: true, schema: { type: integer } }
  responses:
    Refused: { description: No., content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem", properties: { code: { enum: [full] } } } } } }
    NotFound: { description: No., content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } } }
    MethodNotAllowed:
      description: No.
      headers: { Allow: { schema: { type: string } } }
      content: { application/problem+json: { schema: { $ref: "#/components/schemas/Problem" } } }
  schemas:
    Thing:
      type: object
      required: [name]
      properties: { name: { type: string, maxLength: 3 }, inner: { type: object, properties: { at: { type: string, format: date-time } } } }
    Problem:
      type: object
      properties: { code: { type: string } }
`

// exchange is a request and its answer, both as good as can be until a test changes something.
type exchange struct {
	method, target, body string
	header               map[string]string
	status               int
	answerHeader         map[string]string
	answer               string
}

func good() exchange {
	return exchange{
		"PUT", "/things/t1?n=3&of=a,b", `{"name":"abc","inner":{}}`,
		map[string]string{"Content-Type": "application/json", "Authorization": "Bearer x", "If-Match": `"1"`},
		200, map[string]string{"Content-Type": "application/json", "ETag": `"2"`, "X-Count": "2"}, `{"name":"abc"}`,
	}
}

// gone makes it an exchange whose answer has no body.
func gone(e *exchange) {
	e.method, e.body, e.status, e.answer, e.answerHeader = "DELETE", "", 204, "", map[string]string{"X-Count": "2"}
	e.target = "/things/t1"
}

// text makes it an exchange whose answer is a text.
func text(e *exchange, answer string) {
	e.method, e.target, e.body, e.answer, e.answerHeader = "GET", "/things/all", "", answer, map[string]string{"Content-Type": "text/plain"}
}

func problem(e *exchange, status int, answer string) {
	e.status, e.answer, e.answerHeader = status, answer, map[string]string{"Content-Type": "application/problem+json"}
}

// TestWhatIsReported changes one thing at a time about a good exchange.
func TestWhatIsReported(t *testing.T) {
	c, err := parse([]byte(little))
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		change func(*exchange)
		want   string // part of the report; empty: nothing is wrong
	}{
		"nothing":                      {func(*exchange) {}, ""},
		"no query":                     {func(e *exchange) { e.target = "/things/t1" }, ""},
		"a declared refusal":           {func(e *exchange) { problem(e, 409, `{"code":"full"}`) }, ""},
		"bad requests may be refused":  {func(e *exchange) { e.body = "{"; problem(e, 409, `{"code":"full"}`) }, ""},
		"an unknown path":              {func(e *exchange) { e.target = "/other"; problem(e, 404, `{}`) }, ""},
		"an unknown method":            {func(e *exchange) { e.method = "GET"; problem(e, 405, `{}`); e.answerHeader["Allow"] = "PUT" }, ""},
		"an unknown field in":          {func(e *exchange) { e.body = `{"name":"abc","x":1}` }, "additional properties 'x'"},
		"an unknown field inside":      {func(e *exchange) { e.body = `{"name":"abc","inner":{"x":1}}` }, "additional properties 'x'"},
		"a missing field":              {func(e *exchange) { e.body = `{}` }, "missing property 'name'"},
		"a long text":                  {func(e *exchange) { e.body = `{"name":"abcd"}` }, "maxLength"},
		"no JSON in":                   {func(e *exchange) { e.body = `{` }, "not JSON"},
		"another media type in":        {func(e *exchange) { e.header["Content-Type"] = "text/plain" }, "announced as"},
		"no token":                     {func(e *exchange) { delete(e.header, "Authorization") }, "no token"},
		"a number too large":           {func(e *exchange) { e.target = "/things/t1?n=10" }, "query n"},
		"no number":                    {func(e *exchange) { e.target = "/things/t1?n=x" }, "query n"},
		"a parameter twice":            {func(e *exchange) { e.target = "/things/t1?n=1&n=1" }, "query n is given 2 times"},
		"a list with something else":   {func(e *exchange) { e.target = "/things/t1?of=a,c" }, "query of"},
		"an unknown parameter":         {func(e *exchange) { e.target = "/things/t1?x=1" }, `"x" is not in the document`},
		"a wrong header in":            {func(e *exchange) { e.header["If-Match"] = "1" }, "header If-Match"},
		"a wrong path variable":        {func(e *exchange) { e.target = "/things/x1" }, "path id"},
		"an undeclared status":         {func(e *exchange) { e.status = 500 }, "status 500 is not in the document"},
		"an undeclared code":           {func(e *exchange) { problem(e, 409, `{"code":"other"}`) }, "value must be"},
		"an unknown field out":         {func(e *exchange) { e.answer = `{"name":"abc","x":1}` }, "additional properties 'x'"},
		"a wrong time out":             {func(e *exchange) { e.answer = `{"name":"abc","inner":{"at":"today"}}` }, "date-time"},
		"no JSON out":                  {func(e *exchange) { e.answer = "" }, "not JSON"},
		"two values out":               {func(e *exchange) { e.answer = "{} {}" }, "not JSON"},
		"another media type out":       {func(e *exchange) { e.answerHeader["Content-Type"] = "text/html" }, `media type "text/html"`},
		"no ETag":                      {func(e *exchange) { delete(e.answerHeader, "ETag") }, "header ETag is missing"},
		"a header that is no number":   {func(e *exchange) { e.answerHeader["X-Count"] = "two" }, "header X-Count"},
		"a header nobody declared":     {func(e *exchange) { e.answerHeader["Location"] = "/x" }, "header Location"},
		"an unknown path answered 200": {func(e *exchange) { e.target = "/other" }, "status 200 is not in the document"},
		"a known path answered 404":    {func(e *exchange) { e.method = "GET"; problem(e, 404, `{}`) }, "status 404 is not in the document"},
		"nothing to answer":            {gone, ""},
		"something though":             {func(e *exchange) { gone(e); e.answer = "{}" }, "there is a body"},
		"a media type of nothing":      {func(e *exchange) { gone(e); e.answerHeader["Content-Type"] = "text/plain" }, "there is a body"},
		"nothing without its header":   {func(e *exchange) { gone(e); delete(e.answerHeader, "X-Count") }, "header X-Count is missing"},
		"a name goes before variables": {func(e *exchange) { e.target = "/things/all"; problem(e, 405, `{}`); e.answerHeader["Allow"] = "GET" }, ""},
		"a text":                       {func(e *exchange) { text(e, "all of it") }, ""},
		"another text":                 {func(e *exchange) { text(e, "none of it") }, "does not match pattern"},
		"405 without Allow":            {func(e *exchange) { e.method = "GET"; problem(e, 405, `{}`) }, "header Allow is missing"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			e := good()
			test.change(&e)
			report := e.through(t, c)
			switch {
			case test.want == "" && report != "":
				t.Errorf("reported: %s", report)
			case !strings.Contains(report, test.want):
				t.Errorf("reported %q, want %q in it", report, test.want)
			}
		})
	}
}

// through sends the exchange through a Transport and returns what it reports.
func (e exchange) through(t *testing.T, c *Contract) string {
	t.Helper()
	var report strings.Builder
	transport := &Transport{Contract: c, Report: func(err error) { report.WriteString(err.Error()) }, Next: e}
	r, err := http.NewRequest(e.method, "http://api.test"+e.target, strings.NewReader(e.body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range e.header {
		r.Header.Set(name, value)
	}
	resp, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(resp.Body); err != nil || string(got) != e.answer {
		t.Errorf("the answer became %q (%v)", got, err)
	}
	return report.String()
}

// RoundTrip answers as the exchange says, if it gets the body it sent.
func (e exchange) RoundTrip(r *http.Request) (*http.Response, error) {
	if got, err := io.ReadAll(r.Body); err != nil || string(got) != e.body {
		return nil, err
	}
	w := httptest.NewRecorder()
	for name, value := range e.answerHeader {
		w.Header().Set(name, value)
	}
	w.WriteHeader(e.status)
	w.WriteString(e.answer)
	return w.Result(), nil
}

func TestExamplesAreHeldAgainstTheirSchemas(t *testing.T) {
	c, err := parse([]byte(little))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Examples(); err != nil {
		t.Error(err)
	}
	c, err = parse([]byte(strings.Replace(little, "value: { name: x }", "value: { name: long }", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Examples(); err == nil || !strings.Contains(err.Error(), "maxLength") {
		t.Errorf("a wrong example gives %v", err)
	}
}

func TestDocumentsThatAreNone(t *testing.T) {
	for name, text := range map[string]string{
		"not YAML":                  "a: [",
		"not an object":             "[]",
		"a parameter that is none":  strings.Replace(little, "#/components/parameters/Id", "#/components/parameters/No", 1),
		"a schema that is none":     strings.Replace(little, "maxLength: 3", "maxLength: three", 1),
		"a schema that leads away":  strings.Replace(little, "#/components/schemas/Thing", "#/components/schemas/No", 1),
		"a pattern that is no such": strings.Replace(little, `"^t"`, `"("`, 1),
	} {
		if _, err := parse([]byte(text)); err == nil {
			t.Errorf("%s: read without an error", name)
		}
	}
	if _, err := Load("nowhere.yaml"); !os.IsNotExist(err) {
		t.Errorf("no file: %v", err)
	}
}

func TestSuccess(t *testing.T) {
	c, err := parse([]byte(little))
	if err != nil {
		t.Fatal(err)
	}
	for asked, want := range map[string][]int{"PUT /things/t1": {200}, "DELETE /things/t1": {204}, "GET /things/t1": nil, "GET /other": nil} {
		method, target, _ := strings.Cut(asked, " ")
		if got := c.Success(httptest.NewRequest(method, target, nil)); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", asked, got, want)
		}
	}
}

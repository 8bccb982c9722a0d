package httpapi_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/samtemplate"
)

// TestOneSetOfRoutes: the code, the document and the template name the same routes (proof.md W5).
func TestOneSetOfRoutes(t *testing.T) {
	var code, document, template []string
	for _, r := range httpapi.Routes() {
		code = append(code, r.String())
	}
	openapi, err := openapi()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range openapi.Operations() {
		document = append(document, o.Method+" "+o.Path)
	}
	read, err := samtemplate.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	routes, err := read.Routes()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range routes {
		if r.Function != "ApiFunction" { // the pages, which are no API
			continue
		}
		template = append(template, r.Method+" "+r.Path)
		if !r.Authorized {
			t.Errorf("the gateway lets %s %s through without a token", r.Method, r.Path)
		}
	}
	slices.Sort(code)
	slices.Sort(document)
	slices.Sort(template)
	if diff := cmp.Diff(code, document); diff != "" {
		t.Errorf("routes and openapi.yaml differ (-code +document):\n%s", diff)
	}
	if diff := cmp.Diff(code, template); diff != "" {
		t.Errorf("routes and template.yaml differ (-code +template):\n%s", diff)
	}
}

// TestEveryCodeIsDocumented reads the codes out of their sources: one that is added there must be explained here.
func TestEveryCodeIsDocumented(t *testing.T) {
	openapi, err := openapi()
	if err != nil {
		t.Fatal(err)
	}
	domain := constants(t, "../mentoring/code.go", "Code")
	if diff := cmp.Diff(domain, sorted(openapi.Enum("Code"))); diff != "" {
		t.Errorf("schema Code (-mentoring +openapi.yaml):\n%s", diff)
	}
	if diff := cmp.Diff(domain, sorted(documented(openapi.Description("Code")))); diff != "" {
		t.Errorf("table of codes (-mentoring +openapi.yaml):\n%s", diff)
	}
	faults := append(constants(t, "../mentoring/fault.go", "FaultCode"), constants(t, "../strictjson/fault.go", "")...)
	faults = slices.Compact(sorted(faults))
	if diff := cmp.Diff(faults, sorted(openapi.Enum("FieldErrorCode"))); diff != "" {
		t.Errorf("schema FieldErrorCode (-sources +openapi.yaml):\n%s", diff)
	}
	if diff := cmp.Diff(faults, sorted(documented(openapi.Description("FieldErrorCode")))); diff != "" {
		t.Errorf("table of field error codes (-sources +openapi.yaml):\n%s", diff)
	}
}

// constants are the string constants of a type in a Go file, sorted; of no type: those without one.
func constants(t *testing.T, file, ofType string) (values []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(parsed, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		name, _ := spec.Type.(*ast.Ident)
		if (name == nil && ofType != "") || (name != nil && name.Name != ofType) {
			return true
		}
		for _, v := range spec.Values {
			if lit, ok := v.(*ast.BasicLit); ok && lit.Kind == token.STRING {
				s, _ := strconv.Unquote(lit.Value)
				values = append(values, s)
			}
		}
		return true
	})
	if len(values) == 0 {
		t.Fatalf("%s holds no constants of type %q", file, ofType)
	}
	return sorted(values)
}

var tableRow = regexp.MustCompile("(?m)^\\| `([a-z_]+)` \\|(?: (\\d+) \\|)? .+ \\|$")

// documented are the codes in the rows of a table.
func documented(table string) (codes []string) {
	for _, row := range tableRow.FindAllStringSubmatch(table, -1) {
		codes = append(codes, row[1])
	}
	return codes
}

// TestStatusesAreAsDocumented compares the table of codes with what the API answers with.
func TestStatusesAreAsDocumented(t *testing.T) {
	openapi, err := openapi()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range tableRow.FindAllStringSubmatch(openapi.Description("Code"), -1) {
		if got := fmt.Sprint(httpapi.StatusOf(row[1])); got != row[2] {
			t.Errorf("%s is documented with %s and answered with %s", row[1], row[2], got)
		}
	}
	if status := httpapi.StatusOf("no such code"); status != http.StatusInternalServerError {
		t.Errorf("a refusal with a code nobody knows is answered with %d", status)
	}
}

func TestExamplesFitTheirSchemas(t *testing.T) {
	openapi, err := openapi()
	if err != nil {
		t.Fatal(err)
	}
	if err := openapi.Examples(); err != nil {
		t.Error(err)
	}
}

func TestFieldsDoNotCollideWithParameters(t *testing.T) {
	for _, name := range []string{"query", "header"} {
		openapi, err := openapi()
		if err != nil {
			t.Fatal(err)
		}
		for _, schema := range []string{"Enrolment", "Assignment", "SlotDraft", "SlotDrafts", "SlotRevision", "BookingRequest", "Cancel", "Decline", "Move", "TopicChange"} {
			if slices.Contains(openapi.Fields(schema), name) {
				t.Errorf("%s has a field %q, which pointers keep for parameters", schema, name)
			}
		}
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// TestExamplesOfRequestsAreAccepted sends what the document shows: who copies an example should get through.
func TestExamplesOfRequestsAreAccepted(t *testing.T) {
	openapi, err := openapi()
	if err != nil {
		t.Fatal(err)
	}
	for _, example := range openapi.RequestExamples() {
		route := httpapi.Route{Method: example.Method, Pattern: example.Path}
		s := setStageFor(t, setting{}, route)
		body := strings.NewReplacer( // of ids that are made up
			"slot_mfrggzdfmztwq2lknnwg23tpoa", s.other, "per_mfrggzdfmztwq2lknnwg23tpoa", s.people["attendee"].id(),
		).Replace(string(example.Body))
		if got := s.whoMay(route).send(example.Method, s.path(route), body, header("Content-Type", example.Media)); got.status >= 300 {
			t.Errorf("example %q of %s: %d %s", example.Name, route, got.status, got.text)
		}
	}
}

// whoMay is somebody who may use the route.
func (s stage) whoMay(r httpapi.Route) person {
	if r.String() == "POST /v1/slots/{slotId}/bookings" {
		return s.enrolled("fay") // who has none yet
	}
	for i, part := range everybody {
		if permissions[r.String()][i] < 300 {
			return s.people[part]
		}
	}
	s.Fatalf("nobody may use %s", r)
	return person{}
}

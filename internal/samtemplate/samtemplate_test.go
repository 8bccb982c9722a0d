package samtemplate_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/samtemplate"
)

// project is the template that is deployed.
func project(t *testing.T) *samtemplate.Template {
	t.Helper()
	template, err := samtemplate.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func parse(t *testing.T, content string) *samtemplate.Template {
	t.Helper()
	template, err := samtemplate.Parse([]byte(content))
	if err != nil {
		t.Fatal(err)
	}
	return template
}

func TestParseRefuses(t *testing.T) {
	for name, test := range map[string]struct{ content, want string }{
		"no YAML":     {"Resources: [", "yaml"},
		"an alias":    {"A: &a {B: c}\nD: *a\n", "CloudFormation has no aliases"},
		"a key twice": {"Resources:\n  A: {Type: T}\n  A: {Type: U}\n", "already defined"},
		"a value that is computed": {`
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Environment: {Variables: {A: !Select [0, [a, b]]}}
`, "line 6: neither a plain value nor Ref"},
		"a statement by exclusion": {`
Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties: {PolicyDocument: {Statement: [{Effect: Allow, NotAction: "s3:*", Resource: "*"}]}}
`, "statement with NotAction"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := samtemplate.Parse([]byte(test.content))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestLoadNamesTheFile(t *testing.T) {
	if _, err := samtemplate.Load("absent.yaml"); err == nil || !strings.Contains(err.Error(), "absent.yaml") {
		t.Errorf("got error %v", err)
	}
}

func TestProjectRoutes(t *testing.T) {
	routes, err := project(t).Routes()
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range routes {
		if strings.Contains(route.Path, "+}") || route.Method == "ANY" {
			t.Errorf("route %s %s is not one route", route.Method, route.Path)
		}
		// The API is below /v1 and asks for a token; beside it are only the pages, whose links are their tokens.
		api := strings.HasPrefix(route.Path, "/v1/")
		if route.Authorized != api || api != (route.Function == "ApiFunction") || !api && route.Function != "PagesFunction" {
			t.Errorf("route %s %s leads to %s, authorized: %v", route.Method, route.Path, route.Function, route.Authorized)
		}
	}
	booking := samtemplate.Route{
		Method: "POST", Path: "/v1/slots/{slotId}/bookings", Function: "ApiFunction", Authorized: true,
	}
	found := false
	for _, route := range routes {
		found = found || route == booking
	}
	if !found {
		t.Errorf("no %+v among %+v", booking, routes)
	}
}

func TestRoutes(t *testing.T) {
	const api = `
Resources:
  Open: {Type: AWS::Serverless::HttpApi}
  Closed: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {DefaultAuthorizer: Oidc}}}
  F:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Tick: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 minute)}}
        D: {Type: HttpApi, Properties: {ApiId: !Ref Closed, Method: POST, Path: /b}}
        C: {Type: HttpApi, Properties: {ApiId: !Ref Closed, Method: get, Path: /b}}
        B: {Type: HttpApi, Properties: {ApiId: {Ref: Closed}, Method: GET, Path: /a, Auth: {Authorizer: NONE}}}
        A: {Type: HttpApi, Properties: {ApiId: !Ref Open, Method: GET, Path: /c}}
`
	got, err := parse(t, api).Routes()
	if err != nil {
		t.Fatal(err)
	}
	want := []samtemplate.Route{
		{Method: "GET", Path: "/a", Function: "F"},
		{Method: "GET", Path: "/b", Function: "F", Authorized: true},
		{Method: "POST", Path: "/b", Function: "F", Authorized: true},
		{Method: "GET", Path: "/c", Function: "F"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	_, err = parse(t, strings.Replace(api, "!Ref Open", "!Ref Missing", 1)).Routes()
	if err == nil || !strings.Contains(err.Error(), `event A: no HttpApi "${Missing}"`) {
		t.Errorf("got error %v", err)
	}
}

func TestProjectTable(t *testing.T) {
	got, err := project(t).Table("Table")
	if err != nil {
		t.Fatal(err)
	}
	index := func(name, projection string) samtemplate.IndexSchema {
		return samtemplate.IndexSchema{
			Name: name, Key: samtemplate.KeySchema{Partition: name + "PK", Sort: name + "SK"}, Projection: projection,
		}
	}
	want := samtemplate.TableSchema{
		Key: samtemplate.KeySchema{Partition: "PK", Sort: "SK"},
		Indexes: []samtemplate.IndexSchema{
			index("open", "ALL"), index("topic", "ALL"), index("attending", "KEYS_ONLY"), index("hosting", "KEYS_ONLY"),
		},
		TTL:    "TTL",
		Stream: "KEYS_ONLY",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTableRefuses(t *testing.T) {
	const tables = `
Resources:
  Numbers:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: A, AttributeType: S}, {AttributeName: B, AttributeType: N}]
      KeySchema: [{AttributeName: A, KeyType: HASH}, {AttributeName: B, KeyType: RANGE}]
  Half:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{AttributeName: A, AttributeType: S}]
      KeySchema: [{AttributeName: A, KeyType: HASH}]
`
	template := parse(t, tables)
	for id, want := range map[string]string{
		"Numbers": `"B" is not defined as text`,
		"Half":    "not a HASH and a RANGE",
		"Missing": "there are [Half Numbers]",
	} {
		if _, err := template.Table(id); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("table %s: got error %v, want one with %q", id, err, want)
		}
	}
}

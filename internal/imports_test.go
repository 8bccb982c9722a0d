package internal

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "flashmentoring/"

// row is one line of the import table: what a package may import, and why it may.
type row struct {
	ours   string // our own packages, without internal/
	theirs string // modules, by prefix
	why    string
}

// importTable says who may know whom. Imports point downwards: from triggers to use cases to decisions and
// storage. A package without a row, an import without an entry and an entry nobody uses each fail the test.
// Tests may import what they like.
var importTable = map[string]row{
	"internal/mentoring": {"", "", "the domain decides and knows nothing of storage, transport or mail"},
	"internal/table":     {"", "", "the waist is what engines and use cases agree on"},
	"internal/table/dynamotable": {"table", "github.com/aws/aws-sdk-go-v2 github.com/aws/smithy-go",
		"the only door to DynamoDB"},
	"internal/table/bolttable": {"table", "go.etcd.io/bbolt",
		"the embedded engine, for local use and fast tests"},
	"internal/table/tabletest": {"table", "github.com/google/go-cmp", "one suite for every engine, and wrappers around any"},
	"internal/npm":             {"", "github.com/gofrs/flock", "installs what comes from npm, once for processes that start together"},
	"internal/chromium":        {"npm", "github.com/chromedp/chromedp github.com/chromedp/cdproto", "pages in a real browser, for tests"},
	"internal/dynamolocal": {"npm samtemplate table/dynamotable", "github.com/aws/aws-sdk-go-v2 github.com/aws/aws-lambda-go",
		"starts the real DynamoDB Local with the table of template.yaml"},
	"internal/benchmarks":  {"samtemplate", "", "measures across packages, in its tests, with what template.yaml configures"},
	"internal/samtemplate": {"", "go.yaml.in/yaml/v3", "template.yaml, for the local cloud and for tests"},
	"internal/desk": {"mentoring report table telemetry", "",
		"use cases load records, ask the domain and commit; keys and record shapes live here. Of telemetry: what is done side by side survives panics"},
	"internal/report":     {"mentoring plaintext", "", "what a programme learns from its sessions: pure figures over facts"},
	"internal/strictjson": {"", "github.com/go-json-experiment/json", "JSON that lists every mistake"},
	"internal/identity":   {"", "github.com/go-jose/go-jose/v4 golang.org/x/sync", "who is calling: tokens and keys, nothing of ours"},
	"internal/identity/localissuer": {"", "github.com/go-jose/go-jose/v4",
		"an issuer for tests and the local cloud"},
	"internal/httpapi": {"calendar desk links mentoring identity report strictjson telemetry lambdahttp", "golang.org/x/time",
		"routes and wire types; no AWS"},
	"internal/httpapi/contract": {"", "github.com/santhosh-tekuri/jsonschema/v6 go.yaml.in/yaml/v3",
		"holds every answer in every test against openapi.yaml"},
	"internal/links": {"", "", "signed tokens; whoever makes or reads one needs nothing else"},
	"internal/pages": {"calendar desk lambdahttp links mentoring plaintext telemetry", "",
		"what links in mails lead to; no token, no AWS"},
	"internal/lambdahttp": {"", "github.com/aws/aws-lambda-go", "HTTP API events and net/http, nothing of ours"},
	"internal/plaintext":  {"", "", "what people wrote, made harmless for mails, calendars and pages"},
	"internal/calendar": {"mentoring plaintext", "github.com/arran4/golang-ical",
		"calendar entries and their encoding, without templates, so that the api can serve them"},
	"internal/mail": {"calendar mentoring plaintext", "github.com/wneessen/go-mail",
		"puts decided notices into words"},
	"internal/sesmail": {"mail", "github.com/aws/aws-sdk-go-v2 github.com/aws/smithy-go", "the only door to SES"},
	"internal/sesbox":  {"", "github.com/emersion/go-message", "an SES endpoint that keeps what it is given"},
	"internal/dispatch": {"desk mail mentoring table telemetry", "github.com/aws/aws-lambda-go golang.org/x/sync golang.org/x/time",
		"outbox rows become mail; woken by the stream and the clock"},
	"internal/mailevents": {"desk telemetry", "",
		"bounces and complaints become suppressions; it sends nothing, so it knows no mail"},
	"internal/assembly": {"config desk links mentoring table", "github.com/aws/aws-sdk-go-v2",
		"what the functions have in common"},
	"internal/assembly/apifunction": {"assembly calendar config httpapi identity lambdahttp telemetry", "github.com/aws/aws-lambda-go",
		"puts the api together; sends no mail, so it knows no mail"},
	"internal/assembly/pagesfunction": {"assembly calendar config lambdahttp pages telemetry", "github.com/aws/aws-lambda-go",
		"puts the pages together; sends no mail, so it knows no mail"},
	"internal/assembly/mailfunction": {"assembly config dispatch links mail mentoring telemetry", "",
		"puts mailer and clock together, and the links into their mails"},
	"internal/assembly/maileventsfunction": {"assembly config mailevents telemetry", "",
		"puts the function for bounces and complaints together"},
	"internal/simulation": {"desk dispatch mail mailevents mentoring sesbox sesmail table table/tabletest telemetry",
		"github.com/aws/aws-sdk-go-v2 github.com/aws/aws-lambda-go github.com/emersion/go-ical github.com/google/go-cmp",
		"the whole product in a world made from a seed; nothing but its tests imports it"},
	"internal/config": {"", "", "environment to checked struct"},
	"internal/telemetry": {"table", "github.com/aws/aws-lambda-go golang.org/x/sync",
		"one log line per invocation, which says what it used of the table and what Lambda calls it, and metrics as log lines"},
}

func TestImportTable(t *testing.T) {
	seen := imports(t)
	for pkg, used := range seen {
		allowed, ok := importTable[pkg]
		if !ok {
			t.Errorf("%s has no row in the import table", pkg)
			continue
		}
		ours, theirs := strings.Fields(allowed.ours), strings.Fields(allowed.theirs)
		for _, i := range used {
			if name, own := strings.CutPrefix(i, module+"internal/"); own {
				if !slices.Contains(ours, name) {
					t.Errorf("%s must not import %s: %s", pkg, i, allowed.why)
				}
			} else if !slices.ContainsFunc(theirs, func(m string) bool { return i == m || strings.HasPrefix(i, m+"/") }) {
				t.Errorf("%s must not import %s: %s", pkg, i, allowed.why)
			}
		}
		for _, name := range ours {
			if !slices.Contains(used, module+"internal/"+name) {
				t.Errorf("%s may import %s and does not: drop it from the table", pkg, name)
			}
		}
		for _, m := range theirs {
			if !slices.ContainsFunc(used, func(i string) bool { return i == m || strings.HasPrefix(i, m+"/") }) {
				t.Errorf("%s may import %s and does not: drop it from the table", pkg, m)
			}
		}
	}
	for pkg := range importTable {
		if _, ok := seen[pkg]; !ok {
			t.Errorf("the import table has a row for %s, which does not exist", pkg)
		}
	}
}

// TestOneDoorToEachService holds the two clients that reach other services to one package each.
func TestOneDoorToEachService(t *testing.T) {
	doors := map[string]string{
		"github.com/aws/aws-sdk-go-v2/service/dynamodb": "internal/table/dynamotable",
		"github.com/aws/aws-sdk-go-v2/service/sesv2":    "internal/sesmail",
	}
	for pkg, used := range imports(t) {
		for service, door := range doors {
			if slices.Contains(used, service) && pkg != door && pkg != "internal/dynamolocal" {
				t.Errorf("%s imports %s; only %s may", pkg, service, door)
			}
		}
	}
}

// imports lists what each package below internal imports outside the standard library, tests left out.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		source, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Join("internal", filepath.ToSlash(filepath.Dir(file)))
		found[pkg] = append(found[pkg], "")
		for _, i := range parsed.Imports {
			name := strings.Trim(i.Path.Value, `"`)
			if strings.HasPrefix(name, module) || strings.Contains(strings.Split(name, "/")[0], ".") {
				found[pkg] = append(found[pkg], name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for pkg := range found {
		slices.Sort(found[pkg])
		found[pkg] = slices.Compact(found[pkg])[1:]
	}
	return found
}

// TestCalendarHasNoTemplates holds that nothing of mail's words comes with a calendar: the api serves calendars, and
// templates would cost it size and start-up time (proof.md P1, P2).
func TestCalendarHasNoTemplates(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", module+"internal/calendar").Output()
	if err != nil {
		t.Fatal(err)
	}
	deps := strings.Fields(string(out))
	if !slices.Contains(deps, "strings") {
		t.Fatalf("not a list of packages: %q", deps)
	}
	for _, template := range []string{"text/template", "html/template", module + "internal/mail"} {
		if slices.Contains(deps, template) {
			t.Errorf("calendar links %s", template)
		}
	}
}

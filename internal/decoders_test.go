package internal

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// decoders are all places where something from outside is read, or becomes part of something that others read, and the
// fuzz target of each (proof.md S4). A function without a row, a row without its target and a target without a row fail.
var decoders = map[string][]string{
	"functions/api: events":        {"lambdahttp FuzzHandler"},
	"functions/pages: events":      {"lambdahttp FuzzHandler"},
	"functions/mailer: events":     {"dispatch FuzzStream"},
	"functions/clock: what is due": {"dispatch FuzzRows"}, // its event says nothing
	"functions/mailevents: events": {"mailevents FuzzHandle"},

	"requests as a whole":        {"httpapi FuzzRequests", "pages FuzzRequests"},
	"JSON":                       {"strictjson FuzzDecode"},
	"request bodies":             {"httpapi FuzzBodies"},
	"queries":                    {"httpapi FuzzQuery"},
	"cursors":                    {"httpapi FuzzCursor"},
	"Idempotency-Key":            {"httpapi FuzzIdempotencyKey"},
	"If-Match":                   {"httpapi FuzzIfMatch"},
	"ids in paths":               {"httpapi FuzzIDs"},
	"imports of people":          {"httpapi FuzzImport"},
	"bearer tokens":              {"identity FuzzVerify"},
	"tokens of links":            {"links FuzzOpen"},
	"outbox rows":                {"dispatch FuzzRows"},
	"records of the local table": {"table/bolttable FuzzDecode"},

	"texts in mails, calendars and pages": {"plaintext FuzzText"},
	"mails":                               {"mail FuzzCompose"},
	"calendar entries":                    {"calendar FuzzEncode"},
	"the report as CSV":                   {"report FuzzCSV"},
	"answers as events":                   {"lambdahttp FuzzWriteResponse"},
	"requests of the local gateway":       {"lambdahttp FuzzEventFromRequest"},
}

var target = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)

func TestEveryDecoderIsFuzzed(t *testing.T) {
	found := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(file, "_test.go") {
			return err
		}
		source, err := os.ReadFile(file)
		for _, match := range target.FindAllStringSubmatch(string(source), -1) {
			found[filepath.ToSlash(filepath.Dir(file))+" "+match[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	functions, err := os.ReadDir("../functions")
	if err != nil {
		t.Fatal(err)
	}
	rows := ""
	for what, targets := range decoders {
		rows += what + "\n"
		for _, name := range targets {
			if !found[name] {
				t.Errorf("%s are to be fuzzed by %s, which does not exist", what, name)
			}
		}
	}
	for _, f := range functions {
		if !strings.Contains(rows, "functions/"+f.Name()+":") {
			t.Errorf("functions/%s has no row", f.Name())
		}
	}
	for _, targets := range decoders {
		for _, name := range targets {
			delete(found, name)
		}
	}
	for name := range found {
		t.Errorf("%s is in no row", name)
	}
}

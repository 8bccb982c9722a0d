// Package modeltest holds the use cases against models: small programs that say what the product promises, written from
// its rules and not from its code. Package porcupine looks for one order of events in which the model gives every answer
// that concurrent clients got (order_test.go); package rapid draws sequences of commands and ticks of the clock, and
// engine and model must agree after each (rules_test.go).
package modeltest

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table/bolttable"
)

// morning is the present when a test begins.
var morning = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// openTable opens an embedded table of its own.
func openTable(t testing.TB) *bolttable.Table {
	t.Helper()
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	return engine
}

// caller is somebody with an address at a domain, not enrolled.
func caller(name, domain string) desk.Caller {
	return desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", name), Email: name + "@" + domain, Name: name}
}

func enrolment(name string) mentoring.Enrolment {
	return mentoring.Enrolment{
		Profile:           mentoring.Profile{Name: name, TimeZone: "Europe/Berlin", Languages: []string{"en"}},
		AcceptGroundRules: true,
	}
}

var purpose = mentoring.Purpose{
	Kind: "skill_gap", Question: "How do I read the cash flow statement of a small company?",
	DesiredOutcome: "I can tell whether a supplier will be around next year.",
}

// refusal is the refusal an error is, nil for success; anything else fails the test.
func refusal(t interface{ Fatalf(string, ...any) }, err error) *mentoring.Error {
	var refused *mentoring.Error
	if err != nil && !errors.As(err, &refused) {
		t.Fatalf("neither success nor a refusal: %v", err)
	}
	return refused
}

func code(refused *mentoring.Error) mentoring.Code {
	if refused == nil {
		return ""
	}
	return refused.Code
}

// number reads how much of something a test does from the environment: a little in the short form, and in the full one
// what proof.md asks for.
func number(t testing.TB, variable string, short int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return short
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is not a number", variable, text)
	}
	return n
}

// runs makes rapid do so many runs, unless its flag or environment variable says how many.
func runs(t testing.TB, n int) {
	t.Helper()
	given := os.Getenv("RAPID_CHECKS") != ""
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if given {
		return
	}
	if err := flag.Set("rapid.checks", strconv.Itoa(n)); err != nil {
		t.Fatal(err)
	}
}

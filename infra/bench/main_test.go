package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	got := read([]byte(`goos: linux
BenchmarkBooking-2   	    5000	    380303 ns/op	         0.2500 p50-ms	  156326 B/op	     987 allocs/op
BenchmarkBooking-2   	    5000	    380303 ns/op	         0.3500 p50-ms	  156326 B/op	     987 allocs/op
BenchmarkAmong/browse_from-2         	    1000	         1.108 x-few
=== ATTR  TestRush/collide=true commits-per-answer 1.02
=== ATTR  TestRush words not a number
--- PASS: TestRush (7.38s)
Benchmarking is not a line of figures.
PASS
`))
	want := map[string][]float64{
		"BenchmarkBooking ns/op": {380303, 380303}, "BenchmarkBooking p50-ms": {.25, .35}, "BenchmarkBooking B/op": {156326, 156326},
		"BenchmarkBooking allocs/op": {987, 987}, "BenchmarkAmong/browse_from x-few": {1.108},
		"TestRush/collide=true commits-per-answer": {1.02},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		limit, measured float64
		ratio, verdict  string
	}{
		{1.3, .65, "0.50", "within"}, {1.2, 1.2, "1.00", "within"}, {1.2, 1.21, "1.01", "OVER"}, {0, 0, "-", "within"}, {0, 1, "-", "OVER"},
	} {
		f := figure{limit: c.limit, measured: c.measured}
		if f.ratio() != c.ratio || f.verdict() != c.verdict {
			t.Errorf("%v of %v: %s, %s", c.measured, c.limit, f.ratio(), f.verdict())
		}
	}
}

func TestGrown(t *testing.T) {
	before := map[string][]float64{"A allocs/op": {99}, "B allocs/op": {0, 0, 0}, "A ns/op": {1}}
	name, worst, err := grown(before, map[string][]float64{"A allocs/op": {109}, "B allocs/op": {0, 0, 5}, "A ns/op": {1000}})
	if name != "A" || worst != 1.1 || err != nil {
		t.Errorf("%s grew %v times, %v", name, worst, err)
	}
	if name, worst, _ := grown(before, map[string][]float64{"A allocs/op": {99}, "B allocs/op": {1}}); name != "B" || worst != 2 {
		t.Errorf("%s grew %v times", name, worst)
	}
	for _, other := range []map[string][]float64{{"A allocs/op": {99}}, {"A allocs/op": {99}, "B allocs/op": {0}, "C allocs/op": {0}}} {
		if _, _, err := grown(before, other); err == nil {
			t.Errorf("%v is compared with %v", other, before)
		}
	}
}

func TestExecute(t *testing.T) {
	if out, err := execute(t.Context(), "GOFLAGS=-mod=mod go env GOFLAGS"); err != nil || strings.TrimSpace(string(out)) != "-mod=mod" {
		t.Errorf("said %q, %v", out, err)
	}
	if _, err := execute(t.Context(), "go nonsense"); err == nil || !strings.Contains(err.Error(), "unknown command") {
		t.Errorf("a command that fails: %v", err)
	}
}

// Every command names tests and benchmarks that there are: one that matches nothing would measure nothing.
func TestCommandsMeasureSomething(t *testing.T) {
	for _, p := range promises {
		words := strings.Fields(p.command + " " + measuredPackages)
		folder := ""
		for _, w := range words {
			if strings.HasPrefix(w, "./internal/") && folder == "" {
				folder = w
			}
		}
		for i, w := range words {
			pattern, ok := strings.CutPrefix(w, "-run=")
			if w == "-run" {
				pattern, ok = words[i+1], true
			}
			if bench, is := strings.CutPrefix(w, "-bench="); is {
				pattern, ok = bench, true
			}
			if ok && pattern != "^$" && !named(t, folder, pattern) {
				t.Errorf("%s: nothing in %s is called %s", p.id, folder, pattern)
			}
		}
	}
}

// named reports whether a test or benchmark in a package's folder matches.
func named(t *testing.T, folder, pattern string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("../..", folder, "*_test.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no tests in %s, %v", folder, err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range parsed.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && regexp.MustCompile(pattern).MatchString(f.Name.Name) {
				return true
			}
		}
	}
	return false
}

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Every promise of reliability and security has a row, and every row names tests that exist, in each of its packages; every
// figure that a test tells belongs to a row.
func TestEveryPromiseHasItsTests(t *testing.T) {
	known := map[string]bool{}
	for _, p := range promises() {
		known[p.id] = true
		names := regexp.MustCompile(p.run)
		told := false
		for _, pkg := range p.packages {
			files, err := filepath.Glob(filepath.Join("../..", pkg, "*_test.go"))
			if err != nil || len(files) == 0 {
				t.Errorf("%s: no tests in %s, %v", p.id, pkg, err)
			}
			found := false
			for _, file := range files {
				source, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				told = told || strings.Contains(string(source), "figure "+p.id+":") || p.fuzz
				for _, f := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`).FindAllStringSubmatch(string(source), -1) {
					found = found || names.MatchString(f[1])
				}
			}
			if !found {
				t.Errorf("%s: no test of %s is called %s", p.id, pkg, p.run)
			}
		}
		if !told {
			t.Errorf("%s: no test tells a figure", p.id)
		}
	}
	for _, id := range strings.Fields("SIM R1 R2 R3 R4 R5 R6 R7 R8 R9 R10 S1 S2 S3 S4 S5 S6") {
		if !known[id] {
			t.Errorf("%s has no row", id)
		}
	}
}

const events = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:9: figure R1: 100 rushes | 1 booked\n"}
{"Action":"output","Package":"p","Test":"TestA","Output":"    a_test.go:9: figure R10: of another promise\n"}
{"Action":"pass","Package":"p","Test":"TestA/part"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"FuzzA","Output":"fuzz: elapsed: 3s, execs: 1200 (400/sec), new interesting: 1 (total: 9)\n"}
{"Action":"output","Package":"p","Test":"FuzzA","Output":"fuzz: elapsed: 6s, execs: 2400 (400/sec), new interesting: 1 (total: 9)\n"}
{"Action":"pass","Package":"p"}
`

func TestVerdicts(t *testing.T) {
	for name, c := range map[string]struct{ output, word string }{
		"good":      {events, "holds"},
		"failed":    {events + `{"Action":"fail","Package":"p","Test":"TestB"}`, "BROKEN: p TestB"},
		"unbuilt":   {`{"Action":"build-fail"}`, "BROKEN: "},
		"nothing":   {`{"Action":"pass","Package":"p"}`, "NOT SHOWN: no test ran"},
		"no figure": {`{"Action":"pass","Package":"p","Test":"TestA"}`, "NOT SHOWN: no test told a figure"},
		"skipped":   {events + `{"Action":"skip","Package":"p","Test":"TestC"}`, "NOT SHOWN IN FULL: skipped TestC"},
	} {
		v := &verdict{}
		if err := v.read("R1", strings.NewReader(c.output)); err != nil || v.word() != c.word {
			t.Errorf("%s: %q, %v; want %q", name, v.word(), err, c.word)
		}
	}
	if err := new(verdict).read("R1", strings.NewReader("not JSON")); err == nil {
		t.Error("what is not JSON is taken")
	}
}

func TestRow(t *testing.T) {
	v := &verdict{}
	if err := v.read("R1", strings.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	p := promise{"R1", "a seat", []string{"RUSHES=100"}, "A|B", []string{"./p"}, false}
	want := "| R1 | a seat | 100 rushes \\| 1 booked | 2 | `RUSHES=100 go test -run 'A\\|B' -v ./p` | holds |"
	if diff := cmp.Diff(want, row(p, v, 2*time.Second)); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
	if v.inputs != 2400 {
		t.Errorf("%d inputs", v.inputs)
	}
}

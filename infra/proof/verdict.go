package main

import (
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
)

// event is a line of go test -json ("go doc test2json").
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

// verdict is what a run of tests showed.
type verdict struct {
	figures []string
	passed  int // tests, not their parts
	failed  []string
	skipped []string
	inputs  int // that fuzz targets tried
	targets int // of fuzz
	broken  string
}

var (
	figureLine = regexp.MustCompile(`figure ([RS]\d+|SIM): (.*)`)
	fuzzLine   = regexp.MustCompile(`fuzz: elapsed: .*, execs: (\d+) `)
)

// read takes in the events of one run for a promise. What a test says of other promises is left to these.
func (v *verdict) read(id string, output io.Reader) error {
	decoder, last := json.NewDecoder(output), 0
	for {
		var e event
		if err := decoder.Decode(&e); err == io.EOF {
			v.inputs += last
			return nil
		} else if err != nil {
			return fmt.Errorf("go test -json: %w", err)
		}
		whole := e.Test != "" && !strings.Contains(e.Test, "/")
		switch e.Action {
		case "output":
			if found := figureLine.FindStringSubmatch(e.Output); found != nil && found[1] == id {
				v.figures = append(v.figures, strings.TrimSpace(found[2]))
			}
			if found := fuzzLine.FindStringSubmatch(e.Output); found != nil {
				last, _ = strconv.Atoi(found[1])
			}
		case "pass":
			if whole {
				v.passed++
			}
		case "fail", "build-fail":
			v.failed = append(v.failed, strings.TrimSpace(e.Package+" "+e.Test))
		case "skip":
			if e.Test != "" {
				v.skipped = append(v.skipped, e.Test)
			}
		}
	}
}

// word is the verdict in a word: a promise that no test ran for, of which one was skipped, or of which none told a figure, is not
// shown to hold.
func (v *verdict) word() string {
	switch {
	case v.broken != "":
		return "BROKEN: " + v.broken
	case len(v.failed) > 0:
		return "BROKEN: " + strings.Join(v.failed, ", ")
	case v.passed == 0:
		return "NOT SHOWN: no test ran"
	case len(v.figures) == 0:
		return "NOT SHOWN: no test told a figure"
	case len(v.skipped) > 0:
		return "NOT SHOWN IN FULL: skipped " + strings.Join(v.skipped, ", ")
	}
	return "holds"
}

func (v *verdict) holds() bool { return v.word() == "holds" }

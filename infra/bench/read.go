package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// execute runs a command line whose words have no spaces, with what stands before it as environment, and returns what it
// wrote, also where it failed.
func execute(ctx context.Context, line string) ([]byte, error) {
	words := strings.Fields(line)
	environment := os.Environ()
	for strings.Contains(words[0], "=") {
		environment, words = append(environment, words[0]), words[1:]
	}
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	var said bytes.Buffer
	cmd.Env, cmd.Stderr = environment, &said
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("%s: %w\n%s%s", line, err, out, &said)
	}
	return out, nil
}

// processors is what `go test` puts behind a benchmark's name.
var processors = regexp.MustCompile(`-\d+$`)

// read collects the figures in the output of `go test`, by the name of what was measured and the unit: lines of benchmarks
// (golang.org/design/14313-benchmark-format) and attributes of tests (testing.T.Attr). One that was measured several times
// has several values.
func read(out []byte) map[string][]float64 {
	said := map[string][]float64{}
	add := func(name, unit, value string) {
		if n, err := strconv.ParseFloat(value, 64); err == nil {
			said[name+" "+unit] = append(said[name+" "+unit], n)
		}
	}
	for line := range strings.Lines(string(out)) {
		switch words := strings.Fields(line); {
		case len(words) == 5 && words[0] == "===" && words[1] == "ATTR":
			add(words[2], words[3], words[4])
		case len(words) >= 4 && strings.HasPrefix(words[0], "Benchmark"):
			name := processors.ReplaceAllString(words[0], "")
			for pair := range slices.Chunk(words[2:], 2) {
				if len(pair) == 2 {
					add(name, pair[1], pair[0])
				}
			}
		}
	}
	return said
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// Proof runs the tests behind what is promised of reliability, security and privacy, in their full form, and prints a row for
// each promise: the figure, how long it took, the command that shows the same, and the verdict. The short form of each
// is a part of make test.
//
//	go run ./infra/proof              # all of them; hours on a small machine
//	go run ./infra/proof R1 R7 SIM    # some
//
// From the environment: SEEDS (how many the simulation plays), FROM (its first one) and FUZZTIME (how long each fuzz
// target looks for inputs). What the tests print goes to proof.log. It ends with 1 unless every promise holds.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

func main() {
	log, err := os.Create("proof.log")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	defer log.Close()
	fmt.Println("| id | promise | figure | seconds | command | verdict |\n|---|---|---|---|---|---|")
	code, wanted := 0, os.Args[1:]
	for _, p := range promises() {
		if len(wanted) > 0 && !slices.Contains(wanted, p.id) {
			continue
		}
		began := time.Now()
		v := prove(p, log)
		fmt.Println(row(p, v, time.Since(began)))
		if !v.holds() {
			code = 1
		}
	}
	if code != 0 {
		fmt.Fprintln(os.Stderr, "proof: not everything holds; see proof.log")
	}
	os.Exit(code)
}

func row(p promise, v *verdict, took time.Duration) string {
	cells := []string{p.id, p.what, strings.Join(v.figures, "; "), fmt.Sprintf("%.0f", took.Seconds()), "`" + p.command() + "`", v.word()}
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "|", `\|`)
	}
	return "| " + strings.Join(cells, " | ") + " |"
}

// prove runs the tests of a promise, and then its fuzz targets one by one, as go test can look for inputs of one only.
func prove(p promise, log io.Writer) *verdict {
	v := &verdict{}
	args := append([]string{"-run", p.run}, p.packages...)
	v.goTest(p, args, log)
	if !p.fuzz {
		return v
	}
	_, within, _ := strings.Cut(p.env[0], "=")
	for _, pkg := range p.packages {
		targets, err := exec.Command("go", "test", "-list", "^Fuzz", pkg).Output()
		if err != nil {
			v.broken = fmt.Sprint("fuzz targets of ", pkg, ": ", err)
		}
		for name := range strings.FieldsSeq(string(targets)) {
			if strings.HasPrefix(name, "Fuzz") {
				v.goTest(p, []string{"-run", "^$", "-fuzz", "^" + name + "$", "-fuzztime", within, pkg}, log)
				v.targets++
			}
		}
	}
	v.figures = append(v.figures, fmt.Sprintf("%d fuzz targets, %s each, %d inputs: no panic, nothing injected", v.targets, within, v.inputs))
	return v
}

// goTest runs go test once. A run that ends badly without a test that failed, as where nothing compiles, is broken too.
func (v *verdict) goTest(p promise, args []string, log io.Writer) {
	cmd := exec.Command("go", append([]string{"test", "-json", "-count=1", "-timeout=6h"}, args...)...)
	cmd.Env = append(os.Environ(), p.env...)
	var output, trouble bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &trouble
	ended := cmd.Run()
	_, _ = fmt.Fprintf(log, "== %s: %s\n%s%s\n", p.id, strings.Join(cmd.Args, " "), output.Bytes(), trouble.Bytes())
	failures := len(v.failed)
	if err := v.read(p.id, &output); err != nil {
		v.broken = err.Error()
	} else if ended != nil && len(v.failed) == failures {
		v.broken = strings.TrimSpace(ended.Error() + " " + trouble.String())
	}
}

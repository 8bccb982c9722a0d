// Command coldstart measures how long the functions take to start, and what they hold in memory at rest.
//
// A function that starts asks the Runtime API of its environment for work (AWS Lambda developer guide, "Using the Lambda
// runtime API"). Here a small server is that API: it starts the real binaries, built as they are deployed but for this
// machine's processor, and stops the clock when they ask for the first time. Beside each start of ours is one of the
// smallest function with a client of DynamoDB, so what counts is the ratio within one run and not the machine.
//
//	go run ./infra/coldstart -starts 50
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"flashmentoring/internal/benchmarks"
)

// functions are ours, by the folder of their command and their name in template.yaml.
var functions = []struct{ command, id string }{
	{"api", "ApiFunction"}, {"pages", "PagesFunction"}, {"mailer", "MailerFunction"}, {"clock", "ClockFunction"}, {"mailevents", "MailEventsFunction"},
}

func main() {
	starts := flag.Int("starts", 30, "how often each function is started")
	asJSON := flag.Bool("json", false, "answer in JSON, for programs")
	flag.Parse()
	log.SetFlags(0)
	all, err := measure(*starts)
	if err == nil && *asJSON {
		err = json.NewEncoder(os.Stdout).Encode(all)
	} else if err == nil {
		err = show(all)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// measured is what one function needs. Times are medians, in milliseconds, sizes in millions of bytes.
type measured struct {
	Function  string
	Start     float64
	Reference float64 // the start of the smallest function there can be
	Ratio     float64
	AtRest    float64 // in memory, the most of all starts
	Binary    float64 // as it is deployed, for arm64
}

func measure(starts int) (all []measured, err error) {
	folder, err := os.MkdirTemp("", "coldstart")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	reference := filepath.Join(folder, "reference")
	if err := build("./infra/coldstart/reference", reference, runtime.GOARCH); err != nil {
		return nil, err
	}
	environment := append(os.Environ(), "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256")
	for _, f := range functions {
		binary := filepath.Join(folder, f.command)
		if err := build("./functions/"+f.command, binary, runtime.GOARCH); err != nil {
			return nil, err
		}
		variables, err := benchmarks.Environment("template.yaml", f.id, nil)
		if err != nil {
			return nil, err
		}
		ours := slices.Clone(environment)
		for name, value := range variables {
			ours = append(ours, name+"="+value)
		}
		var took, base []time.Duration
		var resident int
		for range starts { // side by side in time, so that a busy moment meets both
			a, memory, err := start(binary, ours)
			if err != nil {
				return nil, err
			}
			b, _, err := start(reference, environment)
			if err != nil {
				return nil, err
			}
			took, base, resident = append(took, a), append(base, b), max(resident, memory)
		}
		size, err := deployedSize(f.command, folder)
		if err != nil {
			return nil, err
		}
		all = append(all, measured{
			Function: f.command, Start: ms(median(took)), Reference: ms(median(base)),
			Ratio: float64(median(took)) / float64(median(base)), AtRest: float64(resident) / 1e6, Binary: float64(size) / 1e6,
		})
	}
	return all, nil
}

func show(all []measured) error {
	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "function\tstart p50\treference p50\tratio\tat rest\tarm64 binary\t")
	for _, m := range all {
		fmt.Fprintf(table, "%s\t%.1f ms\t%.1f ms\t%.2f\t%.1f MB\t%.1f MB\t\n", m.Function, m.Start, m.Reference, m.Ratio, m.AtRest, m.Binary)
	}
	return table.Flush()
}

// deployedSize is the size of a function's binary for the processor it is deployed for by default.
func deployedSize(command, folder string) (int64, error) {
	binary := filepath.Join(folder, command+"-arm64")
	if err := build("./functions/"+command, binary, "arm64"); err != nil {
		return 0, err
	}
	file, err := os.Stat(binary)
	if err != nil {
		return 0, err
	}
	return file.Size(), nil
}

// build makes a binary as `make build` does, for a processor.
func build(pkg, to, processor string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", "-o", to, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOARCH="+processor)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", pkg, err, out)
	}
	return nil
}

// patience is how long a function may take to ask for work.
const patience = 20 * time.Second

// start runs a function until it has asked for work and been left at rest for a moment: how long it took, and the bytes
// that are its own in memory then, which include what of the binary was read.
func start(binary string, environment []string) (took time.Duration, resident int, err error) {
	api, err := listen()
	if err != nil {
		return 0, 0, err
	}
	defer api.Close()
	var said strings.Builder
	cmd := exec.Command(binary)
	cmd.Env = append(slices.Clone(environment), "AWS_LAMBDA_RUNTIME_API="+api.Address())
	cmd.Stdout, cmd.Stderr = &said, &said
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	}()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	asked, err := api.Asked(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("%s never asked for work: %w\n%s", filepath.Base(binary), err, said.String())
	}
	time.Sleep(20 * time.Millisecond)
	resident, err = residentBytes(cmd.Process.Pid)
	return asked.Sub(began), resident, err
}

// residentBytes is VmRSS of a process (proc(5)).
func residentBytes(pid int) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmRSS:" {
			kilobytes, err := strconv.Atoi(fields[1])
			return kilobytes * 1024, err
		}
	}
	return 0, errors.New("no VmRSS")
}

func median(all []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(all))
	return sorted[len(sorted)/2]
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

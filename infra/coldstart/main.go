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
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"flashmentoring/internal/samtemplate"
)

// functions are ours, by the folder of their command and their name in template.yaml.
var functions = []struct{ command, id string }{
	{"api", "ApiFunction"}, {"pages", "PagesFunction"}, {"mailer", "MailerFunction"}, {"clock", "ClockFunction"}, {"mailevents", "MailEventsFunction"},
}

func main() {
	starts := flag.Int("starts", 30, "how often each function is started")
	flag.Parse()
	log.SetFlags(0)
	if err := measure(*starts); err != nil {
		log.Fatal(err)
	}
}

func measure(starts int) error {
	folder, err := os.MkdirTemp("", "coldstart")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	template, err := samtemplate.Load("template.yaml")
	if err != nil {
		return err
	}
	reference := filepath.Join(folder, "reference")
	if err := build("./infra/coldstart/reference", reference); err != nil {
		return err
	}
	environment := append(os.Environ(), "AWS_REGION=eu-central-1", "AWS_ACCESS_KEY_ID=none", "AWS_SECRET_ACCESS_KEY=none", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=256")

	table := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "function\tstart p50\treference p50\tratio\tat rest\t")
	for _, f := range functions {
		binary := filepath.Join(folder, f.command)
		if err := build("./functions/"+f.command, binary); err != nil {
			return err
		}
		variables, err := template.Environment(f.id, deployed)
		if err != nil {
			return err
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
				return err
			}
			b, _, err := start(reference, environment)
			if err != nil {
				return err
			}
			took, base, resident = append(took, a), append(base, b), max(resident, memory)
		}
		fmt.Fprintf(table, "%s\t%.1f ms\t%.1f ms\t%.2f\t%.1f MB\t\n", f.command, ms(median(took)), ms(median(base)),
			float64(median(took))/float64(median(base)), float64(resident)/1e6)
	}
	return table.Flush()
}

// deployed are values of the kind that CloudFormation would fill in.
var deployed = samtemplate.Values{
	Refs: map[string]string{
		"TokenIssuer": "https://issuer.example.org/", "TokenAudience": "flash", "MailDomain": "example.org", "Table": "flash",
		"CursorKey": "cursor", "LinkKey": "link", "LinkKeyBefore": "before", "HttpApi.ApiEndpoint": "https://api.example.org",
		"ConfigurationSet": "flash", "AWS::Region": "eu-central-1", "AWS::AccountId": "123456789012", "AWS::Partition": "aws", "AWS::StackName": "flash",
	},
	Dynamic: map[string]string{
		"secretsmanager:cursor":                     strings.Repeat("c", 32),
		"secretsmanager:link:SecretString:id":       "1",
		"secretsmanager:link:SecretString:secret":   strings.Repeat("l", 32),
		"secretsmanager:before:SecretString:id":     "0",
		"secretsmanager:before:SecretString:secret": strings.Repeat("b", 32),
	},
}

// build makes a binary as `make build` does, for this machine's processor.
func build(pkg, to string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-buildvcs=false", "-tags", "lambda.norpc", "-ldflags", "-s -w -buildid=", "-o", to, pkg)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
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

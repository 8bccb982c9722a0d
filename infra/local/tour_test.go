package main

import (
	"context"
	"errors"
	"flag"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/infra/local/cloud"
	"flashmentoring/internal/dynamolocal"
)

var update = flag.Bool("update", false, "write what the tour answers into the README")

const readme = "../../README.md"

// The tour of the README, pasted into a shell as a reader would, answers what the README says.
func TestTour(t *testing.T) {
	for _, engine := range []cloud.Engine{cloud.Bolt, cloud.DynamoDBLocal} {
		t.Run(string(engine), func(t *testing.T) {
			local, err := cloud.Start(t.Context(), cloud.Config{DataDir: t.TempDir(), Table: engine})
			if errors.Is(err, dynamolocal.ErrMissing) && os.Getenv(dynamolocal.RequireVariable) != "1" {
				t.Skipf("no tour on DynamoDB Local (%s=1 makes this a failure): %v", dynamolocal.RequireVariable, err)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := local.Close(); err != nil {
					t.Error(err)
				}
			}()
			text, err := os.ReadFile(readme)
			if err != nil {
				t.Fatal(err)
			}
			tour := stepsOf(string(text))
			answers := paste(t, tour, local.URL())
			if *update && engine == cloud.Bolt {
				write(t, string(text), tour, answers)
				return
			}
			for i, step := range tour {
				if diff := cmp.Diff(timeless(step.answer), timeless(answers[i])); diff != "" {
					t.Errorf("the README is not what the tour answers to (go test ./infra/local -run Tour -update)\n%s\n(-README +tour):\n%s",
						step.command, diff)
				}
			}
		})
	}
}

// step is a block of commands in the README, and the block behind it that says what they answer, if there is one.
type step struct{ command, answer string }

var block = regexp.MustCompile("(?s)```sh\n(.*?)```\n(?:```(?:json)?\n(.*?)```)?")

func stepsOf(text string) (steps []step) {
	_, tour, _ := strings.Cut(text, "\n## A tour")
	tour, _, _ = strings.Cut(tour, "\n## ")
	for _, m := range block.FindAllStringSubmatch(tour, -1) {
		steps = append(steps, step{m[1], m[2]})
	}
	return steps
}

const border = "---- next step ----"

// paste runs the steps in one shell, and returns what each printed.
func paste(t *testing.T, tour []step, url string) []string {
	t.Helper()
	if len(tour) < 5 {
		t.Fatalf("the README has a tour of %d steps", len(tour))
	}
	var script strings.Builder
	for _, s := range tour {
		script.WriteString(strings.ReplaceAll(s.command, "http://localhost:3000", url) + "echo '" + border + "'\n")
	}
	shell := exec.CommandContext(context.WithoutCancel(t.Context()), "sh", "-eu")
	shell.Stdin, shell.Stderr = strings.NewReader(script.String()), os.Stderr
	out, err := shell.Output()
	if err != nil {
		t.Fatalf("the tour fails: %v\n%s", err, out)
	}
	return strings.Split(strings.TrimSuffix(string(out), border+"\n"), border+"\n")
}

// timeless replaces what is another thing each time: ids, cursors and dates.
func timeless(text string) string {
	for pattern, name := range map[string]string{
		`(per|slot|bkg)_[a-z2-7]{26}`:                         "${1}_ID",
		`\b[A-Z2-7]{26}\b`:                                    "REQUEST",
		`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`:                     "TIME",
		`"nextCursor":"[^"]*"`:                                `"nextCursor":"CURSOR"`,
		`(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d+ \w{3} \d\d:\d\d\b`: "WHEN",
	} {
		text = regexp.MustCompile(pattern).ReplaceAllString(text, name)
	}
	return text
}

func write(t *testing.T, text string, tour []step, answers []string) {
	t.Helper()
	for i, s := range tour {
		if s.answer != "" {
			text = strings.Replace(text, s.command+"```\n```json\n"+s.answer, s.command+"```\n```json\n"+answers[i], 1)
			text = strings.Replace(text, s.command+"```\n```\n"+s.answer, s.command+"```\n```\n"+answers[i], 1)
		}
	}
	if err := os.WriteFile(readme, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

package main

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Whatever account the developer is signed in to, the SAM CLI and the functions it runs know nothing of it.
func TestCommandKnowsNoAccount(t *testing.T) {
	for _, name := range []string{"AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"} {
		t.Setenv(name, "mine")
	}
	out, err := samCLI{program: "env", docker: "unix:///tmp/x"}.run(t.Context(), "-u", "OTHER")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(out), "\n")
	for _, want := range []string{"SAM_CLI_TELEMETRY=0", "DOCKER_HOST=unix:///tmp/x", "AWS_SHARED_CREDENTIALS_FILE=/dev/null"} {
		if !slices.Contains(lines, want) {
			t.Errorf("there is no %s", want)
		}
	}
	if strings.Contains(string(out), "mine") {
		t.Errorf("it is signed in: %s", out)
	}
}

func TestCommandThatFails(t *testing.T) {
	_, err := samCLI{program: "sh"}.run(t.Context(), "-c", "echo this is why >&2; exit 3")
	if err == nil || !strings.Contains(err.Error(), "this is why") || !strings.Contains(err.Error(), "3") {
		t.Errorf("got %v", err)
	}
	if _, err := (samCLI{program: "true"}).run(t.Context(), "local"); !errors.Is(err, errSilent) {
		t.Errorf("a function that said nothing: %v", err)
	}
	slow := filepath.Join(t.TempDir(), "slow")
	if err := os.WriteFile(slow, []byte("#!/bin/sh\necho \"Function 'F' timed out after 29 seconds\" >&2\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := (samCLI{program: slow}).run(t.Context(), "local"); !errors.Is(err, errLate) {
		t.Errorf("a function that was too slow: %v", err)
	}
}

func TestStandInIsNamed(t *testing.T) {
	here := place{template: "t", variables: "v", gateway: "172.17.0.1"}
	if got := (samCLI{}).local("invoke", here); slices.Contains(got, "--invoke-image") {
		t.Errorf("Amazon's image is asked for as another one: %v", got)
	}
	if got := (samCLI{image: baseImage{standIn: "other"}}).local("invoke", here); !slices.Contains(got, "other") {
		t.Errorf("the stand-in is not asked for: %v", got)
	}
}

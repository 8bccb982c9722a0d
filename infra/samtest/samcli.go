package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// samCLI runs the SAM CLI in the project's folder.
type samCLI struct {
	program string
	docker  string // as DOCKER_HOST has it; empty is the usual one
	image   baseImage
}

// buildFolder is beside that of a developer's own `sam build`, which may be for another processor.
const buildFolder = ".aws-sam/samtest"

// architecture is this machine's, as Lambda calls it.
func architecture() string {
	if runtime.GOARCH == "amd64" {
		return "x86_64"
	}
	return runtime.GOARCH
}

func (s samCLI) validate(ctx context.Context) error {
	_, err := s.run(ctx, "validate", "--lint")
	return err
}

// build builds the functions for this machine, so that they run here as they are.
func (s samCLI) build(ctx context.Context) error {
	_, err := s.run(ctx, "build", "--build-dir", buildFolder, "--parameter-overrides", "Architecture="+architecture())
	return err
}

// local are the arguments of `sam local`, with what its containers need.
func (s samCLI) local(command string, here place) []string {
	arguments := []string{
		"local", command, "--template-file", here.template, "--env-vars", here.variables, "--skip-pull-image",
		"--parameter-overrides", "Architecture=" + architecture(), "--add-host", hostName + ":" + here.gateway,
	}
	if s.image.standIn != "" {
		arguments = append(arguments, "--invoke-image", s.image.standIn)
	}
	return arguments
}

// place is where containers find what they need.
type place struct {
	template  string // file of the built template that declares all variables
	variables string // file of the values of the functions' variables
	gateway   string // address of this machine
}

// hostName is what containers call this machine.
const hostName = "host.docker.internal"

// invoke calls a function with an event, in a container of its own, and returns the answer.
func (s samCLI) invoke(ctx context.Context, here place, function string, event []byte) ([]byte, error) {
	file, err := os.CreateTemp(filepath.Dir(here.variables), "event-*.json")
	if err != nil {
		return nil, err
	}
	_, err = file.Write(event)
	if err = errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	return s.run(ctx, append(s.local("invoke", here), "--event", file.Name(), function)...)
}

// command is one of the SAM CLI. It knows no account, so nothing can reach one.
func (s samCLI) command(ctx context.Context, arguments ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, s.program, arguments...)
	c.Cancel = func() error { return c.Process.Signal(os.Interrupt) } // so that it removes its containers
	c.WaitDelay = patience
	c.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "AWS_") })
	c.Env = append(c.Env, "SAM_CLI_TELEMETRY=0", "AWS_EC2_METADATA_DISABLED=true", "AWS_DEFAULT_REGION=eu-central-1",
		"AWS_CONFIG_FILE="+os.DevNull, "AWS_SHARED_CREDENTIALS_FILE="+os.DevNull,
		"GOARCH_LAMBDA="+runtime.GOARCH) // for the Makefile, which `sam build` calls
	if s.docker != "" {
		c.Env = append(c.Env, "DOCKER_HOST="+s.docker)
	}
	return c
}

var (
	// errSilent says that a function ended without an answer.
	errSilent = errors.New("the function does not answer")
	// errLate says that a function had no answer within the time that the template gives it. On a machine that is busy
	// enough that happens to any.
	errLate = errors.New("the function was too slow")
)

// run runs a command to its end, and returns what it says; an error has what it says beside that.
func (s samCLI) run(ctx context.Context, arguments ...string) ([]byte, error) {
	c := s.command(ctx, arguments...)
	var beside strings.Builder
	c.Stderr = &beside
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("sam %s: %w\n%s%s", arguments[0], err, out, beside.String())
	}
	if arguments[0] == "local" && len(out) == 0 {
		err := errSilent
		if strings.Contains(beside.String(), "timed out after") {
			err = errLate
		}
		return nil, fmt.Errorf("%w\n%s", err, beside.String())
	}
	return out, nil
}

// serverStart is how long a server of the SAM CLI may take until it answers.
const serverStart = 2 * time.Minute

// serve runs a server of the SAM CLI, with containers that stay, and returns its address once it answers. The file gets
// what it says.
func (s samCLI) serve(ctx context.Context, here place, command, log string) (address string, stop func() error, err error) {
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	file, err := os.Create(log)
	if err != nil {
		return "", nil, err
	}
	// Not with the context: it is told to end by stop, and only then.
	c := s.command(context.WithoutCancel(ctx), append(s.local(command, here), "--port", strconv.Itoa(port), "--warm-containers", "LAZY", "--no-watch")...)
	c.Stdout, c.Stderr = file, file
	ended, err := begin(c)
	if err != nil {
		return "", nil, errors.Join(err, file.Close())
	}
	stop = func() error { return errors.Join(end(c, ended), file.Close()) }
	address = fmt.Sprintf("http://127.0.0.1:%d", port)
	err = until(ctx, serverStart, ended, func() error {
		response, err := http.Get(address)
		if err == nil {
			err = response.Body.Close()
		}
		return err
	})
	if err != nil {
		err = errors.Join(err, stop())
		said, _ := os.ReadFile(log)
		return "", nil, fmt.Errorf("sam local %s does not answer: %w\n%s", command, err, said)
	}
	return address, stop, nil
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

// lastLines is the end of what a server said.
func lastLines(log string) string {
	text, err := os.ReadFile(log)
	if err != nil {
		return err.Error()
	}
	lines := strings.SplitAfter(string(text), "\n")
	return strings.Join(lines[max(0, len(lines)-60):], "")
}

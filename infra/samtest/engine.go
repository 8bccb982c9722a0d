package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// engine is a Docker Engine that answers.
type engine struct {
	host  string // as DOCKER_HOST has it; empty is the usual one
	about string // its version, and whose it is
	stop  func() error
}

// errNoDocker says what is missing.
var errNoDocker = errors.New("no Docker answers, and none can be started: install Docker Engine (Debian: docker.io), and start it or be root")

// engineStart is how long an engine may take to start.
const engineStart = time.Minute

// findEngine finds the engine that runs here, or starts one that ends with Close and leaves nothing behind.
func findEngine(ctx context.Context) (*engine, error) {
	e := &engine{stop: func() error { return nil }}
	version, err := e.docker(ctx, nil, "version", "--format", "{{.Server.Version}}")
	if err == nil {
		e.about = version + ", that of this machine"
		return e, nil
	}
	if _, missing := exec.LookPath("dockerd"); missing != nil || os.Geteuid() != 0 {
		return nil, errors.Join(errNoDocker, err)
	}
	return startEngine(ctx)
}

func startEngine(ctx context.Context) (*engine, error) {
	folder, err := os.MkdirTemp("", "samtest") // short: the address of a socket is 107 bytes at most (unix(7))
	if err != nil {
		return nil, err
	}
	e := &engine{host: "unix://" + filepath.Join(folder, "docker.sock")}
	var output bytes.Buffer
	// Nothing is published beyond this machine and no container needs the internet, so the firewall is left alone.
	daemon := exec.Command("dockerd", "--host", e.host, "--data-root", filepath.Join(folder, "data"),
		"--exec-root", filepath.Join(folder, "exec"), "--pidfile", filepath.Join(folder, "pid"),
		"--iptables=false", "--ip6tables=false")
	daemon.Stdout, daemon.Stderr = &output, &output
	ended, err := begin(daemon)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	e.stop = func() error { return errors.Join(end(daemon, ended), os.RemoveAll(folder)) }
	version := ""
	err = until(ctx, engineStart, ended, func() error {
		version, err = e.docker(ctx, nil, "version", "--format", "{{.Server.Version}}")
		return err
	})
	if err != nil {
		err = errors.Join(err, e.Close())
		return nil, fmt.Errorf("dockerd does not start: %w\n%s", err, output.String())
	}
	e.about = version + ", started for this"
	return e, nil
}

// Close ends the engine if it was started here.
func (e *engine) Close() error { return e.stop() }

// gateway is the address by which containers reach this machine.
func (e *engine) gateway(ctx context.Context) (string, error) {
	address, err := e.docker(ctx, nil, "network", "inspect", "bridge", "--format", "{{range .IPAM.Config}}{{.Gateway}}\n{{end}}")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(address) {
		if line = strings.TrimSpace(line); strings.Contains(line, ".") {
			return line, nil
		}
	}
	return "", fmt.Errorf("docker's network %q has no gateway", "bridge")
}

// docker runs a command of the Docker CLI, and returns what it says.
func (e *engine) docker(ctx context.Context, input []byte, arguments ...string) (string, error) {
	command := exec.CommandContext(ctx, "docker", arguments...)
	command.Env = os.Environ()
	if e.host != "" {
		command.Env = append(command.Env, "DOCKER_HOST="+e.host)
	}
	command.Stdin = bytes.NewReader(input)
	var out, failed strings.Builder
	command.Stdout, command.Stderr = &out, &failed
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("docker %s: %w: %s", arguments[0], err, strings.TrimSpace(failed.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

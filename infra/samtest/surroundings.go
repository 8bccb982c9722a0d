package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"

	"flashmentoring/infra/local/cloud"
)

// surroundings are what is around the functions in their containers.
type surroundings struct {
	cloud  *cloud.Cloud
	cli    samCLI
	place  place
	folder string // of files that live as long as this does
	lambda atomic.Pointer[string]
	// delivered counts the events that were brought to the mailer in its container.
	delivered atomic.Int64
	undo      []func() error
}

// mailerFunction is the id of the function that the stream wakes.
const mailerFunction = "MailerFunction"

// surround starts the local cloud, lets containers reach it, and starts the mailer in one.
func surround(ctx context.Context, cli samCLI, docker *engine) (s *surroundings, err error) {
	s = &surroundings{cli: cli}
	if err := s.start(ctx, docker); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *surroundings) start(ctx context.Context, docker *engine) (err error) {
	if s.folder, err = os.MkdirTemp("", "samtest"); err != nil {
		return err
	}
	s.undo = append(s.undo, func() error { return os.RemoveAll(s.folder) })
	s.cloud, err = cloud.Start(ctx, cloud.Config{
		DataDir: filepath.Join(s.folder, "cloud"), Table: cloud.DynamoDBLocal, Empty: true, Host: hostName, Mailer: s.mailer,
		// One caller after another, from one machine: what is limited is not what is tested here.
		Parameters: map[string]string{"WritesPerMinute": "60000", "ReadsPerMinute": "60000"},
	})
	if err != nil {
		return err
	}
	s.undo = append(s.undo, s.cloud.Close)
	if s.place.gateway, err = docker.gateway(ctx); err != nil {
		return err
	}
	if err := s.prepare(); err != nil {
		return err
	}
	_, address, err := s.serve(ctx, "start-lambda")
	if err != nil {
		return err
	}
	s.lambda.Store(&address)
	return nil
}

// serve starts a server of the SAM CLI that ends with the surroundings.
func (s *surroundings) serve(ctx context.Context, command string) (log, address string, err error) {
	log = filepath.Join(s.folder, command+".log")
	address, stop, err := s.cli.serve(ctx, s.place, command, log)
	if err != nil {
		return "", "", err
	}
	s.undo = append(s.undo, stop)
	return log, address, nil
}

// Close ends all of it, last first.
func (s *surroundings) Close() (err error) {
	for len(s.undo) > 0 {
		last := s.undo[len(s.undo)-1]
		s.undo = s.undo[:len(s.undo)-1]
		err = errors.Join(err, last())
	}
	return err
}

// prepare writes the functions' variables and the template that declares them all.
func (s *surroundings) prepare() error {
	environments, err := s.cloud.Environments()
	if err != nil {
		return err
	}
	for _, variables := range environments {
		for _, endpoint := range []string{cloud.TableEndpoint, cloud.MailEndpoint} {
			if variables[endpoint], err = s.reachable(variables[endpoint]); err != nil {
				return err
			}
		}
	}
	values, err := json.Marshal(environments)
	if err != nil {
		return err
	}
	s.place.variables = filepath.Join(s.folder, "variables.json")
	if err := os.WriteFile(s.place.variables, values, 0o600); err != nil {
		return err
	}
	built, err := os.ReadFile(filepath.Join(buildFolder, "template.yaml"))
	if err != nil {
		return err
	}
	declared, err := declare(built, cloud.TableEndpoint, cloud.MailEndpoint)
	if err != nil {
		return err
	}
	s.place.template = filepath.Join(buildFolder, "declared.yaml") // beside the other: paths in it are relative
	return os.WriteFile(s.place.template, declared, 0o600)
}

// reachable is the address by which containers reach one of this machine. The local cloud listens on this machine alone,
// which the network of the containers is not: there something else listens at the same port and passes on what comes.
func (s *surroundings) reachable(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	theirs := *u
	theirs.Host = net.JoinHostPort(hostName, u.Port())
	listener, err := net.Listen("tcp", net.JoinHostPort(s.place.gateway, u.Port()))
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return theirs.String(), nil // it is passed on already, or it listens everywhere by itself
	case err != nil:
		return "", fmt.Errorf("containers cannot be given a way to this machine (it must be Docker Engine on Linux): %w", err)
	}
	server := passOn(u)
	go func() { _ = server.Serve(listener) }() // until it is closed
	s.undo = append(s.undo, server.Close)
	return theirs.String(), nil
}

// passOn sends all requests to where an address is, whatever its path.
func passOn(to *url.URL) *http.Server {
	root := &url.URL{Scheme: to.Scheme, Host: to.Host}
	return &http.Server{Handler: httputil.NewSingleHostReverseProxy(root)}
}

// invoke is `sam local invoke`.
func (s *surroundings) invoke(ctx context.Context, function string, event []byte) ([]byte, error) {
	return s.cli.invoke(ctx, s.place, function, event)
}

// mailer brings what the stream has to the mailer, by the address at which `sam local start-lambda` plays the Lambda API.
func (s *surroundings) mailer(ctx context.Context, event []byte) ([]byte, error) {
	address := s.lambda.Load()
	if address == nil {
		return nil, errors.New("the mailer is not there yet")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, *address+"/2015-03-31/functions/"+mailerFunction+"/invocations", bytes.NewReader(event))
	if err != nil {
		return nil, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err == nil && (response.StatusCode != http.StatusOK || response.Header.Get("X-Amz-Function-Error") != "") {
		err = fmt.Errorf("the mailer answers %s: %s", response.Status, answer)
	}
	if err == nil {
		s.delivered.Add(1)
	}
	return answer, err
}

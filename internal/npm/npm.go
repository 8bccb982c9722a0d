// Package npm installs programs that come as npm packages and that tests and the local cloud use: what a folder's
// package-lock.json names, by its hashes, into the node_modules beside it. Nothing of it is deployed.
package npm

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

// ErrMissing is matched by errors that say that npm is not installed.
var ErrMissing = errors.New("npm is not installed")

// Install makes sure that what the package-lock.json in dir names is installed there. It does nothing when it is, and waits
// for whoever is just installing it. It returns an error matching [ErrMissing] when there is no npm.
func Install(ctx context.Context, dir string) error {
	lock := flock.New(filepath.Join(dir, ".install.lock"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return fmt.Errorf("install in %s: %w", dir, err)
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

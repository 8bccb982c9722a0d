package npm_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"flashmentoring/internal/npm"
)

// fakeNPM installs as npm does, as far as Install looks at it, and writes down that it ran.
const fakeNPM = `echo "$*" >>ran
/bin/sleep 0.1
/bin/mkdir -p node_modules
echo >node_modules/.package-lock.json`

// fakeBin is a folder with an npm in it, to be the PATH.
func fakeBin(t *testing.T, script string) string {
	t.Helper()
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "npm"), []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return bin
}

func lockfile(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "package-lock.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func runs(t *testing.T, dir string) int {
	t.Helper()
	ran, err := os.ReadFile(filepath.Join(dir, "ran"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	return strings.Count(string(ran), "ci --ignore-scripts")
}

// Test processes that start together install once, and again only when the lockfile has changed.
func TestInstallRunsOnce(t *testing.T) {
	t.Setenv("PATH", fakeBin(t, fakeNPM))
	dir := lockfile(t)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			if err := npm.Install(t.Context(), dir); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if got := runs(t, dir); got != 1 {
		t.Errorf("npm ran %d times, want once", got)
	}

	later := time.Now().Add(time.Hour)
	if err := os.Chtimes(filepath.Join(dir, "package-lock.json"), later, later); err != nil {
		t.Fatal(err)
	}
	if err := npm.Install(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if got := runs(t, dir); got != 2 {
		t.Errorf("npm ran %d times, want once more after the lockfile changed", got)
	}
}

func TestInstallSaysWhatIsWrong(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := npm.Install(t.Context(), lockfile(t)); !errors.Is(err, npm.ErrMissing) {
		t.Errorf("no npm: got error %v, want ErrMissing", err)
	}
	t.Setenv("PATH", fakeBin(t, "echo no such package; exit 1"))
	err := npm.Install(t.Context(), lockfile(t))
	if err == nil || errors.Is(err, npm.ErrMissing) || !strings.Contains(err.Error(), "no such package") {
		t.Errorf("npm fails: got error %v, want what it said", err)
	}
}

// Package chromium lets tests look at pages in a real browser, Debian's Chromium or another one, and asks axe-core what is
// wrong with them (proof.md W4). It is for tests alone.
//
// axe-core comes with the npm package of that name, pinned in infra/axe-core.
package chromium

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"flashmentoring/internal/npm"
)

// ErrMissing is matched by errors that say that something is not installed: Chromium, or npm for axe-core.
var ErrMissing = errors.New("a browser test needs Chromium, and npm for axe-core")

// RequireVariable is the environment variable that, set to 1, makes the tests that need a browser fail where they cannot
// have one, instead of skipping them.
const RequireVariable = "REQUIRE_CHROMIUM"

// Browser is a browser that is running, without a window and with an empty profile.
type Browser struct {
	ctx context.Context
	axe string // its source
}

// ForTest starts a browser that ends with the test. Where Chromium or npm are missing, the test is skipped with a line that
// says so; with REQUIRE_CHROMIUM=1 it fails.
func ForTest(t testing.TB) *Browser {
	t.Helper()
	b, err := start(t)
	switch {
	case errors.Is(err, ErrMissing) && os.Getenv(RequireVariable) != "1":
		t.Skipf("not tested in a browser (%s=1 makes this a failure): %v", RequireVariable, err)
	case err != nil:
		t.Fatal(err)
	}
	return b
}

func start(t testing.TB) (*Browser, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	axe, err := readAxe(t.Context())
	if err != nil {
		return nil, err
	}
	// Its profile is a new folder, which goes with it. Without a sandbox, because tests also run as root; it sees nothing but
	// our own pages.
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.Flag("no-sandbox", true), chromedp.Flag("disable-gpu", true),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
	)
	// Not the context of the test, which is over before its cleanups run.
	ctx, end := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(end)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	return &Browser{ctx, axe}, nil
}

// find is where the browser is.
func find() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", fmt.Errorf("%w: there is no chromium in the PATH", ErrMissing)
}

// readAxe installs axe-core where need be, and reads it.
func readAxe(ctx context.Context) (string, error) {
	dir, err := projectFolder("infra/axe-core")
	if err != nil {
		return "", err
	}
	err = npm.Install(ctx, dir)
	if errors.Is(err, npm.ErrMissing) {
		return "", fmt.Errorf("%w: %w", ErrMissing, err)
	}
	if err != nil {
		return "", err
	}
	source, err := os.ReadFile(filepath.Join(dir, "node_modules/axe-core/axe.min.js"))
	return string(source), err
}

// projectFolder is a folder of the project: tests run in the folder of their package, somewhere below its root.
func projectFolder(name string) (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, filepath.FromSlash(name)), nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("no go.mod above %s", start)
		}
	}
}

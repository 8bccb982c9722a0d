package stack_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// proof.md S8: the same source gives the same bytes, wherever it lies, and says in its log lines what it is. What is built
// is the smallest function, with the flags that the Makefile has for all.
func TestBuildIsReproducible(t *testing.T) {
	if _, err := exec.LookPath("make"); err != nil && os.Getenv("REQUIRE_SAM") == "" {
		t.Skip("make is missing, and it has the flags (REQUIRE_SAM=1 makes this a failure)")
	}
	const version = "v1.2.0-3-g1a2b3c4"
	here, there := checkout(t, "here"), checkout(t, filepath.Join("at", "another", "place"))
	one, other := built(t, here, version), built(t, there, version)
	if !bytes.Equal(one, other) {
		t.Errorf("%d and %d bytes, and not the same", len(one), len(other))
	}
	for _, folder := range []string{here, os.Getenv("HOME") + "/"} {
		if bytes.Contains(one, []byte(folder)) {
			t.Errorf("the file tells of %s", folder)
		}
	}
	if !bytes.Contains(one, []byte(version)) {
		t.Errorf("the file does not say that it is %s", version)
	}
	// Another version is another file: what is compared is what was built.
	if bytes.Equal(one, built(t, here, "v1.2.0-4-g5d6e7f8")) {
		t.Error("a file does not depend on its version")
	}
}

// checkout copies what functions are built from.
func checkout(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Join(t.TempDir(), name)
	for _, part := range []string{"functions", "internal"} {
		if err := os.CopyFS(filepath.Join(folder, part), os.DirFS(filepath.Join(root, part))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"go.mod", "go.sum", "Makefile"} {
		content, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, file), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// built is the binary that `sam build` has make build.
func built(t *testing.T, folder, version string) []byte {
	t.Helper()
	cmd := exec.Command("make", "build-MailEventsFunction", "ARTIFACTS_DIR="+folder, "VERSION="+version)
	cmd.Dir = folder
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	binary, err := os.ReadFile(filepath.Join(folder, "bootstrap"))
	if err != nil {
		t.Fatal(err)
	}
	return binary
}

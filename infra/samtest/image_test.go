package main

import (
	"archive/tar"
	"bytes"
	"io"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestStandInRoot(t *testing.T) {
	archive, err := standInRoot([]byte("program"))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		got[h.Name] = h.Linkname + string(content)
		if h.Name == "bin/busybox" && h.Mode&0o111 != 0o111 {
			t.Errorf("busybox has the mode %o", h.Mode)
		}
	}
	want := map[string]string{"tmp/": "", "bin/busybox": "program", "bin/sh": "busybox", "bin/mv": "busybox", "bin/chmod": "busybox"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestIsStatic(t *testing.T) {
	static := filepath.Join(t.TempDir(), "static")
	build := exec.Command("go", "build", "-o", static, "../coldstart/reference")
	build.Env = append(build.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if err := isStatic(static); err != nil {
		t.Error(err)
	}
	if isStatic("/bin/sh") == nil {
		t.Error("the shell of this machine counts as static")
	}
}

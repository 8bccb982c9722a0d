package main

import (
	"archive/tar"
	"bytes"
	"context"
	"debug/elf"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"flashmentoring/internal/samtemplate"
)

// baseImage is what the SAM CLI builds the image of its containers from.
type baseImage struct {
	standIn string // its name, "" where Amazon's is used
	about   string
}

// standInName says what it is: it must never be taken for Amazon's.
const standInName = "flash-mentoring-stand-in/provided"

// image pulls Amazon's image of the functions' runtime. Where that fails it makes a stand-in: the functions are single
// static files, and the SAM CLI adds the emulator that starts them, so all that is missing is the few commands it adds the
// emulator with. What the functions would use of the real one, such as certificates or zones, is missing in the stand-in too,
// so it is the stricter of the two.
func (e *engine) image(ctx context.Context, template *samtemplate.Template) (baseImage, error) {
	runtime := ""
	for _, f := range template.Functions() {
		if runtime != "" && f.Runtime != runtime {
			return baseImage{}, fmt.Errorf("the functions have the runtimes %s and %s, and one is expected", runtime, f.Runtime)
		}
		runtime = f.Runtime
	}
	// "Amazon ECR public gallery" names them provided:al2023-x86_64, where the runtime is provided.al2023.
	name := strings.Replace(runtime, ".", ":", 1) + "-" + architecture()
	amazons := "public.ecr.aws/lambda/" + name
	_, unreachable := e.docker(ctx, nil, "pull", "--quiet", amazons)
	if unreachable == nil {
		return baseImage{about: "Amazon's own, " + amazons}, nil
	}
	busybox, err := findBusybox()
	if err != nil {
		return baseImage{}, errors.Join(unreachable, err)
	}
	root, err := standInRoot(busybox)
	if err != nil {
		return baseImage{}, err
	}
	image := baseImage{standIn: standInName + name[strings.Index(name, ":"):]}
	image.about = fmt.Sprintf("a STAND-IN, %s, since %s cannot be pulled", image.standIn, amazons)
	_, err = e.docker(ctx, root, "import", "-", image.standIn)
	return image, err
}

// findBusybox is the program of this machine that has all commands the stand-in needs.
func findBusybox() ([]byte, error) {
	path, err := exec.LookPath("busybox")
	if err != nil {
		return nil, fmt.Errorf("a stand-in for the image needs busybox (Debian: busybox-static): %w", err)
	}
	if err := isStatic(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// standInRoot is the root folder of the stand-in, as an archive: busybox, and its names for what is needed.
func standInRoot(busybox []byte) ([]byte, error) {
	var archive bytes.Buffer
	w := tar.NewWriter(&archive)
	headers := []*tar.Header{
		{Typeflag: tar.TypeDir, Name: "tmp/", Mode: 0o1777},
		{Typeflag: tar.TypeReg, Name: "bin/busybox", Mode: 0o755, Size: int64(len(busybox))},
	}
	for _, name := range []string{"sh", "mv", "chmod"} {
		headers = append(headers, &tar.Header{Typeflag: tar.TypeSymlink, Name: "bin/" + name, Linkname: "busybox"})
	}
	for _, h := range headers {
		err := w.WriteHeader(h)
		if err == nil && h.Size > 0 {
			_, err = w.Write(busybox)
		}
		if err != nil {
			return nil, err
		}
	}
	err := w.Close()
	return archive.Bytes(), err
}

// isStatic returns an error for a program that asks for a dynamic linker, which the stand-in has not.
func isStatic(path string) error {
	file, err := elf.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	for _, segment := range file.Progs {
		if segment.Type == elf.PT_INTERP {
			return fmt.Errorf("%s is not static (Debian: install busybox-static)", path)
		}
	}
	return nil
}

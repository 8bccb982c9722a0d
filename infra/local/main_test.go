package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

// The program says where it is, answers there, and ends when it is told to.
func TestRun(t *testing.T) {
	environment := map[string]string{"PORT": "0", "DATA_DIR": t.TempDir(), "SEED": "off"}
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	read, write := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, func(name string) string { return environment[name] }, write)
		_ = write.CloseWithError(err)
		ended <- err
	}()
	lines := bufio.NewScanner(read)
	console := ""
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "Console"); ok {
			console = strings.TrimSpace(address)
		}
		if strings.Contains(lines.Text(), "Ctrl+C") {
			break
		}
	}
	response, err := http.Get(console)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("the console answers %s", response.Status)
	}
	go func() { _, _ = io.Copy(io.Discard, read) }()
	interrupt()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestRunRefusesAWrongEnvironment(t *testing.T) {
	err := run(t.Context(), func(name string) string { return "wrong" }, io.Discard)
	if err == nil || !strings.Contains(err.Error(), "PORT") || !strings.Contains(err.Error(), "TABLE") {
		t.Errorf("got %v", err)
	}
}

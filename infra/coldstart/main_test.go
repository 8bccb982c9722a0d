package main

import (
	"os"
	"testing"
)

// Every function starts with what template.yaml gives it, and asks for work.
func TestEveryFunctionStarts(t *testing.T) {
	t.Chdir("../..")
	if err := measure(1); err != nil {
		t.Fatal(err)
	}
}

func TestWhatDoesNotStartIsAnError(t *testing.T) {
	if _, _, err := start("/bin/false", os.Environ()); err == nil {
		t.Error("a program that never asks for work counts as started")
	}
}

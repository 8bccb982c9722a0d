package main

import (
	"os"
	"testing"
)

// Every function starts with what template.yaml gives it, and asks for work.
func TestEveryFunctionStarts(t *testing.T) {
	t.Chdir("../..")
	all, err := measure(1)
	if err != nil || len(all) != len(functions) {
		t.Fatalf("measured %d, %v", len(all), err)
	}
	for _, m := range all {
		if m.Start <= 0 || m.Reference <= 0 || m.AtRest < 1 || m.Binary < 1 {
			t.Errorf("%+v", m)
		}
	}
	if err := show(all); err != nil {
		t.Error(err)
	}
}

func TestWhatDoesNotStartIsAnError(t *testing.T) {
	if _, _, err := start("/bin/false", os.Environ()); err == nil {
		t.Error("a program that never asks for work counts as started")
	}
}

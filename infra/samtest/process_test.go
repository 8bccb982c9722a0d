package main

import (
	"context"
	"errors"
	"os/exec"
	"testing"
	"time"
)

func TestUntil(t *testing.T) {
	tries := 0
	err := until(t.Context(), time.Minute, nil, func() error {
		if tries++; tries < 3 {
			return errors.New("not yet")
		}
		return nil
	})
	if err != nil || tries != 3 {
		t.Errorf("%d tries, %v", tries, err)
	}
	never := errors.New("never")
	if err := until(t.Context(), time.Nanosecond, nil, func() error { return never }); !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, never) {
		t.Errorf("when the time is over: %v", err)
	}
	gone := make(chan struct{})
	close(gone)
	if err := until(t.Context(), time.Minute, gone, func() error { return never }); !errors.Is(err, errEnded) || !errors.Is(err, never) {
		t.Errorf("when the program has ended: %v", err)
	}
}

func TestBeginAndEnd(t *testing.T) {
	program := exec.Command("sleep", "1000")
	ended, err := begin(program)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
		t.Fatal("it has ended by itself")
	default:
	}
	if err := end(program, ended); err != nil {
		t.Error(err)
	}
	if err := end(program, ended); err != nil {
		t.Errorf("where it has ended: %v", err)
	}
	if _, err := begin(exec.Command("/does/not/exist")); err == nil {
		t.Error("a program that does not exist was started")
	}
}

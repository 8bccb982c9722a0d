package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"
)

// begin starts a program that runs beside this one. The channel is closed when it has ended.
func begin(c *exec.Cmd) (ended <-chan struct{}, err error) {
	if err := c.Start(); err != nil {
		return nil, err
	}
	gone := make(chan struct{})
	go func() {
		_ = c.Wait() // how it ended is in its output
		close(gone)
	}()
	return gone, nil
}

// patience is how long a program may take to end once it is told to.
const patience = 30 * time.Second

// end tells a program to end, and returns when it has.
func end(c *exec.Cmd, ended <-chan struct{}) error {
	_ = c.Process.Signal(os.Interrupt) // or it has ended
	select {
	case <-ended:
		return nil
	case <-time.After(patience):
		return errors.Join(fmt.Errorf("%s does not end", c.Path), c.Process.Kill())
	}
}

var errEnded = errors.New("it has ended")

// until tries something again and again until it succeeds. It returns the last error when the time is over, the context
// ends, or the program it depends on has ended.
func until(ctx context.Context, limit time.Duration, ended <-chan struct{}, try func() error) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for {
		err := try()
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return errors.Join(errEnded, err)
		case <-ctx.Done():
			return errors.Join(ctx.Err(), err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

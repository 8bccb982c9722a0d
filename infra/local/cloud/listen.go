package cloud

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
)

// listen takes a port on this machine only, at both of its addresses: what "localhost" means differs from program to
// program. A machine without IPv6 does with one.
func listen(port int) (listeners []net.Listener, taken int, err error) {
	first, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return nil, 0, portError(port, err)
	}
	taken = first.Addr().(*net.TCPAddr).Port
	second, err := net.Listen("tcp6", net.JoinHostPort("::1", strconv.Itoa(taken)))
	switch {
	case err == nil:
		return []net.Listener{first, second}, taken, nil
	case port != 0 && errors.Is(err, syscall.EADDRINUSE):
		return nil, 0, errors.Join(portError(port, err), first.Close())
	}
	return []net.Listener{first}, taken, nil
}

func portError(port int, err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("port %d is taken by another program; choose another one: PORT=%d: %w", port, port+1, err)
	}
	return fmt.Errorf("cannot listen on port %d; choose another one with PORT=: %w", port, err)
}

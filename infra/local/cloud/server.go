package cloud

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// server is an http.Server that can be stopped without waiting for connections nobody ever used. Browsers open some in
// advance, and http.Server.Shutdown gives each of them five seconds.
type server struct {
	http.Server
	mu     sync.Mutex
	unused map[net.Conn]bool
}

func newServer(handler http.Handler) *server {
	s := &server{unused: map[net.Conn]bool{}}
	s.Handler, s.ReadHeaderTimeout, s.ConnState = handler, 10*time.Second, s.track
	return s
}

func (s *server) track(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if state == http.StateNew {
		s.unused[conn] = true
	} else {
		delete(s.unused, conn)
	}
}

// stop takes no more requests and waits for those under way; when the context ends first, it ends them.
func (s *server) stop(ctx context.Context) error {
	s.mu.Lock()
	for conn := range s.unused {
		_ = conn.Close()
	}
	s.mu.Unlock()
	if s.Shutdown(ctx) == nil {
		return nil
	}
	return s.Close()
}

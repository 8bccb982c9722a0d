package main

import (
	"context"
	"net"
	"net/http"
	"time"
)

// runtimeAPI is as much of Lambda's Runtime API as a function meets that is never given work.
type runtimeAPI struct {
	listener net.Listener
	server   *http.Server
	asked    chan time.Time
}

func listen() (*runtimeAPI, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	api := &runtimeAPI{listener: listener, asked: make(chan time.Time, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /2018-06-01/runtime/invocation/next", func(_ http.ResponseWriter, r *http.Request) {
		select {
		case api.asked <- time.Now():
		default: // it asked before
		}
		<-r.Context().Done() // there is none
	})
	api.server = &http.Server{Handler: mux, ReadHeaderTimeout: time.Second}
	go func() { _ = api.server.Serve(listener) }() // until Close
	return api, nil
}

// Address is where the API is.
func (a *runtimeAPI) Address() string { return a.listener.Addr().String() }

// Asked waits until a function asks for work, and returns when it did.
func (a *runtimeAPI) Asked(ctx context.Context) (time.Time, error) {
	select {
	case at := <-a.asked:
		return at, nil
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
}

// Close ends it.
func (a *runtimeAPI) Close() { _ = a.server.Close() }

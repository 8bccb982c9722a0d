package httpapi

import (
	"context"
	"crypto/rand"
	"net/http"
	"time"

	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/telemetry"
)

// around gives a request its id, answers for a panic, and writes its line in the log. The line names
// the route and never the path or the query, which hold ids and whatever else a client makes up.
func (a *api) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// The line measures the machine's time, which goes on where the product's clock stands still.
		ctx, line := telemetry.Begin(withRequestID(r.Context()), a.Logger, a.Metrics, "request", time.Now())
		telemetry.Add(ctx, telemetry.RequestID(requestID(ctx)), telemetry.Method(r.Method))
		r = r.WithContext(ctx)
		seen := &witness{ResponseWriter: w}
		setHeaders(w.Header(), requestID(ctx))
		defer func() {
			telemetry.Add(ctx, telemetry.Route(r.Pattern)) // it is known by now
			line.EndRequest(time.Now(), seen.status, string(seen.code))
		}()
		defer survive(seen, r)
		next.ServeHTTP(seen, r)
	})
}

// setHeaders sets what every answer has. Answers depend on who asks, so nothing may store them; they are data, so no
// browser may take them for something else.
func setHeaders(h http.Header, requestID string) {
	h.Set("X-Request-Id", requestID)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Strict-Transport-Security", "max-age=63072000")
	h.Set("X-Content-Type-Options", "nosniff")
}

type requestIDKey struct{}

// withRequestID takes over the id the gateway gave, or makes one. What a client sends as an id is never used.
func withRequestID(ctx context.Context) context.Context {
	id := lambdahttp.RequestID(ctx)
	if id == "" {
		id = rand.Text()
	}
	return context.WithValue(ctx, requestIDKey{}, id)
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// witness remembers what was answered.
type witness struct {
	http.ResponseWriter
	status int
	code   mentoring.Code
}

func (s *witness) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// note remembers the code of a problem for the log.
func note(w http.ResponseWriter, code mentoring.Code) {
	if s, ok := w.(*witness); ok {
		s.code = code
	}
}

// survive answers 500 for a panic, as far as nothing was answered yet.
func survive(seen *witness, r *http.Request) {
	panicked := recover()
	if panicked == nil {
		return
	}
	if panicked == http.ErrAbortHandler {
		panic(panicked)
	}
	telemetry.Add(r.Context(), telemetry.Panic(panicked)...)
	if seen.status == 0 {
		problemFor(nil, requestID(r.Context())).write(seen, r)
	}
}

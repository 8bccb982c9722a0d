package pages

import (
	"context"
	"crypto/rand"
	"net/http"
	"path"
	"strings"
	"time"

	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/telemetry"
)

// around gives a request its deadline and its headers, answers for a panic, and writes its line in the log. The line names
// the route and never the path, which holds the token.
func (p *pages) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), p.Timeout)
		defer cancel()
		id := lambdahttp.RequestID(ctx)
		if id == "" {
			id = rand.Text()
		}
		// The line measures the machine's time, which goes on where the product's clock stands still.
		ctx, line := telemetry.Begin(ctx, p.Logger, p.Metrics, "page", time.Now())
		telemetry.Add(ctx, telemetry.RequestID(id), telemetry.Method(r.Method))
		r = r.WithContext(ctx)
		seen := &witness{ResponseWriter: w}
		setHeaders(w.Header())
		w.Header().Set("X-Request-Id", id)
		defer func() {
			telemetry.Add(ctx, telemetry.Route(r.Pattern)) // the mux has set it by now
			line.EndRequest(time.Now(), seen.status, seen.code)
		}()
		defer survive(seen, r)
		next.ServeHTTP(seen, r)
	})
}

// policy lets a page have the one style that is in it and forms to here, and nothing else: no script, no picture, no
// frame, nothing from elsewhere, and no place in anybody's frame.
var policy = "default-src 'none'; style-src '" + styleHash + "'; img-src data:; form-action 'self'; base-uri 'none'; " +
	"frame-ancestors 'none'"

// setHeaders sets what every answer has. An address here is a key, so it is passed on to nobody (Referrer-Policy), found by
// nobody (X-Robots-Tag), and what it shows is kept by nobody (Cache-Control).
func setHeaders(h http.Header) {
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Strict-Transport-Security", "max-age=63072000")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // for what does not know frame-ancestors
	h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
}

// witness remembers what was answered.
type witness struct {
	http.ResponseWriter
	status int
	code   string
}

func (s *witness) WriteHeader(status int) {
	if s.status == 0 {
		s.status = status
	}
	s.ResponseWriter.WriteHeader(status)
}

// note remembers the code of a problem for the log.
func note(w http.ResponseWriter, code string) {
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
		answerProblem(seen, broken)
	}
}

// plain reports whether the mux takes the path as it is.
func plain(escaped string) bool {
	return strings.HasPrefix(escaped, "/") && path.Clean(escaped) == escaped
}

package httpapi

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/mentoring"
)

// Verifier tells who a bearer token speaks of; [identity.Verifier] is one. Its errors match
// [identity.ErrUnauthenticated], [identity.ErrEmailNotVerified] or [identity.ErrUnavailable].
type Verifier interface {
	Verify(ctx context.Context, token string) (identity.Principal, error)
}

// Config is what the API works with. All fields but Timeout are required.
type Config struct {
	// Desk runs the use cases. Its clock, policy and topics are the API's too.
	Desk     *desk.Desk
	Verifier Verifier
	// CursorKey is the secret that seals the cursors of lists: 16 bytes or more, the same in every process. Another key
	// makes cursors that are under way invalid, and nothing else.
	CursorKey []byte
	// Limits says how many requests one caller may send.
	Limits Limits
	// Logger takes one line per request, and the causes of 5xx answers. Neither holds personal data.
	Logger *slog.Logger
	// Timeout is how long one request may take before it is answered 503; 0 means [DefaultTimeout]. It should be
	// shorter than what runs the process allows, so that there is time to answer.
	Timeout time.Duration
}

// DefaultTimeout is below the 10 seconds template.yaml gives the function.
const DefaultTimeout = 8 * time.Second

type api struct {
	Config
	cursors cursorSeal
	limiter *limiter
}

// New makes the handler of every route in [Routes], and of everything else a client may try. It panics when the cursor
// key is too short or a limit below one, which is a mistake of whoever wired it.
func New(c Config) http.Handler {
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	a := &api{c, newCursorSeal(c.CursorKey), newLimiter(c.Limits)}
	mux := http.NewServeMux()
	for _, e := range endpoints {
		mux.Handle(e.String(), a.serve(e))
	}
	for pattern, methods := range methodsByPattern() {
		mux.Handle(pattern, otherMethods(methods))
	}
	mux.HandleFunc("/", nothing)
	return a.around(plainPaths(mux))
}

// call is one request of somebody known.
type call struct {
	*http.Request
	route  Route
	caller desk.Caller
}

// serve makes a handler of an endpoint.
func (a *api) serve(e endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := a.caller(r)
		if err != nil {
			fail(w, r, err)
			return
		}
		if err := a.admit(w, caller.ID, e.Route); err != nil {
			fail(w, r, err)
			return
		}
		answer, err := e.answer(a, &call{r, e.Route, caller})
		if err != nil {
			fail(w, r, err)
			return
		}
		answer.write(w)
	})
}

// nothing answers where there is nothing.
func nothing(w http.ResponseWriter, r *http.Request) { fail(w, r, mentoring.Missing()) }

// otherMethods answers whoever tries a method that a path does not have.
func otherMethods(has []string) http.Handler {
	allow := strings.Join(has, ", ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", allow)
		fail(w, r, refuse(mentoring.MethodNotAllowed, "Here you can use "+allow+"."))
	})
}

// plainPaths answers 404 for a path that is not in its plain form (//, /../, a slash at the end). The mux would answer
// with a redirect, which is no problem document and which the gateway would never let through.
func plainPaths(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !plain(r.URL.EscapedPath()) {
			nothing(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// methodsByPattern are the methods each path has.
func methodsByPattern() map[string][]string {
	methods := map[string][]string{}
	for _, e := range endpoints {
		methods[e.Pattern] = append(methods[e.Pattern], e.Method)
		if e.Method == http.MethodGet {
			methods[e.Pattern] = append(methods[e.Pattern], http.MethodHead)
		}
	}
	for _, m := range methods {
		slices.Sort(m)
	}
	return methods
}

package httpapi

import (
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/identity"
	"flashmentoring/internal/links"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/telemetry"
)

// Verifier tells who a bearer token speaks of; [identity.Verifier] is one. Its errors match
// [identity.ErrUnauthenticated], [identity.ErrEmailNotVerified] or [identity.ErrUnavailable].
type Verifier interface {
	Verify(ctx context.Context, token string) (identity.Principal, error)
}

// Config is what the API works with. All fields but Metrics and Timeout are required.
type Config struct {
	// Desk runs the use cases. Its clock, policy and topics are the API's too.
	Desk     *desk.Desk
	Verifier Verifier
	// CursorKey is the secret that seals the cursors of lists: 16 bytes or more, the same in every process. Another key
	// makes cursors that are under way invalid, and nothing else.
	CursorKey []byte
	// Calendar writes the calendar entries that people fetch.
	Calendar *calendar.Encoder
	// Links signs the addresses of calendar feeds, without a base: they begin with the path.
	Links *links.Signer
	// Limits says how many requests one caller may send.
	Limits Limits
	// Logger takes one line per request, without personal data; Metrics what is counted, nil for nothing.
	Logger  *slog.Logger
	Metrics *telemetry.Metrics
	// Timeout is how long one request may take before it is answered 503, an import three times as long; 0 means
	// [DefaultTimeout]. It should be shorter than what runs the process allows, so that there is time to answer.
	Timeout time.Duration
}

// DefaultTimeout is such that an import, too, ends before the 29 seconds template.yaml gives the function.
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
	for pattern, r := range a.resources() {
		mux.Handle(pattern, r)
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

// What the path names. Whatever stands there: the use cases find nothing under an id that is none.
func (c *call) person() mentoring.PersonID   { return mentoring.PersonID(c.PathValue("personId")) }
func (c *call) slot() mentoring.SlotID       { return mentoring.SlotID(c.PathValue("slotId")) }
func (c *call) booking() mentoring.BookingID { return mentoring.BookingID(c.PathValue("bookingId")) }
func (c *call) task() mentoring.TaskID       { return mentoring.TaskID(c.PathValue("actionId")) }
func (c *call) concern() mentoring.ConcernID { return mentoring.ConcernID(c.PathValue("concernId")) }
func (c *call) dead() desk.DeadLetterID      { return desk.DeadLetterID(c.PathValue("deadId")) }

// serve makes a handler of an endpoint.
func (a *api) serve(e endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Pattern = e.String() // for the log
		ctx, cancel := context.WithTimeout(r.Context(), a.timeFor(e.Route))
		defer cancel()
		r = r.WithContext(ctx)
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

// timeFor is how long a request may take.
func (a *api) timeFor(r Route) time.Duration {
	if r == importRoute {
		return importPatience * a.Timeout
	}
	return a.Timeout
}

// nothing answers where there is nothing.
func nothing(w http.ResponseWriter, r *http.Request) { fail(w, r, mentoring.Missing()) }

// resource is what is at one path: a handler for each of its methods. The mux knows paths alone, because by method and path
// GET /v1/slots/batch would be the slot "batch": OpenAPI and people take the path first.
type resource map[string]http.Handler

// resources are all paths there are.
func (a *api) resources() map[string]resource {
	at := map[string]resource{}
	for _, e := range endpoints {
		if at[e.Pattern] == nil {
			at[e.Pattern] = resource{}
		}
		handler := a.serve(e)
		at[e.Pattern][e.Method] = handler
		if e.Method == http.MethodGet {
			at[e.Pattern][http.MethodHead] = handler
		}
	}
	return at
}

func (has resource) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if handler, ok := has[r.Method]; ok {
		handler.ServeHTTP(w, r)
		return
	}
	allow := strings.Join(slices.Sorted(maps.Keys(has)), ", ")
	w.Header().Set("Allow", allow)
	fail(w, r, refuse(mentoring.MethodNotAllowed, "Here you can use "+allow+"."))
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

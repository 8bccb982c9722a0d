package pages

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/links"
	"flashmentoring/internal/telemetry"
)

// Config is what the pages work with. All fields but Metrics and Timeout are required.
type Config struct {
	// Desk runs the use cases. Its clock is the pages' too.
	Desk *desk.Desk
	// Links reads the tokens.
	Links *links.Signer
	// Calendar writes sessions for calendar programs.
	Calendar *calendar.Encoder
	// Logger takes one line per request, without personal data; Metrics what is counted, nil for nothing.
	Logger  *slog.Logger
	Metrics *telemetry.Metrics
	// Timeout is how long one request may take before it is answered 503; 0 means [DefaultTimeout]. It should be
	// shorter than what runs the process allows, so that there is time to answer.
	Timeout time.Duration
}

// DefaultTimeout is below the 10 seconds template.yaml gives the function.
const DefaultTimeout = 8 * time.Second

type pages struct{ Config }

// visit is one request with a token that holds.
type visit struct {
	*http.Request
	link links.Link
}

type endpoint struct {
	route   string // a pattern of [http.ServeMux], whose paths are those of package links
	purpose links.Purpose
	answer  func(*pages, http.ResponseWriter, *visit) error
}

// endpoints are all there are; the mux is built from this table. GET also answers HEAD: the mux sees to it.
var endpoints = []endpoint{
	{"GET /manage/{token}", links.Manage, (*pages).getBooking},
	{"GET /manage/{token}/cancel", links.Manage, (*pages).getCancel},
	{"POST /manage/{token}/cancel", links.Manage, (*pages).postCancel},
	{"GET /manage/{token}/invite.ics", links.Manage, (*pages).getInvite},
	{"GET /manage/{token}/concern", links.Manage, (*pages).getConcern},
	{"POST /manage/{token}/concern", links.Manage, (*pages).postConcern},
	{"GET /manage/{token}/block", links.Manage, (*pages).getBlock},
	{"POST /manage/{token}/block", links.Manage, (*pages).postBlock},
	{"GET /survey/{token}", links.Survey, (*pages).getSurvey},
	{"POST /survey/{token}", links.Survey, (*pages).postSurvey},
	{"GET /outcome/{token}", links.Outcome, (*pages).getOutcome},
	{"POST /outcome/{token}", links.Outcome, (*pages).postOutcome},
	{"GET /unsubscribe/{token}", links.Unsubscribe, (*pages).getUnsubscribe},
	{"POST /unsubscribe/{token}", links.Unsubscribe, (*pages).postUnsubscribe},
	{"GET /calendar/{token}/sessions.ics", links.Feed, (*pages).getFeed},
}

// Routes are all routes of the pages, as the mux takes them: "GET /manage/{token}".
func Routes() []string {
	routes := make([]string, len(endpoints))
	for i, e := range endpoints {
		routes[i] = e.route
	}
	return routes
}

// New makes the handler of every route in [Routes], and of everything else somebody may try.
func New(c Config) http.Handler {
	if c.Timeout == 0 {
		c.Timeout = DefaultTimeout
	}
	p := &pages{c}
	mux := http.NewServeMux()
	methods := map[string][]string{}
	for _, e := range endpoints {
		mux.Handle(e.route, p.serve(e))
		method, pattern, _ := strings.Cut(e.route, " ")
		methods[pattern] = append(methods[pattern], method)
	}
	for pattern, allowed := range methods {
		mux.Handle(pattern, otherMethods(allowed))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fail(w, r, errNoPage) })
	return p.around(plainPaths(mux))
}

// serve makes a handler of an endpoint: it reads the token first.
func (p *pages) serve(e endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		link, err := p.Links.Open(r.PathValue("token"), e.purpose, p.Desk.Now())
		if err == nil {
			err = e.answer(p, w, &visit{r, link})
		}
		if err != nil {
			fail(w, r, err)
		}
	})
}

func otherMethods(allowed []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		fail(w, r, errMethod)
	})
}

// plainPaths answers 404 for a path that is not in its plain form (//, /../, a slash at the end). The mux would answer with
// a redirect, which the gateway would never let through.
func plainPaths(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !plain(r.URL.EscapedPath()) {
			fail(w, r, errNoPage)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

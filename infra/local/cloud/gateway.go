package cloud

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/samtemplate"
)

// gateway plays the HTTP API of the template: it matches the routes, turns requests into events, calls the function
// and writes its answer. Like `sam local` it leaves the tokens to the function.
type gateway struct {
	routes []route
	now    func() time.Time
	log    *slog.Logger
}

// route is one route of the template, its path cut at the slashes.
type route struct {
	key      string // "GET /v1/slots/{slotId}"
	method   string
	segments []string
	function function
}

// maxRequest is what an HTTP API takes ("Quotas for configuring and running an HTTP API": payload size).
const maxRequest = 10 << 20

func newGateway(
	routes []samtemplate.Route, functions map[string]function, now func() time.Time, log *slog.Logger,
) *gateway {
	g := &gateway{now: now, log: log}
	for _, r := range routes {
		g.routes = append(g.routes, route{
			r.Method + " " + r.Path, r.Method, strings.Split(r.Path, "/"), functions[r.Function],
		})
	}
	return g
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	requestID := rand.Text()
	w.Header().Set("Apigw-Requestid", requestID)
	to, parameters := g.match(r.Method, r.URL.Path)
	if to == nil {
		message(w, http.StatusNotFound, "Not Found")
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxRequest)
	event, err := lambdahttp.EventFromRequest(r, to.key, parameters, requestID, g.now())
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		message(w, http.StatusRequestEntityTooLarge, "Request Entity Too Large")
		return
	case err != nil:
		message(w, http.StatusBadRequest, "Bad Request")
		return
	}
	// A function goes on when its caller has left, as Lambda's do.
	answer, err := call(context.WithoutCancel(r.Context()), to.function, event)
	if err == nil {
		err = lambdahttp.WriteResponse(w, answer)
	}
	switch {
	case err == nil, r.Context().Err() != nil: // answered, or nobody there to be answered
	case errors.Is(err, context.DeadlineExceeded):
		message(w, http.StatusServiceUnavailable, "Service Unavailable")
	default:
		g.log.ErrorContext(r.Context(), "the gateway has no answer", "route", to.key, "error", err)
		message(w, http.StatusInternalServerError, "Internal Server Error")
	}
}

// call takes request and answer through JSON, as the way to Lambda and back does.
func call(ctx context.Context, f function, event any) (answer events.APIGatewayV2HTTPResponse, err error) {
	text, err := json.Marshal(event)
	if err != nil {
		return answer, err
	}
	if text, err = f.invoke(ctx, text); err != nil {
		return answer, err
	}
	err = json.Unmarshal(text, &answer)
	return answer, err
}

// match finds the route of a request: a segment that is the same goes before a variable. http.ServeMux would do this
// too, but it redirects unclean paths, answers HEAD with a route for GET, and 405 where an HTTP API knows only 404.
func (g *gateway) match(method, path string) (best *route, parameters map[string]string) {
	segments := strings.Split(path, "/")
	for i, r := range g.routes {
		if r.method != method || len(r.segments) != len(segments) {
			continue
		}
		if found, ok := r.bind(segments); ok && (best == nil || len(found) < len(parameters)) {
			best, parameters = &g.routes[i], found
		}
	}
	return best, parameters
}

// bind matches the segments of a path and names the values of its variables.
func (r route) bind(segments []string) (map[string]string, bool) {
	var parameters map[string]string
	for i, segment := range r.segments {
		name, variable := strings.CutPrefix(segment, "{")
		switch {
		case variable && segments[i] != "":
			if parameters == nil {
				parameters = map[string]string{}
			}
			parameters[strings.TrimSuffix(name, "}")] = segments[i]
		case variable || segment != segments[i]:
			return nil, false
		}
	}
	return parameters, true
}

// message is an answer of the gateway itself.
func message(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"message":"`+text+`"}`)
}

package pages

import (
	"context"
	"errors"
	"net/http"

	"flashmentoring/internal/links"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/telemetry"
)

var (
	errNoPage   = errors.New("pages: no such page")
	errMethod   = errors.New("pages: no such method")
	errBody     = errors.New("pages: the form cannot be read")
	errBodySize = errors.New("pages: the form is too large")
	// errOutdated says that a link is of an older generation: the booking was moved, or the person changed the address.
	errOutdated = errors.New("pages: the link is out of date")
	errFeed     = errors.New("pages: the address of the feed is out of date")
)

// problem is why there is no page, in the words called problem.<code>.
type problem struct {
	status int
	code   string // also for the log
}

var broken = problem{http.StatusInternalServerError, "broken"}

// problems are what errors are to visitors, the first that matches.
var problems = []struct {
	err error
	problem
}{
	{errNoPage, problem{http.StatusNotFound, "not_found"}},
	{errMethod, problem{http.StatusMethodNotAllowed, "method_not_allowed"}},
	{errBody, problem{http.StatusBadRequest, "malformed"}},
	{errBodySize, problem{http.StatusRequestEntityTooLarge, "body_too_large"}},
	{links.ErrExpired, problem{http.StatusGone, "link_expired"}},
	{errOutdated, problem{http.StatusGone, "link_outdated"}},
	{errFeed, problem{http.StatusGone, "feed_outdated"}},
	{links.ErrInvalid, problem{http.StatusNotFound, "link_invalid"}},
	{links.ErrPurpose, problem{http.StatusNotFound, "link_invalid"}},
	{mentoring.Missing(), problem{http.StatusNotFound, "booking_gone"}},
	{&mentoring.Error{Code: mentoring.ProfileRequired}, problem{http.StatusNotFound, "booking_gone"}}, // they left just now
	{&mentoring.Error{Code: mentoring.Busy}, problem{http.StatusServiceUnavailable, "busy"}},
	{context.DeadlineExceeded, problem{http.StatusServiceUnavailable, "busy"}},
	{context.Canceled, problem{http.StatusServiceUnavailable, "busy"}},
}

// fail answers with the page of an error. The kind of what is behind a 5xx goes to the log.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	found := broken
	for _, p := range problems {
		if errors.Is(err, p.err) {
			found = p.problem
			break
		}
	}
	if found.status >= http.StatusInternalServerError {
		telemetry.Add(r.Context(), telemetry.Cause(err, mentoring.ErrTorn))
	}
	answerProblem(w, found)
}

func answerProblem(w http.ResponseWriter, p problem) {
	note(w, p.code)
	if p.status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	heading := say("problem."+p.code+".heading", nil)
	g := page{Title: heading, Heading: heading, Lead: []string{say("problem."+p.code, nil)}}
	if err := g.show(w, p.status); err != nil {
		http.Error(w, heading, http.StatusInternalServerError)
	}
}

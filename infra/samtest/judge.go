package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"golang.org/x/sync/errgroup"

	"flashmentoring/infra/local/cloud"
	"flashmentoring/internal/httpapi/contract"
	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/samtemplate"
)

// judge has samples invoked and says whether their answers are right. What is right follows from rules, so a new sample
// needs nothing but its file:
//
//   - What a sample names in its path is not there: no booking, slot or person of its ids, no link of its token. So it is
//     answered 404. Any other, and one that names a topic, which is made where it is not there, is answered with a status of
//     success that infra/openapi.yaml has for its route.
//   - An answer of the API fits infra/openapi.yaml, in status, headers and body; one of the pages is a page.
//   - Records of the stream are all taken, and everything else is answered with nothing.
//   - What was too slow, by the SAM CLI's clock or its own, is sent once more when all others are done: how fast a machine is
//     says nothing of the functions.
//   - A bounce or a complaint has the effect on its addresses that product.md section 10 gives it, and others have none.
type judge struct {
	document *contract.Contract
	template *samtemplate.Template
	cloud    *cloud.Cloud
	// invoke calls a function by its id.
	invoke func(ctx context.Context, function string, event []byte) (answer []byte, err error)
	out    io.Writer
}

// all invokes samples, so many side by side, and returns all that is wrong with their answers.
func (j judge) all(ctx context.Context, samples []sample, parallel int) error {
	late, wrong := j.round(ctx, samples, parallel)
	if len(late) > 0 {
		_, again := j.round(ctx, late, 1)
		wrong = append(wrong, again...)
	}
	return errors.Join(append(wrong, j.suppressed(ctx, samples))...)
}

// round invokes samples once. Those that were too slow are told apart in a first round of several side by side.
func (j judge) round(ctx context.Context, samples []sample, parallel int) (late []sample, wrong []error) {
	var mu sync.Mutex
	note := func(s sample, verdict string, took time.Duration, err error) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case errors.Is(err, errLate) && parallel > 1:
			verdict, late = "late", append(late, s)
		case err != nil:
			verdict, wrong = "WRONG", append(wrong, fmt.Errorf("%s: %w", s.name, err))
		}
		fmt.Fprintf(j.out, "  %-5s  %-20s %s  (%d ms)\n", verdict, s.function, s.name, took.Milliseconds())
	}
	var group errgroup.Group
	group.SetLimit(parallel)
	for _, s := range samples {
		group.Go(func() error {
			began := time.Now()
			verdict, err := j.one(ctx, s)
			note(s, verdict, time.Since(began), err)
			return nil
		})
	}
	_ = group.Wait() // what is wrong is noted
	return late, wrong
}

// one invokes a sample, and returns what to call its answer and what is wrong with it.
func (j judge) one(ctx context.Context, s sample) (verdict string, err error) {
	request, err := s.request()
	if err != nil {
		return "", err
	}
	if request.RouteKey == "" {
		answer, err := j.invoke(ctx, s.function, s.text)
		if err != nil {
			return "", err
		}
		return "ok", plain(s, answer)
	}
	route, err := j.route(request.RouteKey, s.function)
	if err != nil {
		return "", err
	}
	s = s.today(time.UnixMilli(request.RequestContext.TimeEpoch).UTC(), j.cloud.Now())
	if route.Authorized {
		token, err := j.signIn(ctx, s)
		if err != nil {
			return "", err
		}
		s = s.signed(token)
	}
	answer, err := j.invoke(ctx, s.function, s.text)
	if err != nil {
		return "", err
	}
	got, err := response(answer)
	if err != nil {
		return "", err
	}
	return fmt.Sprint(got.Code), j.holds(request, route, got)
}

// route is the route of a function by its key, such as "GET /v1/me".
func (j judge) route(key, function string) (samtemplate.Route, error) {
	routes, err := j.template.Routes()
	if err != nil {
		return samtemplate.Route{}, err
	}
	at := slices.IndexFunc(routes, func(r samtemplate.Route) bool {
		return r.Method+" "+r.Path == key && r.Function == function
	})
	if at < 0 {
		return samtemplate.Route{}, fmt.Errorf("%s is not a route of %s", key, function)
	}
	return routes[at], nil
}

// signIn enrols somebody who sends this sample alone, so that samples can be sent in any order, and who may read what only
// coordinators may.
func (j judge) signIn(ctx context.Context, s sample) (token string, err error) {
	sub := strings.ReplaceAll(s.name, "/", "-")
	token, err = j.cloud.Token(cloud.Person{Sub: sub, Email: sub + "@example.org", Name: sub, Groups: []string{"coordinators"}})
	if err != nil {
		return "", err
	}
	_, err = j.ask(ctx, http.MethodPut, token, `{"name":"`+sub+`","timeZone":"Europe/Berlin","acceptGroundRules":true}`)
	return token, err
}

// ask asks the local cloud's own API for what it knows of somebody.
func (j judge) ask(ctx context.Context, method, token, body string) (text []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, method, j.cloud.URL()+"/v1/me", strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if text, err = io.ReadAll(response.Body); err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s /v1/me answers %s: %s", method, response.Status, text)
	}
	return text, err
}

// response is what a gateway would make of an answer. What is not an answer to a request, such as the error of a function
// that failed, is an error.
func response(answer []byte) (*httptest.ResponseRecorder, error) {
	var r events.APIGatewayV2HTTPResponse
	if err := json.Unmarshal(answer, &r); err != nil || r.StatusCode == 0 {
		return nil, errors.Join(err, fmt.Errorf("the function answers %s", answer))
	}
	recorder := httptest.NewRecorder()
	return recorder, lambdahttp.WriteResponse(recorder, r)
}

// holds returns what is wrong with the answer to a request.
func (j judge) holds(asked events.APIGatewayV2HTTPRequest, route samtemplate.Route, got *httptest.ResponseRecorder) error {
	request := httptest.NewRequest(route.Method, asked.RawPath, nil)
	want := []int{http.StatusNotFound}
	if _, makes := asked.PathParameters["slug"]; makes || len(asked.PathParameters) == 0 {
		want = j.document.Success(request)
	}
	var wrong error
	switch {
	case got.Code == http.StatusServiceUnavailable:
		return errLate // its own time was over
	case !slices.Contains(want, got.Code):
		wrong = fmt.Errorf("the status is %d, and not of %v: %s", got.Code, want, got.Body)
	}
	if !route.Authorized {
		return errors.Join(wrong, isPage(got))
	}
	return errors.Join(wrong, j.document.Response(request, got.Code, got.Result().Header, got.Body.Bytes()))
}

func isPage(got *httptest.ResponseRecorder) error {
	if media := got.Header().Get("Content-Type"); media != "text/html; charset=utf-8" {
		return fmt.Errorf("the media type is %q", media)
	}
	if body := got.Body.Bytes(); !bytes.HasPrefix(body, []byte("<!doctype html>")) || !bytes.Contains(body, []byte("</html>")) {
		return fmt.Errorf("it is no page: %s", body)
	}
	return nil
}

// plain returns what is wrong with the answer to anything but a request.
func plain(s sample, answer []byte) error {
	want := []string{"null"}
	if bytes.Contains(s.text, []byte(`"Records"`)) {
		want = []string{`{"batchItemFailures":null}`, `{"batchItemFailures":[]}`} // to Lambda they are the same
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, answer); err != nil || !slices.Contains(want, compact.String()) {
		return errors.Join(err, fmt.Errorf("the function answers %s, and not %s", answer, want[0]))
	}
	return nil
}

package cloud

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/samtemplate"
)

type (
	httpRequest  = events.APIGatewayV2HTTPRequest
	httpResponse = events.APIGatewayV2HTTPResponse
)

// gatewayTo is a gateway whose routes all lead to one function.
func gatewayTo(handler func(context.Context, httpRequest) (httpResponse, error), patterns ...string) *gateway {
	var routes []samtemplate.Route
	for _, p := range patterns {
		method, path, _ := strings.Cut(p, " ")
		routes = append(routes, samtemplate.Route{Method: method, Path: path, Function: "F"})
	}
	functions := map[string]function{"F": {handler, 50 * time.Millisecond}}
	return newGateway(routes, functions, time.Now, slog.New(slog.DiscardHandler))
}

func TestGatewayMatches(t *testing.T) {
	var got httpRequest
	g := gatewayTo(func(_ context.Context, r httpRequest) (httpResponse, error) {
		got = r
		return httpResponse{StatusCode: 200}, nil
	}, "GET /a", "GET /a/{x}", "GET /a/b", "POST /a/{x}", "GET /a/{x}/c/{y}")
	tests := []struct {
		method, path, key string
		parameters        map[string]string
	}{
		{"GET", "/a", "GET /a", nil},
		{"GET", "/a/1", "GET /a/{x}", map[string]string{"x": "1"}},
		{"GET", "/a/b", "GET /a/b", nil},
		{"POST", "/a/b", "POST /a/{x}", map[string]string{"x": "b"}},
		{"GET", "/a/1/c/2?q=3", "GET /a/{x}/c/{y}", map[string]string{"x": "1", "y": "2"}},
		{"GET", "/a/%20", "GET /a/{x}", map[string]string{"x": " "}},
		{"GET", "/a/", "", nil}, {"GET", "/a/1/c", "", nil}, {"GET", "/", "", nil}, {"GET", "//a", "", nil}, {"DELETE", "/a", "", nil},
	}
	for _, test := range tests {
		got = httpRequest{}
		w := httptest.NewRecorder()
		g.ServeHTTP(w, httptest.NewRequest(test.method, test.path, nil))
		if diff := cmp.Diff(test.parameters, got.PathParameters); got.RouteKey != test.key || diff != "" {
			t.Errorf("%s %s: route %q %s", test.method, test.path, got.RouteKey, diff)
		}
		if wrong := (test.key == "") != (w.Code == http.StatusNotFound); wrong {
			t.Errorf("%s %s: status %d", test.method, test.path, w.Code)
		}
		if id := w.Header().Get("Apigw-Requestid"); id == "" || got.RouteKey != "" && got.RequestContext.RequestID != id {
			t.Errorf("%s %s: request id %q, in the event %q", test.method, test.path, id, got.RequestContext.RequestID)
		}
	}
}

// What the function does is answered as the deployed gateway would.
func TestGatewayAnswers(t *testing.T) {
	tests := []struct {
		name    string
		handler func(context.Context, httpRequest) (httpResponse, error)
		path    string
		body    io.Reader
		status  int
		text    string
	}{
		{"an answer", func(_ context.Context, r httpRequest) (httpResponse, error) {
			return httpResponse{StatusCode: 418, Body: r.Body}, nil
		}, "/f", strings.NewReader("tea"), 418, "tea"},
		{"an error", func(context.Context, httpRequest) (httpResponse, error) {
			return httpResponse{}, errors.New("secret")
		}, "/f", nil, 500, `{"message":"Internal Server Error"}`},
		{"a panic", func(context.Context, httpRequest) (httpResponse, error) { panic("secret") },
			"/f", nil, 500, `{"message":"Internal Server Error"}`},
		{"no status", func(context.Context, httpRequest) (httpResponse, error) { return httpResponse{}, nil },
			"/f", nil, 500, `{"message":"Internal Server Error"}`},
		{"too late", func(ctx context.Context, _ httpRequest) (httpResponse, error) {
			<-ctx.Done()
			return httpResponse{}, ctx.Err()
		}, "/f", nil, 503, `{"message":"Service Unavailable"}`},
		{"a path that cannot be decoded twice", nil, "/50%25off", nil, 400, `{"message":"Bad Request"}`},
		{"too large", nil, "/f", io.LimitReader(zeros{}, maxRequest+1), 413, `{"message":"Request Entity Too Large"}`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			request := httptest.NewRequest(http.MethodPost, test.path, test.body)
			request.Header.Set("Content-Type", "text/plain")
			w := httptest.NewRecorder()
			gatewayTo(test.handler, "POST /f", "POST /{x}").ServeHTTP(w, request)
			if w.Code != test.status || w.Body.String() != test.text {
				t.Errorf("got %d %s, want %d %s", w.Code, w.Body, test.status, test.text)
			}
		})
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A function works on when its caller has left: what it does is done, and whoever comes again finds it.
func TestGatewayFinishesWithoutItsCaller(t *testing.T) {
	finished := make(chan error, 1)
	g := gatewayTo(func(ctx context.Context, _ httpRequest) (httpResponse, error) {
		finished <- ctx.Err()
		return httpResponse{StatusCode: 200}, nil
	}, "POST /f")
	ctx, leave := context.WithCancel(t.Context())
	leave()
	g.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodPost, "/f", nil))
	if err := <-finished; err != nil {
		t.Errorf("the function was stopped: %v", err)
	}
}

func TestFunctionKnowsItsInvocation(t *testing.T) {
	var ids []string
	f := function{func(ctx context.Context) error {
		about, ok := lambdacontext.FromContext(ctx)
		deadline, limited := ctx.Deadline()
		if !ok || !limited || time.Until(deadline) > time.Minute {
			t.Errorf("context %v, deadline %v", about, deadline)
		}
		ids = append(ids, about.AwsRequestID)
		return nil
	}, time.Minute}
	for range 2 {
		if _, err := f.invoke(t.Context(), []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
	}
	if ids[0] == "" || ids[0] == ids[1] {
		t.Errorf("request ids %v", ids)
	}
}

// Answers of calls at the same time do not mix.
func TestFunctionSideBySide(t *testing.T) {
	f := function{func(_ context.Context, in string) (string, error) { return in, nil }, time.Minute}
	done := make(chan error)
	for i := range 50 {
		go func() {
			text := `"` + strings.Repeat(string(rune('a'+i%26)), 1000+i) + `"`
			answer, err := f.invoke(context.Background(), []byte(text))
			if err == nil && string(answer) != text {
				err = errors.New("another call's answer")
			}
			done <- err
		}()
	}
	for range 50 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

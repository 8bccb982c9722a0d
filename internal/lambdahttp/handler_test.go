package lambdahttp_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/lambdahttp"
)

// event is a plain GET; change makes it the case at hand.
func event(change func(*events.APIGatewayV2HTTPRequest)) events.APIGatewayV2HTTPRequest {
	ev := events.APIGatewayV2HTTPRequest{Version: "2.0", RouteKey: "GET /v1/slots", RawPath: "/v1/slots"}
	ev.RequestContext.Stage = "$default"
	ev.RequestContext.RequestID = "request-1"
	ev.RequestContext.HTTP.Method = "GET"
	ev.RequestContext.HTTP.Protocol = "HTTP/1.1"
	ev.RequestContext.HTTP.SourceIP = "192.0.2.7"
	if change != nil {
		change(&ev)
	}
	return ev
}

// seen is what a handler can see of a request.
type seen struct {
	Method, Path, Query, URI, Proto, Host, RemoteAddr, RequestID, Body string
	Length                                                             int64
	Header                                                             http.Header
	BodyErr                                                            error
}

// see runs ev through Handler and returns what the handler saw.
func see(t testing.TB, ctx context.Context, ev events.APIGatewayV2HTTPRequest) (s seen) {
	t.Helper()
	called := false
	_, err := lambdahttp.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		called = true
		body, err := io.ReadAll(r.Body)
		s = seen{
			Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, URI: r.RequestURI, Proto: r.Proto, Host: r.Host,
			RemoteAddr: r.RemoteAddr, RequestID: lambdahttp.RequestID(r.Context()), Body: string(body),
			Length: r.ContentLength, Header: r.Header, BodyErr: err,
		}
	}))(ctx, ev)
	if err != nil || !called {
		t.Fatalf("the handler was called: %v, error: %v", called, err)
	}
	return s
}

// The sample event of AWS's page on payload format 2.0.
func TestHandlerReadsTheDocumentedEvent(t *testing.T) {
	data, err := os.ReadFile("testdata/documented-event.json")
	if err != nil {
		t.Fatal(err)
	}
	var ev events.APIGatewayV2HTTPRequest
	if err := json.Unmarshal(data, &ev); err != nil {
		t.Fatal(err)
	}
	want := seen{
		Method: "POST", Path: "/my/path", Query: "parameter1=value1&parameter1=value2&parameter2=value",
		URI:   "/my/path?parameter1=value1&parameter1=value2&parameter2=value",
		Proto: "HTTP/1.1", Host: "id.execute-api.us-east-1.amazonaws.com", RemoteAddr: "192.0.2.1:0",
		RequestID: "id", Body: "Hello from Lambda", Length: 17,
		Header: http.Header{
			"Header1": {"value1"}, "Header2": {"value1,value2"}, "Cookie": {"cookie1; cookie2"},
		},
	}
	if diff := cmp.Diff(want, see(t, t.Context(), ev)); diff != "" {
		t.Errorf("request (-want +got):\n%s", diff)
	}
}

func TestHandlerRequest(t *testing.T) {
	type ev = *events.APIGatewayV2HTTPRequest
	tests := map[string]struct {
		event func(ev)
		check func(seen) (got, want any)
	}{
		"a decoded path is not decoded again": {
			func(e ev) { e.RawPath = "/v1/slots/50% off? yes#1/%41" },
			func(s seen) (any, any) { return s.Path, "/v1/slots/50% off? yes#1/%41" },
		},
		"and is encoded in the request line": {
			func(e ev) { e.RawPath, e.RawQueryString = "/a b%c?d#e", "q=%20" },
			func(s seen) (any, any) { return s.URI, "/a%20b%25c%3Fd%23e?q=%20" },
		},
		"the query is left as it came": {
			func(e ev) { e.RawQueryString = "a=1&a=2&b=x%2Cy&c=a+b&=&%zz" },
			func(s seen) (any, any) { return s.Query, "a=1&a=2&b=x%2Cy&c=a+b&=&%zz" },
		},
		"a stage is taken off the path": {
			func(e ev) { e.RequestContext.Stage, e.RawPath = "prod", "/prod/v1/slots" },
			func(s seen) (any, any) { return s.Path, "/v1/slots" },
		},
		"a stage alone is the root": {
			func(e ev) { e.RequestContext.Stage, e.RawPath = "prod", "/prod" },
			func(s seen) (any, any) { return s.Path, "/" },
		},
		"a longer first segment is not the stage": {
			func(e ev) { e.RequestContext.Stage, e.RawPath = "prod", "/production/x" },
			func(s seen) (any, any) { return s.Path, "/production/x" },
		},
		"over a custom domain there is no stage to take off": {
			func(e ev) { e.RequestContext.Stage = "prod" },
			func(s seen) (any, any) { return s.Path, "/v1/slots" },
		},
		"an empty path is the root": {
			func(e ev) { e.RawPath = "" },
			func(s seen) (any, any) { return s.URI, "/" },
		},
		"a path beginning with two slashes names no host": {
			func(e ev) { e.RawPath = "//example.org/x" },
			func(s seen) (any, any) { return s.Path, "//example.org/x" },
		},
		"headers keep their commas": {
			func(e ev) {
				e.Headers = map[string]string{"if-modified-since": "Tue, 05 May 2026 10:00:00 GMT", "accept": "a/b, c/d"}
			},
			func(s seen) (any, any) {
				return s.Header, http.Header{
					"If-Modified-Since": {"Tue, 05 May 2026 10:00:00 GMT"}, "Accept": {"a/b, c/d"},
				}
			},
		},
		"cookies take the place of a cookie header": {
			func(e ev) {
				e.Headers = map[string]string{"Cookie": "a=0"}
				e.Cookies = []string{"a=1", `b="x, y"`}
			},
			func(s seen) (any, any) { return s.Header["Cookie"], []string{`a=1; b="x, y"`} },
		},
		"host comes from its header": {
			func(e ev) {
				e.Headers = map[string]string{"host": "api.example.org"}
				e.RequestContext.DomainName = "other.example.org"
			},
			func(s seen) (any, any) { return []any{s.Host, len(s.Header)}, []any{"api.example.org", 0} },
		},
		"or else from the domain": {
			func(e ev) { e.RequestContext.DomainName = "api.example.org" },
			func(s seen) (any, any) { return s.Host, "api.example.org" },
		},
		"an IPv6 address is bracketed": {
			func(e ev) { e.RequestContext.HTTP.SourceIP = "2001:db8::1" },
			func(s seen) (any, any) { return s.RemoteAddr, "[2001:db8::1]:0" },
		},
		"the protocol may be missing": {
			func(e ev) { e.RequestContext.HTTP.Protocol = "" },
			func(s seen) (any, any) { return s.Proto, "HTTP/1.1" },
		},
		"a method too": {
			func(e ev) { e.RequestContext.HTTP.Method = "" },
			func(s seen) (any, any) { return s.Method, "GET" },
		},
		"no body": {
			func(e ev) { e.IsBase64Encoded = true },
			func(s seen) (any, any) { return []any{s.Body, s.Length}, []any{"", int64(0)} },
		},
		"a body of text": {
			func(e ev) { e.Body = `{"name":"Ada λ"}` },
			func(s seen) (any, any) { return []any{s.Body, s.Length}, []any{`{"name":"Ada λ"}`, int64(17)} },
		},
		"a body in base64": {
			func(e ev) { e.Body, e.IsBase64Encoded = "AP9h", true },
			func(s seen) (any, any) { return []any{s.Body, s.Length}, []any{"\x00\xffa", int64(3)} },
		},
		"the request id": {
			nil,
			func(s seen) (any, any) { return s.RequestID, "request-1" },
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, want := test.check(see(t, t.Context(), event(test.event)))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// A body that is not base64 is for the handler to answer, in its own format, like any body it cannot read.
func TestHandlerBodyThatIsNotBase64(t *testing.T) {
	ev := event(func(e *events.APIGatewayV2HTTPRequest) { e.Body, e.IsBase64Encoded = "!", true })
	if s := see(t, t.Context(), ev); !errors.Is(s.BodyErr, lambdahttp.ErrBodyEncoding) || s.Length != -1 {
		t.Errorf("reading the body: %v, length %d; want ErrBodyEncoding, -1", s.BodyErr, s.Length)
	}
	resp, err := lambdahttp.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<10)); err != nil {
			w.WriteHeader(http.StatusBadRequest)
		}
	}))(t.Context(), ev)
	if err != nil || resp.StatusCode != http.StatusBadRequest {
		t.Errorf("response %d, error %v; want 400", resp.StatusCode, err)
	}
}

func TestHandlerContext(t *testing.T) {
	type key struct{}
	ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "kept"), time.Hour)
	defer cancel()
	h := lambdahttp.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		want, _ := ctx.Deadline()
		if got, ok := r.Context().Deadline(); !ok || !got.Equal(want) {
			t.Errorf("deadline %v, want the invocation's %v", got, want)
		}
		if r.Context().Value(key{}) != "kept" {
			t.Error("the invocation's values are lost")
		}
	}))
	if _, err := h(ctx, event(nil)); err != nil {
		t.Fatal(err)
	}
	if id := lambdahttp.RequestID(context.Background()); id != "" {
		t.Errorf("RequestID without a request is %q", id)
	}
}

// The decoded path reaches a route's wildcard whole.
func TestHandlerWithServeMux(t *testing.T) {
	mux := http.NewServeMux()
	got := ""
	mux.HandleFunc("GET /v1/slots/{slotId}", func(w http.ResponseWriter, r *http.Request) { got = r.PathValue("slotId") })
	for _, id := range []string{"slot_abc", "50%", "a?b", "a#b", "a b", "%2F", "λ", "a+b", "a;b"} {
		got = ""
		resp, err := lambdahttp.Handler(mux)(t.Context(), event(func(e *events.APIGatewayV2HTTPRequest) {
			e.RawPath = "/v1/slots/" + id
		}))
		if err != nil || resp.StatusCode != http.StatusOK || got != id {
			t.Errorf("slot %q: the route got %q, status %d, error %v", id, got, resp.StatusCode, err)
		}
	}
}

func TestHandlerLetsPanicsPass(t *testing.T) {
	defer func() {
		if p := recover(); p != "boom" {
			t.Errorf("recovered %v, want the handler's panic", p)
		}
	}()
	_, _ = lambdahttp.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("boom") }))(
		t.Context(), event(nil))
}

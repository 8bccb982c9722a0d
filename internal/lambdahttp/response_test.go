package lambdahttp_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/lambdahttp"
)

func TestHandlerResponse(t *testing.T) {
	type response = events.APIGatewayV2HTTPResponse
	plain := map[string]string{"Content-Type": "text/plain; charset=utf-8"}
	tests := map[string]struct {
		method  string
		handler http.HandlerFunc
		want    response
	}{
		"nothing written": {
			"GET", func(http.ResponseWriter, *http.Request) {},
			response{StatusCode: 200, Headers: map[string]string{}},
		},
		"text is passed as text": {
			"GET", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "grüß dich") },
			response{StatusCode: 200, Headers: plain, Body: "grüß dich"},
		},
		"other bytes as base64": {
			"GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "image/png")
				_, _ = w.Write([]byte{0x89, 'P', 'N', 'G'})
			},
			response{
				StatusCode: 200, Headers: map[string]string{"Content-Type": "image/png"},
				Body: "iVBORw==", IsBase64Encoded: true,
			},
		},
		"status and headers": {
			"POST", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/problem+json")
				w.Header().Add("Vary", "Accept")
				w.Header().Add("Vary", "Authorization")
				w.WriteHeader(http.StatusConflict)
				_, _ = io.WriteString(w, `{}`)
			},
			response{
				StatusCode: 409, Body: `{}`,
				Headers: map[string]string{"Content-Type": "application/problem+json", "Vary": "Accept, Authorization"},
			},
		},
		"cookies are never joined": {
			"GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Add("Set-Cookie", "a=1; Expires=Tue, 05 May 2026 10:00:00 GMT")
				w.Header().Add("Set-Cookie", "b=2")
				w.WriteHeader(http.StatusNoContent)
			},
			response{
				StatusCode: 204, Headers: map[string]string{},
				Cookies: []string{"a=1; Expires=Tue, 05 May 2026 10:00:00 GMT", "b=2"},
			},
		},
		"headers are fixed once written": {
			"GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-One", "1")
				w.WriteHeader(http.StatusCreated)
				w.WriteHeader(http.StatusTeapot)
				w.Header().Set("X-One", "2")
				w.Header().Set("X-Two", "2")
			},
			response{StatusCode: 201, Headers: map[string]string{"X-One": "1"}},
		},
		"a value cannot start a header": {
			"GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Location"] = []string{"/a\r\nSet-Cookie: a=1"}
				w.Header().Add("Set-Cookie", "a\nb")
				w.WriteHeader(http.StatusSeeOther)
			},
			response{
				StatusCode: 303, Headers: map[string]string{"Location": "/a  Set-Cookie: a=1"}, Cookies: []string{"a b"},
			},
		},
		"the gateway counts the length": {
			"GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "7")
				_, _ = io.WriteString(w, "hi")
			},
			response{StatusCode: 200, Headers: plain, Body: "hi"},
		},
		"HEAD has the headers of GET and no body": {
			"HEAD", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hi") },
			response{StatusCode: 200, Headers: plain},
		},
		"interim answers are passed over": {
			"GET", func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(http.StatusEarlyHints)
				w.WriteHeader(http.StatusAccepted)
			},
			response{StatusCode: 202, Headers: map[string]string{}},
		},
		"a content type may be declined": {
			"GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = nil
				_, _ = io.WriteString(w, "hi")
			},
			response{StatusCode: 200, Headers: map[string]string{}, Body: "hi"},
		},
		"compressed bytes are not sniffed": {
			"GET", func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", "gzip")
				_, _ = w.Write([]byte{0x1f, 0x8b})
			},
			response{
				StatusCode: 200, Headers: map[string]string{"Content-Encoding": "gzip"}, Body: "H4s=", IsBase64Encoded: true,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := lambdahttp.Handler(test.handler)(t.Context(), event(func(e *events.APIGatewayV2HTTPRequest) {
				e.RequestContext.HTTP.Method = test.method
			}))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("response (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHandlerRefusesABodyWhereNoneMayBe(t *testing.T) {
	for _, status := range []int{http.StatusNoContent, http.StatusNotModified} {
		resp, err := lambdahttp.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			if _, err := w.Write([]byte("x")); !errors.Is(err, http.ErrBodyNotAllowed) {
				t.Errorf("writing after %d: %v, want ErrBodyNotAllowed", status, err)
			}
			if _, err := io.WriteString(w, "x"); !errors.Is(err, http.ErrBodyNotAllowed) {
				t.Errorf("writing after %d: %v, want ErrBodyNotAllowed", status, err)
			}
		}))(t.Context(), event(nil))
		if err != nil || resp.Body != "" {
			t.Errorf("%d: body %q, error %v", status, resp.Body, err)
		}
	}
}

func TestHandlerPanicsOnAnImpossibleStatus(t *testing.T) {
	for _, status := range []int{0, 99, 1000} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("WriteHeader(%d) was accepted", status)
				}
			}()
			_, _ = lambdahttp.Handler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
			}))(t.Context(), event(nil))
		}()
	}
}

func TestWriteResponse(t *testing.T) {
	w := httptest.NewRecorder()
	err := lambdahttp.WriteResponse(w, events.APIGatewayV2HTTPResponse{
		StatusCode:        201,
		Headers:           map[string]string{"etag": `"1"`, "content-length": "99"},
		MultiValueHeaders: map[string][]string{"X-Ignored": {"1"}},
		Cookies:           []string{"a=1", "b=2"},
		Body:              "AP8=",
		IsBase64Encoded:   true,
	})
	if err != nil {
		t.Fatal(err)
	}
	want := http.Header{
		"Etag": {`"1"`}, "Set-Cookie": {"a=1", "b=2"}, "Content-Type": {"text/plain; charset=utf-8"},
	}
	if diff := cmp.Diff(want, w.Header()); diff != "" || w.Code != 201 || w.Body.String() != "\x00\xff" {
		t.Errorf("status %d, body %q, headers (-want +got):\n%s", w.Code, w.Body, diff)
	}
}

func TestWriteResponseRefusesWhatTheGatewayRefuses(t *testing.T) {
	for name, resp := range map[string]events.APIGatewayV2HTTPResponse{
		"no status":       {},
		"interim status":  {StatusCode: 101},
		"status too high": {StatusCode: 600},
		"broken base64":   {StatusCode: 200, Body: "!", IsBase64Encoded: true},
	} {
		w := httptest.NewRecorder()
		w.Code = 0
		if err := lambdahttp.WriteResponse(w, resp); err == nil || w.Code != 0 || len(w.Header()) > 0 {
			t.Errorf("%s: error %v, and wrote status %d, headers %v", name, err, w.Code, w.Header())
		}
	}
}

package lambdahttp_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/lambdahttp"
)

// Whatever event comes, the handler is called with a usable request, and its answer can be sent.
func FuzzHandler(f *testing.F) {
	sample, err := os.ReadFile("testdata/documented-event.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sample)
	f.Add([]byte(`{"rawPath":"%?#//","rawQueryString":"%zz;","headers":{"":"","host":"a b"},"cookies":["",";"]}`))
	f.Add([]byte(`{"rawPath":"/prod","requestContext":{"stage":"prod","http":{"method":"HEAD","sourceIp":"::1"}}}`))
	f.Add([]byte(`{"body":"!","isBase64Encoded":true}`))
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil && !errors.Is(err, lambdahttp.ErrBodyEncoding) {
			panic(err)
		}
		if err == nil && int64(len(body)) != r.ContentLength {
			panic("wrong length")
		}
		if !strings.HasPrefix(r.URL.Path, "/") || !strings.HasPrefix(r.RequestURI, "/") {
			panic("path " + r.URL.Path)
		}
		_, _ = r.URL.Query(), r.Cookies()
		w.Header().Set("X-Path", r.URL.Path)
		_, _ = w.Write(body)
	})
	f.Fuzz(func(t *testing.T, data []byte) {
		var ev events.APIGatewayV2HTTPRequest
		if json.Unmarshal(data, &ev) != nil {
			return
		}
		resp, err := lambdahttp.Handler(mux)(t.Context(), ev)
		if err != nil {
			t.Fatal(err)
		}
		if err := lambdahttp.WriteResponse(httptest.NewRecorder(), overJSON(t, resp)); err != nil {
			t.Fatal(err)
		}
	})
}

// Whatever HTTP comes, the event is the one JSON carries, and the function gets the body the client sent.
func FuzzEventFromRequest(f *testing.F) {
	f.Add([]byte("GET /v1/slots?from=2026-05-05T10:00:00Z HTTP/1.1\r\nHost: localhost:3000\r\nCookie: a=1; b=2\r\n\r\n"))
	f.Add([]byte("POST /a%2525b%3Fc HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n\xff{"))
	f.Add([]byte("OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nX-A: \xff\r\nX-A: ,\r\nContent-Type: ;\r\n\r\n"))
	f.Add([]byte("POST http://a@b/%FF?%zz&;=\xff HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(data)))
		if err != nil {
			return
		}
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		ev, err := lambdahttp.EventFromRequest(r, "$default", nil, "request-1", noon)
		if err != nil {
			if !errors.Is(err, lambdahttp.ErrPathRefused) {
				t.Fatal(err)
			}
			return
		}
		if diff := cmp.Diff(overJSON(t, ev), ev); diff != "" {
			t.Fatalf("not what JSON carries (-json +event):\n%s", diff)
		}
		s := see(t, t.Context(), ev)
		if s.Body != string(sent) || s.BodyErr != nil || s.Method != r.Method || s.Path != ev.RawPath {
			t.Fatalf("the function saw %+v of %q", s, data)
		}
		if utf8.ValidString(r.URL.RawQuery) && s.Query != r.URL.RawQuery {
			t.Fatalf("query %q became %q", r.URL.RawQuery, s.Query)
		}
	})
}

// Whatever a function returns is either refused with nothing written, or answered with its status.
func FuzzWriteResponse(f *testing.F) {
	f.Add([]byte(`{"statusCode":200,"headers":{"a b":"c\r\nd","content-length":"-1"},"cookies":["\n"],"body":"x"}`))
	f.Add([]byte(`{"statusCode":204,"body":"x","isBase64Encoded":true}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var resp events.APIGatewayV2HTTPResponse
		if json.Unmarshal(data, &resp) != nil {
			return
		}
		w := httptest.NewRecorder()
		w.Code = 0
		err := lambdahttp.WriteResponse(w, resp)
		if err != nil && (w.Code != 0 || len(w.Header()) > 0) || err == nil && w.Code != resp.StatusCode {
			t.Fatalf("error %v, wrote status %d of %d", err, w.Code, resp.StatusCode)
		}
	})
}

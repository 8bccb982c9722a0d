package lambdahttp_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/lambdahttp"
)

var noon = time.Date(2026, 5, 5, 12, 0, 0, 678e6, time.FixedZone("", 2*60*60))

func TestEventFromRequest(t *testing.T) {
	r := httptest.NewRequest("POST", "/v1/slots/slot_1/bookings?tag=a&tag=b%2Cc&q=x+y&e=", strings.NewReader(`{"a":"λ"}`))
	r.Host = "localhost:3000"
	r.RemoteAddr = "[2001:db8::1]:5000"
	r.Header = http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "X-Twice": {"one", "two"}, "User-Agent": {"curl/8"},
		"Cookie": {"a=1; b=2", "c=3"}, "Connection": {"close"}, "X-Forwarded-For": {"198.51.100.1"},
	}
	got, err := lambdahttp.EventFromRequest(
		r, "POST /v1/slots/{slotId}/bookings", map[string]string{"slotId": "slot_1"}, "request-1", noon)
	if err != nil {
		t.Fatal(err)
	}
	want := events.APIGatewayV2HTTPRequest{
		Version:        "2.0",
		RouteKey:       "POST /v1/slots/{slotId}/bookings",
		RawPath:        "/v1/slots/slot_1/bookings",
		RawQueryString: "tag=a&tag=b%2Cc&q=x+y&e=",
		Cookies:        []string{"a=1", "b=2", "c=3"},
		Headers: map[string]string{
			"content-type": "application/json; charset=utf-8", "content-length": "10", "host": "localhost:3000",
			"user-agent": "curl/8", "x-twice": "one,two", "x-forwarded-for": "198.51.100.1, 2001:db8::1",
			"x-forwarded-port": "3000", "x-forwarded-proto": "http",
		},
		QueryStringParameters: map[string]string{"tag": "a,b,c", "q": "x y", "e": ""},
		PathParameters:        map[string]string{"slotId": "slot_1"},
		Body:                  `{"a":"λ"}`,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey: "POST /v1/slots/{slotId}/bookings", AccountID: "123456789012", Stage: "$default",
			RequestID: "request-1", APIID: "local", DomainName: "localhost", DomainPrefix: "localhost",
			Time: "05/May/2026:10:00:00 +0000", TimeEpoch: 1777975200678,
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method: "POST", Path: "/v1/slots/slot_1/bookings", Protocol: "HTTP/1.1", SourceIP: "2001:db8::1",
				UserAgent: "curl/8",
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("event (-want +got):\n%s", diff)
	}
}

// What deployed HTTP APIs were seen to deliver; "" where they answered 400.
func TestEventFromRequestPath(t *testing.T) {
	for sent, want := range map[string]string{
		"/capture/plain":                             "/capture/plain",
		"/capture/space%20value":                     "/capture/space value",
		"/capture/question%3Fvalue":                  "/capture/question",
		"/capture/percent%25done":                    "",
		"/capture/hash%23value":                      "/capture/hash#value",
		"/capture/slash%2Fvalue":                     "/capture/slash/value",
		"/capture/unicode-%CE%BB-%E4%B8%96%E7%95%8C": "/capture/unicode-λ-世界",
		"/capture/literal%252Fvalue":                 "/capture/literal/value",
		"/capture/literal%253Fvalue":                 "/capture/literal?value",
		"/capture/literal%2525value":                 "/capture/literal%value",
	} {
		ev, err := lambdahttp.EventFromRequest(httptest.NewRequest("GET", sent+"?q=a%3Fb", nil), "$default", nil, "", noon)
		if refused := errors.Is(err, lambdahttp.ErrPathRefused); ev.RawPath != want || refused != (want == "") {
			t.Errorf("%s: path %q, error %v; want %q", sent, ev.RawPath, err, want)
		}
		if err == nil && ev.RawQueryString != "q=a%3Fb" {
			t.Errorf("%s: the query became %q", sent, ev.RawQueryString)
		}
	}
}

func TestEventFromRequestBody(t *testing.T) {
	tests := []struct {
		contentType, body, want string
		base64                  bool
	}{
		{"application/json", `{}`, `{}`, false},
		{"Application/JSON; charset=utf-8", `{}`, `{}`, false},
		{"application/json; charset", `{}`, `{}`, false},
		{"text/csv", "a,b", "a,b", false},
		{"application/xml", "<a/>", "<a/>", false},
		{"application/javascript", "1", "1", false},
		{"application/x-www-form-urlencoded", "a=1", "YT0x", true},
		{"application/octet-stream", "a=1", "YT0x", true},
		{"application/merge-patch+json", `{}`, "e30=", true},
		{"", "a=1", "YT0x", true},
		{"/", "a=1", "YT0x", true},
		{"application/json", "\xff", "/w==", true},
		{"application/octet-stream", "", "", false},
	}
	for _, test := range tests {
		r := httptest.NewRequest("POST", "/", strings.NewReader(test.body))
		r.Header.Set("Content-Type", test.contentType)
		ev, err := lambdahttp.EventFromRequest(r, "POST /", nil, "", noon)
		if err != nil || ev.Body != test.want || ev.IsBase64Encoded != test.base64 {
			t.Errorf("%q as %q: body %q, base64 %v, error %v; want %q, %v",
				test.body, test.contentType, ev.Body, ev.IsBase64Encoded, err, test.want, test.base64)
		}
	}
}

func TestEventFromRequestReportsReadingErrors(t *testing.T) {
	r := httptest.NewRequest("POST", "/", strings.NewReader("too long"))
	r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, 3)
	_, err := lambdahttp.EventFromRequest(r, "POST /", nil, "", noon)
	var tooLarge *http.MaxBytesError
	if !errors.As(err, &tooLarge) {
		t.Errorf("error %v, want *http.MaxBytesError", err)
	}
}

// localGateway calls h as a deployed gateway would: over JSON both ways.
func localGateway(t testing.TB, h http.Handler) http.Handler {
	function := lambdahttp.Handler(h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ev, err := lambdahttp.EventFromRequest(r, "$default", nil, "request-1", noon)
		if errors.Is(err, lambdahttp.ErrPathRefused) {
			http.Error(w, "refused", http.StatusBadRequest)
			return
		}
		if err != nil {
			t.Error(err)
		}
		resp, err := function(r.Context(), overJSON(t, ev))
		if err != nil {
			t.Error(err)
		}
		if err := lambdahttp.WriteResponse(w, overJSON(t, resp)); err != nil {
			t.Error(err)
		}
	})
}

func overJSON[T any](t testing.TB, v T) (out T) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		t.Error(err)
	}
	return out
}

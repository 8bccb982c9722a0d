package lambdahttp_test

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/lambdahttp"
)

func TestOriginBehindTheGateway(t *testing.T) {
	for _, test := range []struct{ domain, host, want string }{
		{"abc.execute-api.eu-central-1.amazonaws.com", "abc.execute-api.eu-central-1.amazonaws.com", "https://abc.execute-api.eu-central-1.amazonaws.com"},
		{"flash.example.org", "flash.example.org:443", "https://flash.example.org"},
		{"flash.example.org", "evil.example", "https://flash.example.org"},
		{"flash.example.org", "localhost:3000", "https://flash.example.org"},
		{"flash.example.org", "", "https://flash.example.org"},
		{"localhost.example.org", "localhost:3000", "https://localhost.example.org"},
		{"localhost", "localhost:3000", "http://localhost:3000"},
		{"localhost", "evil.example:3000", "http://localhost:3000"},
		{"localhost", "localhost:80@evil.example", "http://localhost"},
		{"localhost", "localhost:0", "http://localhost"},
		{"localhost", "localhost:65536", "http://localhost"},
		{"localhost", "localhost", "http://localhost"},
		{"flash.localhost", "flash.localhost:1", "http://flash.localhost:1"},
		{"127.0.0.1", "127.0.0.1:3000", "http://127.0.0.1:3000"},
		{"::1", "[::1]:3000", "http://[::1]:3000"},
	} {
		var got string
		handle := lambdahttp.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = lambdahttp.Origin(r) }))
		event := events.APIGatewayV2HTTPRequest{RawPath: "/", Headers: map[string]string{"host": test.host, "x-forwarded-host": "evil.example"}}
		event.RequestContext.DomainName = test.domain
		if _, err := handle(t.Context(), event); err != nil || got != test.want {
			t.Errorf("called at %s with the host %q: %q, %v; want %q", test.domain, test.host, got, err, test.want)
		}
	}
}

func TestOriginWithoutAGateway(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Host = "flash.example.org:8080"
	if got := lambdahttp.Origin(r); got != "http://flash.example.org:8080" {
		t.Errorf("in the clear: %s", got)
	}
	r.TLS = &tls.ConnectionState{}
	if got := lambdahttp.Origin(r); got != "https://flash.example.org:8080" {
		t.Errorf("with TLS: %s", got)
	}
}

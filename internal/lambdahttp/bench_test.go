package lambdahttp_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/lambdahttp"
)

// A typical booking: ten headers, half a kilobyte each way.
func BenchmarkHandler(b *testing.B) {
	ev := event(func(e *events.APIGatewayV2HTTPRequest) {
		e.RawPath = "/v1/slots/slot_0123456789abcdefghjkmnpqrs/bookings"
		e.RequestContext.HTTP.Method = "POST"
		e.Headers = map[string]string{
			"accept": "*/*", "authorization": "Bearer " + strings.Repeat("x", 900), "content-length": "512",
			"content-type": "application/json", "host": "api.example.org", "idempotency-key": "8f3a", "user-agent": "curl/8",
			"x-amzn-trace-id": "Root=1-6a5145a9-1bae89e2512ec92d5d9438a0", "x-forwarded-for": "192.0.2.7",
			"x-forwarded-port": "443", "x-forwarded-proto": "https",
		}
		e.Body = strings.Repeat("x", 512)
	})
	answer := []byte(strings.Repeat("y", 512))
	h := lambdahttp.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Etag", `"1"`)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(answer)
	}))
	b.ReportAllocs()
	for b.Loop() {
		if resp, err := h(b.Context(), ev); err != nil || resp.StatusCode != http.StatusCreated {
			b.Fatal(resp.StatusCode, err)
		}
	}
}

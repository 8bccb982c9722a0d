package lambdahttp

import (
	"context"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// Handler adapts h to what lambda.Start takes. The error it returns is always nil: whatever a client sends becomes a
// request for h, and whatever h writes becomes a response.
//
// The request h sees is the one the client sent, as far as the gateway lets it through (see the package comment):
// RemoteAddr is the caller's address with port 0, Host is the host header, ContentLength the length of the decoded
// body. Its context is the one of the invocation, so it ends when the function's time does, and carries the gateway's
// request id for [RequestID].
//
// A panic in h is not caught here. A handler that wants to survive one has its own middleware for it, as under
// net/http; without, the Lambda runtime reports the panic and replaces the process.
func Handler(h http.Handler) func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return func(ctx context.Context, ev events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		r := newRequest(ctx, &ev)
		w := &responseWriter{header: make(http.Header, 8)}
		h.ServeHTTP(w, r)
		return w.response(r.Method), nil
	}
}

// aboutKey is where the context of a request has what the gateway says about it.
type aboutKey struct{}

func about(ctx context.Context) *events.APIGatewayV2HTTPRequestContext {
	said, _ := ctx.Value(aboutKey{}).(*events.APIGatewayV2HTTPRequestContext)
	return said
}

// RequestID returns the id the gateway gave to the request whose context ctx is or descends from. It is the one in the
// gateway's access log and in the Apigw-Requestid header the client gets. Without a request it is "".
func RequestID(ctx context.Context) string {
	if said := about(ctx); said != nil {
		return said.RequestID
	}
	return ""
}

package lambdahttp

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// ErrBodyEncoding is what reading the body of a request fails with when the event says the body is base64 and it is
// not. It is the client's request that cannot be read, so it is for the handler to answer 400 in its own format, as it
// does for every body that cannot be read. Nothing else makes reading a body fail here.
var ErrBodyEncoding = errors.New("lambdahttp: body is not base64, though the event says so")

// defaultStage is the one stage whose name the gateway leaves out of the path.
const defaultStage = "$default"

func newRequest(ctx context.Context, ev *events.APIGatewayV2HTTPRequest) *http.Request {
	about := &ev.RequestContext
	header, host := requestHeader(ev)
	body, length := requestBody(ev)
	// The path is taken for what it is. Parsing it would decode it once more.
	target := &url.URL{Path: requestPath(ev.RawPath, about.Stage), RawQuery: ev.RawQueryString}
	r := &http.Request{
		Method:        about.HTTP.Method,
		URL:           target,
		RequestURI:    target.RequestURI(),
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        header,
		Host:          host,
		Body:          body,
		ContentLength: length,
	}
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	if major, minor, ok := http.ParseHTTPVersion(about.HTTP.Protocol); ok {
		r.Proto, r.ProtoMajor, r.ProtoMinor = about.HTTP.Protocol, major, minor
	}
	if about.HTTP.SourceIP != "" {
		r.RemoteAddr = net.JoinHostPort(about.HTTP.SourceIP, "0")
	}
	return r.WithContext(context.WithValue(ctx, aboutKey{}, about))
}

// requestPath undoes the stage prefix. It goes by the name alone, because an event does not tell whether it came over
// the API's own address (with the prefix) or over a custom domain (without): do not name a stage after the first
// segment of a path.
func requestPath(rawPath, stage string) string {
	path := rawPath
	if stage != "" && stage != defaultStage {
		if rest, ok := strings.CutPrefix(path, "/"+stage); ok && (rest == "" || rest[0] == '/') {
			path = rest
		}
	}
	if !strings.HasPrefix(path, "/") {
		path = "/" + path
	}
	return path
}

// requestHeader returns the headers without Host, as net/http does, and the host.
func requestHeader(ev *events.APIGatewayV2HTTPRequest) (header http.Header, host string) {
	header = make(http.Header, len(ev.Headers)+1)
	values := make([]string, 0, len(ev.Headers)+1) // one allocation for all the one-element lists
	add := func(key, value string) {
		values = append(values, value)
		header[key] = values[len(values)-1 : len(values) : len(values)]
	}
	host = ev.RequestContext.DomainName
	for name, value := range ev.Headers {
		if key := http.CanonicalHeaderKey(name); key == "Host" {
			host = value
		} else {
			add(key, value)
		}
	}
	if len(ev.Cookies) > 0 {
		// One header (RFC 6265 section 5.4), in place of the one that sam local leaves among the headers.
		add("Cookie", strings.Join(ev.Cookies, "; "))
	}
	return header, host
}

// requestBody returns the decoded body and its length, -1 if it cannot be decoded.
func requestBody(ev *events.APIGatewayV2HTTPRequest) (body io.ReadCloser, length int64) {
	switch {
	case ev.Body == "":
		return http.NoBody, 0
	case !ev.IsBase64Encoded:
		return io.NopCloser(strings.NewReader(ev.Body)), int64(len(ev.Body))
	}
	decoded, err := base64.StdEncoding.DecodeString(ev.Body)
	if err != nil {
		return brokenBody{fmt.Errorf("%w: %w", ErrBodyEncoding, err)}, -1
	}
	return io.NopCloser(bytes.NewReader(decoded)), int64(len(decoded))
}

type brokenBody struct{ err error }

func (b brokenBody) Read([]byte) (int, error) { return 0, b.err }
func (b brokenBody) Close() error             { return nil }

package lambdahttp

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// ErrPathRefused is returned by [EventFromRequest] for a path the deployed gateway answers 400 to by itself, before any
// function is called: one that cannot be decoded twice, such as /50%25off.
var ErrPathRefused = errors.New("lambdahttp: the gateway refuses this path")

// EventFromRequest returns the event the gateway would send for r, at the stage $default and without an authorizer, so
// that a local gateway can call the same functions a deployed one does.
//
// routeKey is the route that matched ("GET /v1/slots/{slotId}"), pathParams its parameters, decoded, requestID the id
// the gateway gives the request, and now the time it came in. The result is what remains after a trip through JSON:
// bytes that are not UTF-8 outside the body have already become U+FFFD.
//
// It reads r.Body to its end and does not limit it; wrap the body in http.MaxBytesReader where needed. The error is
// [ErrPathRefused], or that of reading the body.
func EventFromRequest(
	r *http.Request, routeKey string, pathParams map[string]string, requestID string, now time.Time,
) (events.APIGatewayV2HTTPRequest, error) {
	path, err := gatewayPath(r.URL)
	if err != nil {
		return events.APIGatewayV2HTTPRequest{}, err
	}
	var body []byte
	if r.Body != nil {
		if body, err = io.ReadAll(r.Body); err != nil {
			return events.APIGatewayV2HTTPRequest{}, fmt.Errorf("lambdahttp: reading the request: %w", err)
		}
	}
	sourceIP, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		sourceIP = r.RemoteAddr
	}
	domain := hostname(r.Host)
	prefix, _, _ := strings.Cut(domain, ".")

	ev := events.APIGatewayV2HTTPRequest{
		Version:               "2.0",
		RouteKey:              routeKey,
		RawPath:               path,
		RawQueryString:        text(r.URL.RawQuery),
		Cookies:               gatewayCookies(r.Header["Cookie"]),
		Headers:               gatewayHeaders(r, len(body), sourceIP),
		QueryStringParameters: gatewayQuery(r.URL),
		PathParameters:        pathParams,
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			RouteKey:     routeKey,
			AccountID:    "123456789012", // the one AWS uses in examples
			Stage:        defaultStage,
			RequestID:    requestID,
			APIID:        "local",
			DomainName:   domain,
			DomainPrefix: prefix,
			Time:         now.UTC().Format("02/Jan/2006:15:04:05 +0000"),
			TimeEpoch:    now.UnixMilli(),
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{
				Method:    r.Method,
				Path:      path,
				Protocol:  r.Proto,
				SourceIP:  sourceIP,
				UserAgent: text(r.UserAgent()),
			},
		},
	}
	ev.Body, ev.IsBase64Encoded = gatewayBody(body, r.Header.Get("Content-Type"))
	return ev, nil
}

// gatewayPath does to a path what the deployed gateway was seen to do:
//
//	/a%20b      → /a b
//	/a%3Fb      → /a         cut at the '?' the first decoding brings out
//	/a%2Fb      → /a/b
//	/a%253Fb    → /a?b       decoded twice
//	/a%25b      → refused    "%b" is not an encoding
func gatewayPath(u *url.URL) (string, error) {
	once, _, _ := strings.Cut(u.Path, "?")
	twice, err := url.PathUnescape(once)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrPathRefused, err)
	}
	if !strings.HasPrefix(twice, "/") {
		twice = "/" + twice
	}
	return text(twice), nil
}

// notForwarded are the headers that concern one connection only (RFC 9110 section 7.6.1), and Cookie, which has a list
// of its own.
var notForwarded = map[string]bool{
	"Connection": true, "Cookie": true, "Keep-Alive": true, "Proxy-Authenticate": true, "Proxy-Authorization": true,
	"Proxy-Connection": true, "Te": true, "Trailer": true, "Transfer-Encoding": true, "Upgrade": true,
}

func gatewayHeaders(r *http.Request, length int, sourceIP string) map[string]string {
	headers := make(map[string]string, len(r.Header)+5)
	for key, values := range r.Header {
		if !notForwarded[key] {
			headers[strings.ToLower(text(key))] = text(strings.Join(values, ","))
		}
	}
	headers["host"] = text(r.Host)
	headers["content-length"] = strconv.Itoa(length)
	headers["x-forwarded-for"] = sourceIP
	if before := r.Header.Get("X-Forwarded-For"); before != "" {
		headers["x-forwarded-for"] = text(before) + ", " + sourceIP
	}
	headers["x-forwarded-proto"], headers["x-forwarded-port"] = "http", "80"
	if r.TLS != nil {
		headers["x-forwarded-proto"], headers["x-forwarded-port"] = "https", "443"
	}
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		headers["x-forwarded-port"] = text(port)
	}
	return headers
}

func gatewayCookies(lines []string) (cookies []string) {
	for _, line := range lines {
		if line != "" {
			cookies = append(cookies, strings.Split(text(line), "; ")...)
		}
	}
	return cookies
}

func gatewayQuery(u *url.URL) map[string]string {
	values := u.Query()
	if len(values) == 0 {
		return nil
	}
	query := make(map[string]string, len(values))
	for name, all := range values {
		query[text(name)] = text(strings.Join(all, ","))
	}
	return query
}

// gatewayBody passes text as text. Text that is not UTF-8 goes as base64: what a deployed gateway does with it is not
// known, and this way the function is the one to judge it.
func gatewayBody(body []byte, contentType string) (encoded string, isBase64 bool) {
	if len(body) == 0 {
		return "", false
	}
	if isText(contentType) && utf8.Valid(body) {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

func isText(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
		return false
	}
	switch media {
	case "application/json", "application/xml", "application/javascript":
		return true
	}
	return strings.HasPrefix(media, "text/")
}

func hostname(host string) string {
	return (&url.URL{Host: text(host)}).Hostname()
}

// text makes of a string what JSON would.
func text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string([]rune(s))
}

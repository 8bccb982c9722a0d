package lambdahttp

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"
)

// responseWriter collects what a handler writes. It keeps the rules of net/http's own: headers are fixed at the first
// WriteHeader or Write, a missing content type is sniffed, statuses without a body refuse one, and interim statuses
// (1xx), which a function cannot send, are passed over.
//
// httptest.ResponseRecorder would do, but it brings test flags into the binary and copies headers and body once more.
type responseWriter struct {
	header http.Header
	sniff  bool // the handler named no content type
	body   strings.Builder
	out    events.APIGatewayV2HTTPResponse // status 0 until the headers are fixed
}

func (w *responseWriter) Header() http.Header { return w.header }

func (w *responseWriter) WriteHeader(status int) {
	if status < 100 || status > 999 {
		panic(fmt.Sprintf("lambdahttp: invalid status %d", status)) // as net/http does
	}
	if status < 200 || w.out.StatusCode != 0 {
		return
	}
	w.out.StatusCode = status
	w.out.Headers = make(map[string]string, len(w.header)+1)
	for key, values := range w.header {
		w.fixHeader(key, values)
	}
	// An explicit nil value is net/http's way to say: none, and do not sniff.
	_, typed := w.header["Content-Type"]
	w.sniff = !typed && w.header.Get("Content-Encoding") == ""
}

func (w *responseWriter) fixHeader(key string, values []string) {
	switch {
	case len(values) == 0:
	case key == "Set-Cookie":
		// Never joined: a cookie's expiry date has a comma in it (RFC 9110 section 5.3).
		for _, v := range values {
			w.out.Cookies = append(w.out.Cookies, oneLine.Replace(v))
		}
	case key == "Content-Length":
		// The gateway counts. A wrong number here, or one for a HEAD without a body, could only contradict it.
	case len(values) == 1:
		w.out.Headers[key] = oneLine.Replace(values[0])
	default:
		w.out.Headers[key] = oneLine.Replace(strings.Join(values, ", "))
	}
}

// oneLine keeps a value from starting a header of its own, as net/http does when it writes one.
var oneLine = strings.NewReplacer("\n", " ", "\r", " ")

func (w *responseWriter) Write(p []byte) (int, error) {
	if err := w.startBody(); err != nil {
		return 0, err
	}
	return w.body.Write(p)
}

// WriteString spares io.WriteString the copy.
func (w *responseWriter) WriteString(s string) (int, error) {
	if err := w.startBody(); err != nil {
		return 0, err
	}
	return w.body.WriteString(s)
}

func (w *responseWriter) startBody() error {
	w.WriteHeader(http.StatusOK)
	if !mayHaveBody(w.out.StatusCode) {
		return http.ErrBodyNotAllowed
	}
	return nil
}

// response is what the gateway gets once the handler has returned.
func (w *responseWriter) response(method string) events.APIGatewayV2HTTPResponse {
	w.WriteHeader(http.StatusOK)
	body := w.body.String()
	if w.sniff && body != "" {
		w.out.Headers["Content-Type"] = http.DetectContentType([]byte(body[:min(len(body), 512)]))
	}
	switch {
	case method == http.MethodHead:
	case utf8.ValidString(body):
		w.out.Body = body
	default:
		w.out.Body = base64.StdEncoding.EncodeToString([]byte(body))
		w.out.IsBase64Encoded = true
	}
	return w.out
}

// mayHaveBody: RFC 9110 sections 15.3.5 and 15.4.5.
func mayHaveBody(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

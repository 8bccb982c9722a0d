package lambdahttp_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// answer is what the handler under test is told to write.
type answer struct {
	status  int
	header  http.Header
	cookies []string
	body    []byte
}

// exchange is one request as the handler saw it and its answer as the client saw it.
type exchange struct {
	Method, Path, Query, Host, Body string
	Length                          int64
	Header                          map[string]string
	Status                          int
	AnswerHeader                    map[string]string
	SetCookie                       []string
	AnswerBody                      string
}

// A handler behind the gateway and the function sees the same request, and its client the same answer, as one that
// net/http serves directly.
func TestGatewayAndHandlerAreTransparent(t *testing.T) {
	var next answer
	var got exchange
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = exchange{
			Method: r.Method, Path: r.URL.Path, Query: r.URL.RawQuery, Host: r.Host,
			Body: string(body), Length: r.ContentLength, Header: joined(r.Header, ","),
		}
		for key, values := range next.header {
			w.Header()[key] = slices.Clone(values)
		}
		for _, c := range next.cookies {
			w.Header().Add("Set-Cookie", c)
		}
		w.WriteHeader(next.status)
		if next.status != http.StatusNoContent && next.status != http.StatusNotModified {
			_, _ = w.Write(next.body)
		}
	})
	direct := httptest.NewServer(h)
	defer direct.Close()
	gateway := httptest.NewServer(localGateway(t, h))
	defer gateway.Close()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

	send := func(t *rapid.T, server string, r *http.Request, body string) exchange {
		got = exchange{}
		target, err := url.Parse(server)
		if err != nil {
			t.Fatal(err)
		}
		r.URL.Scheme, r.URL.Host = target.Scheme, target.Host
		if body == "" {
			r.Body = http.NoBody
		} else {
			r.Body = io.NopCloser(strings.NewReader(body))
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		answerBody, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		got.Status, got.AnswerBody = resp.StatusCode, string(answerBody)
		got.SetCookie = resp.Header["Set-Cookie"]
		got.AnswerHeader = joined(resp.Header, ", ")
		return got
	}

	rapid.Check(t, func(t *rapid.T) {
		body := string(rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "body"))
		if rapid.Bool().Draw(t, "text") {
			body = strings.ToValidUTF8(body, "λ")
		}
		next = drawAnswer(t)
		r := drawRequest(t, body)
		want := send(t, direct.URL, r, body)
		if diff := cmp.Diff(want, send(t, gateway.URL, r, body)); diff != "" {
			t.Errorf("through the gateway (-direct +gateway):\n%s", diff)
		}
	})
}

// joined is how headers compare: repeated ones joined, without those that differ by nature.
func joined(h http.Header, sep string) map[string]string {
	out := make(map[string]string)
	for key, values := range h {
		switch key {
		case "Content-Length", "Date", "Set-Cookie", "X-Forwarded-For", "X-Forwarded-Port", "X-Forwarded-Proto":
		default:
			out[key] = strings.Join(values, sep)
		}
	}
	return out
}

func drawRequest(t *rapid.T, body string) *http.Request {
	// Without '%', '?' and '/', which the gateway does not pass on as sent.
	segment := rapid.StringOfN(rapid.SampledFrom([]rune("abzAZ09-._~!$&'()*+,;=:@ #<>[]^{}|\"\\`äλ世👋")), 1, 8, -1)
	path := "/" + strings.Join(rapid.SliceOfN(segment, 0, 4).Draw(t, "path"), "/")
	query := rapid.SampledFrom([]string{
		"", "a=1", "a=1&a=2", "q=%20%2B%25%26", "q=a+b", "tag=x%2Cy", "=", "&", "%zz", "a;b", "q=%ff",
	}).Draw(t, "query")
	r := &http.Request{
		Method: rapid.SampledFrom([]string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}).Draw(t, "method"),
		URL:    &url.URL{Path: path, RawQuery: query},
		Host:   "api.example.org",
		Header: http.Header{"Accept-Encoding": {"identity"}}, // the client adds its own otherwise
	}
	r.ContentLength = int64(len(body))
	for _, key := range []string{"Accept", "Authorization", "Idempotency-Key", "If-Match", "X-Other"} {
		if values := rapid.SliceOfN(drawValue, 0, 2).Draw(t, key); len(values) > 0 {
			r.Header[key] = values
		}
	}
	if cookies := rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,3}=[a-z0-9"]{0,4}`), 0, 3).Draw(t, "cookies"); len(cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(cookies, "; "))
	}
	if media := rapid.SampledFrom([]string{"", "application/json", "text/plain", "image/png"}).Draw(t, "type"); media != "" {
		r.Header.Set("Content-Type", media)
	}
	return r
}

var drawValue = rapid.StringMatching(`[!-~]([ -~]{0,10}[!-~])?`)

func drawAnswer(t *rapid.T) answer {
	a := answer{
		status:  rapid.SampledFrom([]int{200, 201, 204, 303, 304, 400, 404, 409, 412, 422, 429, 503}).Draw(t, "status"),
		header:  http.Header{},
		cookies: rapid.SliceOfN(rapid.StringMatching(`[a-z]{1,3}=[a-z0-9, ]{0,4}x`), 0, 3).Draw(t, "set-cookie"),
		body:    rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "answer"),
	}
	for _, key := range []string{"Etag", "Vary", "Location", "Retry-After"} {
		value := drawValue
		if key == "Location" { // which the client parses, before it is asked whether to follow
			value = rapid.SampledFrom([]string{"/", "/v1/slots/slot_a", "https://example.org/a?b=c"})
		}
		if values := rapid.SliceOfN(value, 0, 2).Draw(t, key); len(values) > 0 {
			a.header[key] = values
		}
	}
	if media := rapid.SampledFrom([]string{"", "application/json", "image/png"}).Draw(t, "answer type"); media != "" {
		a.header.Set("Content-Type", media)
	}
	return a
}

package contract

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
)

// Transport is an [http.RoundTripper] that holds every exchange against the contract: the answer always, and the
// request where it was accepted (a status of 2xx). It changes nothing about either.
type Transport struct {
	Contract *Contract
	Next     http.RoundTripper
	// Report is told of each exchange that breaks the contract. It may be called by several goroutines at once.
	Report func(error)
}

// RoundTrip sends the request on.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := take(&r.Body)
	if err != nil {
		return nil, err
	}
	asked := r.Clone(r.Context())
	resp, err := t.Next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	received, err := take(&resp.Body)
	if err != nil {
		return nil, err
	}
	if err := t.Contract.Response(asked, resp.StatusCode, resp.Header, received); err != nil {
		t.Report(err)
	}
	if resp.StatusCode < 300 {
		if err := t.Contract.Request(asked, sent); err != nil {
			t.Report(fmt.Errorf("accepted with %d: %w", resp.StatusCode, err))
		}
	}
	return resp, nil
}

// take reads a body and puts it back.
func take(body *io.ReadCloser) ([]byte, error) {
	if *body == nil {
		return nil, nil
	}
	text, err := io.ReadAll(*body)
	if err != nil {
		return nil, err
	}
	(*body).Close()
	*body = io.NopCloser(bytes.NewReader(text))
	return text, nil
}

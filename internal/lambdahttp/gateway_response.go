package lambdahttp

import (
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// WriteResponse answers w with what a function returned, as the gateway does: cookies become Set-Cookie headers,
// multi-value headers are ignored, a missing content type becomes text/plain.
//
// It returns an error, and has written nothing, for a response the gateway answers 500 {"message":"Internal Server
// Error"} to: no usable status (200 to 599), or a body that is not the base64 it says it is. An error in writing to the
// client is returned too.
func WriteResponse(w http.ResponseWriter, resp events.APIGatewayV2HTTPResponse) error {
	if resp.StatusCode < 200 || resp.StatusCode > 599 {
		return fmt.Errorf("lambdahttp: the function returned status %d", resp.StatusCode)
	}
	body := []byte(resp.Body)
	if resp.IsBase64Encoded {
		var err error
		if body, err = base64.StdEncoding.DecodeString(resp.Body); err != nil {
			return fmt.Errorf("lambdahttp: the function returned a body that is not base64: %w", err)
		}
	}
	header := w.Header()
	for name, value := range resp.Headers {
		header.Set(name, value)
	}
	for _, cookie := range resp.Cookies {
		header.Add("Set-Cookie", cookie)
	}
	if header.Get("Content-Type") == "" && len(body) > 0 {
		header.Set("Content-Type", "text/plain; charset=utf-8")
	}
	header.Del("Content-Length") // counted by net/http
	w.WriteHeader(resp.StatusCode)
	if len(body) == 0 || !mayHaveBody(resp.StatusCode) {
		return nil
	}
	_, err := w.Write(body)
	return err
}

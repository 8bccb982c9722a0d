package httpapi

import (
	"errors"
	"io"
	"mime"
	"strings"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/strictjson"
)

// maxBody is the most a client may send, in bytes (product.md section 2).
const maxBody = 32 << 10

// body decodes the request's JSON body into the struct that into points to.
func (in *input) body(into any) {
	if in.receive(); len(in.text) == 0 {
		in.cannotRead(mentoring.Malformed, "The body is empty; send a JSON object.")
	}
	in.decode(into)
}

// optionalBody is body for a request that may say nothing: then it leaves into as it is.
func (in *input) optionalBody(into any) {
	if in.receive(); len(in.text) > 0 {
		in.decode(into)
	}
}

// receive reads the body as it comes.
func (in *input) receive() {
	var err error
	if in.ContentLength <= maxBody {
		in.text, err = io.ReadAll(io.LimitReader(in.Body, maxBody+1))
	}
	switch {
	case in.ContentLength > maxBody || len(in.text) > maxBody:
		in.cannotRead(mentoring.BodyTooLarge, "Send %d bytes at most.", maxBody)
	case err != nil: // the connection broke, or the gateway's base64 is none
		in.cannotRead(mentoring.Malformed, "The body could not be read to its end.")
	}
}

func (in *input) decode(into any) {
	if in.unreadable == nil && !in.isJSON() {
		in.cannotRead(mentoring.UnsupportedMediaType, "Send JSON in UTF-8, uncompressed: Content-Type: application/json.")
	}
	if in.unreadable != nil {
		return
	}
	faults, err := strictjson.Decode(in.text, into)
	var wrong *strictjson.SyntaxError
	if errors.As(err, &wrong) {
		in.cannotRead(mentoring.Malformed, "The body %s (byte %d).", wrong.Reason, wrong.Offset)
	}
	for _, f := range faults {
		in.add(f.Pointer, mentoring.FaultCode(f.Code), "%s", sentence(f.Detail))
	}
}

// isJSON reports whether the headers announce a body that can be read: RFC 8259 section 11 knows one charset.
func (in *input) isJSON() bool {
	types := in.Header.Values("Content-Type")
	if len(types) != 1 || in.Header.Get("Content-Encoding") != "" {
		return false
	}
	media, parameters, err := mime.ParseMediaType(types[0])
	if err != nil || media != "application/json" {
		return false
	}
	charset, named := parameters["charset"]
	return !named || strings.EqualFold(charset, "utf-8")
}

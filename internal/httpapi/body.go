package httpapi

import (
	"errors"
	"io"
	"mime"
	"strings"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/strictjson"
)

// maxBody is the most a client may send, in bytes (product.md section 2), but for an import.
const maxBody = 32 << 10

// body decodes the request's JSON body into the struct that into points to.
func (in *input) body(into any) {
	if in.receive(maxBody); len(in.text) == 0 {
		in.cannotRead(mentoring.Malformed, "The body is empty; send a JSON object.")
	}
	in.decode(into)
}

// optionalBody is body for a request that may say nothing: then it leaves into as it is.
func (in *input) optionalBody(into any) {
	if in.receive(maxBody); len(in.text) > 0 {
		in.decode(into)
	}
}

// receive reads the body as it comes, up to a number of bytes.
func (in *input) receive(limit int64) {
	var err error
	if in.ContentLength <= limit {
		in.text, err = io.ReadAll(io.LimitReader(in.Body, limit+1))
	}
	switch {
	case in.ContentLength > limit || int64(len(in.text)) > limit:
		in.cannotRead(mentoring.BodyTooLarge, "Send %d bytes at most.", limit)
	case err != nil: // the connection broke, or the gateway's base64 is none
		in.cannotRead(mentoring.Malformed, "The body could not be read to its end.")
	}
}

func (in *input) decode(into any) {
	if in.unreadable == nil && !in.announces("application/json") {
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

// announces reports whether the headers announce a body of a media type, as it can be read: RFC 8259 section 11 knows one
// charset, and of CSV we read no other.
func (in *input) announces(mediaType string) bool {
	types := in.Header.Values("Content-Type")
	if len(types) != 1 || in.Header.Get("Content-Encoding") != "" {
		return false
	}
	media, parameters, err := mime.ParseMediaType(types[0])
	if err != nil || media != mediaType {
		return false
	}
	charset, named := parameters["charset"]
	return !named || strings.EqualFold(charset, "utf-8")
}

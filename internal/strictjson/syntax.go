package strictjson

import (
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

var errDepth = errors.New("too deep")

// syntaxError turns what reading data ended with into the error for callers.
func (d *decoder) syntaxError(err error, data []byte) *SyntaxError {
	if e, ok := errors.AsType[*SyntaxError](err); ok {
		return e
	}
	e := &SyntaxError{Offset: d.tokens.InputOffset(), err: err}
	var found *jsontext.SyntacticError
	switch {
	case errors.Is(err, errDepth):
		e.Reason = fmt.Sprintf("is nested deeper than %d levels", MaxDepth)
	case err == io.EOF:
		e.Reason, e.Offset = "is empty", int64(len(data))
	case errors.Is(err, io.ErrUnexpectedEOF):
		e.Reason, e.Offset = "ends too early", int64(len(data))
	case errors.As(err, &found):
		e.Reason, e.Offset = "is not JSON", found.ByteOffset
		// Between tokens a line break is no mistake, so one that is stands inside a string.
		if e.Offset < int64(len(data)) && data[e.Offset] < ' ' {
			e.Reason = `has a bare line break or control character in a string, where only an escape such as \n may stand`
		}
	}
	return e
}

func firstInvalid(data []byte) (offset int64) {
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		if r == utf8.RuneError && size == 1 {
			break
		}
		data, offset = data[size:], offset+int64(size)
	}
	return offset
}

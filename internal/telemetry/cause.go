package telemetry

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"syscall"

	"flashmentoring/internal/table"
)

// told are errors whose text is a constant of this program or of the standard library.
var told = []error{
	context.DeadlineExceeded, context.Canceled, io.EOF, io.ErrUnexpectedEOF, table.ErrUnavailable, table.ErrInvalid, errPanicked,
}

// Cause says what lies behind a failure without its text, which may quote an address, an id or a text: the codes that AWS gave,
// the texts of errors that are constants (those known here, and known), and of all others the types. That tells an
// unreachable issuer from a throttled table, and a full quota from a refused address.
func Cause(err error, known ...error) slog.Attr {
	return slog.String("error", describe(err, known))
}

func describe(err error, known []error) string {
	var parts []string
	say := func(part string) {
		if part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	var walk func(error)
	walk = func(err error) {
		if slices.Contains(told, err) || slices.Contains(known, err) {
			say(err.Error())
			return
		}
		switch e := err.(type) {
		case nil:
		case *table.Refusal:
			say(e.Error()) // numbers and reasons
		case syscall.Errno:
			say(e.Error())
		case *described:
			walk(e.error)
		case interface{ ErrorCode() string }:
			say(codeWord(e.ErrorCode()))
			if inner, ok := err.(interface{ Unwrap() error }); ok {
				walk(inner.Unwrap())
			}
		case interface{ Unwrap() []error }:
			for _, inner := range e.Unwrap() {
				walk(inner)
			}
		case interface{ Unwrap() error }:
			if inner := e.Unwrap(); inner == nil {
				say(typeOf(err))
			} else {
				if kind := typeOf(err); kind != "*fmt.wrapError" {
					say(kind)
				}
				walk(inner)
			}
		default:
			say(typeOf(err))
		}
	}
	walk(err)
	return strings.Join(parts, ": ")
}

func typeOf(err error) string { return fmt.Sprintf("%T", err) }

// codeWord is a code as AWS has them, such as ThrottlingException.
func codeWord(code string) string {
	odd := func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') }
	if len(code) > 64 || strings.ContainsFunc(code, odd) {
		return "other"
	}
	return code
}

// described is an error that tells no more than [Cause] does.
type described struct {
	error
	known []error
}

func (d *described) Error() string { return describe(d.error, d.known) }
func (d *described) Unwrap() error { return d.error }

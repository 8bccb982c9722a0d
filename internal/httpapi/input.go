package httpapi

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/strictjson"
)

// input reads one request and collects what is wrong with it, so that all of it is told at once. Its readers return
// something usable in any case; what they return means something only once refusal has returned nil.
type input struct {
	*http.Request
	text   []byte // of the body, as it came
	faults []mentoring.Fault
	// unreadable says why nothing can be said about fields: it goes before all faults.
	unreadable error
}

func (c *call) read() *input { return &input{Request: c.Request} }

// takesNoParameters is the refusal of a request that has parameters where there are none.
func (c *call) takesNoParameters() error {
	in := c.read()
	in.query().end()
	return in.refusal(nil)
}

func (in *input) add(pointer string, code mentoring.FaultCode, format string, args ...any) {
	in.faults = append(in.faults, mentoring.Fault{Pointer: pointer, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// cannotRead notes that the request cannot be read; the first reason counts.
func (in *input) cannotRead(code mentoring.Code, format string, args ...any) {
	if in.unreadable == nil {
		in.unreadable = refuse(code, fmt.Sprintf(format, args...))
	}
}

// refusal is nil where nothing is wrong so far. Where something is, the rules of the domain are asked too, so that the
// client hears of both together; otherwise they are left to the use case, which may have answered the very same request
// before they began to refuse it (an Idempotency-Key is good for a day, and time goes on).
//
// It refuses with [mentoring.UnknownField] where nothing but names is wrong, else with [mentoring.InvalidField], unless
// the request could not be read.
func (in *input) refusal(domain func() []mentoring.Fault) error {
	switch {
	case in.unreadable != nil:
		return in.unreadable
	case len(in.faults) == 0:
		return nil
	}
	faults := in.faults
	if domain != nil {
		for _, f := range domain() {
			if !covered(f.Pointer, in.faults) {
				faults = append(faults, f)
			}
		}
	}
	return &mentoring.Error{
		Code: codeFor(faults), Detail: "Something in the request breaks a rule; errors lists all of it.", Faults: faults,
	}
}

// covered reports whether something is known to be wrong with the value itself or with what it is a part of. What a
// rule says about it then is a consequence of that.
func covered(pointer string, faults []mentoring.Fault) bool {
	return slices.ContainsFunc(faults, func(f mentoring.Fault) bool { return within(pointer, f.Pointer) })
}

// within reports whether a pointer is the outer one or leads into it.
func within(pointer, outer string) bool {
	rest, ok := strings.CutPrefix(pointer, outer)
	return ok && (rest == "" || rest[0] == '/')
}

// unknownName is the fault of a field or parameter that does not exist.
const unknownName mentoring.FaultCode = strictjson.UnknownField

func codeFor(faults []mentoring.Fault) mentoring.Code {
	if slices.ContainsFunc(faults, func(f mentoring.Fault) bool { return f.Code != unknownName }) {
		return mentoring.InvalidField
	}
	return mentoring.UnknownField
}

// optional is a text that may be left out. Where it is given it must not be empty: to the domain empty means left out.
func optional[T ~string](in *input, pointer string, v *T) T {
	if v == nil {
		return ""
	}
	if *v == "" {
		in.add(pointer, mentoring.NotAllowed, "Must not be empty; leave it out instead.")
	}
	return *v
}

// sentence makes a sentence of a few words.
func sentence(words string) string {
	first, size := utf8.DecodeRuneInString(words)
	s := string(unicode.ToUpper(first)) + words[size:]
	if strings.HasSuffix(s, "?") {
		return s
	}
	return s + "."
}

package strictjson

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"
	"sync"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// Decode reads the JSON text data into the struct that into points to, and returns what is wrong with it in the order
// it stands there. Without faults and without an error, every field of the text has been set. Fields absent from the
// text, and fields with a fault, keep the value they had; elements of a list that have a fault are zero.
//
// The only error is a [*SyntaxError]; then there are no faults, and what into points to is undefined. Decode panics if
// into is not a pointer to a type the package comment allows. It keeps nothing of data.
func Decode(data []byte, into any) ([]Fault, error) {
	target := reflect.ValueOf(into)
	if target.Kind() != reflect.Pointer || target.IsNil() || target.Elem().Kind() != reflect.Struct {
		panic(fmt.Sprintf("strictjson: Decode into %T, want a pointer to a struct", into))
	}
	p := planFor(target.Type().Elem())
	if !utf8.Valid(data) {
		return nil, &SyntaxError{Offset: firstInvalid(data), Reason: "is not UTF-8"}
	}

	d := decoders.Get().(*decoder)
	defer d.release()
	d.text = *bytes.NewBuffer(data)
	d.tokens.Reset(&d.text, options...)
	err := d.value(p, target.Elem())
	if err == nil {
		err = d.end()
	}
	if err != nil {
		return nil, d.syntaxError(err, data)
	}
	return d.faults, nil
}

// decoder reads one text.
type decoder struct {
	tokens *jsontext.Decoder
	text   bytes.Buffer
	faults []Fault
	found  int    // faults, reported or not
	buf    []byte // for strings with escapes
}

// The tokenizer leaves to this package what is a fault and not a syntax error. With AllowInvalidUTF8 it takes halves of
// surrogate pairs; bytes that are not UTF-8 were refused before it sees them.
var options = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

var decoders = sync.Pool{New: func() any {
	return &decoder{tokens: jsontext.NewDecoder(new(bytes.Buffer))}
}}

func (d *decoder) release() {
	d.text, d.faults, d.found = bytes.Buffer{}, nil, 0
	d.tokens.Reset(&d.text) // lets go of the caller's text
	decoders.Put(d)
}

// fault notes a mistake in the value, or in the object's name, that was read last.
func (d *decoder) fault(code, detail string) {
	if d.found++; d.found <= MaxFaults {
		d.faults = append(d.faults, Fault{Pointer: string(d.tokens.StackPointer()), Code: code, Detail: detail})
	}
}

// skip reads a value without looking at it. Only here can a text be too deep: what is read into a type is as deep as the
// type, and that has its limit too.
func (d *decoder) skip() error {
	for depth := d.tokens.StackDepth(); ; {
		if _, err := d.tokens.ReadToken(); err != nil {
			return err
		}
		switch now := d.tokens.StackDepth(); {
		case now > MaxDepth:
			return errDepth
		case now <= depth:
			return nil
		}
	}
}

// end makes sure that nothing follows the value.
func (d *decoder) end() error {
	offset := d.tokens.InputOffset()
	_, err := d.tokens.ReadToken()
	if errors.Is(err, io.EOF) {
		return nil
	}
	return &SyntaxError{Offset: offset, Reason: "has something after the JSON value", err: err}
}

package strictjson

import (
	"bytes"
	"reflect"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// The methods here read one value each. They return an error for a mistake in the syntax only: a fault is noted, and
// reading goes on.

func (d *decoder) value(p *plan, v reflect.Value) error {
	switch k := d.tokens.PeekKind(); {
	case p.kind == pointer:
		return d.pointer(p, v)
	case p.kind == text && k == jsontext.KindString:
		return d.textValue(p, v)
	case p.kind == moment && k == jsontext.KindString:
		return d.momentValue(v)
	case p.kind == integer && k == jsontext.KindNumber:
		return d.integerValue(v)
	case p.kind == boolean && (k == jsontext.KindTrue || k == jsontext.KindFalse):
		token, err := d.tokens.ReadToken()
		if err == nil {
			v.SetBool(token.Bool())
		}
		return err
	case p.kind == list && k == jsontext.KindBeginArray:
		return d.listValue(p, v)
	case p.kind == object && k == jsontext.KindBeginObject:
		return d.objectValue(p, v)
	default:
		return d.mismatch(p, k)
	}
}

// pointer sets v only to a value without a fault of its own. An object or a list is set even if something inside it is
// wrong.
func (d *decoder) pointer(p *plan, v reflect.Value) error {
	before := d.found
	target := reflect.New(v.Type().Elem())
	k := d.tokens.PeekKind()
	if err := d.value(p.elem, target.Elem()); err != nil {
		return err
	}
	whole := p.elem.kind == object && k == jsontext.KindBeginObject || p.elem.kind == list && k == jsontext.KindBeginArray
	if whole || d.found == before {
		v.Set(target)
	}
	return nil
}

func (d *decoder) mismatch(p *plan, k jsontext.Kind) error {
	parent, _ := d.tokens.StackIndex(d.tokens.StackDepth())
	if err := d.skip(); err != nil {
		return err
	}
	detail := "must be " + expected[p.kind] + ", not " + kindNames[k]
	if k == jsontext.KindNull && parent == jsontext.KindBeginObject {
		detail += "; leave the field out instead"
	}
	d.fault(WrongType, detail)
	return nil
}

var kindNames = map[jsontext.Kind]string{
	jsontext.KindNull: "null", jsontext.KindTrue: "a boolean", jsontext.KindFalse: "a boolean",
	jsontext.KindString: "a string", jsontext.KindNumber: "a number",
	jsontext.KindBeginArray: "an array", jsontext.KindBeginObject: "an object",
}

func (d *decoder) textValue(p *plan, v reflect.Value) error {
	s, whole, err := d.readString()
	if err != nil {
		return err
	}
	detail := textFault(s, p.lines)
	if !whole {
		detail = halfPair
	}
	if detail != "" {
		d.fault(InvalidText, detail)
		return nil
	}
	v.SetString(s)
	return nil
}

// readString reads a string. It is not whole if it held halves of surrogate pairs.
func (d *decoder) readString() (s string, whole bool, err error) {
	quoted, err := d.tokens.ReadValue()
	if err != nil {
		return "", false, err
	}
	if bytes.IndexByte(quoted, '\\') < 0 {
		return string(quoted[1 : len(quoted)-1]), true, nil
	}
	var broken error
	d.buf, broken = jsontext.AppendUnquote(d.buf[:0], quoted)
	return string(d.buf), broken == nil, nil
}

func (d *decoder) momentValue(v reflect.Value) error {
	s, _, err := d.readString()
	if err != nil {
		return err
	}
	t, code, detail := parseTime(s)
	if code != "" {
		d.fault(code, detail)
		return nil
	}
	*v.Addr().Interface().(*time.Time) = t
	return nil
}

func (d *decoder) integerValue(v reflect.Value) error {
	digits, err := d.tokens.ReadValue()
	if err != nil {
		return err
	}
	// 1.0 and 1e2 are refused too: who writes them means another kind of number.
	if bytes.ContainsAny(digits, ".eE") {
		d.fault(WrongType, "must be a whole number, without fraction and exponent")
		return nil
	}
	n, err := strconv.ParseInt(string(digits), 10, v.Type().Bits())
	if err != nil {
		d.fault(OutOfRange, "is too large or too small a number")
		return nil
	}
	v.SetInt(n)
	return nil
}

func (d *decoder) listValue(p *plan, v reflect.Value) error {
	if _, err := d.tokens.ReadToken(); err != nil {
		return err
	}
	v.Set(reflect.MakeSlice(v.Type(), 0, 0))
	for n := 0; ; n++ {
		if d.tokens.PeekKind() == jsontext.KindEndArray {
			_, err := d.tokens.ReadToken()
			return err
		}
		v.Grow(1)
		v.SetLen(n + 1)
		v.Index(n).SetZero()
		if err := d.value(p.elem, v.Index(n)); err != nil {
			return err
		}
	}
}

func (d *decoder) objectValue(p *plan, v reflect.Value) error {
	if _, err := d.tokens.ReadToken(); err != nil {
		return err
	}
	var seen uint64
	for {
		if d.tokens.PeekKind() == jsontext.KindEndObject {
			_, err := d.tokens.ReadToken()
			return err
		}
		f, known, err := d.fieldName(p)
		if err != nil {
			return err
		}
		switch {
		case !known:
			err = d.skip()
		case seen&f.bit != 0:
			d.fault(DuplicateField, "stands here more than once")
			err = d.skip()
		default:
			seen |= f.bit
			err = d.value(f.plan, v.Field(f.index))
		}
		if err != nil {
			return err
		}
	}
}

// fieldName reads a name and looks it up, noting a fault if there is no such field.
func (d *decoder) fieldName(p *plan) (f field, known bool, err error) {
	quoted, err := d.tokens.ReadValue()
	if err != nil {
		return field{}, false, err
	}
	name := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(quoted, '\\') >= 0 {
		d.buf, _ = jsontext.AppendUnquote(d.buf[:0], quoted)
		name = d.buf
	}
	if f, known = p.fields[string(name)]; !known {
		detail := "does not exist"
		if meant, ok := p.folded[fold(string(name))]; ok {
			detail += `; did you mean "` + meant + `"?`
		}
		d.fault(UnknownField, detail)
	}
	return f, known, nil
}

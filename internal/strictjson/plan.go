package strictjson

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

type kind uint8

const (
	text kind = iota
	boolean
	integer
	moment
	list
	object
	pointer
)

// plan is what there is to know about a type before reading into it.
type plan struct {
	kind   kind
	lines  bool              // text: line breaks and tabs are allowed
	elem   *plan             // list, pointer
	fields map[string]field  // object, by name
	folded map[string]string // object: folded name → name, for suggestions
}

type field struct {
	index int
	bit   uint64 // this field among those of its object
	plan  *plan
}

var plans sync.Map // reflect.Type → *plan

func planFor(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	p, _ := plans.LoadOrStore(t, newPlan(t, false, 0))
	return p.(*plan)
}

var timeType = reflect.TypeFor[time.Time]()

// newPlan plans for a t that depth lists and objects contain.
func newPlan(t reflect.Type, lines bool, depth int) *plan {
	switch {
	case t == timeType:
		return &plan{kind: moment}
	case t.Kind() == reflect.String:
		return &plan{kind: text, lines: lines}
	case t.Kind() == reflect.Bool:
		return &plan{kind: boolean}
	case t.Kind() == reflect.Int, t.Kind() == reflect.Int64:
		return &plan{kind: integer}
	case t.Kind() == reflect.Pointer && t.Elem().Kind() != reflect.Pointer:
		return &plan{kind: pointer, elem: newPlan(t.Elem(), lines, depth)}
	case depth == MaxDepth:
		panic(fmt.Sprintf("strictjson: %v contains itself, or is nested too deep", t))
	case t.Kind() == reflect.Slice:
		return &plan{kind: list, elem: newPlan(t.Elem(), lines, depth+1)}
	case t.Kind() == reflect.Struct:
		return newObjectPlan(t, depth+1)
	}
	panic(fmt.Sprintf("strictjson: cannot read into a %v", t))
}

// newObjectPlan plans for a struct whose fields depth lists and objects contain, itself among them.
func newObjectPlan(t reflect.Type, depth int) *plan {
	p := &plan{kind: object, fields: make(map[string]field), folded: make(map[string]string)}
	if t.NumField() > 64 {
		panic(fmt.Sprintf("strictjson: %v has more than 64 fields", t))
	}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if _, twice := p.fields[name]; twice || name == "" || name == "-" || !f.IsExported() {
			panic(fmt.Sprintf("strictjson: field %v.%s needs a json name of its own, and to be exported", t, f.Name))
		}
		rule, ruled := f.Tag.Lookup("text")
		fp := newPlan(f.Type, rule == "lines", depth)
		if ruled && (rule != "lines" || !fp.holdsText()) {
			panic(fmt.Sprintf(`strictjson: field %v.%s: the only text rule is "lines", for strings`, t, f.Name))
		}
		p.fields[name] = field{index: i, bit: 1 << i, plan: fp}
		p.folded[fold(name)] = name
	}
	return p
}

func (p *plan) holdsText() bool {
	for p.elem != nil {
		p = p.elem
	}
	return p.kind == text
}

// fold makes equal what people take for each other: startsAt, StartsAt, starts_at, starts-at.
func fold(name string) string {
	return strings.ToLower(separators.Replace(name))
}

var separators = strings.NewReplacer("_", "", "-", "", " ", "")

// expected names the JSON types, for "must be …".
var expected = [...]string{
	text: "a string", boolean: "true or false", integer: "a whole number", moment: "a string with a date and time",
	list: "an array", object: "an object",
}

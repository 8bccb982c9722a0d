package pages

import "slices"

// field is something to fill in or to choose. Nothing must be, as far as the browser goes: what is missing the page says.
type field struct {
	Kind              fieldKind
	Name, Label, Hint string
	Value             string // as it was typed
	Wrong             string // what is wrong with it, or empty
	Most              int    // characters
	Options           []option
	Focus             bool // where the keyboard is at first
	// Rest is for what is asked only where the first question is answered so that there is more to ask.
	Rest bool
}

type fieldKind string

const (
	lined  fieldKind = "lined"  // a text of several lines
	dated  fieldKind = "dated"  // a day
	oneOf  fieldKind = "oneOf"  // one option
	someOf fieldKind = "someOf" // any options
	scaled fieldKind = "scaled" // one of a few numbers, side by side
)

// option is one of those to choose from.
type option struct {
	Value, Text string
	Chosen      bool
}

// DescribedBy are the ids of what is said about the field, for screen readers.
func (f field) DescribedBy() string {
	switch {
	case f.Wrong != "" && f.Hint != "":
		return f.Name + "-wrong " + f.Name + "-hint"
	case f.Wrong != "":
		return f.Name + "-wrong"
	case f.Hint != "":
		return f.Name + "-hint"
	}
	return ""
}

// focused are the fields with the keyboard on the first with which something is wrong.
func focused(fields []field) []field {
	i := slices.IndexFunc(fields, func(f field) bool { return f.Wrong != "" })
	if i < 0 {
		return fields
	}
	fields = slices.Clone(fields)
	fields[i].Focus = true
	return fields
}

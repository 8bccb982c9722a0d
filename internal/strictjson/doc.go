// Package strictjson turns JSON text into a Go struct and names everything that is wrong with it, all at once, each
// mistake with the JSON pointer (RFC 6901) of the place it stands at.
//
//	var in struct {
//		Title    string     `json:"title"`
//		Notes    *string    `json:"notes" text:"lines"`
//		StartsAt *time.Time `json:"startsAt"`
//	}
//	faults, err := strictjson.Decode(body, &in)
//
// There are two kinds of failure. Text that is not one JSON value in UTF-8 is a [*SyntaxError]: nothing can be said
// about its fields. Everything else is a [Fault], and reading goes on behind it. A field with a fault keeps the value
// it had before, all others are set, so that a caller can check those by its own rules and report both together.
//
// # Strict
//
// Refused, because each is a client's mistake that silence would turn into lost data (product.md section 2): fields
// that do not exist, names in the wrong case, the same field twice, null, a number with a fraction where a whole one is
// meant, times without an offset, and control characters.
//
// # Why not a decoder as it is
//
// encoding/json ignores case and takes the last of two equal names. go-json-experiment/json is strict about both. But
// each stops at the first mistake, and a person filling in a form wants to hear of all of them. So this package walks
// the tokens of go-json-experiment/json/jsontext, which knows the grammar, and binds them itself.
//
// # Go types
//
// The target is a pointer to a struct whose fields all have a json:"name" tag; options after the name have no effect
// here. A field is a string, bool, int, int64 (or a type based on one), a [time.Time], such a struct, a slice of these,
// or a pointer to one of these. A pointer tells an absent field (nil) from one that is zero, and so does a slice: absent
// is nil, [] is empty. Any other type panics at its first use: it is a mistake in the program. What was learned about a
// type is kept, so reflection is paid once.
//
// # Strings
//
// A string is one line of text, unless its field (or its slice's) has the tag text:"lines", which allows line feeds and
// tabs. Refused in both (code [InvalidText]):
//
//   - control characters (U+0000–U+001F, U+007F–U+009F): they have no place in text, and forge lines in mails, calendars
//     and logs. This includes the carriage return: a line break is "\n".
//   - bidirectional embeddings, overrides and isolates (U+202A–U+202E, U+2066–U+2069): they make text around them read
//     as something else.
//   - half of a surrogate pair (\ud800 without its partner): no text at all.
//
// The separators U+2028 and U+2029 are line breaks and allowed where those are. Everything else is allowed, the
// zero-width characters with it: emoji, Persian and Khmer need them, and the marks U+200E and U+200F only order what
// they stand next to.
package strictjson

package httpapi

import (
	"slices"
	"strconv"
	"strings"

	"flashmentoring/internal/mentoring"
)

// etag is a version as an entity tag. It serves If-Match only. What an answer says also depends on who asks and when,
// so the tag is no validator for caches: there is no 304, and nothing may be stored (RFC 9110 sections 8.8.3, 13.1.2).
func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

// precondition is an If-Match header: the versions a change is meant for.
type precondition struct {
	given    bool
	versions []int64 // those it names; a tag that is no version of ours names none
}

// ifMatch reads the If-Match header (RFC 9110 section 13.1.1). "*" asks for any version, so it asks for nothing. Tags
// are compared strongly: a weak one never matches.
func (in *input) ifMatch() precondition {
	lines := in.Header.Values("If-Match")
	if len(lines) == 0 {
		return precondition{}
	}
	text := strings.Trim(strings.Join(lines, ","), " \t")
	if text == "*" {
		return precondition{}
	}
	p := precondition{given: true}
	if !p.read(text) {
		in.add("/header/If-Match", mentoring.BadFormat, `Must be "*", or entity tags in double quotes, such as "3".`)
	}
	return p
}

// read takes the tags off a list, and reports whether it is one.
func (p *precondition) read(text string) bool {
	tags := 0
	for ; text != ""; text = strings.TrimLeft(text, " \t") {
		if rest, comma := strings.CutPrefix(text, ","); comma {
			text = rest // empty elements are allowed (RFC 9110 section 5.6.1)
			continue
		}
		tail, weak := strings.CutPrefix(text, "W/")
		tag, rest, ok := quoted(tail)
		if !ok {
			return false
		}
		tags++
		if n, err := strconv.ParseInt(tag, 10, 64); err == nil && !weak && etag(n) == `"`+tag+`"` {
			p.versions = append(p.versions, n)
		}
		text = strings.TrimLeft(rest, " \t")
		if text != "" && text[0] != ',' {
			return false
		}
	}
	return tags > 0
}

// quoted takes an opaque-tag off text: visible characters but the quote, between quotes.
func quoted(text string) (tag, rest string, ok bool) {
	if !strings.HasPrefix(text, `"`) {
		return "", "", false
	}
	tag, rest, ok = strings.Cut(text[1:], `"`)
	for i := range len(tag) {
		ok = ok && tag[i] > ' ' && tag[i] != 0x7f
	}
	return tag, rest, ok
}

// only is the one version that may be changed, nil for any. Where the client named several it is the present one, if that
// is among them; a change made meanwhile is still noticed.
func (p precondition) only(present func() (int64, error)) (*int64, error) {
	const never int64 = -1
	switch {
	case !p.given:
		return nil, nil
	case len(p.versions) == 0:
		return new(never), nil
	case len(p.versions) == 1:
		return &p.versions[0], nil
	}
	version, err := present()
	if err != nil {
		return nil, err
	}
	if slices.Contains(p.versions, version) {
		return &version, nil
	}
	return new(never), nil
}

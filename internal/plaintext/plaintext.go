// Package plaintext makes what people wrote harmless before it enters a mail, a calendar entry or a page, and knows
// which values can stand in their headers as they are.
//
// Whatever a name, a title or a question holds, a [Line] of it can neither begin a new header, line or property nor turn
// the text around it. What it may still hold is markup: whoever sets HTML escapes it there.
package plaintext

import (
	"net/url"
	"strings"
	"unicode"
)

// Line makes what somebody wrote fit to stand in a line: no control characters, no line breaks, single
// spaces, valid UTF-8. Invisible format characters go too, with which a text could turn the words around it
// (U+202E and its kin), except the joiner and non-joiner, which Persian, Indian languages and emoji need.
func Line(s string) string {
	const nonJoiner, joiner = '\u200c', '\u200d'
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), unicode.Is(unicode.Z, r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// Text does the same for several lines, which LF separates in the result. It knows every line break of Unicode
// (UAX 14). Empty lines at either end go.
func Text(s string) string {
	lines := strings.Split(lineBreaks.Replace(s), "\n")
	for i := range lines {
		lines[i] = Line(lines[i])
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n",
	"\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// Link is the value where it is a complete https address in plain ASCII, and empty where it is not.
func Link(value string) string {
	u, err := url.Parse(value)
	odd := strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || odd {
		return ""
	}
	return value
}

// IsAddress accepts an e-mail address that can stand in headers, in a calendar and in a request to the mail
// service as it is: ASCII, no quotes, no comments, no domain literal. The addresses of tokens have this
// form; this is the last look before one is used.
func IsAddress(s string) bool {
	local, domain, _ := strings.Cut(s, "@")
	return len(s) <= 254 && IsDotAtom(local) && IsDotAtom(domain)
}

// IsID accepts what can stand left of the @ in a Message-ID and in the UID of a calendar entry.
func IsID(s string) bool { return len(s) <= 200 && IsDotAtom(s) }

// IsDotAtom accepts the dot-atom of RFC 5322 section 3.2.3.
func IsDotAtom(s string) bool {
	const marks = "!#$%&'*+-/=?^_`{|}~"
	for atom := range strings.SplitSeq(s, ".") {
		if atom == "" {
			return false
		}
		for i := range len(atom) {
			c := atom[i]
			letterOrDigit := 'a' <= c|0x20 && c|0x20 <= 'z' || '0' <= c && c <= '9'
			if !letterOrDigit && !strings.ContainsRune(marks, rune(c)) {
				return false
			}
		}
	}
	return true
}

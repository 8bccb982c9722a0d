package mail

import (
	"strings"
	"unicode"
)

// line makes what somebody wrote fit to stand in a line: no control characters, no line breaks, single
// spaces, valid UTF-8. Invisible format characters go too, with which a text could turn the words around it
// (U+202E and its kin), except the joiner and non-joiner, which Persian, Indian languages and emoji need.
func line(s string) string {
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

// text does the same for several lines, and knows every line break of Unicode (UAX 14). Empty lines at
// either end go.
func text(s string) string {
	lines := strings.Split(lineBreaks.Replace(s), "\n")
	for i := range lines {
		lines[i] = line(lines[i])
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n")
}

var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n",
	"\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// headerText is a line for a header. What looks like an encoded word (RFC 2047 section 2) is taken apart:
// it would otherwise go through unencoded, being ASCII, and be decoded by the reader into anything at all.
func headerText(s string) string { return strings.ReplaceAll(line(s), "=?", "= ?") }

// plainAddress accepts an address that can stand in headers, in a calendar and in a request to the mail
// service as it is: ASCII, no quotes, no comments, no domain literal. The addresses of tokens have this
// form; this is the last look before one is used.
func plainAddress(s string) bool {
	local, domain, _ := strings.Cut(s, "@")
	return len(s) <= 254 && dotAtom(local) && dotAtom(domain)
}

// plainID accepts what can stand left of the @ in a Message-ID and a UID.
func plainID(s string) bool { return len(s) <= 200 && dotAtom(s) }

// dotAtom accepts the dot-atom of RFC 5322 section 3.2.3.
func dotAtom(s string) bool {
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

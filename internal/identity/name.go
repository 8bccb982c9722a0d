package identity

import (
	"strings"
	"unicode"
)

// maxName is how many characters of a name are kept: as many as a profile takes.
const maxName = 100

// displayName makes a name fit to be shown: one line, single spaces, no control characters and no invisible
// ones, with which a name could rearrange the text around it. Two invisible characters stay, because the
// spelling of Persian and of Indian languages needs them.
func displayName(s string) string {
	const nonJoiner, joiner = '\u200c', '\u200d'
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r) && r != nonJoiner && r != joiner:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxName {
		s = strings.TrimSpace(string(runes[:maxName]))
	}
	return s
}

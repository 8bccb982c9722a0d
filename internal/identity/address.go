package identity

import "strings"

// MaxAddress is how many bytes an e-mail address has at most.
const MaxAddress = 254

// Address is an e-mail address as a [Principal] would have it, and false for what no principal has.
func Address(s string) (address string, ok bool) { return plainAddress(s) }

// plainAddress reads an e-mail address that can be put into a header and be mailed to as it is: a dot-atom
// of at most 64 characters, "@" and a host name of two labels or more (RFC 5321 sections 4.1.2 and
// 4.5.3.1), 254 characters at most. Spaces around it are dropped and the domain is lowered. International
// domains must be in their ASCII form.
//
// net/mail.ParseAddress accepts display names, comments, quoted local parts, domain literals, any sign in a
// domain, and bidi characters; what would be left for it to do is these few lines.
func plainAddress(s string) (string, bool) {
	s = strings.Trim(s, " ")
	local, domain, _ := strings.Cut(s, "@")
	if len(s) > MaxAddress || len(local) > 64 || !dotted(local, 64, inAtom) || !hostName(domain) {
		return "", false
	}
	return local + "@" + strings.ToLower(domain), true
}

// dotted reports whether s is words of 1 to max characters with dots between.
func dotted(s string, max int, allowed func(rune) bool) bool {
	for word := range strings.SplitSeq(s, ".") {
		if word == "" || len(word) > max || strings.ContainsFunc(word, func(r rune) bool { return !allowed(r) }) {
			return false
		}
	}
	return true
}

// hostName follows RFC 1123 section 2.1: labels of letters, digits and inner hyphens.
func hostName(s string) bool {
	outerHyphen := strings.Contains("."+s+".", ".-") || strings.Contains("."+s+".", "-.")
	return strings.Contains(s, ".") && !outerHyphen &&
		dotted(s, 63, func(r rune) bool { return letterOrDigit(r) || r == '-' })
}

// inAtom reports what RFC 5322 section 3.2.3 calls atext.
func inAtom(r rune) bool {
	return letterOrDigit(r) || strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

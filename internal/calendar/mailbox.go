package calendar

import (
	"cmp"
	netmail "net/mail"
	"strings"

	"flashmentoring/internal/plaintext"
)

// commonName is what a mailbox is called, as a parameter value: without the signs that end or quote one
// (RFC 5545 section 3.2) and without the circumflex, which RFC 6868 reads as an escape.
func commonName(a netmail.Address) string {
	name := plaintext.Line(parameterSigns.Replace(plaintext.Line(a.Name)))
	return cmp.Or(name, parameterSigns.Replace(a.Address))
}

var parameterSigns = strings.NewReplacer("'", "’", `"`, " ", ",", " ", ";", " ", ":", " ", `\`, " ", "^", " ")

// mailto is the URI of a plain address (RFC 6068 section 2).
func mailto(address string) string { return "mailto:" + mailtoSigns.Replace(address) }

var mailtoSigns = strings.NewReplacer("%", "%25", "&", "%26", "/", "%2F", "=", "%3D", "?", "%3F", "#", "%23",
	"^", "%5E", "`", "%60", "{", "%7B", "|", "%7C", "}", "%7D")

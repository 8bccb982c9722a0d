package mail

import (
	"bytes"
	"fmt"
	netmail "net/mail"
	"regexp"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/plaintext"
)

// content is what a message is put together from.
type content struct {
	from, to    netmail.Address
	subject, id string
	date        time.Time
	text, html  string
	calendar    invitation
	unsubscribe string // the address that ends such messages by one POST, or empty
}

// invitation is a calendar object and its method, which MIME must repeat (RFC 6047 section 2.4).
type invitation struct {
	method mentoring.CalendarMethod
	object []byte
}

// mime puts it together: alternatives in plain text, HTML and, where there is one, the calendar object, and
// that object once more as a file, for programs that look at files only.
//
// The calendar is base64 in both places, so that no gateway touches its lines. The file is of type
// application/ics: as text/calendar, some programs would show the invitation twice.
//
// SES replaces Date and Message-ID with its own (Amazon SES developer guide, "Amazon SES header fields").
// They are set all the same: other ways to send a mail need them.
func (c content) mime() ([]byte, error) {
	m := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP),
		gomail.WithNoDefaultUserAgent())
	m.FromMailAddress(&c.from)
	m.ToMailAddress(&c.to)
	m.Subject(c.subject)
	m.SetDateWithValue(c.date.UTC())
	m.SetMessageIDWithValue(c.id)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // RFC 3834: no automatic answers, please
	m.SetGenHeader(gomail.HeaderContentLang, language)
	if c.unsubscribe != "" { // RFC 2369 and RFC 8058
		m.SetGenHeaderPreformatted("List-Unsubscribe", "<"+c.unsubscribe+">")
		m.SetGenHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	m.SetBodyString(gomail.TypeTextPlain, c.text)
	m.AddAlternativeString(gomail.TypeTextHTML, c.html)
	if c.calendar.object != nil {
		kind := gomail.ContentType(fmt.Sprintf("text/calendar; method=%s", c.calendar.method))
		m.AddAlternativeString(kind, string(c.calendar.object), gomail.WithPartEncoding(gomail.EncodingB64))
		file := bytes.NewReader(c.calendar.object)
		if err := m.AttachReader("invite.ics", file, gomail.WithFileContentType("application/ics")); err != nil {
			return nil, err
		}
	}
	var b bytes.Buffer
	if _, err := m.WriteTo(&b); err != nil {
		return nil, err
	}
	return fixBoundaries(b.Bytes()), nil
}

// randomBoundary is a header that go-mail writes for a multipart. Nothing else begins a line with it.
var randomBoundary = regexp.MustCompile(`\r\nContent-Type: multipart/[a-z]+;\r\n boundary=([0-9a-f]{60})\r\n`)

// fixBoundaries numbers the boundaries, so that the same message is always the same bytes. go-mail can take
// a boundary, but only one for all levels, which breaks a message of two. The characters "=_" can occur in
// neither quoted-printable nor base64 (RFC 2045 section 6.7), so no text can hold such a boundary.
func fixBoundaries(raw []byte) []byte {
	for i, found := range randomBoundary.FindAllSubmatch(raw, -1) {
		fixed := fmt.Appendf(nil, "=_part_%d", i)
		raw = bytes.Replace(raw, found[1], fmt.Appendf(nil, "%q", fixed), 1)
		raw = bytes.ReplaceAll(raw, append([]byte("--"), found[1]...), append([]byte("--"), fixed...))
	}
	return raw
}

// headerText is a line for a header. What looks like an encoded word (RFC 2047 section 2) is taken apart:
// it would otherwise go through unencoded, being ASCII, and be decoded by the reader into anything at all.
func headerText(s string) string { return strings.ReplaceAll(plaintext.Line(s), "=?", "= ?") }

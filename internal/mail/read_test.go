package mail_test

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"unicode/utf8"

	ical "github.com/emersion/go-ical"
)

// opened is a message as a mail program sees it, read with the standard library and, for the calendar,
// with go-ical: neither has a part in writing one.
type opened struct {
	header         netmail.Header
	structure      []string // types of the parts, outer ones first
	text, html     string   // with LF
	calendar       []byte
	calendarMethod string // of the part's type
	attachment     []byte
	object         *ical.Calendar
	event          *ical.Event // the only one in it
}

// read opens a message and checks what must be true of every one: lines, encodings, structure, one event
// where there is a calendar.
func read(t testing.TB, raw []byte) opened {
	t.Helper()
	checkLines(t, "message", raw, 998)
	if i := bytes.IndexFunc(raw, func(r rune) bool { return r > '~' || r < ' ' && r != '\r' && r != '\n' }); i >= 0 {
		t.Fatalf("the message is not 7-bit: %q", raw[max(0, i-40):min(len(raw), i+10)])
	}
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("read message: %v", err)
	}
	o := opened{header: m.Header}
	o.walk(t, m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body)
	if o.calendar == nil && o.attachment == nil {
		return o // a message that changes nothing in the calendar
	}
	o.object, err = ical.NewDecoder(bytes.NewReader(o.calendar)).Decode()
	if err != nil {
		t.Fatalf("read calendar: %v\n%s", err, o.calendar)
	}
	events := o.object.Events()
	if len(events) != 1 || len(o.object.Children) != 1 {
		t.Fatalf("%d events and %d components, want one", len(events), len(o.object.Children))
	}
	o.event = &events[0]
	return o
}

func (o *opened) walk(t testing.TB, contentType, encoding, disposition string, body io.Reader) {
	t.Helper()
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatalf("content type %q: %v", contentType, err)
	}
	o.structure = append(o.structure, kind)
	if strings.HasPrefix(kind, "multipart/") {
		parts := multipart.NewReader(body, params["boundary"])
		for {
			part, err := parts.NextRawPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatalf("next part of %s: %v", kind, err)
			}
			h := part.Header
			o.walk(t, h.Get("Content-Type"), h.Get("Content-Transfer-Encoding"), h.Get("Content-Disposition"), part)
		}
	}
	content := decode(t, encoding, body)
	if !utf8.Valid(content) {
		t.Errorf("%s is not UTF-8", kind)
	}
	if strings.HasPrefix(kind, "text/") && !strings.EqualFold(params["charset"], "UTF-8") {
		t.Errorf("%s has charset %q", kind, params["charset"])
	}
	switch {
	case strings.HasPrefix(disposition, "attachment"):
		o.attachment = content
	case kind == "text/plain":
		o.text = strings.ReplaceAll(string(content), "\r\n", "\n")
	case kind == "text/html":
		o.html = strings.ReplaceAll(string(content), "\r\n", "\n")
	case kind == "text/calendar":
		o.calendar, o.calendarMethod = content, params["method"]
	default:
		t.Errorf("unexpected part %q", contentType)
	}
}

func decode(t testing.TB, encoding string, body io.Reader) []byte {
	t.Helper()
	switch encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	default:
		t.Fatalf("encoding %q", encoding)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatalf("decode %s: %v", encoding, err)
	}
	return content
}

// checkLines demands CRLF after every line, no other CR or LF, and lines of at most so many octets.
func checkLines(t testing.TB, what string, content []byte, max int) {
	t.Helper()
	if !bytes.HasSuffix(content, []byte("\r\n")) {
		t.Errorf("%s does not end with a line break", what)
	}
	for l := range bytes.SplitSeq(content, []byte("\r\n")) {
		if bytes.ContainsAny(l, "\r\n") {
			t.Errorf("%s has a bare CR or LF: %q", what, l)
		}
		if len(l) > max {
			t.Errorf("%s has a line of %d octets, %d at most: %q", what, len(l), max, l)
		}
	}
}

// property is the only one of its name in the event, read back.
func (o opened) property(t testing.TB, name string) ical.Prop {
	t.Helper()
	props := o.event.Props[name]
	if len(props) != 1 {
		t.Fatalf("%d properties %s, want one:\n%s", len(props), name, o.calendar)
	}
	return props[0]
}

// words is a property of type TEXT, read back.
func (o opened) words(t testing.TB, name string) string {
	t.Helper()
	p := o.property(t, name)
	s, err := p.Text()
	if err != nil {
		t.Fatalf("%s: %v in %q", name, err, p.Value)
	}
	return s
}

// address is the only address of a header.
func (o opened) address(t testing.TB, name string) *netmail.Address {
	t.Helper()
	list, err := o.header.AddressList(name)
	if err != nil || len(list) != 1 {
		t.Fatalf("%s: %d addresses, %v: %q", name, len(list), err, o.header[name])
	}
	return list[0]
}

func (o opened) subject(t testing.TB) string {
	t.Helper()
	s, err := new(mime.WordDecoder).DecodeHeader(o.header.Get("Subject"))
	if err != nil {
		t.Fatalf("subject: %v", err)
	}
	return s
}

// unfolded is the calendar with its lines put together and LF between them, for people to read.
func (o opened) unfolded() string {
	return strings.ReplaceAll(strings.ReplaceAll(string(o.calendar), "\r\n ", ""), "\r\n", "\n")
}

package mail

import (
	"embed"
	htmltemplate "html/template"
	"strings"
	"text/template"

	"flashmentoring/internal/plaintext"
)

// letter is what a mail says, in the order in which it says it. Layouts set it as plain text and as HTML.
// Everything in it is one line, except quotes.
type letter struct {
	Subject  string
	Heading  string
	Opening  []string // paragraphs
	Sections []section
	Closing  []string // paragraphs
	Actions  []action // what the reader can do about it
	Footer   []string // small print
	Stop     []action // where messages of this kind can be stopped: one, or none
}

// action is a page on which the reader can do something.
type action struct{ Label, Address string }

// section is a part of a letter under its own heading. One without entries is not shown.
type section struct {
	Heading string
	Entries []entry
}

// entry is one term and what is said of it: either a value, which may be a link, or a quote, or our own advice.
type entry struct {
	Term   string
	Value  string
	Link   string   // an https address, or empty
	Quote  []string // lines somebody wrote
	Points []string
}

// fact adds a value, unless it is empty.
func (s *section) fact(term, value string) {
	if value = plaintext.Line(value); value != "" {
		s.Entries = append(s.Entries, entry{Term: term, Value: value})
	}
}

// place adds a value that is a link where it can be one.
func (s *section) place(term, value string) {
	value = plaintext.Line(value)
	s.Entries = append(s.Entries, entry{Term: term, Value: value, Link: plaintext.Link(value)})
}

// quote adds somebody's own words, unless there are none. They are marked as a quote in every layout, so
// that no text can pass for a part of the mail.
func (s *section) quote(term, words string) {
	if words = plaintext.Text(words); words != "" {
		s.Entries = append(s.Entries, entry{Term: term, Quote: strings.Split(words, "\n")})
	}
}

//go:embed layout
var layout embed.FS

var (
	asText = template.Must(template.ParseFS(layout, "layout/letter.txt.tmpl"))
	asHTML = htmltemplate.Must(htmltemplate.ParseFS(layout, "layout/letter.html.tmpl"))
)

// set sets the letter in both layouts. Lines end with LF.
func (l letter) set() (plain, html string, err error) {
	page := struct {
		letter
		Language string
	}{l, language}
	var p, h strings.Builder
	if err = asText.Execute(&p, page); err == nil {
		err = asHTML.Execute(&h, page)
	}
	return p.String(), h.String(), err
}

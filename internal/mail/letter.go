package mail

import (
	"embed"
	htmltemplate "html/template"
	"net/url"
	"strings"
	"text/template"
)

// letter is what a mail says, in the order in which it says it. Layouts set it as plain text and as HTML.
// Everything in it is one line, except quotes.
type letter struct {
	Subject  string
	Heading  string
	Opening  []string // paragraphs
	Sections []section
	Closing  []string // paragraphs
	Footer   []string // small print
}

// section is a part of a letter under its own heading. One without entries is not shown.
type section struct {
	Heading string
	Entries []entry
}

// entry is one term and what is said of it: either a value, which may be a link, or a quote.
type entry struct {
	Term  string
	Value string
	Link  string   // an https address, or empty
	Quote []string // lines somebody wrote
}

// fact adds a value, unless it is empty.
func (s *section) fact(term, value string) {
	if value = line(value); value != "" {
		s.Entries = append(s.Entries, entry{Term: term, Value: value})
	}
}

// place adds a value that is a link where it can be one.
func (s *section) place(term, value string) {
	value = line(value)
	s.Entries = append(s.Entries, entry{Term: term, Value: value, Link: link(value)})
}

// quote adds somebody's own words, unless there are none. They are marked as a quote in every layout, so
// that no text can pass for a part of the mail.
func (s *section) quote(term, words string) {
	if words = text(words); words != "" {
		s.Entries = append(s.Entries, entry{Term: term, Quote: strings.Split(words, "\n")})
	}
}

// link is the value where it is a complete https address in plain ASCII, and empty where it is not.
func link(value string) string {
	u, err := url.Parse(value)
	odd := strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' })
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || odd {
		return ""
	}
	return value
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

package pages

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"flashmentoring/internal/plaintext"
)

// page is what a page says, in the order in which it says it. Everything in it is one line, except quotes and what somebody
// typed. The layout escapes all of it.
type page struct {
	Title    string
	Heading  string
	Status   string // a word beside the heading, or empty
	Tone     tone
	Lead     []string // paragraphs
	Points   []string // of a list
	Buttons  []button
	Form     *form
	Sections []section
	Small    []string // paragraphs, in small print
}

// tone is how the status looks. The word says the same.
type tone string

const (
	good    tone = "good"
	bad     tone = "bad"
	neutral tone = ""
)

// button is a link that looks like one.
type button struct {
	Text, Address string
	Quiet         bool
}

// form is what is sent by POST to the address of the page.
type form struct {
	Fixed  map[string]string // hidden fields
	Fields []field
	Button string
	Danger bool
	Back   *button // the way out
}

// section is a part of a page under its own heading. One without facts and buttons is not shown.
type section struct {
	ID      string
	Heading string
	Lead    []string // paragraphs
	Facts   []fact
	Buttons []button
}

// fact is one term and what is said of it: either a value, which may be a link, or a quote.
type fact struct {
	Term  string
	Value string
	Link  string
	Quote []string // lines somebody wrote
}

// fact adds a value, unless it is empty.
func (s *section) fact(term, value string) {
	if value = plaintext.Line(value); value != "" {
		s.Facts = append(s.Facts, fact{Term: term, Value: value})
	}
}

// place adds a value that is a link where it can be one.
func (s *section) place(term, value string) {
	s.Facts = append(s.Facts, fact{Term: term, Value: plaintext.Line(value), Link: plaintext.Link(value)})
}

// quote adds somebody's own words, unless there are none. They are marked as a quote, so that no text can pass for a part
// of the page.
func (s *section) quote(term, written string) {
	if written = plaintext.Text(written); written != "" {
		s.Facts = append(s.Facts, fact{Term: term, Quote: strings.Split(written, "\n")})
	}
}

var (
	//go:embed layout/page.html.tmpl
	layoutText string
	//go:embed layout/style.css
	style string

	layout = template.Must(template.New("page").Parse(layoutText))
	// styleHash is what names the style in the policy of the page (CSP level 3, section 2.3.1).
	styleHash = func() string {
		sum := sha256.Sum256([]byte(style))
		return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
	}()
)

// show answers with a page. It returns an error, with nothing answered yet, where the page cannot be set.
func (g page) show(w http.ResponseWriter, status int) error {
	if g.Form != nil {
		f := *g.Form
		f.Fields = focused(f.Fields)
		g.Form = &f
	}
	var b bytes.Buffer
	err := layout.Execute(&b, struct {
		page
		Language string
		Product  string
		Style    template.CSS
	}{g, language, say("product", nil), template.CSS(style)})
	if err != nil {
		return err
	}
	send(w, status, "text/html; charset=utf-8", b.Bytes())
	return nil
}

func send(w http.ResponseWriter, status int, contentType string, body []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // whoever is gone cannot be told
}

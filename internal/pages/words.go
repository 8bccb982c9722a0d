package pages

import (
	_ "embed"
	"strings"
	"text/template"

	"flashmentoring/internal/plaintext"
)

// language is that of the words, a tag of RFC 5646.
const language = "en"

//go:embed words/en.tmpl
var english string

// phrases are all words of all pages, by name.
var phrases = template.Must(template.New(language).Option("missingkey=error").Parse(english))

// say is the phrase of that name about something, on one line whatever names are in it. A phrase that is not there is a
// mistake of this program, which a test finds.
func say(phrase string, about any) string {
	var b strings.Builder
	if err := phrases.ExecuteTemplate(&b, phrase, about); err != nil {
		panic(err)
	}
	return plaintext.Line(b.String())
}

// lines are the phrases of that name and a number, from 1 on, as many as there are.
func lines(phrase string, about any) (all []string) {
	for n := '1'; phrases.Lookup(phrase+"."+string(n)) != nil; n++ {
		if said := say(phrase+"."+string(n), about); said != "" {
			all = append(all, said)
		}
	}
	return all
}

package mail

import (
	_ "embed"
	"strings"
	"text/template"

	"flashmentoring/internal/mentoring"
)

// language is that of the words, a tag of RFC 5646.
const language = "en"

//go:embed words/en.tmpl
var english string

// phrases are all words of all mails, by name.
var phrases = template.Must(template.New("en").Option("missingkey=error").Parse(english))

// scene is what a phrase can name. Times are in the reader's zone and already in words.
type scene struct {
	Reader, Other string // names
	Title, Topic  string
	Start         string // short, for the subject
	Seats         int
	Circle        bool   // several people book the slot
	Shared        string // the organisation both belong to, or empty
	Booking, Slot string // ids
}

// narrator says phrases about one scene. The first phrase that cannot be said is kept in err, so that a
// letter can be written down without asking after each sentence.
type narrator struct {
	scene scene
	err   error
}

// tell sets the scene for a notice.
func tell(n mentoring.Notice) *narrator {
	v := &narrator{}
	v.scene = scene{
		Reader: n.Reader.Profile.Name, Other: n.Other.Name,
		Title: n.Slot.Title, Topic: topicLabel(n.Slot.Topic),
		Start: v.moment(n.Slot.StartsAt.In(zoneOf(n.Reader.Profile.TimeZone))),
		Seats: n.Slot.Capacity, Circle: n.Slot.Format != mentoring.OneToOne,
		Shared: n.SharedOrganisation, Booking: string(n.Booking.ID), Slot: string(n.Slot.ID),
	}
	return v
}

// say is the phrase of that name about the scene, on one line whatever names are in it.
func (v *narrator) say(phrase string) string { return v.sayOf(phrase, v.scene) }

// sayOf is the phrase of that name about something else.
func (v *narrator) sayOf(phrase string, about any) string {
	var b strings.Builder
	if err := phrases.ExecuteTemplate(&b, phrase, about); err != nil && v.err == nil {
		v.err = err
	}
	return line(b.String())
}

// list is a phrase that is a list of words.
func list(phrase string) []string {
	v := &narrator{}
	words := strings.Fields(v.sayOf(phrase, nil))
	if v.err != nil {
		panic(v.err)
	}
	return words
}

// topicLabel is what people call a topic. A topic that is not of the taxonomy is called by its slug.
func topicLabel(slug string) string {
	for _, t := range mentoring.StarterTopics {
		if t.Slug == slug {
			return t.Label
		}
	}
	return slug
}

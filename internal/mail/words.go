package mail

import (
	_ "embed"
	"slices"
	"strings"
	"text/template"
	"time"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/plaintext"
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
	Minutes       int
	Seats, Fewest int
	Circle        bool   // several people book the slot
	Asks          bool   // whoever books asks the expert first
	Alone         bool   // it is about the expert's slot, and no booking
	Expert        bool   // the reader is the expert
	Had           string // what was ended: the status of the booking before, or "slot"
	Shared        string // the organisation both belong to, or empty
	Answer        string // until when a request or a wait lasts
	Contest       string // until when it can be said who came
	Strikes       int
	Rule          StrikeRule
	Cooldown      string // until when strikes keep the reader from booking
	Booking, Slot string // ids
}

// narrator says phrases about one scene. The first phrase that cannot be said is kept in err, so that a
// letter can be written down without asking after each sentence.
type narrator struct {
	scene scene
	zone  *time.Location // of the reader
	now   time.Time
	err   error
}

// tell sets the scene for a notice.
func tell(n mentoring.Notice, rule StrikeRule, now time.Time) *narrator {
	v := &narrator{zone: zoneOf(n.Reader.Profile.TimeZone), now: now}
	v.scene = scene{
		Reader: n.Reader.Profile.Name, Other: n.Other.Name,
		Title: n.Slot.Title, Topic: calendar.TopicLabel(n.Slot),
		Start: v.moment(n.Slot.StartsAt), Minutes: n.Slot.DurationMinutes,
		Seats: n.Slot.Capacity, Fewest: n.Slot.MinAttendees, Circle: n.Slot.Format != mentoring.OneToOne,
		Asks: n.Slot.Approval == mentoring.OnRequest, Alone: slotAlone(n), Expert: n.Role == mentoring.Expert, Had: had(n),
		Shared: n.SharedOrganisation, Answer: v.instant(n.Booking.ExpiresAt),
		Contest: v.instant(n.Slot.EndsAt().Add(mentoring.AttendanceWindow)),
		Strikes: n.Strikes, Rule: rule, Cooldown: v.instant(n.CooldownUntil),
		Booking: string(n.Booking.ID), Slot: string(n.Slot.ID),
	}
	return v
}

// had is what there was before it ended: a seat, a request for one, or a wait, by the status of that time; or a slot.
func had(n mentoring.Notice) string {
	if slotAlone(n) {
		return "slot"
	}
	for _, step := range slices.Backward(n.Booking.History) {
		if step.Status != n.Booking.Status {
			return string(step.Status)
		}
	}
	return string(mentoring.Confirmed)
}

// say is the phrase of that name about the scene, on one line whatever names are in it.
func (v *narrator) say(phrase string) string { return v.sayOf(phrase, v.scene) }

// sayOf is the phrase of that name about something else.
func (v *narrator) sayOf(phrase string, about any) string {
	return plaintext.Line(v.fill(phrase, about))
}

// paragraphs are the phrases of those names that have something to say. A name may be empty.
func (v *narrator) paragraphs(names ...string) []string {
	var said []string
	for _, name := range names {
		if name == "" {
			continue
		}
		if words := v.say(name); words != "" {
			said = append(said, words)
		}
	}
	return said
}

// points are the lines of a phrase that names nothing of the scene, and so nothing that somebody wrote.
func (v *narrator) points(phrase string) []string {
	return strings.Split(plaintext.Text(v.fill(phrase, nil)), "\n")
}

// fill executes a phrase.
func (v *narrator) fill(phrase string, about any) string {
	var b strings.Builder
	if err := phrases.ExecuteTemplate(&b, phrase, about); err != nil && v.err == nil {
		v.err = err
	}
	return b.String()
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

package calendar

import (
	"fmt"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/plaintext"
)

// language is that of the words, a tag of ISO 639 as a product identifier has it.
const language = "EN"

// words are all words of all entries, in English. To translate, write a second such table. A text that names something
// is one line, whatever the name holds, and does not begin with it.
var words = table{
	calendar: "Flash mentoring",
	summary:  phrase[string]("Flash mentoring: %s"),
	alarm:    phrase[string]("Flash mentoring soon: %s"),
	with:     phrase[string]("With %s"),
	host:     phrase[string]("Your flash mentoring session on %s"),
	asked:    phrase[string]("What %s asks you to prepare:"),
	asking:   "What you ask those who come to prepare:",
	booking:  phrase[mentoring.BookingID]("Booking %s"),
	slot:     phrase[mentoring.SlotID]("Slot %s"),
	modes: map[mentoring.Mode]string{
		mentoring.Video: "Video call", mentoring.Phone: "Phone call", mentoring.InPerson: "In person",
	},
}

type table struct {
	calendar       string // what a program calls a feed
	summary, alarm func(title string) string
	with, asked    func(other string) string
	host           func(topic string) string
	asking         string
	booking        func(mentoring.BookingID) string
	slot           func(mentoring.SlotID) string
	modes          map[mentoring.Mode]string
}

// phrase is a text with one place in it.
func phrase[T ~string](format string) func(T) string {
	return func(name T) string { return plaintext.Line(fmt.Sprintf(format, string(name))) }
}

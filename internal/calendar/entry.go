package calendar

import (
	"cmp"
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/plaintext"
)

// Entry is one entry of one person's calendar.
type Entry struct {
	// Method is what becomes of it. In a feed there is none to follow, and one that goes is shown as cancelled.
	Method      mentoring.CalendarMethod
	UID         string // at the encoder's domain
	Sequence    int64  // rises with every change
	Start, End  time.Time
	Summary     string
	Description string // of several lines
	Location    string
	URL         string // left out where it is not an https address
	Alarm       string // shown half an hour before the start
}

// EntryFor is what somebody on one side has in their calendar: a requester their booking, an expert their slot, for which
// the booking may be left out. Other is the name of the other side, and c what becomes of the entry.
//
// Calendars are shown to colleagues and assistants far more than mails are, so it holds facts of the session and nothing
// of its purpose. An expert has one entry for the slot however many attend, so theirs names no requester either, and all
// ways of meeting that the slot offers.
func EntryFor(role mentoring.Role, slot mentoring.Slot, booking mentoring.Booking, other string, c mentoring.Calendar) Entry {
	e := Entry{
		Method: c.Method, UID: c.UID, Sequence: c.Sequence, Start: slot.StartsAt, End: slot.EndsAt(),
		Summary: words.summary(slot.Title), Alarm: words.alarm(slot.Title),
	}
	if c.Method == mentoring.CalendarCancel {
		return e // where it would have been is of no use any more
	}
	about := []string{words.with(other)}
	modes, id, preparation := []mentoring.Mode{booking.Mode}, words.booking(booking.ID), words.asked(other)
	if role == mentoring.Expert {
		about = []string{words.host(TopicLabel(slot))}
		modes, id, preparation = slot.Modes, words.slot(slot.ID), words.asking
	}
	var places []string
	for _, mode := range modes {
		name, place := words.modes[mode], Place(role, slot, booking, mode)
		if place != "" {
			about = append(about, name+": "+place)
		}
		places = append(places, cmp.Or(place, name))
		e.URL = cmp.Or(e.URL, plaintext.Link(place))
	}
	e.Location = strings.Join(places, " / ")
	if written := plaintext.Text(slot.Preparation); written != "" {
		about = append(about, "", preparation, written)
	}
	e.Description = strings.Join(append(about, "", id), "\n")
	return e
}

// Place is what one side may know of where to meet, or what to dial, on one line: a requester nothing until they have a
// seat (product.md section 5).
func Place(role mentoring.Role, slot mentoring.Slot, booking mentoring.Booking, mode mentoring.Mode) string {
	switch {
	case role != mentoring.Expert && !Seated(booking):
		return ""
	case mode == mentoring.Video:
		return plaintext.Line(slot.Meeting.VideoURL)
	case mode == mentoring.Phone:
		return plaintext.Line(slot.Meeting.Phone)
	case mode == mentoring.InPerson:
		return strings.ReplaceAll(plaintext.Text(slot.Meeting.Place), "\n", ", ")
	}
	return ""
}

// Seated reports whether the requester has a seat, and not only asks or waits for one.
func Seated(b mentoring.Booking) bool {
	return b.Status == mentoring.Confirmed || b.Status == mentoring.Completed
}

// TopicLabel is what people call the topic of a slot: what a coordinator called it when the slot took it, or as the product ships
// it. A topic that has neither is called by its slug.
func TopicLabel(slot mentoring.Slot) string {
	shipped, _ := mentoring.StarterTopics.Find(slot.Topic)
	return cmp.Or(slot.TopicLabel, shipped.Label, slot.Topic)
}

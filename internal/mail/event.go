package mail

import (
	"cmp"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"

	"flashmentoring/internal/mentoring"
)

// event is an entry for the reader's calendar.
type event struct {
	Method      ics.Method // of iTIP, RFC 5546 section 3.2
	UID         string     // at the composer's domain
	Sequence    int64
	Start, End  time.Time
	Summary     string
	Description string
	Location    string
	URL         string
	Alarm       string // shown half an hour before the start
}

// theEvent is what happens to the reader's calendar entry, or nil if nothing does. Calendars are shown to colleagues and assistants far more than
// mails are, so it holds facts of the session and nothing of its purpose. An expert has one entry for the
// slot however many attend, so theirs names no requester either, and all ways of meeting the slot offers.
func (v *narrator) theEvent(n mentoring.Notice) *event {
	if n.Calendar.Method == mentoring.CalendarNone {
		return nil
	}
	e := &event{
		Method: ics.Method(n.Calendar.Method), UID: n.Calendar.UID, Sequence: n.Calendar.Sequence,
		Start: n.Slot.StartsAt, End: n.Slot.EndsAt(),
		Summary: v.say("entry.summary"), Alarm: v.say("entry.alarm"),
	}
	if n.Calendar.Method == mentoring.CalendarCancel {
		return e // where it would have been is of no use any more
	}
	modes := []mentoring.Mode{n.Booking.Mode}
	if n.Role == mentoring.Expert {
		modes = n.Slot.Modes
	}
	about := []string{v.say("entry." + string(n.Role))}
	var places []string
	for _, mode := range modes {
		name, place := v.say("mode."+string(mode)), meetingPlace(n.Slot.Meeting, mode)
		if place != "" {
			about = append(about, name+": "+place)
		}
		places = append(places, cmp.Or(place, name))
		e.URL = cmp.Or(e.URL, link(place))
	}
	e.Location = strings.Join(places, " / ")
	if words := text(n.Slot.Preparation); words != "" {
		about = append(about, "", v.say("preparation."+string(n.Role))+":", words)
	}
	about = append(about, "", v.say("entry.id."+string(n.Role)))
	e.Description = strings.Join(about, "\n")
	return e
}

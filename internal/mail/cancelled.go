package mail

import (
	"cmp"

	"flashmentoring/internal/mentoring"
)

// cancelled tells either side that a booking is off, or an expert that their whole session is. Whoever cancelled is told
// too: their calendar entry goes with it, and they see that it worked.
func cancelled(v *narrator, n mentoring.Notice) letter {
	s := v.theFormer(n)
	v.quoteReason(&s, n)
	return letter{
		Subject:  v.say("cancelled." + v.scene.Had + ".subject"),
		Heading:  v.say("cancelled." + v.scene.Had + ".heading"),
		Opening:  v.paragraphs("greeting", "cancelled."+string(n.Role)+"."+howCancelled(n), v.entryGoes(n)),
		Sections: []section{s},
		Footer:   v.footer(n),
	}
}

// howCancelled names the way in which a booking was cancelled, or a whole session.
func howCancelled(n mentoring.Notice) string {
	switch ended := n.Booking.Ended; {
	case slotAlone(n):
		return "slot." + string(cmp.Or(n.Slot.Ended.Cause, mentoring.SlotGone))
	case ended.Cause != "":
		return string(ended.Cause)
	case ended.By == mentoring.System:
		return "system"
	default:
		return writer(n.Role, ended)
	}
}

// entryGoes is the name of the phrase for what becomes of an entry that is of no use any more to somebody: an expert's
// stays while others still come. It is empty where there was no entry.
func (v *narrator) entryGoes(n mentoring.Notice) string {
	switch {
	case n.Calendar.Method == mentoring.CalendarCancel && (n.Role == mentoring.Requester || slotAlone(n) || n.Booking.Ended.Cause != ""):
		return "entry.goes"
	case n.Calendar.Method == mentoring.CalendarCancel:
		return "entry.goes.unless"
	case n.Role == mentoring.Expert && v.scene.Had == string(mentoring.Confirmed):
		return "entry.stays"
	}
	return ""
}

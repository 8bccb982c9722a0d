package mail

import (
	"cmp"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/mentoring"
)

// Passages are what the letters of several kinds have in common.

// slotAlone reports whether a notice is about an expert's session and no one booking.
func slotAlone(n mentoring.Notice) bool { return n.Booking.ID == "" }

// theSession says what, when, where and with whom.
func (v *narrator) theSession(n mentoring.Notice) section {
	s := section{Heading: v.say("session")}
	s.fact(v.say("session.title"), n.Slot.Title)
	s.fact(v.say("session.topic"), v.scene.Topic)
	start, end := n.Slot.StartsAt, n.Slot.EndsAt()
	its := zoneOf(n.Slot.TimeZone)
	s.fact(v.say("session.when"), v.period(start, end, v.zone))
	if !sameClock(start, end, v.zone, its) {
		s.fact(v.say("session.when.slot"), v.period(start, end, its))
	}
	if n.Role == mentoring.Requester || slotAlone(n) { // to an expert, a booking that moved here has no past
		s.fact(v.say("session.was"), v.instant(n.Was))
	}
	s.fact(v.say("session.with"), n.Other.Name)
	s.fact(v.say("session.format"), v.say("format."+string(n.Slot.Format)))
	v.howToMeet(&s, n)
	v.cancelUntil(&s, n)
	return s
}

// cancelUntil tells the requester until when they can leave their seat, while they can.
func (v *narrator) cancelUntil(s *section, n mentoring.Notice) {
	if n.Role == mentoring.Requester && n.Booking.Status == mentoring.Confirmed {
		if until := n.Booking.CancellableUntil(n.Role); v.now.Before(until) {
			s.fact(v.say("session.cancel"), v.instant(until))
		}
	}
}

// theMeeting is the session in short, for those who are about to go there.
func (v *narrator) theMeeting(n mentoring.Notice) section {
	s := section{Heading: v.say("session")}
	s.fact(v.say("session.when"), v.period(n.Slot.StartsAt, n.Slot.EndsAt(), v.zone))
	v.howToMeet(&s, n)
	s.fact(v.say("session.with"), n.Other.Name)
	s.fact(v.say("session.title"), n.Slot.Title)
	return s
}

// howToMeet says how the booking is met, or every way the session offers, and where: to those who may know it.
func (v *narrator) howToMeet(s *section, n mentoring.Notice) {
	modes := n.Slot.Modes
	if !slotAlone(n) {
		modes = []mentoring.Mode{n.Booking.Mode}
	}
	for _, mode := range modes {
		s.fact(v.say("session.mode"), v.say("mode."+string(mode)))
		if n.Role == mentoring.Expert || calendar.Seated(n.Booking) {
			place := calendar.Place(n.Role, n.Slot, n.Booking, mode)
			s.place(v.say("meeting."+string(mode)), cmp.Or(place, v.say("meeting.missing")))
		}
	}
}

// theFormer says which session something is no more about. It does not say where it would have been.
func (v *narrator) theFormer(n mentoring.Notice) section {
	s := section{Heading: v.say("session")}
	s.fact(v.say("session.title"), n.Slot.Title)
	s.fact(v.say("session.when"), v.period(n.Slot.StartsAt, n.Slot.EndsAt(), v.zone))
	s.fact(v.say("session.with"), n.Other.Name)
	return s
}

// quoteReason adds what was written by whoever ended the booking, or the session.
func (v *narrator) quoteReason(s *section, n mentoring.Notice) {
	ended := n.Booking.Ended
	if slotAlone(n) {
		ended = n.Slot.Ended
	}
	s.quote(v.say("reason."+writer(n.Role, ended)), ended.Reason)
}

// writer says whose words a reason is in, to a reader.
func writer(reader mentoring.Role, e mentoring.Ending) string {
	if e.By == reader {
		return "reader"
	}
	return "other"
}

// thePurpose repeats what the requester wants, in their words (product.md section 1, rule 3). The expert
// also learns how the requester likes to be told things.
func (v *narrator) thePurpose(n mentoring.Notice) section {
	purpose := n.Booking.Purpose
	s := section{Heading: v.say("purpose." + string(n.Role))}
	s.fact(v.say("purpose.kind"), v.say("purpose.kind."+string(purpose.Kind)))
	s.quote(v.say("purpose.question"), purpose.Question)
	s.quote(v.say("purpose.outcome"), purpose.DesiredOutcome)
	s.quote(v.say("purpose.tried"), purpose.Tried)
	s.quote(v.say("purpose.context"), purpose.Context)
	s.quote(v.say("purpose.bring"), n.Booking.Bring)
	v.feedback(&s, n)
	return s
}

// theAim is the purpose in short, for those who have read it before. There is none of a whole session.
func (v *narrator) theAim(n mentoring.Notice) section {
	s := section{Heading: v.say("purpose." + string(n.Role))}
	if slotAlone(n) {
		return s
	}
	s.quote(v.say("purpose.question"), n.Booking.Purpose.Question)
	s.quote(v.say("purpose.outcome"), n.Booking.Purpose.DesiredOutcome)
	s.quote(v.say("purpose.bring"), n.Booking.Bring)
	v.feedback(&s, n)
	return s
}

// feedback tells the expert how the requester likes to be told things.
func (v *narrator) feedback(s *section, n mentoring.Notice) {
	if n.Role == mentoring.Expert {
		s.fact(v.say("feedback"), v.say("feedback."+string(n.Booking.FeedbackPreference)))
	}
}

// entryFollows is the name of the phrase for what becomes of an entry that changes, or empty where nothing does.
func (v *narrator) entryFollows(n mentoring.Notice) string {
	switch n.Calendar.Method {
	case mentoring.CalendarRequest:
		return "entry.follows"
	case mentoring.CalendarCancel:
		return "entry.waits" // what was a booking is a request
	}
	return ""
}

// footer is the small print: what an answer in the calendar does, where there is one to give, and the id.
func (v *narrator) footer(n mentoring.Notice) []string {
	automatic, id := "automatic.plain", "booking"
	if n.Calendar.Method == mentoring.CalendarRequest {
		automatic = "automatic"
	}
	if slotAlone(n) {
		id = "slot"
	}
	return v.paragraphs(automatic, id)
}

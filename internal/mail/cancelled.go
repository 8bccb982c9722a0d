package mail

import "flashmentoring/internal/mentoring"

// cancelled tells either side that a booking is off. Whoever cancelled is told too: their calendar entry goes with it,
// and they see that it worked.
func cancelled(v *narrator, n mentoring.Notice) (letter, *event) {
	role, by := string(n.Role), "other"
	if n.Booking.Ended.By == n.Role {
		by = "reader"
	}
	return letter{
		Subject:  v.say("cancelled.subject"),
		Heading:  v.say("cancelled.heading"),
		Opening:  []string{v.say("greeting"), v.say("cancelled." + role + "." + by), v.say("cancelled.calendar." + role + v.entryGoes(n))},
		Sections: []section{v.theCancelled(n, by)},
		Footer:   []string{v.say("automatic.plain"), v.say("booking")},
	}, v.theEvent(n)
}

// entryGoes ends the name of the phrase for a calendar entry that stays: an expert's, while others still come.
func (v *narrator) entryGoes(n mentoring.Notice) string {
	if n.Calendar.Method == mentoring.CalendarNone {
		return ".stays"
	}
	return ""
}

// theCancelled says which session is off, and why, if they said so. It does not say where it would have been.
func (v *narrator) theCancelled(n mentoring.Notice, by string) section {
	s := section{Heading: v.say("session")}
	s.fact(v.say("session.title"), n.Slot.Title)
	s.fact(v.say("session.when"), v.period(n.Slot.StartsAt, n.Slot.EndsAt(), zoneOf(n.Reader.Profile.TimeZone)))
	s.fact(v.say("session.with"), n.Other.Name)
	s.quote(v.say("cancelled.reason."+by), n.Booking.Ended.Reason)
	return s
}

package mail

import "flashmentoring/internal/mentoring"

// changed tells those who come, or asked to, that the expert changed the session, and the expert that they were told.
func changed(v *narrator, n mentoring.Notice) letter {
	what := "changed.details"
	if !n.Was.IsZero() {
		what = "changed.time"
	}
	return letter{
		Subject:  v.say(what + ".subject"),
		Heading:  v.say(what + ".heading"),
		Opening:  v.paragraphs("greeting", what+"."+string(n.Role), v.entryFollows(n), v.released(n)),
		Sections: []section{v.theSession(n), v.thePreparation(n)},
		Footer:   v.footer(n),
	}
}

// released is the name of the phrase for a requester who may leave whatever the notice, or empty.
func (v *narrator) released(n mentoring.Notice) string {
	if n.Role == mentoring.Requester && n.Booking.Released {
		return "released"
	}
	return ""
}

package mail

import "flashmentoring/internal/mentoring"

// moved tells that a booking has another session: the requester, the expert whose session it is now, and the expert whose
// session it was.
func moved(v *narrator, n mentoring.Notice) letter {
	if n.Left {
		return movedAway(v, n)
	}
	as := "moved." + string(n.Role) + "." + string(n.Booking.Status)
	return letter{
		Subject:  v.say("moved.subject"),
		Heading:  v.say("moved." + string(n.Role) + ".heading"),
		Opening:  v.paragraphs("greeting", as, v.entryFollows(n), "disclosure"),
		Sections: []section{v.theSession(n), v.thePurpose(n), v.thePreparation(n)},
		Closing:  v.paragraphs("confidential"),
		Footer:   v.footer(n),
	}
}

// movedAway says nothing of where the booking went, nor of what it is for: neither is this expert's any more.
func movedAway(v *narrator, n mentoring.Notice) letter {
	role := string(n.Role)
	return letter{
		Subject:  v.say("moved.left.subject"),
		Heading:  v.say("moved.left.heading"),
		Opening:  v.paragraphs("greeting", "moved.left."+role, v.entryGoes(n)),
		Sections: []section{v.theFormer(n)},
		Footer:   v.footer(n),
	}
}

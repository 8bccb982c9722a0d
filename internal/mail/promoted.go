package mail

import "flashmentoring/internal/mentoring"

// promoted tells somebody who waited that a seat is theirs, or held for them while the expert is asked.
func promoted(v *narrator, n mentoring.Notice) letter {
	as := "promoted." + string(n.Booking.Status)
	l := letter{
		Subject:  v.say("promoted.subject"),
		Heading:  v.say(as + ".heading"),
		Opening:  v.paragraphs("greeting", as+"."+string(n.Role), as+"."+string(n.Role)+".then", "disclosure"),
		Sections: []section{v.theSession(n), v.thePurpose(n), v.thePreparation(n)},
		Closing:  v.paragraphs("confidential"),
		Footer:   v.footer(n),
	}
	if n.Booking.Status == mentoring.Confirmed {
		l.Sections = append(l.Sections, v.theOutline(n))
	}
	return l
}

package mail

import "flashmentoring/internal/mentoring"

// confirmed tells either side that a seat is booked.
func confirmed(v *narrator, n mentoring.Notice) letter {
	role := string(n.Role)
	return letter{
		Subject:  v.say("confirmed.subject"),
		Heading:  v.say("confirmed." + role + ".heading"),
		Opening:  v.paragraphs("greeting", "confirmed."+role, "disclosure"),
		Sections: []section{v.theSession(n), v.thePurpose(n), v.thePreparation(n), v.theOutline(n)},
		Closing:  v.paragraphs("confidential"),
		Footer:   v.footer(n),
	}
}

package mail

import "flashmentoring/internal/mentoring"

// requested tells the requester that the expert is asked, and asks the expert.
func requested(v *narrator, n mentoring.Notice) letter {
	role := string(n.Role)
	return letter{
		Subject:  v.say("requested." + role + ".subject"),
		Heading:  v.say("requested." + role + ".heading"),
		Opening:  v.paragraphs("greeting", "requested."+role, "requested."+role+".then", "disclosure"),
		Sections: []section{v.theSession(n), v.thePurpose(n), v.thePreparation(n)},
		Closing:  v.paragraphs("confidential"),
		Footer:   v.footer(n),
	}
}

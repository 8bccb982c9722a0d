package mail

import "flashmentoring/internal/mentoring"

// waiting tells the requester that they are on the waiting list, and until when seats are given.
func waiting(v *narrator, n mentoring.Notice) letter {
	role := string(n.Role)
	return letter{
		Subject:  v.say("waiting.subject"),
		Heading:  v.say("waiting.heading"),
		Opening:  v.paragraphs("greeting", "waiting."+role, "waiting."+role+".then"),
		Sections: []section{v.theSession(n), v.thePurpose(n)},
		Footer:   v.footer(n),
	}
}

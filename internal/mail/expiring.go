package mail

import "flashmentoring/internal/mentoring"

// expiring reminds the expert of a request that runs out soon. It repeats what is asked, so that it can be answered from
// this letter alone.
func expiring(v *narrator, n mentoring.Notice) letter {
	role := string(n.Role)
	return letter{
		Subject:  v.say("expiring.subject"),
		Heading:  v.say("expiring.heading"),
		Opening:  v.paragraphs("greeting", "expiring."+role, "requested."+role+".then", "disclosure"),
		Sections: []section{v.theSession(n), v.thePurpose(n)},
		Closing:  v.paragraphs("confidential"),
		Footer:   v.footer(n),
	}
}

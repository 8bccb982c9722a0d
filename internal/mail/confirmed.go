package mail

import (
	"slices"

	"flashmentoring/internal/mentoring"
)

// confirmed tells either side that a seat is booked.
func confirmed(v *narrator, n mentoring.Notice) (letter, *event) {
	role := string(n.Role)
	l := letter{
		Subject:  v.say("confirmed.subject"),
		Heading:  v.say("confirmed." + role + ".heading"),
		Opening:  []string{v.say("greeting"), v.say("confirmed." + role), v.disclosure()},
		Sections: []section{v.theSession(n), v.thePurpose(n), v.thePreparation(n)},
		Closing:  []string{v.say("confidential")},
		Footer:   []string{v.say("automatic"), v.say("booking")},
	}
	l.Opening = slices.DeleteFunc(l.Opening, func(s string) bool { return s == "" })
	return l, v.theEvent(n)
}

package mail

import "flashmentoring/internal/mentoring"

// declined tells the requester of a no, kindly and with the reason, and the expert that it was passed on. The requester
// gets back what they wrote, to use it again.
func declined(v *narrator, n mentoring.Notice) letter {
	role := string(n.Role)
	s := v.theFormer(n)
	s.fact(v.say("declined.reason"), v.say("declined.reason."+string(n.Booking.Ended.Decline)))
	v.quoteReason(&s, n)
	l := letter{
		Subject:  v.say("declined.subject"),
		Heading:  v.say("declined." + role + ".heading"),
		Opening:  v.paragraphs("greeting", "declined."+role, "declined."+role+".then"),
		Sections: []section{s},
		Footer:   v.footer(n),
	}
	if n.Role == mentoring.Requester {
		l.Sections = append(l.Sections, v.thePurpose(n))
	}
	return l
}

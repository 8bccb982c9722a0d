package mail

import "flashmentoring/internal/mentoring"

// expired tells that nobody answered a request in time, or that no seat became free for somebody who waited. The
// requester gets back what they wrote, to use it again.
func expired(v *narrator, n mentoring.Notice) letter {
	cause := "expired." + string(n.Booking.Ended.Cause)
	l := letter{
		Subject:  v.say(cause + ".subject"),
		Heading:  v.say(cause + ".heading"),
		Opening:  v.paragraphs("greeting", cause+"."+string(n.Role), cause+"."+string(n.Role)+".then"),
		Sections: []section{v.theFormer(n)},
		Footer:   v.footer(n),
	}
	if n.Role == mentoring.Requester {
		l.Sections = append(l.Sections, v.thePurpose(n))
	}
	return l
}

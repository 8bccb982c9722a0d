package mail

import "flashmentoring/internal/mentoring"

// conflict tells the requester that they may leave without penalty. Why, it never says, nor does it name anybody but the
// two: the answer must not reveal who reports to whom (product.md section 1, rule 4).
func conflict(v *narrator, n mentoring.Notice) letter {
	role := string(n.Role)
	return letter{
		Subject:  v.say("conflict.subject"),
		Heading:  v.say("conflict.heading"),
		Opening:  v.paragraphs("greeting", "conflict."+role, "conflict."+role+".then"),
		Sections: []section{v.theSession(n)},
		Footer:   v.footer(n),
	}
}

package mail

import "flashmentoring/internal/mentoring"

// unfilled tells the expert that bookings are over, with nobody or with fewer than the session needs.
func unfilled(v *narrator, n mentoring.Notice) letter {
	by := "unfilled.nobody"
	if n.Slot.MinAttendees > 1 {
		by = "unfilled.few"
	}
	return letter{
		Subject:  v.say(by + ".subject"),
		Heading:  v.say(by + ".heading"),
		Opening:  v.paragraphs("greeting", by+"."+string(n.Role), v.entryGoes(n), "unfilled.then"),
		Sections: []section{v.theFormer(n)},
		Footer:   v.footer(n),
	}
}

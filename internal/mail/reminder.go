package mail

import "flashmentoring/internal/mentoring"

// dayReminder comes a day ahead, when there is still time to prepare.
func dayReminder(v *narrator, n mentoring.Notice) letter {
	role := string(n.Role)
	return letter{
		Subject:  v.say("reminder.day.subject"),
		Heading:  v.say("reminder.day.heading"),
		Opening:  v.paragraphs("greeting", "reminder.day."+role, "reminder.day."+role+".then"),
		Sections: []section{v.theSession(n), v.theAim(n), v.thePreparation(n), v.theOutline(n)},
		Closing:  v.paragraphs("confidential"),
		Footer:   v.footer(n),
	}
}

// hourReminder comes an hour ahead, and says how to get there and what for.
func hourReminder(v *narrator, n mentoring.Notice) letter {
	return letter{
		Subject:  v.say("reminder.hour.subject"),
		Heading:  v.say("reminder.hour.heading"),
		Opening:  v.paragraphs("greeting", "reminder.hour."+string(n.Role)),
		Sections: []section{v.theMeeting(n), v.theAim(n)},
		Footer:   v.footer(n),
	}
}

package mail

import "flashmentoring/internal/mentoring"

// notHeld tells either side that, by what was said, the session did not take place, and how to say otherwise.
func notHeld(v *narrator, n mentoring.Notice) letter {
	said := n.Booking.After.Attendance.Result()
	what := "other"
	switch {
	case said.Missed(n.Role) && said == mentoring.BothAbsent:
		what = "both"
	case said.Missed(n.Role):
		what = "reader"
	}
	then := "not_held." + what + ".then"
	if what == "other" {
		then += "." + string(n.Role)
	}
	return letter{
		Subject:  v.say("not_held.subject"),
		Heading:  v.say("not_held.heading"),
		Opening:  v.paragraphs("greeting", "not_held."+what, then, "not_held.contest"),
		Sections: []section{v.theFormer(n)},
		Closing:  v.paragraphs("survey.wrong"),
		Footer:   v.footer(n),
	}
}

// noteForExpert brings the expert what the requester wrote to them.
func noteForExpert(v *narrator, n mentoring.Notice) letter {
	s := v.theFormer(n)
	s.quote(v.say("note.words"), n.Note)
	return letter{
		Subject:  v.say("note.subject"),
		Heading:  v.say("note.heading"),
		Opening:  v.paragraphs("greeting", "note"),
		Sections: []section{s},
		Closing:  v.paragraphs("note.why"),
		Footer:   v.footer(n),
	}
}

// inTouch gives either side the address of the other.
func inTouch(v *narrator, n mentoring.Notice) letter {
	s := section{Heading: v.say("touch.heading.address")}
	s.fact(v.say("touch.address"), n.Contact)
	return letter{
		Subject:  v.say("touch.subject"),
		Heading:  v.say("touch.heading"),
		Opening:  v.paragraphs("greeting", "touch"),
		Sections: []section{s, v.theFormer(n)},
		Footer:   v.footer(n),
	}
}

// due reminds the requester of what they set out to do today.
func due(v *narrator, n mentoring.Notice) letter {
	s := section{Heading: v.say("tasks.requester")}
	v.quoteTask(&s, n.Task)
	return letter{
		Subject:  v.say("due.subject"),
		Heading:  v.say("due.heading"),
		Opening:  v.paragraphs("greeting", "due"),
		Sections: []section{s, v.theFormer(n)},
		Footer:   v.footer(n),
	}
}

// closed tells either side that a booking is closed, with what they may see of how it was closed.
func closed(v *narrator, n mentoring.Notice) letter {
	p := n.Papers
	s := v.theFormer(n)
	v.quoteOutcome(&s, n)
	words := section{Heading: v.say("closed.words." + string(n.Role))}
	words.quote(v.say("closed.achieved"), p.Debrief.Achieved)
	words.quote(v.say("closed.still"), p.Debrief.StillToDo)
	words.quote(v.say("closed.differently"), p.Debrief.DoDifferently)
	words.quote(v.say("closed.learned"), p.Takeaways.Learned)
	words.quote(v.say("closed.apply"), p.Takeaways.WillApply)
	return letter{
		Subject:  v.say("closed.subject"),
		Heading:  v.say("closed.heading"),
		Opening:  v.paragraphs("greeting", "closed."+string(n.Role)+"."+string(n.Booking.After.Closure)),
		Sections: []section{s, words, v.theTasks(n)},
		Footer:   v.footer(n),
	}
}

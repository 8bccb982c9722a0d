package mail

import "flashmentoring/internal/mentoring"

// pulse asks either side how a session was, right after it and once more: the expert of several bookings about each of them.
func pulse(v *narrator, n mentoring.Notice) letter {
	s := v.theFormer(n)
	v.quoteOutcome(&s, n)
	kind, begin := string(n.Kind), "survey.first"
	if len(n.Bookings) > 1 { // the links lead to the people, and the questions come there
		begin = "survey.each"
	}
	return letter{
		Subject:  v.say(kind + ".subject"),
		Heading:  v.say(kind + ".heading"),
		Opening:  v.paragraphs("greeting", kind+"."+string(n.Role), begin, "survey.private"),
		Sections: []section{s},
		Closing:  v.paragraphs("survey.until", "survey.wrong"),
		Footer:   v.footer(n),
	}
}

// outcome asks the requester, a month later, what became of it.
func outcome(v *narrator, n mentoring.Notice) letter {
	s := v.theFormer(n)
	v.quoteOutcome(&s, n)
	return letter{
		Subject:  v.say("outcome.subject"),
		Heading:  v.say("outcome.heading"),
		Opening:  v.paragraphs("greeting", "outcome.requester", "outcome.private"),
		Sections: []section{s, v.theTasks(n)},
		Footer:   v.footer(n),
	}
}

// quoteOutcome repeats what the requester wanted, of the one booking that the letter is about.
func (v *narrator) quoteOutcome(s *section, n mentoring.Notice) {
	b := n.Booking
	switch {
	case !slotAlone(n):
	case len(n.Bookings) == 1:
		b = n.Bookings[0]
	default:
		return
	}
	s.quote(v.say("purpose.outcome"), b.Purpose.DesiredOutcome)
}

// theTasks are what the requester set out to do and has not done yet, as far as the reader may see it.
func (v *narrator) theTasks(n mentoring.Notice) section {
	s := section{Heading: v.say("tasks." + string(n.Role))}
	for _, task := range n.Papers.Tasks.Tasks {
		if task.Status == mentoring.TaskOpen {
			v.quoteTask(&s, task)
		}
	}
	return s
}

// quoteTask is one thing to do, under the day for it.
func (v *narrator) quoteTask(s *section, task mentoring.Task) {
	term := v.say("task.kind." + string(task.Kind))
	if task.DueOn != "" {
		term = v.sayOf("task.by", struct{ Kind, Day string }{term, v.day(task.DueOn)})
	}
	s.quote(term, task.Text)
}

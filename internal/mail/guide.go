package mail

import "flashmentoring/internal/mentoring"

// Every session has a guide: how to prepare, for each role, and an outline by the minute (product.md section 1, rule 9).
// Its words depend on the kind of session, its minutes on how long it is.

// phase is a part of a session. Its name is that of a phrase.
type phase struct {
	minutes int
	name    string
}

// outlines say how to spend a session, by its length. In work and turn, what is done depends on the kind of session.
var outlines = map[int][]phase{
	15: {{1, "arrive"}, {3, "aim"}, {5, "work"}, {3, "turn"}, {2, "step"}, {1, "close"}},
	20: {{1, "arrive"}, {3, "aim"}, {7, "work"}, {5, "turn"}, {3, "step"}, {1, "close"}},
	30: {{2, "arrive"}, {5, "aim"}, {10, "work"}, {7, "turn"}, {4, "step"}, {2, "close"}},
	45: {{3, "arrive"}, {6, "aim"}, {15, "work"}, {12, "turn"}, {6, "step"}, {3, "close"}},
	60: {{3, "arrive"}, {8, "aim"}, {20, "work"}, {2, "check"}, {17, "turn"}, {7, "step"}, {3, "close"}},
	90: {{5, "arrive"}, {10, "aim"}, {25, "work"}, {5, "pause"}, {30, "turn"}, {10, "step"}, {5, "close"}},
}

// thePreparation is what the expert wrote about it, where they did, and the guide's advice to the reader. What the expert
// looks for is for those who come.
func (v *narrator) thePreparation(n mentoring.Notice) section {
	role := string(n.Role)
	s := section{Heading: v.say("preparation")}
	s.quote(v.say("preparation."+role), n.Slot.Preparation)
	if n.Role == mentoring.Requester {
		s.quote(v.say("lookingFor"), n.Slot.LookingFor)
	}
	if !guided(n) {
		return s
	}
	advice := v.points("guide." + string(n.Slot.Kind) + "." + role)
	if v.scene.Circle {
		advice = append(advice, v.points("guide.group."+role)...)
	}
	s.Entries = append(s.Entries, entry{Term: v.say("guide"), Points: advice})
	return s
}

// guided reports whether a letter brings the guide: where preparing begins, which is with a seat, and a day ahead.
func guided(n mentoring.Notice) bool {
	switch n.Kind {
	case mentoring.BookingConfirmed, mentoring.Reminder24h:
		return true
	case mentoring.WaitlistPromoted:
		return n.Booking.Status == mentoring.Confirmed
	}
	return false
}

// theOutline is what to spend the time on, from minute to minute.
func (v *narrator) theOutline(n mentoring.Notice) section {
	s := section{Heading: v.say("outline")}
	from := 0
	for _, p := range outlines[n.Slot.DurationMinutes] {
		name := "outline." + p.name
		if p.name == "work" || p.name == "turn" {
			name += "." + string(n.Slot.Kind)
		}
		s.fact(v.sayOf("outline.minutes", span{from, from + p.minutes}), v.say(name))
		from += p.minutes
	}
	return s
}

// span are the minutes of a phase.
type span struct{ From, To int }

package httpapi_test

import (
	"slices"
	"strings"
	"time"
)

// Who may know what, written from product.md alone.

func (l *life) blocks(a, b string) bool {
	return l.blocked[[2]string{a, b}] || l.blocked[[2]string{b, a}]
}

// sees reports whether a slot exists for somebody. Own bookings repeat its title, whatever became of them, and who was there
// keeps the entry in their calendar.
func (l *life) sees(slot *lifeSlot, reader string, title bool) bool {
	switch {
	case reader == "":
		return false
	case reader == slot.expert, reader == "coordinator":
		return true
	}
	for _, b := range l.bookings {
		there := slices.Contains([]string{"confirmed", "completed", "requested", "waitlisted"}, b.status)
		if b.requester == reader && b.slots[slot.id] && (title || there) {
			return true
		}
	}
	sameOrganisation := !strings.Contains(reader, "/")
	return !l.blocks(slot.expert, reader) && (sameOrganisation || slot.audience == "everyone")
}

// ofSlot is the rule for what a slot says of itself.
func (l *life) ofSlot(i int) rule {
	return func(reader string, mailed bool) bool { return l.sees(l.slots[i], reader, mailed) }
}

// ofTitle is the rule for a title, which bookings repeat.
func (l *life) ofTitle(i int) rule {
	return func(reader string, _ bool) bool { return l.sees(l.slots[i], reader, true) }
}

// ofMeeting is the rule for where those meet who do.
func (l *life) ofMeeting(i int) rule {
	return func(reader string, _ bool) bool {
		return reader == l.slots[i].expert || slices.ContainsFunc(l.bookings, func(b *lifeBooking) bool {
			return b.requester == reader && b.slots[l.slots[i].id] && (b.status == "confirmed" || b.status == "completed")
		})
	}
}

// The rules for what belongs to a booking. Of two sides, the expert is the present one; a mail that says goodbye may go to one
// of before.

func (l *life) both(i int) rule {
	return func(reader string, _ bool) bool {
		b := l.bookings[i]
		return reader == b.requester || reader == b.expert
	}
}

func (l *life) requesterOf(i int) rule {
	return func(reader string, _ bool) bool { return reader == l.bookings[i].requester }
}

func (l *life) expertOf(i int) rule {
	return func(reader string, _ bool) bool { return reader == l.bookings[i].expert }
}

func (l *life) ifShared(i int) rule {
	return func(reader string, _ bool) bool {
		b := l.bookings[i]
		return reader == b.requester || reader == b.expert && b.shared
	}
}

// ofNote is the rule for a note to the expert: if they welcome it, once both answered or nobody can any more.
func (l *life) ofNote(i int) rule {
	return func(reader string, _ bool) bool {
		b := l.bookings[i]
		released := len(b.answered) == 2 || !l.clock().Before(l.slots[b.slot].ends.Add(14*24*time.Hour))
		return reader == b.requester || reader == b.expert && l.welcome[b.expert] && released
	}
}

func (l *life) ifHeard(i int) rule {
	return func(reader string, _ bool) bool {
		b := l.bookings[i]
		return reader == b.requester || reader == b.expert && b.hear
	}
}

func (l *life) or(r rule, other string) rule {
	return func(reader string, mailed bool) bool { return reader == other || r(reader, mailed) }
}

// only is the rule for what is for somebody and for coordinators, or for the one alone.
func only(who ...string) rule {
	return func(reader string, _ bool) bool { return reader != "" && slices.Contains(who, reader) }
}

// ofPerson is the rule for what experts show of themselves: to whoever sees a slot of theirs.
func (l *life) ofPerson(name string) rule {
	return func(reader string, _ bool) bool {
		return reader == name || slices.ContainsFunc(l.slots, func(s *lifeSlot) bool { return s.expert == name && l.sees(s, reader, true) })
	}
}

// ofName is the rule for names and ids of people: those of an expert as above, those of a requester for the expert.
func (l *life) ofName(name string) rule {
	return func(reader string, mailed bool) bool {
		return reader == "coordinator" || l.ofPerson(name)(reader, mailed) || slices.ContainsFunc(l.bookings, func(b *lifeBooking) bool {
			return b.requester == name && (b.expert == reader || mailed && b.experts[reader]) || b.requester == reader && b.experts[name]
		})
	}
}

// mayWrite reports whether somebody may know somebody's address.
func (l *life) mayWrite(reader, name string) bool {
	mine, _, _ := strings.Cut(reader, "/")
	return mine == name || reader == "coordinator" || slices.ContainsFunc(l.bookings, func(b *lifeBooking) bool {
		return len(b.touch) == 2 && (b.requester == reader && b.expert == name || b.expert == reader && b.requester == name)
	})
}

// mayKnow reports whether somebody may know that the thing of an id exists.
func (l *life) mayKnow(reader, id string, mailed bool) bool {
	kind, _, _ := strings.Cut(id, "_")
	switch kind {
	case "per":
		name := l.nameOf(id)
		return name != "" && (l.ofName(name)(reader, mailed) || l.typed[[2]string{reader, name}])
	case "slot":
		return slices.ContainsFunc(l.slots, func(s *lifeSlot) bool { return s.id == id && l.sees(s, reader, true) })
	case "bkg":
		return slices.ContainsFunc(l.bookings, func(b *lifeBooking) bool {
			return b.id == id && (reader == b.requester || reader == b.expert || reader == "coordinator" || mailed && b.experts[reader])
		})
	case "act":
		for _, a := range l.actions {
			if a.id == id {
				return a.by == reader || l.ifShared(a.in)(reader, mailed)
			}
		}
	}
	return reader != "" // a concern's, or an action's that a survey made: whose it is, its text says
}

// nameOf is the one of an id.
func (l *life) nameOf(id string) string {
	for _, name := range readers {
		if l.person(name).id() == id {
			return name
		}
	}
	return ""
}

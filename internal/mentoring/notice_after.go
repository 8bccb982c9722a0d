package mentoring

import "time"

// ofSession are the notices about one booking once its session is over, each only while it is still true: nobody is asked
// what they have answered, or about a session that did not take place.
func (n News) ofSession(b Booking, now time.Time) []Notice {
	requester, expert := n.notice(b, Requester), n.notice(b, Expert)
	papers := n.Papers[b.ID]
	switch n.Event.Kind {
	case SessionEnded:
		return n.ofSurvey(b, requester, SurveyPulse, now)
	case SurveyReminderDue:
		return n.ofSurvey(b, requester, SurveyReminderNotice, now)
	case OutcomeDue:
		if _, until, ok := b.SurveyOpen(OutcomeWave, Requester, now); ok && now.Before(until) && b.tookPlace(now) && b.After.Answered.Outcome.IsZero() {
			requester.Papers = papers.For(Requester)
			return []Notice{requester.of(SurveyOutcome, CalendarNone)}
		}
	case AttendanceSaid:
		return n.ofAttendance(requester, expert, b, now)
	case SurveyAnswered:
		return n.ofRelease(requester, expert, papers, now)
	case SurveysClosed:
		told := n.ofRelease(requester, expert, papers, now)
		if b.After.Closure == AutoClosed && b.tookPlace(now) {
			told = append(told, n.ofClosing(requester, papers))
		}
		return told
	case BookingDebriefed:
		if b.After.Closure == Debriefed {
			return []Notice{n.ofClosing(requester, papers), n.ofClosing(expert, papers)}
		}
	case TaskDue:
		return n.nudge(b)
	}
	return nil
}

// asked reports whether a side is still to answer how the session was.
func (b Booking) asked(role Role, now time.Time) bool {
	return b.tookPlace(now) && b.within(0, SurveyWindow, now) && b.After.Answered.By(role).IsZero()
}

func (n News) ofSurvey(b Booking, requester Notice, kind NoticeKind, now time.Time) []Notice {
	if !b.asked(Requester, now) {
		return nil
	}
	return []Notice{requester.of(kind, CalendarNone)}
}

// askExpert asks the expert once, however many came, about each of them.
func (n News) askExpert(kind NoticeKind, now time.Time) []Notice {
	expert := n.notice(Booking{}, Expert)
	for _, b := range n.Bookings {
		if b.Slot == n.State.Slot.ID && b.asked(Expert, now) {
			expert.Bookings = append(expert.Bookings, b)
		}
	}
	switch len(expert.Bookings) {
	case 0:
		return nil
	case 1:
		expert.Other = expert.Bookings[0].Requester
	}
	return []Notice{expert.of(kind, CalendarNone)}
}

// ofRelease is what one side wrote for the other, when that may reach them, and their addresses where both want that.
func (n News) ofRelease(requester, expert Notice, p Papers, now time.Time) (told []Notice) {
	if note := p.Note(expert.Reader, now); note != "" {
		expert.Note = note
		told = append(told, expert.of(NoteForExpert, CalendarNone))
	}
	if p.InTouch() {
		requester.Contact, expert.Contact = expert.Reader.Email, requester.Reader.Email
		told = append(told, requester.of(InTouchNotice, CalendarNone), expert.of(InTouchNotice, CalendarNone))
	}
	return told
}

// ofClosing tells a side that the booking is closed, with what they may see of it.
func (n News) ofClosing(notice Notice, p Papers) Notice {
	notice.Papers = p.For(notice.Role)
	return notice.of(SessionClosed, CalendarNone)
}

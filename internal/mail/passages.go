package mail

import (
	"strings"

	"flashmentoring/internal/mentoring"
)

// Passages are what the letters of several kinds have in common.

// theSession says what, when, where and with whom. The meeting is that of the reader's own booking.
func (v *narrator) theSession(n mentoring.Notice) section {
	s := section{Heading: v.say("session")}
	s.fact(v.say("session.title"), n.Slot.Title)
	s.fact(v.say("session.topic"), v.scene.Topic)
	start, end := n.Slot.StartsAt, n.Slot.EndsAt()
	mine, its := zoneOf(n.Reader.Profile.TimeZone), zoneOf(n.Slot.TimeZone)
	s.fact(v.say("session.when"), v.period(start, end, mine))
	if !sameClock(start, end, mine, its) {
		s.fact(v.say("session.when.slot"), v.period(start, end, its))
	}
	s.fact(v.say("session.with"), n.Other.Name)
	s.fact(v.say("session.format"), v.say("format."+string(n.Slot.Format)))
	s.fact(v.say("session.mode"), v.say("mode."+string(n.Booking.Mode)))
	s.place(v.say("meeting."+string(n.Booking.Mode)), v.where(n.Slot.Meeting, n.Booking.Mode))
	return s
}

// where says where to go or what to dial, or that it is not known yet.
func (v *narrator) where(m mentoring.Meeting, mode mentoring.Mode) string {
	if place := meetingPlace(m, mode); place != "" {
		return place
	}
	return v.say("meeting.missing")
}

// meetingPlace is what there is to know for one way of meeting, on one line.
func meetingPlace(m mentoring.Meeting, mode mentoring.Mode) string {
	switch mode {
	case mentoring.Video:
		return line(m.VideoURL)
	case mentoring.Phone:
		return line(m.Phone)
	case mentoring.InPerson:
		return strings.ReplaceAll(text(m.Place), "\n", ", ")
	}
	return ""
}

// thePurpose repeats what the requester wants, in their words (product.md section 1, rule 3). The expert
// also learns how the requester likes to be told things.
func (v *narrator) thePurpose(n mentoring.Notice) section {
	role, purpose := string(n.Role), n.Booking.Purpose
	s := section{Heading: v.say("purpose." + role)}
	s.fact(v.say("purpose.kind"), v.say("purpose.kind."+string(purpose.Kind)))
	s.quote(v.say("purpose.question"), purpose.Question)
	s.quote(v.say("purpose.outcome"), purpose.DesiredOutcome)
	s.quote(v.say("purpose.tried"), purpose.Tried)
	s.quote(v.say("purpose.context"), purpose.Context)
	s.quote(v.say("purpose.bring"), n.Booking.Bring)
	if n.Role == mentoring.Expert {
		s.fact(v.say("feedback"), v.say("feedback."+string(n.Booking.FeedbackPreference)))
	}
	return s
}

// thePreparation repeats what the expert wrote about it. What they look for is for those who come.
func (v *narrator) thePreparation(n mentoring.Notice) section {
	s := section{Heading: v.say("preparation")}
	s.quote(v.say("preparation."+string(n.Role)), n.Slot.Preparation)
	if n.Role == mentoring.Requester {
		s.quote(v.say("lookingFor"), n.Slot.LookingFor)
	}
	return s
}

// disclosure names a shared employer, where there is one (product.md section 1, rule 5).
func (v *narrator) disclosure() string {
	if v.scene.Shared == "" {
		return ""
	}
	return v.say("disclosure")
}

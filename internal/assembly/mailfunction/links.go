package mailfunction

import (
	"time"

	"flashmentoring/internal/links"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
)

const (
	// linkLife is how long after the session a link to its booking is good.
	linkLife = 30 * 24 * time.Hour
	// stopLife is how long after the session a link to get no more such mail is good: longer than such mail comes.
	stopLife = 2 * 365 * 24 * time.Hour
)

// to are all links that mails hold.
func to(s *links.Signer) mail.Links {
	return mail.Links{Manage: manage(s), Survey: survey(s), Outcome: outcome(s), Unsubscribe: unsubscribe(s)}
}

// manage makes the address at which the reader of a notice sees and cancels the booking it is about: none where it is about
// no booking. Everything in it follows from the notice, so that the same notice gets the same one.
func manage(s *links.Signer) func(mentoring.Notice) string {
	return func(n mentoring.Notice) string {
		b := n.Booking
		address, err := s.Manage(string(n.Reader.ID), string(b.ID), b.TimesMoved(), b.EndsAt().Add(linkLife))
		if err != nil { // nobody, or nothing, that a link could be for
			return ""
		}
		return address
	}
}

// survey makes the address at which the reader of a notice answers the survey about a booking, for as long as it can be
// answered and a while longer, to be told so.
func survey(s *links.Signer) func(mentoring.Notice, mentoring.Booking) string {
	return func(n mentoring.Notice, b mentoring.Booking) string {
		address, err := s.Survey(string(n.Reader.ID), string(b.ID), b.TimesMoved(), b.EndsAt().Add(linkLife))
		if err != nil {
			return ""
		}
		return address
	}
}

// outcome makes the address at which a requester says what became of a session.
func outcome(s *links.Signer) func(mentoring.Notice) string {
	return func(n mentoring.Notice) string {
		b := n.Booking
		until := b.EndsAt().Add(mentoring.OutcomeAfter + mentoring.OutcomeWindow + linkLife)
		address, err := s.Outcome(string(n.Reader.ID), string(b.ID), b.TimesMoved(), until)
		if err != nil {
			return ""
		}
		return address
	}
}

// unsubscribe makes the address at which the reader of a nudge gets no more of them; other mail always goes.
func unsubscribe(s *links.Signer) func(mentoring.Notice) string {
	return func(n mentoring.Notice) string {
		if n.Kind.Transactional() {
			return ""
		}
		address, err := s.Unsubscribe(string(n.Reader.ID), n.Slot.EndsAt().Add(stopLife))
		if err != nil {
			return ""
		}
		return address
	}
}

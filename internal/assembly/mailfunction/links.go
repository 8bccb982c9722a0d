package mailfunction

import (
	"time"

	"flashmentoring/internal/links"
	"flashmentoring/internal/mentoring"
)

// linkLife is how long after the session a link to its booking is good.
const linkLife = 30 * 24 * time.Hour

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

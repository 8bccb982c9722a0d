package mail

import (
	"net"
	"net/url"
	"strings"

	"flashmentoring/internal/mentoring"
)

// Links makes addresses of pages for the reader of a notice. A function that is missing, or that returns nothing, offers
// no page. The same notice must get the same address, for a message to be reproducible.
type Links struct {
	// Manage is the address of the page on which the reader sees the booking and what they can do with it, or, of a notice
	// without one, the session.
	Manage func(mentoring.Notice) string
	// Survey is the address at which the reader answers the survey about a booking: that of the notice, or one of several.
	Survey func(mentoring.Notice, mentoring.Booking) string
	// Outcome is the address at which the reader says what became of the booking.
	Outcome func(mentoring.Notice) string
	// Unsubscribe is the address that ends messages of this kind by a single POST (RFC 8058). It returns nothing for what
	// a booking itself brings with it, which always goes (product.md section 10).
	Unsubscribe func(mentoring.Notice) string
}

// actions are what the reader can do. What has ended offers nothing but to say how it was.
func (v *narrator) actions(n mentoring.Notice, l Links) []action {
	switch n.Kind {
	case mentoring.SurveyPulse, mentoring.SurveyReminderNotice, mentoring.NotHeld:
		return v.toSurvey(n, l)
	case mentoring.SurveyOutcome:
		return v.toOutcome(n, l)
	}
	if l.Manage == nil || over(n) {
		return nil
	}
	address := pageAddress(l.Manage(n))
	if address == "" {
		return nil
	}
	label := "manage.booking"
	if slotAlone(n) {
		label = "manage.slot"
	}
	return []action{{v.say(label), address}}
}

// toSurvey leads to the survey of each booking that the notice asks about. The first question can be answered from here where
// it is about one: the page shows that answer chosen, and stores nothing until the reader says so.
func (v *narrator) toSurvey(n mentoring.Notice, l Links) (all []action) {
	if l.Survey == nil {
		return nil
	}
	about := n.Bookings
	if !slotAlone(n) {
		about = []mentoring.Booking{n.Booking}
	}
	for _, b := range about {
		address := pageAddress(l.Survey(n, b))
		switch {
		case address == "":
		case n.Kind == mentoring.NotHeld:
			all = append(all, action{v.say("survey.contest"), address})
		case len(about) > 1:
			all = append(all, action{v.sayOf("survey.about", b.Requester), address})
		default:
			for _, outcome := range mentoring.Outcomes {
				label := v.say("survey." + string(outcome) + "." + string(n.Role))
				all = append(all, action{label, address + "?" + TookPlaceParameter + "=" + string(outcome)})
			}
		}
	}
	return all
}

// TookPlaceParameter names the first question of a survey in the address of its page, for an answer that is to be chosen there
// already.
const TookPlaceParameter = "tookPlace"

func (v *narrator) toOutcome(n mentoring.Notice, l Links) []action {
	if l.Outcome == nil {
		return nil
	}
	address := pageAddress(l.Outcome(n))
	if address == "" {
		return nil
	}
	return []action{{v.say("outcome.answer"), address}}
}

// over reports whether the booking, or the session of a notice without one, is over before its time.
func over(n mentoring.Notice) bool {
	if slotAlone(n) {
		return n.Slot.Status == mentoring.SlotCancelled
	}
	switch n.Booking.Status {
	case mentoring.Requested, mentoring.Waitlisted, mentoring.Confirmed:
		return n.Left // it goes on elsewhere, for somebody else
	}
	return true
}

// unsubscribe is the address that ends messages of this kind, or empty.
func (l Links) unsubscribe(n mentoring.Notice) string {
	if l.Unsubscribe == nil {
		return ""
	}
	return pageAddress(l.Unsubscribe(n))
}

// maxAddress keeps a header with an address in it below the 998 octets of RFC 5322 section 2.1.1.
const maxAddress = 900

// pageAddress is an address of ours where it can stand in a letter and a header as it is: complete, in plain ASCII, over
// https, or over http where the machine serves its own pages. Otherwise it is empty: a letter without a link is better
// than none.
func pageAddress(address string) string {
	u, err := url.Parse(address)
	odd := strings.ContainsFunc(address, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' })
	if err != nil || odd || u.Hostname() == "" || u.User != nil || len(address) > maxAddress {
		return ""
	}
	host := net.ParseIP(u.Hostname())
	local := u.Hostname() == "localhost" || strings.HasSuffix(u.Hostname(), ".localhost") || host != nil && host.IsLoopback()
	if u.Scheme == "https" || u.Scheme == "http" && local {
		return address
	}
	return ""
}

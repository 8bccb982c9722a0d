package pages

import (
	"net/http"
	"slices"
	"time"

	"flashmentoring/internal/calendar"
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// visitor is who came by the link, as the desk knows callers.
func (v *visit) visitor() desk.Caller { return desk.Caller{ID: mentoring.PersonID(v.link.Person)} }

func (v *visit) booking() mentoring.BookingID { return mentoring.BookingID(v.link.Booking) }

// address is that of the page about the booking, or of one below it.
func (v *visit) address(below string) string { return "/manage/" + v.PathValue("token") + below }

// scene is a booking as one of its parties sees it, and what phrases can name of it.
type scene struct {
	desk.BookingView
	Role   mentoring.Role
	Reader string // their names
	Other  string
	Title  string
	When   string // of the session, in the reader's zone
	Until  string // when cancelling ends or ended
	Ended  string // when the booking ended, or empty
	By     string // the side that ended it: "reader", "other" or "nobody"
	Most   int    // characters of a reason
	Late   bool   // cancelling counts against the reader
	Apart  bool   // the reader blocked the other side
	Policy mentoring.Policy
	reader desk.ReaderView
	other  mentoring.PersonID
	zone   *time.Location
}

// look reads the booking of a link, and refuses a link of before the booking was moved.
func (p *pages) look(v *visit) (*scene, error) {
	view, err := p.Desk.Booking(v.Context(), v.visitor(), v.booking())
	if err != nil {
		return nil, err
	}
	if view.Moved != v.link.Generation {
		return nil, errOutdated
	}
	reader, err := p.Desk.Reader(v.Context(), v.visitor().ID)
	if err != nil {
		return nil, err
	}
	s := sceneOf(view, reader)
	s.Late, s.Policy = view.Booking.LateFor(s.Role, p.Desk.Now()), p.Desk.Policy
	return s, nil
}

func sceneOf(view desk.BookingView, reader desk.ReaderView) *scene {
	b := view.Booking
	s := &scene{
		BookingView: view, Reader: reader.Profile.Name, Title: b.Title, Most: maxReason,
		reader: reader, zone: zoneOf(reader.Profile.TimeZone),
	}
	s.Role, _ = b.RoleOf(reader.ID)
	other := b.Other(s.Role)
	s.Other, s.other, s.Apart = other.Name, other.ID, slices.Contains(reader.Blocked, other.ID)
	s.When = period(b.StartsAt, b.EndsAt(), s.zone)
	s.Until = moment(b.CancellableUntil(s.Role), s.zone)
	if !b.Ended.At.IsZero() {
		s.Ended = moment(b.Ended.At, s.zone)
	}
	switch b.Ended.By {
	case s.Role:
		s.By = "reader"
	case mentoring.Requester, mentoring.Expert:
		s.By = "other"
	default:
		s.By = "nobody"
	}
	return s
}

// caller is the reader, as the desk knows callers.
func (s *scene) caller() desk.Caller {
	return desk.Caller{ID: s.reader.ID, Email: s.reader.Email, Name: s.Reader}
}

// Days is how many days a time is, for phrases.
func (s *scene) Days(d time.Duration) int { return int(d.Hours() / 24) }

// can reports whether the reader may do something with the booking.
func (s *scene) can(name mentoring.ActionName) bool {
	for _, a := range s.Actions {
		if a.Name == name {
			return true
		}
	}
	return false
}

// inCalendar reports whether there is something to put into a calendar.
func (s *scene) inCalendar() bool { return s.Status == mentoring.Confirmed }

// getBooking shows a booking, and what can be done with it.
func (p *pages) getBooking(w http.ResponseWriter, v *visit) error {
	s, err := p.look(v)
	if err != nil {
		return err
	}
	status := string(s.Status)
	g := page{
		Title: say("manage.title", s), Heading: say("manage."+status+".heading", s),
		Status: say("status."+status, nil), Tone: tones[s.Status],
		Lead:     []string{say("manage."+status, s)},
		Sections: []section{s.theEnd(), s.theSession(), s.thePurpose(), s.theHelp(v.address(""))},
		Small:    []string{say("manage.secret", s), say("manage.id", s)},
	}
	if s.can(mentoring.ActionCancel) {
		g.Lead = append(g.Lead, say("manage.cancellable", s))
	} else if s.Status == mentoring.Confirmed {
		g.Lead = append(g.Lead, say("manage.too_late", s))
	}
	if s.inCalendar() {
		g.Buttons = append(g.Buttons, button{Text: say("manage.calendar", s), Address: v.address("/invite.ics")})
	}
	if s.can(mentoring.ActionSurvey) {
		address, err := p.Links.Survey(v.link.Person, v.link.Booking, v.link.Generation, s.Booking.EndsAt().Add(mentoring.SurveyWindow))
		if err != nil {
			return err
		}
		g.Buttons = append(g.Buttons, button{Text: say("manage.survey", s), Address: address})
	}
	if s.can(mentoring.ActionCancel) {
		g.Buttons = append(g.Buttons, button{Text: say("manage.cancel", s), Address: v.address("/cancel"), Quiet: true})
	}
	return g.show(w, http.StatusOK)
}

var tones = map[mentoring.BookingStatus]tone{
	mentoring.Requested: neutral, mentoring.Waitlisted: neutral, mentoring.Confirmed: good, mentoring.Completed: neutral,
	mentoring.Declined: bad, mentoring.Expired: bad, mentoring.Cancelled: bad,
}

// theSession says what the session is, when and where.
func (s *scene) theSession() section {
	b := s.Booking
	part := section{ID: "session", Heading: say("session", s)}
	part.fact(say("session.title", s), b.Title)
	part.fact(say("session.when", s), s.When)
	if other := zoneOf(b.TimeZone); !sameClock(b.StartsAt, b.EndsAt(), s.zone, other) {
		part.fact(say("session.when.slot", s), period(b.StartsAt, b.EndsAt(), other))
	}
	part.fact(say("session.with", s), s.Other)
	part.fact(say("session.mode", s), say("mode."+string(b.Mode), s))
	if s.inCalendar() {
		place := calendar.Place(s.Role, mentoring.Slot{Meeting: s.Meeting}, b, b.Mode)
		if place == "" {
			place = say("meeting.missing", s)
		}
		part.place(say("meeting."+string(b.Mode), s), place)
	}
	return part
}

// thePurpose says what the requester wants from it. Only the two parties ever see this.
func (s *scene) thePurpose() section {
	b := s.Booking
	part := section{ID: "purpose", Heading: say("purpose."+string(s.Role), s)}
	part.fact(say("purpose.kind", s), say("purpose.kind."+string(b.Purpose.Kind), s))
	part.quote(say("purpose.question", s), b.Purpose.Question)
	part.quote(say("purpose.outcome", s), b.Purpose.DesiredOutcome)
	part.quote(say("purpose.tried", s), b.Purpose.Tried)
	part.quote(say("purpose.context", s), b.Purpose.Context)
	part.quote(say("purpose.bring", s), b.Bring)
	return part
}

// theEnd says what was written when the booking ended.
func (s *scene) theEnd() section {
	part := section{ID: "reason", Heading: say("reason", s)}
	part.quote(say("reason."+s.By, s), s.Booking.Ended.Reason)
	return part
}

package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	netmail "net/mail"
	"time"

	ics "github.com/arran4/golang-ical"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/plaintext"
)

// Encoder writes iCalendar objects. It holds no state and is safe for concurrent use.
type Encoder struct {
	organizer netmail.Address
	domain    string
}

// New makes an encoder whose entries are organized by an address of ours and have UIDs at a domain of ours. Programs
// recognise an entry by its UID, so the domain must never change while entries it named are still to come.
func New(organizer netmail.Address, domain string) (*Encoder, error) {
	switch {
	case !plaintext.IsAddress(organizer.Address):
		return nil, fmt.Errorf("calendar: the address of the organizer, %q, is not a plain one", organizer.Address)
	case !plaintext.IsDotAtom(domain):
		return nil, fmt.Errorf("calendar: %q is not a domain", domain)
	}
	return &Encoder{organizer, domain}, nil
}

// ErrEntry says that an entry cannot be written: its UID is not a dot-atom of RFC 5322 section 3.2.3 of at most 200
// characters, it does not end after it starts, its sequence is not a number of RFC 5545 section 3.3.8, or it has no
// method (in an invitation) or no reader with a plain address. It does not go away by trying again.
var ErrEntry = errors.New("calendar: not usable as an entry")

// Invite writes one entry for one reader, to be made, changed or withdrawn as its method says. The same arguments give
// the same bytes. It returns [ErrEntry].
//
//   - The reader is the only ATTENDEE, so nobody learns from it who else comes. Their PARTSTAT is ACCEPTED,
//     because they said so by booking or publishing, and RSVP is FALSE, because answers are not processed:
//     a calendar program need neither ask nor send one.
//   - ORGANIZER is our own address: an entry can then be changed and withdrawn by us alone.
//   - CLASS is PRIVATE, so that calendars shared with colleagues show the time as taken and no more
//     (product.md section 1, rule 8).
//   - Times are in UTC: no calendar program needs to know any zone.
func (c *Encoder) Invite(e Entry, reader netmail.Address, now time.Time) ([]byte, error) {
	switch {
	case e.Method != mentoring.CalendarRequest && e.Method != mentoring.CalendarCancel:
		return nil, fmt.Errorf("%w: method %q", ErrEntry, e.Method)
	case !plaintext.IsAddress(reader.Address):
		return nil, fmt.Errorf("%w: the reader has no plain address", ErrEntry)
	}
	object := c.object(ics.Method(e.Method))
	event, err := c.event(object, e, now, reader)
	if err != nil {
		return nil, err
	}
	if e.Method == mentoring.CalendarRequest {
		alarm := event.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetTrigger("-PT30M")
		alarm.SetProperty(ics.ComponentPropertyDescription, plaintext.Line(e.Alarm))
	}
	return written(object)
}

// Refresh is how often a program that subscribed to a feed should look again.
const Refresh = time.Hour

// Feed writes all entries of one person, for programs that subscribed to them. The same arguments give the same bytes.
// It returns [ErrEntry].
//
// It names no ATTENDEE (RFC 5546 section 3.2.1): whoever knows the address of the feed learns from it neither whose it is
// nor who comes. It rings no alarms: subscribers choose their own. A feed of nothing is an object without components,
// which RFC 5545 section 3.4 has no word for and which programs take for what it is.
func (c *Encoder) Feed(entries []Entry, now time.Time) ([]byte, error) {
	object := c.object(ics.MethodPublish)
	object.SetName(words.calendar)
	interval := fmt.Sprintf("PT%dM", int(Refresh.Minutes()))
	object.SetRefreshInterval(interval)
	object.SetXPublishedTTL(interval) // the same, for programs older than RFC 7986
	for _, e := range entries {
		if _, err := c.event(object, e, now); err != nil {
			return nil, err
		}
	}
	return written(object)
}

// object is a calendar without entries.
func (c *Encoder) object(method ics.Method) *ics.Calendar {
	object := ics.NewCalendarFor(c.domain)
	object.SetProductId("-//" + c.domain + "//Flash Mentoring//" + language)
	object.SetCalscale("GREGORIAN")
	object.SetMethod(method)
	return object
}

// event adds an entry, with who attends where that is told.
//
// golang-ical lets line breaks and quotes through in parameters and URIs, and writes commas, semicolons,
// colons and apostrophes of a parameter with a backslash, which RFC 5545 section 3.2 does not know.
// (go-ical, which the tests read the result with, does not fold lines.) So everything is cleaned before it
// goes in, and names lose the signs that a parameter cannot hold.
func (c *Encoder) event(object *ics.Calendar, e Entry, now time.Time, attendees ...netmail.Address) (*ics.VEvent, error) {
	switch {
	case !plaintext.IsID(e.UID):
		return nil, fmt.Errorf("%w: UID %q", ErrEntry, e.UID)
	case e.Sequence < 0 || e.Sequence > math.MaxInt32:
		return nil, fmt.Errorf("%w: sequence %d", ErrEntry, e.Sequence)
	case !e.End.After(e.Start):
		return nil, fmt.Errorf("%w: from %v to %v", ErrEntry, e.Start, e.End)
	}
	v := object.AddEvent(e.UID + "@" + c.domain)
	v.SetSequence(int(e.Sequence))
	v.SetDtStampTime(now)
	v.SetStartAt(e.Start)
	v.SetEndAt(e.End)
	v.SetSummary(plaintext.Line(e.Summary))
	if e.Description != "" {
		v.SetDescription(plaintext.Text(e.Description))
		v.SetLocation(plaintext.Line(e.Location))
	}
	if address := plaintext.Link(e.URL); address != "" {
		v.SetURL(address)
	}
	v.SetOrganizer(mailto(c.organizer.Address), ics.WithCN(commonName(c.organizer)))
	for _, a := range attendees {
		v.AddAttendee(mailto(a.Address), ics.WithCN(commonName(a)), ics.CalendarUserTypeIndividual,
			ics.ParticipationRoleReqParticipant, ics.ParticipationStatusAccepted, ics.WithRSVP(false))
	}
	v.SetClass(ics.ClassificationPrivate)
	status, transparency := ics.ObjectStatusConfirmed, ics.TransparencyOpaque
	if e.Method == mentoring.CalendarCancel {
		status, transparency = ics.ObjectStatusCancelled, ics.TransparencyTransparent
	}
	v.SetStatus(status)
	v.SetTimeTransparency(transparency)
	return v, nil
}

func written(object *ics.Calendar) ([]byte, error) {
	var b bytes.Buffer
	err := object.SerializeTo(&b, ics.WithNewLine("\r\n"), ics.WithLineLength(75))
	return b.Bytes(), err
}

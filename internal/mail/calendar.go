package mail

import (
	"cmp"
	netmail "net/mail"
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// invite encodes an event as a calendar object for one reader (RFC 5545, RFC 5546), or nothing for none.
//
//   - The reader is the only ATTENDEE, so nobody learns from it who else comes. Their PARTSTAT is ACCEPTED,
//     because they said so by booking or publishing, and RSVP is FALSE, because answers are not processed:
//     a calendar program need neither ask nor send one.
//   - ORGANIZER is our own address: an entry can then be changed and withdrawn by us alone.
//   - CLASS is PRIVATE, so that calendars shared with colleagues show the time as taken and no more
//     (product.md section 1, rule 8).
//   - Times are in UTC: no calendar program needs to know any zone.
//
// golang-ical lets line breaks and quotes through in parameters and URIs, and writes commas, semicolons,
// colons and apostrophes of a parameter with a backslash, which RFC 5545 section 3.2 does not know.
// (go-ical, which the tests read the result with, does not fold lines.) So everything is cleaned before it
// goes in, and names lose the signs that a parameter cannot hold.
func (c *Composer) invite(e *event, reader netmail.Address, now time.Time) (calendar, error) {
	if e == nil {
		return calendar{}, nil
	}
	object := ics.NewCalendarFor(c.domain)
	object.SetProductId("-//" + c.domain + "//Flash Mentoring//EN")
	object.SetCalscale("GREGORIAN")
	object.SetMethod(e.Method)
	v := object.AddEvent(e.UID + "@" + c.domain)
	v.SetSequence(int(e.Sequence))
	v.SetDtStampTime(now)
	v.SetStartAt(e.Start)
	v.SetEndAt(e.End)
	v.SetSummary(line(e.Summary))
	if e.Description != "" {
		v.SetDescription(text(e.Description))
		v.SetLocation(line(e.Location))
	}
	if address := link(e.URL); address != "" {
		v.SetURL(address)
	}
	v.SetOrganizer(mailto(c.from.Address), ics.WithCN(commonName(c.from)))
	v.AddAttendee(mailto(reader.Address), ics.WithCN(commonName(reader)), ics.CalendarUserTypeIndividual,
		ics.ParticipationRoleReqParticipant, ics.ParticipationStatusAccepted, ics.WithRSVP(false))
	v.SetClass(ics.ClassificationPrivate)
	if e.Method == ics.MethodCancel {
		v.SetStatus(ics.ObjectStatusCancelled)
		v.SetTimeTransparency(ics.TransparencyTransparent)
	} else {
		v.SetStatus(ics.ObjectStatusConfirmed)
		v.SetTimeTransparency(ics.TransparencyOpaque)
		alarm := v.AddAlarm()
		alarm.SetAction(ics.ActionDisplay)
		alarm.SetTrigger("-PT30M")
		alarm.SetProperty(ics.ComponentPropertyDescription, line(e.Alarm))
	}
	var b strings.Builder
	err := object.SerializeTo(&b, ics.WithNewLine("\r\n"), ics.WithLineLength(75))
	return calendar{e.Method, []byte(b.String())}, err
}

// calendar is an encoded calendar object and its method, which MIME must repeat (RFC 6047 section 2.4).
type calendar struct {
	method ics.Method
	object []byte
}

// commonName is what a mailbox is called, as a parameter value: without the signs that end or quote one
// (RFC 5545 section 3.2) and without the circumflex, which RFC 6868 reads as an escape.
func commonName(a netmail.Address) string {
	name := line(parameterSigns.Replace(line(a.Name)))
	return cmp.Or(name, parameterSigns.Replace(a.Address))
}

var parameterSigns = strings.NewReplacer("'", "’", `"`, " ", ",", " ", ";", " ", ":", " ", `\`, " ", "^", " ")

// mailto is the URI of a plain address (RFC 6068 section 2).
func mailto(address string) string { return "mailto:" + mailtoSigns.Replace(address) }

var mailtoSigns = strings.NewReplacer("%", "%25", "&", "%26", "/", "%2F", "=", "%3D", "?", "%3F", "#", "%23",
	"^", "%5E", "`", "%60", "{", "%7B", "|", "%7C", "}", "%7D")

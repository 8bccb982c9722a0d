package mentoring

import "time"

// NoticeKind names a kind of message (product.md section 10).
type NoticeKind string

const BookingConfirmed NoticeKind = "booking_confirmed"

// Role is the side of a booking somebody is on.
type Role string

const (
	Requester Role = "requester"
	Expert    Role = "expert"
)

// Notice is one message to one person, decided and ready to be put into words.
type Notice struct {
	Kind    NoticeKind
	Role    Role   // of the reader
	Reader  Person // to whom it goes
	Other   Party  // the other side
	Slot    Slot
	Booking Booking
	// CalendarUID and CalendarSequence identify the reader's calendar entry and rise with every change to
	// it: a requester's is the booking, an expert's the slot, however many attend (product.md section 6).
	CalendarUID      string
	CalendarSequence int64
	// SharedOrganisation is named where both sides belong to one (product.md section 1, rule 5).
	SharedOrganisation string
}

// NoticesFor decides, from the state as it is now, who is told of an event. Nothing is told that is no
// longer true, so the answer may be empty.
func NoticesFor(e Event, state SlotState, b Booking, requester, expert Person, now time.Time) []Notice {
	if e.Kind != BookingMade || b.StatusAt(now) != Confirmed {
		return nil
	}
	shared := ""
	if AffiliationOf(requester.Organisation, expert.Organisation) == SameOrganisation {
		shared = expert.Organisation
	}
	notice := Notice{Kind: BookingConfirmed, Slot: state.Slot, Booking: b, SharedOrganisation: shared}
	toRequester, toExpert := notice, notice
	toRequester.Role, toRequester.Reader, toRequester.Other = Requester, requester, b.Expert
	toRequester.CalendarUID, toRequester.CalendarSequence = string(b.ID), b.Version
	toExpert.Role, toExpert.Reader, toExpert.Other = Expert, expert, b.Requester
	toExpert.CalendarUID, toExpert.CalendarSequence = string(state.Slot.ID), state.Revision()
	return []Notice{toRequester, toExpert}
}

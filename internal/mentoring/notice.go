package mentoring

import (
	"slices"
	"time"
)

// NoticeKind names a kind of message (product.md section 10).
type NoticeKind string

const (
	BookingConfirmed NoticeKind = "booking_confirmed"
	BookingCancelled NoticeKind = "booking_cancelled"
)

// Role is the side of a booking somebody is on.
type Role string

const (
	Requester Role = "requester"
	Expert    Role = "expert"
)

// Notice is one message to one person, decided and ready to be put into words.
type Notice struct {
	Kind     NoticeKind
	Role     Role   // of the reader
	Reader   Person // to whom it goes
	Other    Party  // the other side
	Slot     Slot
	Booking  Booking
	Calendar Calendar
	// SharedOrganisation is named where both sides belong to one (product.md section 1, rule 5).
	SharedOrganisation string
}

// Calendar says what a message does to the reader's calendar entry. A requester's entry is the booking, an expert's the
// slot, however many attend; Sequence rises with every change to it (product.md section 6).
type Calendar struct {
	Method   CalendarMethod
	UID      string
	Sequence int64
}

// CalendarMethod is what becomes of the entry (RFC 5546 section 1.4).
type CalendarMethod string

const (
	CalendarRequest CalendarMethod = "REQUEST" // it is made, or brought up to date
	CalendarCancel  CalendarMethod = "CANCEL"  // it goes
	CalendarNone    CalendarMethod = ""        // it stays as it is
)

// NoticesFor decides, from the state as it is now, who is told of an event. Nothing is told that is no
// longer true, nor anything to somebody without a profile, so the answer may be empty.
func NoticesFor(e Event, state SlotState, b Booking, requester, expert Person, now time.Time) []Notice {
	both := noticesFor(e, state, b, requester, expert, now)
	return slices.DeleteFunc(both, func(n Notice) bool { return !n.Reader.Enrolled() })
}

func noticesFor(e Event, state SlotState, b Booking, requester, expert Person, now time.Time) []Notice {
	notice := Notice{Slot: state.Slot, Booking: b}
	if AffiliationOf(requester.Organisation, expert.Organisation) == SameOrganisation {
		notice.SharedOrganisation = expert.Organisation
	}
	toRequester, toExpert := notice.to(Requester, requester, b.Expert), notice.to(Expert, expert, b.Requester)
	toRequester.Calendar = Calendar{UID: string(b.ID), Sequence: b.Version}
	toExpert.Calendar = Calendar{UID: string(state.Slot.ID), Sequence: state.Revision()}
	switch status := b.StatusAt(now); {
	case e.Kind == BookingMade && status == Confirmed:
		return []Notice{toRequester.of(BookingConfirmed, CalendarRequest), toExpert.of(BookingConfirmed, CalendarRequest)}
	case e.Kind == BookingEnded && status == Cancelled:
		hosting := CalendarNone // for those who still come
		if state.Taken() == 0 {
			hosting = CalendarCancel
		}
		return []Notice{toRequester.of(BookingCancelled, CalendarCancel), toExpert.of(BookingCancelled, hosting)}
	}
	return nil
}

func (n Notice) to(role Role, reader Person, other Party) Notice {
	n.Role, n.Reader, n.Other = role, reader, other
	return n
}

func (n Notice) of(kind NoticeKind, method CalendarMethod) Notice {
	n.Kind, n.Calendar.Method = kind, method
	return n
}

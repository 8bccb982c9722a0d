package mentoring

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

// NoticeKind names a kind of message (product.md section 10).
type NoticeKind string

const (
	BookingConfirmed   NoticeKind = "booking_confirmed" // both: there is a seat, and the calendar entry
	BookingRequested   NoticeKind = "booking_requested" // both: the expert is asked, until Booking.ExpiresAt
	BookingDeclined    NoticeKind = "booking_declined"  // both: the expert said no; why is in Booking.Ended
	RequestExpiring    NoticeKind = "request_expiring"  // expert: the request runs out soon
	RequestExpired     NoticeKind = "request_expired"   // a request ran out (both), or a wait (requester): see Booking.Ended.Cause
	BookingWaiting     NoticeKind = "waitlisted"        // requester: on the waiting list
	WaitlistPromoted   NoticeKind = "waitlist_promoted" // requester: has a seat, or a request for one, as Booking.Status says
	MovedNotice        NoticeKind = "booking_moved"     // both: another slot; the expert of the slot that was left, too (Left)
	BookingCancelled   NoticeKind = "booking_cancelled" // both: see Booking.Ended; expert alone, without Booking: their whole slot
	SlotChangedNotice  NoticeKind = "slot_changed"      // those with a seat or a request, and the expert (without Booking)
	ConflictFound      NoticeKind = "conflict_found"    // requester: may leave, without saying why it is one
	SlotUnfilledNotice NoticeKind = "slot_unfilled"     // expert (without Booking): bookings are over, with too few or nobody
	StrikeGiven        NoticeKind = "strike"            // whoever cancelled late or did not come
	Reminder24h        NoticeKind = "reminder_24h"      // both
	Reminder1h         NoticeKind = "reminder_1h"       // both

	SurveyPulse          NoticeKind = "survey_pulse"    // requester; expert (without Booking, about each of Bookings)
	SurveyReminderNotice NoticeKind = "survey_reminder" // like survey_pulse, once, to whoever has not answered
	NotHeld              NoticeKind = "not_held"        // both: somebody says that the session did not take place
	NoteForExpert        NoticeKind = "note_to_expert"  // expert: what the requester wrote (Note)
	InTouchNotice        NoticeKind = "stay_in_touch"   // both: the other's address (Contact)
	ActionDue            NoticeKind = "action_due"      // requester: what they set out to do (Task)
	SurveyOutcome        NoticeKind = "survey_outcome"  // requester: what became of it
	SessionClosed        NoticeKind = "session_closed"  // both: debriefed; requester alone: closed by time
)

// Role is the side of a booking somebody is on.
type Role string

const (
	Requester Role = "requester"
	Expert    Role = "expert"
	// System is nobody's side: what time or a rule does.
	System Role = "system"
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
	// Was is when the session began before it was moved, zero where that did not change.
	Was time.Time
	// Left is for the expert of the slot that a booking was moved away from: Slot is that one.
	Left bool
	// Strikes is how many the reader has, for [StrikeGiven], and CooldownUntil until when that keeps them from booking
	// and publishing, if it does.
	Strikes       int
	CooldownUntil time.Time
	// Bookings are those the expert of a session is asked about, for [SurveyPulse] and [SurveyReminderNotice].
	Bookings []Booking
	// Papers are what the reader may see of what was written about the booking, for [SurveyOutcome] and [SessionClosed].
	Papers  Papers
	Note    string // for [NoteForExpert]
	Contact string // for [InTouchNotice]: the other's address
	Task    Task   // for [ActionDue]
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

// Name names the message among all about its booking, or about its slot where it is about no booking: its kind, the version
// of what it tells of, as its reader may know it, and its reader. A message of the same name tells the same.
func (n Notice) Name() string {
	left := ""
	if n.Left {
		left = "#left"
	}
	return fmt.Sprintf("%s#%s#%s%s", n.Kind, n.edition(), n.Reader.ID, left)
}

// edition tells messages of one kind about one booking apart: by the version of what they tell of, unless there is only
// one of them, whatever else changes.
func (n Notice) edition() string {
	switch n.Kind {
	case Reminder24h, Reminder1h: // one for each time of the session
		return strconv.FormatInt(n.Slot.StartsAt.Unix(), 10)
	case NotHeld:
		return string(n.Booking.After.Attendance.Result())
	case ActionDue:
		return string(n.Task.ID) + "#" + string(n.Task.DueOn)
	case SurveyPulse, SurveyReminderNotice, NoteForExpert, InTouchNotice, SurveyOutcome, SessionClosed:
		return "once"
	}
	if n.Booking.ID == "" {
		return strconv.FormatInt(n.Slot.Version, 10)
	}
	version := strconv.FormatInt(n.Booking.VersionFor(n.Role), 10)
	if moved := n.Booking.TimesMoved(); n.Role == Expert && moved > 0 { // each expert's version begins anew, also of one it comes back to
		return strconv.FormatInt(moved, 10) + "." + version
	}
	return version
}

// News is an event, and the state it is told of as that is by now.
type News struct {
	Event    Event
	State    SlotState
	Left     SlotState // of the slot a booking left, for [BookingMoved]
	Bookings []Booking // those the event names
	People   map[PersonID]Viewer
	Papers   map[BookingID]Papers // of those bookings, where the event is about what was written
}

// NoticesFor decides, from the state as it is now, who is told of an event. Nothing is told that is no
// longer true, nor anything to somebody without a profile, so the answer may be empty.
func NoticesFor(n News, p Policy, now time.Time) []Notice {
	var all []Notice
	for _, b := range n.Bookings {
		all = append(all, n.ofBooking(b, now)...)
	}
	all = append(all, n.ofSlot(p, now)...)
	return slices.DeleteFunc(all, func(n Notice) bool { return !n.wanted() })
}

// wanted reports whether the reader has a profile, and has not said that such mail should not come (product.md section 10).
func (n Notice) wanted() bool {
	return n.Reader.Enrolled() && (n.Kind.Transactional() || n.Reader.Profile.SurveyMails)
}

// ofBooking are the notices about one booking.
func (n News) ofBooking(b Booking, now time.Time) []Notice {
	requester, expert := n.notice(b, Requester), n.notice(b, Expert)
	status := b.StatusAt(now)
	if b.Slot != n.State.Slot.ID { // it is in another slot by now, which another event tells of
		return n.ofLeaving(b)
	}
	switch n.Event.Kind {
	case BookingMade:
		if status != Waitlisted && b.beganWaiting() {
			return nil // the seat they were given since is told of by itself
		}
		switch status {
		case Confirmed:
			return []Notice{requester.of(BookingConfirmed, CalendarRequest), expert.of(BookingConfirmed, CalendarRequest)}
		case Requested:
			return []Notice{requester.of(BookingRequested, CalendarNone), expert.of(BookingRequested, CalendarNone)}
		case Waitlisted:
			return []Notice{requester.of(BookingWaiting, CalendarNone)}
		}
	case BookingPromoted:
		switch status {
		case Confirmed:
			return []Notice{requester.of(WaitlistPromoted, CalendarRequest), expert.of(BookingConfirmed, CalendarRequest)}
		case Requested:
			return []Notice{requester.of(WaitlistPromoted, CalendarNone), expert.of(BookingRequested, CalendarNone)}
		}
	case BookingApproved:
		if status == Confirmed {
			return []Notice{requester.of(BookingConfirmed, CalendarRequest), expert.of(BookingConfirmed, CalendarRequest)}
		}
	case BookingMoved:
		return append(n.ofMove(b, status, requester, expert), n.ofLeaving(b)...)
	case BookingEnded, SlotEnded, SlotUnfilled:
		return n.ofEnding(b, status, requester, expert)
	case DayBefore:
		return n.ofReminder(b, Reminder24h, dayBefore, now)
	case HourBefore:
		return n.ofReminder(b, Reminder1h, hourBefore, now)
	case RequestExpiresSoon:
		if status == Requested {
			return []Notice{expert.of(RequestExpiring, CalendarNone)}
		}
	case BookingConflicted:
		if b.Live(now) && b.ConflictKnown {
			return []Notice{requester.of(ConflictFound, CalendarNone)}
		}
	case SlotChanged:
		switch requester.Was = n.Event.Was; status {
		case Confirmed:
			return []Notice{requester.of(SlotChangedNotice, CalendarRequest)}
		case Requested:
			return []Notice{requester.of(SlotChangedNotice, CalendarNone)}
		}
	}
	return n.ofSession(b, now)
}

// ofMove tells the requester and the expert of the slot that a booking is in now.
func (n News) ofMove(b Booking, status BookingStatus, requester, expert Notice) []Notice {
	requester.Was, expert.Was = n.Event.Was, n.Event.Was
	switch {
	case status == Confirmed:
		return []Notice{requester.of(MovedNotice, CalendarRequest), expert.of(MovedNotice, CalendarRequest)}
	case status == Requested && b.everConfirmed(): // the entry comes back with the expert's yes
		return []Notice{requester.of(MovedNotice, CalendarCancel), expert.of(BookingRequested, CalendarNone)}
	case status == Requested:
		return []Notice{requester.of(MovedNotice, CalendarNone), expert.of(BookingRequested, CalendarNone)}
	}
	return nil
}

// ofLeaving tells the expert of the slot that a booking left, if they knew of it.
func (n News) ofLeaving(b Booking) []Notice {
	was := b.statusIn(n.Event.From)
	if n.Event.Kind != BookingMoved || b.Slot == n.Event.From || was != Confirmed && was != Requested {
		return nil
	}
	there := n
	there.State = n.Left
	expert := there.notice(b.of(n.Left.Slot), Expert) // where the booking is now is not theirs to know
	expert.Reader, expert.Left, expert.Was = n.People[n.Left.Slot.Host.ID].Person, true, n.Event.Was
	return []Notice{expert.of(MovedNotice, there.entryGoes(was))}
}

// ofEnding tells both sides that a booking ended: the expert only if they knew of it, and did not end it with the whole
// slot, of which they are told once.
func (n News) ofEnding(b Booking, status BookingStatus, requester, expert Notice) []Notice {
	kind, was := endings[status], b.statusBefore()
	if kind == "" {
		return nil
	}
	gone := CalendarNone
	if b.everConfirmed() {
		gone = CalendarCancel
	}
	told := []Notice{requester.of(kind, gone)}
	if n.Event.Kind == BookingEnded && was != Waitlisted {
		told = append(told, expert.of(kind, n.entryGoes(was)))
	}
	return told
}

var endings = map[BookingStatus]NoticeKind{Cancelled: BookingCancelled, Declined: BookingDeclined, Expired: RequestExpired}

// entryGoes is what becomes of the expert's calendar entry when a booking of that status is no more: it goes with the last
// confirmed one.
func (n News) entryGoes(was BookingStatus) CalendarMethod {
	if was == Confirmed && n.State.Confirmed() == 0 {
		return CalendarCancel
	}
	return CalendarNone
}

// ofSlot are the notices about the slot as a whole, to its expert, and about a person.
func (n News) ofSlot(p Policy, now time.Time) []Notice {
	expert := n.notice(Booking{}, Expert)
	switch n.Event.Kind {
	case SlotChanged:
		if expert.Was = n.Event.Was; n.State.Confirmed() > 0 && len(n.Event.Bookings) > 0 {
			return []Notice{expert.of(SlotChangedNotice, CalendarRequest)}
		}
	case SlotEnded:
		if n.State.Slot.Status == SlotCancelled && len(n.Bookings) > 0 {
			return []Notice{expert.of(BookingCancelled, n.lastGoes())}
		}
	case SlotUnfilled:
		if now.Before(n.State.Slot.EndsAt()) && n.State.Taken() == 0 {
			return []Notice{expert.of(SlotUnfilledNotice, n.lastGoes())}
		}
	case DayBefore:
		return n.remindExpert(Reminder24h, dayBefore, now)
	case HourBefore:
		return n.remindExpert(Reminder1h, hourBefore, now)
	case StrikeCounted:
		return n.ofStrike(p, now)
	case SessionEnded:
		return n.askExpert(SurveyPulse, now)
	case SurveyReminderDue:
		return n.askExpert(SurveyReminderNotice, now)
	}
	return nil
}

// lastGoes is what becomes of the expert's entry when the slot is called off: it goes, if there was one.
func (n News) lastGoes() CalendarMethod {
	if slices.ContainsFunc(n.Bookings, func(b Booking) bool { return b.statusBefore() == Confirmed }) {
		return CalendarCancel
	}
	return CalendarNone
}

// ofStrike tells a person of their strikes, while any counts.
func (n News) ofStrike(p Policy, now time.Time) []Notice {
	who := n.People[n.Event.Person]
	notice := n.notice(Booking{}, Expert)
	if len(n.Bookings) > 0 {
		role, _ := n.Bookings[0].RoleOf(n.Event.Person)
		notice = n.notice(n.Bookings[0], role)
	}
	notice.Reader = who.Person
	notice.Strikes, notice.CooldownUntil = len(who.Agenda.StrikesAt(p, now)), who.Agenda.CooldownUntil(p, now)
	if notice.Strikes == 0 {
		return nil
	}
	return []Notice{notice.of(StrikeGiven, CalendarNone)}
}

// notice is one to a side of a booking, or to the expert about their slot where there is none.
func (n News) notice(b Booking, role Role) Notice {
	host := n.State.Slot.Host
	requester, expert := n.People[b.Requester.ID].Person, n.People[host.ID].Person
	notice := Notice{Role: role, Slot: n.State.Slot, Booking: b}
	if b.ID != "" && AffiliationOf(requester.Organisation, expert.Organisation) == SameOrganisation {
		notice.SharedOrganisation = expert.Organisation
	}
	if role == Requester {
		notice.Reader, notice.Other = requester, Party{host.ID, host.Name}
		notice.Calendar = Calendar{UID: string(b.ID), Sequence: b.VersionFor(Requester)}
	} else {
		notice.Reader, notice.Other = expert, b.Requester
		notice.Calendar = Calendar{UID: string(n.State.Slot.ID), Sequence: n.State.Revision()}
	}
	return notice
}

func (n Notice) of(kind NoticeKind, method CalendarMethod) Notice {
	n.Kind, n.Calendar.Method = kind, method
	return n
}

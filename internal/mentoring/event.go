package mentoring

import "time"

// EventKind names something that happened and that others must be told, or that a projection must follow.
type EventKind string

const (
	// BookingMade: somebody took a seat, asked for one, or joined the waiting list.
	BookingMade EventKind = "booking_made"
	// BookingPromoted: a waiter was given a seat.
	BookingPromoted EventKind = "booking_promoted"
	// BookingApproved: the expert said yes.
	BookingApproved EventKind = "booking_approved"
	// BookingMoved: a booking has another slot; From is the one it left.
	BookingMoved EventKind = "booking_moved"
	// BookingEnded: bookings were declined or cancelled, or ran out. Their seats are free again, or taken by those who waited.
	BookingEnded EventKind = "booking_ended"
	// BookingConflicted: the two of a booking turned out to have a conflict of interest.
	BookingConflicted EventKind = "booking_conflicted"
	// SlotChanged: the expert changed what those who come must know.
	SlotChanged EventKind = "slot_changed"
	// SlotEnded: the slot takes no more bookings, or is cancelled with those it has.
	SlotEnded EventKind = "slot_ended"
	// DayBefore and HourBefore: the session begins in so long.
	DayBefore  EventKind = "day_before"
	HourBefore EventKind = "hour_before"
	// RequestExpiresSoon: the expert has not answered yet.
	RequestExpiresSoon EventKind = "request_expires_soon"
	// SlotUnfilled: bookings are over, and too few came for the session to take place, or nobody.
	SlotUnfilled EventKind = "slot_unfilled"
	// StrikeCounted: somebody let others down at short notice.
	StrikeCounted EventKind = "strike_counted"
	// SessionEnded: the session's time is over, and those who were booked are asked how it was.
	SessionEnded EventKind = "session_ended"
	// SurveyReminderDue: some of them may not have answered yet.
	SurveyReminderDue EventKind = "survey_reminder_due"
	// OutcomeDue: it is time to ask the requesters what became of it.
	OutcomeDue EventKind = "outcome_due"
	// SurveyAnswered: one side of a booking answered a survey, or changed an answer.
	SurveyAnswered EventKind = "survey_answered"
	// AttendanceSaid: one side said who came, or took that back.
	AttendanceSaid EventKind = "attendance_said"
	// SurveysClosed: surveys can no longer be answered, and what nobody closed closed by itself.
	SurveysClosed EventKind = "surveys_closed"
	// BookingDebriefed: the requester closed a booking.
	BookingDebriefed EventKind = "booking_debriefed"
	// TasksChanged: what a requester sets out to do changed.
	TasksChanged EventKind = "tasks_changed"
	// TaskDue: the day has come for which a requester set out to do something.
	TaskDue EventKind = "task_due"
	// PersonChanged: something changed that a person's slots and bookings rest on: name, organisation, pause, conflicts,
	// cap or managers. They follow.
	PersonChanged EventKind = "person_changed"
	// PersonErased: somebody left the programme, and what lies ahead of them is to be cancelled.
	PersonErased EventKind = "person_erased"
	// PersonForgotten: those concerned know, and the name and the words go from what others hold.
	PersonForgotten EventKind = "person_forgotten"
	// PersonArrived: somebody has come to have an address that an import named, or awaits as their manager whoever will have
	// one. They and those they belong to meet.
	PersonArrived EventKind = "person_arrived"
)

// Event is what a commit leaves in the outbox, in the same transaction as the change it tells of. It
// names things and carries no contents: whoever handles it looks at the state as it is by then.
type Event struct {
	Kind     EventKind   `json:"kind"`
	At       time.Time   `json:"at"` // when it happened; one that is still to come is not looked at before
	Slot     SlotID      `json:"slot,omitzero"`
	From     SlotID      `json:"from,omitzero"` // the slot a booking left
	Bookings []BookingID `json:"bookings,omitzero"`
	Person   PersonID    `json:"person,omitzero"`
	// Hops is how many managers the news of [PersonChanged] came down through. It goes no further than a chain can be long,
	// so that it ends even in a cycle.
	Hops int `json:"hops,omitzero"`
	// Was is when the session was before [SlotChanged] and [BookingMoved], where that changed.
	Was time.Time `json:"was,omitzero"`
	// Task and Day say what is due, for [TaskDue].
	Task TaskID `json:"task,omitzero"`
	Day  Day    `json:"day,omitzero"`
}

// OfPapers reports whether who is told of such an event, and what, depends on what was written about the bookings.
func (k EventKind) OfPapers() bool {
	switch k {
	case OutcomeDue, SurveyAnswered, SurveysClosed, BookingDebriefed, TaskDue:
		return true
	}
	return false
}

// Counted reports whether such an event may change what the programme's report counts.
func (k EventKind) Counted() bool {
	switch k {
	case BookingEnded, SlotEnded, SlotUnfilled, SessionEnded, SurveyAnswered, AttendanceSaid, SurveysClosed, BookingDebriefed, TasksChanged:
		return true
	}
	return false
}

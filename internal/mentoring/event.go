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
	// PersonChanged: something changed that a person's slots and bookings rest on: name, organisation, pause, conflicts,
	// cap or managers. They follow.
	PersonChanged EventKind = "person_changed"
)

// Event is what a commit leaves in the outbox, in the same transaction as the change it tells of. It
// names things and carries no contents: whoever handles it looks at the state as it is by then.
type Event struct {
	Kind     EventKind   `json:"kind"`
	At       time.Time   `json:"at"`
	Slot     SlotID      `json:"slot,omitzero"`
	From     SlotID      `json:"from,omitzero"` // the slot a booking left
	Bookings []BookingID `json:"bookings,omitzero"`
	Person   PersonID    `json:"person,omitzero"`
	// Hops is how many managers the news of [PersonChanged] came down through. It goes no further than a chain can be long,
	// so that it ends even in a cycle.
	Hops int `json:"hops,omitzero"`
	// Was is when the session was before [SlotChanged] and [BookingMoved], where that changed.
	Was time.Time `json:"was,omitzero"`
}

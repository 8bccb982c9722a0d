package mentoring

import "time"

// EventKind names something that happened and that others must be told, or that a projection must follow.
type EventKind string

const (
	// BookingMade: somebody took a seat.
	BookingMade EventKind = "booking_made"
	// BookingEnded: somebody cancelled, and their seat is free again.
	BookingEnded EventKind = "booking_ended"
	// PersonChanged: an expert's name, organisation, pause or conflicts changed; their slots follow.
	PersonChanged EventKind = "person_changed"
)

// Event is what a commit leaves in the outbox, in the same transaction as the change it tells of. It
// names things and carries no contents: whoever handles it looks at the state as it is by then.
type Event struct {
	Kind    EventKind `json:"kind"`
	At      time.Time `json:"at"`
	Slot    SlotID    `json:"slot,omitzero"`
	Booking BookingID `json:"booking,omitzero"`
	Person  PersonID  `json:"person,omitzero"`
}

package desk

import (
	"errors"
	"time"

	"flashmentoring/internal/mentoring"
)

// SlotView is a slot as one caller may see it. It is also what an idempotency record keeps, hence the tags.
type SlotView struct {
	// Slot has its Meeting only where the caller may see it, and its version here beside it.
	Slot        mentoring.Slot        `json:"slot"`
	Version     int64                 `json:"version"`
	Taken       int                   `json:"taken"`
	Waiting     int                   `json:"waiting,omitzero"`
	Status      mentoring.SlotStatus  `json:"status"`
	Affiliation mentoring.Affiliation `json:"affiliation"`
	// NotBookable is why the caller cannot book it; empty where they can.
	NotBookable mentoring.Code     `json:"notBookable,omitzero"`
	Actions     []mentoring.Action `json:"actions,omitzero"`
}

func (d *Desk) viewSlot(s mentoring.Slot, o mentoring.Occupancy, v mentoring.Viewer, now time.Time) SlotView {
	taken := s.Capacity - o.Free
	view := SlotView{
		Slot: s, Version: s.VersionShown(), Taken: taken, Waiting: o.Waiting, Status: s.StatusAt(now, taken),
		Affiliation: v.Person.AffiliationTo(s.Host),
		Actions:     mentoring.SlotActions(s, o, v, d.Policy, now),
	}
	var refused *mentoring.Error
	if errors.As(mentoring.Bookable(s, o, v, d.Policy, now), &refused) {
		view.NotBookable = refused.Code
	}
	view.Slot.Version, view.Slot.Unseen = 0, 0
	if s.Host.ID != v.Person.ID && !v.Agenda.Attends(s.ID) {
		view.Slot.Meeting = mentoring.Meeting{}
	}
	return view
}

// BookingView is a booking as one of its two parties sees it. It is also what an idempotency record keeps.
type BookingView struct {
	// Booking has its version here beside it, as the party may know it, and no history: that is asked for by itself.
	Booking mentoring.Booking       `json:"booking"`
	Version int64                   `json:"version"`
	Status  mentoring.BookingStatus `json:"status"`
	Closure mentoring.Closure       `json:"closure,omitzero"` // of one that is completed
	// Meeting is known where a single confirmed booking is read, and empty in lists.
	Meeting mentoring.Meeting `json:"meeting,omitzero"`
	// Actions are what the caller may do with it.
	Actions []mentoring.Action `json:"actions,omitzero"`
	// Moved is how often it was moved.
	Moved int64 `json:"moved,omitzero"`
}

func viewBooking(b mentoring.Booking, m mentoring.Meeting, c Caller, now time.Time) BookingView {
	role, party := b.RoleOf(c.ID)
	view := BookingView{Booking: b, Version: b.VersionFor(role), Status: b.StatusAt(now), Closure: b.ClosureAt(now), Moved: b.TimesMoved()}
	view.Booking.Version, view.Booking.Unseen, view.Booking.History, view.Booking.Ended = 0, mentoring.Unseen{}, nil, b.EndingAt(now)
	if !b.Live(now) {
		view.Booking.ExpiresAt = time.Time{}
	}
	if role == mentoring.Expert || view.Status == mentoring.Confirmed || view.Status == mentoring.Completed {
		view.Meeting = m
	}
	if party {
		view.Actions = b.Actions(role, now)
	}
	return view
}

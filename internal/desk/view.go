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
	Status      mentoring.SlotStatus  `json:"status"`
	Affiliation mentoring.Affiliation `json:"affiliation"`
	// NotBookable is why the caller cannot book it; empty where they can.
	NotBookable mentoring.Code     `json:"notBookable,omitzero"`
	Actions     []mentoring.Action `json:"actions,omitzero"`
}

func (d *Desk) viewSlot(s mentoring.Slot, taken int, v mentoring.Viewer, now time.Time) SlotView {
	view := SlotView{
		Slot: s, Version: s.Version, Taken: taken, Status: s.StatusAt(now, taken),
		Affiliation: mentoring.AffiliationOf(v.Person.Organisation, s.Host.Organisation),
		Actions:     mentoring.SlotActions(s, s.Capacity-taken, v, d.Policy, now),
	}
	var refused *mentoring.Error
	if errors.As(mentoring.Bookable(s, s.Capacity-taken, v, d.Policy, now), &refused) {
		view.NotBookable = refused.Code
	}
	view.Slot.Version = 0
	if s.Host.ID != v.Person.ID && v.Agenda.In(s.ID) == nil {
		view.Slot.Meeting = mentoring.Meeting{}
	}
	return view
}

// BookingView is a booking as one of its two parties sees it. It is also what an idempotency record keeps.
type BookingView struct {
	// Booking has its version here beside it.
	Booking mentoring.Booking       `json:"booking"`
	Version int64                   `json:"version"`
	Status  mentoring.BookingStatus `json:"status"`
	// Meeting is known where a single confirmed booking is read, and empty in lists.
	Meeting mentoring.Meeting `json:"meeting,omitzero"`
	// Actions are what the caller may do with it.
	Actions []mentoring.Action `json:"actions,omitzero"`
}

func viewBooking(b mentoring.Booking, m mentoring.Meeting, c Caller, now time.Time) BookingView {
	view := BookingView{Booking: b, Version: b.Version, Status: b.StatusAt(now)}
	view.Booking.Version = 0
	if view.Status != mentoring.Cancelled {
		view.Meeting = m
	}
	if role, ok := b.RoleOf(c.ID); ok {
		view.Actions = b.Actions(role, now)
	}
	return view
}

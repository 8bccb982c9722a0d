package mentoring

import (
	"slices"
	"time"
)

// Agenda is all a person has in hand: the sessions they host, those they attend, and those they asked for. It is one
// record, so every rule about a person's time and number of sessions is decided on it and holds because it is
// written at the version it was read at: two bookings of one person at the same moment meet here. Whatever else a
// booking rests on (blocks, conflicts, managers, suspension) writes the agenda too when it changes, so that no booking
// outlives it.
type Agenda struct {
	Engagements []Engagement `json:"engagements"`      // by start
	Apart       []Apart      `json:"apart,omitzero"`   // people for whom this person does not exist, and the other way round
	Strikes     []Strike     `json:"strikes,omitzero"` // oldest first
	Version     int64        `json:"-"`
}

// Engagement is one session in an agenda. Its times are half open: a session may begin when another ends.
type Engagement struct {
	Slot    SlotID    `json:"slot"`
	Booking BookingID `json:"booking,omitzero"` // empty: the person hosts it
	With    PersonID  `json:"with,omitzero"`    // the expert, where the person attends
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
	// Status is that of the booking: confirmed, requested or waitlisted; empty where the person hosts.
	Status BookingStatus `json:"status,omitzero"`
	// Until is when a request or a wait ends by itself.
	Until time.Time `json:"until,omitzero"`
}

// hosting is the expert's engagement in a slot.
func (s Slot) hosting() Engagement { return Engagement{Slot: s.ID, Start: s.StartsAt, End: s.EndsAt()} }

// engagement is the requester's, in a booking that is alive.
func (b Booking) engagement() Engagement {
	return Engagement{
		Slot: b.Slot, Booking: b.ID, With: b.Expert.ID, Start: b.StartsAt, End: b.EndsAt(), Status: b.Status, Until: b.ExpiresAt,
	}
}

// over reports whether the engagement is none any more: its session is over, or it was a request or wait that ran out.
func (e Engagement) over(now time.Time) bool {
	return !e.End.After(now) || !e.Until.IsZero() && !e.Until.After(now)
}

// holdsTime reports whether the person cannot be elsewhere. Who only waits can.
func (e Engagement) holdsTime() bool { return e.Status != Waitlisted }

// From is the agenda without what is over at now.
func (a Agenda) From(now time.Time) Agenda {
	a.Engagements = slices.DeleteFunc(slices.Clone(a.Engagements), func(e Engagement) bool { return e.over(now) })
	return a
}

// Overlapping is the first engagement that takes time between start and end, or nil.
func (a Agenda) Overlapping(start, end time.Time) *Engagement {
	return a.find(func(e Engagement) bool { return e.holdsTime() && e.Start.Before(end) && start.Before(e.End) })
}

// In is the person's engagement in a slot, hosting, attending or asking, or nil.
func (a Agenda) In(slot SlotID) *Engagement {
	return a.find(func(e Engagement) bool { return e.Slot == slot })
}

// Attends reports whether the person has a confirmed seat in the slot.
func (a Agenda) Attends(slot SlotID) bool {
	in := a.In(slot)
	return in != nil && in.Status == Confirmed
}

// With reports whether the person attends, or asks for, a session of an expert.
func (a Agenda) With(expert PersonID) bool {
	return a.find(func(e Engagement) bool { return e.Booking != "" && e.With == expert }) != nil
}

// names reports whether a booking is in the agenda.
func (a Agenda) names(b BookingID) bool {
	return a.find(func(e Engagement) bool { return e.Booking == b }) != nil
}

func (a Agenda) find(match func(Engagement) bool) *Engagement {
	if i := slices.IndexFunc(a.Engagements, match); i >= 0 {
		return &a.Engagements[i]
	}
	return nil
}

func (a Agenda) count(match func(Engagement) bool) int {
	n := 0
	for _, e := range a.Engagements {
		if match(e) {
			n++
		}
	}
	return n
}

func (a Agenda) hosted() int { return a.count(func(e Engagement) bool { return e.Booking == "" }) }

func (a Agenda) confirmed() int {
	return a.count(func(e Engagement) bool { return e.Status == Confirmed })
}

// asks are requests and waits that nobody has answered yet.
func (a Agenda) asks() int {
	return a.count(func(e Engagement) bool { return e.Status == Requested || e.Status == Waitlisted })
}

// seatsWith are seats with one expert, confirmed or requested.
func (a Agenda) seatsWith(expert PersonID) int {
	return a.count(func(e Engagement) bool { return e.Booking != "" && e.With == expert && e.holdsTime() })
}

// Hosted are the slots the person hosts.
func (a Agenda) Hosted() (ids []SlotID) {
	for _, e := range a.Engagements {
		if e.Booking == "" {
			ids = append(ids, e.Slot)
		}
	}
	return ids
}

// with is the agenda and one engagement more, in its place.
func (a Agenda) with(e Engagement) Agenda {
	at := slices.IndexFunc(a.Engagements, func(other Engagement) bool { return e.Start.Before(other.Start) })
	if at < 0 {
		at = len(a.Engagements)
	}
	a.Engagements = slices.Insert(slices.Clone(a.Engagements), at, e)
	return a
}

// without is the agenda and the booking's engagement no longer in it.
func (a Agenda) without(b BookingID) Agenda {
	a.Engagements = slices.DeleteFunc(slices.Clone(a.Engagements), func(e Engagement) bool { return e.Booking == b })
	return a
}

// withoutHosted is the agenda and the slot no longer hosted in it.
func (a Agenda) withoutHosted(s SlotID) Agenda {
	a.Engagements = slices.DeleteFunc(slices.Clone(a.Engagements), func(e Engagement) bool { return e.Slot == s && e.Booking == "" })
	return a
}

// overlap is the refusal for time that is already given away, naming the person's own session.
func overlap(in *Engagement) *Error {
	err := refuse(OverlappingSession, "You have another session at that time: see slotId or bookingId.")
	err.Slot, err.Booking = in.Slot, in.Booking
	return err
}

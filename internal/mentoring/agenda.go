package mentoring

import (
	"slices"
	"time"
)

// Agenda is all a person has in hand: the sessions they host and those they attend. It is one record, so
// every rule about a person's time and number of sessions is decided on it and holds because it is
// written at the version it was read at: two bookings of one person at the same moment meet here.
type Agenda struct {
	Engagements []Engagement `json:"engagements"` // by start
	Version     int64        `json:"-"`
}

// Engagement is one session in an agenda. Its times are half open: a session may begin when another ends.
type Engagement struct {
	Slot    SlotID    `json:"slot"`
	Booking BookingID `json:"booking,omitzero"` // empty: the person hosts it
	With    PersonID  `json:"with,omitzero"`    // the expert, where the person attends
	Start   time.Time `json:"start"`
	End     time.Time `json:"end"`
}

// From is the agenda without what is over at now.
func (a Agenda) From(now time.Time) Agenda {
	a.Engagements = slices.DeleteFunc(slices.Clone(a.Engagements), func(e Engagement) bool { return !e.End.After(now) })
	return a
}

// Overlapping is the first engagement that shares time with start to end, or nil.
func (a Agenda) Overlapping(start, end time.Time) *Engagement {
	return a.find(func(e Engagement) bool { return e.Start.Before(end) && start.Before(e.End) })
}

// In is the person's engagement in a slot, hosting or attending, or nil.
func (a Agenda) In(slot SlotID) *Engagement {
	return a.find(func(e Engagement) bool { return e.Slot == slot })
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

func (a Agenda) attended() int { return a.count(func(e Engagement) bool { return e.Booking != "" }) }

func (a Agenda) attendedWith(expert PersonID) int {
	return a.count(func(e Engagement) bool { return e.Booking != "" && e.With == expert })
}

// Hosted are the slots the person hosts.
func (a Agenda) Hosted() []SlotID {
	var ids []SlotID
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

// overlap is the refusal for time that is already given away, naming the person's own session.
func overlap(in *Engagement) *Error {
	err := refuse(OverlappingSession, "You have another session at that time: see slotId or bookingId.")
	err.Slot, err.Booking = in.Slot, in.Booking
	return err
}

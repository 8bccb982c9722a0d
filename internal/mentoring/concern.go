package mentoring

import "time"

// ConcernID is "con_" and 128 bits.
type ConcernID string

// ConcernPrefix begins the ids of concerns.
const ConcernPrefix = "con_"

// ConcernCategory says what kind of concern it is.
type ConcernCategory string

// ConcernCategories are all there are.
var ConcernCategories = []ConcernCategory{"harassment", "discrimination", "safety", "privacy", "conduct", "content", "other"}

// Concern is something that somebody wants those who look after the programme to know, and nobody else (product.md sections 3
// and 8).
type Concern struct {
	ID         ConcernID       `json:"id"`
	By         PersonID        `json:"by"`
	About      PersonID        `json:"about,omitzero"`
	Booking    BookingID       `json:"booking,omitzero"`
	Category   ConcernCategory `json:"category"`
	Text       string          `json:"text"`
	At         time.Time       `json:"at"`
	ResolvedAt time.Time       `json:"resolvedAt,omitzero"`
	Resolution string          `json:"resolution,omitzero"` // in the coordinator's words, for coordinators
	Version    int64           `json:"-"`
}

// VisibleTo reports whether the concern exists for somebody: for whoever raised it, and for coordinators, but not for the one
// it is about. Nobody would raise one about a coordinator who reads it, and whoever raises it is promised that they do not.
func (c Concern) VisibleTo(who PersonID, coordinator bool) bool {
	return c.By == who || coordinator && c.About != who
}

// Raise is the command of POST /v1/concerns.
type Raise struct {
	About    PersonID  // or empty
	Booking  BookingID // or empty; without About it is about the other side
	Category ConcernCategory
	Text     string
}

// Faults are the field rules that the command breaks.
func (r Raise) Faults() []Fault {
	var f faults
	if r.About != "" && !r.About.Valid() {
		f.add("/personId", BadFormat, "Must be the id of a person.")
	}
	if r.Booking != "" && !r.Booking.Valid() {
		f.add("/bookingId", BadFormat, "Must be the id of a booking.")
	}
	one(&f, "/category", r.Category, ConcernCategories)
	f.text("/text", r.Text, 10, 2000)
	return f
}

// DecideRaise makes a concern. about is the person it names, if that is given, and b the booking. It refuses with
// [InvalidField], or with [NotFound] where the booking is of others, or there is no such person.
func DecideRaise(id ConcernID, by PersonID, r Raise, about Person, b Booking, now time.Time) (Concern, error) {
	wrong := faults(r.Faults())
	if r.About == by {
		wrong.add("/personId", NotAllowed, "Is your own id.")
	}
	if err := wrong.err(); err != nil {
		return Concern{}, err
	}
	role, party := b.RoleOf(by)
	if r.Booking != "" && !party || r.About != "" && !about.Enrolled() {
		return Concern{}, Missing()
	}
	c := Concern{ID: id, By: by, About: r.About, Booking: r.Booking, Category: r.Category, Text: r.Text, At: now}
	if c.About == "" && r.Booking != "" {
		c.About = b.Other(role).ID
	}
	return c, nil
}

// Resolve is the command of POST /v1/concerns/{id}/resolve.
type Resolve struct{ Note string }

// Faults are the field rules that the command breaks.
func (r Resolve) Faults() []Fault {
	var f faults
	f.text("/note", r.Note, 0, 2000)
	return f
}

// DecideResolve closes a concern. What is closed stays as it is. It refuses with [InvalidField].
func DecideResolve(c Concern, r Resolve, now time.Time) (Concern, error) {
	if err := faults(r.Faults()).err(); err != nil {
		return Concern{}, err
	}
	if c.ResolvedAt.IsZero() {
		c.ResolvedAt, c.Resolution = now, r.Note
	}
	return c, nil
}

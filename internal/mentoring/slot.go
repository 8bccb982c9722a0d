package mentoring

import (
	"slices"
	"time"
)

// The closed lists of a slot's fields (product.md section 5).
type (
	SessionKind string
	Format      string
	Direction   string
	Mode        string
	Audience    string
	Approval    string
)

const (
	OpenQuestion SessionKind = "open_question"

	OneToOne  Format = "one_to_one"
	Circle    Format = "circle"
	PeerGroup Format = "peer_group"

	Standard Direction = "standard"

	Video    Mode = "video"
	Phone    Mode = "phone"
	InPerson Mode = "in_person"

	Everyone           Audience = "everyone"
	MyOrganisation     Audience = "my_organisation"
	OtherOrganisations Audience = "other_organisations"

	Instant Approval = "instant"
)

var (
	SessionKinds = []SessionKind{"how_to", "problem_solving", "knowledge", "career", "work_review", OpenQuestion}
	Formats      = []Format{OneToOne, Circle, PeerGroup}
	Directions   = []Direction{Standard, "peer", "reverse"}
	Modes        = []Mode{Video, Phone, InPerson}
	Audiences    = []Audience{Everyone, MyOrganisation, OtherOrganisations}
	Approvals    = []Approval{Instant}
	// Durations are the lengths a session may have, in minutes.
	Durations = []int{15, 20, 30, 45, 60, 90}
)

// MaxSeats is the most seats a slot can have. It is what lets a change to a whole slot and all its
// bookings fit one commit.
const MaxSeats = 12

// SlotStatus is where a slot is in its life. Full is not a status: it is what the seats say.
type SlotStatus string

const (
	SlotOpen      SlotStatus = "open"
	SlotCompleted SlotStatus = "completed" // it took place, or at least its time did, with somebody booked
	SlotExpired   SlotStatus = "expired"   // it began with nobody
)

// Slot is one topic, one time, one or a few seats. Bookings do not change it: who sits where is kept in
// its seats, so that a rush for seats never touches what everybody reads.
type Slot struct {
	ID                   SlotID      `json:"id"`
	Host                 Host        `json:"host"`
	Title                string      `json:"title"`
	Description          string      `json:"description,omitzero"`
	Topic                string      `json:"topic"`
	Kind                 SessionKind `json:"kind"`
	Format               Format      `json:"format"`
	Capacity             int         `json:"capacity"`
	MinAttendees         int         `json:"minAttendees,omitzero"`
	Direction            Direction   `json:"direction"`
	StartsAt             time.Time   `json:"startsAt"`
	DurationMinutes      int         `json:"durationMinutes"`
	TimeZone             string      `json:"timeZone"`
	Modes                []Mode      `json:"modes"`
	Meeting              Meeting     `json:"meeting,omitzero"`
	Languages            []string    `json:"languages,omitzero"`
	Audience             Audience    `json:"audience"`
	Approval             Approval    `json:"approval"`
	BookingNoticeMinutes int         `json:"bookingNoticeMinutes"`
	CancelNoticeMinutes  int         `json:"cancelNoticeMinutes"`
	Preparation          string      `json:"preparation,omitzero"`
	LookingFor           string      `json:"lookingFor,omitzero"`
	PublishedAt          time.Time   `json:"publishedAt"`
	Version              int64       `json:"-"`
}

// Host is what a slot keeps of its expert, so that reading or booking it needs no second look-up. When
// the expert's profile changes, their upcoming slots are brought up to date moments later.
type Host struct {
	ID           PersonID   `json:"id"`
	Name         string     `json:"name"`
	Headline     string     `json:"headline,omitzero"`
	Organisation string     `json:"organisation,omitzero"`
	PausedUntil  time.Time  `json:"pausedUntil,omitzero"`
	Conflicts    []PersonID `json:"conflicts,omitzero"`
	Version      int64      `json:"version"` // of the profile this was taken from: a slot never goes back to an older one
}

// HostFrom is what a slot keeps of the person.
func HostFrom(p Person) Host {
	return Host{
		ID: p.ID, Name: p.Profile.Name, Headline: p.Profile.Headline, Organisation: p.Organisation,
		PausedUntil: p.Profile.PausedUntil, Conflicts: slices.Clone(p.Profile.DeclaredConflicts),
		Version: p.Version,
	}
}

// Meeting says where a session takes place. Only the expert and confirmed attendees ever see it.
type Meeting struct {
	VideoURL string `json:"videoUrl,omitzero"`
	Phone    string `json:"phone,omitzero"`
	Place    string `json:"place,omitzero"`
}

// EndsAt is when the session is over.
func (s Slot) EndsAt() time.Time {
	return s.StartsAt.Add(time.Duration(s.DurationMinutes) * time.Minute)
}

// BookableUntil is the booking cut-off: from that instant on nobody can book.
func (s Slot) BookableUntil() time.Time {
	return s.StartsAt.Add(-time.Duration(s.BookingNoticeMinutes) * time.Minute)
}

// StatusAt is the slot's status at a time, with so many seats taken. Time ends a slot by itself: no job
// has to run for it.
func (s Slot) StatusAt(now time.Time, taken int) SlotStatus {
	switch {
	case taken == 0 && !now.Before(s.StartsAt):
		return SlotExpired
	case !now.Before(s.EndsAt()):
		return SlotCompleted
	}
	return SlotOpen
}

// VisibleTo reports whether the slot exists for the person at all: for its expert, and for those its
// audience includes (product.md section 8).
func (s Slot) VisibleTo(p Person) bool { return s.Host.ID == p.ID || s.audienceIncludes(p) }

func (s Slot) audienceIncludes(p Person) bool {
	switch s.Audience {
	case MyOrganisation:
		return AffiliationOf(p.Organisation, s.Host.Organisation) == SameOrganisation
	case OtherOrganisations:
		return AffiliationOf(p.Organisation, s.Host.Organisation) == Outside
	}
	return true
}

// Seat is one place in a slot. Each is a record of its own: a seat is taken by writing it at the version
// it was read at, so of two who want the same seat one finds it changed, and nobody counts.
type Seat struct {
	Slot   SlotID `json:"slot"`
	Number int    `json:"number"` // from 1
	// Of is the version of the slot the seat was last written with: another than the slot's says that the two were
	// not read at one instant.
	Of      int64     `json:"of"`
	Holder  PersonID  `json:"holder,omitzero"`
	Booking BookingID `json:"booking,omitzero"`
	Version int64     `json:"-"`
}

// Free reports whether nobody holds the seat.
func (s Seat) Free() bool { return s.Booking == "" }

// SlotState is a slot with its seats, in the order of their numbers.
type SlotState struct {
	Slot  Slot
	Seats []Seat
}

// Taken counts the seats that are held.
func (s SlotState) Taken() int {
	n := 0
	for _, seat := range s.Seats {
		if !seat.Free() {
			n++
		}
	}
	return n
}

// Free counts the seats that are not held.
func (s SlotState) Free() int { return len(s.Seats) - s.Taken() }

// Revision rises with every change to the slot or to who sits in it, whatever the order in which the
// changes are seen: it is the sum of their versions. The expert's calendar entry uses it as its SEQUENCE
// (product.md section 6).
func (s SlotState) Revision() int64 {
	n := s.Slot.Version
	for _, seat := range s.Seats {
		n += seat.Version
	}
	return n
}

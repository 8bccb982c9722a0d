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
	Peer     Direction = "peer"
	Reverse  Direction = "reverse" // the requester may manage the expert (product.md section 1, rule 4)

	Video    Mode = "video"
	Phone    Mode = "phone"
	InPerson Mode = "in_person"

	Everyone           Audience = "everyone"
	MyOrganisation     Audience = "my_organisation"
	OtherOrganisations Audience = "other_organisations"

	Instant   Approval = "instant" // whoever books has the seat
	OnRequest Approval = "request" // whoever books asks for it
)

var (
	SessionKinds = []SessionKind{"how_to", "problem_solving", "knowledge", "career", "work_review", OpenQuestion}
	Formats      = []Format{OneToOne, Circle, PeerGroup}
	Directions   = []Direction{Standard, Peer, Reverse}
	Modes        = []Mode{Video, Phone, InPerson}
	Audiences    = []Audience{Everyone, MyOrganisation, OtherOrganisations}
	Approvals    = []Approval{Instant, OnRequest}
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
	SlotClosed    SlotStatus = "closed"    // takes no more bookings; those it has stay
	SlotCancelled SlotStatus = "cancelled" // will not take place
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
	TopicLabel           string      `json:"topicLabel,omitzero"` // what a coordinator called the topic when the slot took it; else it is the product's own
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
	// Numbered is how many seats the slot has had at any time, those among them that are gone: a state without one of these
	// was not read at one instant. It is zero until the slot changes for the first time.
	Numbered int        `json:"numbered,omitzero"`
	Status   SlotStatus `json:"status"` // open, closed or cancelled; what time does to it, StatusAt says
	Ended    Ending     `json:"ended,omitzero"`
	Version  int64      `json:"-"` // of the record: what others are shown is [Slot.VersionShown]
	// Unseen counts how often the slot was written for what it keeps of its expert alone, of which nobody is to learn.
	Unseen int64 `json:"unseen,omitzero"`
}

// Host is what a slot keeps of its expert, so that reading or booking it needs no second look-up. When
// the expert's profile changes, their upcoming slots are brought up to date moments later.
type Host struct {
	ID           PersonID   `json:"id"`
	Name         string     `json:"name"`
	Headline     string     `json:"headline,omitzero"`
	Organisation string     `json:"organisation,omitzero"`
	PausedUntil  time.Time  `json:"pausedUntil,omitzero"` // takes no bookings until then, by their own will or because they are suspended
	Suspended    time.Time  `json:"suspended,omitzero"`   // until then: those who booked may leave
	Conflicts    []PersonID `json:"conflicts,omitzero"`
	Managers     []PersonID `json:"managers,omitzero"`   // the management chain, nearest first
	MonthlyCap   int        `json:"monthlyCap,omitzero"` // sessions a month; 0 is no cap
	Version      int64      `json:"version"`             // of the profile this was taken from: a slot never goes back to an older one
}

// VersionShown is the version of the slot for those who see it. It rises with what the slot says of itself and of its expert; not
// with whom the expert declared, who their managers are, or how they ration their time, which a slot keeps too.
func (s Slot) VersionShown() int64 { return s.Version - s.Unseen }

// shows reports whether a slot says the same of both.
func (h Host) shows(other Host) bool {
	return h.Name == other.Name && h.Headline == other.Headline && h.Organisation == other.Organisation
}

// HostFrom is what a slot keeps of the person.
func HostFrom(p Person) Host {
	return Host{
		ID: p.ID, Name: p.Profile.Name, Headline: p.Profile.Headline, Organisation: p.Organisation,
		PausedUntil: later(p.Profile.PausedUntil, p.Programme.SuspendedUntil), Suspended: p.Programme.SuspendedUntil, Conflicts: slices.Clone(p.Profile.DeclaredConflicts),
		Managers: slices.Clone(p.Programme.Managers), MonthlyCap: p.Profile.MonthlySessionCap,
		Version: p.Version,
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
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
	case s.Status == SlotCancelled:
		return SlotCancelled
	case taken == 0 && !now.Before(s.StartsAt):
		return SlotExpired
	case !now.Before(s.EndsAt()):
		return SlotCompleted
	}
	return s.Status
}

// VisibleTo reports whether the slot exists for the person at all: for its expert, for those it is for, and for coordinators
// (product.md section 8). A booking of theirs is another reason, which [Agenda.In] tells.
func (s Slot) VisibleTo(v Viewer) bool {
	return s.Host.ID == v.Person.ID || v.Coordinator || s.isFor(v)
}

// isFor reports whether the audience includes the person, and nothing keeps them apart from the expert (product.md section 3).
func (s Slot) isFor(v Viewer) bool {
	return s.audienceIncludes(v.Person) && !v.Agenda.apartFrom(s.Host.ID)
}

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
	// Until is when the hold of a request ends by itself; zero where the holder has the seat for good.
	Until   time.Time `json:"until,omitzero"`
	Gone    bool      `json:"gone,omitzero"` // taken away by the expert; it may come back
	Version int64     `json:"-"`
}

// Waiter is somebody on the waiting list of a slot, a record of its own.
type Waiter struct {
	Slot    SlotID    `json:"slot"`
	Booking BookingID `json:"booking"`
	Person  PersonID  `json:"person"`
	Since   time.Time `json:"since"`
	Version int64     `json:"-"`
}

// Free reports whether somebody could have the seat.
func (s Seat) Free() bool { return s.Booking == "" && !s.Gone }

// held reports whether somebody has the seat.
func (s Seat) held() bool { return s.Booking != "" }

func (s Seat) lapsed(now time.Time) bool { return !s.Until.IsZero() && !now.Before(s.Until) }

// SlotState is a slot with its seats, in the order of their numbers, and those who wait, first come first.
type SlotState struct {
	Slot    Slot
	Seats   []Seat
	Waiters []Waiter
}

// NewState puts together what was read of a slot. A slot that never changed has records of those seats only that were
// taken at some time; the others are free. Every change writes all seats.
func NewState(slot Slot, seats []Seat, waiters []Waiter) SlotState {
	if slot.Version == 1 {
		seats = withUnwritten(slot, seats)
	}
	return SlotState{slot, seats, waiters}
}

func withUnwritten(slot Slot, written []Seat) []Seat {
	seats := make([]Seat, 0, slot.Capacity)
	for number := 1; number <= slot.Capacity; number++ {
		at := slices.IndexFunc(written, func(s Seat) bool { return s.Number == number })
		if at < 0 {
			seats = append(seats, Seat{Slot: slot.ID, Number: number, Of: 1})
		} else {
			seats = append(seats, written[at])
		}
	}
	return seats
}

// whole reports whether slot and seats were read at one instant, as far as they tell: whether all seats are there, and of
// this version of the slot.
func (s SlotState) whole() bool {
	return s.places() == s.Slot.Capacity && len(s.Seats) >= s.Slot.Numbered &&
		!slices.ContainsFunc(s.Seats, func(seat Seat) bool { return seat.Of != s.Slot.Version })
}

// StatusAt is the slot's status at a time.
func (s SlotState) StatusAt(now time.Time) SlotStatus { return s.Slot.StatusAt(now, s.Taken()) }

// Lapsed reports whether the hold of a request has run out and was not cleared away yet.
func (s SlotState) Lapsed(now time.Time) bool {
	return slices.ContainsFunc(s.Seats, func(seat Seat) bool { return seat.lapsed(now) })
}

// Confirmed counts the seats whose holders will come.
func (s SlotState) Confirmed() int {
	return s.count(func(seat Seat) bool { return seat.held() && seat.Until.IsZero() })
}

// Holders are the bookings that hold seats, in the order of the seats.
func (s SlotState) Holders() (ids []BookingID) {
	for _, seat := range s.Seats {
		if seat.held() {
			ids = append(ids, seat.Booking)
		}
	}
	return ids
}

// booked are the bookings that hold seats, and those that wait.
func (s SlotState) booked() []BookingID {
	ids := s.Holders()
	for _, w := range s.Waiters {
		ids = append(ids, w.Booking)
	}
	return ids
}

// SeatOf is the seat that a booking holds.
func (s SlotState) SeatOf(b BookingID) (Seat, bool) {
	i := slices.IndexFunc(s.Seats, func(seat Seat) bool { return seat.Booking == b })
	if i < 0 {
		return Seat{}, false
	}
	return s.Seats[i], true
}

// Taken counts the seats that are held.
func (s SlotState) Taken() int { return s.count(Seat.held) }

// Free counts the seats that are not held.
func (s SlotState) Free() int { return s.count(Seat.Free) }

// places counts the seats there are.
func (s SlotState) places() int { return s.count(func(seat Seat) bool { return !seat.Gone }) }

func (s SlotState) count(match func(Seat) bool) int {
	n := 0
	for _, seat := range s.Seats {
		if match(seat) {
			n++
		}
	}
	return n
}

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

// After is the state once changes are stored.
func (s SlotState) After(c Changes) SlotState {
	for _, slot := range c.Slots {
		if slot.ID == s.Slot.ID {
			s.Slot = slot
			s.Slot.Version++
		}
	}
	s.Seats = slices.Clone(s.Seats)
	for _, seat := range c.Seats {
		if seat.Slot != s.Slot.ID {
			continue
		}
		seat.Version++
		if at := slices.IndexFunc(s.Seats, func(old Seat) bool { return old.Number == seat.Number }); at >= 0 {
			s.Seats[at] = seat
		} else {
			s.Seats = append(s.Seats, seat)
		}
	}
	gone := func(w Waiter) bool {
		return slices.ContainsFunc(c.Left, func(left Waiter) bool { return left.Booking == w.Booking })
	}
	s.Waiters = slices.DeleteFunc(slices.Clone(s.Waiters), gone)
	for _, w := range c.Joined {
		if w.Slot == s.Slot.ID {
			w.Version++
			s.Waiters = append(s.Waiters, w)
		}
	}
	return s
}

// Occupancy is what a booking of the slot depends on beside it; monthFull is the expert's month.
func (s SlotState) Occupancy(monthFull bool) Occupancy {
	return Occupancy{Free: s.Free(), Waiting: len(s.Waiters), MonthFull: monthFull}
}

// OccupancyAt is the occupancy that whoever looks can count on: a hold that ran out is cleared away before it stands in
// anybody's way, and its seat goes to those who wait first.
func (s SlotState) OccupancyAt(now time.Time, monthFull bool) Occupancy {
	o := s.Occupancy(monthFull)
	lapsed := s.count(func(seat Seat) bool { return seat.held() && seat.lapsed(now) })
	passed := min(lapsed, o.Waiting)
	o.Free, o.Waiting = o.Free+lapsed-passed, o.Waiting-passed
	return o
}

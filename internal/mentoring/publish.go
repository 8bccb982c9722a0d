package mentoring

import (
	"slices"
	"time"
)

// SlotDraft is the command of POST /v1/slots: what an expert says of a slot. Nil and empty mean not
// given; [SlotDraft.Normal] fills in the defaults of product.md section 5.
type SlotDraft struct {
	Title, Description, Topic string
	Kind                      SessionKind
	Format                    Format
	Capacity                  *int
	MinAttendees              *int
	Direction                 Direction
	StartsAt                  time.Time
	DurationMinutes           int
	TimeZone                  string
	Modes                     []Mode
	Meeting                   Meeting
	Languages                 []string
	Audience                  Audience
	Approval                  Approval
	BookingNoticeMinutes      *int
	CancelNoticeMinutes       *int
	Preparation, LookingFor   string
}

const (
	defaultBookingNotice = 120  // minutes
	defaultCancelNotice  = 1440 // minutes
	maxNotice            = 14 * 24 * 60
)

// Normal returns the draft with defaults filled in, from the expert's profile where it has them, and
// times in UTC. What the expert said is left as it is, right or wrong.
func (d SlotDraft) Normal(expert Person) SlotDraft {
	d.Kind = orElse(d.Kind, OpenQuestion)
	d.Format = orElse(d.Format, OneToOne)
	d.Direction = orElse(d.Direction, Standard)
	d.Audience = orElse(d.Audience, Everyone)
	d.Approval = orElse(d.Approval, Instant)
	d.TimeZone = orElse(d.TimeZone, expert.Profile.TimeZone)
	d.StartsAt = normalTime(d.StartsAt)
	if d.Capacity == nil && d.Format == OneToOne {
		d.Capacity = new(1)
	}
	if d.BookingNoticeMinutes == nil {
		d.BookingNoticeMinutes = new(defaultBookingNotice)
	}
	if d.CancelNoticeMinutes == nil {
		d.CancelNoticeMinutes = new(defaultCancelNotice)
	}
	if d.Modes == nil {
		d.Modes = []Mode{Video}
	}
	if d.Languages == nil {
		d.Languages = slices.Clone(expert.Profile.Languages)
	}
	return d
}

func orElse[T ~string](v, otherwise T) T {
	if v == "" {
		return otherwise
	}
	return v
}

// Faults are the field rules of product.md section 5 that a normal draft breaks.
func (d SlotDraft) Faults(topics []Topic, p Policy, now time.Time) []Fault {
	var f faults
	f.line("/title", d.Title, 3, 120)
	f.text("/description", d.Description, 0, 2000)
	f.text("/preparation", d.Preparation, 0, 1000)
	f.text("/lookingFor", d.LookingFor, 0, 1000)
	if d.Topic == "" {
		f.add("/topic", Required, "Must be the slug of a topic: GET /v1/topics.")
	} else if !KnownTopic(topics, d.Topic) {
		f.add("/topic", NotAllowed, "No topic has this slug: GET /v1/topics.")
	}
	one(&f, "/sessionKind", d.Kind, SessionKinds)
	one(&f, "/direction", d.Direction, Directions)
	one(&f, "/audience", d.Audience, Audiences)
	one(&f, "/approval", d.Approval, Approvals)
	some(&f, "/modes", d.Modes, Modes, 1)
	f.languages("/languages", d.Languages)
	f.zone("/timeZone", d.TimeZone)
	d.seatFaults(&f)
	d.timeFaults(&f, p, now)
	d.meetingFaults(&f)
	return f
}

func (d SlotDraft) seatFaults(f *faults) {
	one(f, "/format", d.Format, Formats)
	known := slices.Contains(Formats, d.Format)
	most := MaxSeats
	switch {
	case !known: // nothing can be said of the capacity
	case d.Capacity == nil:
		f.add("/capacity", Required, "Must be 2 to %d for this format.", MaxSeats)
	case d.Format == OneToOne && *d.Capacity != 1:
		f.add("/capacity", NotAllowed, "Must be 1 where format is one_to_one.")
	case d.Format != OneToOne:
		f.between("/capacity", *d.Capacity, 2, MaxSeats)
	}
	if known && d.Capacity != nil {
		most = min(max(*d.Capacity, 1), MaxSeats)
	}
	if d.MinAttendees != nil && (*d.MinAttendees < 1 || *d.MinAttendees > most) {
		f.add("/minAttendees", OutOfRange, "Must be 1 to the capacity.")
	}
}

func (d SlotDraft) timeFaults(f *faults, p Policy, now time.Time) {
	if d.DurationMinutes == 0 {
		f.add("/durationMinutes", Required, "Must be one of: 15, 20, 30, 45, 60, 90.")
	} else if !slices.Contains(Durations, d.DurationMinutes) {
		f.add("/durationMinutes", NotAllowed, "Must be one of: 15, 20, 30, 45, 60, 90.")
	}
	f.between("/bookingNoticeMinutes", *d.BookingNoticeMinutes, 0, maxNotice)
	f.between("/cancelNoticeMinutes", *d.CancelNoticeMinutes, 0, maxNotice)
	switch ahead := d.StartsAt.Sub(now); {
	case d.StartsAt.IsZero():
		f.add("/startsAt", Required, "Must be a time with an offset, such as 2026-12-01T15:00:00+01:00.")
	case ahead < p.EarliestStart || ahead > p.LatestStart:
		f.add("/startsAt", OutOfRange, "Must be %d minutes to %d days from now.",
			int(p.EarliestStart.Minutes()), int(p.LatestStart.Hours()/24))
	case ahead <= time.Duration(*d.BookingNoticeMinutes)*time.Minute:
		f.add("/bookingNoticeMinutes", OutOfRange,
			"Bookings would be over before they begin: the session starts in %d minutes. Give a smaller notice.", int(ahead.Minutes()))
	}
}

func (d SlotDraft) meetingFaults(f *faults) {
	m := d.Meeting
	f.line("/meeting/phone", m.Phone, 0, 40)
	f.text("/meeting/place", m.Place, 0, 300)
	if m.VideoURL == "" {
		return
	}
	f.line("/meeting/videoUrl", m.VideoURL, 0, 500)
	f.link("/meeting/videoUrl", m.VideoURL)
}

// Publication is what publishing a slot changes.
type Publication struct {
	Slot   Slot
	Seats  []Seat // all free
	Agenda Agenda // the expert's, with the session in it
}

// State is the published slot with its seats, as first stored.
func (p Publication) State() SlotState {
	state := SlotState{p.Slot, slices.Clone(p.Seats)}
	state.Slot.Version = 1
	for i := range state.Seats {
		state.Seats[i].Version = 1
	}
	return state
}

// DecidePublish makes a slot of a draft. It refuses with [ProfileRequired], [GroundRulesNeeded],
// [InvalidField], [OverlappingSession] (naming the session in the way) or [ActiveLimitReached].
func DecidePublish(expert Person, agenda Agenda, d SlotDraft, id SlotID, topics []Topic, p Policy, now time.Time) (Publication, error) {
	if err := expert.mayTakePart(); err != nil {
		return Publication{}, err
	}
	d = d.Normal(expert)
	wrong := faults(d.Faults(topics, p, now))
	if expert.Organisation == "" && d.Audience != Everyone && slices.Contains(Audiences, d.Audience) {
		wrong.add("/audience", NotAllowed, "Must be everyone: your address belongs to no organisation, so nobody would see the slot.")
	}
	if err := wrong.err(); err != nil {
		return Publication{}, err
	}
	slot := d.slot(id, HostFrom(expert), now)
	agenda = agenda.From(now)
	if in := agenda.Overlapping(slot.StartsAt, slot.EndsAt()); in != nil {
		return Publication{}, overlap(in)
	}
	if agenda.hosted() >= p.MaxHosted {
		return Publication{}, refuse(ActiveLimitReached, "You have as many upcoming slots as one expert can have. Wait until some are over.")
	}
	seats := make([]Seat, slot.Capacity)
	for i := range seats {
		seats[i] = Seat{Slot: id, Number: i + 1, Of: 1}
	}
	agenda = agenda.with(Engagement{Slot: id, Start: slot.StartsAt, End: slot.EndsAt()})
	return Publication{slot, seats, agenda}, nil
}

func (d SlotDraft) slot(id SlotID, host Host, now time.Time) Slot {
	s := Slot{
		ID: id, Host: host, Title: d.Title, Description: d.Description, Topic: d.Topic, Kind: d.Kind,
		Format: d.Format, Capacity: *d.Capacity, Direction: d.Direction,
		StartsAt: d.StartsAt, DurationMinutes: d.DurationMinutes, TimeZone: d.TimeZone,
		Modes: d.Modes, Meeting: d.Meeting, Languages: d.Languages, Audience: d.Audience, Approval: d.Approval,
		BookingNoticeMinutes: *d.BookingNoticeMinutes, CancelNoticeMinutes: *d.CancelNoticeMinutes,
		Preparation: d.Preparation, LookingFor: d.LookingFor, PublishedAt: now,
	}
	if d.MinAttendees != nil {
		s.MinAttendees = *d.MinAttendees
	}
	return s
}

package mentoring

import (
	"fmt"
	"slices"
	"time"
)

// SlotDraft is the command of POST /v1/slots: what an expert says of a slot. Nil and empty mean not
// given; [SlotDraft.Normal] fills in the defaults of product.md section 5.
type SlotDraft struct {
	At                        string // where the draft is in what was sent, before the pointers of its faults
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
func (d SlotDraft) Faults(topics Taxonomy, p Policy, now time.Time) []Fault {
	var f faults
	d.textFaults(&f)
	d.topicFaults(&f, topics)
	d.choiceFaults(&f)
	d.seatFaults(&f)
	d.durationFaults(&f)
	d.timeFaults(&f, p, now)
	d.meetingFaults(&f)
	return f
}

func (d SlotDraft) textFaults(f *faults) {
	f.line("/title", d.Title, 3, 120)
	f.text("/description", d.Description, 0, 2000)
	f.text("/preparation", d.Preparation, 0, 1000)
	f.text("/lookingFor", d.LookingFor, 0, 1000)
}

func (d SlotDraft) topicFaults(f *faults, topics Taxonomy) {
	if d.Topic == "" {
		f.add("/topic", Required, "Must be the slug of a topic: GET /v1/topics.")
	} else if !topics.Knows(d.Topic) {
		f.add("/topic", NotAllowed, "No topic has this slug: GET /v1/topics.")
	}
}

func (d SlotDraft) choiceFaults(f *faults) {
	one(f, "/sessionKind", d.Kind, SessionKinds)
	one(f, "/direction", d.Direction, Directions)
	one(f, "/audience", d.Audience, Audiences)
	one(f, "/approval", d.Approval, Approvals)
	some(f, "/modes", d.Modes, Modes, 1)
	f.languages("/languages", d.Languages)
	f.zone("/timeZone", d.TimeZone)
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

func (d SlotDraft) durationFaults(f *faults) {
	if d.DurationMinutes == 0 {
		f.add("/durationMinutes", Required, "Must be one of: 15, 20, 30, 45, 60, 90.")
	} else if !slices.Contains(Durations, d.DurationMinutes) {
		f.add("/durationMinutes", NotAllowed, "Must be one of: 15, 20, 30, 45, 60, 90.")
	}
	f.between("/bookingNoticeMinutes", *d.BookingNoticeMinutes, 0, maxNotice)
	f.between("/cancelNoticeMinutes", *d.CancelNoticeMinutes, 0, maxNotice)
}

func (d SlotDraft) timeFaults(f *faults, p Policy, now time.Time) {
	d.startFaults(f, p, now)
	if ahead := d.StartsAt.Sub(now); ahead >= p.EarliestStart && ahead <= time.Duration(*d.BookingNoticeMinutes)*time.Minute {
		f.add("/bookingNoticeMinutes", OutOfRange,
			"Bookings would be over before they begin: the session starts in %d minutes. Give a smaller notice.", int(ahead.Minutes()))
	}
}

func (d SlotDraft) startFaults(f *faults, p Policy, now time.Time) {
	switch ahead := d.StartsAt.Sub(now); {
	case d.StartsAt.IsZero():
		f.add("/startsAt", Required, "Must be a time with an offset, such as 2026-12-01T15:00:00+01:00.")
	case ahead < p.EarliestStart || ahead > p.LatestStart:
		f.add("/startsAt", OutOfRange, "Must be %d minutes to %d days from now.",
			int(p.EarliestStart.Minutes()), int(p.LatestStart.Hours()/24))
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

// DecidePublish makes slots of drafts, all or none: ids has one for each.
// The expert's own sessions, and those of the drafts among themselves, must not overlap. It refuses with what keeps the
// expert from taking part, [InvalidField], [TopicIsDeprecated], [OverlappingSession] (naming the session in the way) or
// [ActiveLimitReached].
func DecidePublish(expert Viewer, drafts []SlotDraft, ids []SlotID, topics Taxonomy, p Policy, now time.Time) (Changes, error) {
	if err := expert.mayTakePart(p, now); err != nil {
		return Changes{}, err
	}
	slots := make([]Slot, len(drafts))
	var wrong faults
	for i, d := range drafts {
		d = d.Normal(expert.Person)
		f := d.faultsFor(expert.Person, topics, p, now).below(d.At)
		if wrong = append(wrong, f...); len(f) == 0 {
			slots[i] = d.slot(ids[i], HostFrom(expert.Person), now)
			slots[i].TopicLabel = topics.labelFor(d.Topic)
		}
	}
	if err := wrong.err(); err != nil {
		return Changes{}, err
	}
	for i, s := range slots {
		if err := topics.takes(s.Topic); err != nil {
			if len(slots) > 1 {
				err.Detail = fmt.Sprintf("Slot %d of the batch, where the first is 0: %s", i, err.Detail)
			}
			return Changes{}, err
		}
	}
	return publish(expert, slots, p, now)
}

// publish puts slots into the expert's agenda, one after the other.
func publish(expert Viewer, slots []Slot, p Policy, now time.Time) (Changes, error) {
	agenda := expert.Agenda.From(now)
	out := Changes{Slots: slots}
	for i, slot := range slots {
		if in := agenda.Overlapping(slot.StartsAt, slot.EndsAt()); in != nil {
			return Changes{}, overlapAmong(slots, i, in)
		}
		if agenda.hosted() >= p.MaxHosted {
			return Changes{}, refuse(ActiveLimitReached, "You have as many upcoming slots as one expert can have. Wait until some are over.")
		}
		agenda = agenda.with(slot.hosting())
		if at, ok := slot.NextWake(now); ok {
			out.Wakes = append(out.Wakes, Wake{Slot: slot.ID, At: at})
		}
	}
	out.Agendas = map[PersonID]Agenda{expert.Person.ID: agenda}
	return out, nil
}

// overlapAmong is the refusal of one of several slots. Where another of them is in the way, that has no id anybody knows.
func overlapAmong(slots []Slot, i int, in *Engagement) error {
	other := slices.IndexFunc(slots, func(s Slot) bool { return s.ID == in.Slot })
	if other >= 0 {
		return refuse(OverlappingSession, fmt.Sprintf("The slots %d and %d of the batch overlap; the first is 0.", other, i))
	}
	err := overlap(in)
	if len(slots) > 1 {
		err.Detail = fmt.Sprintf("Slot %d of the batch, where the first is 0, overlaps another session of yours: see slotId or bookingId.", i)
	}
	return err
}

// faultsFor are the faults of a normal draft of an expert.
func (d SlotDraft) faultsFor(expert Person, topics Taxonomy, p Policy, now time.Time) faults {
	wrong := faults(d.Faults(topics, p, now))
	d.audienceFaults(&wrong, expert.Organisation)
	return wrong
}

func (d SlotDraft) audienceFaults(f *faults, organisation string) {
	if organisation == "" && d.Audience != Everyone && slices.Contains(Audiences, d.Audience) {
		f.add("/audience", NotAllowed, "Must be everyone: your address belongs to no organisation, so nobody would see the slot.")
	}
}

func (d SlotDraft) slot(id SlotID, host Host, now time.Time) Slot {
	s := Slot{
		ID: id, Host: host, Title: d.Title, Description: d.Description, Topic: d.Topic, Kind: d.Kind,
		Format: d.Format, Capacity: *d.Capacity, Direction: d.Direction,
		StartsAt: d.StartsAt, DurationMinutes: d.DurationMinutes, TimeZone: d.TimeZone,
		Modes: d.Modes, Meeting: d.Meeting, Languages: d.Languages, Audience: d.Audience, Approval: d.Approval,
		BookingNoticeMinutes: *d.BookingNoticeMinutes, CancelNoticeMinutes: *d.CancelNoticeMinutes,
		Preparation: d.Preparation, LookingFor: d.LookingFor, PublishedAt: now, Status: SlotOpen,
	}
	if d.MinAttendees != nil {
		s.MinAttendees = *d.MinAttendees
	}
	return s
}

package mentoring

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Revision is the command of PATCH /v1/slots/{id}. Nil leaves a field as it is.
type Revision struct {
	Title, Description, Topic *string
	Kind                      *SessionKind
	Format                    *Format
	Capacity                  *int
	MinAttendees              *int // 0: none
	Direction                 *Direction
	StartsAt                  *time.Time
	DurationMinutes           *int
	TimeZone                  *string
	Modes                     []Mode
	VideoURL, Phone, Place    *string
	Languages                 []string
	Audience                  *Audience
	Approval                  *Approval
	BookingNoticeMinutes      *int
	CancelNoticeMinutes       *int
	Preparation, LookingFor   *string
}

// DecideRevise changes a slot for its expert (product.md section 5). While nobody has booked, everything may change;
// afterwards what those who come can bear: texts, meeting details, the number of seats down to those that are taken, and
// the time, which moves everybody at once or nobody. More seats go to those who wait. only, unless nil, is the one version
// that may be changed.
//
// It refuses with [NotFound], [Forbidden], [InvalidTransition], [VersionConflict], [InvalidField], [TopicIsDeprecated] for another
// topic than it has, [OverlappingSession] where the expert has another session then, or [ParticipantsBusy] where those who come
// have; it returns [ErrTorn] where the case does not fit together. A slot that already is as asked is left as it is.
func DecideRevise(c Case, by PersonID, r Revision, only *int64, topics Taxonomy, p Policy, now time.Time) (Changes, error) {
	expert := c.People[by]
	if err := c.State.HostOnly(expert); err != nil {
		return Changes{}, err
	}
	h, s := hear(c, p, now)
	if h.err != nil {
		return Changes{}, h.err
	}
	if status := s.StatusAt(now); status != SlotOpen && status != SlotClosed {
		return Changes{}, s.invalid(now)
	}
	h.expireRequests(s)
	before, after := s.Slot, r.on(s.Slot)
	if err := r.faults(*s, after, expert.Person, topics, p, now).err(); err != nil {
		return Changes{}, err
	}
	if after.Topic != before.Topic {
		if err := topics.takes(after.Topic); err != nil {
			return Changes{}, err
		}
		after.TopicLabel = topics.labelFor(after.Topic)
	}
	switch {
	case reflect.DeepEqual(before, after):
		return Changes{}, nil
	case only != nil && *only != before.VersionShown():
		return Changes{}, Stale(before.VersionShown())
	}
	if after.timeDiffers(before) {
		if err := h.reschedule(s, after); err != nil {
			return Changes{}, err
		}
	}
	h.resize(s, after)
	s.Slot = after
	h.inform(s, before)
	h.promote(s)
	h.rewrite(s)
	h.recount(s, before.Month())
	h.replan(before, after)
	return h.result()
}

// replan plans when somebody must look at the slot next, if that is another time than before. What was planned before finds
// nothing to do.
func (h *hearing) replan(before, after Slot) {
	was, planned := before.NextWake(h.now)
	if at, ok := after.NextWake(h.now); ok && !(planned && was.Equal(at)) {
		h.plan(Wake{Slot: after.ID, At: at})
	}
}

// recount counts a slot that may have come from another month. One that nobody booked counts in none, so that the months of
// a slot whose zone changes, too, need not be known.
func (h *hearing) recount(s *SlotState, was string) {
	month, counts := s.Slot.Month(), s.Taken() > 0
	if was != month || !counts {
		h.count(s, was, false)
	}
	if counts {
		h.count(s, month, true)
	}
}

// tellsOther reports whether those who come must know something else than before. The number of seats is not among it.
func (s Slot) tellsOther(before Slot) bool {
	return s.timeDiffers(before) || s.Title != before.Title || s.Description != before.Description || s.Meeting != before.Meeting ||
		s.Preparation != before.Preparation || s.LookingFor != before.LookingFor
}

func (s Slot) timeDiffers(other Slot) bool {
	return !s.StartsAt.Equal(other.StartsAt) || s.DurationMinutes != other.DurationMinutes
}

// on is the slot with the revision made.
func (r Revision) on(s Slot) Slot {
	assign(&s.Title, r.Title)
	assign(&s.Description, r.Description)
	assign(&s.Topic, r.Topic)
	assign(&s.Kind, r.Kind)
	assign(&s.Format, r.Format)
	assign(&s.Capacity, r.Capacity)
	assign(&s.MinAttendees, r.MinAttendees)
	assign(&s.Direction, r.Direction)
	assign(&s.DurationMinutes, r.DurationMinutes)
	assign(&s.TimeZone, r.TimeZone)
	assign(&s.Meeting.VideoURL, r.VideoURL)
	assign(&s.Meeting.Phone, r.Phone)
	assign(&s.Meeting.Place, r.Place)
	assign(&s.Audience, r.Audience)
	assign(&s.Approval, r.Approval)
	assign(&s.BookingNoticeMinutes, r.BookingNoticeMinutes)
	assign(&s.CancelNoticeMinutes, r.CancelNoticeMinutes)
	assign(&s.Preparation, r.Preparation)
	assign(&s.LookingFor, r.LookingFor)
	if r.StartsAt != nil {
		s.StartsAt = normalTime(*r.StartsAt)
	}
	if r.Modes != nil {
		s.Modes = r.Modes
	}
	if r.Languages != nil && !slices.Equal(r.Languages, s.Languages) {
		s.Languages = r.Languages
	}
	if r.Format != nil && *r.Format == OneToOne && r.Capacity == nil {
		s.Capacity = 1
	}
	return s
}

// MonthOf is the month that a slot counts in once it is revised.
func (r Revision) MonthOf(s Slot) string { return r.on(s).Month() }

func assign[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// Faults are the rules that what is given breaks by itself, whatever the slot.
func (r Revision) Faults(topics Taxonomy) []Fault {
	return slices.DeleteFunc(r.on(plainSlot).draft().singleFaults(topics), func(f Fault) bool { return r.Topic == nil && f.Pointer == "/topic" })
}

// plainSlot breaks no rule of a single field, but for the topic, which it has none of.
var plainSlot = Slot{
	Title: "Any title", Kind: OpenQuestion, Format: OneToOne, Capacity: 1, Direction: Standard, DurationMinutes: 30,
	TimeZone: "UTC", Modes: []Mode{Video}, Audience: Everyone, Approval: Instant,
}

// singleFaults are the faults of fields that depend on no other.
func (d SlotDraft) singleFaults(topics Taxonomy) []Fault {
	var f faults
	d.textFaults(&f)
	d.topicFaults(&f, topics)
	d.choiceFaults(&f)
	one(&f, "/format", d.Format, Formats)
	f.between("/capacity", *d.Capacity, 1, MaxSeats)
	d.durationFaults(&f)
	d.meetingFaults(&f)
	return f
}

// faults are the rules that the slot would break: those of its fields, and those of what may change once somebody booked.
func (r Revision) faults(s SlotState, after Slot, expert Person, topics Taxonomy, p Policy, now time.Time) faults {
	d := after.draft()
	var f faults
	d.textFaults(&f)
	if after.Topic != s.Slot.Topic {
		d.topicFaults(&f, topics)
	}
	d.choiceFaults(&f)
	d.seatFaults(&f)
	d.durationFaults(&f)
	d.meetingFaults(&f)
	if after.Audience != s.Slot.Audience {
		d.audienceFaults(&f, expert.Organisation)
	}
	if taken := s.Taken(); after.Capacity < taken {
		f.add("/capacity", OutOfRange, "%d seats are taken.", taken)
	}
	timeDiffers := after.timeDiffers(s.Slot)
	switch booked := s.Taken()+len(s.Waiters) > 0; {
	case booked:
		f = append(f, after.frozenFaults(s.Slot)...)
		if timeDiffers {
			d.rescheduleFaults(&f, s, p, now)
		}
	case timeDiffers || after.BookingNoticeMinutes != s.Slot.BookingNoticeMinutes:
		d.timeFaults(&f, p, now)
	}
	return f
}

// rescheduleFaults are those of a new time for people who have booked. The expert is exempt from the notice, but what is
// asked of them would run out with it unanswered.
func (d SlotDraft) rescheduleFaults(f *faults, s SlotState, p Policy, now time.Time) {
	d.startFaults(f, p, now)
	notice := time.Duration(*d.BookingNoticeMinutes) * time.Minute
	if s.Taken() > s.Confirmed() && d.StartsAt.Sub(now) <= notice && d.StartsAt.Sub(now) >= p.EarliestStart {
		f.add("/startsAt", OutOfRange, "Requests wait for your answer and would run out: answer them first, or choose a later time.")
	}
}

// frozenFaults are the changes to what those who booked rely on.
func (s Slot) frozenFaults(before Slot) (f faults) {
	for pointer, changed := range map[string]bool{
		"/topic": s.Topic != before.Topic, "/sessionKind": s.Kind != before.Kind, "/format": s.Format != before.Format,
		"/minAttendees": s.MinAttendees != before.MinAttendees, "/direction": s.Direction != before.Direction,
		"/timeZone": s.TimeZone != before.TimeZone, "/modes": !slices.Equal(s.Modes, before.Modes),
		"/languages": !slices.Equal(s.Languages, before.Languages), "/audience": s.Audience != before.Audience,
		"/approval":             s.Approval != before.Approval,
		"/bookingNoticeMinutes": s.BookingNoticeMinutes != before.BookingNoticeMinutes,
		"/cancelNoticeMinutes":  s.CancelNoticeMinutes != before.CancelNoticeMinutes,
	} {
		if changed {
			f.add(pointer, NotAllowed, "Cannot change any more: somebody has booked.")
		}
	}
	slices.SortFunc(f, func(a, b Fault) int { return strings.Compare(a.Pointer, b.Pointer) })
	return f
}

// draft is the slot as its expert could have said it.
func (s Slot) draft() SlotDraft {
	d := SlotDraft{
		Title: s.Title, Description: s.Description, Topic: s.Topic, Kind: s.Kind, Format: s.Format, Capacity: &s.Capacity,
		Direction: s.Direction, StartsAt: s.StartsAt, DurationMinutes: s.DurationMinutes, TimeZone: s.TimeZone, Modes: s.Modes,
		Meeting: s.Meeting, Languages: s.Languages, Audience: s.Audience, Approval: s.Approval,
		BookingNoticeMinutes: &s.BookingNoticeMinutes, CancelNoticeMinutes: &s.CancelNoticeMinutes,
		Preparation: s.Preparation, LookingFor: s.LookingFor,
	}
	if s.MinAttendees != 0 {
		d.MinAttendees = &s.MinAttendees
	}
	return d
}

// reschedule moves the expert and all who hold seats to the slot's new time, where all of them can.
func (h *hearing) reschedule(s *SlotState, after Slot) error {
	host := h.agenda(after.Host.ID).withoutHosted(after.ID)
	if in := host.Overlapping(after.StartsAt, after.EndsAt()); in != nil {
		return overlap(in)
	}
	h.setAgenda(after.Host.ID, host.with(after.hosting()))
	busy := 0
	for _, seat := range slices.Clone(s.Seats) {
		if seat.held() && !h.follows(s, seat, after) {
			busy++
		}
	}
	if busy > 0 {
		err := refuse(ParticipantsBusy, fmt.Sprintf("%d of those who booked have another session then. Choose another time.", busy))
		err.Participants = busy
		return err
	}
	return nil
}

// follows moves the holder of a seat to the slot's new time, and reports whether they have it. A request runs out with the
// new booking cut-off, if that is earlier. Whoever is moved may leave: they did not agree to this time.
func (h *hearing) follows(s *SlotState, seat Seat, after Slot) bool {
	b := h.booking(seat.Booking)
	agenda := h.agenda(b.Requester.ID).without(b.ID)
	if agenda.Overlapping(after.StartsAt, after.EndsAt()) != nil {
		return false
	}
	b.StartsAt, b.DurationMinutes, b.Released = after.StartsAt, after.DurationMinutes, true
	if cutOff := after.BookableUntil(); b.Status == Requested && cutOff.Before(b.ExpiresAt) {
		b.ExpiresAt, seat.Until = cutOff, cutOff
		h.setSeat(s, seat)
	}
	if b.Status == Requested { // where it ran out with the slot's cut-off, nobody looks then any more
		h.planExpiry(after, b, "")
	}
	h.store(b)
	h.setAgenda(b.Requester.ID, agenda.with(b.engagement()))
	return true
}

// resize adds free seats, or takes free ones away. Those taken away stay on record as gone, so that nobody who saw them
// free can take them.
func (h *hearing) resize(s *SlotState, after Slot) {
	for number := 1; number <= MaxSeats && s.places() < after.Capacity; number++ {
		switch at := slices.IndexFunc(s.Seats, func(seat Seat) bool { return seat.Number == number }); {
		case at < 0:
			s.Seats = append(s.Seats, Seat{Slot: after.ID, Number: number})
		case s.Seats[at].Gone:
			s.Seats[at].Gone = false
		}
	}
	for i := len(s.Seats) - 1; i >= 0 && s.places() > after.Capacity; i-- {
		if s.Seats[i].Free() {
			s.Seats[i].Gone = true
		}
	}
}

// inform makes the bookings of those who hold seats say what the slot says now, and has them told where it is for them.
func (h *hearing) inform(s *SlotState, before Slot) {
	action, event := StepSlotChanged, Event{Kind: SlotChanged, Slot: s.Slot.ID}
	if s.Slot.tellsOther(before) {
		event.Bookings = s.Holders()
	}
	if s.Slot.timeDiffers(before) {
		action, event.Was = StepRescheduled, before.StartsAt
	}
	for _, id := range event.Bookings {
		b := h.booking(id)
		b.Title = s.Slot.Title
		h.store(b.step(action, Expert, h.now))
	}
	h.announce(event)
}

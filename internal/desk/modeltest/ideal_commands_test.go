package modeltest

import (
	"reflect"
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
)

// Each command of the ideal answers why it is refused, all reasons, and has its effect where there are none. What only the
// engine can know, ids, comes with the effect.

// publish is what keeps somebody from publishing drafts, all with their defaults.
func (i *ideal) publish(m *member, drafts []mentoring.SlotDraft) codes {
	c := i.mayTakePart(m)
	for n, d := range drafts {
		c.when(i.wrong(m, d), mentoring.InvalidField)
		start, end := d.StartsAt, d.StartsAt.Add(minutes(d.DurationMinutes))
		c.when(i.busy(m, start, end, nil, nil), mentoring.OverlappingSession)
		for _, other := range drafts[:n] {
			otherEnd := other.StartsAt.Add(minutes(other.DurationMinutes))
			c.when(start.Before(otherEnd) && other.StartsAt.Before(end), mentoring.OverlappingSession)
		}
	}
	c.when(len(i.hosted(m))+len(drafts) > i.policy.MaxHosted, mentoring.ActiveLimitReached)
	return c
}

func (i *ideal) published(m *member, d mentoring.SlotDraft, id mentoring.SlotID) {
	i.sessions = append(i.sessions, &session{id: id, host: m, draft: d, status: mentoring.SlotOpen, existing: *d.Capacity})
}

// wrong reports whether a draft breaks a rule of its fields.
func (i *ideal) wrong(m *member, d mentoring.SlotDraft) bool {
	return i.wrongTime(d) || wrongSeats(d) || d.Audience != mentoring.Everyone && m.organisation == ""
}

func (i *ideal) wrongTime(d mentoring.SlotDraft) bool {
	return i.wrongStart(d) || d.StartsAt.Sub(i.now) <= minutes(*d.BookingNoticeMinutes)
}

func (i *ideal) wrongStart(d mentoring.SlotDraft) bool {
	ahead := d.StartsAt.Sub(i.now)
	return ahead < i.policy.EarliestStart || ahead > i.policy.LatestStart
}

// asked reports whether somebody waits for an answer, which a booking cut-off in the past would be.
func asked(bs []*booking) bool {
	return slices.ContainsFunc(bs, func(b *booking) bool { return b.status == mentoring.Requested })
}

func wrongSeats(d mentoring.SlotDraft) bool {
	one := d.Format == mentoring.OneToOne
	return one && *d.Capacity != 1 || !one && (*d.Capacity < 2 || *d.Capacity > mentoring.MaxSeats) ||
		d.MinAttendees != nil && *d.MinAttendees > *d.Capacity
}

// clear: whoever wants a seat finds those free whose requests ran out.
func (i *ideal) clear(s *session) {
	lapsed := slices.ContainsFunc(s.seats, func(b *booking) bool { return i.statusOf(b) == mentoring.Expired })
	if s.full() && lapsed {
		i.settle(s)
	}
}

func (i *ideal) book(m *member, s *session, r mentoring.BookingRequest) (c codes) {
	i.clear(s)
	if !exists(s, m) {
		return codes{mentoring.NotFound}
	}
	c = i.mayHaveSeat(m, s, nil)
	c.when(!r.NoConflict && m.manager == nil, mentoring.InvalidField)
	c.when(r.Mode == "" && len(s.draft.Modes) > 1, mentoring.InvalidField)
	c.when(r.Mode != "" && !slices.Contains(s.draft.Modes, r.Mode), mentoring.ModeNotOffered)
	c.when(s.full() && (!r.JoinWaitlist || len(s.queue) >= i.policy.MaxWaiting), mentoring.SlotFull)
	c.when(s.full() && r.JoinWaitlist && i.asks(m, nil) >= i.policy.MaxAsks, mentoring.RequestLimitReached)
	return c
}

func (i *ideal) booked(m *member, s *session, r mentoring.BookingRequest, id mentoring.BookingID) *booking {
	b := &booking{id: id, in: s, who: m, cancelNotice: minutes(*s.draft.CancelNoticeMinutes), mode: r.Mode}
	if r.Mode == "" {
		b.mode = s.draft.Modes[0]
	}
	if s.full() {
		b.status, b.start, b.end, b.expires = mentoring.Waitlisted, s.start(), s.end(), s.cutOff()
		s.queue = append(s.queue, b)
	} else {
		i.sit(b, s)
	}
	i.bookings = append(i.bookings, b)
	return b
}

// party is what keeps somebody from a command that only one side of a booking has.
func party(b *booking, by, only *member) (c codes) {
	switch by {
	case only:
		return nil
	case b.who, b.in.host:
		return codes{mentoring.Forbidden}
	}
	return codes{mentoring.NotFound}
}

func (i *ideal) approve(b *booking, by *member) codes {
	if c := party(b, by, b.in.host); c != nil {
		return c
	}
	switch i.statusOf(b) {
	case mentoring.Confirmed:
		return nil
	case mentoring.Requested:
	default:
		return codes{mentoring.InvalidTransition}
	}
	c := i.mayTakePart(by)
	c.when(conflict(b.in, b.who), mentoring.ConflictOfInterest)
	c.when(!meant(b.in, b.who), mentoring.AudienceMismatch)
	c.when(i.confirmed(b.who, nil) >= i.policy.MaxUpcoming, mentoring.ActiveLimitReached)
	if c == nil {
		b.status, b.expires = mentoring.Confirmed, time.Time{}
	}
	return c
}

func (i *ideal) decline(b *booking, by *member) codes {
	if c := party(b, by, b.in.host); c != nil {
		return c
	}
	switch i.statusOf(b) {
	case mentoring.Declined:
		return nil
	case mentoring.Requested:
	default:
		return codes{mentoring.InvalidTransition}
	}
	leave(b, mentoring.Declined)
	i.promote(b.in)
	return nil
}

// tooLate reports whether the requester has to stay.
func (i *ideal) tooLate(b *booking) bool {
	deadline := b.start.Add(-b.cancelNotice)
	if b.released {
		deadline = b.start
	}
	return b.status == mentoring.Confirmed && i.passed(deadline)
}

func (i *ideal) cancel(b *booking, by *member) codes {
	switch {
	case by != b.who && by != b.in.host:
		return codes{mentoring.NotFound}
	case i.statusOf(b) == mentoring.Cancelled:
		return nil
	case !i.live(b):
		return codes{mentoring.InvalidTransition}
	case by == b.who && i.tooLate(b):
		return codes{mentoring.TooLateToCancel}
	}
	if by == b.in.host {
		i.strikeWhenLate(b.in, b)
	}
	leave(b, mentoring.Cancelled)
	i.promote(b.in)
	return nil
}

// strikeWhenLate counts a strike against the expert who lets somebody down within the notice.
func (i *ideal) strikeWhenLate(s *session, bs ...*booking) {
	if slices.ContainsFunc(bs, func(b *booking) bool {
		return b.status == mentoring.Confirmed && !b.released && i.passed(b.start.Add(-b.cancelNotice))
	}) {
		s.host.strikes = append(s.host.strikes, i.now)
	}
}

func (i *ideal) move(b *booking, by *member, to *session, m mentoring.Move) codes {
	if c := party(b, by, b.who); c != nil {
		return c
	}
	switch {
	case !i.live(b):
		return codes{mentoring.InvalidTransition}
	case i.tooLate(b):
		return codes{mentoring.TooLateToCancel}
	case to == b.in:
		return codes{mentoring.AlreadyBooked}
	}
	if i.clear(to); !exists(to, b.who) {
		return codes{mentoring.NotFound}
	}
	mode := m.Mode
	if mode == "" {
		mode = b.mode
	}
	c := i.mayHaveSeat(b.who, to, b)
	c.when(to.full(), mentoring.SlotFull)
	c.when(to.host != b.in.host && !m.NoConflict && b.who.manager == nil, mentoring.InvalidField)
	c.when(!slices.Contains(to.draft.Modes, mode), mentoring.ModeNotOffered)
	if c != nil {
		return c
	}
	from := b.in
	leave(b, b.status)
	if from.host == to.host { // who may then give the one in place of the other
		from.given = len(from.seats) > 0
	}
	i.sit(b, to)
	b.mode, b.cancelNotice, b.released, b.told = mode, minutes(*to.draft.CancelNoticeMinutes), false, false
	i.promote(from)
	return nil
}

// hostOnly refuses everybody but the expert.
func (i *ideal) hostOnly(s *session, by *member) codes {
	switch {
	case s.host == by:
		return nil
	case exists(s, by), i.count(by, func(b *booking) bool { return b.in == s }) > 0, i.lapsedIn(by, s):
		return codes{mentoring.Forbidden}
	}
	return codes{mentoring.NotFound}
}

// lapsedIn reports whether somebody's request or wait for the slot ran out and was not cleared away yet: until then they
// may learn of the slot or not.
func (i *ideal) lapsedIn(m *member, s *session) bool {
	return slices.ContainsFunc(slices.Concat(s.seats, s.queue), func(b *booking) bool { return b.who == m && i.live(b) })
}

func (i *ideal) closeSlot(s *session, by *member) codes {
	if c := i.hostOnly(s, by); c != nil {
		return c
	}
	switch {
	case s.status == mentoring.SlotClosed && !i.passed(s.end()):
		return nil
	case s.status != mentoring.SlotOpen || i.passed(s.cutOff()):
		return codes{mentoring.InvalidTransition}
	}
	s.status = mentoring.SlotClosed
	return nil
}

func (i *ideal) cancelSlot(s *session, by *member) codes {
	if c := i.hostOnly(s, by); c != nil {
		return c
	}
	switch i.statusOfSession(s) {
	case mentoring.SlotCancelled:
		return nil
	case mentoring.SlotCompleted, mentoring.SlotExpired:
		return codes{mentoring.InvalidTransition}
	}
	i.lapse(s)
	i.strikeWhenLate(s, s.seats...)
	i.callOff(s)
	return nil
}

// lapse ends the requests that ran out.
func (i *ideal) lapse(s *session) {
	for _, b := range slices.Clone(s.seats) {
		if i.statusOf(b) == mentoring.Expired {
			leave(b, mentoring.Expired)
		}
	}
}

// revise makes what the expert says of a slot another thing.
func (i *ideal) revise(s *session, by *member, after mentoring.SlotDraft) codes {
	if c := i.hostOnly(s, by); c != nil {
		return c
	}
	if status := i.statusOfSession(s); status != mentoring.SlotOpen && status != mentoring.SlotClosed {
		return codes{mentoring.InvalidTransition}
	}
	before := s.draft
	moved := !before.StartsAt.Equal(after.StartsAt) || before.DurationMinutes != after.DurationMinutes
	var c codes
	c.when(wrongSeats(after), mentoring.InvalidField)
	c.when(before.Audience != after.Audience && after.Audience != mentoring.Everyone && by.organisation == "", mentoring.InvalidField)
	holders := slices.DeleteFunc(slices.Clone(s.seats), func(b *booking) bool { return !i.live(b) })
	c.when(*after.Capacity < len(holders), mentoring.InvalidField)
	if len(holders)+len(s.queue) > 0 {
		c.when(frozenDiffers(before, after), mentoring.InvalidField)
		c.when(moved && (i.wrongStart(after) || i.passed(after.StartsAt.Add(-minutes(*after.BookingNoticeMinutes))) && asked(holders)), mentoring.InvalidField)
	} else {
		c.when((moved || *before.BookingNoticeMinutes != *after.BookingNoticeMinutes) && i.wrongTime(after), mentoring.InvalidField)
	}
	end := after.StartsAt.Add(minutes(after.DurationMinutes))
	c.when(moved && i.busy(s.host, after.StartsAt, end, s, nil), mentoring.OverlappingSession)
	for _, b := range holders {
		c.when(moved && i.busy(b.who, after.StartsAt, end, nil, b), mentoring.ParticipantsBusy)
	}
	if c != nil || sameDraft(before, after) {
		return c
	}
	i.lapse(s)
	s.draft, s.existing = after, *after.Capacity
	for _, b := range s.seats {
		if moved {
			b.start, b.end, b.released = s.start(), s.end(), true
		}
		if moved && b.status == mentoring.Requested {
			b.expires = earlier(b.expires, s.cutOff())
		}
	}
	i.promote(s)
	return nil
}

func sameDraft(a, b mentoring.SlotDraft) bool { return reflect.DeepEqual(a, b) }

// frozenDiffers compares what those who booked rely on.
func frozenDiffers(a, b mentoring.SlotDraft) bool {
	return a.Format != b.Format || number64(a.MinAttendees) != number64(b.MinAttendees) || a.Direction != b.Direction ||
		a.Audience != b.Audience || a.Approval != b.Approval || !slices.Equal(a.Modes, b.Modes) ||
		*a.BookingNoticeMinutes != *b.BookingNoticeMinutes || *a.CancelNoticeMinutes != *b.CancelNoticeMinutes
}

func number64(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

func (i *ideal) block(m, other *member, on bool) (c codes) {
	c.when(!m.enrolled, mentoring.ProfileRequired)
	c.when(m == other, mentoring.InvalidField)
	c.when(!other.enrolled, mentoring.NotFound)
	if c == nil {
		m.blocked = slices.DeleteFunc(m.blocked, func(b *member) bool { return b == other })
		if on {
			m.blocked = append(m.blocked, other)
		}
	}
	return c
}

func (i *ideal) assign(m, manager *member, suspended time.Time) (c codes) {
	c.when(!m.enrolled, mentoring.NotFound)
	c.when(manager != nil && (manager == m || !manager.enrolled || slices.Contains(above(manager), m)), mentoring.InvalidField)
	if c == nil {
		m.manager, m.suspended = manager, suspended
	}
	return c
}

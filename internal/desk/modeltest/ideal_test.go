package modeltest

import (
	"slices"
	"time"

	"flashmentoring/internal/mentoring"
)

// ideal is the product as its rules describe it: everything in memory, one thing after the other, and each rule worked
// out from scratch where it is asked for. It keeps no agendas, no counts and no copies.
type ideal struct {
	now      time.Time
	policy   mentoring.Policy
	members  []*member
	sessions []*session
	bookings []*booking
}

// member is a person.
type member struct {
	id           mentoring.PersonID
	organisation string
	enrolled     bool
	groundRules  bool
	cap          int
	capSince     time.Time
	pausedUntil  time.Time
	conflicts    []*member // declared
	blocked      []*member
	manager      *member
	suspended    time.Time // until
	strikes      []time.Time
}

// session is a slot.
type session struct {
	id       mentoring.SlotID
	host     *member
	draft    mentoring.SlotDraft // what the expert says of it now, with all defaults
	status   mentoring.SlotStatus
	seats    []*booking // who holds one
	queue    []*booking // who waits, first come first
	existing int        // seats there are
	given    bool       // somebody has a seat, or had it until just now and those who wait come first
}

// booking is a booking, live or over.
type booking struct {
	id           mentoring.BookingID
	in           *session
	who          *member
	status       mentoring.BookingStatus
	start, end   time.Time
	expires      time.Time
	cancelNotice time.Duration
	mode         mentoring.Mode
	released     bool
	told         bool // of a conflict of interest
}

func (s *session) start() time.Time { return s.draft.StartsAt }
func (s *session) end() time.Time   { return s.start().Add(minutes(s.draft.DurationMinutes)) }
func (s *session) cutOff() time.Time {
	return s.start().Add(-minutes(*s.draft.BookingNoticeMinutes))
}
func (s *session) full() bool { return len(s.seats) >= s.existing }

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

func (i *ideal) passed(t time.Time) bool { return !i.now.Before(t) }

// month is the calendar month of a session, where it takes place.
func (s *session) month() string {
	zone, err := time.LoadLocation(s.draft.TimeZone)
	if err != nil {
		panic(err)
	}
	return s.start().In(zone).Format("2006-01")
}

// statusOf is what a booking is now.
func (i *ideal) statusOf(b *booking) mentoring.BookingStatus {
	switch {
	case b.status == mentoring.Confirmed && i.passed(b.end):
		return mentoring.Completed
	case (b.status == mentoring.Requested || b.status == mentoring.Waitlisted) && i.passed(b.expires):
		return mentoring.Expired
	}
	return b.status
}

func (i *ideal) live(b *booking) bool {
	status := i.statusOf(b)
	return status == mentoring.Confirmed || status == mentoring.Requested || status == mentoring.Waitlisted
}

// statusOfSession is what a slot is now.
func (i *ideal) statusOfSession(s *session) mentoring.SlotStatus {
	switch {
	case s.status == mentoring.SlotCancelled:
		return s.status
	case i.passed(s.start()) && len(s.seats) == 0:
		return mentoring.SlotExpired
	case i.passed(s.end()):
		return mentoring.SlotCompleted
	}
	return s.status
}

// above is the management chain of a member.
func above(m *member) (chain []*member) {
	for boss := m.manager; boss != nil; boss = boss.manager {
		chain = append(chain, boss)
	}
	return chain
}

// conflict: your boss is not your mentor, nor whoever one of you two declared.
func conflict(s *session, m *member) bool {
	return slices.Contains(m.conflicts, s.host) || slices.Contains(s.host.conflicts, m) ||
		slices.Contains(above(m), s.host) ||
		s.draft.Direction != mentoring.Reverse && slices.Contains(above(s.host), m)
}

// meant reports whether somebody belongs to the audience.
func meant(s *session, m *member) bool {
	known := m.organisation != "" && s.host.organisation != ""
	switch s.draft.Audience {
	case mentoring.MyOrganisation:
		return known && m.organisation == s.host.organisation
	case mentoring.OtherOrganisations:
		return known && m.organisation != s.host.organisation
	}
	return true
}

// exists reports whether the slot exists for somebody.
func exists(s *session, m *member) bool {
	apart := slices.Contains(s.host.blocked, m) || slices.Contains(m.blocked, s.host)
	return s.host == m || meant(s, m) && !apart
}

// codes are the reasons why something is refused; none where it is allowed.
type codes []mentoring.Code

func (c *codes) when(broken bool, code mentoring.Code) {
	if broken {
		*c = append(*c, code)
	}
}

// mayTakePart is what keeps somebody from booking and publishing.
func (i *ideal) mayTakePart(m *member) (c codes) {
	c.when(!m.enrolled, mentoring.ProfileRequired)
	c.when(!m.groundRules, mentoring.GroundRulesNeeded)
	c.when(m.suspended.After(i.now), mentoring.Suspended)
	c.when(i.coolsDown(m), mentoring.ReliabilityCooldown)
	return c
}

// coolsDown: so many strikes within the window stop somebody from the last of them on.
func (i *ideal) coolsDown(m *member) bool {
	n := i.policy.StrikesAllowed
	for last := n - 1; last < len(m.strikes); last++ {
		near := m.strikes[last].Sub(m.strikes[last-n+1]) < i.policy.StrikeWindow
		if near && i.now.Before(m.strikes[last].Add(i.policy.Cooldown)) {
			return true
		}
	}
	return false
}

// busy reports whether somebody hosts, attends or asks for another session in that time.
func (i *ideal) busy(m *member, start, end time.Time, but *session, butBooking *booking) bool {
	cross := func(s, e time.Time) bool { return s.Before(end) && start.Before(e) }
	for _, s := range i.sessions {
		if s != but && s.host == m && s.status != mentoring.SlotCancelled && !i.passed(s.end()) && cross(s.start(), s.end()) {
			return true
		}
	}
	return i.count(m, func(b *booking) bool {
		return b != butBooking && i.statusOf(b) != mentoring.Waitlisted && cross(b.start, b.end)
	}) > 0
}

// count counts somebody's live bookings.
func (i *ideal) count(m *member, which func(*booking) bool) int {
	n := 0
	for _, b := range i.bookings {
		if b.who == m && i.live(b) && which(b) {
			n++
		}
	}
	return n
}

func (i *ideal) confirmed(m *member, but *booking) int {
	return i.count(m, func(b *booking) bool { return b != but && b.status == mentoring.Confirmed })
}

// asks are requests and waits that nobody has answered.
func (i *ideal) asks(m *member, but *booking) int {
	return i.count(m, func(b *booking) bool { return b != but && b.status != mentoring.Confirmed })
}

// monthFull reports whether the slot would be one session more than the expert gives in its month. A session that nobody has
// a seat in, but for the booking, is none, nor one that was over before the expert wanted any cap.
func (i *ideal) monthFull(s *session, but *booking) bool {
	sessions := 0
	for _, other := range i.sessions {
		without := but != nil && len(other.seats) == 1 && other.seats[0] == but
		if other.host == s.host && other.month() == s.month() && other.end().After(s.host.capSince) && other.given && !without {
			sessions++
		}
	}
	return s.host.cap > 0 && sessions >= s.host.cap && !s.given
}

// mayHaveSeat is what keeps somebody from a seat, were one free; but is their own booking that the seat is for.
func (i *ideal) mayHaveSeat(m *member, s *session, but *booking) codes {
	c := i.mayTakePart(m)
	c.when(s.host == m, mentoring.OwnSlot)
	c.when(i.count(m, func(b *booking) bool { return b != but && b.in == s }) > 0, mentoring.AlreadyBooked)
	c.when(s.status == mentoring.SlotCancelled, mentoring.CalledOff)
	c.when(s.status == mentoring.SlotClosed, mentoring.NoLongerOpen)
	c.when(i.passed(s.cutOff()), mentoring.TooLateToBook)
	c.when(conflict(s, m), mentoring.ConflictOfInterest)
	c.when(s.host.pausedUntil.After(i.now) || s.host.suspended.After(i.now), mentoring.ExpertPaused)
	c.when(i.monthFull(s, but), mentoring.ExpertCapReached)
	c.when(i.busy(m, s.start(), s.end(), s, but), mentoring.OverlappingSession)
	pair := i.count(m, func(b *booking) bool {
		return b != but && b.in.host == s.host && b.status != mentoring.Waitlisted
	})
	c.when(pair >= i.policy.MaxPerPair || i.confirmed(m, but) >= i.policy.MaxUpcoming, mentoring.ActiveLimitReached)
	c.when(s.draft.Approval == mentoring.OnRequest && i.asks(m, but) >= i.policy.MaxAsks, mentoring.RequestLimitReached)
	return c
}

// sit gives a booking a seat.
func (i *ideal) sit(b *booking, s *session) {
	b.in, b.start, b.end = s, s.start(), s.end()
	b.status, b.expires = mentoring.Confirmed, time.Time{}
	if s.draft.Approval == mentoring.OnRequest {
		b.status, b.expires = mentoring.Requested, earlier(i.now.Add(i.policy.RequestLife), s.cutOff())
	}
	s.seats, s.given = append(s.seats, b), true
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// leave takes a booking out of its slot.
func leave(b *booking, status mentoring.BookingStatus) {
	is := func(other *booking) bool { return other == b }
	b.in.seats = slices.DeleteFunc(slices.Clone(b.in.seats), is)
	b.in.queue = slices.DeleteFunc(slices.Clone(b.in.queue), is)
	b.status = status
}

// promote gives free seats to those who wait, first come first, to each who can take one.
func (i *ideal) promote(s *session) {
	defer func() { s.given = len(s.seats) > 0 }()
	if s.status != mentoring.SlotOpen || i.passed(s.cutOff()) {
		return
	}
	for _, b := range slices.Clone(s.queue) {
		if !s.full() && i.promotable(b) {
			leave(b, mentoring.Waitlisted)
			i.sit(b, s)
		}
	}
}

func (i *ideal) promotable(b *booking) bool {
	return i.live(b) && exists(b.in, b.who) && len(i.mayHaveSeat(b.who, b.in, b)) == 0
}

// settle does for a slot what time has brought about.
func (i *ideal) settle(s *session) {
	over := i.passed(s.cutOff())
	for _, b := range slices.Concat(s.seats, s.queue) {
		switch {
		case b.status == mentoring.Waitlisted && s.status == mentoring.SlotCancelled:
			leave(b, mentoring.Cancelled)
		case i.statusOf(b) == mentoring.Expired:
			leave(b, mentoring.Expired)
		case b.status == mentoring.Waitlisted && (over || s.status == mentoring.SlotClosed):
			leave(b, mentoring.Expired)
		}
	}
	if i.tooFew(s) {
		i.callOff(s)
	}
	i.promote(s)
	for _, b := range s.queue {
		b.start, b.end, b.expires = s.start(), s.end(), s.cutOff()
	}
}

// callOffGrace is how long after its start a session with too few can still be called off.
const callOffGrace = 5 * time.Minute

func (i *ideal) tooFew(s *session) bool {
	sure := 0
	for _, b := range s.seats {
		if b.status == mentoring.Confirmed {
			sure++
		}
	}
	needed := s.draft.MinAttendees
	return needed != nil && sure < *needed && s.status != mentoring.SlotCancelled && i.passed(s.cutOff()) && !i.passed(s.start().Add(callOffGrace))
}

// callOff cancels a slot with all who hold a seat.
func (i *ideal) callOff(s *session) {
	for _, b := range s.seats {
		leave(b, mentoring.Cancelled)
	}
	s.status, s.given = mentoring.SlotCancelled, false
}

// settled reports whether there is nothing left that time or a change has brought about.
func (i *ideal) settled(s *session) bool {
	for _, b := range slices.Concat(s.seats, s.queue) {
		if i.statusOf(b) == mentoring.Expired {
			return false
		}
	}
	for _, b := range s.queue {
		if s.status != mentoring.SlotOpen || i.passed(s.cutOff()) || !s.full() && i.promotable(b) {
			return false
		}
	}
	return !i.tooFew(s)
}

// refresh does what follows from a change to somebody: those who may not meet any more are told, and may leave.
func (i *ideal) refresh(m *member) {
	for _, s := range i.hosted(m) {
		for _, b := range slices.Concat(s.seats, s.queue) {
			i.tell(b)
		}
		i.promote(s)
	}
	for _, b := range i.bookings {
		if b.who == m {
			i.tell(b)
		}
	}
}

func (i *ideal) tell(b *booking) {
	suspended := b.in.host.suspended.After(i.now) || b.who.suspended.After(i.now)
	if i.live(b) && !b.told && (suspended || conflict(b.in, b.who)) {
		b.told, b.released = true, true
	}
}

// hosted are somebody's sessions that lie ahead or are under way, soonest first.
func (i *ideal) hosted(m *member) []*session {
	var all []*session
	for _, s := range i.sessions {
		if s.host == m && s.status != mentoring.SlotCancelled && !i.passed(s.end()) {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b *session) int { return a.start().Compare(b.start()) })
	return all
}

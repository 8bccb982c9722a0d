package mentoring

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Case is all that was loaded for a decision about a slot: its state, and the bookings and people the decision may touch. What
// a decision misses in it, it takes for a sign that the state was not read at one instant ([ErrTorn]).
type Case struct {
	State    SlotState
	Bookings map[BookingID]Booking
	People   map[PersonID]Viewer
	// Months are those of experts with a cap, by name, as far as the state's expert is concerned.
	Months map[string]Month
}

// Changes are what a decision changes: each record as it is to be stored, at the version it was read at (0: new). They
// are stored together or not at all.
type Changes struct {
	// Slots changed themselves. All seats of theirs are in Seats, and say of which version of the slot they are.
	Slots    []Slot
	Seats    []Seat
	Bookings []Booking
	Joined   []Waiter
	Left     []Waiter
	Agendas  map[PersonID]Agenda
	Months   []Month
	// Surveys, Takeaways, Debriefs and Tasks are what was written about a booking after its session.
	Surveys   []Survey
	Takeaways []Takeaways
	Debriefs  []Debrief
	Tasks     []Tasks
	Events    []Event
	// Wakes are when somebody must look at a slot, because time will have changed something.
	Wakes []Wake
	// More: not all that was to do was done, because one commit cannot hold it. Decide again afterwards.
	More bool
}

// Wake says when to look at a slot. For names a booking where the time is its own.
type Wake struct {
	Slot SlotID
	At   time.Time
	For  BookingID
}

// None reports whether nothing changes.
func (c Changes) None() bool {
	return len(c.Slots)+len(c.Seats)+len(c.Bookings)+len(c.Joined)+len(c.Left)+
		len(c.Agendas)+len(c.Months)+len(c.Events)+len(c.Wakes)+
		len(c.Surveys)+len(c.Takeaways)+len(c.Debriefs)+len(c.Tasks) == 0
}

// Booking is the booking as it is once the changes are stored: with the version it will have.
func (c Changes) Booking(id BookingID) (Booking, bool) {
	i := slices.IndexFunc(c.Bookings, func(b Booking) bool { return b.ID == id })
	if i < 0 {
		return Booking{}, false
	}
	b := c.Bookings[i]
	b.Version++
	return b, true
}

// hearing works one decision out, on copies of what was loaded. Whatever a step changes, later steps find changed.
type hearing struct {
	policy   Policy
	now      time.Time
	bookings map[BookingID]Booking
	read     map[BookingID]Booking // those that are stored, as they were read
	people   map[PersonID]Viewer
	out      Changes
	err      error // the first thing that was missing

	seats  map[seatKey]Seat
	months map[monthKey]Month
	counts map[monthKey][]SlotID // of the months as they were read
}

type (
	seatKey struct {
		slot   SlotID
		number int
	}
	monthKey struct {
		expert PersonID
		name   string
	}
)

// hear begins a decision. The state is the one it works on.
func hear(c Case, p Policy, now time.Time) (*hearing, *SlotState) {
	h := &hearing{
		policy: p, now: now, bookings: maps.Clone(c.Bookings), read: map[BookingID]Booking{}, people: maps.Clone(c.People),
		seats: map[seatKey]Seat{}, months: map[monthKey]Month{}, counts: map[monthKey][]SlotID{},
		out: Changes{Agendas: map[PersonID]Agenda{}},
	}
	if h.people == nil {
		h.people = map[PersonID]Viewer{}
	}
	if h.bookings == nil {
		h.bookings = map[BookingID]Booking{}
	}
	return h, h.admit(c)
}

// admit adds a slot, and what was loaded for it alone.
func (h *hearing) admit(c Case) *SlotState {
	for name, m := range c.Months {
		m.Expert, m.Name = c.State.Slot.Host.ID, name
		h.months[monthKey{m.Expert, name}] = m
		h.counts[monthKey{m.Expert, name}] = m.Slots
	}
	if !c.State.whole() {
		h.err = ErrTorn
	}
	s := c.State
	s.Seats, s.Waiters = slices.Clone(s.Seats), slices.Clone(s.Waiters)
	return &s
}

// result is what the decision changes, in an order that depends on nothing but the changes.
func (h *hearing) result() (Changes, error) {
	if h.err != nil {
		return Changes{}, h.err
	}
	for _, key := range slices.SortedFunc(maps.Keys(h.seats), func(a, b seatKey) int {
		return cmp.Or(cmp.Compare(a.slot, b.slot), cmp.Compare(a.number, b.number))
	}) {
		h.out.Seats = append(h.out.Seats, h.seats[key])
	}
	// A slot that was left, and given to somebody else at once, counts as before.
	h.out.Months = slices.DeleteFunc(h.out.Months, func(m Month) bool { return slices.Equal(m.Slots, h.counts[monthKey{m.Expert, m.Name}]) })
	if len(h.out.Agendas) == 0 {
		h.out.Agendas = nil
	}
	return h.out, nil
}

func (h *hearing) announce(e Event) { h.announceAt(h.now, e) }

// announceAt announces what is to be looked at from a time on.
func (h *hearing) announceAt(at time.Time, e Event) {
	e.At = at
	h.out.Events = append(h.out.Events, e)
}

func (h *hearing) store(b Booking) {
	at := slices.IndexFunc(h.out.Bookings, func(old Booking) bool { return old.ID == b.ID })
	if at < 0 {
		h.read[b.ID] = h.bookings[b.ID]
	}
	b = b.inPlaceOf(h.read[b.ID])
	h.bookings[b.ID] = b
	if at < 0 {
		h.out.Bookings = append(h.out.Bookings, b)
	} else {
		h.out.Bookings[at] = b
	}
}

// booking is one that the state names.
func (h *hearing) booking(id BookingID) Booking {
	b, ok := h.bookings[id]
	if !ok {
		h.err = ErrTorn
	}
	return b
}

// agenda is what somebody has in hand now.
func (h *hearing) agenda(who PersonID) Agenda {
	v, ok := h.people[who]
	if !ok {
		h.err = ErrTorn
	}
	return v.Agenda.From(h.now)
}

func (h *hearing) setAgenda(who PersonID, a Agenda) {
	v := h.people[who]
	v.Agenda = a
	h.people[who] = v
	h.out.Agendas[who] = a
}

// setSeat writes a seat of the state.
func (h *hearing) setSeat(s *SlotState, seat Seat) {
	at := slices.IndexFunc(s.Seats, func(old Seat) bool { return old.Number == seat.Number })
	s.Seats[at] = seat
	h.seats[seatKey{seat.Slot, seat.Number}] = seat
}

// count keeps the month of an expert with a cap, after seats of the state were taken or freed, and reports whether it changed.
// What makes it change must be among the seats that are written: see touch.
func (h *hearing) count(s *SlotState, month string, counts bool) (changed bool) {
	if s.Slot.Host.MonthlyCap == 0 {
		return false
	}
	key := monthKey{s.Slot.Host.ID, month}
	m, changed := h.month(key).counting(s.Slot.ID, counts)
	if !changed {
		return false
	}
	h.months[key] = m
	h.out.Months = slices.DeleteFunc(h.out.Months, func(old Month) bool { return old.Expert == m.Expert && old.Name == m.Name })
	h.out.Months = append(h.out.Months, m)
	return true
}

// touch writes all seats as they are: whoever takes or frees one meanwhile, thinking of the expert's month as it was, finds it
// changed.
func (h *hearing) touch(s *SlotState) {
	for _, seat := range slices.Clone(s.Seats) {
		h.setSeat(s, seat)
	}
}

func (h *hearing) month(key monthKey) Month {
	m, ok := h.months[key]
	if !ok {
		h.err = ErrTorn
	}
	return m
}

// occupancy is what a booking of the slot depends on beside it.
func (h *hearing) occupancy(s *SlotState) Occupancy {
	o := s.Occupancy(false)
	if s.Slot.Host.MonthlyCap > 0 {
		o.MonthFull = h.month(monthKey{s.Slot.Host.ID, s.Slot.Month()}).Full(s.Slot)
	}
	return o
}

// seat gives a booking a seat of the slot: as the requester's own, or held for them until the expert answers.
func (h *hearing) seat(s *SlotState, b Booking, draw uint64) Booking {
	seat, ok := s.freeSeat(draw)
	if !ok {
		h.err = ErrTorn
		return b
	}
	b = b.seatedIn(s.Slot, seat.Number, h.policy, h.now)
	seat.Holder, seat.Booking, seat.Until = b.Requester.ID, b.ID, b.ExpiresAt
	h.setSeat(s, seat)
	h.count(s, s.Slot.Month(), true)
	h.setAgenda(b.Requester.ID, h.agenda(b.Requester.ID).without(b.ID).with(b.engagement()))
	return b
}

// release takes a booking out of the slot: its seat is free, or its place in the waiting list gone, and the requester's
// time is theirs again.
func (h *hearing) release(s *SlotState, b Booking) {
	if b.Status == Waitlisted {
		h.leave(s, b.ID)
	} else if seat, ok := s.SeatOf(b.ID); ok {
		seat.Holder, seat.Booking, seat.Until = "", "", time.Time{}
		h.setSeat(s, seat)
	} else {
		h.err = ErrTorn
	}
	switch has := h.people[b.Requester.ID].Agenda.names(b.ID); {
	case has:
		h.setAgenda(b.Requester.ID, h.agenda(b.Requester.ID).without(b.ID))
	case b.Live(h.now): // what time ended may be gone from the agenda already, but not this
		h.err = ErrTorn
	}
}

// leave takes a booking off the waiting list.
func (h *hearing) leave(s *SlotState, id BookingID) {
	at := slices.IndexFunc(s.Waiters, func(w Waiter) bool { return w.Booking == id })
	if at < 0 {
		h.err = ErrTorn
		return
	}
	h.out.Left = append(h.out.Left, s.Waiters[at])
	s.Waiters = slices.Delete(s.Waiters, at, at+1)
}

// settle ends what freeing seats begins: those who wait get them, and the expert's month counts the slot or not.
func (h *hearing) settle(s *SlotState) {
	h.promote(s)
	if h.count(s, s.Slot.Month(), s.Taken() > 0) {
		h.touch(s)
	}
}

// end makes a booking one that is over, with what it had in the slot given back.
func (h *hearing) end(s *SlotState, b Booking, status BookingStatus, e Ending, action StepAction) Booking {
	h.release(s, b)
	e.At = h.now
	if status == Expired && b.ExpiresAt.Before(h.now) {
		e.At = b.ExpiresAt // it ended then, whoever notices when
	}
	b.Status, b.Ended, b.ExpiresAt = status, e, time.Time{}
	b = b.step(action, e.By, e.At)
	h.store(b)
	return b
}

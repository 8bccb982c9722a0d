package mentoring_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// world is the product in memory: records as storage keeps them, each at a version, written all or none. It stores whatever
// decisions change, and tells everybody at once.
type world struct {
	t       failer
	now     time.Time
	policy  mentoring.Policy
	present records
	past    []records // as they were before the latest commits, latest last
	draw    func() uint64
	// unprotected: versions are not looked at, so that the last to write wins.
	unprotected bool
	made        int // ids given
	mailbox     mailbox
	later       []mentoring.Event // those whose time has not come
	late        *post             // takes the events in place of the mailbox, where there is one
	answered    map[mentoring.Code]int
}

// failer is a test, by itself or within a property.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// records are all there are at one instant. They are never written to: a commit makes others.
type records struct {
	people   map[mentoring.PersonID]mentoring.Person
	agendas  map[mentoring.PersonID]mentoring.Agenda
	slots    map[mentoring.SlotID]mentoring.Slot
	seats    map[seatKey]mentoring.Seat
	waiters  map[mentoring.BookingID]mentoring.Waiter
	bookings map[mentoring.BookingID]mentoring.Booking
	months   map[monthKey]mentoring.Month
	papers   map[mentoring.BookingID]mentoring.Papers // but for the booking in them
}

type seatKey struct {
	slot   mentoring.SlotID
	number int
}

type monthKey struct {
	expert mentoring.PersonID
	name   string
}

func (r records) clone() records {
	return records{
		maps.Clone(r.people), maps.Clone(r.agendas), maps.Clone(r.slots), maps.Clone(r.seats),
		maps.Clone(r.waiters), maps.Clone(r.bookings), maps.Clone(r.months), maps.Clone(r.papers),
	}
}

func newWorld(t failer, people ...mentoring.Person) *world {
	w := &world{
		t: t, now: noon, policy: policy, draw: func() uint64 { return 0 }, answered: map[mentoring.Code]int{},
		mailbox: newMailbox(),
		present: records{
			people: map[mentoring.PersonID]mentoring.Person{}, agendas: map[mentoring.PersonID]mentoring.Agenda{},
			slots: map[mentoring.SlotID]mentoring.Slot{}, seats: map[seatKey]mentoring.Seat{},
			waiters: map[mentoring.BookingID]mentoring.Waiter{}, bookings: map[mentoring.BookingID]mentoring.Booking{},
			months: map[monthKey]mentoring.Month{}, papers: map[mentoring.BookingID]mentoring.Papers{},
		},
	}
	for _, p := range people {
		w.present.people[p.ID] = p
	}
	return w
}

// state is a slot as it is.
func (w *world) state(id mentoring.SlotID) mentoring.SlotState { return w.present.state(id) }

func (r records) state(id mentoring.SlotID) mentoring.SlotState {
	var seats []mentoring.Seat
	for number := 1; number <= mentoring.MaxSeats; number++ {
		if seat, ok := r.seats[seatKey{id, number}]; ok {
			seats = append(seats, seat)
		}
	}
	var waiters []mentoring.Waiter
	for _, waiter := range r.waiters {
		if waiter.Slot == id {
			waiters = append(waiters, waiter)
		}
	}
	slices.SortFunc(waiters, func(a, b mentoring.Waiter) int {
		if at := a.Since.Compare(b.Since); at != 0 {
			return at
		}
		return strings.Compare(string(a.Booking), string(b.Booking))
	})
	return mentoring.NewState(r.slots[id], spare(seats), spare(waiters))
}

// spare is a slice with room behind its end, that a careless append would write into.
func spare[T any](s []T) []T { return slices.Grow(s, len(s)+3) }

func (r records) viewer(id mentoring.PersonID) mentoring.Viewer {
	a := r.agendas[id]
	a.Engagements, a.Strikes = spare(slices.Clone(a.Engagements)), spare(slices.Clone(a.Strikes))
	return mentoring.Viewer{Person: r.people[id], Agenda: a}
}

func (w *world) viewer(id mentoring.PersonID) mentoring.Viewer { return w.present.viewer(id) }

// caseOf is everything there is, around one slot.
func (w *world) caseOf(id mentoring.SlotID) mentoring.Case { return w.present.caseOf(id) }

func (r records) caseOf(id mentoring.SlotID) mentoring.Case {
	c := caseOf(r.state(id))
	for person := range r.people {
		c.People[person] = r.viewer(person)
	}
	for booking, b := range r.bookings {
		b.History = spare(slices.Clone(b.History))
		c.Bookings[booking] = b
	}
	c.Months = r.monthsOf(c.State.Slot)
	return c
}

// monthsOf are the months of a slot's expert, around the present.
func (r records) monthsOf(s mentoring.Slot) map[string]mentoring.Month {
	months := map[string]mentoring.Month{}
	for n := -1; n < 8; n++ {
		name := noon.AddDate(0, n, 0).Format("2006-01")
		m := r.months[monthKey{s.Host.ID, name}]
		m.Slots = spare(slices.Clone(m.Slots))
		months[name] = m
	}
	return months
}

// commit stores changes, all or none: it reports whether every record was at the version it was read at.
func (w *world) commit(c mentoring.Changes) bool {
	next := w.present.clone()
	if !next.write(c) && !w.unprotected {
		return false
	}
	w.past = append(w.past, w.present)
	w.present = next
	return true
}

func (r records) write(c mentoring.Changes) bool {
	fits := true
	check := func(stored, read int64) { fits = fits && stored == read }
	for _, s := range c.Slots {
		check(r.slots[s.ID].Version, s.Version)
		s.Version++
		r.slots[s.ID] = s
	}
	for _, s := range c.Seats {
		at := seatKey{s.Slot, s.Number}
		check(r.seats[at].Version, s.Version)
		s.Version++
		r.seats[at] = s
	}
	for _, b := range c.Bookings {
		check(r.bookings[b.ID].Version, b.Version)
		b.Version++
		r.bookings[b.ID] = b
	}
	for _, waiter := range c.Left {
		check(r.waiters[waiter.Booking].Version, waiter.Version)
		delete(r.waiters, waiter.Booking)
	}
	for _, waiter := range c.Joined {
		check(r.waiters[waiter.Booking].Version, waiter.Version)
		waiter.Version++
		r.waiters[waiter.Booking] = waiter
	}
	for who, a := range c.Agendas {
		check(r.agendas[who].Version, a.Version)
		a.Version++
		r.agendas[who] = a
	}
	for _, m := range c.Months {
		at := monthKey{m.Expert, m.Name}
		check(r.months[at].Version, m.Version)
		m.Version++
		r.months[at] = m
	}
	return r.writePapers(c) && fits
}

// do makes a decision on the present and stores it.
func (w *world) do(slot mentoring.SlotID, decide command) (mentoring.Changes, error) {
	return w.attempt(func(r records) (mentoring.Changes, error) { return watched(w.t, decide)(r.caseOf(slot)) })
}

func (w *world) attempt(decide func(records) (mentoring.Changes, error)) (mentoring.Changes, error) {
	c, err := decide(w.present)
	return c, w.settled(c, err)
}

// settled stores a decision that was made on the present.
func (w *world) settled(c mentoring.Changes, err error) error {
	w.answered[codeOf(err)]++
	if err != nil {
		if !c.None() {
			w.t.Fatalf("a refusal comes with changes: %v, %+v", err, c)
		}
		return err
	}
	before := w.present
	if !w.commit(c) {
		w.t.Fatalf("changes are not at the versions that were read: %+v", c)
	}
	w.told(before, c)
	return nil
}

func (w *world) told(before records, c mentoring.Changes) {
	if n := writes(c); n > maxWrites {
		w.t.Fatalf("%d writes do not fit one commit: %+v", n, c)
	}
	checkAnnounced(w.t, before, c)
	for _, e := range c.Events {
		if e.At.After(w.now) {
			w.later = append(w.later, e)
			continue
		}
		if w.late != nil {
			w.late.take(e)
			continue
		}
		w.mailbox.deliver(w.t, w.news(e), w.policy, w.now)
	}
}

// maxWrites is what one transaction holds.
const maxWrites = 100

// writes counts the records of a commit: those of the changes, what browsing shows of a slot or two, and the answer kept for
// an idempotency key.
func writes(c mentoring.Changes) int {
	shown := 1
	if len(c.Slots) > 0 {
		shown = len(c.Slots)
	}
	return len(c.Slots) + len(c.Seats) + len(c.Bookings) + len(c.Joined) + len(c.Left) + len(c.Agendas) + len(c.Months) +
		len(c.Surveys) + len(c.Takeaways) + len(c.Debriefs) + len(c.Tasks) + len(c.Events) + len(c.Wakes) + shown + 1
}

// news is an event, with the state as it is.
func (w *world) news(e mentoring.Event) mentoring.News {
	n := mentoring.News{
		Event: e, State: w.state(e.Slot), People: map[mentoring.PersonID]mentoring.Viewer{},
		Papers: map[mentoring.BookingID]mentoring.Papers{},
	}
	if e.From != "" {
		n.Left = w.state(e.From)
	}
	for _, id := range e.Bookings {
		n.Bookings = append(n.Bookings, w.present.bookings[id])
		if e.Kind.OfPapers() {
			n.Papers[id] = w.present.papersOf(id)
		}
	}
	for id := range w.present.people {
		n.People[id] = w.viewer(id)
	}
	return n
}

// nextBooking and nextSlot are ids that nobody has.
func (w *world) nextBooking() mentoring.BookingID {
	w.made++
	return mentoring.NewBookingID([16]byte{14: byte(w.made >> 8), 15: byte(w.made)})
}

func (w *world) nextSlot() mentoring.SlotID {
	w.made++
	return mentoring.NewSlotID([16]byte{14: byte(w.made >> 8), 15: byte(w.made)})
}

// at moves the clock.
func (w *world) at(now time.Time) *world {
	w.now = now
	return w
}

// change makes somebody another, without anybody being told yet; their agenda changes too, as all that a booking rests on
// changes it.
func (w *world) change(id mentoring.PersonID, how func(*mentoring.Person)) {
	next := w.present.clone()
	p, a := next.people[id], next.agendas[id]
	how(&p)
	p.Version++
	a.Version++
	next.people[id], next.agendas[id] = p, a
	w.past, w.present = append(w.past, w.present), next
}

// crowd are so many people of different organisations.
func crowd(n int) []mentoring.Person {
	all := make([]mentoring.Person, n)
	for i := range all {
		all[i] = person(fmt.Sprint("Person ", i), fmt.Sprintf("p%d@org%d.example", i, i))
	}
	return all
}

var (
	_ failer = (*testing.T)(nil)
	_ failer = (*rapid.T)(nil)
)

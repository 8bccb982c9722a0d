package modeltest

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/anishathalye/porcupine"

	"flashmentoring/internal/mentoring"
)

// groupSlots is how many slots lie in a group. A move stays in its group and people in theirs, so groups can be looked at
// one by one.
const groupSlots = 4

// capacities are those of the slots of a group.
var capacities = [groupSlots]int{1, 1, 2, 3}

// verb is what a client does.
type verb string

const (
	book        verb = "book"
	wait        verb = "book or wait" // with joinWaitlist
	cancel      verb = "cancel"
	move        verb = "move"
	readSlot    verb = "read slot"
	readBooking verb = "read booking"
	tend        verb = "tend" // what the clock and the mailer do for a slot
)

// input is what a client asked for.
type input struct {
	verb    verb
	group   int
	slot    int // in the group
	person  int // in the group
	booking mentoring.BookingID
}

// output is what it was told.
type output struct {
	code           mentoring.Code // of a refusal
	booking        mentoring.BookingID
	slot           int
	status         mentoring.BookingStatus
	since          int64 // when the booking was asked for, by the desk's clock
	taken, waiting int
}

// entry is a live booking: of a seat or of a place in the waiting list.
type entry struct {
	booking mentoring.BookingID
	person  int
	since   int64
}

// places are the live bookings of one slot.
type places struct {
	seats []entry // by id
	queue []entry // first come first, by when they asked
}

// group is the state of four slots. It is never changed, only copied.
type group [groupSlots]places

// order is the sequential desk: what each answer must be if requests came one after the other. A seat that becomes free
// goes to the first who waits, in the same step.
var order = porcupine.Model{
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		groups := map[int][]porcupine.Operation{}
		for _, o := range history {
			groups[o.Input.(input).group] = append(groups[o.Input.(input).group], o)
		}
		return slices.Collect(maps.Values(groups))
	},
	Init: func() any { return group{} },
	Step: func(state, in, out any) (bool, any) { return state.(group).step(in.(input), out.(output)) },
	Equal: func(a, b any) bool {
		x, y := a.(group), b.(group)
		for i := range x {
			if !slices.Equal(x[i].seats, y[i].seats) || !slices.Equal(x[i].queue, y[i].queue) {
				return false
			}
		}
		return true
	},
	Hash: func(state any) uint64 {
		h := fnv.New64a()
		for _, p := range state.(group) {
			for _, list := range [][]entry{p.seats, p.queue} {
				for _, e := range list {
					h.Write([]byte(e.booking))
				}
				h.Write([]byte{0})
			}
		}
		return h.Sum64()
	},
	DescribeOperation: func(in, out any) string {
		i, o := in.(input), out.(output)
		return fmt.Sprintf("%s: slot %d, person %d, %.9s -> %s %.9s slot %d %s %d/%d", i.verb, i.slot, i.person, i.booking, o.code, o.booking, o.slot, o.status, o.taken, o.waiting)
	},
	DescribeState: func(state any) string { return fmt.Sprintf("%+v", state) },
}

// step reports whether the answer is right, and what the state is afterwards.
func (g group) step(in input, out output) (right bool, after group) {
	if out.code == mentoring.Busy {
		return true, g // nothing was done; only the control has such answers
	}
	switch in.verb {
	case book, wait:
		return g.book(in, out)
	case cancel:
		return g.cancel(in, out)
	case move:
		return g.move(in, out)
	case readSlot:
		return out.code == "" && out.taken == len(g[in.slot].seats) && out.waiting == len(g[in.slot].queue), g
	case readBooking:
		slot, _, status := g.find(in.booking)
		return out.code == "" && out.status == status && (status == mentoring.Cancelled || out.slot == slot), g
	case tend:
		return out.code == "", g.promote(in.slot)
	}
	panic("no such verb: " + in.verb)
}

func (g group) full(slot int) bool { return len(g[slot].seats) == capacities[slot] }

func (g group) book(in input, out output) (bool, group) {
	if b, booked := g.of(in.person, in.slot); booked {
		return out.code == mentoring.AlreadyBooked && out.booking == b, g
	}
	e := entry{booking: out.booking, person: in.person, since: out.since}
	switch {
	case !g.full(in.slot):
		return out.code == "" && out.status == mentoring.Confirmed, g.seated(in.slot, e)
	case in.verb == wait:
		return out.code == "" && out.status == mentoring.Waitlisted, g.queued(in.slot, e)
	}
	return out.code == mentoring.SlotFull, g
}

func (g group) cancel(in input, out output) (bool, group) {
	right := out.code == "" && out.status == mentoring.Cancelled
	slot, _, status := g.find(in.booking)
	if status == mentoring.Cancelled {
		return right, g
	}
	return right, g.without(slot, in.booking).promote(slot)
}

func (g group) move(in input, out output) (bool, group) {
	from, e, status := g.find(in.booking)
	if status == mentoring.Cancelled {
		return out.code == mentoring.InvalidTransition, g
	}
	if b, booked := g.of(in.person, in.slot); booked { // this one, or another one
		return out.code == mentoring.AlreadyBooked && out.booking == b, g
	}
	if g.full(in.slot) {
		return out.code == mentoring.SlotFull, g
	}
	right := out.code == "" && out.status == mentoring.Confirmed && out.slot == in.slot
	return right, g.seated(in.slot, e).without(from, in.booking).promote(from)
}

// promote gives free seats to those who wait, first come first.
func (g group) promote(slot int) group {
	for !g.full(slot) && len(g[slot].queue) > 0 {
		first := g[slot].queue[0]
		g = g.without(slot, first.booking).seated(slot, first)
	}
	return g
}

// find is where a live booking is; one that is nowhere was cancelled, for clients know a booking from an answer only.
func (g group) find(b mentoring.BookingID) (slot int, e entry, status mentoring.BookingStatus) {
	for slot, p := range g {
		for _, e := range p.seats {
			if e.booking == b {
				return slot, e, mentoring.Confirmed
			}
		}
		for _, e := range p.queue {
			if e.booking == b {
				return slot, e, mentoring.Waitlisted
			}
		}
	}
	return 0, entry{}, mentoring.Cancelled
}

// of is somebody's live booking in a slot.
func (g group) of(person, slot int) (mentoring.BookingID, bool) {
	for _, list := range [][]entry{g[slot].seats, g[slot].queue} {
		for _, e := range list {
			if e.person == person {
				return e.booking, true
			}
		}
	}
	return "", false
}

func (g group) seated(slot int, e entry) group {
	at := slices.IndexFunc(g[slot].seats, func(other entry) bool { return e.booking < other.booking })
	g[slot].seats = inserted(g[slot].seats, at, e)
	return g
}

func (g group) queued(slot int, e entry) group {
	at := slices.IndexFunc(g[slot].queue, func(other entry) bool { return e.since < other.since })
	g[slot].queue = inserted(g[slot].queue, at, e)
	return g
}

// inserted is a new list with the entry before the place, at the end where that is negative.
func inserted(list []entry, at int, e entry) []entry {
	if at < 0 {
		at = len(list)
	}
	return slices.Insert(slices.Clone(list), at, e)
}

func (g group) without(slot int, b mentoring.BookingID) group {
	is := func(e entry) bool { return e.booking == b }
	g[slot].seats = slices.DeleteFunc(slices.Clone(g[slot].seats), is)
	g[slot].queue = slices.DeleteFunc(slices.Clone(g[slot].queue), is)
	return g
}

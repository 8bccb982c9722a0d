package simulation

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// applied is told of every commit, at the moment it takes effect. What must hold at every moment is looked at here, of
// all that the commit touched.
func (w *world) applied(t *task, writes []table.Write) {
	w.commits++
	slots, people, before := map[mentoring.SlotID]bool{}, map[mentoring.PersonID]bool{}, map[mentoring.BookingID]mentoring.Booking{}
	ended := map[mentoring.SlotID]mentoring.SlotStatus{}
	var told []mentoring.Event
	for _, write := range writes {
		if write.Action == table.Check {
			continue
		}
		kind, id, _ := strings.Cut(write.Record.PK, "#")
		switch {
		case isLedger(write.Record.Key):
		case kind == "SLOT":
			slots[mentoring.SlotID(id)] = true
			ended[mentoring.SlotID(id)] = w.books.slots[mentoring.SlotID(id)].Status
		case kind == "PERSON":
			people[mentoring.PersonID(id)] = true
		case write.Record.SK == "BOOKING":
			before[mentoring.BookingID(id)] = w.books.bookings[mentoring.BookingID(id)]
		case kind == "OUTBOX" && write.Action == table.Put:
			told = append(told, decoded[row](write.Record).Event)
			w.stream.heard(write.Record.Key)
		}
	}
	w.checkHandled(t, writes)
	w.post.recorded(writes)
	w.made(t, writes)
	w.books.apply(writes)
	for id, was := range before {
		b := w.books.bookings[id]
		people[b.Requester.ID], slots[b.Slot] = true, true
		if was.Slot != "" {
			slots[was.Slot] = true
		}
		w.checkAnnounced(was, b, told)
		w.testified[id] = w.testified[id] || b.After.Attendance != (mentoring.Attendance{})
		w.touch(t, string(id))
	}
	for _, id := range slices.Sorted(maps.Keys(slots)) {
		s := w.books.slots[id]
		people[s.Host.ID] = true
		if was := ended[id]; was != "" && was != s.Status && !slices.ContainsFunc(told, func(e mentoring.Event) bool { return e.Slot == id }) {
			w.wrong("slot %s became %s, and no row says so", id, s.Status)
		}
		w.checkSlot(id)
		w.touch(t, string(id))
	}
	for _, who := range slices.Sorted(maps.Keys(people)) {
		w.checkAgenda(who)
		w.touch(t, string(who))
	}
}

// seated are the statuses of bookings that have a seat.
var seated = []mentoring.BookingStatus{mentoring.Confirmed, mentoring.Requested, mentoring.Completed}

// checkSlot wants no seat sold twice, nor more than there are, and each seat and place on the waiting list to be what a booking
// says, and the other way round.
func (w *world) checkSlot(id mentoring.SlotID) {
	s, places := w.books.state(id), 0
	if s.Slot.ID == "" {
		w.wrong("seats without a slot: %s", id)
		return
	}
	held := map[mentoring.BookingID]bool{}
	for _, seat := range s.Seats {
		if !seat.Gone {
			places++
		}
		if seat.Of != s.Slot.Version {
			w.wrong("seat %d is of version %d of slot %s, which is at %d", seat.Number, seat.Of, id, s.Slot.Version)
		}
		if seat.Booking == "" {
			continue
		}
		b := w.books.bookings[seat.Booking]
		if seat.Gone || held[seat.Booking] || b.Slot != id || b.Seat != seat.Number || b.Requester.ID != seat.Holder ||
			!b.ExpiresAt.Equal(seat.Until) || !slices.Contains(seated, b.Status) || !b.StartsAt.Equal(s.Slot.StartsAt) ||
			b.DurationMinutes != s.Slot.DurationMinutes {
			w.wrong("seat %+v is held by booking %s: %s in slot %s, seat %d, at %v", seat, b.ID, b.Status, b.Slot, b.Seat, b.StartsAt)
		}
		held[seat.Booking] = true
	}
	if places != s.Slot.Capacity || s.Taken() > places {
		w.wrong("%d of %d seats of slot %s are taken, with a capacity of %d", s.Taken(), places, id, s.Slot.Capacity)
	}
	waits, live := map[mentoring.BookingID]bool{}, map[mentoring.PersonID]mentoring.BookingID{}
	for _, waiter := range s.Waiters {
		waits[waiter.Booking] = true
		if b := w.books.bookings[waiter.Booking]; b.Status != mentoring.Waitlisted || b.Slot != id || b.Requester.ID != waiter.Person {
			w.wrong("somebody waits for slot %s with booking %s, which is %s", id, b.ID, b.Status)
		}
	}
	for _, b := range w.books.bookings {
		if b.Slot != id {
			continue
		}
		if held[b.ID] != slices.Contains(seated, b.Status) || waits[b.ID] != (b.Status == mentoring.Waitlisted) {
			w.wrong("booking %s is %s; it has a seat: %v, and waits: %v", b.ID, b.Status, held[b.ID], waits[b.ID])
		}
		if last := b.History[len(b.History)-1]; last.Status != b.Status {
			w.wrong("the history of %s ends with %s, and it is %s", b.ID, last.Status, b.Status)
		}
		if b.Live(w.now()) {
			if other := live[b.Requester.ID]; other != "" {
				w.wrong("%s and %s are two live bookings of one person and slot", b.ID, other)
			}
			live[b.Requester.ID] = b.ID
		}
	}
}

// checkAgenda wants the agenda of somebody to be what they host and have in hand, no two sessions at one time, and no more
// than one can have.
func (w *world) checkAgenda(who mentoring.PersonID) {
	now := w.now()
	var want []mentoring.Engagement
	for _, s := range w.books.slots {
		if s.Host.ID == who && s.Status != mentoring.SlotCancelled && now.Before(s.EndsAt()) {
			want = append(want, mentoring.Engagement{Slot: s.ID, Start: s.StartsAt, End: s.EndsAt()})
		}
	}
	for _, b := range w.books.bookings {
		if b.Requester.ID == who && b.Live(now) && now.Before(b.EndsAt()) {
			want = append(want, mentoring.Engagement{
				Slot: b.Slot, Booking: b.ID, With: b.Expert.ID, Start: b.StartsAt, End: b.EndsAt(), Status: b.Status, Until: b.ExpiresAt,
			})
		}
	}
	got := w.books.agendas[who].From(now).Engagements
	byTime := func(a, b mentoring.Engagement) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Booking, b.Booking))
	}
	slices.SortFunc(want, byTime)
	slices.SortFunc(got, byTime)
	if !slices.EqualFunc(want, got, sameEngagement) {
		w.wrong("the agenda of %s (-slots and bookings +agenda):\n%s", w.nameOf(who), gocmp.Diff(want, got))
	}
	confirmed, asks, hosted, with := 0, 0, 0, map[mentoring.PersonID]int{}
	for i, e := range want {
		switch e.Status {
		case "":
			hosted++
		case mentoring.Confirmed:
			confirmed++
			with[e.With]++
		case mentoring.Requested:
			asks++
			with[e.With]++
		case mentoring.Waitlisted:
			asks++
			continue
		}
		for _, other := range want[:i] {
			if other.Status != mentoring.Waitlisted && e.Start.Before(other.End) && other.Start.Before(e.End) {
				w.wrong("%s is in two places: %+v and %+v", w.nameOf(who), other, e)
			}
		}
	}
	if p := w.policy; confirmed > p.MaxUpcoming || asks > p.MaxAsks || hosted > p.MaxHosted {
		w.wrong("%s has %d confirmed, %d asks, and hosts %d", w.nameOf(who), confirmed, asks, hosted)
	}
	for expert, n := range with {
		if n > w.policy.MaxPerPair {
			w.wrong("%s has %d seats with %s", w.nameOf(who), n, w.nameOf(expert))
		}
	}
}

func sameEngagement(a, b mentoring.Engagement) bool {
	return a.Slot == b.Slot && a.Booking == b.Booking && a.With == b.With && a.Start.Equal(b.Start) && a.End.Equal(b.End) &&
		a.Status == b.Status && a.Until.Equal(b.Until)
}

// checkAnnounced wants a booking that has another status or slot than before, or of which more is known after its session, to be
// named by a row of the same commit.
func (w *world) checkAnnounced(was, is mentoring.Booking, told []mentoring.Event) {
	x, y := was.After, is.After
	same := was.Status == is.Status && was.Slot == is.Slot && x.Attendance == y.Attendance && x.Answered == y.Answered && x.Closure == y.Closure
	if same || slices.ContainsFunc(told, func(e mentoring.Event) bool { return slices.Contains(e.Bookings, is.ID) }) {
		return
	}
	w.wrong("booking %s was %s %+v and is %s %+v, and no row of the commit names it", is.ID, was.Status, x, is.Status, y)
}

// checkHandled wants a row to go only with all its messages recorded, or moved to a later time or to the dead letters in the same
// commit. What others changed since the row was read is another row's.
func (w *world) checkHandled(t *task, writes []table.Write) {
	for _, write := range writes {
		key := write.Record.Key
		if write.Action != table.Delete || !strings.HasPrefix(key.PK, "OUTBOX#") || len(writes) > 1 {
			continue
		}
		r, known := w.books.rows[key]
		if !known {
			continue // dropped twice
		}
		notices, _, err := w.onlooker.Notices(w.ctx, r.Event)
		if err != nil {
			w.wrong("the notices of %+v: %v", r.Event, err)
		}
		for _, n := range notices {
			if e := w.books.ledger[ledgerKey(n)]; e.Status == "" && !w.touchedSince(t, key, r.Event) && !w.toldOfBefore(n) {
				w.wrong("%s is done with, and nobody recorded that %s went to %s", r.Event.Kind, n.Name(), w.nameOf(n.Reader.ID))
			}
		}
	}
}

// toldOfBefore reports whether the reader was told the same of an earlier version: what a worker of the same process changed
// meanwhile has a row of its own, where it is news.
func (w *world) toldOfBefore(n mentoring.Notice) bool {
	kind, _, _ := strings.Cut(ledgerKey(n).SK, string(n.Kind))
	for key, e := range w.books.ledger {
		if key.PK == ledgerKey(n).PK && strings.HasPrefix(key.SK, kind+string(n.Kind)+"#") && strings.Contains(key.SK, string(n.Reader.ID)) && e.Status != "" {
			return true
		}
	}
	return false
}

func ledgerKey(n mentoring.Notice) table.Key {
	if n.Booking.ID == "" {
		return table.Key{PK: "SLOT#" + string(n.Slot.ID), SK: "TOLD#" + n.Name()}
	}
	return table.Key{PK: "BOOKING#" + string(n.Booking.ID), SK: "MAIL#" + n.Name()}
}

// touch remembers who changed something last.
func (w *world) touch(t *task, what string) {
	if t != nil {
		inner(w.touched, what)[t.number] = w.commits
	}
}

// noteRead remembers when a task read a row of the outbox.
func (w *world) noteRead(ctx context.Context, keys []table.Key) {
	if t := taskOf(ctx); t != nil && len(keys) == 1 && strings.HasPrefix(keys[0].PK, "OUTBOX#") {
		inner(w.rowRead, t.number)[keys[0]] = w.commits
	}
}

// touchedSince reports whether others changed what an event is about since a task read its row.
func (w *world) touchedSince(t *task, key table.Key, e mentoring.Event) bool {
	if t == nil {
		return false
	}
	about := []string{string(e.Slot), string(e.From), string(e.Person), string(w.books.slots[e.Slot].Host.ID), string(w.books.slots[e.From].Host.ID)}
	for _, id := range e.Bookings {
		about = append(about, string(id), string(w.books.bookings[id].Requester.ID))
	}
	for _, what := range about {
		for who, at := range w.touched[what] {
			if who != t.number && at > w.rowRead[t.number][key] {
				return true
			}
		}
	}
	return false
}

// made wants an errand to have its effect once, however often it is sent, and remembers what that was.
func (w *world) made(t *task, writes []table.Write) {
	if t == nil || t.errand == nil {
		return
	}
	for _, write := range writes {
		kind, id, _ := strings.Cut(write.Record.PK, "#")
		if kind == "IDEM" && write.Action == table.Put {
			t.errand.memory = write.Record.Key
		}
		if write.If != table.IfAbsent || write.Action != table.Put {
			continue
		}
		if write.Record.SK == "BOOKING" || write.Record.SK == "META" || kind == "CONCERNS" {
			if kind == "CONCERNS" {
				id = write.Record.SK
			}
			t.errand.made = append(t.errand.made, id)
		}
	}
	if e := t.errand; len(e.made) > e.most {
		w.wrong("%s has had its effect %d times, and %d are right: %v", e.what, len(e.made), e.most, e.made)
	}
}

// wrong notes the first thing that is not as it must be. The world ends with it.
func (w *world) wrong(format string, args ...any) {
	if w.violation == "" {
		w.violation = fmt.Sprintf("%s: ", w.now().Format(time.DateTime)) + fmt.Sprintf(format, args...)
	}
}

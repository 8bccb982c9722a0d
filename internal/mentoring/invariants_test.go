package mentoring_test

import (
	"cmp"
	"maps"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// check is what must hold whatever was done, and before anybody looked after it.
//
// exact is false where others may have been faster: two who free the last two seats of a slot at once leave it counted.
func (w *world) check(exact bool) {
	for _, id := range slices.Sorted(maps.Keys(w.present.slots)) {
		w.checkSeats(w.state(id))
	}
	for _, id := range slices.Sorted(maps.Keys(w.present.bookings)) {
		w.checkBooking(w.present.bookings[id])
	}
	for _, id := range slices.Sorted(maps.Keys(w.present.people)) {
		w.checkAgenda(id)
		w.checkLimits(id)
		w.checkStrikes(id)
	}
	w.checkMonths(exact)
	w.checkCalendars()
}

// checkSeats wants no seat sold twice, nor more than there are, and each to be what its holder's booking says.
func (w *world) checkSeats(s mentoring.SlotState) {
	places := 0
	for _, seat := range s.Seats {
		if !seat.Gone {
			places++
		}
		if seat.Of != s.Slot.Version {
			w.t.Fatalf("seat %d is of version %d of the slot, which has %d", seat.Number, seat.Of, s.Slot.Version)
		}
		if seat.Booking == "" {
			continue
		}
		b := w.present.bookings[seat.Booking]
		status := b.Status
		if seat.Gone || b.Slot != s.Slot.ID || b.Seat != seat.Number || b.Requester.ID != seat.Holder ||
			!slices.Contains(seatedIn, status) || !seat.Until.Equal(b.ExpiresAt) {
			w.t.Fatalf("seat %+v is held by %+v", seat, b)
		}
	}
	if places != s.Slot.Capacity || s.Taken() > places {
		w.t.Fatalf("%d of %d seats are taken, with a capacity of %d", s.Taken(), places, s.Slot.Capacity)
	}
}

var seatedIn = []mentoring.BookingStatus{mentoring.Confirmed, mentoring.Requested, mentoring.Completed}

// checkBooking wants what is alive to have its seat or its place, and nothing else to have one.
func (w *world) checkBooking(b mentoring.Booking) {
	s := w.state(b.Slot)
	_, seated := s.SeatOf(b.ID)
	waiter, waits := w.present.waiters[b.ID]
	if seated != slices.Contains(seatedIn, b.Status) {
		w.t.Fatalf("seated is %v for %+v", seated, b)
	}
	if waits != (b.Status == mentoring.Waitlisted) || waits && (waiter.Slot != b.Slot || waiter.Person != b.Requester.ID) {
		w.t.Fatalf("waiter %+v for %+v", waiter, b)
	}
	if b.Status == mentoring.Confirmed && (!b.StartsAt.Equal(s.Slot.StartsAt) || b.DurationMinutes != s.Slot.DurationMinutes) {
		w.t.Fatalf("the booking is at %s, its slot at %s", b.StartsAt, s.Slot.StartsAt)
	}
	if last := b.History[len(b.History)-1]; last.Status != b.Status {
		w.t.Fatalf("the history ends with %+v, the booking is %s", last, b.Status)
	}
	if ended := b.Ended != (mentoring.Ending{}); ended != slices.Contains(endings, b.Status) {
		w.t.Fatalf("%s has the ending %+v", b.Status, b.Ended)
	}
}

var endings = []mentoring.BookingStatus{mentoring.Cancelled, mentoring.Declined, mentoring.Expired}

// checkAgenda wants the agenda of a person to be what they host and have in hand, nothing twice and nowhere at once.
func (w *world) checkAgenda(id mentoring.PersonID) {
	var want []mentoring.Engagement
	for _, s := range w.present.slots {
		if s.Host.ID == id && s.Status != mentoring.SlotCancelled && w.now.Before(s.EndsAt()) {
			want = append(want, mentoring.Engagement{Slot: s.ID, Start: s.StartsAt, End: s.EndsAt()})
		}
	}
	for _, b := range w.present.bookings {
		if b.Requester.ID == id && b.Live(w.now) && w.now.Before(b.EndsAt()) {
			want = append(want, mentoring.Engagement{
				Slot: b.Slot, Booking: b.ID, With: b.Expert.ID, Start: b.StartsAt, End: b.EndsAt(), Status: b.Status, Until: b.ExpiresAt,
			})
		}
	}
	got := w.viewer(id).Agenda.From(w.now).Engagements
	if !slices.IsSortedFunc(got, func(a, b mentoring.Engagement) int { return a.Start.Compare(b.Start) }) {
		w.t.Fatalf("out of order: %+v", got)
	}
	got = slices.Clone(got)
	byID := func(a, b mentoring.Engagement) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.Slot, b.Slot), cmp.Compare(a.Booking, b.Booking))
	}
	slices.SortFunc(want, byID)
	slices.SortFunc(got, byID)
	if len(got)+len(want) > 0 && !gocmp.Equal(want, got) {
		w.t.Fatalf("agenda of %s (-want +got):\n%s", w.present.people[id].Profile.Name, gocmp.Diff(want, got))
	}
	for i, e := range want {
		for _, other := range want[:i] {
			waits := e.Status == mentoring.Waitlisted || other.Status == mentoring.Waitlisted
			if !waits && e.Start.Before(other.End) && other.Start.Before(e.End) {
				w.t.Fatalf("two places at once: %+v and %+v", other, e)
			}
			if e.Slot == other.Slot {
				w.t.Fatalf("twice in one slot: %+v and %+v", other, e)
			}
		}
	}
}

// checkLimits wants nobody to have more in hand than one can.
func (w *world) checkLimits(id mentoring.PersonID) {
	confirmed, asks, hosted, with := 0, 0, 0, map[mentoring.PersonID]int{}
	for _, e := range w.viewer(id).Agenda.From(w.now).Engagements {
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
		}
	}
	p := w.policy
	if confirmed > p.MaxUpcoming || asks > p.MaxAsks || hosted > p.MaxHosted {
		w.t.Fatalf("%d confirmed, %d asks, %d hosted", confirmed, asks, hosted)
	}
	for expert, n := range with {
		if n > p.MaxPerPair {
			w.t.Fatalf("%d seats with %s", n, expert)
		}
	}
}

// checkStrikes wants a strike for each session that somebody did not come to, by what nobody contests any more: one for each of
// a requester's bookings, one for each slot of an expert, and none for anything else. Strikes of before the end are for
// cancelling late.
func (w *world) checkStrikes(who mentoring.PersonID) {
	missed := map[string]bool{} // a booking, or the slot of an expert; true where its strike must still be there
	for _, b := range w.present.bookings {
		if b.After.Stage < mentoring.Judged {
			continue
		}
		result, counts := b.After.Attendance.Result(), w.now.Before(b.EndsAt().Add(w.policy.StrikeWindow))
		if b.Requester.ID == who && result.Missed(mentoring.Requester) {
			missed[string(b.ID)] = counts
		}
		if b.Expert.ID == who && result.Missed(mentoring.Expert) {
			missed[string(b.Slot)] = counts && !w.struckBefore(who, b.Slot)
		}
	}
	struck := map[string]bool{}
	for _, s := range w.present.agendas[who].Strikes {
		slot, of := w.present.slots[s.Slot], string(s.Booking)
		if s.At.Before(slot.EndsAt()) {
			continue
		}
		if slot.Host.ID == who {
			of = string(s.Slot)
		}
		if _, absent := missed[of]; !absent || struck[of] {
			w.t.Fatalf("%s has a strike for nothing, or twice (%v): %+v", w.present.people[who].Profile.Name, struck[of], s)
		}
		struck[of] = true
	}
	for of, counts := range missed {
		if counts && !struck[of] {
			w.t.Fatalf("%s did not come to %s and has no strike", w.present.people[who].Profile.Name, of)
		}
	}
}

// struckBefore reports whether an expert cancelled somebody's seat in a slot too late: not to come either is no second strike.
func (w *world) struckBefore(who mentoring.PersonID, slot mentoring.SlotID) bool {
	return slices.ContainsFunc(w.present.agendas[who].Strikes, func(s mentoring.Strike) bool {
		return s.Slot == slot && s.At.Before(w.present.slots[slot].EndsAt())
	})
}

// checkMonths wants the month of an expert with a cap to be the slots in which somebody has a seat.
func (w *world) checkMonths(exact bool) {
	want := map[monthKey]map[mentoring.SlotID]bool{}
	for id, s := range w.present.slots {
		if s.Host.MonthlyCap > 0 && w.state(id).Taken() > 0 {
			key := monthKey{s.Host.ID, s.Month()}
			if want[key] == nil {
				want[key] = map[mentoring.SlotID]bool{}
			}
			want[key][id] = true
		}
	}
	got := map[monthKey]map[mentoring.SlotID]bool{}
	for key, m := range w.present.months {
		for _, id := range m.Slots {
			if got[key] == nil {
				got[key] = map[mentoring.SlotID]bool{}
			}
			got[key][id] = true
		}
		if len(got[key]) != len(m.Slots) {
			w.t.Fatalf("a slot counts twice: %v", m)
		}
	}
	for key, slots := range got {
		maps.DeleteFunc(slots, func(id mentoring.SlotID, _ bool) bool { return !exact && !want[key][id] })
		if len(slots) == 0 {
			delete(got, key)
		}
	}
	if diff := gocmp.Diff(want, got, gocmp.AllowUnexported(monthKey{})); diff != "" {
		w.t.Fatalf("months (-want +got):\n%s", diff)
	}
}

// checkCalendars wants everybody's calendar to show what is, once all messages are read.
func (w *world) checkCalendars() {
	for _, b := range w.present.bookings {
		shown := w.mailbox.calendar[entryKey{b.Requester.ID, string(b.ID)}].shown
		if shown != (b.Status == mentoring.Confirmed || b.Status == mentoring.Completed) {
			w.t.Fatalf("shown is %v to the requester of %+v", shown, b)
		}
	}
	for id, s := range w.present.slots {
		shown := w.mailbox.calendar[entryKey{s.Host.ID, string(id)}].shown
		if shown != (w.state(id).Confirmed() > 0) {
			w.t.Fatalf("shown is %v to the expert, with %d confirmed", shown, w.state(id).Confirmed())
		}
	}
}

// checkAnnounced wants every booking that has another status or slot than before, or of which more is known after its session,
// to be named by an event, and nothing to be written that is as it was.
func checkAnnounced(t failer, before records, c mentoring.Changes) {
	named := map[mentoring.BookingID]bool{}
	for _, e := range c.Events {
		for _, id := range e.Bookings {
			named[id] = true
		}
	}
	for _, b := range c.Bookings {
		old := before.bookings[b.ID]
		if (old.Status != b.Status || old.Slot != b.Slot) && !named[b.ID] {
			t.Fatalf("%s became %s, and no event names it: %+v", b.ID, b.Status, c.Events)
		}
		if x, y := old.After, b.After; (x.Attendance != y.Attendance || x.Answered != y.Answered || x.Closure != y.Closure) && !named[b.ID] {
			t.Fatalf("of %s is known %+v instead of %+v, and no event names it: %+v", b.ID, y, x, c.Events)
		}
		if gocmp.Equal(old, b) && len(c.Surveys)+len(c.Takeaways)+len(c.Debriefs)+len(c.Tasks) == 0 {
			t.Fatalf("a booking is written as it was: %+v", b)
		}
		if b.After.Stage < old.After.Stage {
			t.Fatalf("%s goes back from stage %d to %d", b.ID, old.After.Stage, b.After.Stage)
		}
	}
	for who, a := range c.Agendas {
		if gocmp.Equal(before.agendas[who], a) {
			t.Fatalf("an agenda is written as it was: %+v", a)
		}
	}
	for _, m := range c.Months {
		if slices.Equal(before.months[monthKey{m.Expert, m.Name}].Slots, m.Slots) {
			t.Fatalf("a month is written as it was: %+v", m)
		}
	}
}

// checkSettled is what must hold of a slot once somebody looked after it: nobody waits for a seat they could have, or for
// one that will not come, and no seat is held by a request that ran out.
func (w *world) checkSettled(id mentoring.SlotID) {
	s, c := w.state(id), w.caseOf(id)
	if s.Lapsed(w.now) {
		w.t.Fatalf("a request that ran out holds a seat: %+v", s.Seats)
	}
	over := !w.now.Before(s.Slot.BookableUntil())
	if (over || s.Slot.Status != mentoring.SlotOpen) && len(s.Waiters) > 0 {
		w.t.Fatalf("%d wait for nothing", len(s.Waiters))
	}
	for _, waiter := range s.Waiters {
		v := c.People[waiter.Person]
		v.Agenda.Engagements = slices.DeleteFunc(slices.Clone(v.Agenda.Engagements), func(e mentoring.Engagement) bool {
			return e.Booking == waiter.Booking
		})
		full := c.Months[s.Slot.Month()].Full(s.Slot)
		if s.Slot.VisibleTo(v) && mentoring.Bookable(s.Slot, s.Occupancy(full), v, w.policy, w.now) == nil {
			w.t.Fatalf("%s waits for a seat they could have", waiter.Person)
		}
		if b := w.present.bookings[waiter.Booking]; b.Title != s.Slot.Title || !b.StartsAt.Equal(s.Slot.StartsAt) {
			w.t.Fatalf("a wait does not follow its slot: %+v", b)
		}
	}
	if few := s.Confirmed() < s.Slot.MinAttendees; over && few && s.Slot.Status != mentoring.SlotCancelled && w.now.Before(s.Slot.StartsAt) {
		w.t.Fatalf("%d of at least %d come, and the session is on", s.Confirmed(), s.Slot.MinAttendees)
	}
	w.checkConcluded(s)
	again, err := mentoring.DecideSettle(c, time.Time{}, w.policy, w.now)
	if again.Wakes = nil; err != nil || !again.None() {
		w.t.Fatalf("settling again: %+v, %v", again, err)
	}
}

// checkConcluded wants every confirmed booking to end: completed with its session, judged when nobody can say any more who
// came, and closed with the surveys.
func (w *world) checkConcluded(s mentoring.SlotState) {
	for _, id := range s.Holders() {
		b, stage := w.present.bookings[id], mentoring.NotOver
		since := w.now.Sub(s.Slot.EndsAt())
		for _, at := range []struct {
			after time.Duration
			stage mentoring.Stage
		}{{0, mentoring.JustOver}, {mentoring.AttendanceWindow, mentoring.Judged}, {mentoring.SurveyWindow, mentoring.Settled}} {
			if since >= at.after {
				stage = at.stage
			}
		}
		closed := b.After.Closure == mentoring.Debriefed || b.After.Closure == mentoring.AutoClosed
		if b.After.Stage != stage || (b.Status == mentoring.Completed) != (since >= 0) || stage == mentoring.Settled && !closed {
			w.t.Fatalf("%v after the session: %+v", since, b)
		}
	}
}

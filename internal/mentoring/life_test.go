package mentoring_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// life is a world in which anybody does anything.
type life struct {
	*world
	rt *rapid.T
	// restless: decisions may be made on what was read while others wrote.
	restless bool
	lost     int // decisions that others were faster than
}

func newLife(t *rapid.T, restless bool) *life {
	people := []mentoring.Person{
		person("Ada", "ada@north.example"), person("Ben", "ben@north.example"), person("Cleo", "cleo@south.example"),
		person("Dov", "dov@gmail.com"), person("Eli", "eli@south.example"), person("Fay", "fay@east.example"),
	}
	for i := range people {
		people[i].Profile.SurveyMails, people[i].Profile.FeedbackWelcome = i != 3, i%3 != 2
	}
	people[0].Profile.MonthlySessionCap, people[2].Profile.MonthlySessionCap = 2, 1
	l := &life{world: newWorld(t, people...), rt: t, restless: restless}
	l.policy.MaxHosted, l.policy.MaxPerPair = 5, 2
	l.draw = func() uint64 { return uint64(rapid.IntRange(0, 11).Draw(l.rt, "seat")) }
	return l
}

// somebody, a slot and a booking to do something with; ok is false where there is none yet.
func (l *life) somebody(label string) mentoring.PersonID {
	return rapid.SampledFrom(slices.Sorted(maps.Keys(l.present.people))).Draw(l.rt, label)
}

func (l *life) anySlot(label string) mentoring.SlotID {
	all := slices.Sorted(maps.Keys(l.present.slots))
	if len(all) == 0 {
		l.rt.SkipNow()
	}
	return rapid.SampledFrom(all).Draw(l.rt, label)
}

// anyBooking is one that is alive, mostly.
func (l *life) anyBooking() mentoring.Booking {
	all := slices.SortedFunc(maps.Values(l.present.bookings), func(a, b mentoring.Booking) int {
		return slices.Compare([]byte(a.ID), []byte(b.ID))
	})
	alive := slices.DeleteFunc(slices.Clone(all), func(b mentoring.Booking) bool { return !b.Live(l.now) })
	if len(alive) > 0 && rapid.IntRange(0, 7).Draw(l.rt, "alive") > 0 {
		all = alive
	}
	if len(all) == 0 {
		l.rt.SkipNow()
	}
	return rapid.SampledFrom(all).Draw(l.rt, "booking")
}

// either party of a booking, or a stranger.
func (l *life) either(b mentoring.Booking) mentoring.PersonID {
	return rapid.SampledFrom([]mentoring.PersonID{b.Requester.ID, b.Expert.ID, b.Requester.ID, b.Expert.ID, l.somebody("stranger")}).Draw(l.rt, "by")
}

// run makes a decision about a slot and stores it, unless others were faster.
func (l *life) run(slot mentoring.SlotID, decide command) {
	if rapid.IntRange(0, 3).Draw(l.rt, "watched") == 0 {
		decide = watched(l.t, decide)
	}
	l.runOn(func(r records) (mentoring.Changes, error) { return decide(r.caseOf(slot)) })
}

func (l *life) runOn(decide func(records) (mentoring.Changes, error)) {
	read := l.read()
	c, err := decide(read.records)
	if !read.torn {
		_ = l.settled(c, err)
		return
	}
	before := l.present
	if err == nil && l.commit(c) {
		l.told(before, c)
	} else {
		l.lost++
	}
}

type reading struct {
	records
	torn bool
}

// read is what a use case finds: in a restless world, some records as they are and some as they were a moment ago. Months
// are read last.
func (l *life) read() reading {
	if !l.restless || len(l.past) == 0 || rapid.IntRange(0, 2).Draw(l.rt, "torn") == 0 {
		return reading{l.present, false}
	}
	back := rapid.IntRange(1, min(4, len(l.past))).Draw(l.rt, "commits ago")
	salt := rapid.Uint32().Draw(l.rt, "which")
	old, blend := l.past[len(l.past)-back], l.present.clone()
	stale(blend.people, old.people, salt)
	stale(blend.agendas, old.agendas, salt+1)
	stale(blend.slots, old.slots, salt+2)
	stale(blend.seats, old.seats, salt+3)
	stale(blend.waiters, old.waiters, salt+4)
	stale(blend.bookings, old.bookings, salt+5)
	return reading{blend, true}
}

func (l *life) publishing(t *rapid.T) {
	d := smallDraft()
	if seats := rapid.SampledFrom([]int{1, 2, 2, 3}).Draw(t, "seats"); seats > 1 {
		d = circleDraft(seats)
		if rapid.IntRange(0, 3).Draw(t, "least") == 0 {
			d.MinAttendees = new(2)
		}
	}
	d.StartsAt = l.later("start")
	d.DurationMinutes = rapid.SampledFrom(mentoring.Durations).Draw(t, "minutes")
	d.BookingNoticeMinutes = new(rapid.SampledFrom([]int{0, 60, 120}).Draw(t, "booking notice"))
	d.CancelNoticeMinutes = new(rapid.SampledFrom([]int{0, 240, 1440}).Draw(t, "cancel notice"))
	d.Approval = rapid.SampledFrom(mentoring.Approvals).Draw(t, "approval")
	d.Audience = rapid.SampledFrom([]mentoring.Audience{"everyone", "everyone", "everyone", "other_organisations"}).Draw(t, "audience")
	_, _ = l.tryPublish(l.somebody("expert"), d)
}

// later is a time within a few days, on the half hour, so that sessions meet often; or weeks ahead.
func (l *life) later(label string) time.Time {
	const half = 30 * time.Minute
	ahead := rapid.OneOf(rapid.IntRange(1, 60), rapid.IntRange(40, 160), rapid.IntRange(400, 420)).Draw(l.rt, label)
	return l.now.Truncate(half).Add(time.Duration(ahead) * half)
}

func (l *life) bookingOne(t *rapid.T) {
	slot := l.anySlot("slot")
	who, id, draw, r := l.somebody("requester"), l.nextBooking(), l.draw(), smallRequest()
	r.JoinWaitlist = rapid.IntRange(0, 3).Draw(t, "would wait") > 0
	l.run(slot, func(c mentoring.Case) (mentoring.Changes, error) {
		return mentoring.DecideBook(c, who, r, id, draw, l.policy, l.now)
	})
}

func (l *life) cancelling(t *rapid.T) {
	b := l.anyBooking()
	l.run(b.Slot, l.cancel(b.ID, l.either(b)))
}

func (l *life) approving(t *rapid.T) {
	b := l.anyBooking()
	l.run(b.Slot, l.approve(b.ID, l.either(b)))
}

func (l *life) declining(t *rapid.T) {
	b := l.anyBooking()
	l.run(b.Slot, l.decline(b.ID, l.either(b)))
}

func (l *life) moving(t *rapid.T) {
	b := l.anyBooking()
	l.runOn(l.move(b.ID, b.Requester.ID, l.anySlot("to")))
}

func (l *life) ending(t *rapid.T) {
	slot := l.anySlot("slot")
	decide := l.closing(l.present.slots[slot].Host.ID)
	if rapid.Bool().Draw(t, "for good") {
		decide = l.callOff(l.present.slots[slot].Host.ID)
	}
	l.run(slot, decide)
}

func (l *life) revising(t *rapid.T) {
	slot := l.anySlot("slot")
	var r mentoring.Revision
	switch rapid.IntRange(0, 5).Draw(t, "what") {
	case 0:
		r.Title = new(rapid.SampledFrom([]string{"One title", "Another title"}).Draw(t, "title"))
	case 1:
		r.Capacity = new(rapid.IntRange(2, 4).Draw(t, "capacity"))
	case 2:
		r.StartsAt = new(l.later("start"))
	case 5: // where somebody may well be busy
		r.StartsAt = new(l.present.slots[l.anySlot("with")].StartsAt)
	case 3:
		r.Capacity, r.StartsAt = new(rapid.IntRange(2, 4).Draw(t, "capacity")), new(l.later("start"))
	case 4:
		r.BookingNoticeMinutes, r.TimeZone = new(30), new("Pacific/Auckland")
	}
	l.run(slot, l.revise(l.present.slots[slot].Host.ID, r))
}

func (l *life) tending(t *rapid.T) {
	slot := l.anySlot("slot")
	wake := time.Time{}
	if rapid.Bool().Draw(t, "at the cut-off") {
		wake = l.present.slots[slot].BookableUntil()
	}
	l.run(slot, l.settle(wake))
}

// changing is somebody who pauses, declares a conflict, changes their cap, or has another manager.
func (l *life) changing(t *rapid.T) {
	who, other := l.somebody("who"), l.somebody("other")
	how := rapid.IntRange(0, 3).Draw(t, "how")
	until := l.now.Add(time.Duration(rapid.IntRange(0, 12).Draw(t, "hours")) * time.Hour)
	l.change(who, func(p *mentoring.Person) {
		switch how {
		case 0:
			p.Profile.PausedUntil = until
		case 1:
			p.Profile.DeclaredConflicts = []mentoring.PersonID{other}
		case 2:
			if p.Profile.MonthlySessionCap > 0 {
				p.Profile.MonthlySessionCap = 3 - p.Profile.MonthlySessionCap
			}
		case 3:
			p.Profile.DeclaredConflicts, p.Programme.Managers = nil, []mentoring.PersonID{other}
		}
	})
	l.follow(who)
}

func (l *life) blocking(t *rapid.T) {
	me, them := l.somebody("me"), l.somebody("them")
	on := rapid.IntRange(0, 3).Draw(t, "on") == 0
	mine, theirs, changed, err := mentoring.DecideBlock(l.viewer(me), l.viewer(them), mentoring.Block{Of: them, On: on})
	l.answered[codeOf(err)]++
	if changed {
		if !l.commit(mentoring.Changes{Agendas: map[mentoring.PersonID]mentoring.Agenda{me: mine, them: theirs}}) {
			t.Fatalf("a block is not at the versions that were read")
		}
	}
}

func (l *life) tick(t *rapid.T) {
	l.now = l.now.Add(time.Duration(rapid.SampledFrom([]int{1, 1, 1, 15, 15, 60, 60, 240, 1440}).Draw(t, "minutes on")) * time.Minute)
	l.deliverDue()
}

// days go by, and the clock looks at every slot.
func (l *life) days(t *rapid.T) {
	l.now = l.now.Add(time.Duration(rapid.SampledFrom([]int{1, 2, 3, 11}).Draw(t, "days on")) * 24 * time.Hour)
	l.lookAfter(t)
	l.deliverDue()
}

// lookAfter settles every slot, as the clock does.
func (l *life) lookAfter(*rapid.T) {
	for _, slot := range slices.Sorted(maps.Keys(l.present.slots)) {
		l.tend(slot, time.Time{})
		l.checkSettled(slot)
	}
	l.checkMonths(true)
}

func (l *life) steps() map[string]func(*rapid.T) {
	steps := map[string]func(*rapid.T){}
	for _, often := range []struct {
		times int
		name  string
		step  func(*rapid.T)
	}{
		{3, "publish", l.publishing}, {12, "book", l.bookingOne}, {2, "cancel", l.cancelling}, {3, "approve", l.approving},
		{2, "decline", l.declining}, {2, "move", l.moving}, {1, "close or call off", l.ending}, {3, "revise", l.revising},
		{1, "tend", l.tending}, {1, "tick", l.tick}, {2, "afterwards", l.afterwards}, {1, "days go by", l.days}, {1, "change", l.changing}, {1, "block", l.blocking},
		{1, "look after", l.lookAfter},
	} {
		for n := range often.times {
			steps[fmt.Sprint(often.name, " ", n)] = often.step
		}
	}
	for name, step := range steps {
		steps[name] = func(t *rapid.T) {
			l.rt = t
			step(t)
		}
	}
	steps[""] = func(t *rapid.T) {
		l.rt = t
		l.check(!l.restless)
		l.checkAgreement()
	}
	return steps
}

// outlive lets time pass until all that was booked is over, and people write about it.
func (l *life) outlive(t *rapid.T, steps int) {
	all := l.steps()
	for range steps {
		all[rapid.SampledFrom([]string{"afterwards 0", "afterwards 0", "afterwards 0", "days go by 0"}).Draw(t, "step")](t)
	}
	all[""](t)
}

// live takes so many steps within a few days, after a few slots were published.
func (l *life) live(t *rapid.T, steps int) {
	all := l.steps()
	delete(all, "days go by 0")
	check := all[""]
	delete(all, "")
	names := slices.Sorted(maps.Keys(all))
	for range 8 {
		l.publishing(t)
	}
	for n := range steps {
		all[rapid.SampledFrom(names).Draw(t, "step")](t)
		if n%10 == 0 {
			check(t)
		}
	}
}

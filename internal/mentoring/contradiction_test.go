package mentoring_test

import (
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// post is mail that goes out late, in any order, and for each event as often as somebody handles it: what a message says is
// decided at one time, and it arrives at another. Like the ledger it sends no message of one name twice, and like a calendar
// program it minds the highest sequence, unless it is heedless.
type post struct {
	heedless  bool
	waiting   []mentoring.Event
	sent      map[messageKey]bool
	underWay  []sending
	calendars map[entryKey]object
}

type sending struct {
	to entryKey
	object
}

// object is what a calendar object says of an entry.
type object struct {
	sequence   int64
	method     mentoring.CalendarMethod
	start, end time.Time
	title      string
}

func newPost(heedless bool) *post {
	return &post{heedless: heedless, sent: map[messageKey]bool{}, calendars: map[entryKey]object{}}
}

// take keeps an event to be handled twice.
func (p *post) take(e mentoring.Event) { p.waiting = append(p.waiting, e, e) }

// busy reports whether there is anything to do.
func (p *post) busy() bool { return len(p.waiting)+len(p.underWay) > 0 }

// work does one thing of what there is to do: handles an event, or has a message arrive.
func (p *post) work(w *world, order *rand.Rand) {
	if at := order.IntN(len(p.waiting) + len(p.underWay)); at < len(p.waiting) {
		p.handle(w, at)
	} else {
		p.arrive(at - len(p.waiting))
	}
}

// handle decides what one of the waiting events asks for by now.
func (p *post) handle(w *world, at int) {
	e := p.waiting[at]
	p.waiting = slices.Delete(p.waiting, at, at+1)
	for _, n := range mentoring.NoticesFor(w.news(e), w.policy, w.now) {
		key := messageKey{booking: n.Booking.ID, name: n.Name()}
		if key.booking == "" {
			key.slot = n.Slot.ID
		}
		if p.sent[key] || n.Calendar.Method == mentoring.CalendarNone {
			continue
		}
		p.sent[key] = true
		p.underWay = append(p.underWay, sending{entryKey{n.Reader.ID, n.Calendar.UID},
			object{n.Calendar.Sequence, n.Calendar.Method, n.Slot.StartsAt, n.Slot.EndsAt(), n.Slot.Title}})
	}
}

func (p *post) arrive(at int) {
	m := p.underWay[at]
	p.underWay = slices.Delete(p.underWay, at, at+1)
	if p.heedless || m.sequence >= p.calendars[m.to].sequence {
		p.calendars[m.to] = m.object
	}
}

// check wants the last calendar object of everybody to say what is: who comes has the entry as the slot is now, and who does
// not has none.
func (p *post) check(t failer, w *world) {
	for _, b := range w.present.bookings {
		if s := w.present.slots[b.Slot]; s.StartsAt.After(w.now) {
			p.checkEntry(t, entryKey{b.Requester.ID, string(b.ID)}, b.StatusAt(w.now) == mentoring.Confirmed, s)
		}
	}
	for id, s := range w.present.slots {
		if s.StartsAt.After(w.now) {
			p.checkEntry(t, entryKey{s.Host.ID, string(id)}, w.state(id).Confirmed() > 0, s)
		}
	}
}

func (p *post) checkEntry(t failer, key entryKey, comes bool, s mentoring.Slot) {
	has, known := p.calendars[key]
	switch shown := known && has.method == mentoring.CalendarRequest; {
	case shown != comes:
		t.Fatalf("%s of %s: the calendar shows it: %v, and it is so: %v (%+v)", key.uid, key.reader, shown, comes, has)
	case shown && (!has.start.Equal(s.StartsAt) || !has.end.Equal(s.EndsAt()) || has.title != s.Title):
		t.Fatalf("%s: the calendar shows %+v, and the slot is %s at %v", key.uid, has, s.Title, s.StartsAt)
	}
}

// R7: however late, often and out of order events are handled and messages arrive, the last calendar object that each reader
// has of a session to come says what is. CONTRADICTIONS=1000 is the full form.
func TestMailNeverContradictsTheState(t *testing.T) {
	shown, gone := 0, 0
	seeds := times(t, "CONTRADICTIONS", 40)
	for seed := range seeds {
		l := postedLives(false).Example(seed)
		l.late.check(t, l.world)
		for _, o := range l.late.calendars {
			if o.method == mentoring.CalendarRequest {
				shown++
			} else {
				gone++
			}
		}
	}
	if shown == 0 || gone == 0 {
		t.Errorf("%d entries are shown and %d gone: nothing was put to the test", shown, gone)
	}
	t.Logf("figure R7: %d seeds, %d calendar entries shown and %d gone, each as the state is", seeds, shown, gone)
}

// The control of R7: calendars that mind no sequence end up showing what is not.
func TestWithoutSequencesMailContradictsTheState(t *testing.T) {
	for seed := range 40 {
		l, wrong := postedLives(true).Example(seed), contradictions(0)
		if l.late.check(&wrong, l.world); wrong > 0 {
			return
		}
	}
	t.Error("no calendar is ever wrong: nothing is put to the test")
}

// contradictions counts where a test would fail.
type contradictions int

func (*contradictions) Helper()                 {}
func (c *contradictions) Fatalf(string, ...any) { *c++ }

// postedLives are lives whose mail goes by post.
func postedLives(heedless bool) *rapid.Generator[*life] {
	return rapid.Custom(func(t *rapid.T) *life {
		l := newLife(t, false)
		l.late = newPost(heedless)
		order := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "order"), 7))
		steps := l.steps()
		delete(steps, "")
		delete(steps, "days go by 0") // calendars matter for sessions to come
		names := slices.Sorted(maps.Keys(steps))
		for range 4 {
			l.publishing(t)
		}
		for range 100 {
			steps[rapid.SampledFrom(names).Draw(t, "step")](t)
			for l.late.busy() && order.IntN(3) > 0 {
				l.late.work(l.world, order)
			}
		}
		for l.late.busy() {
			l.late.work(l.world, order)
		}
		return l
	})
}

// times reads how often a test repeats: a few times in the short form, and as proof.md says in the full.
func times(t *testing.T, variable string, short int) int {
	t.Helper()
	text := os.Getenv(variable)
	if text == "" {
		return short
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%s is not a number of times", variable, text)
	}
	return n
}

package simulation

import (
	"context"
	"errors"
	"fmt"
	"hash"
	"hash/fnv"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/sesbox"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// Options change what is simulated. The zero value is the product as it is, in its usual weather.
type Options struct {
	// Without takes a protection away, for control tests: the product works on the table as Without shows it.
	Without func(table.Table) table.Table
	// Trace is handed each line of what happens; nil for nobody.
	Trace func(string)
}

// Outcome is how a simulation went.
type Outcome struct {
	// Violation is the first thing that was not as it must be, empty where there was none.
	Violation string
	// Hash is of all that happened, in order: the same for the same seed.
	Hash uint64
	// Last are the last lines of what happened.
	Last []string
	// Counts says how much happened, by name.
	Counts map[string]int
	// Refused counts the refusals that people got, and Kinds the mails that went out.
	Refused map[mentoring.Code]int
	Kinds   map[mentoring.NoticeKind]int
}

// world is one simulation.
type world struct {
	ctx    context.Context // of those who look on
	lots   lots
	noise  *noise
	policy mentoring.Policy
	began  time.Time

	engine      *tabletest.Memory
	fair, rough table.Table // with the protections of the product, or what a control leaves of them; without and with faults
	faults      *tabletest.Faults
	stage       *stage
	api         *desk.Desk // of requests
	onlooker    *desk.Desk // of nobody's process
	mailer      *role
	clock       *role
	stream      *stream
	post        *post
	log         *slog.Logger

	people     []desk.Caller
	asksNoMore map[mentoring.PersonID]bool  // who did not want surveys at some time
	wasErased  map[mentoring.PersonID]bool  // who left at some time, and maybe came back
	testified  map[mentoring.BookingID]bool // of which somebody said at some time who came
	again      []*errand                    // whose clients ask once more

	calm     bool    // no faults
	loyalty  float64 // how likely the same task moves on
	deadly   float64 // how likely a process ends with a step
	tearing  float64 // how likely a read is torn
	unwell   float64 // how likely the mail service fails
	deaf     float64 // how likely a batch of the stream is lost, or comes twice
	disorder int     // how many of the stream's records come in any order
	last     *task   // that moved

	hotSlot    mentoring.SlotID // what a scene is about; empty for nothing in particular
	hotBooking mentoring.BookingID

	books     *books
	touched   map[string]map[int]int    // what was changed, by which task, at which commit
	rowRead   map[int]map[table.Key]int // by which task, at which commit
	commits   int
	steps     int
	kills     int
	errands   int
	busy      int
	restless  int // ticks at rest
	refused   map[mentoring.Code]int
	violation string
	hash      hash.Hash64
	trace     func(string)
	lines     []string
}

// morning is when the product's time begins.
var morning = time.Date(2026, 10, 12, 9, 0, 0, 0, time.UTC) // two weeks before Europe's clocks change

// Run plays the simulation that follows from a seed. It is to be called from a test, and takes no time that others could
// measure: its clock is that of package synctest.
func Run(t *testing.T, seed uint64, o Options) (outcome Outcome) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(seed, o)
		w.lives()
		w.stage.clear()
		outcome = w.outcomeOfAll()
	})
	return outcome
}

func newWorld(seed uint64, o Options) *world {
	w := &world{
		ctx: context.Background(), lots: newLots(seed, 1), noise: newNoise(seed), policy: mentoring.DefaultPolicy(), began: time.Now(),
		engine: tabletest.NewMemory(), stage: newStage(), stream: &stream{}, people: everybody(), asksNoMore: map[mentoring.PersonID]bool{}, wasErased: map[mentoring.PersonID]bool{},
		testified: map[mentoring.BookingID]bool{},
		books:     newBooks(), touched: map[string]map[int]int{}, rowRead: map[int]map[table.Key]int{},
		refused: map[mentoring.Code]int{}, hash: fnv.New64a(), trace: o.Trace,
	}
	w.policy.StrikesAllowed, w.policy.MaxPerPair, w.policy.MailsPerDay = 1+w.lots.IntN(3), 1+w.lots.IntN(3), from(w.lots, []int{6, 20, 1000})
	w.fair = observed{w.engine, w}
	if o.Without != nil {
		w.fair = o.Without(w.fair)
	}
	trouble := w.lots.Float64() // some worlds are peaceful, and all that can go wrong is in the order of steps
	if w.lots.chance(.2) {
		trouble = 0
	}
	w.faults = tabletest.NewFaults(w.fair, seed, tabletest.Chances{
		Conflict: .08 * trouble, Throttle: .03 * trouble, Unavailable: .03 * trouble, LostReply: .05 * trouble, Read: .02 * trouble,
	})
	w.rough = w.faults
	w.loyalty, w.deadly, w.tearing = from(w.lots, []float64{.2, .5, .9}), .01*trouble, from(w.lots, []float64{0, .05, .3})
	w.unwell, w.deaf, w.disorder = .4*trouble, .15*trouble, from(w.lots, []int{0, 5, 100})
	w.log = slog.New(alarms{w})
	w.api, w.onlooker = w.newDesk(staged{w}), w.newDesk(w.engine)
	w.post = newPost(w)
	w.mailer, w.clock = &role{w.newDispatcher()}, &role{w.newDispatcher()}
	return w
}

// now is the product's clock.
func (w *world) now() time.Time { return morning.Add(time.Since(w.began)) }

// lives is weeks of a programme: short scenes in which several things happen at once, and the time between them.
func (w *world) lives() {
	w.calm = true
	for _, c := range w.people[:len(w.people)-1] { // the last one is new
		p := mentoring.Profile{Name: c.Name, TimeZone: from(w.lots, zones), SurveyMails: true, FeedbackWelcome: w.lots.chance(.5), MonthlySessionCap: from(w.lots, []int{0, 0, 0, 2})}
		w.play(w.sent(w.enrolment(c, p)))
	}
	for range 4 {
		w.play(w.sent(w.publish()))
	}
	scenes := 14 + w.lots.IntN(12)
	for i := range scenes {
		w.calm = false
		w.play(w.scene()...)
		w.pass(from(w.lots, []time.Duration{time.Second, 30 * time.Second, 5 * time.Minute, time.Hour, 5 * time.Hour, 26 * time.Hour, 3 * 24 * time.Hour}))
		if i%9 == 8 {
			w.rest()
		}
	}
	w.rest()
	for i := range 8 { // a few late deeds, and then nobody is asked anything any more
		if w.calm = i > 2; !w.calm {
			w.play(w.scene()...)
		}
		w.pass(15 * 24 * time.Hour)
		w.rest()
	}
	if w.violation == "" {
		w.checkEnd()
	}
}

// scene is what happens at the same moment: a few deeds, some of them sent twice, the stream, the clock. Often most of the deeds
// are about the same slot and booking, or nobody would ever meet.
func (w *world) scene() (starts []func()) {
	w.hotSlot, w.hotBooking = "", ""
	if w.lots.chance(.6) {
		s, _ := w.aSlot()
		b, _ := w.aBooking(from(w.lots, []func(mentoring.Booking) bool{w.alive, w.alive, w.requested, w.over}))
		w.hotSlot, w.hotBooking = s.ID, b.ID
	}
	for _, e := range w.asked(false) {
		starts = append(starts, w.sent(e))
	}
	for range 1 + w.lots.IntN(5) {
		e := w.deed()
		if e == nil {
			continue
		}
		starts = append(starts, w.sent(e))
		if w.lots.chance(.08) {
			starts = append(starts, w.sent(e))
		}
	}
	for range w.lots.IntN(3) {
		starts = append(starts, w.deliver)
	}
	for range from(w.lots, []int{0, 0, 1, 2}) {
		starts = append(starts, w.tick)
	}
	if w.lots.chance(.05) {
		starts = append(starts, w.bounce)
	}
	w.lots.Shuffle(len(starts), func(i, j int) { starts[i], starts[j] = starts[j], starts[i] })
	return starts
}

// play has tasks begin, and runs them one step at a time until all have ended.
func (w *world) play(starts ...func()) {
	for w.violation == "" {
		calls := w.stage.ready()
		for _, t := range w.stage.reap() {
			w.traced(t.ctx, "ends", t.what, 0, t.err)
			t.ended(t.err)
		}
		switch {
		case len(starts) > 0 && (len(calls) == 0 || w.lots.chance(.3)):
			starts[0]()
			starts = starts[1:]
		case len(calls) > 0:
			w.step(calls)
		case len(w.stage.underWay) == 0:
			return
		case !w.stage.idle():
			w.wrong("%d tasks hang: %s", len(w.stage.underWay), w.stage.underWay[0].what)
		}
		if w.steps > maxSteps {
			w.wrong("no end after %d steps", w.steps)
		}
	}
}

// maxSteps is far more than a simulation takes.
const maxSteps = 100_000

// step lets one of the calls be made, and decides what becomes of it.
func (w *world) step(calls []*call) {
	c := from(w.lots, calls)
	if i := slices.IndexFunc(calls, func(c *call) bool { return c.task == w.last }); i >= 0 && w.lots.chance(w.loyalty) {
		c = calls[i]
	}
	w.last = c.task
	w.steps++
	var f fate
	if w.post.next = ""; !w.calm {
		switch f.dies, f.after = w.lots.chance(w.deadly), w.lots.chance(.5); {
		case f.dies:
			w.kills++
		case w.lots.chance(w.tearing):
			f.torn = 1 + w.lots.IntN(3)
		}
		if c.what == "send" && w.lots.chance(w.unwell) {
			w.post.next = from(w.lots, failures)
		}
	}
	if f.dies {
		w.traced(c.task.ctx, "killed", c.what+" "+c.about, 0, nil)
	}
	w.stage.release(c, f)
	if w.lots.chance(.3) {
		time.Sleep(time.Duration(1+w.lots.IntN(40)) * time.Millisecond)
	}
}

// failures are how the mail service fails: mostly in ways that pass.
var failures = []sesbox.Failure{
	"lost reply", "lost reply", "ServiceUnavailable", "ServiceUnavailable", "InternalFailure", "TooManyRequestsException",
	"TooManyRequestsException", "SendingPausedException", "MessageRejected",
}

// pass lets time go by. The clock ticks whenever there is something to do, but for ticks that are missed, and others come at
// the same time.
func (w *world) pass(d time.Duration) {
	until := w.now().Add(d)
	for range 20 {
		next, err := w.onlooker.NextDue(w.ctx)
		if err != nil {
			w.wrong("%v", err)
		}
		at := minuteAfter(w.now())
		if !next.IsZero() && minuteAfter(next.Add(-time.Nanosecond)).After(at) {
			at = minuteAfter(next.Add(-time.Nanosecond))
		}
		if next.IsZero() || at.After(until) || w.violation != "" {
			break
		}
		w.sleepUntil(at)
		if !w.calm && w.lots.chance(.1) {
			w.sleepUntil(w.now().Add(from(w.lots, []time.Duration{3 * time.Minute, 40 * time.Minute, 5 * time.Hour, 30 * time.Hour}))) // nobody is at work
		}
		starts := []func(){w.tick}
		if !w.calm && w.lots.chance(.1) {
			starts = append(starts, w.tick)
		}
		if e := w.deed(); !w.calm && e != nil && w.lots.chance(.3) {
			starts = append(starts, w.sent(e))
		}
		if len(w.stream.waiting) > 0 && w.lots.chance(.5) {
			starts = append(starts, w.deliver)
		}
		w.play(starts...)
	}
	for until.Sub(w.now()) > 24*time.Hour { // or the clock would be down for so long that nobody is asked any more
		w.sleepUntil(w.now().Add(24 * time.Hour))
		w.play(w.tick)
	}
	w.sleepUntil(until)
}

func minuteAfter(t time.Time) time.Time { return t.Truncate(time.Minute).Add(time.Minute) }

func (w *world) sleepUntil(at time.Time) {
	if d := at.Sub(w.now()); d > 0 {
		time.Sleep(d)
	}
}

// rest ends the faults, has every client ask until there is an answer, and the clock tick until nothing is left to do; then
// all must be as it should.
func (w *world) rest() {
	w.calm = true
	for len(w.again) > 0 && w.violation == "" {
		for _, e := range w.asked(true) {
			w.play(w.sent(e))
		}
	}
	w.stream.waiting = nil // what the stream did not bring the clock finds
	for quiet := 0; quiet < 3 && w.violation == ""; quiet++ {
		at, some := w.overdue()
		if some {
			quiet = 0
		}
		w.sleepUntil(minuteAfter(later(at, w.now())))
		w.play(w.tick)
		w.restless++
		if w.restless > 3000 {
			w.wrong("it never comes to rest: %v", w.books.rows)
		}
	}
	w.touched, w.rowRead = map[string]map[int]int{}, map[int]map[table.Key]int{}
	if w.violation == "" {
		w.checkRest()
	}
}

// overdue is when something can be done that should have been done by now, and whether there is any.
func (w *world) overdue() (at time.Time, some bool) {
	now := w.now()
	for _, r := range w.books.rows {
		if !r.Event.At.After(now) && (!some || r.Due.Before(at)) {
			at, some = r.Due, true
		}
	}
	for _, due := range w.books.wakes {
		if !due.After(now) && (!some || due.Before(at)) {
			at, some = due, true
		}
	}
	return at, some
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// traced notes something that happened.
func (w *world) traced(ctx context.Context, what, about string, n int, err error) {
	if what != "ends" && errors.Is(err, errKilled) {
		return // what the goroutines of a process that is gone hear, they hear in any order
	}
	number := 0
	if t := taskOf(ctx); t != nil {
		number = t.number
	}
	line := fmt.Sprintf("%s #%d %s %s = %d %v", w.now().Format("01-02 15:04:05.000"), number, what, about, n, err)
	_, _ = w.hash.Write([]byte(line))
	if w.trace != nil {
		w.trace(line)
	}
	if w.lines = append(w.lines, line); len(w.lines) > 400 {
		w.lines = slices.Delete(w.lines, 0, 200)
	}
}

// alarms listens to what the functions log: a panic is survived, and wrong all the same.
type alarms struct{ *world }

func (a alarms) Enabled(_ context.Context, l slog.Level) bool { return l >= slog.LevelError }
func (a alarms) WithAttrs([]slog.Attr) slog.Handler           { return a }
func (a alarms) WithGroup(string) slog.Handler                { return a }

func (a alarms) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "panicked" {
		var all strings.Builder
		r.Attrs(func(attr slog.Attr) bool { fmt.Fprintln(&all, attr); return true })
		a.wrong("panicked: %s", all.String())
	}
	return nil
}

func (w *world) outcomeOfAll() Outcome {
	injected := w.faults.Injected()
	o := Outcome{
		Violation: w.violation, Hash: w.hash.Sum64(), Last: w.lines, Refused: w.refused, Kinds: map[mentoring.NoticeKind]int{},
		Counts: map[string]int{
			"steps": w.steps, "commits": w.commits, "errands": w.errands, "slots": len(w.books.slots), "bookings": len(w.books.bookings),
			"mails": len(w.post.box.Messages("")), "extra copies": w.post.extra, "kills": w.kills, "busy": w.busy, "dead letters": len(w.books.dead),
			"conflicts": injected.Conflicts, "throttles": injected.Throttles, "lost replies": injected.LostReplies,
			"unavailable": injected.Unavailable, "failed reads": injected.Reads, "days": int(w.now().Sub(morning).Hours() / 24),
		},
	}
	for _, m := range w.post.box.Messages("") {
		o.Kinds[mentoring.NoticeKind(m.Kind)]++
	}
	return o
}

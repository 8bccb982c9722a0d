package modeltest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	random "math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/anishathalye/porcupine"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

const (
	groupPeople  = 6
	groupClients = 5
	recent       = 8 // bookings that clients still think of
	patience     = 5 // how often a client sends a request that was answered busy
	// verdictWithin is what porcupine may take. It needs seconds; without a verdict the test fails.
	verdictWithin = 10 * time.Minute
)

// hall is a desk under load: groups of slots, and a history of what clients were told.
type hall struct {
	*desk.Desk
	groups  []*lobby
	clock   atomic.Int64 // milliseconds since morning: each look at it is another one, so that no two requests tie
	moments atomic.Int64
	mu      sync.Mutex
	history []porcupine.Operation
}

// lobby is one group: its slots, its people, and the bookings they were told of last.
type lobby struct {
	number int
	expert desk.Caller
	people []desk.Caller
	slots  []mentoring.SlotID
	mu     sync.Mutex
	known  []known
}

type known struct {
	booking mentoring.BookingID
	person  int
}

// openHall opens a desk with caps that nobody meets, for slots that do not overlap, on a table seen through wrap.
func openHall(t *testing.T, groups int, wrap func(table.Table) table.Table) *hall {
	h := &hall{}
	policy := mentoring.DefaultPolicy()
	policy.MaxUpcoming, policy.MaxAsks, policy.MaxPerPair, policy.MaxWaiting = 1000, 1000, 1000, 1000
	engine := openTable(t)
	config := desk.Config{
		Table: engine, Now: h.now, Random: rand.Reader, Policy: policy, Topics: mentoring.StarterTopics, OpenShards: 2, OutboxShards: 16, DueShards: 16,
	}
	h.Desk = desk.New(config)
	for i := range groups {
		h.groups = append(h.groups, h.furnish(t, i))
	}
	config.Table = wrap(engine)
	h.Desk = desk.New(config)
	return h
}

// distant makes the engine answer as across a network, one call sooner and another later: so requests overlap, and of
// reads that are made side by side each sees another moment.
func distant(engine table.Table) table.Table {
	return tabletest.NewLatency(engine, time.Millisecond, 3*time.Millisecond).SleepingBy(func(_ context.Context, d time.Duration) error {
		time.Sleep(random.N(2 * d))
		return nil
	})
}

// worked is a hall in which clients have made so many requests. Nobody waits in real time: the bubble's own is skipped
// when all wait.
func worked(t *testing.T, groups, requests int, wrap func(table.Table) table.Table) (h *hall) {
	synctest.Test(t, func(t *testing.T) {
		h = openHall(t, groups, wrap)
		h.work(t, requests)
	})
	return h
}

func (h *hall) now() time.Time { return morning.Add(time.Duration(h.clock.Add(1)) * time.Millisecond) }

func (h *hall) furnish(t *testing.T, number int) *lobby {
	l := &lobby{number: number}
	enrol := func(name string) desk.Caller {
		c := caller(fmt.Sprint(name, "-of-", number), "north.example")
		if _, err := h.Enrol(t.Context(), c, enrolment(name), nil); err != nil {
			t.Fatal(err)
		}
		return c
	}
	l.expert = enrol("expert")
	for i := range groupPeople {
		l.people = append(l.people, enrol(fmt.Sprint("person-", i)))
	}
	for i, seats := range capacities {
		d := mentoring.SlotDraft{
			Title: "Reading a balance sheet", Topic: "finance", Format: mentoring.Circle, Capacity: &seats,
			StartsAt: morning.AddDate(0, 0, 60).Add(time.Duration(i) * time.Hour), DurationMinutes: 30,
		}
		if seats == 1 {
			d.Format = mentoring.OneToOne
		}
		view, err := h.Publish(t.Context(), l.expert, d, desk.Once{})
		if err != nil {
			t.Fatal(err)
		}
		l.slots = append(l.slots, view.Slot.ID)
	}
	return l
}

// work lets clients make so many requests, in all groups at once, and ends with a tend and a look at every slot.
func (h *hall) work(t *testing.T, requests int) {
	var clients sync.WaitGroup
	each := max(requests/(len(h.groups)*groupClients), 1)
	for _, l := range h.groups {
		for c := range groupClients {
			clients.Go(func() {
				client := client{hall: h, lobby: l, number: c}
				for range each {
					time.Sleep(random.N(3 * time.Millisecond))
					client.ask(t, client.choose())
				}
			})
		}
	}
	clients.Wait()
	for _, l := range h.groups {
		client := client{hall: h, lobby: l}
		for slot := range l.slots {
			client.ask(t, input{verb: tend, slot: slot})
			client.ask(t, input{verb: readSlot, slot: slot})
		}
	}
}

// client is one of those who make requests of a group, for all of its people: so one person acts in several places at once.
type client struct {
	hall   *hall
	lobby  *lobby
	number int
	asked  int
}

// choose is what the client does next.
func (c *client) choose() input {
	in := input{slot: random.N(groupSlots), person: random.N(groupPeople)}
	switch n := random.N(100); {
	case n < 22:
		in.verb = book
	case n < 45:
		in.verb = wait
	case n < 67:
		in.verb = cancel
	case n < 82:
		in.verb = move
	case n < 92:
		in.verb = readSlot
	case n < 96:
		in.verb = readBooking
	default:
		in.verb = tend
	}
	if in.verb == cancel || in.verb == move || in.verb == readBooking {
		b, any := c.lobby.recall()
		if !any {
			in.verb = book
		} else {
			in.booking, in.person = b.booking, b.person
		}
	}
	return in
}

func (l *lobby) recall() (known, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.known) == 0 {
		return known{}, false
	}
	return l.known[random.N(len(l.known))], true
}

func (l *lobby) learn(b mentoring.BookingID, person int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.known = append(l.known, known{b, person})
	if len(l.known) > recent {
		l.known = l.known[1:]
	}
}

// ask sends a request until there is an answer, always with the same key, and adds it to the history.
func (c *client) ask(t *testing.T, in input) {
	in.group = c.lobby.number
	c.asked++
	once := desk.Once{Route: string(in.verb), Key: fmt.Sprint(c.number, "-", c.asked), Body: sha256.Sum256([]byte(fmt.Sprint(in)))}
	began := c.hall.clock.Load()
	call := c.hall.moments.Add(1)
	var out output
	for range patience {
		if out = c.send(t, in, once); out.code != mentoring.Busy {
			break
		}
	}
	answer := c.hall.moments.Add(1)
	if out.status == mentoring.Waitlisted && in.verb == wait && (out.since <= began || out.since > c.hall.clock.Load()) {
		t.Errorf("a wait began at %d, which is not while it was asked for", out.since)
	}
	c.hall.mu.Lock()
	defer c.hall.mu.Unlock()
	c.hall.history = append(c.hall.history, porcupine.Operation{
		ClientId: c.lobby.number*groupClients + c.number, Input: in, Output: out, Call: call, Return: answer,
	})
}

// send sends a request once.
func (c *client) send(t *testing.T, in input, once desk.Once) output {
	ctx, d, l := context.Background(), c.hall.Desk, c.lobby
	who := l.people[in.person]
	var view desk.BookingView
	var err error
	switch in.verb {
	case book, wait:
		r := mentoring.BookingRequest{Purpose: purpose, NoConflict: true, JoinWaitlist: in.verb == wait}
		if view, err = d.Book(ctx, who, l.slots[in.slot], r, once); err == nil {
			l.learn(view.Booking.ID, in.person)
		}
	case cancel:
		if in.person%2 == 0 { // the expert can as well
			who = l.expert
		}
		view, err = d.Cancel(ctx, who, in.booking, mentoring.Cancel{}, once)
	case move:
		view, err = d.Move(ctx, who, in.booking, mentoring.Move{To: l.slots[in.slot]}, once)
	case readBooking:
		view, err = d.Booking(ctx, who, in.booking)
	case tend:
		err = d.Tend(ctx, l.slots[in.slot], time.Time{})
	case readSlot:
		slot, err := d.Slot(ctx, who, l.slots[in.slot])
		return output{code: code(refusal(t, err)), taken: slot.Taken, waiting: slot.Waiting}
	}
	if refused := refusal(t, err); refused != nil {
		return output{code: refused.Code, booking: refused.Booking}
	}
	return output{
		booking: view.Booking.ID, status: view.Status, slot: l.place(view.Booking.Slot),
		since: view.Booking.BookedAt.Sub(morning).Milliseconds(),
	}
}

func (l *lobby) place(id mentoring.SlotID) int {
	for i, slot := range l.slots {
		if slot == id {
			return i
		}
	}
	return -1
}

func (h *hall) count(is func(input, output) bool) int {
	n := 0
	for _, o := range h.history {
		if is(o.Input.(input), o.Output.(output)) {
			n++
		}
	}
	return n
}

// R2: whatever concurrent clients were told, while commits met conflicts, throttles and replies that never came, there is
// one order of events in which each of these answers is right.
func TestEveryAnswerFitsOneOrderOfEvents(t *testing.T) {
	var faults *tabletest.Faults
	hall := worked(t, 50, number(t, "OPERATIONS", 3000), func(engine table.Table) table.Table {
		faults = tabletest.NewFaults(distant(engine), 1, tabletest.Chances{
			Conflict: 0.05, Throttle: 0.05, Unavailable: 0.03, LostReply: 0.05, Read: 0.01,
		})
		return faults
	})
	if n := hall.count(func(_ input, o output) bool { return o.code == mentoring.Busy }); n > 0 {
		t.Errorf("%d requests were never answered", n)
	}
	if i := faults.Injected(); i.Conflicts == 0 || i.Throttles == 0 || i.LostReplies == 0 || i.Unavailable == 0 || i.Reads == 0 {
		t.Errorf("the test is about faults, and these were injected: %+v", i)
	}
	for _, status := range []mentoring.BookingStatus{mentoring.Confirmed, mentoring.Waitlisted, mentoring.Cancelled} {
		if hall.count(func(i input, o output) bool { return i.verb != readBooking && o.status == status }) == 0 {
			t.Errorf("nobody was told %s", status)
		}
	}
	hall.judge(t, porcupine.Ok)
	t.Logf("figure R2: porcupine looked at %d operations, with faults %+v", len(hall.history), faults.Injected())
}

// The control of R2: without the version condition on seats there is no such order, every time.
func TestWithoutVersionsAnswersFitNoOrder(t *testing.T) {
	controls := number(t, "CONTROLS", 3)
	for range controls {
		hall := worked(t, 10, 1000, func(engine table.Table) table.Table {
			return tabletest.NewUnprotected(distant(engine), func(w table.Write) bool { return strings.HasPrefix(w.Record.SK, "SEAT#") })
		})
		hall.judge(t, porcupine.Illegal)
	}
	t.Logf("figure R2: without the condition on seats illegal %d times of %d", controls, controls)
}

// judge asks porcupine, and leaves a picture of the history behind where the verdict is not the one that is due.
func (h *hall) judge(t *testing.T, want porcupine.CheckResult) {
	t.Helper()
	began := time.Now()
	verdict := porcupine.CheckOperationsTimeout(order, h.history, verdictWithin)
	t.Logf("porcupine says %s of %d operations after %v", verdict, len(h.history), time.Since(began).Round(time.Millisecond))
	if verdict == want {
		return
	}
	t.Errorf("porcupine says %s of %d operations, want %s", verdict, len(h.history), want)
	for _, part := range order.Partition(h.history) {
		if verdict, info := porcupine.CheckOperationsVerbose(order, part, verdictWithin); verdict == porcupine.Illegal {
			picture := t.ArtifactDir() + "/history.html"
			if err := porcupine.VisualizePath(order, info, picture); err != nil {
				t.Error(err)
			}
			t.Logf("one of the groups in which it fails: %s (kept with -artifacts)", picture)
			return
		}
	}
}

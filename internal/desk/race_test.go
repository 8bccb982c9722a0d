package desk_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// times reads how often a test repeats: a few times in the short form, and as proof.md says in the full.
func times(t testing.TB, variable string, short int) int {
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

// slow makes an embedded engine answer like a distant one, so that requests that start together are all
// between their read and their commit at once.
func slow(engine table.Table) table.Table {
	return tabletest.NewLatency(engine, time.Millisecond, 3*time.Millisecond)
}

// seats says which writes are of seats.
func seats(w table.Write) bool { return strings.HasPrefix(w.Record.SK, "SEAT#") }

// rush lets people book one slot of so many seats at the same moment, and counts the answers.
func rush(t *testing.T, o *office, expert desk.Caller, people []desk.Caller, capacity int, ahead time.Duration) map[mentoring.Code]int {
	t.Helper()
	d := circle(capacity, ahead)
	d.StartsAt = o.clock().Add(ahead)
	slot := o.published(t, expert, d)
	answers := together(len(people), func(i int) error {
		_, err := o.Book(context.Background(), people[i], slot, request, desk.Once{})
		return err
	})
	o.advance(ahead + time.Hour) // the session is over, so nobody's next one is in its way
	return answers
}

// R1: of 200 who want the last seat one gets it and 199 are told it is gone; of 500 who want twelve, twelve.
func TestASeatIsNeverSoldTwice(t *testing.T) {
	o := openOffice(t, slow)
	expert, people := o.enrolled(t, "expert"), o.crowd(t, 500)
	rushes := times(t, "RUSHES", 3)
	for i := range rushes {
		want := map[mentoring.Code]int{"": 1, mentoring.SlotFull: 199}
		if diff := cmp.Diff(want, rush(t, o, expert, people[:200], 1, 3*time.Hour)); diff != "" {
			t.Fatalf("rush %d on one seat (-want +got):\n%s", i, diff)
		}
		if i%10 == 0 {
			want := map[mentoring.Code]int{"": 12, mentoring.SlotFull: 488}
			if diff := cmp.Diff(want, rush(t, o, expert, people, 12, 3*time.Hour)); diff != "" {
				t.Fatalf("rush %d on twelve seats (-want +got):\n%s", i, diff)
			}
		}
	}
	t.Logf("figure R1: %d times 200 people on one seat: 1 booked and 199 told slot_full; %d times 500 on 12 seats: 12", rushes, (rushes+9)/10)
}

// The control of R1: without the version condition on seats the same rush sells the seat more than once,
// every time.
func TestWithoutVersionsASeatIsSoldTwice(t *testing.T) {
	o := openOffice(t, func(engine table.Table) table.Table {
		return tabletest.NewUnprotected(slow(engine), seats)
	})
	expert, people := o.enrolled(t, "expert"), o.crowd(t, 200)
	rushes := times(t, "RUSHES", 3)
	for i := range rushes {
		if answers := rush(t, o, expert, people, 1, 3*time.Hour); answers[""] < 2 {
			t.Fatalf("rush %d without protection sold the seat %d times: the test does not race", i, answers[""])
		}
	}
	t.Logf("figure R1: without the condition on seats sold more than once in %d rushes of %d", rushes, rushes)
}

// One person who books many slots of one time at once gets one of them: the agenda is one record.
func TestOnePersonCannotBeInTwoPlaces(t *testing.T) {
	o := openOffice(t, slow)
	ben := o.enrolled(t, "ben")
	var slots []mentoring.SlotID
	for i := range 12 {
		slots = append(slots, o.published(t, o.enrolled(t, fmt.Sprintf("expert-%d", i)), circle(1, 26*time.Hour)))
	}
	answers := together(len(slots), func(i int) error {
		_, err := o.Book(context.Background(), ben, slots[i], request, desk.Once{})
		return err
	})
	if want := map[mentoring.Code]int{"": 1, mentoring.OverlappingSession: 11}; !maps.Equal(want, answers) {
		t.Errorf("answers %v, want %v", answers, want)
	}
}

// Caps hold under concurrency as well, on slots that do not overlap.
func TestCapsHoldInARush(t *testing.T) {
	o := openOffice(t, slow)
	ben := o.enrolled(t, "ben")
	var slots []mentoring.SlotID
	for i := range 12 {
		expert := o.enrolled(t, fmt.Sprintf("expert-%d", i))
		slots = append(slots, o.published(t, expert, circle(1, time.Duration(24+i)*time.Hour)))
	}
	answers := together(len(slots), func(i int) error {
		_, err := o.Book(context.Background(), ben, slots[i], request, desk.Once{})
		return err
	})
	if want := map[mentoring.Code]int{"": 3, mentoring.ActiveLimitReached: 9}; !maps.Equal(want, answers) {
		t.Errorf("answers %v, want %v", answers, want)
	}
}

// A request that comes twice may see the effect of its twin before the record of its answer, because records are not
// read at one instant. It answers like its twin all the same.
func TestTornReadsAreRecognised(t *testing.T) {
	torn := &tearNext{}
	o := openOffice(t, func(engine table.Table) table.Table { torn.Table = engine; return torn })
	expert, ben := o.enrolled(t, "expert"), o.enrolled(t, "ben")
	publish := func() (desk.SlotView, error) {
		return o.Publish(t.Context(), expert, circle(1, 26*time.Hour), key("k"))
	}
	var twin desk.SlotView
	torn.between = func() { twin, _ = publish() }
	published, err := publish()
	if err != nil || published.Slot.ID != twin.Slot.ID || twin.Slot.ID == "" {
		t.Fatalf("publishing answers %v, %v; its twin %v", published.Slot.ID, err, twin.Slot.ID)
	}
	book := func() (desk.BookingView, error) {
		return o.Book(t.Context(), ben, published.Slot.ID, request, key("k"))
	}
	var first desk.BookingView
	torn.between = func() { first, _ = book() }
	booked, err := book()
	if err != nil || booked.Booking.ID != first.Booking.ID || first.Booking.ID == "" {
		t.Fatalf("booking answers %v, %v; its twin %v", booked.Booking.ID, err, first.Booking.ID)
	}
}

// tearNext reads the last key of the next Get of several before, and the others after, something else happens.
type tearNext struct {
	table.Table
	mu      sync.Mutex
	between func()
}

// take is what is to happen, once.
func (n *tearNext) take() func() {
	n.mu.Lock()
	defer n.mu.Unlock()
	between := n.between
	n.between = nil
	return between
}

func (n *tearNext) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	if len(keys) < 3 {
		return n.Table.Get(ctx, keys...)
	}
	between := n.take()
	if between == nil {
		return n.Table.Get(ctx, keys...)
	}
	early, err := n.Table.Get(ctx, keys[len(keys)-1])
	if err != nil {
		return nil, err
	}
	between()
	late, err := n.Table.Get(ctx, keys[:len(keys)-1]...)
	return append(late, early...), err
}

// The control of R4: without the idempotency record the calls are no longer answered alike.
func TestWithoutAKeyRetriesAreSeen(t *testing.T) {
	o := openOffice(t, slow)
	expert, ben := o.enrolled(t, "expert"), o.enrolled(t, "ben")
	slot := o.published(t, expert, circle(12, 26*time.Hour))
	answers := together(50, func(int) error {
		_, err := o.Book(context.Background(), ben, slot, request, desk.Once{})
		return err
	})
	if want := map[mentoring.Code]int{"": 1, mentoring.AlreadyBooked: 49}; !maps.Equal(want, answers) {
		t.Errorf("answers %v, want %v", answers, want)
	}
}

// A key is kept for a day, and can then be used again.
func TestKeysAreForgotten(t *testing.T) {
	o := openOffice(t, nil)
	expert := o.enrolled(t, "expert")
	first, err := o.Publish(t.Context(), expert, circle(1, 26*time.Hour), key("k"))
	if err != nil {
		t.Fatal(err)
	}
	o.advance(24*time.Hour - time.Second)
	again, err := o.Publish(t.Context(), expert, circle(1, 26*time.Hour), key("k"))
	if err != nil || again.Slot.ID != first.Slot.ID {
		t.Errorf("within a day the same key answers %v, %v", again.Slot.ID, err)
	}
	o.advance(time.Second)
	later, err := o.Publish(t.Context(), expert, circle(1, 60*time.Hour), key("k"))
	if err != nil || later.Slot.ID == first.Slot.ID {
		t.Errorf("after a day the same key answers %v, %v", later.Slot.ID, err)
	}
}

// lastCommit is the last thing a process does.
type lastCommit struct {
	table.Table
	kill func()
}

func (l *lastCommit) Commit(ctx context.Context, writes ...table.Write) error {
	if err := l.Table.Commit(ctx, writes...); err != nil {
		return err
	}
	l.kill()
	return ctx.Err()
}

// loseNext carries out commits and loses the next replies.
type loseNext struct {
	table.Table
	replies int
}

func (l *loseNext) Commit(ctx context.Context, writes ...table.Write) error {
	err := l.Table.Commit(ctx, writes...)
	if err == nil && l.replies > 0 {
		l.replies--
		return fmt.Errorf("%w: reply lost", table.ErrUnavailable)
	}
	return err
}

// Conflicts, throttles and lost replies are worked through, or answered busy; never is there another
// outcome, and what was answered is what is stored.
func TestFaultsEndInAnAnswer(t *testing.T) {
	var faults *tabletest.Faults
	o := openOffice(t, func(engine table.Table) table.Table {
		faults = tabletest.NewFaults(engine, 1, tabletest.Chances{Conflict: .2, Throttle: .05, Unavailable: .05, LostReply: .1, Read: .05})
		return faults
	})
	calm := officeOn(o.engine, nil)
	expert, people := calm.enrolled(t, "expert"), calm.crowd(t, 60)
	slot := calm.published(t, expert, circle(12, 26*time.Hour))
	answers := together(len(people), func(i int) error {
		_, err := o.Book(context.Background(), people[i], slot, request, desk.Once{})
		return err
	})
	view, err := calm.Slot(t.Context(), expert, slot)
	if err != nil || view.Taken != 12 {
		t.Errorf("%d of 12 seats are taken (%v)", view.Taken, err)
	}
	if answers[""]+answers[mentoring.Busy] < 12 || answers[""] > 12 || answers[""]+answers[mentoring.Busy]+answers[mentoring.SlotFull] != len(people) {
		t.Errorf("answers %v", answers)
	}
	if faults.Injected() == (tabletest.Injected{}) {
		t.Error("no fault was injected")
	}
}

// An engine that stays away is told as busy, with its cause for the log.
func TestAnAbsentEngineIsBusy(t *testing.T) {
	o := openOffice(t, func(engine table.Table) table.Table {
		return tabletest.NewFaults(engine, 1, tabletest.Chances{Unavailable: 1, Read: 1})
	})
	_, err := o.Me(t.Context(), person("ada"))
	if codeOf(err) != mentoring.Busy || !errors.Is(err, table.ErrUnavailable) {
		t.Errorf("reading answers %v", err)
	}
	if _, err := o.Enrol(t.Context(), person("ada"), enrolment("ada"), nil); codeOf(err) != mentoring.Busy {
		t.Errorf("writing answers %v", err)
	}
}

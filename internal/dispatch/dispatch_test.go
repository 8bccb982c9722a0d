package dispatch_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/dispatch"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/table/tabletest"
	"flashmentoring/internal/telemetry"
)

// post is a mail service that keeps what it is given, and fails when told to.
type post struct {
	mu   sync.Mutex
	sent []mail.Message
	fail func(n int) error // of the n-th call, from 1
	n    int
}

func (p *post) Send(_ context.Context, m mail.Message) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	if p.fail != nil {
		if err := p.fail(p.n); err != nil {
			return "", err
		}
	}
	p.sent = append(p.sent, m)
	return fmt.Sprint("id-", p.n), nil
}

// Account allows more than any test sends.
func (p *post) Account(context.Context) (mail.Account, error) {
	return mail.Account{Enabled: true, Rate: 1e6, Quota: -1}, nil
}

// to counts the messages each reader got.
func (p *post) to() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts := map[string]int{}
	for _, m := range p.sent {
		counts[m.To]++
	}
	return counts
}

type world struct {
	*dispatch.Dispatcher
	desk   *desk.Desk
	post   *post
	engine *bolttable.Table
	now    time.Time
	ada    desk.Caller
	people int
}

func open(t testing.TB, wrap func(table.Table) table.Table) *world {
	t.Helper()
	engine, err := bolttable.Open(filepath.Join(t.TempDir(), "table"), bolttable.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { engine.Close() })
	w := &world{engine: engine, post: &post{}, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	through := table.Table(engine)
	if wrap != nil {
		through = wrap(engine)
	}
	w.desk = w.newDesk(engine)
	w.Dispatcher = w.dispatcher(t, through, w.post)
	w.ada = w.enrolled(t, "ada")
	return w
}

func (w *world) newDesk(through table.Table) *desk.Desk {
	return desk.New(desk.Config{
		Table: through, Now: func() time.Time { return w.now }, Random: rand.Reader,
		Policy: mentoring.DefaultPolicy(), Topics: mentoring.StarterTopics, OpenShards: 1, OutboxShards: 4,
	})
}

// dispatcher is a process of its own. It waits for nothing.
func (w *world) dispatcher(t testing.TB, through table.Table, sender dispatch.Sender) *dispatch.Dispatcher {
	t.Helper()
	composer, err := mail.New(mail.Config{From: "Flash Mentoring <mentoring@example.org>", Domain: "example.org"})
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	return dispatch.New(dispatch.Config{
		Desk: w.newDesk(through), Composer: composer, Sender: sender, Account: w.post.Account,
		Jitter:  func(most time.Duration) time.Duration { return most },
		Pace:    dispatch.Pace{Wait: func(context.Context, time.Duration) error { return nil }},
		Metrics: telemetry.NewMetrics(log, "Test", func() time.Time { return w.now }), Log: log,
	})
}

func (w *world) enrolled(t testing.TB, name string) desk.Caller {
	t.Helper()
	c := desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", name), Email: name + "@example.org", Name: name}
	e := mentoring.Enrolment{Profile: mentoring.Profile{Name: name, TimeZone: "Europe/Berlin"}, AcceptGroundRules: true}
	if _, err := w.desk.Enrol(t.Context(), c, e, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// booked makes so many bookings of a new slot of ada's, each by somebody new.
func (w *world) booked(t *testing.T, n int) mentoring.SlotID {
	t.Helper()
	w.people++
	slot, err := w.desk.Publish(t.Context(), w.ada, mentoring.SlotDraft{
		Title: "Reading a balance sheet", Topic: "finance", Format: mentoring.Circle, Capacity: new(12),
		StartsAt: w.now.Add(time.Duration(w.people)*time.Hour + 160*24*time.Hour), DurationMinutes: 30,
	}, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		who := w.enrolled(t, fmt.Sprintf("requester-%d-%d", w.people, i))
		_, err := w.desk.Book(t.Context(), who, slot.Slot.ID, mentoring.BookingRequest{
			Purpose:    mentoring.Purpose{Kind: "skill_gap", Question: "How?", DesiredOutcome: "I can read a balance sheet alone."},
			NoConflict: true,
		}, desk.Once{})
		if err != nil {
			t.Fatal(err)
		}
	}
	return slot.Slot.ID
}

// rows are the keys of all records of one kind.
func (w *world) rows(t *testing.T, kind string) []table.Key {
	t.Helper()
	var keys []table.Key
	err := w.engine.Each(t.Context(), func(r table.Record) error {
		if strings.HasPrefix(r.PK, kind) {
			keys = append(keys, r.Key)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// stream is what the table's stream brings of the rows.
func stream(keys []table.Key) events.DynamoDBEvent {
	var e events.DynamoDBEvent
	for i, k := range keys {
		e.Records = append(e.Records, events.DynamoDBEventRecord{
			EventName: "INSERT",
			Change: events.DynamoDBStreamRecord{
				Keys: map[string]events.DynamoDBAttributeValue{
					"PK": events.NewStringAttribute(k.PK), "SK": events.NewStringAttribute(k.SK),
				},
				SequenceNumber: fmt.Sprint(1000 + i),
			},
		})
	}
	return e
}

// due are the rows of the outbox whose time has come.
func (w *world) due(t *testing.T) []table.Key {
	t.Helper()
	return slices.DeleteFunc(w.rows(t, "OUTBOX#"), func(k table.Key) bool { return k.SK > w.now.UTC().Format("2006-01-02T15:04:05.000Z")+"#~" })
}

func (w *world) streamed(t *testing.T) []string {
	t.Helper()
	answer, err := w.Stream(t.Context(), stream(w.rows(t, "OUTBOX#")))
	if err != nil {
		t.Fatal(err)
	}
	var failed []string
	for _, f := range answer.BatchItemFailures {
		failed = append(failed, f.ItemIdentifier)
	}
	return failed
}

func (w *world) tick(t *testing.T, later time.Duration) {
	t.Helper()
	w.now = w.now.Add(later)
	if err := w.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// everyoneOnce demands that each of n requesters got one message and ada one for each of them.
func (w *world) everyoneOnce(t *testing.T, n int) {
	t.Helper()
	got := w.post.to()
	if got["ada@example.org"] != n || len(got) != n+1 {
		t.Errorf("messages %v, want %d to ada and one to each of %d requesters", got, n, n)
	}
	for who, count := range got {
		if who != "ada@example.org" && count != 1 {
			t.Errorf("%s got %d messages", who, count)
		}
	}
}

func TestBothSidesAreTold(t *testing.T) {
	w := open(t, nil)
	slot := w.booked(t, 3)
	if failed := w.streamed(t); failed != nil {
		t.Fatalf("stream records %v were not settled", failed)
	}
	w.everyoneOnce(t, 3)
	if rows := w.rows(t, "OUTBOX#"); len(rows) != 0 {
		t.Errorf("rows are left: %v", rows)
	}
	page, err := w.desk.OpenSlots(t.Context(), w.enrolled(t, "eve"), desk.SlotFilter{}, "", 20)
	if err != nil || page.Items[0].Slot.ID != slot || page.Items[0].Taken != 3 {
		t.Errorf("browsing shows %+v, %v", page.Items, err)
	}
}

// The stream may bring a record again, and the clock may work on it at the same time.
func TestOnceHoweverOftenItIsHandled(t *testing.T) {
	w := open(t, nil)
	w.booked(t, 5)
	rows := w.rows(t, "OUTBOX#")
	w.now = w.now.Add(time.Minute)
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() { _, _ = w.Stream(context.Background(), stream(rows)) })
		wait.Go(func() { _ = w.Tick(context.Background()) })
	}
	wait.Wait()
	w.tick(t, time.Hour)
	w.everyoneOnce(t, 5)
}

// The clock leaves fresh rows to the stream, and takes what the stream missed.
func TestTheClockTakesWhatTheStreamMissed(t *testing.T) {
	w := open(t, nil)
	w.booked(t, 4)
	w.tick(t, 10*time.Second)
	if got := w.post.to(); len(got) != 0 {
		t.Errorf("after ten seconds the clock sent %v", got)
	}
	w.tick(t, time.Minute)
	w.everyoneOnce(t, 4)
	if rows := w.rows(t, "OUTBOX#"); len(rows) != 0 {
		t.Errorf("rows are left: %v", rows)
	}
}

// A mail service that is down delays messages and loses none.
func TestAMailServiceThatIsDown(t *testing.T) {
	w := open(t, nil)
	w.post.fail = func(int) error { return errors.New("service unavailable") }
	w.booked(t, 3)
	if failed := w.streamed(t); failed != nil {
		t.Fatalf("a mail that cannot be sent holds up the stream: %v", failed)
	}
	for range 5 {
		w.tick(t, 10*time.Minute)
	}
	if rows := w.rows(t, "OUTBOX#"); len(rows) != 3 {
		t.Fatalf("%d rows wait, want 3", len(rows))
	}
	w.post.fail = nil
	w.tick(t, 2*time.Hour)
	w.everyoneOnce(t, 3)
}

// One failure of two does not send the other message twice.
func TestTheOtherSideIsNotToldTwice(t *testing.T) {
	w := open(t, nil)
	w.post.fail = func(n int) error {
		if n%2 == 0 {
			return errors.New("throttled")
		}
		return nil
	}
	w.booked(t, 4)
	w.streamed(t)
	for range 6 {
		w.tick(t, time.Hour)
	}
	w.everyoneOnce(t, 4)
}

// What fails for ever is parked, and the rest goes on.
func TestWhatCannotBeSentIsParked(t *testing.T) {
	w := open(t, nil)
	w.post.fail = func(int) error { return errors.New("rejected") }
	w.booked(t, 1)
	w.streamed(t)
	for range 80 {
		w.tick(t, time.Hour+time.Minute)
	}
	if outbox, dead := w.rows(t, "OUTBOX#"), w.rows(t, "DEAD"); len(dead) != 1 || len(outbox) != 0 {
		t.Fatalf("parked %v, left %v", dead, outbox)
	}
	unknown := table.Record{Key: table.Key{PK: "OUTBOX#00", SK: "2026-11-02T09:00:00.000Z#x"}, Data: []byte(`{"event":{"kind":"of the future"},"due":"2026-11-02T09:00:00Z"}`)}
	damaged := table.Record{Key: table.Key{PK: "OUTBOX#01", SK: "2026-11-02T09:00:00.000Z#y"}, Data: []byte(`{"event":`)}
	if err := w.engine.Commit(t.Context(), table.Insert(unknown), table.Insert(damaged)); err != nil {
		t.Fatal(err)
	}
	w.tick(t, time.Minute)
	if dead := w.rows(t, "DEAD"); len(dead) != 2 {
		t.Errorf("parked: %v, want the damaged row too", dead)
	}
	for range 80 {
		w.tick(t, time.Hour+time.Minute)
	}
	if dead, outbox := w.rows(t, "DEAD"), w.rows(t, "OUTBOX#"); len(dead) != 3 || len(outbox) != 0 {
		t.Errorf("parked %v, left %v", dead, outbox)
	}
}

// What can never be sent is parked at once; what cannot be sent at present waits as long as it takes.
func TestHopelessAndPaused(t *testing.T) {
	w := open(t, nil)
	w.post.fail = func(int) error { return fmt.Errorf("%w: for a reason", mail.ErrRefused) }
	w.booked(t, 1)
	w.streamed(t)
	if outbox, dead := w.rows(t, "OUTBOX#"), w.rows(t, "DEAD"); len(dead) != 1 || len(outbox) != 0 {
		t.Errorf("refused for good: parked %v, left %v", dead, outbox)
	}
	w.post.fail = func(n int) error { // one of two is hopeless, the other is not
		if n%2 == 0 {
			return mail.ErrRefused
		}
		return mail.ErrThrottled
	}
	w.booked(t, 1)
	w.streamed(t)
	if outbox, dead := w.rows(t, "OUTBOX#"), w.rows(t, "DEAD"); len(dead) != 1 || len(outbox) != 1 {
		t.Errorf("one of two refused: parked %v, left %v", dead, outbox)
	}
	w.post.fail = func(int) error { return fmt.Errorf("%w: account suspended", mail.ErrPaused) }
	for range 100 {
		w.tick(t, 2*time.Hour)
	}
	if outbox := w.rows(t, "OUTBOX#"); len(outbox) != 1 {
		t.Errorf("after a week of suspension %v wait", outbox)
	}
	w.post.fail = nil
	w.tick(t, 2*time.Hour)
	if dead := w.dead(t); len(dead) != 2 || dead[1].Failures[0] != (desk.Failure{Kind: mentoring.BookingConfirmed, Role: mentoring.Expert, Reason: "refused"}) {
		t.Fatalf("the one refused of two is not parked when the other is sent: %+v", dead)
	}
	w.redriven(t) // somebody set right what the service refused
	w.streamed(t)
	w.everyoneOnce(t, 2)
}

// dead are the dead letters.
func (w *world) dead(t *testing.T) (all []desk.DeadLetter) {
	t.Helper()
	for after := ""; ; {
		page, err := w.desk.DeadLetters(t.Context(), desk.Caller{Coordinator: true}, after, 100)
		if err != nil {
			t.Fatal(err)
		}
		all, after = append(all, page.Items...), page.Next
		if after == "" {
			return all
		}
	}
}

// redriven puts all dead letters back.
func (w *world) redriven(t *testing.T) {
	t.Helper()
	for _, letter := range w.dead(t) {
		if _, err := w.desk.Redrive(t.Context(), desk.Caller{Coordinator: true}, letter.ID, desk.Once{}); err != nil {
			t.Fatal(err)
		}
	}
}

// A crash between sending and recording it makes one extra copy, once the claim has run out, and not
// before.
func TestACrashMakesOneExtraCopy(t *testing.T) {
	w := open(t, nil)
	w.booked(t, 1)
	ctx, crash := context.WithCancel(t.Context())
	w.post.fail = func(int) error { return nil }
	dying := *w.Dispatcher
	dying.Sender = senderFunc(func(ctx context.Context, m mail.Message) (string, error) {
		defer crash() // the process dies as soon as the mail is out
		return w.post.Send(ctx, m)
	})
	if _, err := dying.Stream(ctx, stream(w.rows(t, "OUTBOX#"))); err != nil {
		t.Fatal(err)
	}
	w.tick(t, time.Minute)
	w.tick(t, time.Minute/2)
	first := w.post.to()
	w.tick(t, 2*time.Minute)
	w.tick(t, time.Hour/2)
	total := 0
	for who, n := range w.post.to() {
		total += n
		if n > 2 || first[who] > 1 {
			t.Errorf("%s got %d messages, %d before the claim ran out", who, n, first[who])
		}
	}
	if total != 3 {
		t.Errorf("%d messages, want both and one extra", total)
	}
}

type senderFunc func(context.Context, mail.Message) (string, error)

func (f senderFunc) Send(ctx context.Context, m mail.Message) (string, error) { return f(ctx, m) }

// Whatever the table does, nothing is lost.
func TestFaultsOfTheTable(t *testing.T) {
	for seed := range uint64(8) {
		var faults *tabletest.Faults
		w := open(t, func(engine table.Table) table.Table {
			faults = tabletest.NewFaults(engine, seed, tabletest.Chances{Conflict: .1, Throttle: .1, Unavailable: .1, LostReply: .1, Read: .1})
			return faults
		})
		w.booked(t, 3)
		w.streamed(t)
		for range 200 {
			w.now = w.now.Add(time.Hour)
			_ = w.Tick(t.Context()) // what fails now, the next tick takes up
		}
		if rows := w.rows(t, "OUTBOX#"); len(rows) != 0 {
			t.Errorf("seed %d: rows are left: %v", seed, rows)
		}
		for _, who := range []string{"requester-1-0@example.org", "requester-1-1@example.org", "requester-1-2@example.org"} {
			if w.post.to()[who] < 1 {
				t.Errorf("seed %d: %s was told nothing", seed, who)
			}
		}
	}
}

// A record that could not even be put off is named by its sequence number, and only that one.
func TestTheStreamIsToldWhatFailed(t *testing.T) {
	cut := &cutOff{}
	w := open(t, func(engine table.Table) table.Table { cut.Table = engine; return cut })
	w.booked(t, 3)
	rows := w.rows(t, "OUTBOX#")
	cut.key = rows[1]
	if failed := w.streamed(t); !slices.Equal(failed, []string{"1001"}) {
		t.Errorf("failed %v, want the second record", failed)
	}
	noise := stream([]table.Key{cut.key, cut.key, cut.key}) // each would fail if it were taken for a row
	noise.Records[0].EventName = "REMOVE"
	noise.Records[1].Change.Keys = nil
	noise.Records[2].Change.Keys["PK"] = events.NewNumberAttribute("1")
	if answer, err := w.Stream(t.Context(), noise); err != nil || answer.BatchItemFailures != nil {
		t.Errorf("records that are no rows: %v, %v", answer, err)
	}
}

// cutOff cannot read one record.
type cutOff struct {
	table.Table
	key table.Key
}

func (c *cutOff) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	if slices.Contains(keys, c.key) {
		return nil, table.ErrUnavailable
	}
	return c.Table.Get(ctx, keys...)
}

// A tick with little time left begins nothing.
func TestATickEndsInTime(t *testing.T) {
	w := open(t, nil)
	w.booked(t, 2)
	w.now = w.now.Add(time.Minute)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	if err := w.Tick(ctx); err != nil || len(w.post.to()) != 0 {
		t.Errorf("a tick with ten seconds left: %v, sent %v", err, w.post.to())
	}
}

// A changed profile reaches the expert's slots by way of the outbox.
func TestSlotsFollowTheirExpert(t *testing.T) {
	w := open(t, nil)
	w.booked(t, 0)
	e := mentoring.Enrolment{Profile: mentoring.Profile{Name: "Ada Lovelace", TimeZone: "Europe/London"}, AcceptGroundRules: true}
	if _, err := w.desk.Enrol(t.Context(), w.ada, e, nil); err != nil {
		t.Fatal(err)
	}
	if failed := w.streamed(t); failed != nil {
		t.Fatalf("stream records %v were not settled", failed)
	}
	page, err := w.desk.OpenSlots(t.Context(), w.enrolled(t, "eve"), desk.SlotFilter{}, "", 20)
	if err != nil || page.Items[0].Slot.Host.Name != "Ada Lovelace" {
		t.Errorf("browsing shows %+v, %v", page.Items, err)
	}
	if rows := w.rows(t, "OUTBOX#"); len(rows) != 0 {
		t.Errorf("rows are left: %v", rows)
	}
}

// The samples in events/ are what the functions take, as JSON through the runtime's own handler.
func TestSampleEvents(t *testing.T) {
	sample := func(name string) string {
		text, err := os.ReadFile("../../events/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	w := open(t, nil)
	w.booked(t, 2)
	row := w.rows(t, "OUTBOX#")[0]
	event := strings.NewReplacer("OUTBOX#02", row.PK, "2026-11-22T09:00:00.000Z#9f86d081884c7d65", row.SK).
		Replace(sample("mailer/outbox-insert.json"))
	answer, err := lambda.NewHandler(w.Stream).Invoke(t.Context(), []byte(event))
	if err != nil || len(w.post.to()) != 2 || strings.Contains(string(answer), "itemIdentifier") {
		t.Errorf("the sample of a stream event: %s, %v, sent %v", answer, err, w.post.to())
	}
	w.now = w.now.Add(time.Minute)
	if _, err := lambda.NewHandler(w.Tick).Invoke(t.Context(), []byte(sample("clock/tick.json"))); err != nil {
		t.Errorf("the sample of a tick: %v", err)
	}
	w.everyoneOnce(t, 2)
}

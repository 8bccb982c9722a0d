package benchmarks_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/mailfunction"
	"flashmentoring/internal/benchmarks"
	"flashmentoring/internal/config"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/samtemplate"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
	"flashmentoring/internal/table/tabletest"
)

// call is what one call to storage takes in the simulated minute of the clock.
const call = 5 * time.Millisecond

// P7: what falls due in one minute is done within the one invocation that begins then, as template.yaml configures the clock:
// so many jobs of the two kinds of which there are most, one for each session. Time is simulated; the long form has
// JOBS=100000.
func TestTheClockKeepsUp(t *testing.T) {
	jobs := 500
	if text := os.Getenv("JOBS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatal(err)
		}
		jobs = n
	}
	starts := morning.Add(29*24*time.Hour + 6*time.Hour) // as in bookings
	for name, at := range map[string]time.Time{"reminders": starts.Add(-24 * time.Hour), "ends": starts.Add(30 * time.Minute)} {
		t.Run(name, func(t *testing.T) {
			engine := openTable(t)
			multiply(t, engine, jobs, at)
			due := &dueRows{Table: engine, left: jobs}
			var done time.Duration
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				now := func() time.Time { return at.Add(time.Since(began)) }
				tick, timeout := clock(t, tabletest.NewLatency(due, call, call), now)
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				if err := tick(ctx); err != nil {
					t.Error(err)
				}
				done = due.last.Sub(began)
			})
			if due.left != 0 {
				t.Errorf("%d of %d jobs were left undone", due.left, jobs)
			}
			if events := eventsOf(t, engine); events < jobs {
				t.Errorf("%d jobs announced %d events", jobs, events)
			}
			t.Attr("seconds", fmt.Sprintf("%.1f", done.Seconds()))
			t.Attr("calls", fmt.Sprintf("%.1f", float64(due.calls)/float64(jobs)))
		})
	}
}

// clock is the deployed function, and the time it has.
func clock(t *testing.T, through table.Table, now func() time.Time) (tick func(context.Context) error, timeout time.Duration) {
	t.Helper()
	environment, err := benchmarks.Environment(template, "ClockFunction", nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := config.LoadClock(environment)
	if err != nil {
		t.Fatal(err)
	}
	dispatcher, err := mailfunction.New(config.Mailer(c), noMail{}, assembly.Surroundings{Table: through, Now: now, Log: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := samtemplate.Load(template)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range loaded.Functions() {
		if f.ID == "ClockFunction" {
			timeout = f.Timeout
		}
	}
	return dispatcher.Tick, timeout
}

// noMail is a mail service that is not asked: what the clock announces is the mailer's to send.
type noMail struct{}

func (noMail) Send(context.Context, mail.Message) (string, error) { panic("a mail") }
func (noMail) Account(context.Context) (mail.Account, error)      { panic("a mail") }

// dueRows watches the jobs go.
type dueRows struct {
	table.Table
	mu    sync.Mutex
	left  int
	calls int
	last  time.Time
}

func (d *dueRows) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	d.count()
	return d.Table.Get(ctx, keys...)
}

func (d *dueRows) Query(ctx context.Context, r table.Range) (table.Page, error) {
	d.count()
	return d.Table.Query(ctx, r)
}

func (d *dueRows) count() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
}

func (d *dueRows) Commit(ctx context.Context, writes ...table.Write) error {
	d.count()
	if err := d.Table.Commit(ctx, writes...); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, w := range writes {
		if w.Action == table.Delete && strings.HasPrefix(w.Record.PK, "DUE#") {
			d.left, d.last = d.left-1, time.Now()
		}
	}
	return nil
}

// eventsOf counts what waits in the outbox.
func eventsOf(t *testing.T, engine *bolttable.Table) (n int) {
	t.Helper()
	err := engine.Each(t.Context(), func(r table.Record) error {
		if strings.HasPrefix(r.PK, "OUTBOX#") {
			n++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// multiply fills a table with sessions, each of an expert and a requester of its own, of which each has a job at one time:
// copies of a session that was published and booked.
func multiply(t *testing.T, engine table.Table, n int, at time.Time) {
	t.Helper()
	a := openAPI(t)
	id := a.call(t, a.bookings(t, 1, true)[0])
	var originals []table.Record
	var slot string
	err := a.engine.Each(t.Context(), func(r table.Record) error {
		switch kind, name, _ := strings.Cut(r.PK, "#"); kind {
		case "SLOT":
			slot = name
			fallthrough
		case "BOOKING", "PERSON":
			originals = append(originals, r)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var writes []table.Write
	for i := range n {
		number := [16]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}
		own := string(mentoring.NewSlotID(number))
		names := strings.NewReplacer(slot, own, id, string(mentoring.NewBookingID(number)),
			string(mentoring.PersonIDFor("https://issuer.example.org", "expert0")), string(mentoring.PersonIDFor("expert", own)),
			string(mentoring.PersonIDFor("https://issuer.example.org", "requester0")), string(mentoring.PersonIDFor("requester", own)))
		for _, r := range originals {
			writes = append(writes, table.Insert(renamed(r, names)))
		}
		time := at.UTC().Format("2006-01-02T15:04:05.000Z")
		writes = append(writes, table.Insert(table.Record{
			Key:  table.Key{PK: fmt.Sprintf("DUE#%02d", i%16), SK: time + "#" + own},
			Data: fmt.Appendf(nil, `{"slot":%q,"at":%q}`, own, time),
		}))
		if len(writes) > table.MaxWrites-len(originals)-1 || i == n-1 {
			if err := engine.Commit(t.Context(), writes...); err != nil {
				t.Fatal(err)
			}
			writes = writes[:0]
		}
	}
}

func renamed(r table.Record, names *strings.Replacer) table.Record {
	r.PK, r.SK, r.Version = names.Replace(r.PK), names.Replace(r.SK), 0
	r.Data = []byte(names.Replace(string(r.Data)))
	entries := map[table.Index]table.Key{}
	for index, entry := range r.Entries {
		entries[index] = table.Key{PK: names.Replace(entry.PK), SK: names.Replace(entry.SK)}
	}
	r.Entries = entries
	return r
}

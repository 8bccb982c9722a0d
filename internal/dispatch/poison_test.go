package dispatch_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/dispatch"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/table"
)

// venom panics over mails to one address.
type venom struct {
	dispatch.Sender
	address string
}

func (v venom) Send(ctx context.Context, m mail.Message) (string, error) {
	if m.To == v.address {
		panic("what it says of " + m.To)
	}
	return v.Sender.Send(ctx, m)
}

// poisons are rows that cannot be handled, each the oldest of its shard, with the reason they are put aside for in the
// end.
var poisons = map[string]struct{ row, reason string }{
	"damaged":                      {`{"event":`, "damaged"},
	"of another form":              {`{"event":{"at":7}}`, "damaged"},
	"of a version that was undone": {`{"event":{"kind":"of the future"},"due":"2026-11-02T08:00:00Z"}`, "unknown_event"},
}

// poisoned has so many rows, before which lies one that cannot be handled.
func poisoned(t *testing.T, w *world, rows int, row string) (poison table.Key) {
	t.Helper()
	w.rush(t, 2*(rows-1))
	poison = table.Key{PK: "OUTBOX#00", SK: "2026-11-02T08:00:00.000Z#poison"}
	if err := w.engine.Commit(t.Context(), table.Insert(table.Record{Key: poison, Data: []byte(row)})); err != nil {
		t.Fatal(err)
	}
	return poison
}

// R9: one record in a thousand that cannot be handled keeps none of the others, neither in the stream nor in the clock, and
// ends among the dead letters.
func TestNothingPoisonsThePipeline(t *testing.T) {
	rows := times(t, "RECORDS", 60)
	for name, poison := range poisons {
		t.Run(name, func(t *testing.T) {
			w := open(t, nil)
			poisoned(t, w, rows, poison.row)
			keys := w.rows(t, "OUTBOX#")
			for len(keys) > rows/2 { // as many as the stream delivers at once, and the rest is left to the clock
				if answer, err := w.Stream(t.Context(), stream(keys[:10])); err != nil || answer.BatchItemFailures != nil {
					t.Fatalf("the stream is held up: %v, %v", answer, err)
				}
				keys = keys[10:]
			}
			w.tick(t, time.Minute)
			if sent := len(w.post.sent); sent != 2*(rows-1) {
				t.Errorf("%d mails were sent, want those of the other %d rows", sent, rows-1)
			}
			w.ends(t, poison.reason)
			t.Logf("figure R9: %s: %d of %d rows delivered, the one put aside", name, rows-1, rows)
		})
	}
}

// ends demands that the one row which is left is put aside in the end, for a reason.
func (w *world) ends(t *testing.T, reason string) {
	t.Helper()
	for range 80 {
		w.tick(t, time.Hour+time.Minute)
	}
	dead := w.dead(t)
	if len(dead) != 1 || dead[0].Failures[0].Reason != reason || len(w.rows(t, "OUTBOX#")) != 0 {
		t.Errorf("put aside: %+v, left %v; want one for %q", dead, w.rows(t, "OUTBOX#"), reason)
	}
}

// A row over which the program itself stumbles is put off and put aside like any other, and says nothing of whom it was
// about. Its other mail is sent.
func TestAPanicPoisonsNothing(t *testing.T) {
	w := open(t, nil)
	w.booked(t, 12)
	w.Dispatcher = w.dispatcher(t, w.engine, venom{w.post, "requester-1-3@example.org"})
	w.streamed(t)
	if got := w.post.to(); len(got) != 12 || got["ada@example.org"] != 12 {
		t.Errorf("sent %v", got)
	}
	w.ends(t, "panicked")
}

// The control of R9: whoever stops at the first row that cannot be read delivers nothing behind it.
func TestStoppingAtThePoison(t *testing.T) {
	w := open(t, nil)
	poison := poisoned(t, w, 20, poisons["damaged"].row)
	sent, behind := 0, 0
	for _, key := range w.rows(t, "OUTBOX#") {
		if !strings.HasPrefix(key.PK, poison.PK) {
			continue
		}
		if _, err := w.desk.OutboxRow(t.Context(), key); err != nil || behind > 0 {
			behind++
			continue
		}
		sent++
	}
	if sent != 0 || behind < 2 {
		t.Errorf("%d rows lie before the poison and %d behind it: it poisons nothing", sent, behind-1)
	}
}

package dispatch_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	netmail "net/mail"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/table"
)

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

// unwell is a mail service that fails half of all calls, some of them after it took the mail.
type unwell struct {
	*post
	refuses bool // now and then it refuses a mail for good
	loses   bool // now and then it takes a mail and the answer is lost
	mu      sync.Mutex
	lots    *rand.Rand
	lost    int
}

func (u *unwell) Send(ctx context.Context, m mail.Message) (string, error) {
	u.mu.Lock()
	lot := u.lots.Float64()
	loses := u.loses && lot > .35 && lot < .5
	if loses {
		u.lost++
	}
	u.mu.Unlock()
	switch {
	case u.refuses && lot < .03:
		return "", fmt.Errorf("%w: MessageRejected", mail.ErrRefused)
	case loses:
		_, _ = u.post.Send(ctx, m)
		return "", errors.New("no answer")
	case lot < .12:
		return "", fmt.Errorf("%w: TooManyRequestsException", mail.ErrThrottled)
	case lot < .5:
		return "", errors.New("ses: ServiceUnavailable")
	}
	return u.post.Send(ctx, m)
}

// messageID names a message by what is the same for all its copies.
func messageID(m mail.Message) string {
	parsed, err := netmail.ReadMessage(bytes.NewReader(m.Raw))
	if err != nil || parsed.Header.Get("Message-ID") == "" {
		panic(fmt.Sprintf("a message without an id: %v", err))
	}
	return parsed.Header.Get("Message-ID")
}

// copies counts how often each message was sent.
func (w *world) copies() map[string]int {
	counts := map[string]int{}
	for _, m := range w.post.sent {
		counts[messageID(m)]++
	}
	return counts
}

// ledger counts the messages by what became of them.
func (w *world) ledger(t *testing.T) map[string]int {
	t.Helper()
	counts := map[string]int{}
	err := w.engine.Each(t.Context(), func(r table.Record) error {
		for _, status := range []string{"sent", "refused", "suppressed"} {
			if strings.HasPrefix(r.SK, "MAIL#") && strings.Contains(string(r.Data), `"status":"`+status+`"`) {
				counts[status]++
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

// waiting are the oldest rows of a shard, as many as the stream delivers at once.
func (w *world) waiting(t *testing.T, shard int) []table.Key {
	t.Helper()
	keys, err := w.desk.OutboxDue(t.Context(), shard, "", w.now.Add(1000*time.Hour), 10)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

// rush books until there are so many messages to send, by a new expert whenever one has enough slots.
func (w *world) rush(t *testing.T, messages int) {
	t.Helper()
	for bookings := messages / 2; bookings > 0; bookings -= 12 {
		if w.people%90 == 89 {
			w.ada = w.enrolled(t, fmt.Sprint("expert-", w.people))
		}
		w.booked(t, min(bookings, 12))
	}
}

// faults are what a delivery has to bear.
type faults struct{ unwell, loses, refuses, crashes bool }

// atOnce is how many rows of a batch a process handles side by side, so as many mails can be out and not recorded when it ends:
// one copy more of each, and no more than one.
const atOnce = 8

// delivered has so many messages sent after the stream was dead for thirty hours, and returns how many copies there are
// too many, and how many there may be: one for each mail that was out and not recorded when a process ended, and one for
// each lost answer.
func delivered(t *testing.T, w *world, messages int, f faults, wrap func(table.Table) table.Table) (extra, allowed int) {
	t.Helper()
	w.rush(t, messages)
	lots := rand.New(rand.NewPCG(1, uint64(messages)))
	service := &unwell{post: w.post, refuses: f.refuses, loses: f.loses, lots: rand.New(rand.NewPCG(2, 2))}
	w.now = w.now.Add(30 * time.Hour)
	live := func(l *life) {
		d, ctx := w.process(t, l, w.post, wrap)
		if f.unwell {
			d, ctx = w.process(t, l, service, wrap)
		}
		if rows := w.waiting(t, lots.IntN(4)); lots.IntN(2) == 0 {
			_, _ = d.Stream(ctx, stream(rows))
			if l.open > atOnce {
				t.Errorf("one process of the mailer left %d mails unrecorded", l.open)
			}
		} else {
			_ = d.Tick(ctx)
		}
		allowed += l.open
		w.now = w.now.Add(5 * time.Minute)
	}
	if f.crashes {
		for range messages / 4 {
			live(&life{ends: 1 + lots.IntN(40), after: lots.IntN(2) == 0})
		}
	}
	for range 400 {
		if len(w.waiting(t, 0))+len(w.waiting(t, 1))+len(w.waiting(t, 2))+len(w.waiting(t, 3)) == 0 {
			break
		}
		live(&life{})
	}
	for _, n := range w.copies() {
		extra += n - 1
	}
	return extra, allowed + service.lost
}

// settles demands that every message was sent or put aside, and that nothing waits.
func (w *world) settles(t *testing.T, messages int) {
	t.Helper()
	became, refused := w.ledger(t), 0
	for _, letter := range w.dead(t) {
		refused += len(letter.Failures)
	}
	if became["sent"]+became["refused"] != messages || became["refused"] != refused || len(w.copies()) < became["sent"] {
		t.Errorf("of %d messages %v; dead letters tell of %d, and %d were sent", messages, became, refused, len(w.copies()))
	}
	if rows := w.rows(t, "OUTBOX#"); len(rows) != 0 {
		t.Errorf("%d rows are left", len(rows))
	}
	t.Logf("%d messages: %v, %d copies", messages, became, len(w.post.sent))
}

// R6: whatever the mail service and the machines do, every message is sent or put aside; without a lost answer and without
// a crash none is sent twice, and with them no more often than they explain.
func TestNoMailIsLost(t *testing.T) {
	messages := times(t, "DELIVERIES", 96)
	for name, f := range map[string]faults{
		"stream dead for 30 hours":       {},
		"and SES failing half the time":  {unwell: true},
		"and refusing some for good":     {unwell: true, refuses: true},
		"and answers lost":               {unwell: true, refuses: true, loses: true},
		"and mailers killed at any step": {unwell: true, refuses: true, loses: true, crashes: true},
		"mailers killed at any step":     {crashes: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := open(t, nil)
			extra, allowed := delivered(t, w, messages, f, nil)
			w.settles(t, messages)
			if extra > allowed || !f.loses && !f.crashes && allowed != 0 || f.loses && extra == 0 {
				t.Errorf("%d extra copies, %d are explained", extra, allowed)
			}
			t.Logf("figure R6: %s: %d mails, all sent or put aside, %d extra copies of which %d are explained", name, messages, extra, allowed)
		})
	}
}

// dropping loses what is put off: it takes the row away and does not put it back.
type dropping struct{ table.Table }

func (d dropping) Commit(ctx context.Context, writes ...table.Write) error {
	if len(writes) == 2 && strings.HasPrefix(writes[1].Record.PK, "OUTBOX#") {
		writes = writes[:1]
	}
	return d.Table.Commit(ctx, writes...)
}

// The controls of R6: without the ledger there are copies nothing explains, and where putting off loses rows, messages are
// missing.
func TestMailIsLostWithoutCare(t *testing.T) {
	const messages = 96
	w := open(t, nil)
	if extra, allowed := delivered(t, w, messages, faults{unwell: true}, func(e table.Table) table.Table { return forgetful{e} }); extra <= allowed {
		t.Errorf("without the ledger %d extra copies, %d explained", extra, allowed)
	}
	w = open(t, nil)
	delivered(t, w, messages, faults{unwell: true}, func(e table.Table) table.Table { return dropping{e} })
	if became := w.ledger(t); became["sent"] >= messages {
		t.Errorf("where putting off loses rows, of %d messages %v", messages, became)
	}
}

package dispatch_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"flashmentoring/internal/mail"
	"flashmentoring/internal/sesmail"
	"flashmentoring/internal/table"
)

// One row that cannot be read must not disturb the others: not those of its own shard behind the first page, nor the
// other shards, whose mails may be on their way.
func TestOneRowDoesNotStopTheTick(t *testing.T) {
	cut := &cutOff{}
	w := open(t, func(engine table.Table) table.Table { cut.Table = engine; return cut })
	for range 6 {
		w.booked(t, 12)
	}
	rows := w.rows(t, "OUTBOX#")
	cut.key = rows[0]
	slow := *w.Dispatcher
	slow.Sender = senderFunc(func(ctx context.Context, m mail.Message) (string, error) {
		select {
		case <-time.After(5 * time.Millisecond):
		case <-ctx.Done():
			return "", ctx.Err()
		}
		return w.post.Send(ctx, m)
	})
	for i := range 5 {
		w.now = w.now.Add(5 * time.Minute)
		if err := slow.Tick(t.Context()); err == nil {
			t.Error("the tick does not tell of the row it could not read")
		}
		if i == 0 && len(w.rows(t, "OUTBOX#")) != 1 {
			t.Errorf("one unreadable row of %d leaves %d behind", len(rows), len(w.rows(t, "OUTBOX#")))
		}
	}
	for who, n := range w.post.to() {
		if strings.HasPrefix(who, "requester") && n != 1 {
			t.Errorf("%s got %d", who, n)
		}
	}
}

// The process of one shard fails after the mail of another went out: the mail is sent twice.
func TestOneShardDoesNotBreakOffAnother(t *testing.T) {
	cut := &cutOff{}
	w := open(t, func(engine table.Table) table.Table { cut.Table = engine; return cut })
	for range 4 {
		w.booked(t, 12)
	}
	byShard := map[string][]table.Key{}
	for _, k := range w.rows(t, "OUTBOX#") {
		byShard[k.PK] = append(byShard[k.PK], k)
	}
	least := 1000
	for _, keys := range byShard {
		if len(keys) < least {
			least, cut.key = len(keys), keys[0]
		}
	}
	d := *w.Dispatcher
	d.Sender = senderFunc(func(ctx context.Context, m mail.Message) (string, error) {
		id, err := w.post.Send(ctx, m) // it is out, and the answer takes a moment
		time.Sleep(20 * time.Millisecond)
		return id, err
	})
	w.now = w.now.Add(5 * time.Minute)
	_ = d.Tick(t.Context())
	cut.key = table.Key{}
	for range 4 {
		w.tick(t, 5*time.Minute)
	}
	w.everyoneOnce(t, 48)
}

// 50 rows that somebody else is at work on keep the clock from the 51st.
func TestRowsOfOthersDoNotKeepTheClock(t *testing.T) {
	w := open(t, nil)
	for range 20 {
		w.booked(t, 12)
	}
	byShard := map[string][]table.Key{}
	for _, k := range w.rows(t, "OUTBOX#") {
		byShard[k.PK] = append(byShard[k.PK], k)
	}
	w.now = w.now.Add(time.Minute)
	held := 0
	for _, keys := range byShard {
		for _, k := range keys[:min(50, len(keys))] { // sorted
			row, err := w.desk.OutboxRow(t.Context(), k)
			if err != nil {
				t.Fatal(err)
			}
			ns, _, err := w.desk.Notices(t.Context(), row.Event)
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range ns {
				if _, err := w.desk.ClaimMessage(t.Context(), n, 0, 2*time.Minute); err != nil {
					t.Fatal(err)
				}
			}
			held++
		}
	}
	if err := w.Tick(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := len(w.rows(t, "OUTBOX#")); left != held {
		t.Errorf("%d rows left, %d are somebody else's", left, held)
	}
}

// failOnce cannot record, once, that a message was sent.
type failOnce struct {
	table.Table
	mu   sync.Mutex
	done bool
}

func (f *failOnce) Commit(ctx context.Context, ws ...table.Write) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.done && strings.HasPrefix(ws[0].Record.SK, "MAIL#") && bytes.Contains(ws[0].Record.Data, []byte("sentAt")) {
		f.done = true
		return &table.Refusal{Reasons: []table.Reason{table.Throttled}}
	}
	return f.Table.Commit(ctx, ws...)
}

// A mail that is out is recorded as sent, even if that does not succeed at once.
func TestOneThrottleMakesNoCopy(t *testing.T) {
	w := open(t, func(engine table.Table) table.Table { return &failOnce{Table: engine} })
	w.booked(t, 1)
	w.streamed(t)
	for range 10 {
		w.tick(t, time.Minute)
	}
	w.everyoneOnce(t, 1)
}

// A batch with little time left begins nothing: the clock takes it.
func TestAStreamBatchEndsInTime(t *testing.T) {
	w := open(t, nil)
	w.booked(t, 2)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err := w.Stream(ctx, stream(w.rows(t, "OUTBOX#")))
	if err != nil || len(w.post.to()) != 0 {
		t.Errorf("a stream batch with two seconds left begins: %v, sent %v", err, w.post.to())
	}
}

// What SES says of a mail it refuses names addresses, which belong in no log (proof.md S5).
func TestNoAddressInTheLog(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		rw.Header().Set("X-Amzn-ErrorType", "MessageRejected")
		rw.WriteHeader(400)
		_, _ = rw.Write([]byte(`{"message":"Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: requester-1-0@example.org"}`))
	}))
	defer server.Close()
	w := open(t, nil)
	w.booked(t, 1)
	var log bytes.Buffer
	d := *w.Dispatcher
	d.Log = slog.New(slog.NewJSONHandler(&log, nil))
	d.Sender = sesmail.New(sesmail.Connect(aws.Config{Region: "x", BaseEndpoint: &server.URL, Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
	})}), "")
	if _, err := d.Stream(t.Context(), stream(w.rows(t, "OUTBOX#"))); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(log.String(), "requester-1-0@example.org") {
		t.Errorf("the log: %s", log.String())
	}
}

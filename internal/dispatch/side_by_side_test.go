package dispatch_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"flashmentoring/internal/mail"
)

// distant is a mail service that takes a second for each mail.
type distant struct{ *post }

func (d distant) Send(ctx context.Context, m mail.Message) (string, error) {
	time.Sleep(time.Second)
	return d.post.Send(ctx, m)
}

// The events of a batch do not wait for each other's mails, of which each has two. Time is simulated.
func TestABatchIsToldSideBySide(t *testing.T) {
	w := open(t, nil)
	for range 8 {
		w.booked(t, 1)
	}
	w.post.sent = nil
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		answer, err := w.dispatcher(t, w.engine, distant{w.post}).Stream(t.Context(), stream(w.rows(t, "OUTBOX#")))
		if err != nil || len(answer.BatchItemFailures) != 0 {
			t.Errorf("failed: %v, %v", answer, err)
		}
		if took := time.Since(began); took < 2*time.Second || took > 6*time.Second {
			t.Errorf("sixteen mails of a second each took %v", took)
		}
	})
	w.everyoneOnce(t, 8)
}

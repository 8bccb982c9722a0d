package dispatch_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/table"
)

// proof.md S4: whatever the stream brings, it is not held up, and nothing that is no row is handled.
func FuzzStream(f *testing.F) {
	w := open(f, nil)
	for _, keys := range [][]table.Key{nil, {{PK: "OUTBOX#00", SK: "x"}}, {{PK: "SLOT#s", SK: "META"}, {PK: "OUTBOX#\x00", SK: ""}}} {
		text, err := json.Marshal(stream(keys))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add(`{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{"PK":{"S":"OUTBOX#00"},"SK":{"N":"7"}}}}]}`)
	f.Add(`{"Records":[{"eventName":"INSERT","dynamodb":{"Keys":{"PK":{"NULL":true}}}},{}]}`)
	f.Add(`{"Records":null}`)
	f.Fuzz(func(t *testing.T, text string) {
		var batch events.DynamoDBEvent
		if json.Unmarshal([]byte(text), &batch) != nil {
			return // the runtime calls nobody
		}
		answer, err := w.Stream(t.Context(), batch)
		if err != nil || len(answer.BatchItemFailures) > len(batch.Records) {
			t.Errorf("%v, %v", answer, err)
		}
		if len(w.post.to()) > 0 {
			t.Error("mail is sent about nothing")
		}
	})
}

// proof.md S4: whatever an outbox row, or what is due at some time, says, the clock goes on, and the row is gone, moved or put
// aside, unless it is of a later release.
func FuzzRows(f *testing.F) {
	w := open(f, nil)
	for _, poison := range poisons {
		f.Add(poison.row)
	}
	for _, kind := range []string{"booking_made", "slot_changed", "person_changed", "person_erased", "task_due", "survey_answered", "day_before"} {
		f.Add(`{"event":{"kind":"` + kind + `","at":"2026-11-02T08:00:00Z","slot":"slot_aaaaaaaaaaaaaaaaaaaaaaaaaa","bookings":["bkg_x",""],"person":"","hops":-1,"day":"x"},"due":"2026-11-02T08:00:00Z","attempts":71}`)
	}
	f.Add(`{"s":2`)
	n := 0
	f.Fuzz(func(t *testing.T, text string) {
		n++
		rows := []table.Key{}
		for _, partition := range []string{"OUTBOX#00", "DUE#00"} {
			key := table.Key{PK: partition, SK: fmt.Sprintf("2026-11-02T08:00:00.000Z#%d", n)}
			if w.engine.Commit(t.Context(), table.Insert(table.Record{Key: key, Data: []byte(text)})) != nil {
				return // not even text
			}
			rows = append(rows, key)
		}
		if err := w.Tick(t.Context()); err != nil && !errors.Is(err, desk.ErrLater) {
			t.Errorf("the clock stops: %v", err)
		}
		left, err := w.engine.Get(t.Context(), rows...)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range left {
			row, err := w.desk.OutboxRow(t.Context(), r.Key)
			if errors.Is(err, desk.ErrLater) {
				err, row = nil, &desk.Row{Due: w.now} // it is left to the release that wrote it
			}
			if err != nil || !row.Due.After(w.now.Add(-time.Minute)) {
				t.Errorf("%q stays where it is", text)
			}
			_ = w.engine.Commit(t.Context(), table.Drop(r.Key))
		}
	})
}

package dynamolocal_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/dynamolocal"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/dynamotable"
)

// Every change of the table arrives once, in order, and with its keys only; those made before the reading began
// too.
func TestStream(t *testing.T) {
	server := dynamolocal.ForTest(t)
	name := server.TableForTest(t)
	engine := dynamotable.New(server.Client(), name)
	commit := func(w table.Write) {
		if err := engine.Commit(context.WithoutCancel(t.Context()), w); err != nil {
			t.Error(err)
		}
	}
	record := table.Record{Key: table.Key{PK: "OUTBOX#01", SK: "first"}, Data: []byte(`"secret"`)}
	commit(table.Insert(record))
	record.Version = 1

	want := []string{"INSERT OUTBOX#01 first", "MODIFY OUTBOX#01 first", "REMOVE OUTBOX#01 first"}
	for i := range 5 {
		want = append(want, fmt.Sprintf("INSERT SLOT#s SEAT#%02d", i))
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var got []string
	err := server.Stream(ctx, name, 2, func(_ context.Context, event events.DynamoDBEvent) {
		if len(event.Records) > 2 {
			t.Errorf("%d records at a time, want 2 at most", len(event.Records))
		}
		if len(got) == 0 { // the rest happens while the stream is being read
			record.Data = []byte(`"other secret"`)
			commit(table.Update(record))
			commit(table.Drop(record.Key))
			for i := range 5 {
				commit(table.Insert(table.Record{Key: table.Key{PK: "SLOT#s", SK: fmt.Sprintf("SEAT#%02d", i)}}))
			}
		}
		got = append(got, seen(t, event)...)
		if len(got) >= len(want) {
			cancel()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// seen is what a function sees of an event, which reaches it as JSON.
func seen(t *testing.T, event events.DynamoDBEvent) []string {
	t.Helper()
	text, err := json.Marshal(event)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "secret") {
		t.Errorf("contents in the stream: %s", text)
	}
	var received events.DynamoDBEvent
	if err := json.Unmarshal(text, &received); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range received.Records {
		if r.EventSource != "aws:dynamodb" || r.EventID == "" || r.Change.SequenceNumber == "" ||
			r.Change.StreamViewType != "KEYS_ONLY" || !strings.Contains(r.EventSourceArn, "/stream/") {
			t.Errorf("incomplete: %+v", r)
		}
		lines = append(lines, r.EventName+" "+r.Change.Keys["PK"].String()+" "+r.Change.Keys["SK"].String())
	}
	return lines
}

func TestStreamOfNoTable(t *testing.T) {
	server := dynamolocal.ForTest(t)
	if err := server.Stream(t.Context(), "absent", 1, nil); err == nil {
		t.Error("no error")
	}
}

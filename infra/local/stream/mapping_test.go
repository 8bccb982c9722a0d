package stream_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/infra/local/stream"
)

// target is a function at the end of a mapping. It notes the batches it got, by sequence numbers.
type target struct {
	batches [][]string
	// answer decides about a batch: which records it could not take, or an error.
	answer func(batch []string) (failed []string, err error)
}

func (f *target) invoke(_ context.Context, text []byte) ([]byte, error) {
	var event events.DynamoDBEvent
	if err := json.Unmarshal(text, &event); err != nil {
		return nil, err
	}
	var numbers []string
	for _, r := range event.Records {
		numbers = append(numbers, r.Change.SequenceNumber)
	}
	f.batches = append(f.batches, numbers)
	failed, err := f.answer(numbers)
	if err != nil {
		return nil, err
	}
	answer := events.DynamoDBEventResponse{}
	for _, number := range failed {
		answer.BatchItemFailures = append(answer.BatchItemFailures, events.DynamoDBBatchItemFailure{ItemIdentifier: number})
	}
	return json.Marshal(answer)
}

func takesAll([]string) ([]string, error) { return nil, nil }

func numbered(from, to int) (records []events.DynamoDBEventRecord) {
	for n := from; n <= to; n++ {
		records = append(records, record("INSERT", "OUTBOX#00", fmt.Sprint(n)))
	}
	return records
}

// deliver offers records to a mapping and returns the batches the function got until nothing was left to do. Time is
// the bubble's, so pauses take none.
func deliver(
	t *testing.T, s stream.Settings, answer func([]string) ([]string, error), records []events.DynamoDBEventRecord,
) [][]string {
	t.Helper()
	f := &target{answer: answer}
	synctest.Test(t, func(t *testing.T) {
		m := stream.NewMapping(s, f.invoke, slog.New(slog.DiscardHandler))
		m.Offer(records...)
		go m.Run(t.Context())
		if err := m.Idle(t.Context()); err != nil {
			t.Error(err)
		}
	})
	return f.batches
}

func TestDelivery(t *testing.T) {
	always := errors.New("no")
	settings := stream.Settings{BatchSize: 4, Retries: 2, Bisect: true, Partial: true}
	tests := []struct {
		name     string
		settings stream.Settings
		answer   func([]string) ([]string, error)
		records  []events.DynamoDBEventRecord
		want     [][]string
	}{
		{"in batches and in order", settings, takesAll, numbered(1, 6), [][]string{{"1", "2", "3", "4"}, {"5", "6"}}},
		{
			"again from the first that failed", settings, failing(1, "2", "4"), numbered(1, 4),
			[][]string{{"1", "2", "3", "4"}, {"2", "3", "4"}},
		},
		{
			"given up after the retries, and those behind it go on", settings, failing(99, "1"), numbered(1, 5),
			[][]string{{"1", "2", "3", "4"}, {"1", "2", "3", "4"}, {"1", "2", "3", "4"}, {"5"}},
		},
		{
			"an error halves the batch until the bad record is alone",
			stream.Settings{BatchSize: 4, Retries: 1, Bisect: true, Partial: true},
			func(batch []string) ([]string, error) {
				if slices.Contains(batch, "3") {
					return nil, always
				}
				return nil, nil
			},
			numbered(1, 4),
			[][]string{{"1", "2", "3", "4"}, {"1", "2"}, {"3", "4"}, {"3"}, {"3"}, {"4"}},
		},
		{
			"without halving all of the batch comes again", stream.Settings{BatchSize: 4, Retries: 1, Partial: true},
			func([]string) ([]string, error) { return nil, always }, numbered(1, 2),
			[][]string{{"1", "2"}, {"1", "2"}},
		},
		{
			"a number that is not in the batch fails all of it", stream.Settings{BatchSize: 4, Retries: 1, Partial: true},
			func([]string) ([]string, error) { return []string{"77"}, nil }, numbered(1, 2),
			[][]string{{"1", "2"}, {"1", "2"}},
		},
		{
			"an answer nobody asked for is not looked at", stream.Settings{BatchSize: 4, Retries: 3},
			failing(99, "1"), numbered(1, 1), [][]string{{"1"}},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, deliver(t, test.settings, test.answer, test.records)); diff != "" {
				t.Errorf("batches (-want +got):\n%s", diff)
			}
		})
	}
}

// failing cannot take these records, so many times, and takes everything then.
func failing(times int, numbers ...string) func([]string) ([]string, error) {
	return func(batch []string) (failed []string, _ error) {
		if times--; times < 0 {
			return nil, nil
		}
		for _, number := range numbers {
			if slices.Contains(batch, number) {
				failed = append(failed, number)
			}
		}
		return failed, nil
	}
}

func TestOnlyWhatTheFilterSelects(t *testing.T) {
	filter, err := stream.ParseFilter(`{"dynamodb":{"Keys":{"PK":{"S":[{"prefix":"OUTBOX#"}]}}}}`)
	if err != nil {
		t.Fatal(err)
	}
	records := []events.DynamoDBEventRecord{
		record("INSERT", "SLOT#1", "1"), record("INSERT", "OUTBOX#00", "2"), record("INSERT", "PERSON#1", "3"),
	}
	got := deliver(t, stream.Settings{BatchSize: 9, Filters: []stream.Filter{filter}}, takesAll, records)
	if diff := cmp.Diff([][]string{{"2"}}, got); diff != "" {
		t.Error(diff)
	}
}

// While the function is down records are given up, and none of them comes later.
func TestDown(t *testing.T) {
	f := &target{answer: takesAll}
	synctest.Test(t, func(t *testing.T) {
		m := stream.NewMapping(stream.Settings{BatchSize: 9}, f.invoke, slog.New(slog.DiscardHandler))
		go m.Run(t.Context())
		m.SetDown(true)
		m.Offer(numbered(1, 2)...)
		synctest.Wait()
		if !m.Down() || m.Idle(t.Context()) != nil {
			t.Error("the function is not down, or its mapping not idle")
		}
		m.SetDown(false)
		m.Offer(numbered(3, 3)...)
		synctest.Wait()
	})
	if diff := cmp.Diff([][]string{{"3"}}, f.batches); diff != "" {
		t.Error(diff)
	}
}

// Who waits for the mailer also waits for what is still on its way through the stream.
func TestIdleWaitsForTheAwaited(t *testing.T) {
	f := &target{answer: takesAll}
	synctest.Test(t, func(t *testing.T) {
		m := stream.NewMapping(stream.Settings{BatchSize: 9}, f.invoke, slog.New(slog.DiscardHandler))
		go m.Run(t.Context())
		first, second := numbered(1, 1), numbered(2, 2)
		m.Await(first...)
		m.Await(second...)
		m.Forget(second...)
		idle := make(chan error, 1)
		go func() { idle <- m.Idle(t.Context()) }()
		synctest.Wait()
		select {
		case <-idle:
			t.Error("idle before the record came")
		default:
		}
		m.Offer(first...)
		if err := <-idle; err != nil {
			t.Error(err)
		}
	})
	if diff := cmp.Diff([][]string{{"1"}}, f.batches); diff != "" {
		t.Error(diff)
	}
}

func TestIdleEndsWithItsContext(t *testing.T) {
	m := stream.NewMapping(stream.Settings{BatchSize: 1}, (&target{answer: takesAll}).invoke, slog.New(slog.DiscardHandler))
	m.Offer(numbered(1, 1)...) // and nobody delivers
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.Idle(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

package stream_test

import (
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"flashmentoring/infra/local/stream"
)

func record(event, pk, number string) events.DynamoDBEventRecord {
	return events.DynamoDBEventRecord{
		EventName: event,
		Change: events.DynamoDBStreamRecord{
			Keys: map[string]events.DynamoDBAttributeValue{
				"PK": events.NewStringAttribute(pk), "SK": events.NewStringAttribute(number),
			},
			SequenceNumber: number,
		},
	}
}

func TestFilterMatches(t *testing.T) {
	const mailer = `{"eventName":["INSERT"],"dynamodb":{"Keys":{"PK":{"S":[{"prefix":"OUTBOX#"}]}}}}`
	tests := []struct {
		name, pattern string
		record        events.DynamoDBEventRecord
		want          bool
	}{
		{"insert of a row", mailer, record("INSERT", "OUTBOX#01", "1"), true},
		{"removal of a row", mailer, record("REMOVE", "OUTBOX#01", "1"), false},
		{"insert of something else", mailer, record("INSERT", "BOOKING#1", "1"), false},
		{"prefix in another place", mailer, record("INSERT", "MY-OUTBOX#1", "1"), false},
		{"one of two", `{"eventName":["REMOVE","INSERT"]}`, record("INSERT", "A", "1"), true},
		{"none of two", `{"eventName":["REMOVE","INSERT"]}`, record("MODIFY", "A", "1"), false},
		{"text must be equal", `{"dynamodb":{"Keys":{"PK":{"S":["OUTBOX#"]}}}}`, record("INSERT", "OUTBOX#01", "1"), false},
		{"field that is not there", `{"dynamodb":{"NewImage":{"PK":{"S":["A"]}}}}`, record("INSERT", "A", "1"), false},
		{"field of another form", `{"eventName":{"S":["INSERT"]}}`, record("INSERT", "A", "1"), false},
		{"no condition", `{}`, record("INSERT", "A", "1"), true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			filter, err := stream.ParseFilter(test.pattern)
			if err != nil {
				t.Fatal(err)
			}
			if got := filter.Match(test.record); got != test.want {
				t.Errorf("%s: got %v, want %v", test.pattern, got, test.want)
			}
		})
	}
}

// A pattern that would be understood otherwise, or not at all, must not pass as one that was.
func TestFilterRefuses(t *testing.T) {
	for _, pattern := range []string{
		``, `[]`, `{"eventName":"INSERT"}`, `{"eventName":[{"suffix":"T"}]}`, `{"eventName":[{"prefix":1}]}`,
		`{"eventName":[{"prefix":"A","suffix":"B"}]}`, `{"a":{"b":[1]}}`, `{"a":{"b":null}}`,
	} {
		if _, err := stream.ParseFilter(pattern); err == nil {
			t.Errorf("%s: no error", pattern)
		}
	}
}

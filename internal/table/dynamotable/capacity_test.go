package dynamotable_test

import (
	"testing"

	"flashmentoring/internal/table"
)

// What DynamoDB says it took is added up, over all its answers to one call.
func TestConsumedCapacity(t *testing.T) {
	ctx, meter := table.WithMeter(t.Context())
	s := newStub(t,
		fine(`{"Responses":{},"UnprocessedKeys":{"stub":{"Keys":[{"PK":{"S":"p"},"SK":{"S":"b"}}]}},"ConsumedCapacity":[{"CapacityUnits":1}]}`),
		fine(`{"Responses":{},"ConsumedCapacity":[{"CapacityUnits":2}]}`),
		fine(`{"Items":[],"ConsumedCapacity":{"CapacityUnits":0.5}}`),
		fine(`{"ConsumedCapacity":{"CapacityUnits":3}}`),
		fine(`{"ConsumedCapacity":{"CapacityUnits":5}}`),
		fine(`{"ConsumedCapacity":[{"CapacityUnits":12}]}`),
		fine(`{}`),
	)
	insert := func(sk string) table.Write {
		return table.Insert(table.Record{Key: table.Key{PK: "p", SK: sk}, Data: []byte("{}")})
	}
	if _, err := s.Get(ctx, keys("a", "b")...); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Query(ctx, whole); err != nil {
		t.Fatal(err)
	}
	for _, writes := range [][]table.Write{
		{insert("a")}, {table.Drop(table.Key{PK: "p", SK: "a"})}, {insert("a"), insert("b")}, {insert("without a word of it")},
	} {
		if err := s.Commit(ctx, writes...); err != nil {
			t.Fatal(err)
		}
	}
	if got := meter.Usage(); got.RCU != 3.5 || got.WCU != 20 {
		t.Errorf("used %+v, want 3.5 RCU and 20 WCU", got)
	}
}

package tabletest

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"flashmentoring/internal/table"
)

func getKeepsTheOrderOfKeys(t *testing.T, b bench) {
	stored := b.insert(t, b.record("p", "a", `"1"`), b.record("p", "b", `"2"`), b.record("q", "a", `"3"`))
	got := b.get(t, b.key("q", "a"), b.key("p", "missing"), b.key("p", "b"), b.key("p", "a"), b.key("none", "a"),
		b.key("q", "a"))
	sameRecords(t, got, stored[2], stored[1], stored[0], stored[2])

	sameRecords(t, b.get(t))
	sameRecords(t, b.get(t, b.key("p", "missing"), b.key("p", "missing")))
}

func getReadsUpToALimitOfKeys(t *testing.T, b bench) {
	var records []table.Record
	var keys []table.Key
	for i := range table.MaxGets {
		r := b.record(fmt.Sprintf("p%d", i%7), fmt.Sprintf("%03d", i), "{}")
		records, keys = append(records, r), append(keys, r.Key)
	}
	stored := b.insert(t, records...)
	sameRecords(t, b.get(t, keys...), stored...)

	repeated := append(keys, keys[0])
	if _, err := b.Get(t.Context(), repeated...); !errors.Is(err, table.ErrInvalid) {
		t.Errorf("Get of %d keys: %v, want ErrInvalid", len(repeated), err)
	}
}

// DynamoDB answers a batch with 16 MB at most and names the keys it left out ("BatchGetItem" in its API
// reference). The caller of Get does not see that.
func getReadsMoreThanOneAnswerHolds(t *testing.T, b bench) {
	const each, size = 9, 400_000
	var keys []table.Key
	for round := range 5 {
		var batch []table.Record
		for i := range each {
			r := b.record("big", fmt.Sprintf("%d-%d", round, i), strings.Repeat("x", size))
			batch, keys = append(batch, r), append(keys, r.Key)
		}
		b.insert(t, batch...)
	}
	got := b.get(t, keys...)
	if len(got) != len(keys) {
		t.Fatalf("%d records, want %d", len(got), len(keys))
	}
	for i, r := range got {
		if r.Key != keys[i] || len(r.Data) != size {
			t.Fatalf("record %d is %v with %d bytes, want %v with %d", i, r.Key, len(r.Data), keys[i], size)
		}
	}
}

func getRefusesKeysThatAreNone(t *testing.T, b bench) {
	for name, key := range noKeys(b) {
		if _, err := b.Get(t.Context(), b.key("p", "a"), key); !errors.Is(err, table.ErrInvalid) {
			t.Errorf("Get of a key with %s: %v, want ErrInvalid", name, err)
		}
	}
}

// noKeys break each rule of [table.Key] in turn.
func noKeys(b bench) map[string]table.Key {
	return map[string]table.Key{
		"no PK":             {SK: "a"},
		"no SK":             b.key("p", ""),
		"NUL in PK":         b.key("p\x00q", "a"),
		"NUL in SK":         b.key("p", "a\x00"),
		"a PK not UTF-8":    b.key("p\xff", "a"),
		"an SK not UTF-8":   b.key("p", "\xc3"),
		"a PK too long":     b.key(strings.Repeat("p", table.MaxPKSize-len(b.mine)+1), "a"),
		"an SK too long":    b.key("p", strings.Repeat("s", table.MaxSKSize+1)),
		"bytes not counted": b.key("p", strings.Repeat("é", table.MaxSKSize/2+1)),
	}
}

// What was handed to the engine, and what it handed out, may be written over by its owner.
func memoryIsNotShared(t *testing.T, b bench) {
	r := b.record("p", "a", `"before"`)
	r.Entries = map[table.Index]table.Key{table.Open: b.key("open", "1")}
	want := r
	want.Version = 1
	want.Data = []byte(`"before"`)
	want.Entries = map[table.Index]table.Key{table.Open: b.key("open", "1")}

	b.commit(t, table.Insert(r))
	spoil(r)
	got := b.get(t, r.Key, r.Key)
	sameRecords(t, got, want, want)

	spoil(got[0])
	sameRecords(t, got[1:], want)
	sameRecords(t, b.get(t, r.Key), want)

	inTable := table.Range{PK: r.PK, Limit: 1}
	spoil(b.page(t, inTable).Records[0])
	sameRecords(t, b.page(t, inTable).Records, want)
}

func spoil(r table.Record) {
	for i := range r.Data {
		r.Data[i] = '!'
	}
	r.Entries[table.Topic] = table.Key{PK: "spoilt", SK: "spoilt"}
	delete(r.Entries, table.Open)
}

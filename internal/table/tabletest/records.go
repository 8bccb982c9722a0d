package tabletest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/table"
)

func recordsComeBackAsTheyWere(t *testing.T, b bench) {
	var records []table.Record
	for i, data := range []string{
		"",
		`{}`,
		`{"text": "a \"quoted\" \\ backslash, \u0000 \n \/ and \ud83d\ude00"}`,
		"{\n\t\"spaces\" : [ 1, 2.50, 1e2 ]\r\n}  ",
		`{"a":1,"a":2,"B":{"b":"<script>&amp;'"}}`,
		`"grüße, 中文, עברית, 😀👩‍👩‍👧, ﷽"`,
		"\"composed \u00e9, decomposed e\u0301, \ufeff\u200b\u2028\u2029\ufffd\uffff\U0010ffff\"",
		strings.Repeat(`\"`, 5000),
		"not JSON at all: \x01\x1f\x7f",
	} {
		records = append(records, b.record("data", fmt.Sprintf("%02d", i), data))
	}
	full := b.record(`pk "é\😀`, `sk "é\😀`, `{}`)
	full.Expires = time.Unix(4_102_444_800, 0).UTC()
	full.Entries = map[table.Index]table.Key{
		table.Open:      b.key("open 😀", "ö"),
		table.Topic:     b.key("topic", "2"),
		table.Attending: b.key("attending", "3"),
		table.Hosting:   b.key("hosting", strings.Repeat("4", table.MaxSKSize)),
	}
	longest := b.record(strings.Repeat("p", table.MaxPKSize-len(b.mine)), strings.Repeat("s", table.MaxSKSize), "{}")
	records = append(records, full, longest)

	stored := b.insert(t, records...)
	for _, r := range stored {
		sameRecords(t, b.get(t, r.Key), r)
	}
	b.expect(t, table.Range{PK: records[0].PK, Limit: 100}, stored[:len(records)-2]...)

	plain := full
	plain.Version, plain.Entries, plain.Expires = 1, nil, time.Time{}
	b.commit(t, table.Update(plain))
	plain.Version = 2
	sameRecords(t, b.get(t, plain.Key), plain)
}

func expiredRecordsAreStillThere(t *testing.T, b bench) {
	r := b.record("p", "a", "{}")
	r.Expires = time.Now().Add(-time.Hour).UTC().Truncate(time.Second)
	stored := b.insert(t, r)
	sameRecords(t, b.get(t, r.Key), stored...)
	b.expect(t, table.Range{PK: r.PK, Limit: 10}, stored...)
	b.commit(t, table.Update(stored[0]))
}

func recordsFillTheLimit(t *testing.T, b bench) {
	r := b.record("p", "plain", "")
	indexed := b.record("p", "indexed", "")
	indexed.Expires = time.Unix(4_102_444_801, 0).UTC()
	indexed.Entries = map[table.Index]table.Key{
		table.Open:    b.key("open", "1"),
		table.Hosting: b.key("hosting", "1"),
	}
	for _, r := range []table.Record{r, indexed} {
		stored := b.insert(t, filled(r, table.MaxRecordSize))
		sameRecords(t, b.get(t, r.Key), stored...)

		over := stored[0]
		over.Data = append(over.Data, 'x')
		if err := b.Commit(t.Context(), table.Update(over)); !errors.Is(err, table.ErrInvalid) {
			t.Errorf("Commit of a record of %d bytes: %v, want ErrInvalid", over.Size(), err)
		}
	}
}

// filled gives the record, stored at version 1, a document that brings it to size.
func filled(r table.Record, size int) table.Record {
	stored := r
	stored.Version, stored.Data = 1, nil
	r.Data = []byte(strings.Repeat("x", size-stored.Size()))
	return r
}

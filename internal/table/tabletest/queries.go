package tabletest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"flashmentoring/internal/table"
)

// places of one partition in the order of their bytes. The order of UTF-16 would have the emoji before
// U+FFEE, a reader's would have the letters together.
var places = []string{
	"\x01", " ", "#", "10", "9", "A", "B", "a", "a#", "a#1", "a0", "aa", "b", "~", "\x7f", "é", "中", "\uffee",
	"😀", "\U0010ffff",
}

func (b bench) insertPlaces(t *testing.T, pk string) []table.Record {
	t.Helper()
	var records []table.Record
	for i, sk := range places {
		records = append(records, b.record(pk, sk, fmt.Sprint(i)))
	}
	shuffled := slices.Clone(records)
	for i := range shuffled { // any fixed order but the right one
		j := (i * 7) % len(shuffled)
		shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
	}
	b.insert(t, shuffled...)
	for i := range records {
		records[i].Version = 1
	}
	return records
}

func queryFollowsTheOrderOfBytes(t *testing.T, b bench) {
	if !slices.IsSorted(places) {
		t.Fatal("the places are not in the order of their bytes")
	}
	stored := b.insertPlaces(t, "p")
	b.expect(t, table.Range{PK: b.mine + "p", Limit: 100}, stored...)
}

func queryStaysWithinBounds(t *testing.T, b bench) {
	stored := b.insertPlaces(t, "p")
	for _, c := range []struct{ name, from, to string }{
		{"none", "", ""},
		{"from a place", "a#", ""},
		{"from between places", "a!", ""},
		{"from behind a place", table.After("a#"), ""},
		{"from behind all", table.After("\U0010ffff"), ""},
		{"to a place", "", "a#"},
		{"to between places", "", "a$"},
		{"to behind a place", "", table.After("a#")},
		{"to before all", "", "\x01"},
		{"both", "9", "b"},
		{"both, by one place", "a", "a#"},
		{"both, behind a place", table.After("9"), table.After("b")},
		{"the same", "a", "a"},
		{"behind a place to it", table.After("a"), table.After("a")},
		{"reversed", "b", "9"},
	} {
		var want []table.Record
		for _, r := range stored {
			if r.SK >= c.from && (c.to == "" || r.SK < c.to) {
				want = append(want, r)
			}
		}
		t.Run(c.name, func(t *testing.T) {
			for _, limit := range []int{1, 3, 100} {
				b.expect(t, table.Range{PK: b.mine + "p", From: c.from, To: c.to, Limit: limit}, want...)
			}
		})
	}
	for _, prefix := range []string{"a", "a#", "é", "nothing"} {
		var want []table.Record
		for _, r := range stored {
			if strings.HasPrefix(r.SK, prefix) {
				want = append(want, r)
			}
		}
		from, to := table.Prefixed(prefix)
		b.expect(t, table.Range{PK: b.mine + "p", From: from, To: to, Limit: 100}, want...)
	}
}

func queryStaysInItsPartition(t *testing.T, b bench) {
	b.insert(t, b.record("o", "a", ""), b.record("p\x01", "a", ""), b.record("p ", "a", ""), b.record("pa", "a", ""),
		b.record("p😀", "a", ""))
	b.expect(t, table.Range{PK: b.mine + "p", Limit: 10})
	own := b.insert(t, b.record("p", "a", ""), b.record("p", "\U0010ffff", ""))
	b.expect(t, table.Range{PK: b.mine + "p", Limit: 10}, own...)
	b.expect(t, table.Range{PK: b.mine + "none", Limit: 10})
}

func queryPagesToTheEnd(t *testing.T, b bench) {
	stored := b.insertPlaces(t, "p")
	n := len(stored)
	for _, limit := range []int{1, 2, 3, n - 1, n, n + 1, 1000} {
		b.expect(t, table.Range{PK: b.mine + "p", Limit: limit}, stored...)
	}
	if page := b.page(t, table.Range{PK: b.mine + "p", Limit: n - 1}); !page.More {
		t.Errorf("a page of %d of %d small records says that there are no more", len(page.Records), n)
	}
	if page := b.page(t, table.Range{PK: b.mine + "p", Limit: n + 1}); page.More || len(page.Records) != n {
		t.Errorf("a page with room for more holds %d of %d small records, more: %v", len(page.Records), n, page.More)
	}
}

func queryContinuesBehindTheLongestPlace(t *testing.T, b bench) {
	longest := strings.Repeat("s", table.MaxSKSize)
	entry := func(sk string) map[table.Index]table.Key {
		return map[table.Index]table.Key{table.Topic: b.key("topic", sk)}
	}
	records := []table.Record{b.record("p", longest, ""), b.record("p", "t", "")}
	records[0].Entries, records[1].Entries = entry(longest), entry("t")
	stored := b.insert(t, records...)
	b.expect(t, table.Range{PK: b.mine + "p", Limit: 1}, stored...)
	b.expect(t, table.Range{PK: b.mine + "p", From: table.After(longest), Limit: 10}, stored[1])
	b.expect(t, table.Range{PK: b.mine + "p", From: table.After(longest), To: "u", Limit: 10}, stored[1])
	b.expect(t, table.Range{PK: b.mine + "p", To: table.After(longest), Limit: 10}, stored[0])
	b.expect(t, table.Range{Index: table.Topic, PK: b.mine + "topic", Limit: 1}, stored...)
}

// DynamoDB ends a page at 1 MB ("Query" in its API reference). Whether the engine reads on by itself or
// says More, nothing is lost.
func queryTellsThatBigPagesGoOn(t *testing.T, b bench) {
	stored := b.insertBig(t)
	b.expect(t, table.Range{PK: b.mine + "big", Limit: 100}, stored...)
	b.expect(t, table.Range{PK: b.mine + "big", From: "1", To: "6", Limit: 100}, stored[1:6]...)
}

func (b bench) insertBig(t *testing.T) []table.Record {
	t.Helper()
	var records []table.Record
	for i := range 8 {
		r := b.record("big", fmt.Sprint(i), strings.Repeat(fmt.Sprint(i), 300_000))
		r.Entries = map[table.Index]table.Key{table.Open: b.key("open", fmt.Sprint(i))}
		records = append(records, r)
	}
	return b.insert(t, records...)
}

func queryRefusesRangesThatAreNone(t *testing.T, b bench) {
	pk := b.mine + "p"
	for name, r := range map[string]table.Range{
		"no limit":         {PK: pk},
		"a limit below 1":  {PK: pk, Limit: -1},
		"no PK":            {Limit: 1},
		"NUL in PK":        {PK: pk + "\x00", Limit: 1},
		"a PK not UTF-8":   {PK: pk + "\xff", Limit: 1},
		"a PK too long":    {PK: pk + strings.Repeat("p", table.MaxPKSize), Limit: 1},
		"a From not UTF-8": {PK: pk, From: "\xff", Limit: 1},
		"a To not UTF-8":   {PK: pk, To: "\xff", Limit: 1},
		"a From too long":  {PK: pk, From: strings.Repeat("s", table.MaxSKSize+1), Limit: 1},
		"a To too long":    {PK: pk, To: strings.Repeat("s", table.MaxSKSize+1), Limit: 1},
		"an unknown index": {Index: "unknown", PK: pk, Limit: 1},
	} {
		if _, err := b.Query(t.Context(), r); !errors.Is(err, table.ErrInvalid) {
			t.Errorf("Query with %s: %v, want ErrInvalid", name, err)
		}
	}
}

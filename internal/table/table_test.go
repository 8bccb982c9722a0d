package table_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/table"
)

func key(pk, sk string) table.Key { return table.Key{PK: pk, SK: sk} }

func record(version int64, data string) table.Record {
	return table.Record{Key: key("p", "s"), Version: version, Data: []byte(data)}
}

// The sizes are counted by hand after "Item sizes and formats" in the DynamoDB developer guide: names and
// values; a number is a byte per two digits, and one.
func TestSize(t *testing.T) {
	expiring, indexed, largeKey := record(1, ""), record(1, ""), record(1, "")
	expiring.Expires = time.Unix(1_700_000_001, 0)
	indexed.Entries = map[table.Index]table.Key{table.Open: key("o", "12"), table.Attending: key("a", "é")}
	largeKey.Key = key(strings.Repeat("p", 100), strings.Repeat("é", 50))
	for name, c := range map[string]struct {
		record table.Record
		size   int
	}{
		"the least":           {record(1, ""), 3 + 3 + (1 + 2) + 1},
		"data":                {record(1, `"é😀"`), 3 + 3 + (1 + 2) + 1 + 8},
		"two digits":          {record(99, ""), 3 + 3 + (1 + 2) + 1},
		"three digits":        {record(100, ""), 3 + 3 + (1 + 3) + 1},
		"five digits":         {record(12345, ""), 3 + 3 + (1 + 4) + 1},
		"expiry, ten digits":  {expiring, 10 + 3 + 6},
		"entries in indexes":  {indexed, 10 + (6 + 1) + (6 + 2) + (11 + 1) + (11 + 2)},
		"a key that is large": {largeKey, 102 + 102 + 3 + 1},
	} {
		if got := c.record.Size(); got != c.size {
			t.Errorf("%s: %d bytes, want %d", name, got, c.size)
		}
	}
}

func TestWrites(t *testing.T) {
	r := record(7, "{}")
	r.Entries = map[table.Index]table.Key{table.Open: key("o", "1")}
	bare, keyed := table.Record{Key: r.Key, Version: 7}, table.Record{Key: r.Key}
	for name, c := range map[string]struct {
		got  table.Write
		want table.Write
		next int64
	}{
		"insert":  {table.Insert(r), table.Write{Action: table.Put, If: table.IfAbsent, Record: r}, 1},
		"update":  {table.Update(r), table.Write{Action: table.Put, If: table.IfVersion, Record: r}, 8},
		"remove":  {table.Remove(r), table.Write{Action: table.Delete, If: table.IfVersion, Record: bare}, 8},
		"require": {table.Require(r), table.Write{Action: table.Check, If: table.IfVersion, Record: bare}, 8},
		"drop":    {table.Drop(r.Key), table.Write{Action: table.Delete, If: table.Always, Record: keyed}, 1},
	} {
		if diff := cmp.Diff(c.want, c.got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if got := c.got.NextVersion(); got != c.next {
			t.Errorf("%s: next version %d, want %d", name, got, c.next)
		}
	}
}

func TestValidate(t *testing.T) {
	long := func(n int) string { return strings.Repeat("x", n) }
	sized := func(sk string, version int64, size int) table.Record {
		r := table.Record{Key: key("p", sk), Version: version}
		stored := r
		stored.Version++
		r.Data = []byte(long(size - stored.Size()))
		return r
	}
	many := func(n, size int) (writes []table.Write) {
		for i := range n {
			writes = append(writes, table.Update(sized(fmt.Sprintf("%03d", i), 1, size)))
		}
		return writes
	}
	inserted := func(k table.Key) []table.Write { return []table.Write{table.Insert(table.Record{Key: k})} }
	entered := func(index table.Index, k table.Key) []table.Write {
		r := record(0, "")
		r.Entries = map[table.Index]table.Key{index: k}
		return []table.Write{table.Insert(r)}
	}
	unconditional := func(action table.Action) []table.Write {
		return []table.Write{{Action: action, If: table.Always, Record: record(1, "")}}
	}
	over := append(many(16, 256*1024), table.Drop(key("p", "t")))
	const (
		tooLarge       = "write 0: record of 409601 bytes, 409600 at most"
		needsCondition = "write 0: only a delete may do without a condition"
	)
	for name, c := range map[string]struct {
		writes []table.Write
		wrong  string // "" when valid
	}{
		"nothing":                {nil, ""},
		"100 writes":             {many(100, 100), ""},
		"101 writes":             {many(101, 100), "101 writes in a commit, 100 at most"},
		"4 MB":                   {many(16, 256*1024), ""},
		"4 MB and a bit":         {over, "commit of 4194314 bytes, 4194304 at most"},
		"400 KB":                 {[]table.Write{table.Update(sized("s", 1, 400*1024))}, ""},
		"400 KB with what comes": {[]table.Write{table.Update(sized("s", 99, 400*1024))}, ""},
		"400 KB and a byte":      {[]table.Write{table.Update(sized("s", 1, 400*1024+1))}, tooLarge},
		"over 400 KB with it":    {[]table.Write{table.Update(sized("s", 99, 400*1024+1))}, tooLarge},
		"one key twice":          {append(many(3, 100), table.Drop(key("p", "001"))), "write 3 names {p 001} a second time"},
		"no PK":                  {inserted(key("", "s")), "write 0: empty PK"},
		"no SK":                  {inserted(key("p", "")), "write 0: empty SK"},
		"PK of 2048 bytes":       {inserted(key(long(2048), "s")), ""},
		"PK of 2049 bytes":       {inserted(key(long(2049), "s")), "write 0: PK of 2049 bytes, 2048 at most"},
		"SK of 1024 bytes":       {inserted(key("p", long(1024))), ""},
		"SK of 1025 bytes":       {inserted(key("p", long(1025))), "write 0: SK of 1025 bytes, 1024 at most"},
		"SK of 513 letters":      {inserted(key("p", strings.Repeat("é", 513))), "write 0: SK of 1026 bytes, 1024 at most"},
		"NUL in PK":              {inserted(key("p\x00", "s")), "write 0: PK is not text without NUL"},
		"NUL in SK":              {inserted(key("p", "\x00s")), "write 0: SK is not text without NUL"},
		"PK no UTF-8":            {inserted(key("\xff", "s")), "write 0: PK is not text without NUL"},
		"entry":                  {entered(table.Topic, key(long(2048), long(1024))), ""},
		"entry without PK":       {entered(table.Topic, key("", "s")), "write 0: index topic: empty PK"},
		"entry with a long SK": {
			entered(table.Topic, key("p", long(1025))),
			"write 0: index topic: SK of 1025 bytes, 1024 at most",
		},
		"entry in an unknown index": {entered("other", key("p", "s")), `write 0: no index "other"`},
		"data no UTF-8":             {[]table.Write{table.Insert(record(0, "\xff"))}, "write 0: data is not UTF-8"},
		"update without a version":  {[]table.Write{table.Update(record(0, ""))}, "write 0: version 0 was never read"},
		"remove without a version":  {[]table.Write{table.Remove(record(0, ""))}, "write 0: version 0 was never read"},
		"require without a version": {[]table.Write{table.Require(record(-1, ""))}, "write 0: version -1 was never read"},
		"put without a condition":   {unconditional(table.Put), needsCondition},
		"check without a condition": {unconditional(table.Check), needsCondition},
	} {
		isInvalid(t, name, table.Validate(c.writes), c.wrong)
	}
}

func isInvalid(t *testing.T, name string, err error, wrong string) {
	t.Helper()
	switch {
	case wrong == "" && err != nil:
		t.Errorf("%s: %v", name, err)
	case wrong != "" && (!errors.Is(err, table.ErrInvalid) || !strings.HasSuffix(err.Error(), ": "+wrong)):
		t.Errorf("%s: %v, want ErrInvalid with %q", name, err, wrong)
	}
}

func TestValidateKeys(t *testing.T) {
	keys := make([]table.Key, table.MaxGets+1)
	for i := range keys {
		keys[i] = key("p", "the same")
	}
	for name, c := range map[string]struct {
		keys  []table.Key
		wrong string
	}{
		"none":     {nil, ""},
		"100 keys": {keys[1:], ""},
		"101 keys": {keys, "101 keys in a get, 100 at most"},
		"no SK":    {[]table.Key{key("p", "s"), key("p", "")}, "key 1: empty SK"},
	} {
		isInvalid(t, name, table.ValidateKeys(c.keys), c.wrong)
	}
}

func TestValidateRange(t *testing.T) {
	long := strings.Repeat("s", table.MaxSKSize)
	for name, c := range map[string]struct {
		r     table.Range
		wrong string
	}{
		"a partition":         {table.Range{PK: "p", Limit: 1}, ""},
		"an index":            {table.Range{Index: table.Hosting, PK: "p", Limit: 1}, ""},
		"behind the longest":  {table.Range{PK: "p", From: table.After(long), To: table.After(long), Limit: 1}, ""},
		"reversed":            {table.Range{PK: "p", From: "b", To: "a", Limit: 1}, ""},
		"an unknown index":    {table.Range{Index: "other", PK: "p", Limit: 1}, `range: no index "other"`},
		"no limit":            {table.Range{PK: "p"}, "range: limit 0, 1 at least"},
		"no PK":               {table.Range{Limit: 1}, "range: empty PK"},
		"NUL in PK":           {table.Range{PK: "p\x00", Limit: 1}, "range: PK is not text without NUL"},
		"From too long":       {table.Range{PK: "p", From: long + "s", Limit: 1}, "range: From of 1025 bytes, 1024 at most"},
		"To too long":         {table.Range{PK: "p", To: long + "s", Limit: 1}, "range: To of 1025 bytes, 1024 at most"},
		"From no UTF-8":       {table.Range{PK: "p", From: "\xff", Limit: 1}, "range: From is not text without NUL"},
		"NUL within a From":   {table.Range{PK: "p", From: "a\x00b", Limit: 1}, "range: From is not text without NUL"},
		"To behind To":        {table.Range{PK: "p", To: "a\x00\x00", Limit: 1}, "range: To is not text without NUL"},
		"From, index, no end": {table.Range{Index: table.Open, PK: "p", From: "é", Limit: 100}, ""},
	} {
		isInvalid(t, name, c.r.Validate(), c.wrong)
	}
}

var anyPlace = rapid.StringMatching(`[^\x00]{1,8}`)

// Nothing lies between a place and After it, and everything behind it lies at After or behind that.
func TestAfter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sk, other := anyPlace.Draw(t, "sk"), anyPlace.Draw(t, "other")
		if (other > sk) != (other >= table.After(sk)) {
			t.Errorf("%q: After(%q) is %q", other, sk, table.After(sk))
		}
	})
}

func TestPrefixed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		prefix := anyPlace.Draw(t, "prefix")
		sk := rapid.OneOf(anyPlace, rapid.Map(anyPlace, func(s string) string { return prefix + s })).Draw(t, "sk")
		if strings.HasPrefix(sk, prefix+"\U0010ffff") {
			t.Skip("the last character there is")
		}
		from, to := table.Prefixed(prefix)
		if within := sk >= from && sk < to; within != strings.HasPrefix(sk, prefix) {
			t.Errorf("%q within the places that begin with %q: %v", sk, prefix, within)
		}
	})
}

func TestRefusal(t *testing.T) {
	refusal := &table.Refusal{Reasons: []table.Reason{table.Fine, table.Taken, table.Fine, table.Conflict}}
	const want = "commit refused: write 1 taken, write 3 conflict"
	if got := refusal.Error(); got != want {
		t.Errorf("error %q, want %q", got, want)
	}
	for reason, want := range map[table.Reason]bool{
		table.Taken: true, table.Conflict: true, table.Changed: false, table.Throttled: false,
	} {
		if got := refusal.Has(reason); got != want {
			t.Errorf("refused as %v: %v, want %v", reason, got, want)
		}
	}
}

func TestTogether(t *testing.T) {
	if round := table.Round(t.Context()); round != nil {
		t.Errorf("round %v without a mark, want nil", round)
	}
	one, other := table.Together(t.Context()), table.Together(t.Context())
	derived, cancel := context.WithCancel(one)
	defer cancel()
	if table.Round(one) == nil || table.Round(one) != table.Round(derived) {
		t.Error("contexts of one round are of different rounds")
	}
	if table.Round(one) == table.Round(other) {
		t.Error("contexts of two rounds are of the same round")
	}
}

func TestKeysOnly(t *testing.T) {
	for index, want := range map[table.Index]bool{
		table.Open: false, table.Topic: false, table.Attending: true, table.Hosting: true,
	} {
		if got := index.KeysOnly(); got != want {
			t.Errorf("%s: keys only %v, want %v", index, got, want)
		}
	}
	if len(table.Indexes) != 4 {
		t.Errorf("%d indexes, want 4", len(table.Indexes))
	}
}

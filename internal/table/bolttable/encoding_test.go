package bolttable

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	bolt "go.etcd.io/bbolt"
	"pgregory.net/rapid"

	"flashmentoring/internal/table"
)

var (
	text   = rapid.StringMatching(`[^\x00]{1,20}`)
	anyKey = rapid.Custom(func(t *rapid.T) table.Key {
		return table.Key{PK: text.Draw(t, "PK"), SK: text.Draw(t, "SK")}
	})
)

var anyRecord = rapid.Custom(func(t *rapid.T) table.Record {
	r := table.Record{
		Key:     anyKey.Draw(t, "key"),
		Version: rapid.Int64Min(1).Draw(t, "version"),
		Data:    rapid.SliceOf(rapid.Byte()).Draw(t, "data"),
	}
	r.Entries = rapid.MapOf(rapid.SampledFrom(table.Indexes), anyKey).Draw(t, "entries")
	if len(r.Entries) == 0 {
		r.Entries = nil
	}
	if seconds := rapid.Int64Range(-1e9, 1e12).Draw(t, "expires"); seconds != 0 {
		r.Expires = time.Unix(seconds, 0).UTC()
	}
	return r
})

func TestDecodeUndoesEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyRecord.Draw(t, "record")
		got, err := decode(join(want.Key), encode(want))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("record (-want +got):\n%s", diff)
		}
	})
}

// Joined keys are in the order of PK, then SK.
func TestJoinedKeysKeepTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyKey.Draw(t, "a"), anyKey.Draw(t, "b")
		want := a.PK < b.PK || a.PK == b.PK && a.SK < b.SK
		if got := string(join(a)) < string(join(b)); got != want {
			t.Errorf("%q before %q: %v", join(a), join(b), got)
		}
		if split(join(a)) != a {
			t.Errorf("%v became %v", a, split(join(a)))
		}
	})
}

// A value cut short is damaged or, cut within the document, another document; it is never a panic.
func TestDecodeRefusesDamage(t *testing.T) {
	r := table.Record{Key: table.Key{PK: "p", SK: "s"}, Version: 300, Expires: time.Unix(1e9, 0)}
	r.Entries = map[table.Index]table.Key{table.Open: {PK: "list", SK: "1"}}
	whole := encode(r)
	for size := range len(whole) {
		if _, err := decode(join(r.Key), whole[:size]); !errors.Is(err, errDamaged) {
			t.Errorf("cut to %d of %d bytes: %v, want errDamaged", size, len(whole), err)
		}
	}
	whole[0]++
	if _, err := decode(join(r.Key), whole); !errors.Is(err, errDamaged) {
		t.Errorf("of another format: %v, want errDamaged", err)
	}
}

func FuzzDecode(f *testing.F) {
	entries := map[table.Index]table.Key{table.Open: {PK: "a", SK: "b"}}
	f.Add(encode(table.Record{Version: 1, Data: []byte("{}"), Entries: entries}))
	f.Add([]byte{format, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Add([]byte{format, 1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Fuzz(func(t *testing.T, value []byte) {
		record, err := decode([]byte("p\x00s"), value)
		if err != nil && !errors.Is(err, errDamaged) {
			t.Errorf("error %v, want errDamaged", err)
		}
		if len(record.Data) > len(value) {
			t.Errorf("%d bytes of data out of %d", len(record.Data), len(value))
		}
	})
}

// What is damaged on disk is an error of the engine wherever it is met, and nothing is written over it.
func TestDamageIsReported(t *testing.T) {
	on, err := Open(filepath.Join(t.TempDir(), "table.db"), NoSync())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = on.Close() }()
	r := table.Record{Key: table.Key{PK: "p", SK: "s"}, Version: 1}
	lost := table.Key{PK: "list", SK: "1"}
	if err := on.db.Update(func(tx *bolt.Tx) error {
		return errors.Join(
			tx.Bucket(recordsBucket).Put(join(r.Key), []byte("damaged")),
			tx.Bucket(indexBucket(table.Open)).Put(join(lost), []byte("p\x00lost")),
		)
	}); err != nil {
		t.Fatal(err)
	}
	_, getErr := on.Get(t.Context(), r.Key)
	_, queryErr := on.Query(t.Context(), table.Range{PK: "p", Limit: 1})
	_, indexErr := on.Query(t.Context(), table.Range{Index: table.Open, PK: "list", Limit: 1})
	_, sweepErr := on.Sweep(t.Context(), time.Now())
	for name, err := range map[string]error{
		"Get":                getErr,
		"Query":              queryErr,
		"Query of the index": indexErr,
		"Commit":             on.Commit(t.Context(), table.Update(r)),
		"Each":               on.Each(t.Context(), func(table.Record) error { return nil }),
		"Sweep":              sweepErr,
	} {
		if !errors.Is(err, errDamaged) || !errors.Is(err, table.ErrUnavailable) {
			t.Errorf("%s: %v, want errDamaged and ErrUnavailable", name, err)
		}
	}
}

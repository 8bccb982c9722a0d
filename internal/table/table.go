// Package table is the narrow waist between the product and its storage.
//
// Everything the product keeps is a [Record]: a key of two strings, a version, a document and, where a
// list needs it, entries in sparse indexes. There are three operations. Get reads records by key, Query
// reads a stretch of one partition in order, and Commit writes up to [MaxWrites] records or none of them,
// each under a condition. That is all DynamoDB does well, and little enough that an embedded engine can
// do exactly the same, which is what makes the product testable without a cloud.
//
// Two engines stand behind the waist: dynamotable (DynamoDB) and bolttable (bbolt, embedded). The suite
// in tabletest holds them to one behaviour; read it for what is promised in the corners.
//
// The waist knows nothing of mentoring. What the records mean, and how their keys are built, is package
// desk's business.
package table

import (
	"context"
	"sync/atomic"
	"time"
)

// Limits every engine keeps, taken from the narrower one (DynamoDB, "Service, account, and table
// quotas" in its developer guide) so that nothing passes locally that fails deployed.
const (
	MaxWrites     = 100        // writes in one Commit
	MaxGets       = 100        // keys in one Get
	MaxRecordSize = 400 * 1024 // bytes of one record, as Record.Size counts them
	MaxCommitSize = 4 << 20    // bytes of all records of one Commit
	MaxPKSize     = 2048       // bytes of a PK, of a record or an index entry
	MaxSKSize     = 1024       // bytes of an SK, of a record or an index entry
)

// Key names one record: a partition and a place in it. Both parts are non-empty UTF-8 without NUL;
// places are ordered by their bytes.
type Key struct{ PK, SK string }

// Index names a secondary index. A record is in an index only while it carries an entry for it.
type Index string

// The indexes. Each costs a write whenever an indexed record changes, so each is here for a route.
const (
	// Open lists the open slots by time: GET /v1/slots.
	Open Index = "open"
	// Topic lists the open slots of one topic by time: GET /v1/slots?topic=.
	Topic Index = "topic"
	// Attending lists one person's bookings by time: GET /v1/bookings?role=requester. Beside them, the people of one cohort:
	// GET /v1/people?cohort=. Keys only.
	Attending Index = "attending"
	// Hosting lists the bookings of one expert's slots by time: GET /v1/bookings?role=expert. Beside them, their slots, and all
	// people: GET /v1/people. Keys only.
	Hosting Index = "hosting"
)

// Indexes are all indexes there are, in the order of their declaration.
var Indexes = []Index{Open, Topic, Attending, Hosting}

// KeysOnly reports whether a Query of the index returns records without data, with version zero and only
// the entry by which they were found, to be followed by a Get. Such an index is not written again when a
// record changes and its entry stays the same, and what is read through it is never stale.
func (i Index) KeysOnly() bool { return i == Attending || i == Hosting }

// Record is one stored document.
type Record struct {
	Key
	// Version is 1 for a new record and one more after each change. In a Write it is the version that
	// was read; the engine stores the next.
	Version int64
	// Data is the document: JSON text, opaque to the waist.
	Data []byte
	// Entries are the record's places in indexes. Within one index no two records may have the same
	// entry: a page border would lose one of them.
	Entries map[Index]Key
	// Expires lets the engine drop the record some time after it; zero keeps it. It only tidies: a
	// reader that minds compares the time itself.
	Expires time.Time
}

// Size is what the record counts towards [MaxRecordSize] and towards capacity, in bytes: attribute names
// and values, as DynamoDB counts them ("Item sizes and formats" in its developer guide).
func (r Record) Size() int {
	n := len("PK") + len(r.PK) + len("SK") + len(r.SK) + len("V") + numberSize(r.Version) + len("D") + len(r.Data)
	for index, entry := range r.Entries {
		n += 2*len(index) + len("PK") + len(entry.PK) + len("SK") + len(entry.SK)
	}
	if !r.Expires.IsZero() {
		n += len("TTL") + numberSize(r.Expires.Unix())
	}
	return n
}

// numberSize is the size of a number: a byte per two digits, and one.
func numberSize(n int64) int {
	digits := 1
	for ; n >= 10; n /= 10 {
		digits++
	}
	return (digits+1)/2 + 1
}

// Range selects records of one partition, in ascending order of their place.
type Range struct {
	// Index is the index to read, or empty for the table itself.
	Index Index
	// PK is the partition: of the records, or of their entries in the index.
	PK string
	// From (included) and To (excluded) bound the place; empty means no bound.
	From, To string
	// Limit is the most records to return, 1 or more; a page may be shorter and still not be the last.
	Limit int
}

// After is the smallest place behind sk: the From that continues a list whose last place was sk.
func After(sk string) string { return sk + "\x00" }

// Prefixed bounds a Range to the places that begin with prefix.
func Prefixed(prefix string) (from, to string) { return prefix, prefix + "\xf4\x8f\xbf\xbf" }

// Page is one answer to a Query.
type Page struct {
	Records []Record
	// More says that there may be records behind the last of these.
	More bool
}

type togetherKey struct{}

type round struct{ metered atomic.Bool }

// Together marks the calls made with the returned context as one round: made side by side, they cost one
// trip to storage. The mark changes nothing about the calls; it lets a wrapper count rounds, and no
// goroutine's luck decide what was one. A context that is marked stays in its round.
func Together(ctx context.Context) context.Context {
	if Round(ctx) != nil {
		return ctx
	}
	return context.WithValue(ctx, togetherKey{}, new(round))
}

// Round identifies the round a call belongs to, or is nil for a call that is one of its own.
func Round(ctx context.Context) any { return ctx.Value(togetherKey{}) }

// Table is what an engine offers. All methods are safe for concurrent use. Beside what each names, they
// return the context's error, or an error that matches [ErrUnavailable] when the engine could not be
// asked or did not answer.
type Table interface {
	// Get returns the records that exist among keys, in the order of the keys, each as of a moment after
	// the call began (a strongly consistent read). Keys may repeat; more than [MaxGets] are refused with
	// [ErrInvalid].
	Get(ctx context.Context, keys ...Key) ([]Record, error)

	// Query returns a page of one partition. The table itself is read strongly consistent; an index may
	// lag behind it by moments.
	Query(ctx context.Context, r Range) (Page, error)

	// Commit applies all writes or none. It returns a [*Refusal] when a condition was not met or the
	// commit collided with another, [ErrInvalid] when the writes break a limit or name one key twice,
	// and an error matching [ErrUnavailable] when the outcome is unknown: the writes may have been
	// applied. A commit of no writes does nothing.
	Commit(ctx context.Context, writes ...Write) error
}

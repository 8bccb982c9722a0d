package tabletest

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"maps"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/table"
)

// Run runs the conformance suite, a subtest for each promise. Each calls open for the table it works on.
// Open may return the same, already filled table every time, and other runs may work on it meanwhile: all
// partitions of a subtest, also those in indexes, begin with a random text of its own. The suite leaves
// its records behind. An index may lag: what is read through one is awaited.
func Run(t *testing.T, open func(t *testing.T) table.Table) {
	for _, promise := range []struct {
		name string
		test func(*testing.T, bench)
	}{
		{"GetKeepsTheOrderOfKeys", getKeepsTheOrderOfKeys},
		{"GetReadsUpToALimitOfKeys", getReadsUpToALimitOfKeys},
		{"GetReadsMoreThanOneAnswerHolds", getReadsMoreThanOneAnswerHolds},
		{"GetRefusesKeysThatAreNone", getRefusesKeysThatAreNone},
		{"MemoryIsNotShared", memoryIsNotShared},

		{"RecordsComeBackAsTheyWere", recordsComeBackAsTheyWere},
		{"ExpiredRecordsAreStillThere", expiredRecordsAreStillThere},
		{"RecordsFillTheLimit", recordsFillTheLimit},

		{"VersionsCountChanges", versionsCountChanges},
		{"RefusalsNameEveryReason", refusalsNameEveryReason},
		{"RefusedCommitsChangeNothing", refusedCommitsChangeNothing},
		{"DropIsIdempotent", dropIsIdempotent},
		{"RequireChangesNothing", requireChangesNothing},
		{"CommitsHoldUpToALimitOfWrites", commitsHoldUpToALimitOfWrites},
		{"CommitsHoldUpToALimitOfBytes", commitsHoldUpToALimitOfBytes},
		{"CommitsOfNothingDoNothing", commitsOfNothingDoNothing},
		{"CommitsThatCannotBeAreInvalid", commitsThatCannotBeAreInvalid},

		{"QueryFollowsTheOrderOfBytes", queryFollowsTheOrderOfBytes},
		{"QueryStaysWithinBounds", queryStaysWithinBounds},
		{"QueryStaysInItsPartition", queryStaysInItsPartition},
		{"QueryPagesToTheEnd", queryPagesToTheEnd},
		{"QueryContinuesBehindTheLongestPlace", queryContinuesBehindTheLongestPlace},
		{"QueryTellsThatBigPagesGoOn", queryTellsThatBigPagesGoOn},
		{"QueryRefusesRangesThatAreNone", queryRefusesRangesThatAreNone},

		{"IndexesFollowTheirRecords", indexesFollowTheirRecords},
		{"IndexesReturnWhatTheyHold", indexesReturnWhatTheyHold},
		{"IndexesArePagedToTheEnd", indexesArePagedToTheEnd},
		{"IndexesTellThatBigPagesGoOn", indexesTellThatBigPagesGoOn},

		{"CallsAreMetered", callsAreMetered},
		{"EndedContextsStopCalls", endedContextsStopCalls},
		{"IncrementsAreNotLost", incrementsAreNotLost},
		{"OneOfManyInserts", oneOfManyInserts},
		{"TransfersKeepTheSum", transfersKeepTheSum},
		{"AWalkAgreesWithAMap", aWalkAgreesWithAMap},
	} {
		t.Run(promise.name, func(t *testing.T) {
			promise.test(t, bench{open(t), "TEST#" + rand.Text() + "#"})
		})
	}
}

// bench is a table and the beginning of the partitions in it that belong to one subtest.
type bench struct {
	table.Table
	mine string
}

func (b bench) key(pk, sk string) table.Key { return table.Key{PK: b.mine + pk, SK: sk} }

func (b bench) record(pk, sk, data string) table.Record {
	return table.Record{Key: b.key(pk, sk), Data: []byte(data)}
}

// commit commits what must succeed.
func (b bench) commit(t *testing.T, writes ...table.Write) {
	t.Helper()
	if err := b.Commit(t.Context(), writes...); err != nil {
		t.Fatalf("Commit: %v", err)
	}
}

// insert commits new records, and returns them as they then are stored.
func (b bench) insert(t *testing.T, records ...table.Record) []table.Record {
	t.Helper()
	var writes []table.Write
	var stored []table.Record
	for _, r := range records {
		writes = append(writes, table.Insert(r))
		r.Version = 1
		stored = append(stored, r)
	}
	b.commit(t, writes...)
	return stored
}

func (b bench) get(t *testing.T, keys ...table.Key) []table.Record {
	t.Helper()
	records, err := b.Get(t.Context(), keys...)
	if err != nil {
		t.Fatalf("Get: %v", err)
	}
	return records
}

// page is one page, held to what is true of every page.
func (b bench) page(t *testing.T, r table.Range) table.Page {
	t.Helper()
	page, err := b.Query(t.Context(), r)
	switch {
	case err != nil:
		t.Fatalf("Query: %v", err)
	case len(page.Records) > r.Limit:
		t.Fatalf("Query: %d records, the limit is %d", len(page.Records), r.Limit)
	case page.More && len(page.Records) == 0:
		t.Fatalf("Query: more behind an empty page, and no place to continue from")
	}
	return page
}

// list reads pages until there are no more.
func (b bench) list(t *testing.T, r table.Range) []table.Record {
	t.Helper()
	var records []table.Record
	for {
		page := b.page(t, r)
		records = append(records, page.Records...)
		if !page.More {
			return records
		}
		last := place(r.Index, page.Records[len(page.Records)-1])
		if last < r.From {
			t.Fatalf("Query from %q: a page ends before that, at %q", r.From, last)
		}
		r.From = table.After(last)
	}
}

// place is where a record lies in the table or in an index.
func place(index table.Index, r table.Record) string {
	if index == "" {
		return r.SK
	}
	return r.Entries[index].SK
}

const (
	lag      = 30 * time.Second      // until an index counts as wrong rather than late
	lagPause = 20 * time.Millisecond // between two looks at it
)

// expect fails unless the range holds these records in this order. An index may take a while.
func (b bench) expect(t *testing.T, r table.Range, want ...table.Record) {
	t.Helper()
	diff := unlike(want, b.list(t, r))
	for end := time.Now().Add(lag); r.Index != "" && diff != "" && time.Now().Before(end); {
		time.Sleep(lagPause)
		diff = unlike(want, b.list(t, r))
	}
	if diff != "" {
		t.Errorf("records of %+v (-want +got):\n%s", r, diff)
	}
}

// unlike is the difference between records; it sees none between nil and empty. Documents are compared as
// a whole, because some are large.
func unlike(want, got []table.Record) string {
	if len(want)+len(got) == 0 {
		return ""
	}
	type entries = map[table.Index]table.Key
	return cmp.Diff(want, got, cmp.Comparer(bytes.Equal), cmp.Comparer(maps.Equal[entries, entries]))
}

// sameRecords fails unless got are these records in this order.
func sameRecords(t *testing.T, got []table.Record, want ...table.Record) {
	t.Helper()
	if diff := unlike(want, got); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
}

// refused fails unless err is a refusal for these reasons.
func refused(t *testing.T, err error, want ...table.Reason) {
	t.Helper()
	var refusal *table.Refusal
	if !errors.As(err, &refusal) {
		t.Errorf("error %v, want a refusal", err)
	} else if diff := cmp.Diff(want, refusal.Reasons); diff != "" {
		t.Errorf("reasons (-want +got):\n%s", diff)
	}
}

// retried says whether a commit has to be tried again on what is stored now.
func retried(err error) bool {
	var refusal *table.Refusal
	return errors.As(err, &refusal)
}

func ended() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

package tabletest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"flashmentoring/internal/table"
)

// maxPageSize is where a page ends although more was asked for, as on DynamoDB (1 MB, "Query" in its API reference).
const maxPageSize = 1 << 20

// Memory is a table in memory, for tests that make thousands of them and keep none: a commit costs microseconds, not a
// write to a file. It conforms, as the engines do, and like bolttable it is the strict one: no index lags, and an entry that
// another record holds is refused with [table.ErrInvalid].
type Memory struct {
	mu      sync.Mutex
	records map[table.Key]table.Record
	places  map[partition][]spot // in order
}

var _ table.Table = (*Memory)(nil)

// partition is one of the table itself, where index is empty, or of an index.
type partition struct {
	index table.Index
	pk    string
}

// spot is where a partition has a record.
type spot struct {
	sk string
	of table.Key
}

// NewMemory makes an empty table.
func NewMemory() *Memory {
	return &Memory{records: map[table.Key]table.Record{}, places: map[partition][]spot{}}
}

// Get is as [table.Table] says. All records are of one moment.
func (m *Memory) Get(ctx context.Context, keys ...table.Key) ([]table.Record, error) {
	if err := table.ValidateKeys(keys); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	found := make([]table.Record, 0, len(keys))
	for _, key := range keys {
		if r, ok := m.records[key]; ok {
			found = append(found, copied(r))
		}
	}
	if meter := table.MeterOf(ctx); meter != nil {
		meter.Consumed(table.GetCapacity(keys, found), 0)
	}
	return found, nil
}

// Query is as [table.Table] says. A page is of one moment.
func (m *Memory) Query(ctx context.Context, r table.Range) (page table.Page, err error) {
	if err := r.Validate(); err != nil {
		return page, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return page, err
	}
	all, size := m.places[partition{r.Index, r.PK}], 0
	from, _ := find(all, r.From)
	for _, at := range all[from:] {
		if r.To != "" && at.sk >= r.To {
			break
		}
		found := copied(m.records[at.of])
		if r.Index.KeysOnly() {
			found = table.Record{Key: at.of, Entries: map[table.Index]table.Key{r.Index: {PK: r.PK, SK: at.sk}}}
		}
		if size += found.Size(); len(page.Records) == r.Limit || size > maxPageSize {
			page.More = true
			break
		}
		page.Records = append(page.Records, found)
	}
	if meter := table.MeterOf(ctx); meter != nil {
		meter.Consumed(table.QueryCapacity(r.Index, page.Records), 0)
	}
	return page, nil
}

// Commit is as [table.Table] says. It tells the reasons of all writes that fail.
func (m *Memory) Commit(ctx context.Context, writes ...table.Write) error {
	if err := table.Validate(writes); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	refusal, refused := &table.Refusal{Reasons: make([]table.Reason, len(writes))}, false
	before := map[table.Key]table.Record{}
	for i, w := range writes {
		stored, exists := m.records[w.Record.Key]
		if exists {
			before[w.Record.Key] = stored
		}
		switch {
		case w.If == table.IfAbsent && exists:
			refusal.Reasons[i], refused = table.Taken, true
		case w.If == table.IfVersion && stored.Version != w.Record.Version:
			refusal.Reasons[i], refused = table.Changed, true
		}
	}
	if refused {
		return refusal
	}
	if err := m.mayEnter(writes); err != nil {
		return err
	}
	for _, w := range writes { // within one commit an entry can pass from one record to another
		if w.Action != table.Check {
			m.drop(w.Record.Key)
		}
	}
	for _, w := range writes {
		if w.Action == table.Put {
			stored := copied(w.Record)
			stored.Version = w.NextVersion()
			m.store(stored)
		}
	}
	if meter := table.MeterOf(ctx); meter != nil {
		meter.Consumed(0, table.CommitCapacity(writes, before)+table.IndexCapacity(writes, before))
	}
	return nil
}

// mayEnter refuses entries that another record holds and keeps.
func (m *Memory) mayEnter(writes []table.Write) error {
	freed, taken := map[table.Key]bool{}, map[partition][]string{}
	for _, w := range writes {
		freed[w.Record.Key] = w.Action != table.Check
	}
	for _, w := range writes {
		if w.Action != table.Put {
			continue
		}
		for index, entry := range w.Record.Entries {
			in := partition{index, entry.PK}
			at, held := find(m.places[in], entry.SK)
			if held && !freed[m.places[in][at].of] || slices.Contains(taken[in], entry.SK) {
				return fmt.Errorf("%w: entry %v of index %s is held", table.ErrInvalid, entry, index)
			}
			taken[in] = append(taken[in], entry.SK)
		}
	}
	return nil
}

func (m *Memory) drop(key table.Key) {
	r, exists := m.records[key]
	if !exists {
		return
	}
	delete(m.records, key)
	for in, sk := range placesOf(r) {
		all := m.places[in]
		at, _ := find(all, sk)
		if m.places[in] = slices.Delete(all, at, at+1); len(m.places[in]) == 0 {
			delete(m.places, in)
		}
	}
}

func (m *Memory) store(r table.Record) {
	m.records[r.Key] = r
	for in, sk := range placesOf(r) {
		at, _ := find(m.places[in], sk)
		m.places[in] = slices.Insert(m.places[in], at, spot{sk, r.Key})
	}
}

// placesOf are a record's place in the table and those in indexes.
func placesOf(r table.Record) map[partition]string {
	places := map[partition]string{{"", r.PK}: r.SK}
	for index, entry := range r.Entries {
		places[partition{index, entry.PK}] = entry.SK
	}
	return places
}

// find is where a place is in a partition, or would be.
func find(all []spot, sk string) (at int, found bool) {
	return slices.BinarySearchFunc(all, sk, func(p spot, sk string) int { return strings.Compare(p.sk, sk) })
}

// copied shares no memory with the record.
func copied(r table.Record) table.Record {
	r.Data, r.Entries = slices.Clone(r.Data), maps.Clone(r.Entries)
	return r
}

// Each calls visit with every record in the order of keys, as of one moment, and returns its first error.
func (m *Memory) Each(ctx context.Context, visit func(table.Record) error) error {
	m.mu.Lock()
	records := slices.Collect(maps.Values(m.records))
	m.mu.Unlock()
	slices.SortFunc(records, func(a, b table.Record) int {
		return strings.Compare(a.PK+"\x00"+a.SK, b.PK+"\x00"+b.SK)
	})
	for _, r := range records {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := visit(copied(r)); err != nil {
			return err
		}
	}
	return nil
}

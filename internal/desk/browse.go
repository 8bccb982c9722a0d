package desk

import (
	"context"
	"slices"
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// listing is what browsing reads of a slot. It is a projection: written with the slot, and brought up to
// date moments after a seat was taken or freed. A booking decides on the seats themselves.
type listing struct {
	Slot    mentoring.Slot `json:"slot"` // without its meeting
	Version int64          `json:"version"`
	Taken   int            `json:"taken"`
}

func (d *Desk) listingRecord(version int64, s mentoring.SlotState) table.Record {
	slot := s.Slot
	slot.Meeting = mentoring.Meeting{}
	r := record(slotKey(slot.ID, placeListing), version, listing{slot, slot.Version, s.Taken()})
	place := placeAt(slot.StartsAt, string(slot.ID))
	r.Entries = map[table.Index]table.Key{
		table.Open:  {PK: shardOf("OPEN", string(slot.ID), d.OpenShards), SK: place},
		table.Topic: {PK: "TOPIC#" + slot.Topic, SK: place},
	}
	r.Expires = slot.EndsAt()
	return r
}

// SlotFilter selects open slots. Zero fields select all.
type SlotFilter struct {
	Topic    string
	From, To time.Time // starting at or after From, before To
}

// List is one page of a list.
type List[T any] struct {
	Items []T
	// Next is the place to go on from, or empty at the end.
	Next string
}

// maxSweeps bounds how often one request looks further when it finds only what the caller may not see.
const maxSweeps = 4

// OpenSlots lists slots that are open, lie ahead and exist for the caller, soonest first: GET /v1/slots.
// after is the Next of the page before. What a page costs depends on limit and not on how many slots
// there are; it may be short, even empty, and not be the last. It refuses with [mentoring.Busy].
func (d *Desk) OpenSlots(ctx context.Context, c Caller, f SlotFilter, after string, limit int) (List[SlotView], error) {
	var page List[SlotView]
	var me standing
	var found sweep
	now := d.Now()
	next := f.stretch(after, limit, now)
	err := d.round(ctx, d.self(c, Once{}, &me), d.merged(next, &found))
	for n := 1; err == nil; n++ {
		if err = d.collect(&page, found, me, limit, now); err != nil || page.Next == "" || len(page.Items) == limit || n == maxSweeps {
			break
		}
		next.From = table.After(page.Next)
		err = d.round(ctx, d.merged(next, &found))
	}
	return read(page, err)
}

// sweep is one look along the open slots.
type sweep struct {
	records []table.Record
	more    bool // there may be others behind them
}

// stretch is the range of the open slots to look at, without its shard.
func (f SlotFilter) stretch(after string, limit int, now time.Time) table.Range {
	r := table.Range{Index: table.Open, Limit: limit}
	if f.Topic != "" {
		r.Index, r.PK = table.Topic, "TOPIC#"+f.Topic
	}
	from := now
	if f.From.After(now) {
		from = f.From
	}
	r.From = placeAt(from, "")
	if after != "" && after >= r.From {
		r.From = table.After(after)
	}
	if !f.To.IsZero() {
		r.To = placeAt(f.To, "")
	}
	return r
}

// merged reads a stretch of the open slots from all its shards, in order.
func (d *Desk) merged(r table.Range, into *sweep) reading {
	return func(ctx context.Context) error {
		shards := []string{r.PK}
		if r.Index == table.Open {
			shards = shards[:0]
			for i := range d.OpenShards {
				shards = append(shards, shard("OPEN", i))
			}
		}
		pages := make([]table.Page, len(shards))
		var reads []reading
		for i, pk := range shards {
			one := r
			one.PK = pk
			reads = append(reads, func(ctx context.Context) (err error) {
				pages[i], err = d.Table.Query(ctx, one)
				return err
			})
		}
		if err := d.round(ctx, reads...); err != nil {
			return err
		}
		*into = merge(pages, r.Limit)
		return nil
	}
}

// merge puts the pages of several shards in one order. A shard that has more ends the page at its last
// place: what lies behind it there is not known yet.
func merge(pages []table.Page, limit int) sweep {
	var all sweep
	end := ""
	for _, p := range pages {
		all.records = append(all.records, p.Records...)
		if last := lastPlace(p.Records); p.More && (end == "" || last < end) {
			end, all.more = last, true
		}
	}
	slices.SortFunc(all.records, func(a, b table.Record) int { return strings.Compare(openPlace(a), openPlace(b)) })
	if end != "" {
		all.records = slices.DeleteFunc(all.records, func(r table.Record) bool { return openPlace(r) > end })
	}
	if len(all.records) > limit {
		all.records, all.more = all.records[:limit], true
	}
	return all
}

func openPlace(r table.Record) string { return r.Entries[table.Open].SK }

func lastPlace(records []table.Record) string {
	if len(records) == 0 {
		return ""
	}
	return openPlace(records[len(records)-1])
}

// collect adds the slots that exist for the caller to the page, up to its limit, and says where to go on.
func (d *Desk) collect(page *List[SlotView], found sweep, me standing, limit int, now time.Time) error {
	page.Next = ""
	for i, r := range found.records {
		l, err := decode[listing](r)
		if err != nil {
			return err
		}
		l.Slot.Version = l.Version
		if l.Slot.VisibleTo(me.Person) {
			page.Items = append(page.Items, d.viewSlot(l.Slot, l.Taken, me.Viewer, now))
		}
		last := i == len(found.records)-1
		if full := len(page.Items) == limit; (full || last) && (!last || found.more) {
			page.Next = openPlace(r)
		}
		if len(page.Items) == limit {
			break
		}
	}
	return nil
}

// Refresh brings what browsing shows of a slot up to date with the slot and its seats. A slot that is gone
// needs nothing.
func (d *Desk) Refresh(ctx context.Context, id mentoring.SlotID) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		state, shown, err := d.wholeSlot(ctx, id, placeListing)
		if err != nil || shown == nil {
			return none, nil, ignoreMissing(err)
		}
		fresh := d.listingRecord(shown.Version, state)
		if string(fresh.Data) == string(shown.Data) {
			return none, nil, nil
		}
		return none, []table.Write{table.Update(fresh)}, nil
	})
	return err
}

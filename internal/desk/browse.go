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
	Slot      mentoring.Slot `json:"slot"` // without its meeting
	Version   int64          `json:"version"`
	Taken     int            `json:"taken"`
	Waiting   int            `json:"waiting,omitzero"`
	MonthFull bool           `json:"monthFull,omitzero"` // the expert has all the sessions of the month, and this is none
}

// listedMonth is what a decision needs of a listing. The rest says again what the slot and its seats do.
type listedMonth struct {
	MonthFull bool `json:"monthFull"`
}

func (l listing) occupancy() mentoring.Occupancy {
	return mentoring.Occupancy{Free: l.Slot.Capacity - l.Taken, Waiting: l.Waiting, MonthFull: l.MonthFull}
}

func (d *Desk) listingRecord(version int64, s mentoring.SlotState, monthFull bool) table.Record {
	slot := s.Slot
	slot.Meeting = mentoring.Meeting{}
	l := listing{slot, slot.Version, s.Taken(), len(s.Waiters), monthFull}
	r := record(slotKey(slot.ID, placeListing), version, l)
	if place := placeAt(slot.StartsAt, string(slot.ID)); slot.Status == mentoring.SlotOpen {
		r.Entries = map[table.Index]table.Key{
			table.Open:  {PK: shardOf("OPEN", string(slot.ID), d.OpenShards), SK: place},
			table.Topic: {PK: topicPartition(slot.Topic), SK: place},
		}
	}
	r.Expires = slot.EndsAt()
	return r
}

func topicPartition(slug string) string { return "TOPIC#" + slug }

// SlotFilter selects what a list of open slots shows. Its rule is the domain's; here its topic and times, and
// its expert, also say where to look.
type SlotFilter = mentoring.SlotFilter

// List is one page of a list.
type List[T any] struct {
	Items []T
	// Next is the place to go on from, or empty at the end.
	Next string
}

const (
	// maxSweeps bounds how often one request looks further when it finds only what is not to be shown.
	maxSweeps = 4
	// siftedStretch is how many slots, of all shards together, are read at once where a filter sifts them: at
	// some ten capacity units, one that lets a fifth through fills a usual page in one round.
	siftedStretch = 100
)

// browsing is one request for a page of open slots.
type browsing struct {
	filter SlotFilter
	topics mentoring.Taxonomy // where the filter names one
	limit  int
	now    time.Time
	me     standing
	page   List[SlotView]
}

// OpenSlots lists slots that are open, lie ahead, exist for the caller and match the filter, soonest first:
// GET /v1/slots. after is the Next of the page before. What a page costs depends on limit and filter and not
// on how many slots there are; it may be short, even empty, and not be the last. It refuses with [mentoring.InvalidField] for a
// topic that is none, or with [mentoring.Busy].
func (d *Desk) OpenSlots(ctx context.Context, c Caller, f SlotFilter, after string, limit int) (List[SlotView], error) {
	b := browsing{filter: f, limit: limit, now: d.Now()}
	browse := d.browseAll
	if f.Expert != "" {
		browse = d.browseExpert
	}
	err := browse(ctx, c, &b, after)
	return read(b.page, err)
}

// first makes the first reads of a browsing, with who browses and the topics, where the filter names one.
func (d *Desk) first(ctx context.Context, c Caller, b *browsing, also reading) error {
	reads := []reading{d.self(c, Once{}, &b.me), also}
	if b.filter.Topic != "" {
		reads = append(reads, d.topics(&b.topics))
	}
	if err := d.round(ctx, reads...); err != nil {
		return err
	}
	return mentoring.Wrong(b.filter.Faults(b.topics))
}

// browseAll sweeps along the slots of everybody until the page is full, or often enough.
func (d *Desk) browseAll(ctx context.Context, c Caller, b *browsing, after string) error {
	var found sweep
	next := b.stretch(after)
	partitions := d.partitions(next)
	if b.sifts() {
		next.Limit = max(next.Limit, siftedStretch/len(partitions))
	}
	err := d.first(ctx, c, b, d.merged(next, partitions, &found))
	if merged := b.topics.One(b.filter.Topic)[1:]; err == nil && len(merged) > 0 { // whose slots lie elsewhere
		var others sweep
		for _, slug := range merged {
			partitions = append(partitions, topicPartition(slug))
		}
		err = d.round(ctx, d.merged(next, partitions[1:], &others))
		found = merge([]table.Page{found.page(), others.page()})
	}
	for n := 1; err == nil; n++ {
		if err = d.collect(b, found); err != nil || b.page.Next == "" || len(b.page.Items) == b.limit || n == maxSweeps {
			break
		}
		next.From = table.After(b.page.Next)
		err = d.round(ctx, d.merged(next, partitions, &found))
	}
	return err
}

// browseExpert looks at the slots of one expert. Their agenda names all of them, so nobody else's are read,
// and the slots of somebody who hosts none, or does not exist, are found to be none at once.
func (d *Desk) browseExpert(ctx context.Context, c Caller, b *browsing, after string) error {
	var theirs mentoring.Agenda
	err := d.first(ctx, c, b, d.agenda(b.filter.Expert, &theirs))
	if err != nil {
		return err
	}
	hosted := b.stretch(after)
	if b.sifts() {
		hosted.Limit = max(hosted.Limit, siftedStretch)
	}
	keys, end := hostedWithin(theirs, hosted)
	if len(keys) == 0 {
		return nil
	}
	records, err := d.Table.Get(ctx, keys...)
	if err != nil {
		return err
	}
	return d.collect(b, sweep{records, end})
}

// hostedWithin are the listings of the slots in an agenda that lie in the range, up to its limit, in order;
// end is as in a sweep. Sessions of one person do not overlap, so the agenda's order, by start, is that of
// their places.
func hostedWithin(a mentoring.Agenda, r table.Range) (keys []table.Key, end string) {
	last := ""
	for _, e := range a.Engagements {
		place := placeAt(e.Start, string(e.Slot))
		if e.Booking != "" || place < r.From || r.To != "" && place >= r.To {
			continue
		}
		if len(keys) == r.Limit {
			return keys, last
		}
		keys, last = append(keys, slotKey(e.Slot, placeListing)), place
	}
	return keys, ""
}

// sweep is one look along the open slots.
type sweep struct {
	records []table.Record
	end     string // the place it ended at; empty where there is nothing behind it
}

// page is the sweep as if it were along one partition.
func (s sweep) page() table.Page { return table.Page{Records: s.records, More: s.end != ""} }

// stretch is the range of the open slots to look at, without its shard.
func (b *browsing) stretch(after string) table.Range {
	f := b.filter
	r := table.Range{Index: table.Open, Limit: b.limit}
	if f.Topic != "" {
		r.Index, r.PK = table.Topic, topicPartition(f.Topic)
	}
	from := b.now
	if f.From.After(b.now) {
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

// sifts reports whether the filter asks for more than where to look, so that much of what is read may not match.
func (b *browsing) sifts() bool {
	f := b.filter
	if f.Expert == "" {
		f.Topic = "" // which an expert's agenda does not tell
	}
	f.Expert, f.From, f.To = "", time.Time{}, time.Time{}
	return f != SlotFilter{}
}

// merged reads a stretch of the open slots from some partitions, in order.
func (d *Desk) merged(r table.Range, partitions []string, into *sweep) reading {
	return func(ctx context.Context) error {
		pages := make([]table.Page, len(partitions))
		var reads []reading
		for i, pk := range partitions {
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
		*into = merge(pages)
		return nil
	}
}

// partitions are where the slots of a stretch are: that of their topic, or all shards.
func (d *Desk) partitions(r table.Range) []string {
	if r.Index != table.Open {
		return []string{r.PK}
	}
	shards := make([]string, d.OpenShards)
	for i := range shards {
		shards[i] = shard("OPEN", i)
	}
	return shards
}

// merge puts the pages of several partitions in one order. One that has more ends the sweep at its last place:
// what lies behind it there is not known yet.
func merge(pages []table.Page) (all sweep) {
	for _, p := range pages {
		all.records = append(all.records, p.Records...)
		if last := lastPlace(p.Records); p.More && (all.end == "" || last < all.end) {
			all.end = last
		}
	}
	slices.SortFunc(all.records, func(a, b table.Record) int { return strings.Compare(openPlace(a), openPlace(b)) })
	if all.end != "" {
		all.records = slices.DeleteFunc(all.records, func(r table.Record) bool { return openPlace(r) > all.end })
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

// collect adds the slots that exist for the caller and match to the page, up to its limit, and says where to
// go on.
func (d *Desk) collect(b *browsing, found sweep) error {
	for i, r := range found.records {
		l, err := decode[listing](r)
		if err != nil {
			return err
		}
		l.Slot.Version = l.Version
		open := l.Slot.Status == mentoring.SlotOpen
		if !open || !l.Slot.VisibleTo(b.me.Viewer) || !b.filter.Matches(l.Slot, l.occupancy(), b.me.Viewer, b.topics, d.Policy, b.now) {
			continue
		}
		b.page.Items = append(b.page.Items, d.viewSlot(l.Slot, l.occupancy(), b.me.Viewer, b.now))
		if behind := i < len(found.records)-1 || found.end != ""; len(b.page.Items) == b.limit && behind {
			b.page.Next = openPlace(r)
			return nil
		}
	}
	b.page.Next = found.end
	return nil
}

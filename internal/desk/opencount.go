package desk

import (
	"context"
	"maps"
	"reflect"

	"flashmentoring/internal/table"
)

// How many open slots a topic has is counted along the slots that browsing shows, a stretch at each look of the clock, so that
// looking costs the same however many there are. It lags by a minute, and one more for each further stretch. A count that is
// kept up with every slot would be a record that all who publish share.

var openKey = table.Key{PK: "TOPICS", SK: "OPEN"}

// openStretch is how many slots one look counts.
const openStretch = 1000

// openDoc is the last count, by topic, and the one that is under way.
type openDoc struct {
	Counted  map[string]int `json:"counted,omitzero"`
	Counting map[string]int `json:"counting,omitzero"`
	After    string         `json:"after,omitzero"` // the last place that was looked at; empty where none is under way
}

// openIn finds the counts among records, and their version.
func openIn(records []table.Record) (doc openDoc, version int64, err error) {
	for _, r := range records {
		if r.Key == openKey {
			version = r.Version
			doc, err = decode[openDoc](r)
		}
	}
	return doc, version, err
}

// CountOpen counts some of the open slots that lie ahead, by topic, and begins anew once it has counted all. Of two that do so at
// once, one counts. It returns [mentoring.Busy] where it could not.
func (d *Desk) CountOpen(ctx context.Context) error {
	_, err := read(struct{}{}, d.countOpen(ctx))
	return err
}

func (d *Desk) countOpen(ctx context.Context) error {
	records, err := d.Table.Get(ctx, openKey)
	if err != nil {
		return err
	}
	doc, version, err := openIn(records)
	if err != nil {
		return err
	}
	r := table.Range{Index: table.Open, From: placeAt(d.Now(), ""), Limit: max(openStretch/d.OpenShards, 1)}
	if doc.After > r.From {
		r.From = table.After(doc.After)
	}
	var found sweep
	if err := d.merged(r, d.partitions(r), &found)(ctx); err != nil {
		return err
	}
	counting := maps.Clone(doc.Counting)
	if counting == nil {
		counting = map[string]int{}
	}
	for _, r := range found.records {
		l, err := decode[listing](r)
		if err != nil {
			return err
		}
		counting[l.Slot.Topic]++
	}
	after := openDoc{doc.Counted, counting, found.end}
	if found.end == "" {
		after = openDoc{Counted: counting}
	}
	if reflect.DeepEqual(after, doc) {
		return nil
	}
	return d.Table.Commit(ctx, put(record(openKey, version, after)))
}

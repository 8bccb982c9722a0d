package desk

import (
	"context"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// What coordinators say of topics is one record, laid over the topics the product ships with: because what can be said of one
// depends on all, so that one version decides; and because it is small. Whoever publishes, or looks for slots by topic, reads
// it in the round they make anyway, at one capacity unit for each 4 KiB of it, some forty topics.
//
// Nobody who publishes makes sure of it when they commit: that would cost as much as a write, of one record that all of them
// share, and they would collide there. So a slot that was being published while its topic was deprecated may land a moment
// after. It is kept as those are that landed a moment before.

var topicsKey = table.Key{PK: "TOPICS", SK: "CHANGED"}

// topicsDoc are the topics that coordinators have changed or added, in the order in which they first did.
type topicsDoc struct {
	Topics []mentoring.Topic `json:"topics"`
}

// topics reads all topics.
func (d *Desk) topics(into *mentoring.Taxonomy) reading {
	return func(ctx context.Context) error {
		records, err := d.Table.Get(ctx, topicsKey)
		if err == nil {
			*into, _, _, err = d.topicsIn(records)
		}
		return err
	}
}

// topicsIn finds the topics among records, what of them is recorded, and at which version.
func (d *Desk) topicsIn(records []table.Record) (all mentoring.Taxonomy, doc topicsDoc, version int64, err error) {
	for _, r := range records {
		if r.Key == topicsKey {
			version = r.Version
			doc, err = decode[topicsDoc](r)
		}
	}
	return d.Topics.With(doc.Topics), doc, version, err
}

// Taxonomy are all topics as they are now. It refuses with [mentoring.Busy].
func (d *Desk) Taxonomy(ctx context.Context) (all mentoring.Taxonomy, err error) {
	err = d.topics(&all)(ctx)
	return read(all, err)
}

// TopicView is a topic, and how many slots whoever looks for it finds, if they may see all: open ones that lie ahead, of the
// topic and of those that are the same by merging. It lags behind ([Desk.CountOpen]).
type TopicView struct {
	mentoring.Topic
	OpenSlots int
}

// TopicList are all topics, in the order to show them: GET /v1/topics. It refuses with [mentoring.Busy].
func (d *Desk) TopicList(ctx context.Context) ([]TopicView, error) {
	records, err := d.Table.Get(ctx, topicsKey, openKey)
	if err != nil {
		return read[[]TopicView](nil, err)
	}
	all, _, _, err := d.topicsIn(records)
	if err != nil {
		return nil, err
	}
	count, _, err := openIn(records)
	var views []TopicView
	open := all.Sum(count.Counted)
	for _, t := range all.InOrder() {
		views = append(views, TopicView{t, open[t.Slug]})
	}
	return views, err
}

// Curate makes a topic what a coordinator says, or adds it: PUT /v1/topics/{slug}. It refuses with [mentoring.Forbidden] for
// everybody else, with what [mentoring.DecideTopic] answers, or with [mentoring.Busy].
func (d *Desk) Curate(ctx context.Context, c Caller, cmd mentoring.Curate, only *int64) (TopicView, error) {
	if !c.Coordinator {
		return TopicView{}, mentoring.CoordinatorsOnly()
	}
	return transact(ctx, d, func(ctx context.Context) (none TopicView, _ []table.Write, err error) {
		records, err := d.Table.Get(ctx, topicsKey, openKey)
		if err != nil {
			return none, nil, err
		}
		all, doc, version, err := d.topicsIn(records)
		if err != nil {
			return none, nil, err
		}
		count, _, err := openIn(records)
		if err != nil {
			return none, nil, err
		}
		after, changed, err := mentoring.DecideTopic(all, cmd, only)
		if err != nil {
			return none, nil, err
		}
		view := TopicView{after, all.With([]mentoring.Topic{after}).Sum(count.Counted)[after.Slug]}
		if !changed {
			return view, nil, nil
		}
		doc.Topics = mentoring.Taxonomy(doc.Topics).With([]mentoring.Topic{after})
		return view, []table.Write{put(record(topicsKey, version, doc))}, nil
	})
}

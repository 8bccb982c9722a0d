package mentoring

import "slices"

// Topic is one subject of the taxonomy; slots name a topic by its slug (product.md section 4).
type Topic struct {
	Slug   string      `json:"slug"`
	Label  string      `json:"label"`
	Parent string      `json:"parent,omitzero"` // slug of the topic above, or empty
	Status TopicStatus `json:"status"`
	// MergedInto is the topic that a deprecated one has become, or empty.
	MergedInto string `json:"mergedInto,omitzero"`
	// Version is how often coordinators have changed it: 0 is as the product ships it.
	Version int64 `json:"version"`
}

// TopicStatus says whether a topic takes new slots.
type TopicStatus string

const (
	TopicActive     TopicStatus = "active"
	TopicDeprecated TopicStatus = "deprecated" // keeps its slots and takes no new ones
)

// TopicStatuses are all there are.
var TopicStatuses = []TopicStatus{TopicActive, TopicDeprecated}

// Taxonomy are all topics, in two levels: a topic with a parent is nobody's parent. No topic ever leaves it, so that what slots
// and reports name stays known.
type Taxonomy []Topic

// With is the taxonomy after coordinators have changed some of its topics, or added some.
func (all Taxonomy) With(changed []Topic) Taxonomy {
	after := slices.Clone(all)
	for _, t := range changed {
		if i := after.index(t.Slug); i >= 0 {
			after[i] = t
		} else {
			after = append(after, t)
		}
	}
	return after
}

// InOrder are the topics in the order to show them: those below a topic behind it.
func (all Taxonomy) InOrder() (sorted Taxonomy) {
	for _, upper := range all {
		if above, known := all.Find(upper.Parent); known && above.Parent == "" {
			continue
		}
		sorted = append(sorted, upper)
		for _, t := range all {
			if t.Parent == upper.Slug {
				sorted = append(sorted, t)
			}
		}
	}
	return sorted
}

func (all Taxonomy) index(slug string) int {
	return slices.IndexFunc(all, func(t Topic) bool { return t.Slug == slug })
}

// Find is the topic of a slug, and whether there is one.
func (all Taxonomy) Find(slug string) (Topic, bool) {
	if i := all.index(slug); i >= 0 {
		return all[i], true
	}
	return Topic{}, false
}

// Knows reports whether there is a topic of this slug.
func (all Taxonomy) Knows(slug string) bool { return all.index(slug) >= 0 }

// end is where merging leads from a topic: itself where it was merged into none. Whatever is merged into something is merged into
// what was active then ([DecideTopic]), and what is active is merged into nothing: so there is no ring.
func (all Taxonomy) end(slug string) string {
	for range all {
		t, _ := all.Find(slug)
		if t.MergedInto == "" {
			break
		}
		slug = t.MergedInto
	}
	return slug
}

// Same reports whether two topics are one to those who look for slots: by name, or because they were merged.
func (all Taxonomy) Same(a, b string) bool { return a == b || all.end(a) == all.end(b) }

// One are the topics that are one with a topic by merging, this one first.
func (all Taxonomy) One(slug string) []string {
	one, end := []string{slug}, all.end(slug)
	for _, t := range all {
		if t.Slug != slug && all.end(t.Slug) == end {
			one = append(one, t.Slug)
		}
	}
	return one
}

// Sum adds up what was counted by topic: each topic has what those have together that are one with it.
func (all Taxonomy) Sum(counted map[string]int) map[string]int {
	at := map[string]int{} // where merging leads
	for slug, n := range counted {
		at[all.end(slug)] += n
	}
	sums := make(map[string]int, len(all))
	for _, t := range all {
		sums[t.Slug] = at[all.end(t.Slug)]
	}
	return sums
}

// takes is the refusal of a new slot for a topic that takes none: [TopicIsDeprecated], naming the active topic it has become.
func (all Taxonomy) takes(slug string) *Error {
	t, _ := all.Find(slug)
	if t.Status != TopicDeprecated {
		return nil
	}
	err := refuse(TopicIsDeprecated, "The topic "+slug+" takes no new slots any more. Choose another: GET /v1/topics.")
	if into, _ := all.Find(all.end(slug)); into.Status == TopicActive {
		err.Topic = into.Slug
		err.Detail = "The topic " + slug + " takes no new slots any more: it was merged into " + into.Slug + ". Use that."
	}
	return err
}

// labelFor is what a new slot says its topic is called: empty for a topic that is as the product ships it.
func (all Taxonomy) labelFor(slug string) string {
	if t, _ := all.Find(slug); t.Version > 0 {
		return t.Label
	}
	return ""
}

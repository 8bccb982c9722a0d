package mentoring

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of the taxonomy: so many topics are read at once, wherever one of them matters.
const (
	// MaxTopics is how many topics there can be, deprecated ones among them.
	MaxTopics = 200
	// maxMerged is how many topics can be one by merging: whoever looks for slots of one of them looks into each.
	maxMerged   = 10
	maxSlug     = 64
	maxTopicTag = 60 // characters of a label
)

// Curate is the command of PUT /v1/topics/{slug}: what a coordinator says of a topic, all of it at once.
type Curate struct {
	Slug       string
	Label      string
	Parent     string // or empty
	Status     TopicStatus
	MergedInto string // or empty
}

// Normal returns the command with its default filled in.
func (c Curate) Normal() Curate {
	c.Status = orElse(c.Status, TopicActive)
	return c
}

// Faults are the field rules of product.md section 4 that a normal command breaks among these topics.
func (c Curate) Faults(all Taxonomy) []Fault {
	var f faults
	if !validSlug(c.Slug) {
		f.add("/path/slug", BadFormat, "Must be words of a-z and 0-9 with a hyphen between them, %d characters at most.", maxSlug)
	}
	f.line("/label", c.Label, 1, maxTopicTag)
	one(&f, "/status", c.Status, TopicStatuses)
	c.parentFaults(&f, all)
	c.mergeFaults(&f, all)
	return f
}

func (c Curate) parentFaults(f *faults, all Taxonomy) {
	if c.Parent == "" {
		return
	}
	above, known := all.Find(c.Parent)
	switch {
	case c.Parent == c.Slug:
		f.add("/parent", NotAllowed, "Is the topic itself.")
	case !known:
		f.add("/parent", NotAllowed, "No topic has this slug: GET /v1/topics.")
	case above.Parent != "":
		f.add("/parent", NotAllowed, "Has a parent itself; there are two levels.")
	case all.hasBelow(c.Slug):
		f.add("/parent", NotAllowed, "There are topics below this one, and two levels.")
	}
}

func (all Taxonomy) hasBelow(slug string) bool {
	for _, t := range all {
		if t.Parent == slug {
			return true
		}
	}
	return false
}

func (c Curate) mergeFaults(f *faults, all Taxonomy) {
	if c.MergedInto == "" {
		return
	}
	into, known := all.Find(c.MergedInto)
	switch {
	case c.Status != TopicDeprecated:
		f.add("/mergedInto", NotAllowed, "Only a deprecated topic has become another one.")
	case c.MergedInto == c.Slug:
		f.add("/mergedInto", NotAllowed, "Is the topic itself.")
	case !known:
		f.add("/mergedInto", NotAllowed, "No topic has this slug: GET /v1/topics.")
	case into.Status != TopicActive:
		f.add("/mergedInto", NotAllowed, "Is deprecated itself.")
	case len(all.With([]Topic{c.topic(0)}).One(c.Slug)) > maxMerged:
		f.add("/mergedInto", TooLong, "So many topics would be one; %d at most.", maxMerged)
	}
}

func (c Curate) topic(version int64) Topic {
	return Topic{c.Slug, c.Label, c.Parent, c.Status, c.MergedInto, version}
}

// validSlug reports whether the text is words of lower case and digits with single hyphens between them.
func validSlug(s string) bool {
	if utf8.RuneCountInString(s) > maxSlug {
		return false
	}
	for word := range strings.SplitSeq(s, "-") {
		if word == "" || strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
			return false
		}
	}
	return true
}

// DecideTopic makes a topic what a coordinator says, or adds it; only, unless nil, is the one version that may be changed (0: as
// the product ships it, or none yet). It refuses with [InvalidField], [VersionConflict], or [ActiveLimitReached] where there are
// as many topics as there can be. A topic of which that is said already is left as it is.
func DecideTopic(all Taxonomy, c Curate, only *int64) (after Topic, changed bool, err error) {
	c = c.Normal()
	if err := faults(c.Faults(all)).err(); err != nil {
		return Topic{}, false, err
	}
	before, known := all.Find(c.Slug)
	after = c.topic(before.Version)
	switch {
	case known && after == before:
		return before, false, nil
	case only != nil && *only != before.Version:
		return Topic{}, false, Stale(before.Version)
	case !known && len(all) >= MaxTopics:
		return Topic{}, false, refuse(ActiveLimitReached,
			fmt.Sprintf("There are %d topics, as many as there can be. Make one that is deprecated what you need, under its slug.", MaxTopics))
	}
	after.Version++
	return after, true, nil
}

package mentoring_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

func TestStarterTopics(t *testing.T) {
	slug := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	parents := map[string]string{}
	for _, topic := range mentoring.StarterTopics {
		if _, twice := parents[topic.Slug]; twice {
			t.Errorf("%s is there twice", topic.Slug)
		}
		parents[topic.Slug] = topic.Parent
		if !slug.MatchString(topic.Slug) {
			t.Errorf("%q is not a slug", topic.Slug)
		}
		if topic.Label == "" || topic.Status != mentoring.TopicActive {
			t.Errorf("%s has label %q and status %q", topic.Slug, topic.Label, topic.Status)
		}
	}
	for slug, parent := range parents {
		if above, known := parents[parent]; parent != "" && (!known || above != "") {
			t.Errorf("%s has the parent %q, which is not of the upper level", slug, parent)
		}
	}
}

var someTopics = mentoring.Taxonomy{
	{Slug: "arts", Label: "Arts", Status: "active"},
	{Slug: "crafts", Label: "Crafts", Status: "active"},
	{Slug: "painting", Label: "Painting", Parent: "arts", Status: "active"},
	{Slug: "knitting", Label: "Knitting", Parent: "crafts", Status: "active"},
	{Slug: "drawing", Label: "Drawing", Parent: "arts", Status: "deprecated", MergedInto: "painting", Version: 3},
	{Slug: "sketching", Label: "Sketching", Parent: "arts", Status: "deprecated", MergedInto: "drawing", Version: 1},
	{Slug: "lace", Label: "Lace", Status: "deprecated", Version: 2},
	{Slug: "tatting", Label: "Tatting", Status: "deprecated", MergedInto: "lace", Version: 1},
}

func slugs(topics mentoring.Taxonomy) (all []string) {
	for _, t := range topics {
		all = append(all, t.Slug)
	}
	return all
}

// Every topic is in the list, each below the one above it, whatever is said of it.
func TestTopicsInOrder(t *testing.T) {
	changed := []mentoring.Topic{
		{Slug: "knitting", Label: "Knitting & more", Parent: "arts", Status: "active", Version: 1},
		{Slug: "weaving", Label: "Weaving", Parent: "crafts", Status: "active", Version: 1},
		{Slug: "lost", Label: "Lost", Parent: "gone", Status: "active", Version: 1},
	}
	want := []string{"arts", "painting", "knitting", "drawing", "sketching", "crafts", "weaving", "lace", "tatting", "lost"}
	all := someTopics.With(changed).InOrder()
	if diff := cmp.Diff(want, slugs(all)); diff != "" {
		t.Error(diff)
	}
	if got, known := all.Find("knitting"); !known || got.Label != "Knitting & more" {
		t.Errorf("knitting is %+v, %v", got, known)
	}
	if diff := cmp.Diff(len(mentoring.StarterTopics), len(mentoring.StarterTopics.InOrder())); diff != "" {
		t.Errorf("of the starter topics: %s", diff)
	}
	if !slices.Equal(slugs(mentoring.StarterTopics), slugs(mentoring.StarterTopics.InOrder())) {
		t.Error("the starter topics are not in the order in which they are shown")
	}
}

func TestKnownTopics(t *testing.T) {
	for slug, known := range map[string]bool{"arts": true, "tatting": true, "": false, "Arts": false, "astrology": false} {
		if someTopics.Knows(slug) != known {
			t.Errorf("%q is known: %v", slug, !known)
		}
	}
}

// Topics that were merged are one, whichever of them one looks for, also by several steps; and nothing else is.
func TestTopicsThatAreOne(t *testing.T) {
	for slug, want := range map[string][]string{
		"painting": {"painting", "drawing", "sketching"}, "drawing": {"drawing", "painting", "sketching"},
		"sketching": {"sketching", "painting", "drawing"}, "lace": {"lace", "tatting"}, "tatting": {"tatting", "lace"},
		"arts": {"arts"}, "knitting": {"knitting"}, "astrology": {"astrology"}, "": {""},
	} {
		if diff := cmp.Diff(want, someTopics.One(slug)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", slug, diff)
		}
		for _, other := range append(slugs(someTopics), "astrology", "") {
			if got := someTopics.Same(slug, other); got != slices.Contains(want, other) {
				t.Errorf("%q is the same as %q: %v", slug, other, got)
			}
		}
	}
}

// What is counted by topic is added up over those that are one; of a topic that is none, nothing is told.
func TestSumOfTopicsThatAreOne(t *testing.T) {
	got := someTopics.Sum(map[string]int{"painting": 1, "drawing": 2, "sketching": 4, "tatting": 8, "crafts": 16, "gone": 32})
	want := map[string]int{
		"arts": 0, "crafts": 16, "painting": 7, "knitting": 0, "drawing": 7, "sketching": 7, "lace": 8, "tatting": 8,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

package mentoring_test

import (
	"regexp"
	"testing"

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

func TestKnownTopic(t *testing.T) {
	for _, topic := range mentoring.StarterTopics {
		if !mentoring.KnownTopic(mentoring.StarterTopics, topic.Slug) {
			t.Errorf("%s is not known", topic.Slug)
		}
	}
	for _, slug := range []string{"", "Career", "career ", "astrology"} {
		if mentoring.KnownTopic(mentoring.StarterTopics, slug) {
			t.Errorf("%q is known", slug)
		}
	}
	if mentoring.KnownTopic(nil, "career") {
		t.Error("a topic is known where there are none")
	}
}

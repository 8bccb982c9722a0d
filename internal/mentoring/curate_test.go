package mentoring_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// What may be said of a topic, among these: each rule, and that all of them are told at once.
func TestCurateFaults(t *testing.T) {
	type c = mentoring.Curate
	many := func(n int) (all mentoring.Taxonomy) {
		all = someTopics
		for i := range n {
			all = append(all, mentoring.Topic{Slug: fmt.Sprint("k-", i), Label: "K", Status: "deprecated", MergedInto: "knitting"})
		}
		return all
	}
	for name, test := range map[string]struct {
		all  mentoring.Taxonomy
		cmd  c
		want string
	}{
		"a new one":           {someTopics, c{Slug: "weaving", Label: "Weaving"}, ""},
		"below another":       {someTopics, c{Slug: "weaving", Label: "Weaving", Parent: "crafts"}, ""},
		"digits and hyphens":  {someTopics, c{Slug: "3d-printing-2", Label: "3D"}, ""},
		"the longest":         {someTopics, c{Slug: strings.Repeat("x", 64), Label: strings.Repeat("é", 60)}, ""},
		"deprecated":          {someTopics, c{Slug: "arts", Label: "Arts", Status: "deprecated"}, ""},
		"merged":              {someTopics, c{Slug: "painting", Label: "P", Parent: "arts", Status: "deprecated", MergedInto: "knitting"}, ""},
		"merged across":       {someTopics, c{Slug: "arts", Label: "Arts", Status: "deprecated", MergedInto: "painting"}, ""},
		"merged, but active":  {someTopics, c{Slug: "lace", Label: "Lace", MergedInto: "arts"}, "/mergedInto not_allowed"},
		"merged into itself":  {someTopics, c{Slug: "arts", Label: "A", Status: "deprecated", MergedInto: "arts"}, "/mergedInto not_allowed"},
		"merged into nothing": {someTopics, c{Slug: "arts", Label: "A", Status: "deprecated", MergedInto: "nothing"}, "/mergedInto not_allowed"},
		"merged into what is": {someTopics, c{Slug: "arts", Label: "A", Status: "deprecated", MergedInto: "drawing"}, "/mergedInto not_allowed"},
		"the tenth":           {many(8), c{Slug: "arts", Label: "A", Status: "deprecated", MergedInto: "knitting"}, ""},
		"the eleventh":        {many(9), c{Slug: "arts", Label: "A", Status: "deprecated", MergedInto: "knitting"}, "/mergedInto too_long"},
		"with all that are one with it": {many(7), c{Slug: "painting", Label: "P", Status: "deprecated", MergedInto: "knitting"},
			"/mergedInto too_long"},
		"no slug":         {someTopics, c{Label: "A"}, "/path/slug bad_format"},
		"upper case":      {someTopics, c{Slug: "Arts", Label: "A"}, "/path/slug bad_format"},
		"letters of all":  {someTopics, c{Slug: "künste", Label: "A"}, "/path/slug bad_format"},
		"two hyphens":     {someTopics, c{Slug: "fine--arts", Label: "A"}, "/path/slug bad_format"},
		"a hyphen first":  {someTopics, c{Slug: "-arts", Label: "A"}, "/path/slug bad_format"},
		"too long":        {someTopics, c{Slug: strings.Repeat("x", 65), Label: strings.Repeat("é", 61)}, "/label too_long, /path/slug bad_format"},
		"two lines":       {someTopics, c{Slug: "arts", Label: "A\nB"}, "/label bad_format"},
		"another status":  {someTopics, c{Slug: "arts", Label: "A", Status: "gone"}, "/status not_allowed"},
		"its own parent":  {someTopics, c{Slug: "x", Label: "A", Parent: "x"}, "/parent not_allowed"},
		"no such parent":  {someTopics, c{Slug: "x", Label: "A", Parent: "nothing"}, "/parent not_allowed"},
		"a third level":   {someTopics, c{Slug: "x", Label: "A", Parent: "painting"}, "/parent not_allowed"},
		"a parent's":      {someTopics, c{Slug: "arts", Label: "A", Parent: "crafts"}, "/parent not_allowed"},
		"everything":      {someTopics, c{Slug: "X", Parent: "x", MergedInto: "y", Status: "z"}, "/label required, /mergedInto not_allowed, /parent not_allowed, /path/slug bad_format, /status not_allowed"},
		"of no topic yet": {nil, c{Slug: "x", Label: "X"}, ""},
	} {
		if got := told(test.cmd.Normal().Faults(test.all)); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestDecideTopic(t *testing.T) {
	arts := mentoring.Topic{Slug: "arts", Label: "The arts", Status: "active", Version: 1}
	for name, test := range map[string]struct {
		cmd     mentoring.Curate
		only    *int64
		want    mentoring.Topic
		changed bool
		code    mentoring.Code
	}{
		"a change":             {mentoring.Curate{Slug: "arts", Label: "The arts"}, nil, arts, true, ""},
		"of the version":       {mentoring.Curate{Slug: "arts", Label: "The arts"}, new(int64(0)), arts, true, ""},
		"of another":           {mentoring.Curate{Slug: "arts", Label: "The arts"}, new(int64(1)), mentoring.Topic{}, false, mentoring.VersionConflict},
		"the same":             {mentoring.Curate{Slug: "arts", Label: "Arts"}, nil, someTopics[0], false, ""},
		"the same, of another": {mentoring.Curate{Slug: "arts", Label: "Arts"}, new(int64(7)), someTopics[0], false, ""},
		"a new one": {mentoring.Curate{Slug: "weaving", Label: "Weaving", Parent: "crafts"}, new(int64(0)),
			mentoring.Topic{Slug: "weaving", Label: "Weaving", Parent: "crafts", Status: "active", Version: 1}, true, ""},
		"back again": {mentoring.Curate{Slug: "drawing", Label: "Drawing"}, new(int64(3)),
			mentoring.Topic{Slug: "drawing", Label: "Drawing", Status: "active", Version: 4}, true, ""},
		"a wrong one": {mentoring.Curate{Slug: "arts"}, new(int64(7)), mentoring.Topic{}, false, mentoring.InvalidField},
	} {
		got, changed, err := mentoring.DecideTopic(someTopics, test.cmd, test.only)
		if got != test.want || changed != test.changed || codeOf(err) != test.code {
			t.Errorf("%s: %+v, %v, %v", name, got, changed, err)
		}
	}
	full := someTopics
	for i := len(full); i < mentoring.MaxTopics; i++ {
		full = append(full, mentoring.Topic{Slug: fmt.Sprint("t-", i), Label: "T", Status: "active"})
	}
	if _, _, err := mentoring.DecideTopic(full, mentoring.Curate{Slug: "one-more", Label: "X"}, nil); codeOf(err) != mentoring.ActiveLimitReached {
		t.Errorf("one more: %v", err)
	}
	if _, changed, err := mentoring.DecideTopic(full, mentoring.Curate{Slug: "arts", Label: "X"}, nil); err != nil || !changed {
		t.Errorf("where there is no room, a change: %v", err)
	}
}

// Whatever coordinators say, one after the other: all topics are shown, in two levels, what was merged leads to its end, and no
// more are one than allowed.
func TestTaxonomiesStaySound(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := mentoring.Taxonomy{{Slug: "a", Label: "A", Status: "active"}, {Slug: "b", Label: "B", Status: "active"}}
		slug := rapid.SampledFrom(strings.Split("a b c d e f g h i j k l m n", " "))
		said := 0
		for range 60 {
			cmd := mentoring.Curate{Slug: slug.Draw(t, "slug"), Label: "X", Status: rapid.SampledFrom(mentoring.TopicStatuses).Draw(t, "status")}
			if rapid.Bool().Draw(t, "below") {
				cmd.Parent = slug.Draw(t, "parent")
			}
			if cmd.Status == mentoring.TopicDeprecated && rapid.Bool().Draw(t, "merged") {
				cmd.MergedInto = slug.Draw(t, "into")
			}
			after, _, err := mentoring.DecideTopic(all, cmd, nil)
			if err != nil {
				continue
			}
			said++
			all = all.With([]mentoring.Topic{after})
			shown := all.InOrder()
			for _, topic := range all {
				above, _ := all.Find(topic.Parent)
				if topic.Parent != "" && (above.Slug == "" || above.Parent != "") {
					t.Fatalf("%s is below %+v", topic.Slug, above)
				}
				one := all.One(topic.Slug)
				if len(one) > 10 {
					t.Fatalf("%d are one: %v", len(one), one)
				}
				ends := 0
				for _, s := range one {
					if end, _ := all.Find(s); end.MergedInto == "" {
						ends++
					}
				}
				if ends != 1 {
					t.Fatalf("%v have %d ends", one, ends)
				}
				if !slices.Contains(shown, topic) {
					t.Fatalf("%s is not shown", topic.Slug)
				}
			}
			if len(shown) != len(all) {
				t.Fatalf("%d of %d are shown", len(shown), len(all))
			}
		}
		if said == 0 {
			t.Skip("nothing was said")
		}
	})
}

// publishedIn are slots of these topics, an hour apart, or why there are none.
func publishedIn(all mentoring.Taxonomy, topics ...string) (mentoring.Changes, error) {
	var drafts []mentoring.SlotDraft
	var ids []mentoring.SlotID
	for i, slug := range topics {
		d := smallDraft()
		d.Topic, d.StartsAt = slug, inHours(24+i)
		drafts, ids = append(drafts, d), append(ids, slotID(byte(i)))
	}
	return mentoring.DecidePublish(mentoring.Viewer{Person: edda()}, drafts, ids, all, policy, noon)
}

// A deprecated topic takes no new slots, and says what it has become; one that has become nothing that takes slots does not.
func TestDeprecatedTopicsTakeNoSlots(t *testing.T) {
	for slug, want := range map[string]string{"drawing": "painting", "sketching": "painting", "lace": "", "tatting": ""} {
		_, err := publishedIn(someTopics, slug)
		refused := new(mentoring.Error)
		if !errors.As(err, &refused) || refused.Code != mentoring.TopicIsDeprecated || refused.Topic != want {
			t.Errorf("%s: %v", slug, err)
		}
		w := newWorld(t, edda())
		slot := w.slot(edda(), wide(2))
		_, err = mentoring.DecideRevise(w.caseOf(slot), edda().ID, mentoring.Revision{Topic: &slug}, nil, someTopics, policy, noon)
		if !errors.As(err, &refused) || refused.Code != mentoring.TopicIsDeprecated || refused.Topic != want {
			t.Errorf("given %s: %v", slug, err)
		}
	}
	_, err := publishedIn(someTopics, "arts", "lace")
	if refused := new(mentoring.Error); !errors.As(err, &refused) || !strings.HasPrefix(refused.Detail, "Slot 1 of the batch") {
		t.Errorf("of two: %v", err)
	}
	if _, err := publishedIn(someTopics, "lace", "nothing"); codeOf(err) != mentoring.InvalidField {
		t.Errorf("fields come first: %v", err)
	}
}

// What has a deprecated topic keeps it, through every change.
func TestSlotsKeepADeprecatedTopic(t *testing.T) {
	w := newWorld(t, edda())
	slot := w.slot(edda(), wide(2))
	gone := mentoring.StarterTopics.With([]mentoring.Topic{{Slug: smallDraft().Topic, Label: "X", Status: "deprecated", Version: 1}})
	r := mentoring.Revision{Title: new("Another title"), Topic: new(smallDraft().Topic)}
	changes, err := mentoring.DecideRevise(w.caseOf(slot), edda().ID, r, nil, gone, policy, noon)
	if err != nil || changes.Slots[0].Title != "Another title" || changes.Slots[0].TopicLabel != "" {
		t.Errorf("%+v, %v", changes.Slots, err)
	}
}

// A slot says of its topic what a coordinator called it when the slot took it, and nothing where nobody did.
func TestSlotsKeepTheLabelOfTheirTopic(t *testing.T) {
	all := mentoring.StarterTopics.With([]mentoring.Topic{{Slug: "arts", Label: "Fine arts", Status: "active", Version: 1}})
	changes, err := publishedIn(all, "arts", "finance")
	if err != nil || changes.Slots[0].TopicLabel != "Fine arts" || changes.Slots[1].TopicLabel != "" {
		t.Fatalf("%+v, %v", changes.Slots, err)
	}
	w := newWorld(t, edda())
	slot := w.slot(edda(), wide(2))
	for _, label := range []string{"Fine arts", ""} {
		topic := map[string]string{"Fine arts": "arts", "": "finance"}[label]
		changes, err := mentoring.DecideRevise(w.caseOf(slot), edda().ID, mentoring.Revision{Topic: &topic}, nil, all, policy, noon)
		if err != nil || changes.Slots[0].TopicLabel != label {
			t.Errorf("given %s: %+v, %v", topic, changes.Slots, err)
		}
	}
}

package desk_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// curates says something of a topic.
func (o *office) curates(t testing.TB, c mentoring.Curate) desk.TopicView {
	t.Helper()
	view, err := o.Curate(context.Background(), coordinator, c, nil)
	if err != nil {
		t.Fatal(err)
	}
	return view
}

// merged says that a topic has become another one.
func merged(slug, into string) mentoring.Curate {
	return mentoring.Curate{Slug: slug, Label: "Of old", Status: mentoring.TopicDeprecated, MergedInto: into}
}

func about(topic string, ahead time.Duration) mentoring.SlotDraft {
	d := circle(1, ahead)
	d.Topic = topic
	return d
}

// topic is one of the list.
func (o *office) topic(t testing.TB, slug string) desk.TopicView {
	t.Helper()
	all, err := o.TopicList(t.Context())
	at := slices.IndexFunc(all, func(v desk.TopicView) bool { return v.Slug == slug })
	if err != nil || at < 0 {
		t.Fatalf("%s: %d topics, %v", slug, len(all), err)
	}
	return all[at]
}

// What a coordinator says of topics holds for whoever publishes from then on, and what was published keeps its topic.
func TestTopics(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada := o.enrolled(t, "ada")
	shipped, err := o.TopicList(ctx)
	if err != nil || len(shipped) != len(mentoring.StarterTopics) || shipped[0].Version != 0 {
		t.Fatalf("shipped are %d, %v", len(shipped), err)
	}
	quantum := mentoring.Curate{Slug: "quantum", Label: "Quantum computing", Parent: "engineering"}
	refusedFor(t, ignore(o.Curate(ctx, ada, quantum, nil)), mentoring.Forbidden)
	refusedFor(t, ignore(o.Publish(ctx, ada, about("quantum", 50*time.Hour), desk.Once{})), mentoring.InvalidField)
	if made := o.curates(t, quantum); made.Version != 1 || made.OpenSlots != 0 {
		t.Errorf("made: %+v", made)
	}
	if again := o.curates(t, quantum); again.Version != 1 {
		t.Errorf("again: %+v", again)
	}
	slot := o.published(t, ada, about("quantum", 50*time.Hour))
	if view, err := o.Slot(ctx, ada, slot); err != nil || view.Slot.TopicLabel != "Quantum computing" {
		t.Errorf("the slot says %q, %v", view.Slot.TopicLabel, err)
	}
	quantum.Status = mentoring.TopicDeprecated
	refusedFor(t, ignore(o.Curate(ctx, coordinator, quantum, new(int64(0)))), mentoring.VersionConflict)
	if after, err := o.Curate(ctx, coordinator, quantum, new(int64(1))); err != nil || after.Version != 2 {
		t.Errorf("deprecated: %+v, %v", after, err)
	}
	refusedFor(t, ignore(o.Publish(ctx, ada, about("quantum", 60*time.Hour), desk.Once{})), mentoring.TopicIsDeprecated)
	other := o.published(t, ada, about("finance", 60*time.Hour))
	refusedFor(t, ignore(o.Revise(ctx, ada, other, mentoring.Revision{Topic: new("quantum")}, nil)), mentoring.TopicIsDeprecated)
	must(t, ignore(o.Revise(ctx, ada, slot, mentoring.Revision{Topic: new("quantum"), Title: new("Another title")}, nil)))
	must(t, ignore(o.Revise(ctx, ada, slot, mentoring.Revision{Capacity: new(1)}, nil)))
	o.booked(t, o.enrolled(t, "ben"), slot)
	if got := o.topic(t, "quantum"); got.Status != mentoring.TopicDeprecated || got.Label != "Quantum computing" || got.Parent != "engineering" {
		t.Errorf("listed as %+v", got)
	}
	if got := o.topic(t, "finance"); got.Version != 0 || got.Status != mentoring.TopicActive {
		t.Errorf("what nobody changed is %+v", got)
	}
}

// found are the slots of a topic, page by page, by the hours after morning at which they begin.
func (o *office) found(t testing.TB, f desk.SlotFilter, limit int) (hours []int) {
	t.Helper()
	for after := ""; ; {
		page, err := o.OpenSlots(t.Context(), person("eve"), f, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, view := range page.Items {
			hours = append(hours, int(view.Slot.StartsAt.Sub(morning).Hours()))
		}
		if after = page.Next; after == "" {
			return hours
		}
	}
}

// Topics that were merged are looked for together, whichever of them is named, also by several steps, with other filters and
// among the slots of one expert. None is missed or shown twice at the border of a page.
func TestMergedTopicsAreFoundTogether(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	want := map[string][]int{}
	for i, topic := range []string{"finance", "sales", "sales", "cloud", "founding", "finance", "finance", "founding", "sales", "finance", "cloud"} {
		o.published(t, []desk.Caller{ada, ben}[i%2], about(topic, time.Duration(30+i)*time.Hour))
		want[topic] = append(want[topic], 30+i)
	}
	check := func(topic string, expert mentoring.PersonID, want []int) {
		t.Helper()
		for _, limit := range []int{1, 2, 3, 100} {
			for _, f := range []desk.SlotFilter{{Topic: topic, Expert: expert}, {Topic: topic, Expert: expert, Mode: mentoring.Video}} {
				if diff := cmp.Diff(want, o.found(t, f, limit)); diff != "" {
					t.Errorf("%+v, %d a page (-want +got):\n%s", f, limit, diff)
				}
			}
		}
	}
	for topic, hours := range want {
		check(topic, "", hours)
	}
	o.curates(t, merged("finance", "founding"))
	o.curates(t, merged("founding", "sales"))
	all := slices.Sorted(slices.Values(slices.Concat(want["finance"], want["sales"], want["founding"])))
	adas := slices.DeleteFunc(slices.Clone(all), func(hour int) bool { return hour%2 != 0 })
	for _, topic := range []string{"finance", "founding", "sales"} {
		check(topic, "", all)
		check(topic, ada.ID, adas)
	}
	check("cloud", "", want["cloud"])
	check("business", "", nil)
	o.curates(t, mentoring.Curate{Slug: "founding", Label: "Founding"}) // and apart again
	check("sales", "", want["sales"])
	check("finance", "", slices.Sorted(slices.Values(slices.Concat(want["finance"], want["founding"]))))
	for _, f := range []desk.SlotFilter{{Topic: "nothing"}, {Topic: "nothing", Expert: ada.ID}} {
		err := ignore(o.OpenSlots(t.Context(), ben, f, "", 20))
		refusedFor(t, err, mentoring.InvalidField)
	}
}

// A slot that is being published while its topic is deprecated lands, as those did that were published a moment before. The next
// one does not.
func TestPublishingWhileATopicIsDeprecated(t *testing.T) {
	engine := openEngine(t)
	calm := officeOn(engine, nil)
	ada := calm.enrolled(t, "ada")
	o := officeOn(engine, func(engine table.Table) table.Table {
		return &overtaken{engine, func() { calm.curates(t, merged("finance", "sales")) }}
	})
	late := o.published(t, ada, about("finance", 50*time.Hour))
	err := ignore(o.Publish(t.Context(), ada, about("finance", 60*time.Hour), desk.Once{}))
	if refused := new(mentoring.Error); !errors.As(err, &refused) || refused.Code != mentoring.TopicIsDeprecated || refused.Topic != "sales" {
		t.Errorf("the next: %v", err)
	}
	page, err := o.OpenSlots(t.Context(), ada, desk.SlotFilter{Topic: "sales"}, "", 20)
	if err != nil || len(page.Items) != 1 || page.Items[0].Slot.ID != late {
		t.Errorf("found %+v, %v", page, err)
	}
}

// Two who merge two topics into each other at one moment cannot both succeed. Without the version of the record they do, and
// what the first was promised is gone.
func TestTwoTopicsAreNotMergedIntoEachOther(t *testing.T) {
	for _, control := range []bool{false, true} {
		t.Run(fmt.Sprintf("control=%v", control), func(t *testing.T) {
			engine := openEngine(t)
			calm := officeOn(engine, nil)
			o := officeOn(engine, func(engine table.Table) table.Table {
				if control {
					engine = tabletest.NewUnprotected(engine, placed([]string{"CHANGED"}))
				}
				return &overtaken{engine, func() { calm.curates(t, merged("sales", "finance")) }}
			})
			calm.curates(t, mentoring.Curate{Slug: "cloud", Label: "Clouds"}) // so that there is a record
			err := ignore(o.Curate(t.Context(), coordinator, merged("finance", "sales"), nil))
			kept := calm.topic(t, "sales").MergedInto == "finance"
			if protected := codeOf(err) == mentoring.InvalidField && kept; protected == control {
				t.Errorf("the second is told %v, and the first was kept: %v", err, kept)
			}
		})
	}
}

// The counts say, once the clock has come round, how many slots whoever may see all would find.
func TestOpenSlotsAreCounted(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada := o.enrolled(t, "ada")
	check := func(want map[string]int) {
		t.Helper()
		must(t, o.CountOpen(ctx))
		all, err := o.TopicList(ctx)
		must(t, err)
		got := map[string]int{}
		for _, topic := range all {
			if topic.OpenSlots > 0 {
				got[topic.Slug] = topic.OpenSlots
			}
		}
		if !maps.Equal(want, got) {
			t.Errorf("counted %v, want %v", got, want)
		}
	}
	check(map[string]int{})
	d := about("sales", 40*time.Hour)
	d.Audience = mentoring.MyOrganisation
	o.published(t, ada, d)
	first := o.published(t, ada, about("finance", 30*time.Hour))
	o.published(t, ada, about("finance", 50*time.Hour))
	check(map[string]int{"finance": 2, "sales": 1})
	o.curates(t, merged("finance", "sales"))
	check(map[string]int{"finance": 3, "sales": 3})
	must(t, ignore(o.Close(ctx, ada, first, desk.Once{})))
	check(map[string]int{"finance": 2, "sales": 2})
	o.advance(45 * time.Hour)
	check(map[string]int{"finance": 1, "sales": 1})
	o.advance(45 * time.Hour)
	check(map[string]int{})
}

// Many are counted in stretches, and until all are, the count of before stands.
func TestManySlotsAreCountedInStretches(t *testing.T) {
	o := openOffice(t, nil)
	o.OpenShards = 1
	fill(t, o, o.published(t, o.enrolled(t, "ada"), circle(1, 24*time.Hour)), 2499)
	for looks, want := range []int{0, 0, 2500, 2500, 2500, 2495} {
		if looks == 3 {
			o.advance(30 * time.Hour) // and five have begun
		}
		must(t, o.CountOpen(t.Context()))
		if got := o.topic(t, "finance").OpenSlots; got != want {
			t.Errorf("after look %d: %d, want %d", looks+1, got, want)
		}
	}
}

package mentoring_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// wish is one thing a filter can ask for, and whether the slot of openSlot is it to Rana.
type wish struct {
	field string
	ask   func(*mentoring.SlotFilter)
	met   bool
}

func openSlot() mentoring.Slot {
	d := smallDraft()
	d.Kind, d.Direction = "career", "peer"
	d.Modes, d.Languages = []mentoring.Mode{mentoring.Video, mentoring.Phone}, []string{"de", "pt-BR", "zh-Hant-TW"}
	d.Meeting = mentoring.Meeting{VideoURL: "https://video.example/room", Phone: "+49 30 1"}
	return published(d).Slot
}

func wishes() []wish {
	start := openSlot().StartsAt
	all := []wish{
		{"bookable", func(f *mentoring.SlotFilter) { f.Bookable = true }, true},
		{"expert", func(f *mentoring.SlotFilter) { f.Expert = edda().ID }, true},
		{"expert", func(f *mentoring.SlotFilter) { f.Expert = rana().ID }, false},
		{"from", func(f *mentoring.SlotFilter) { f.From = start }, true},
		{"from", func(f *mentoring.SlotFilter) { f.From = start.Add(1) }, false},
		{"to", func(f *mentoring.SlotFilter) { f.To = start.Add(1) }, true},
		{"to", func(f *mentoring.SlotFilter) { f.To = start }, false},
		{"topic", func(f *mentoring.SlotFilter) { f.Topic = "engineering" }, true},
		{"topic", func(f *mentoring.SlotFilter) { f.Topic = "cloud" }, false}, // below it
	}
	for tag, met := range map[string]bool{
		"de": true, "pt": true, "pt-BR": true, "zh": true, "zh-Hant": true, "zh-Hant-TW": true,
		"en": false, "p": false, "pt-B": false, "pt-PT": false, "de-AT": false, "zh-TW": false, "zh-": false,
	} {
		all = append(all, wish{"language", func(f *mentoring.SlotFilter) { f.Language = tag }, met})
	}
	among(&all, mentoring.SessionKinds, "kind", func(f *mentoring.SlotFilter, v mentoring.SessionKind) { f.Kind = v }, "career")
	among(&all, mentoring.Formats, "format", func(f *mentoring.SlotFilter, v mentoring.Format) { f.Format = v }, mentoring.OneToOne)
	among(&all, mentoring.Directions, "direction", func(f *mentoring.SlotFilter, v mentoring.Direction) { f.Direction = v }, "peer")
	among(&all, mentoring.Modes, "mode", func(f *mentoring.SlotFilter, v mentoring.Mode) { f.Mode = v },
		mentoring.Video, mentoring.Phone)
	among(&all, mentoring.Affiliations, "affiliation", func(f *mentoring.SlotFilter, v mentoring.Affiliation) { f.Affiliation = v },
		mentoring.Outside)
	return all
}

// among adds a wish for every value of a closed list; those in met are the slot's.
func among[T comparable](all *[]wish, list []T, field string, ask func(*mentoring.SlotFilter, T), met ...T) {
	for _, v := range list {
		is := false
		for _, m := range met {
			is = is || v == m
		}
		*all = append(*all, wish{field, func(f *mentoring.SlotFilter) { ask(f, v) }, is})
	}
}

func matches(f mentoring.SlotFilter, free int) bool {
	return f.Matches(openSlot(), mentoring.Occupancy{Free: free}, mentoring.Viewer{Person: rana()}, nil, policy, noon)
}

func TestAFilterThatAsksForNothingMatchesAll(t *testing.T) {
	var f mentoring.SlotFilter
	if !matches(f, 1) || !matches(f, 0) {
		t.Error("a slot does not match")
	}
	if !f.Matches(mentoring.Slot{}, mentoring.Occupancy{}, mentoring.Viewer{}, nil, mentoring.Policy{}, time.Time{}) {
		t.Error("a slot without anything does not match")
	}
}

func TestEachWish(t *testing.T) {
	for _, w := range wishes() {
		var f mentoring.SlotFilter
		w.ask(&f)
		if matches(f, 1) != w.met {
			t.Errorf("%+v: matches %v", f, !w.met)
		}
	}
}

// What a filter asks for must all hold.
func TestWishesGoTogether(t *testing.T) {
	several := rapid.SliceOfDistinct(rapid.SampledFrom(wishes()), func(w wish) string { return w.field })
	rapid.Check(t, func(t *rapid.T) {
		var f mentoring.SlotFilter
		want := true
		for _, w := range several.Draw(t, "wishes") {
			w.ask(&f)
			want = want && w.met
		}
		if matches(f, 1) != want {
			t.Fatalf("%+v: matches %v", f, !want)
		}
	})
}

func TestBookableMatchesWhatCanBeBooked(t *testing.T) {
	for _, o := range obstacles() {
		s := clearRoad()
		o.place(&s)
		f := mentoring.SlotFilter{Bookable: true}
		if f.Matches(s.slot, s.seats, s.viewer, nil, s.policy, s.now) {
			t.Errorf("a slot matches that cannot be booked: %s", o.code)
		}
		f.Bookable = false
		if !f.Matches(s.slot, s.seats, s.viewer, nil, s.policy, s.now) {
			t.Errorf("a slot does not match because of %s, which nobody asked about", o.code)
		}
	}
}

func TestAffiliationIsTheViewers(t *testing.T) {
	for email, want := range map[string]mentoring.Affiliation{
		"v@north.example": mentoring.SameOrganisation, "v@south.example": mentoring.Outside, "v@gmail.com": mentoring.UnknownRelation,
	} {
		viewer := mentoring.Viewer{Person: person("Vera", email)}
		for _, a := range mentoring.Affiliations {
			if got := (mentoring.SlotFilter{Affiliation: a}).Matches(openSlot(), mentoring.Occupancy{Free: 1}, viewer, nil, policy, noon); got != (a == want) {
				t.Errorf("to %s Edda's slot is %s: %v", email, a, got)
			}
		}
	}
}

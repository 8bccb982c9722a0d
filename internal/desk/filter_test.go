package desk_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// shortPages answers queries with fewer records than were asked for, as an engine may: what otherwise takes
// hundreds of slots, to go on and on behind a page, takes a few.
type shortPages struct {
	table.Table
	most int
}

func (s *shortPages) Query(ctx context.Context, r table.Range) (table.Page, error) {
	if r.Index != "" {
		r.Limit = min(r.Limit, s.most)
	}
	return s.Table.Query(ctx, r)
}

// from is somebody of that name whose address is at the domain.
func from(name, domain string) desk.Caller {
	c := person(name)
	c.Email = name + "@" + domain
	return c
}

// fair is an office with many kinds of slots, and people of all sorts who look at them.
type fair struct {
	*office
	pages   *shortPages
	slots   []mentoring.SlotID
	viewers []desk.Caller
}

func (f *fair) enrol(t testing.TB, c desk.Caller, change func(*mentoring.Enrolment)) desk.Caller {
	e := enrolment(c.Name)
	if change != nil {
		change(&e)
	}
	if _, err := f.Enrol(t.Context(), c, e, nil); err != nil {
		t.Fatal(err)
	}
	return c
}

// openFair draws a fair. Slots of different experts begin at the same times.
func openFair(t *testing.T, draw *rapid.T) *fair {
	f := &fair{}
	f.office = openOffice(t, func(engine table.Table) table.Table {
		f.pages = &shortPages{engine, rapid.IntRange(1, 8).Draw(draw, "records a page")}
		return f.pages
	})
	experts := []desk.Caller{
		f.enrol(t, from("ada", "north.example"), nil),
		f.enrol(t, from("bob", "south.example"), nil),
		f.enrol(t, from("cem", "gmail.com"), func(e *mentoring.Enrolment) { e.Profile.PausedUntil = morning.Add(48 * time.Hour) }),
	}
	visitor := from("zoe", "north.example") // never enrolled
	booker := f.enrol(t, from("ben", "north.example"), nil)
	f.viewers = append(experts, visitor, booker,
		f.enrol(t, from("eve", "south.example"), func(e *mentoring.Enrolment) {
			e.Profile.DeclaredConflicts = []mentoring.PersonID{experts[0].ID}
		}),
		f.enrol(t, from("fay", "gmail.com"), nil))
	for hour := range 8 {
		for _, expert := range experts {
			if rapid.Bool().Draw(draw, "free at that time") {
				continue
			}
			d := anyDraft(draw, time.Duration(24+hour)*time.Hour)
			if mentoring.OrganisationOf(expert.Email) == "" {
				d.Audience = mentoring.Everyone // the others are not for them
			}
			id := f.published(t, expert, d)
			f.slots = append(f.slots, id)
			if rapid.IntRange(0, 3).Draw(draw, "booked") == 0 {
				f.book(t, booker, id)
			}
		}
	}
	return f
}

// book takes a seat if the caller can have one, and lets lists know.
func (f *fair) book(t testing.TB, c desk.Caller, slot mentoring.SlotID) {
	_, _ = f.Book(t.Context(), c, slot, request, desk.Once{}) // some are not for them, or one too many
	if err := f.Tend(t.Context(), slot, time.Time{}); err != nil {
		t.Fatal(err)
	}
}

var (
	someTopics    = []string{"finance", "sales", "cloud"}
	someLanguages = []string{"en", "en-GB", "pt-BR", "de"}
)

func anyDraft(draw *rapid.T, ahead time.Duration) mentoring.SlotDraft {
	d := circle(rapid.IntRange(1, 2).Draw(draw, "seats"), ahead)
	d.Topic = oneOf(draw, "topic", someTopics)
	d.Kind = oneOf(draw, "kind", mentoring.SessionKinds)
	if *d.Capacity > 1 {
		d.Format = oneOf(draw, "format", []mentoring.Format{mentoring.Circle, mentoring.PeerGroup})
	}
	d.Direction = oneOf(draw, "direction", mentoring.Directions)
	d.Modes = rapid.SliceOfNDistinct(rapid.SampledFrom(mentoring.Modes), 1, 3, rapid.ID).Draw(draw, "modes")
	d.Languages = rapid.SliceOfNDistinct(rapid.SampledFrom(someLanguages), 1, 2, rapid.ID).Draw(draw, "languages")
	d.Audience = oneOf(draw, "audience", mentoring.Audiences)
	d.Meeting = mentoring.Meeting{VideoURL: "https://video.example/room", Phone: "1", Place: "Room 1"}
	return d
}

func oneOf[T any](draw *rapid.T, label string, list []T) T {
	return rapid.SampledFrom(list).Draw(draw, label)
}

// anyFilter asks for few things, or nearly nothing would ever match.
func (f *fair) anyFilter(draw *rapid.T) (filter desk.SlotFilter) {
	at := func(label string) time.Time {
		return morning.Add(time.Duration(rapid.IntRange(20*60, 40*60).Draw(draw, label)) * time.Minute)
	}
	ask := map[string]func(){
		"topic":       func() { filter.Topic = oneOf(draw, "topic", someTopics) },
		"from":        func() { filter.From = at("from") },
		"to":          func() { filter.To = at("to") },
		"kind":        func() { filter.Kind = oneOf(draw, "kind", mentoring.SessionKinds) },
		"format":      func() { filter.Format = oneOf(draw, "format", mentoring.Formats) },
		"direction":   func() { filter.Direction = oneOf(draw, "direction", mentoring.Directions) },
		"mode":        func() { filter.Mode = oneOf(draw, "mode", mentoring.Modes) },
		"language":    func() { filter.Language = oneOf(draw, "language", append(someLanguages, "pt", "fr")) },
		"affiliation": func() { filter.Affiliation = oneOf(draw, "affiliation", mentoring.Affiliations) },
		"expert":      func() { filter.Expert = oneOf(draw, "expert", f.viewers).ID },
		"bookable":    func() { filter.Bookable = true },
	}
	names := rapid.SampledFrom(slices.Sorted(maps.Keys(ask)))
	for _, name := range rapid.SliceOfNDistinct(names, 0, 3, rapid.ID).Draw(draw, "asks for") {
		ask[name]()
	}
	return filter
}

// bruteForce is the whole list, from looking at every slot there is.
func (f *fair) bruteForce(t testing.TB, viewer desk.Caller, filter desk.SlotFilter) (ids []mentoring.SlotID) {
	var found []desk.SlotView
	for _, id := range f.slots {
		view, err := f.Slot(t.Context(), viewer, id)
		if codeOf(err) == mentoring.NotFound {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if satisfies(view, filter) {
			found = append(found, view)
		}
	}
	slices.SortFunc(found, func(a, b desk.SlotView) int {
		return cmp.Or(a.Slot.StartsAt.Compare(b.Slot.StartsAt), strings.Compare(string(a.Slot.ID), string(b.Slot.ID)))
	})
	for _, view := range found {
		ids = append(ids, view.Slot.ID)
	}
	return ids
}

// satisfies judges by what GET /v1/slots/{id} shows, in words of its own.
func satisfies(v desk.SlotView, f desk.SlotFilter) bool {
	s := v.Slot
	speaks := false
	for _, tag := range s.Languages {
		speaks = speaks || tag == f.Language || f.Language == "en" && tag == "en-GB" || f.Language == "pt" && tag == "pt-BR"
	}
	for _, no := range []bool{
		f.Topic != "" && f.Topic != s.Topic,
		s.StartsAt.Before(f.From),
		!f.To.IsZero() && !s.StartsAt.Before(f.To),
		f.Kind != "" && f.Kind != s.Kind,
		f.Format != "" && f.Format != s.Format,
		f.Direction != "" && f.Direction != s.Direction,
		f.Mode != "" && !slices.Contains(s.Modes, f.Mode),
		f.Language != "" && !speaks,
		f.Affiliation != "" && f.Affiliation != v.Affiliation,
		f.Expert != "" && f.Expert != s.Host.ID,
		f.Bookable && v.NotBookable != "",
	} {
		if no {
			return false
		}
	}
	return true
}

// walk follows a list to its end.
func (o *office) walk(t testing.TB, viewer desk.Caller, f desk.SlotFilter, limit int) (ids []mentoring.SlotID) {
	after := ""
	for range 200 {
		page, err := o.OpenSlots(t.Context(), viewer, f, after, limit)
		if err != nil || len(page.Items) > limit {
			t.Fatalf("a page of %d, limit %d: %v", len(page.Items), limit, err)
		}
		for _, item := range page.Items {
			ids = append(ids, item.Slot.ID)
		}
		if after = page.Next; after == "" {
			return ids
		}
	}
	t.Fatalf("no end after 200 pages of %d", limit)
	return nil
}

// The pages of a filtered list are together the whole list, in order, whatever the page size, the filter and
// who looks.
func TestFilteredPagesAreTheFilteredList(t *testing.T) {
	met := map[bool]int{}
	rapid.Check(t, func(draw *rapid.T) {
		f := openFair(t, draw)
		for range 6 {
			viewer, filter := oneOf(draw, "viewer", f.viewers), f.anyFilter(draw)
			want := f.bruteForce(t, viewer, filter)
			met[len(want) > 0]++
			for _, limit := range []int{1, 3, 100} {
				if diff := gocmp.Diff(want, f.walk(t, viewer, filter, limit)); diff != "" {
					draw.Fatalf("%s, limit %d, %+v (-want +got):\n%s", viewer.Name, limit, filter, diff)
				}
			}
		}
	})
	if met[true] < 20 || met[false] < 20 {
		t.Errorf("lists with slots and without: %v; want enough of both", met)
	}
}

// crowdedFair has 60 slots of each of 9 experts, all bookable, in English; every 50th is by phone.
func crowdedFair(t testing.TB, wrap func(table.Table) table.Table) (o *office, byPhone []mentoring.SlotID, experts []desk.Caller) {
	o = openOffice(t, wrap)
	o.OpenShards = 1 // of two, each rounds by itself, as the random ids fall
	for e := range 9 {
		experts = append(experts, o.enrolled(t, "expert-"+string(rune('a'+e))))
	}
	for i := range 540 {
		d := circle(1, time.Duration(24*60+10*i)*time.Minute)
		if i%50 == 49 {
			d.Modes = []mentoring.Mode{mentoring.Phone}
		}
		id := o.published(t, experts[i%9], d)
		if i%50 == 49 {
			byPhone = append(byPhone, id)
		}
	}
	return o, byPhone, experts
}

// swept is the use of so many rounds along so many partitions.
func swept(rounds, partitions int, rcu float64) tabletest.Usage {
	return tabletest.Usage{Rounds: rounds, Gets: 1, Queries: rounds * partitions, RCU: rcu}
}

// ofTopic is a use and that of reading the topics, in one of its rounds.
func ofTopic(u tabletest.Usage) tabletest.Usage {
	u.Gets++
	u.RCU++
	return u
}

// looked is the use of so many rounds at what an agenda names.
func looked(rounds int, rcu float64) tabletest.Usage {
	return tabletest.Usage{Rounds: rounds, Gets: rounds + 1, RCU: rcu}
}

// P3: what a filtered page costs, exactly, among more slots than one request looks at.
func TestCostOfFilters(t *testing.T) {
	var counting *tabletest.Counting
	o, byPhone, experts := crowdedFair(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	ben := o.enrolled(t, "ben")
	for name, c := range map[string]struct {
		filter      desk.SlotFilter
		least, most int // slots on the page
		more        bool
		cost        tabletest.Usage
	}{
		"all":                        {desk.SlotFilter{}, 20, 20, true, swept(1, 1, 4)},
		"most match":                 {desk.SlotFilter{Mode: mentoring.Video, Bookable: true}, 20, 20, true, swept(1, 1, 12)},
		"few match":                  {desk.SlotFilter{Mode: mentoring.Phone}, 8, 8, true, swept(4, 1, 42)},
		"few match in a topic":       {desk.SlotFilter{Mode: mentoring.Phone, Topic: "finance"}, 8, 8, true, ofTopic(swept(4, 1, 42))},
		"none match":                 {desk.SlotFilter{Language: "fr"}, 0, 0, true, swept(4, 1, 42)},
		"an expert":                  {desk.SlotFilter{Expert: experts[0].ID}, 20, 20, true, looked(2, 24)},
		"few of an expert":           {desk.SlotFilter{Expert: experts[0].ID, Mode: mentoring.Phone}, 1, 2, false, looked(2, 64)},
		"nothing of an expert":       {desk.SlotFilter{Expert: experts[0].ID, Topic: "sales"}, 0, 0, false, ofTopic(looked(2, 64))},
		"somebody who hosts nothing": {desk.SlotFilter{Expert: ben.ID}, 0, 0, false, looked(1, 3)},
		"nobody":                     {desk.SlotFilter{Expert: person("nobody").ID}, 0, 0, false, looked(1, 3)},
	} {
		counting.Reset()
		page, err := o.OpenSlots(t.Context(), ben, c.filter, "", 20)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := counting.Usage(); got != c.cost {
			t.Errorf("%s costs %s, want %s", name, show(got), show(c.cost))
		}
		documented(t, name, c.cost)
		if n := len(page.Items); n < c.least || n > c.most || (page.Next != "") != c.more {
			t.Errorf("%s: %d slots, next %q", name, len(page.Items), page.Next)
		}
	}
	// The pages of few are all of them, in few pages.
	pages, after, ids := 0, "", []mentoring.SlotID(nil)
	for ; pages == 0 || after != ""; pages++ {
		page, err := o.OpenSlots(t.Context(), ben, desk.SlotFilter{Mode: mentoring.Phone}, after, 20)
		if err != nil {
			t.Fatal(err)
		}
		for _, item := range page.Items {
			ids = append(ids, item.Slot.ID)
		}
		after = page.Next
	}
	if diff := gocmp.Diff(byPhone, ids); diff != "" || pages != 2 {
		t.Errorf("%d pages (-want +got):\n%s", pages, diff)
	}
}

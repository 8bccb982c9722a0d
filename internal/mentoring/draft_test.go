package mentoring_test

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// fullDraft says everything there is to say, each as long or as much as it may be.
func fullDraft() mentoring.SlotDraft {
	return mentoring.SlotDraft{
		Title: chars(120), Description: chars(2000), Topic: "software-design", Kind: "work_review",
		Format: mentoring.Circle, Capacity: new(12), MinAttendees: new(12), Direction: "reverse",
		StartsAt: noon.Add(180 * 24 * time.Hour), DurationMinutes: 90, TimeZone: "Asia/Tokyo",
		Modes: []mentoring.Mode{mentoring.InPerson, mentoring.Phone, mentoring.Video},
		Meeting: mentoring.Meeting{
			VideoURL: longLink(500), Phone: chars(40), Place: chars(300),
		},
		Languages: []string{"en", "de", "fr", "it", "es", "pt-BR", "zh-Hans", "zh-Hans-CN", "sv", "fi"},
		Audience:  mentoring.OtherOrganisations, Approval: mentoring.Instant,
		BookingNoticeMinutes: new(14 * 24 * 60), CancelNoticeMinutes: new(14 * 24 * 60),
		Preparation: chars(1000), LookingFor: chars(1000),
	}
}

// longLink is an address of n characters.
func longLink(n int) string {
	const start = "https://meet.example/j/1?pwd=a#"
	return start + strings.Repeat("x", n-len(start))
}

// draftFaults are the faults of a draft once Edda's defaults are filled in.
func draftFaults(d mentoring.SlotDraft) []mentoring.Fault {
	return d.Normal(edda()).Faults(mentoring.StarterTopics, policy, noon)
}

func TestSmallDraftIsRight(t *testing.T) {
	if diff := cmp.Diff("", told(draftFaults(smallDraft()))); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestSlotDraftFaults(t *testing.T) {
	checkRules(t, fullDraft, draftFaults, slices.Concat(
		textRules(), listRules(), seatRules(), startRules(), noticeRules(), durationRules(), meetingRules()))
}

type draftRule = rule[mentoring.SlotDraft]

func textRules() []draftRule {
	type d = mentoring.SlotDraft
	return []draftRule{
		{"title", "of three characters", func(d *d) { d.Title = chars(3) }, ""},
		{"title", "missing", func(d *d) { d.Title = "" }, "/title required"},
		{"title", "blank", func(d *d) { d.Title = "     " }, "/title required"},
		{"title", "of two characters", func(d *d) { d.Title = chars(2) }, "/title too_short"},
		{"title", "of two characters among blanks", func(d *d) { d.Title = "  ab  " }, "/title too_short"},
		{"title", "too long", func(d *d) { d.Title = chars(121) }, "/title too_long"},
		{"description", "none", func(d *d) { d.Description = "" }, ""},
		{"description", "too long", func(d *d) { d.Description = chars(2001) }, "/description too_long"},
		{"preparation", "none", func(d *d) { d.Preparation = "" }, ""},
		{"preparation", "too long", func(d *d) { d.Preparation = chars(1001) }, "/preparation too_long"},
		{"lookingFor", "none", func(d *d) { d.LookingFor = "" }, ""},
		{"lookingFor", "too long", func(d *d) { d.LookingFor = chars(1001) }, "/lookingFor too_long"},
		{"topic", "missing", func(d *d) { d.Topic = "" }, "/topic required"},
		{"topic", "unknown", func(d *d) { d.Topic = "Software-Design" }, "/topic not_allowed"},
		{"timeZone", "Local", func(d *d) { d.TimeZone = "Local" }, "/timeZone bad_format"},
		{"timeZone", "unknown", func(d *d) { d.TimeZone = "Asia/Atlantis" }, "/timeZone bad_format"},
		{"languages", "none", func(d *d) { d.Languages = []string{} }, ""},
		{"languages", "eleven", func(d *d) { d.Languages = append(d.Languages, "nl") }, "/languages too_long"},
		{"languages", "wrong", func(d *d) { d.Languages[9] = "Finnish" }, "/languages/9 bad_format"},
		{"languages", "one twice", func(d *d) { d.Languages[3] = "en" }, "/languages/3 not_allowed"},
	}
}

func listRules() []draftRule {
	type d = mentoring.SlotDraft
	modes := func(m ...mentoring.Mode) func(*d) { return func(d *d) { d.Modes = m } }
	rules := []draftRule{
		{"sessionKind", "unknown", func(d *d) { d.Kind = "howto" }, "/sessionKind not_allowed"},
		{"direction", "unknown", func(d *d) { d.Direction = "sideways" }, "/direction not_allowed"},
		{"audience", "unknown", func(d *d) { d.Audience = "Everyone" }, "/audience not_allowed"},
		{"approval", "unknown", func(d *d) { d.Approval = "perhaps" }, "/approval not_allowed"},
		{"modes", "one", modes("phone"), ""},
		{"modes", "an empty list", func(d *d) { d.Modes = []mentoring.Mode{} }, "/modes required"},
		{"modes", "two unknown", modes("fax", "video", ""), "/modes/0 not_allowed, /modes/2 not_allowed"},
		{"modes", "one twice", modes("video", "phone", "video"), "/modes/2 not_allowed"},
	}
	for _, kind := range mentoring.SessionKinds {
		rules = append(rules, draftRule{"sessionKind", string(kind), func(d *d) { d.Kind = kind }, ""})
	}
	for _, direction := range mentoring.Directions {
		rules = append(rules, draftRule{"direction", string(direction), func(d *d) { d.Direction = direction }, ""})
	}
	for _, audience := range mentoring.Audiences {
		rules = append(rules, draftRule{"audience", string(audience), func(d *d) { d.Audience = audience }, ""})
	}
	return rules
}

// seatRules are one field: format, capacity and minAttendees depend on each other.
func seatRules() []draftRule {
	type d = mentoring.SlotDraft
	seats := func(format mentoring.Format, capacity int) func(*d) {
		return func(d *d) { d.Format, d.Capacity, d.MinAttendees = format, &capacity, nil }
	}
	unsaid := func(format mentoring.Format) func(*d) {
		return func(d *d) { d.Format, d.Capacity, d.MinAttendees = format, nil, nil }
	}
	attendees := func(format mentoring.Format, capacity, least int) func(*d) {
		return func(d *d) { d.Format, d.Capacity, d.MinAttendees = format, &capacity, &least }
	}
	rules := []draftRule{
		{"seats", "unknown format", func(d *d) { d.Format = "lecture" }, "/format not_allowed"},
		{"seats", "one_to_one without capacity", unsaid("one_to_one"), ""},
		{"seats", "one_to_one of 1", seats("one_to_one", 1), ""},
		{"seats", "one_to_one of 0", seats("one_to_one", 0), "/capacity not_allowed"},
		{"seats", "one_to_one of 2", seats("one_to_one", 2), "/capacity not_allowed"},
		{"seats", "one_to_one, at least 1", attendees("one_to_one", 1, 1), ""},
		{"seats", "one_to_one, at least 2", attendees("one_to_one", 1, 2), "/minAttendees out_of_range"},
	}
	for _, format := range []mentoring.Format{"circle", "peer_group"} {
		at := string(format)
		rules = append(rules,
			draftRule{"seats", at + " without capacity", unsaid(format), "/capacity required"},
			draftRule{"seats", at + " of -1", seats(format, -1), "/capacity out_of_range"},
			draftRule{"seats", at + " of 1", seats(format, 1), "/capacity out_of_range"},
			draftRule{"seats", at + " of 2", seats(format, 2), ""},
			draftRule{"seats", at + " of 12", seats(format, 12), ""},
			draftRule{"seats", at + " of 13", seats(format, 13), "/capacity out_of_range"},
			draftRule{"seats", at + ", at least 0", attendees(format, 5, 0), "/minAttendees out_of_range"},
			draftRule{"seats", at + ", at least 1", attendees(format, 5, 1), ""},
			draftRule{"seats", at + ", at least all", attendees(format, 5, 5), ""},
			draftRule{"seats", at + ", at least one more", attendees(format, 5, 6), "/minAttendees out_of_range"},
		)
	}
	return rules
}

// startRules are one field: startsAt and bookingNoticeMinutes depend on each other.
func startRules() []draftRule {
	type d = mentoring.SlotDraft
	start := func(ahead time.Duration, notice int) func(*d) {
		return func(d *d) { d.StartsAt, d.BookingNoticeMinutes = noon.Add(ahead), &notice }
	}
	const day = 24 * time.Hour
	startsAt, notice := "/startsAt out_of_range", "/bookingNoticeMinutes out_of_range"
	return []draftRule{
		{"start", "missing", func(d *d) { d.StartsAt = time.Time{} }, "/startsAt required"},
		{"start", "at the earliest", start(15*time.Minute, 0), ""},
		{"start", "too early", start(15*time.Minute-time.Second, 0), startsAt},
		{"start", "past", start(-day, 0), startsAt},
		{"start", "at the latest", start(180*day, 0), ""},
		{"start", "too late", start(180*day+time.Second, 0), startsAt},
		{"start", "centuries ago", func(d *d) { d.StartsAt = time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC) }, startsAt},
		{"start", "in millennia", func(d *d) { d.StartsAt = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) }, startsAt},
		{"start", "with negative notice", start(day, -1), notice},
		{"start", "with the longest notice", start(14*day+time.Second, 14*24*60), ""},
		{"start", "with too long a notice", start(15*day, 14*24*60+1), notice},
		{"start", "with a notice that ends now", start(3*time.Hour, 180), notice},
		{"start", "with a notice that ends in a second", start(3*time.Hour+time.Second, 180), ""},
		{"start", "without notice, as the usual one ends now",
			func(d *d) { d.StartsAt, d.BookingNoticeMinutes = inHours(2), nil }, notice},
		{"start", "without notice, as the usual one ends in a second",
			func(d *d) { d.StartsAt, d.BookingNoticeMinutes = inHours(2).Add(time.Second), nil }, ""},
	}
}

func noticeRules() []draftRule {
	type d = mentoring.SlotDraft
	cancel := func(minutes int) func(*d) { return func(d *d) { d.CancelNoticeMinutes = &minutes } }
	return []draftRule{
		{"cancelNoticeMinutes", "-1", cancel(-1), "/cancelNoticeMinutes out_of_range"},
		{"cancelNoticeMinutes", "0", cancel(0), ""},
		{"cancelNoticeMinutes", "too many", cancel(14*24*60 + 1), "/cancelNoticeMinutes out_of_range"},
	}
}

func durationRules() []draftRule {
	type d = mentoring.SlotDraft
	rules := []draftRule{
		{"durationMinutes", "missing", func(d *d) { d.DurationMinutes = 0 }, "/durationMinutes required"},
	}
	for minutes := -15; minutes <= 120; minutes++ {
		want := ""
		switch {
		case minutes == 0:
			continue
		case !slices.Contains([]int{15, 20, 30, 45, 60, 90}, minutes):
			want = "/durationMinutes not_allowed"
		}
		rules = append(rules, draftRule{
			"durationMinutes", strconv.Itoa(minutes), func(d *d) { d.DurationMinutes = minutes }, want,
		})
	}
	return rules
}

func meetingRules() []draftRule {
	type d = mentoring.SlotDraft
	rules := []draftRule{
		{"phone", "none", func(d *d) { d.Meeting.Phone = "" }, ""},
		{"phone", "too long", func(d *d) { d.Meeting.Phone = chars(41) }, "/meeting/phone too_long"},
		{"place", "none", func(d *d) { d.Meeting.Place = "" }, ""},
		{"place", "too long", func(d *d) { d.Meeting.Place = chars(301) }, "/meeting/place too_long"},
		{"videoUrl", "too long", func(d *d) { d.Meeting.VideoURL = longLink(501) }, "/meeting/videoUrl too_long"},
	}
	link := func(s, want string) {
		rules = append(rules, draftRule{"videoUrl", fmt.Sprintf("%q", s), func(d *d) { d.Meeting.VideoURL = s }, want})
	}
	for _, s := range []string{
		"", "https://meet.example", "https://meet.example:8443/a/b?c=d&e=%20#f", "https://[2001:db8::1]/x",
	} {
		link(s, "")
	}
	for _, s := range []string{
		"http://meet.example", "meet.example", "//meet.example", "/j/1", "https:", "https://", "https:///j/1", "https://:443/",
		"https:meet.example", "javascript:alert(1)", "data:text/html,x", "ftp://meet.example", "mailto:a@b.example",
		"https://edda@meet.example", "https://a:b@meet.example", "https://@meet.example", "https://meet.example/a b",
		`https://meet.example/"x`, "https://meet.example/<x>", `https://meet.example\@evil.example`,
		"https://meet.example/%zz\x7f", "https://meet .example", " https://meet.example", "https://meet.example:port",
	} {
		link(s, "/meeting/videoUrl bad_format")
	}
	return rules
}

// What is wrong whatever the other fields say is told whatever the other fields say.
func TestAttendeesAreJudgedEvenWhereSeatsAreWrong(t *testing.T) {
	for _, tc := range []struct {
		name   string
		change func(*mentoring.SlotDraft)
		want   string
	}{
		{"no capacity", func(d *mentoring.SlotDraft) { d.Capacity = nil },
			"/capacity required, /minAttendees out_of_range"},
		{"two for one_to_one", func(d *mentoring.SlotDraft) { d.Format, d.Capacity = "one_to_one", new(2) },
			"/capacity not_allowed, /minAttendees out_of_range"},
		{"unknown format", func(d *mentoring.SlotDraft) { d.Format = "lecture" },
			"/format not_allowed, /minAttendees out_of_range"},
		{"too many", func(d *mentoring.SlotDraft) { d.Capacity = new(13) },
			"/capacity out_of_range, /minAttendees out_of_range"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := circleDraft(5)
			d.MinAttendees = new(0)
			tc.change(&d)
			if diff := cmp.Diff(tc.want, told(draftFaults(d))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTimeZoneIsRequiredWhereTheProfileHasNone(t *testing.T) {
	d := smallDraft()
	expert := edda()
	expert.Profile.TimeZone = ""
	got := told(d.Normal(expert).Faults(mentoring.StarterTopics, policy, noon))
	if diff := cmp.Diff("/timeZone required", got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestStartFollowsThePolicy(t *testing.T) {
	own := mentoring.Policy{EarliestStart: time.Hour, LatestStart: 2 * time.Hour}
	for ahead, right := range map[time.Duration]bool{
		time.Hour - time.Second: false, time.Hour: true, 2 * time.Hour: true, 2*time.Hour + time.Second: false,
	} {
		d := smallDraft()
		d.StartsAt, d.BookingNoticeMinutes = noon.Add(ahead), new(0)
		if got := d.Normal(edda()).Faults(mentoring.StarterTopics, own, noon); (len(got) == 0) != right {
			t.Errorf("%s ahead: %v", ahead, told(got))
		}
	}
}

func TestSlotDraftNormal(t *testing.T) {
	d := smallDraft()
	d.StartsAt = time.Date(2026, 11, 23, 13, 0, 0, 999, time.FixedZone("", 3600))
	want := mentoring.SlotDraft{
		Title: d.Title, Topic: d.Topic, Kind: "open_question", Format: "one_to_one", Capacity: new(1),
		Direction: "standard", StartsAt: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC), DurationMinutes: 30,
		TimeZone: "Europe/Berlin", Modes: []mentoring.Mode{"video"}, Languages: []string{"de", "en"},
		Audience: "everyone", Approval: "instant",
		BookingNoticeMinutes: new(120), CancelNoticeMinutes: new(1440),
	}
	got := d.Normal(edda())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("normal (-want +got):\n%s", diff)
	}
	if got.StartsAt.Location() != time.UTC {
		t.Errorf("the start is kept in %s", got.StartsAt.Location())
	}
}

// Only one_to_one has a capacity that goes without saying.
func TestNormalDoesNotGuessTheSizeOfACircle(t *testing.T) {
	d := smallDraft()
	d.Format = mentoring.Circle
	if got := d.Normal(edda()).Capacity; got != nil {
		t.Errorf("capacity is %d", *got)
	}
}

func TestNormalLeavesWhatWasSaid(t *testing.T) {
	wrong := mentoring.SlotDraft{
		Title: " x", Kind: "?", Format: "?", Capacity: new(-1), MinAttendees: new(-1), Direction: "?",
		DurationMinutes: -1, TimeZone: "?", Modes: []mentoring.Mode{}, Languages: []string{}, Audience: "?", Approval: "?",
		BookingNoticeMinutes: new(-1), CancelNoticeMinutes: new(-1),
	}
	for name, d := range map[string]mentoring.SlotDraft{"right": fullDraft(), "wrong": wrong} {
		if diff := cmp.Diff(d, d.Normal(edda())); diff != "" {
			t.Errorf("a draft that is %s was changed (-want +got):\n%s", name, diff)
		}
	}
}

// Whatever a client sends is answered with faults, in places that the draft has.
func TestFaultsOfAnyDraft(t *testing.T) {
	fields := strings.Fields(`title description topic sessionKind format capacity minAttendees direction startsAt
		durationMinutes timeZone modes meeting/videoUrl meeting/phone meeting/place languages audience approval
		bookingNoticeMinutes cancelNoticeMinutes preparation lookingFor`)
	item := regexp.MustCompile(`^/(modes|languages)/(\d+)$`)
	rapid.Check(t, func(t *rapid.T) {
		d := anyDraft(t)
		for _, fault := range draftFaults(d) {
			at := item.FindStringSubmatch(fault.Pointer)
			length := map[bool]int{true: len(d.Modes), false: len(d.Languages)}
			switch {
			case slices.Contains(fields, strings.TrimPrefix(fault.Pointer, "/")):
			case at == nil:
				t.Errorf("%q names no field", fault.Pointer)
			default:
				if i, err := strconv.Atoi(at[2]); err != nil || i >= length[at[1] == "modes"] {
					t.Errorf("%q is not in the draft", fault.Pointer)
				}
			}
			if fault.Code == "" || fault.Detail == "" {
				t.Errorf("%+v says too little", fault)
			}
		}
	})
}

func anyDraft(t *rapid.T) mentoring.SlotDraft {
	anyOf := func(known ...string) *rapid.Generator[string] {
		return rapid.OneOf(rapid.SampledFrom(append(known, "")), rapid.String())
	}
	word := func(name string, known ...string) string { return anyOf(known...).Draw(t, name) }
	number := func(name string) *int {
		return rapid.Ptr(rapid.OneOf(rapid.IntRange(-2, 200), rapid.Int()), true).Draw(t, name)
	}
	mode := rapid.Map(anyOf("video", "phone"), func(s string) mentoring.Mode { return mentoring.Mode(s) })
	return mentoring.SlotDraft{
		Title: word("title", "Reading Go"), Description: word("description"), Topic: word("topic", "career"),
		Kind:     mentoring.SessionKind(word("kind", "career")),
		Format:   mentoring.Format(word("format", "circle", "one_to_one")),
		Capacity: number("capacity"), MinAttendees: number("minAttendees"),
		Direction:       mentoring.Direction(word("direction", "peer")),
		StartsAt:        time.Unix(rapid.Int64Range(-1e12, 1e12).Draw(t, "startsAt"), 1),
		DurationMinutes: rapid.Int().Draw(t, "duration"), TimeZone: word("timeZone", "UTC", "Local"),
		Modes: rapid.SliceOfN(mode, -1, 15).Draw(t, "modes"),
		Meeting: mentoring.Meeting{
			VideoURL: word("videoUrl", "https://a.example"), Phone: word("phone"), Place: word("place"),
		},
		Languages:            rapid.SliceOfN(anyOf("en", "pt-BR"), -1, 15).Draw(t, "languages"),
		Audience:             mentoring.Audience(word("audience", "everyone")),
		Approval:             mentoring.Approval(word("approval", "instant")),
		BookingNoticeMinutes: number("bookingNotice"), CancelNoticeMinutes: number("cancelNotice"),
		Preparation: word("preparation"), LookingFor: word("lookingFor"),
	}
}

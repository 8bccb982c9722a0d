package mentoring_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// Rules that fields of several commands share: lists, lines, languages, zones.

func TestClosedListsAreThoseOfTheProduct(t *testing.T) {
	check := func(name string, got, want any) {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	check("session kinds", mentoring.SessionKinds,
		[]mentoring.SessionKind{"how_to", "problem_solving", "knowledge", "career", "work_review", "open_question"})
	check("formats", mentoring.Formats, []mentoring.Format{"one_to_one", "circle", "peer_group"})
	check("directions", mentoring.Directions, []mentoring.Direction{"standard", "peer", "reverse"})
	check("modes", mentoring.Modes, []mentoring.Mode{"video", "phone", "in_person"})
	check("audiences", mentoring.Audiences, []mentoring.Audience{"everyone", "my_organisation", "other_organisations"})
	check("durations", mentoring.Durations, []int{15, 20, 30, 45, 60, 90})
	check("seats", mentoring.MaxSeats, 12)
	check("purposes", mentoring.PurposeKinds, []mentoring.PurposeKind{
		"networking", "career_options", "skill_gap", "skill_coaching",
		"problem_solving", "knowledge", "feedback_on_work", "other",
	})
	check("feedback preferences", mentoring.FeedbackPreferences, []mentoring.FeedbackPreference{
		"direct", "gentle", "questions_first", "examples", "in_writing_after", "no_preference"})
}

// A text of one line has no line break of any kind (Unicode Standard Annex 14, classes BK, CR, LF and NL)
// and no tab: such texts end up in subjects, headers and calendar lines.
func TestTextsOfOneLine(t *testing.T) {
	for _, breaking := range []string{"\n", "\t", "\r", "\r\n", "\v", "\f", "\u0085", "\u2028", "\u2029"} {
		t.Run(fmt.Sprintf("%q", breaking), func(t *testing.T) {
			text := "one" + breaking + "two"
			e := fullEnrolment()
			e.Profile.Name, e.Profile.Department, e.Profile.Headline = text, text, text
			d := smallDraft()
			d.Title, d.Meeting.Phone = text, text
			got := told(append(e.Faults(noon), draftFaults(d)...))
			want := "/department bad_format, /headline bad_format, /meeting/phone bad_format, " +
				"/name bad_format, /title bad_format"
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestTextsOfSeveralLines(t *testing.T) {
	const text = "one, which is long enough\n\ttwo"
	e := fullEnrolment()
	e.Profile.Path = text
	d := smallDraft()
	d.Description, d.Preparation, d.LookingFor, d.Meeting.Place = text, text, text, text
	r := fullRequest()
	r.Purpose.Question, r.Purpose.DesiredOutcome, r.Purpose.Tried = text, text, text
	r.Purpose.Context, r.Bring = text, text
	got := told(slices.Concat(e.Faults(noon), draftFaults(d), r.Faults()))
	if diff := cmp.Diff("", got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestLanguageTags(t *testing.T) {
	for _, tc := range []struct {
		tag string
		ok  bool
	}{
		{"en", true}, {"de", true}, {"gsw", true}, {"pt-BR", true},
		{"zh-Hans", true}, {"zh-Hans-CN", true}, {"sr-Latn-RS", true},
		{"es-419", true}, // RFC 5646 section 2.2.4: a region is two letters or three digits
		{"", false}, {"e", false}, {"engl", false}, {"EN", false}, {"En", false},
		{"pt-br", false}, {"pt_BR", false}, {"pt-", false},
		{"-BR", false}, {"pt-BRA", false}, {"pt-B", false}, {"zh-hans", false}, {"zh-HANS", false}, {"zh-CN-Hans", false},
		{"zh-Hans-Hant", false}, {"en-US-GB", false}, {"zh-Hans-CN-x", false},
		{"es-4190", false}, {"es-41", false}, {"e1", false},
		{"én", false}, {" en", false}, {"en ", false}, {"en\n", false}, {"en;q=1", false},
		{"*", false}, {"i-klingon", false},
	} {
		t.Run(fmt.Sprintf("%q", tc.tag), func(t *testing.T) {
			e := fullEnrolment()
			e.Profile.Languages = []string{"fr", tc.tag}
			want := ""
			if !tc.ok {
				want = "/languages/1 bad_format"
			}
			if diff := cmp.Diff(want, told(e.Faults(noon))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func TestZone(t *testing.T) {
	for _, name := range []string{
		"Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kolkata", "Pacific/Chatham", "Etc/GMT+5", "UTC",
	} {
		if zone, err := mentoring.Zone(name); err != nil || zone.String() != name {
			t.Errorf("Zone(%q) is %v, %v", name, zone, err)
		}
	}
}

// A zone is the same on every machine, or it is none.
func TestWhatIsNoZone(t *testing.T) {
	for _, name := range []string{
		"", "Local", "local", "europe/berlin", "Europe/berlin", "Berlin", "Mars/Olympus_Mons", "+01:00", "UTC+1",
		" Europe/Berlin", "Europe/Berlin ", "Europe/Berlin\n", "Europe/Berlin\x00", "Europe", "Europe/", "/Europe/Berlin",
		"../zoneinfo/UTC", "Europe/../UTC", "/etc/localtime", `Europe\Berlin`, "zone.tab", "Etc/" + strings.Repeat("x", 61),
		// What a machine's zone folder holds beside the zones, and other spellings of its paths.
		"localtime", "posixrules", "posix/Europe/Berlin", "right/Europe/Berlin", "./UTC", "Europe//Berlin",
	} {
		t.Run(fmt.Sprintf("%q", name), func(t *testing.T) {
			if zone, err := mentoring.Zone(name); err == nil || zone != nil {
				t.Errorf("is %v, %v", zone, err)
			}
		})
	}
}

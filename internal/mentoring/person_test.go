package mentoring_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// fullEnrolment says everything there is to say, each as long as it may be.
func fullEnrolment() mentoring.Enrolment {
	return mentoring.Enrolment{
		Profile: mentoring.Profile{
			Name: chars(100), TimeZone: "Europe/Berlin",
			Languages:  []string{"en", "de", "fr", "it", "es", "pt-BR", "zh-Hans", "zh-Hans-CN", "sv", "fi"},
			Department: chars(100), Headline: chars(160), Path: chars(1000),
			FeedbackPreference: "direct", FeedbackWelcome: true, SurveyMails: true,
			PausedUntil:       noon.Add(366 * 24 * time.Hour),
			DeclaredConflicts: strangers(20),
		},
		AcceptGroundRules: true,
	}
}

func strangers(n int) []mentoring.PersonID {
	ids := make([]mentoring.PersonID, n)
	for i := range ids {
		ids[i] = mentoring.PersonIDFor("https://issuer.example", fmt.Sprint("stranger ", i))
	}
	return ids
}

func TestEnrolmentFaults(t *testing.T) {
	type e = mentoring.Enrolment
	rules := []rule[e]{
		{"name", "of one character", func(e *e) { e.Profile.Name = "é" }, ""},
		{"name", "missing", func(e *e) { e.Profile.Name = "" }, "/name required"},
		{"name", "blank", func(e *e) { e.Profile.Name = " \u00a0 " }, "/name required"},
		{"name", "too long", func(e *e) { e.Profile.Name = chars(101) }, "/name too_long"},
		{"name", "too long and of two lines", func(e *e) { e.Profile.Name = "a\n" + chars(99) },
			"/name bad_format, /name too_long"},

		{"timeZone", "missing", func(e *e) { e.Profile.TimeZone = "" }, "/timeZone required"},
		{"timeZone", "Local", func(e *e) { e.Profile.TimeZone = "Local" }, "/timeZone bad_format"},
		{"timeZone", "unknown", func(e *e) { e.Profile.TimeZone = "Europe/Atlantis" }, "/timeZone bad_format"},
		{"timeZone", "UTC", func(e *e) { e.Profile.TimeZone = "UTC" }, ""},

		{"languages", "none", func(e *e) { e.Profile.Languages = nil }, ""},
		{"languages", "eleven", func(e *e) { e.Profile.Languages = append(e.Profile.Languages, "nl") },
			"/languages too_long"},
		{"languages", "two wrong", func(e *e) { e.Profile.Languages = []string{"german", "en", "en-us"} },
			"/languages/0 bad_format, /languages/2 bad_format"},
		{"languages", "one twice", func(e *e) { e.Profile.Languages = []string{"en", "de", "en"} },
			"/languages/2 not_allowed"},

		{"department", "none", func(e *e) { e.Profile.Department = "" }, ""},
		{"department", "too long", func(e *e) { e.Profile.Department = chars(101) }, "/department too_long"},
		{"headline", "none", func(e *e) { e.Profile.Headline = "" }, ""},
		{"headline", "too long", func(e *e) { e.Profile.Headline = chars(161) }, "/headline too_long"},
		{"path", "none", func(e *e) { e.Profile.Path = "" }, ""},
		{"path", "too long", func(e *e) { e.Profile.Path = chars(1001) }, "/path too_long"},

		{"feedbackPreference", "unknown", func(e *e) { e.Profile.FeedbackPreference = "Direct" },
			"/feedbackPreference not_allowed"},

		{"pausedUntil", "none", func(e *e) { e.Profile.PausedUntil = time.Time{} }, ""},
		{"pausedUntil", "soonest", func(e *e) { e.Profile.PausedUntil = noon.Add(time.Second) }, ""},
		{"pausedUntil", "past", func(e *e) { e.Profile.PausedUntil = noon.Add(-time.Second) }, "/pausedUntil out_of_range"},
		{"pausedUntil", "too far", func(e *e) { e.Profile.PausedUntil = e.Profile.PausedUntil.Add(time.Second) },
			"/pausedUntil out_of_range"},

		{"declaredConflicts", "none", func(e *e) { e.Profile.DeclaredConflicts = nil }, ""},
		{"declaredConflicts", "too many", func(e *e) { e.Profile.DeclaredConflicts = strangers(21) },
			"/declaredConflicts too_long"},
		{"declaredConflicts", "two no people", func(e *e) {
			e.Profile.DeclaredConflicts[0] = "boss@corp.example"
			e.Profile.DeclaredConflicts[19] = mentoring.PersonID(slotID(1))
		}, "/declaredConflicts/0 bad_format, /declaredConflicts/19 bad_format"},
	}
	for _, preference := range mentoring.FeedbackPreferences {
		choose := func(e *e) { e.Profile.FeedbackPreference = preference }
		rules = append(rules, rule[e]{"feedbackPreference", string(preference), choose, ""})
	}
	checkRules(t, fullEnrolment, func(e e) []mentoring.Fault { return e.Faults(noon) }, rules)
}

// The fault says "must lie in the future", and a pause until now is over ([mentoring.Bookable]).
func TestPauseUntilNowIsNoPause(t *testing.T) {
	e := fullEnrolment()
	e.Profile.PausedUntil = noon
	if diff := cmp.Diff("/pausedUntil out_of_range", told(e.Faults(noon))); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
}

func TestEnrolmentNormal(t *testing.T) {
	berlin := time.FixedZone("", 3600)
	e := mentoring.Enrolment{Profile: mentoring.Profile{
		Name: " Rana ", PausedUntil: time.Date(2026, 12, 1, 10, 0, 0, 999, berlin),
	}}
	want := mentoring.Enrolment{Profile: mentoring.Profile{
		Name: " Rana ", PausedUntil: time.Date(2026, 12, 1, 9, 0, 0, 0, time.UTC),
		FeedbackPreference: mentoring.NoPreference,
	}}
	if diff := cmp.Diff(want, e.Normal()); diff != "" {
		t.Errorf("normal (-want +got):\n%s", diff)
	}
	if at := e.Normal().Profile.PausedUntil.Location(); at != time.UTC {
		t.Errorf("the pause is kept in %s", at)
	}
	full := fullEnrolment()
	if diff := cmp.Diff(fullEnrolment(), full.Normal()); diff != "" {
		t.Errorf("what was said changed (-want +got):\n%s", diff)
	}
}

func TestVisitorHasNotEnrolled(t *testing.T) {
	id := mentoring.PersonIDFor("i", "s")
	p := mentoring.Visitor(id, "rana@South.example", "Rana")
	want := mentoring.Person{
		ID: id, Email: "rana@South.example", Organisation: "south.example", Profile: mentoring.Profile{Name: "Rana", SurveyMails: true},
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("visitor (-want +got):\n%s", diff)
	}
	if p.Enrolled() {
		t.Error("a visitor has enrolled")
	}
}

func TestDecideEnrolTheFirstTime(t *testing.T) {
	visitor := mentoring.Visitor(mentoring.PersonIDFor("i", "s"), "rana@south.example", "Rana T.")
	e := fullEnrolment()
	got, err := mentoring.DecideEnrol(visitor, "rana@south.example", e, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := mentoring.Person{
		ID: visitor.ID, Email: "rana@south.example", Organisation: "south.example", Profile: fullEnrolment().Profile,
		Accepted: mentoring.Accepted{Version: mentoring.GroundRules, At: noon}, EnrolledAt: noon,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}
}

func TestDecideEnrolFillsInDefaults(t *testing.T) {
	e := mentoring.Enrolment{Profile: mentoring.Profile{Name: "Rana", TimeZone: "UTC"}}
	got, err := mentoring.DecideEnrol(mentoring.Visitor("", "rana@south.example", ""), "rana@south.example", e, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got.Profile.FeedbackPreference != mentoring.NoPreference {
		t.Errorf("feedback preference is %q", got.Profile.FeedbackPreference)
	}
	if got.Accepted != (mentoring.Accepted{}) {
		t.Errorf("accepted unasked: %v", got.Accepted)
	}
}

func TestDecideEnrolAgain(t *testing.T) {
	before := rana()
	before.Version = 7
	e := mentoring.Enrolment{Profile: mentoring.Profile{
		Name: "Rana T.", TimeZone: "Asia/Tokyo", FeedbackPreference: "gentle", Headline: "New here",
	}}
	got, err := mentoring.DecideEnrol(before, "rana@east.example", e, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := before
	want.Profile = e.Profile // all of it: what is not said any more is gone
	want.Email, want.Organisation = "rana@east.example", "east.example"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(rana().Profile, before.Profile); diff != "" {
		t.Errorf("the person before was changed (-want +got):\n%s", diff)
	}
}

func TestOrganisationFollowsTheToken(t *testing.T) {
	e := fullEnrolment()
	got, err := mentoring.DecideEnrol(rana(), "rana@gmail.com", e, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got.Email != "rana@gmail.com" || got.Organisation != "" {
		t.Errorf("got %q of %q", got.Email, got.Organisation)
	}
}

func TestGroundRulesStayAccepted(t *testing.T) {
	long := noon.AddDate(-1, 0, 0)
	present := mentoring.Accepted{Version: mentoring.GroundRules, At: long}
	earlier := mentoring.Accepted{Version: "2020-01", At: long}
	fresh := mentoring.Accepted{Version: mentoring.GroundRules, At: noon}
	for _, tc := range []struct {
		name    string
		before  mentoring.Accepted
		accepts bool
		want    mentoring.Accepted
	}{
		{"never, and not now", mentoring.Accepted{}, false, mentoring.Accepted{}},
		{"never, now", mentoring.Accepted{}, true, fresh},
		{"accepted, silent now", present, false, present},
		{"accepted, once more", present, true, present},
		{"an earlier version, silent now", earlier, false, earlier},
		{"an earlier version, now this one", earlier, true, fresh},
	} {
		t.Run(tc.name, func(t *testing.T) {
			before := rana()
			before.Accepted = tc.before
			e := fullEnrolment()
			e.AcceptGroundRules = tc.accepts
			got, err := mentoring.DecideEnrol(before, before.Email, e, noon)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, got.Accepted); diff != "" {
				t.Errorf("accepted (-want +got):\n%s", diff)
			}
			if !got.EnrolledAt.Equal(before.EnrolledAt) {
				t.Errorf("enrolled at %s", got.EnrolledAt)
			}
		})
	}
}

func TestDecideEnrolRefuses(t *testing.T) {
	e := fullEnrolment()
	e.Profile.Name, e.Profile.TimeZone = "", "Local"
	got, err := mentoring.DecideEnrol(rana(), "rana@south.example", e, noon)
	if codeOf(err) != mentoring.InvalidField {
		t.Errorf("got %v", err)
	}
	if diff := cmp.Diff("/name required, /timeZone bad_format", told(faultsOf(err))); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(mentoring.Person{}, got); diff != "" {
		t.Errorf("a refusal comes with a person (-want +got):\n%s", diff)
	}
}

// Records are JSON: nothing of a person but the version, which the record carries, may get lost.
func TestPersonSurvivesStorage(t *testing.T) {
	before, err := mentoring.DecideEnrol(rana(), "rana@south.example", fullEnrolment(), noon)
	if err != nil {
		t.Fatal(err)
	}
	before.Version = 0
	if diff := cmp.Diff(before, stored(t, before)); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}
}

// stored is v after a visit to storage.
func stored[T any](t *testing.T, v T) (back T) {
	data, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(data, &back)
	}
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// Somebody who names themselves or somebody twice as a conflict is told (product.md section 3).
func TestDeclaredConflictsAreOthersAndOnce(t *testing.T) {
	e := mentoring.Enrolment{Profile: mentoring.Profile{
		Name: "Rana", TimeZone: "Europe/Berlin",
		DeclaredConflicts: []mentoring.PersonID{strangers(1)[0], rana().ID, strangers(1)[0]},
	}}
	_, err := mentoring.DecideEnrol(rana(), "rana@south.example", e, noon)
	var refused *mentoring.Error
	if !errors.As(err, &refused) || len(refused.Faults) != 2 ||
		refused.Faults[0].Pointer != "/declaredConflicts/2" || refused.Faults[1].Pointer != "/declaredConflicts/1" {
		t.Errorf("got %+v", err)
	}
}

// The token names the organisation, whatever was recorded; the profile stays.
func TestSignedIn(t *testing.T) {
	p := rana().SignedIn("rana@gmail.com")
	if p.Organisation != "" || p.Email != "rana@gmail.com" || p.Profile.Name != rana().Profile.Name {
		t.Errorf("signed in as %+v", p)
	}
}

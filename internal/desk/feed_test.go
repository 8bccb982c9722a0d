package desk_test

import (
	"context"
	"testing"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

func TestRotateFeed(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), person("ben") // who need not have enrolled
	present := func(who desk.Caller, want int64) {
		t.Helper()
		if got, err := o.FeedGeneration(ctx, who.ID); err != nil || got != want {
			t.Errorf("generation %d, %v; want %d", got, err, want)
		}
	}
	rotate := func(who desk.Caller, once desk.Once, want int64) {
		t.Helper()
		if got, err := o.RotateFeed(ctx, who, once); err != nil || got != want {
			t.Errorf("rotated to %d, %v; want %d", got, err, want)
		}
	}
	present(ada, 0)
	rotate(ada, key("a"), 1)
	rotate(ada, key("a"), 1)
	present(ada, 1)
	rotate(ada, key("b"), 2)
	rotate(ada, desk.Once{}, 3)
	present(ada, 3)
	present(ben, 0)
	rotate(ben, desk.Once{}, 1)
	other := key("a")
	other.Body[0]++
	if _, err := o.RotateFeed(ctx, ada, other); codeOf(err) != mentoring.KeyReused {
		t.Errorf("the key for another request: %v", err)
	}
	answers := together(20, func(int) error { _, err := o.RotateFeed(context.Background(), ada, key("c")); return err })
	if answers[""] != 20 {
		t.Errorf("twenty at once: %v", answers)
	}
	present(ada, 4)
}

// Turning surveys off leaves the rest of the profile as it is, is done once, and comes to nothing for strangers.
func TestStopSurveys(t *testing.T) {
	var counting *tabletest.Counting
	o := openOffice(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	ctx := t.Context()
	ada := person("ada")
	wish := enrolment("ada")
	wish.Profile.SurveyMails = true
	before, err := o.Enrol(ctx, ada, wish, nil)
	if err != nil {
		t.Fatal(err)
	}
	counting.Reset()
	for range 3 {
		if err := o.StopSurveys(ctx, ada.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := o.StopSurveys(ctx, person("nobody").ID); err != nil {
		t.Error(err)
	}
	if got := counting.Usage(); got.Commits != 1 || got.Writes != 1 {
		t.Errorf("%s, want one write", show(got))
	}
	after, err := o.Reader(ctx, ada.ID)
	before.Version, before.Profile.SurveyMails = before.Version+1, false
	if err != nil || after.Version != before.Version || after.Profile.SurveyMails || after.Email != before.Email ||
		after.Profile.Name != before.Profile.Name || after.Accepted != before.Accepted {
		t.Errorf("got %+v, %v; want %+v", after, err, before)
	}
	if _, err := o.Reader(ctx, person("nobody").ID); codeOf(err) != mentoring.NotFound {
		t.Errorf("nobody: %v", err)
	}
}

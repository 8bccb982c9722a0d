package desk_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Somebody is to be seen by those who can see a slot of theirs, or have a booking with them.
func TestWhoSeesWhom(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada := o.enrolledAs(t, "ada", func(p *mentoring.Profile) { p.Headline, p.Path, p.Department = "CFO", "By way of tax.", "Finance" })
	ben := o.enrolled(t, "ben")
	refusedFor(t, ignore(o.Person(ctx, ben, ada.ID)), mentoring.NotFound) // who hosts nothing
	if view, err := o.Person(ctx, ada, ada.ID); err != nil || view.Name != "ada" {
		t.Errorf("herself: %+v, %v", view, err)
	}
	d := circle(2, 50*time.Hour)
	d.Audience = mentoring.MyOrganisation
	slot := o.published(t, ada, d)
	outside := from("kim", "elsewhere.example")
	refusedFor(t, ignore(o.Person(ctx, outside, ada.ID)), mentoring.NotFound)
	view, err := o.Person(ctx, ben, ada.ID)
	want := desk.PersonView{ID: ada.ID, Name: "ada", Headline: "CFO", Organisation: "example.org", Path: "By way of tax.", Languages: []string{"en"}}
	if diff := cmp.Diff(want, view); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
	o.booked(t, ben, slot)
	must(t, ignore(o.Close(ctx, ada, slot, desk.Once{})))
	if _, err := o.Person(ctx, ben, ada.ID); err != nil {
		t.Errorf("who has a session with her: %v", err)
	}
	o.advance(51 * time.Hour)
	refusedFor(t, ignore(o.Person(ctx, ben, ada.ID)), mentoring.NotFound)
	refusedFor(t, ignore(o.Person(ctx, ben, "x")), mentoring.NotFound)
	refusedFor(t, ignore(o.Person(ctx, ben, person("nobody").ID)), mentoring.NotFound)
}

// What a coordinator says of somebody, and nobody else.
func TestAssign(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	said := mentoring.Assignment{Manager: ada.ID, Organisation: "North", Cohort: "2026", SuspendedUntil: morning.Add(time.Hour)}
	refusedFor(t, ignore(o.Assign(ctx, ada, ben.ID, said, nil)), mentoring.Forbidden)
	refusedFor(t, ignore(o.Programme(ctx, ada, ben.ID)), mentoring.Forbidden)
	for _, id := range []mentoring.PersonID{"x", person("nobody").ID} {
		refusedFor(t, ignore(o.Assign(ctx, coordinator, id, said, nil)), mentoring.NotFound)
		refusedFor(t, ignore(o.Programme(ctx, coordinator, id)), mentoring.NotFound)
	}
	after, err := o.Assign(ctx, coordinator, ben.ID, said, new(int64(1)))
	if err != nil || after.Version != 2 || after.Organisation != "North" || after.Programme.Manager() != ada.ID || after.Programme.Cohort != "2026" {
		t.Fatalf("assigned: %+v, %v", after, err)
	}
	if again, err := o.Assign(ctx, coordinator, ben.ID, said, nil); err != nil || again.Version != 2 {
		t.Errorf("assigned again: %+v, %v", again, err)
	}
	refusedFor(t, ignore(o.Assign(ctx, coordinator, ben.ID, mentoring.Assignment{}, new(int64(1)))), mentoring.VersionConflict)
	if read, err := o.Programme(ctx, coordinator, ben.ID); err != nil || read.Person.Version != 2 || read.Person.Programme.Cohort != "2026" {
		t.Errorf("read: %+v, %v", read, err)
	}
	must(t, ignore(o.Enrol(ctx, ben, enrolment("Ben"), nil))) // and the person's own word leaves it as it is
	if me, err := o.Me(ctx, ben); err != nil || me.Organisation != "North" || me.Programme.Manager() != ada.ID || me.Profile.Name != "Ben" {
		t.Errorf("ben: %+v, %v", me, err)
	}
	for _, manager := range []mentoring.PersonID{ben.ID, person("nobody").ID, "x"} {
		refusedFor(t, ignore(o.Assign(ctx, coordinator, ben.ID, mentoring.Assignment{Manager: manager}, nil)), mentoring.InvalidField)
	}
}

// managers is the chain of somebody, by name.
func (o *office) managers(t testing.TB, c desk.Caller, names map[mentoring.PersonID]string) (chain []string) {
	t.Helper()
	p, err := o.Programme(t.Context(), coordinator, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range p.Person.Programme.Managers {
		chain = append(chain, names[id])
	}
	return chain
}

// A chain of managers follows when somebody in it reports to somebody else, all the way down.
func TestReportsFollow(t *testing.T) {
	o := openOffice(t, nil)
	names := map[mentoring.PersonID]string{}
	var p []desk.Caller
	for i := range 5 {
		p = append(p, o.enrolled(t, fmt.Sprint(i)))
		names[p[i].ID] = fmt.Sprint(i)
	}
	chains := func(want map[int][]string) {
		t.Helper()
		o.workOff(t)
		for i, chain := range want {
			if diff := cmp.Diff(chain, o.managers(t, p[i], names)); diff != "" {
				t.Errorf("above %d (-want +got):\n%s", i, diff)
			}
		}
	}
	o.assign(t, p[0], p[1])
	o.assign(t, p[1], p[2])
	o.assign(t, p[2], p[3])
	chains(map[int][]string{0: {"1", "2", "3"}, 1: {"2", "3"}, 2: {"3"}, 3: nil})
	o.assign(t, p[1], p[4])
	chains(map[int][]string{0: {"1", "4"}, 1: {"4"}, 2: {"3"}})
	must(t, ignore(o.Assign(t.Context(), coordinator, p[1].ID, mentoring.Assignment{}, nil)))
	chains(map[int][]string{0: {"1"}, 1: nil})
	o.assign(t, p[1], p[4]) // and back
	chains(map[int][]string{0: {"1", "4"}})
	refusedFor(t, ignore(o.Assign(t.Context(), coordinator, p[4].ID, mentoring.Assignment{Manager: p[0].ID}, nil)), mentoring.InvalidField)
}

// A ring that came about before the chains followed does not run for ever, and nobody stands above themselves.
func TestARingOfManagers(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	names := map[mentoring.PersonID]string{ada.ID: "ada", ben.ID: "ben", eve.ID: "eve"}
	o.assign(t, ada, ben)
	o.assign(t, ben, eve)
	o.assign(t, eve, ada) // the chain of ada does not name eve yet
	o.workOff(t)
	for c, want := range map[desk.Caller][]string{ada: {"ben", "eve"}, ben: {"eve", "ada"}, eve: {"ada", "ben"}} {
		if diff := cmp.Diff(want, o.managers(t, c, names)); diff != "" {
			t.Errorf("above %s (-want +got):\n%s", c.Name, diff)
		}
	}
	if n := o.outbox(t); n != 0 {
		t.Errorf("%d events wait", n)
	}
}

// everybody are the names of the people of a cohort, or of all, page by page.
func (o *office) everybody(t testing.TB, cohort string, limit int) (names []string) {
	t.Helper()
	for after := ""; ; {
		page, err := o.People(t.Context(), coordinator, cohort, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page.Items {
			names = append(names, p.Person.Profile.Name)
		}
		if after = page.Next; after == "" {
			return names
		}
	}
}

func (o *office) wantPeople(t testing.TB, cohort string, want ...string) {
	t.Helper()
	for _, limit := range []int{1, 2, 100} {
		if diff := cmp.Diff(want, o.everybody(t, cohort, limit)); diff != "" {
			t.Errorf("the people of %q, %d a page (-want +got):\n%s", cohort, limit, diff)
		}
	}
}

// A coordinator finds everybody who enrolled, in that order, and those of a cohort, each as they are.
func TestPeople(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	refusedFor(t, ignore(o.People(ctx, o.enrolled(t, "ada"), "", "", 20)), mentoring.Forbidden)
	for _, name := range []string{"ben", "kim", "eve"} {
		o.advance(time.Minute)
		o.enrolled(t, name)
	}
	o.wantPeople(t, "", "ada", "ben", "kim", "eve")
	o.wantPeople(t, "Spring")
	for _, name := range []string{"eve", "ben", "ada"} {
		must(t, ignore(o.Assign(ctx, coordinator, person(name).ID, mentoring.Assignment{Cohort: "Spring"}, nil)))
	}
	must(t, ignore(o.Assign(ctx, coordinator, person("ada").ID, mentoring.Assignment{Cohort: "Autumn"}, nil)))
	must(t, ignore(o.Suppress(ctx, person("kim").Email, desk.Suppression{Reason: desk.SuppressedBounce, At: o.clock()})))
	o.wantPeople(t, "", "ada", "ben", "kim", "eve") // writing a profile again moves nobody
	o.wantPeople(t, "Spring", "ben", "eve")
	o.wantPeople(t, "Autumn", "ada")
	page, err := o.People(ctx, coordinator, "", "", 20)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range page.Items {
		want, err := o.Programme(ctx, coordinator, got.Person.ID)
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%s, %v (-alone +listed):\n%s", got.Person.Profile.Name, err, diff)
		}
	}
	if page.Items[2].Mail.Suppression == nil || page.Items[0].Mail.Suppression != nil {
		t.Error("whom mail does not reach is not said")
	}
}

// Whoever is erased is among the people no more, at once, and again once they enrol anew.
func TestWhoLeavesIsNotAmongThePeople(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada := o.enrolled(t, "ada")
	o.advance(time.Minute)
	o.enrolled(t, "ben")
	must(t, ignore(o.Assign(ctx, coordinator, ada.ID, mentoring.Assignment{Cohort: "Spring"}, nil)))
	must(t, o.Erase(ctx, ada))
	o.wantPeople(t, "", "ben")
	o.wantPeople(t, "Spring")
	o.advance(time.Minute)
	o.enrolled(t, "ada")
	o.wantPeople(t, "", "ben", "ada")
}

// lagging does something just after its next query, which an index can show of before: it follows by moments.
type lagging struct {
	table.Table
	then func()
}

func (l *lagging) Query(ctx context.Context, r table.Range) (table.Page, error) {
	page, err := l.Table.Query(ctx, r)
	if then := l.then; then != nil {
		l.then = nil
		then()
	}
	return page, err
}

// What the index still says of somebody who has gone, or is of another cohort by now, is not shown.
func TestPeopleInAnIndexThatLags(t *testing.T) {
	for name, change := range map[string]func(o *office) error{
		"erased": func(o *office) error { return o.Erase(context.Background(), person("ada")) },
		"moved": func(o *office) error {
			return ignore(o.Assign(context.Background(), coordinator, person("ada").ID, mentoring.Assignment{Cohort: "Autumn"}, nil))
		},
	} {
		t.Run(name, func(t *testing.T) {
			slow := &lagging{}
			o := openOffice(t, func(engine table.Table) table.Table { slow.Table = engine; return slow })
			must(t, ignore(o.Assign(t.Context(), coordinator, o.enrolled(t, "ada").ID, mentoring.Assignment{Cohort: "Spring"}, nil)))
			slow.then = func() { must(t, change(o)) }
			if found := o.everybody(t, "Spring", 20); found != nil {
				t.Errorf("found %v", found)
			}
		})
	}
}

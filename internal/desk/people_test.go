package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
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

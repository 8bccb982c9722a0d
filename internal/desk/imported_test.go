package desk_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// rowOf is somebody's name, their manager's, and a cohort.
func rowOf(name, manager, cohort string) mentoring.ImportRow {
	r := mentoring.ImportRow{Email: name + "@example.org", Cohort: cohort}
	if manager != "" {
		r.Manager = manager + "@example.org"
	}
	return r
}

// imports imports rows, and returns the verdicts as text.
func (o *office) imports(t testing.TB, rows ...mentoring.ImportRow) (verdicts []string) {
	t.Helper()
	got, err := o.Import(context.Background(), coordinator, rows, desk.Once{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range got {
		verdicts = append(verdicts, strings.TrimSpace(fmt.Sprintf("%s %s", v.Outcome, v.Code)))
	}
	return verdicts
}

func (o *office) wantImported(t testing.TB, want []string, rows ...mentoring.ImportRow) {
	t.Helper()
	if diff := cmp.Diff(want, o.imports(t, rows...)); diff != "" {
		t.Errorf("imported (-want +got):\n%s", diff)
	}
}

// says is the chain of somebody, by name, and their cohort.
func (o *office) says(t testing.TB, who desk.Caller, people ...desk.Caller) string {
	t.Helper()
	names := map[mentoring.PersonID]string{}
	for _, p := range people {
		names[p.ID] = p.Name
	}
	p, err := o.Programme(t.Context(), coordinator, who.ID)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(o.managers(t, who, names), " ") + "/" + p.Person.Programme.Cohort
}

func TestImport(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	must(t, ignore(o.Assign(t.Context(), coordinator, ben.ID, mentoring.Assignment{Organisation: "North", SuspendedUntil: morning.Add(time.Hour)}, nil)))
	rows := []mentoring.ImportRow{rowOf("eve", "ben", ""), rowOf("ben", "ada", "x"), rowOf("ada", "", "y"), rowOf("kim", "kim", "")}
	refusedFor(t, ignore(o.Import(t.Context(), ada, rows, desk.Once{})), mentoring.Forbidden)
	o.wantImported(t, []string{"changed", "changed", "changed", "refused manager_cycle"}, rows...)
	for who, want := range map[desk.Caller]string{eve: "ben ada/", ben: "ada/x", ada: "/y"} { // at once
		if got := o.says(t, who, ada, ben, eve); got != want {
			t.Errorf("%s is %q, want %q", who.Name, got, want)
		}
	}
	if p, err := o.Programme(t.Context(), coordinator, ben.ID); err != nil || p.Person.Organisation != "North" || p.Person.Programme.SuspendedUntil.IsZero() || p.Person.Version != 3 {
		t.Errorf("what the import says nothing of: %+v, %v", p.Person, err)
	}
	o.workOff(t)
	o.wantImported(t, []string{"unchanged", "unchanged", "unchanged", "refused manager_cycle"}, rows...)
	if n := o.outbox(t); n != 0 {
		t.Errorf("imported again, %d events wait", n)
	}
	o.wantImported(t, []string{"changed", "refused manager_cycle"}, rowOf("ben", "", "x"), rowOf("ada", "ada", ""))
	o.workOff(t)
	if got := o.says(t, eve, ben, ada); got != "ben/" {
		t.Errorf("eve is %q once the chain has followed", got)
	}
	must(t, ignore(o.Assign(t.Context(), coordinator, eve.ID, mentoring.Assignment{}, nil)))
	o.wantImported(t, []string{"changed"}, rowOf("eve", "ben", "")) // of the same report again
}

// A booking of two of whom one comes to stand above the other is found, as when a coordinator says so of one.
func TestAnImportFindsConflicts(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	o.enrolled(t, "mia")
	o.booked(t, ben, o.published(t, ada, circle(2, 50*time.Hour)))
	o.workOff(t)
	o.imports(t, rowOf("mia", "ada", ""), rowOf("ben", "mia", ""))
	if told := o.workOff(t); !slices.Contains(told, "ben: conflict_found") {
		t.Errorf("told: %v", told)
	}
	refusedFor(t, ignore(o.Book(t.Context(), ben, o.published(t, ada, circle(1, 70*time.Hour)), request, desk.Once{})), mentoring.ConflictOfInterest)
}

// What is said of people who have not enrolled applies when they do: theirs at once, and where it is about the manager, as
// soon as both are known.
func TestAnImportWaitsForPeople(t *testing.T) {
	kept := []mentoring.ImportRow{rowOf("ada", "", "top"), rowOf("ben", "ada", "x"), rowOf("eve", "ben", "")}
	people := []desk.Caller{person("ada"), person("ben"), person("eve")}
	for name, order := range map[string][]string{"from above": {"ada", "ben", "eve"}, "from below": {"eve", "ben", "ada"}, "the middle last": {"ada", "eve", "ben"}} {
		t.Run(name, func(t *testing.T) {
			o := openOffice(t, nil)
			o.wantImported(t, []string{"kept person_not_enrolled", "kept person_not_enrolled", "kept person_not_enrolled"}, kept...)
			o.wantImported(t, []string{"unchanged person_not_enrolled", "unchanged person_not_enrolled", "unchanged person_not_enrolled"}, kept...)
			for i, who := range order {
				c := o.enrolled(t, who)
				above := map[string]string{"ben": "ada", "eve": "ben"}[who]
				if me, err := o.Me(t.Context(), c); err != nil || (me.Programme.Manager() != "") != slices.Contains(order[:i], above) {
					t.Errorf("%s: %+v, %v", who, me.Programme, err) // nobody can book in between
				}
				o.workOff(t)
			}
			for i, want := range []string{"/top", "ada/x", "ben ada/"} {
				if got := o.says(t, people[i], people...); got != want {
					t.Errorf("%s is %q, want %q", people[i].Name, got, want)
				}
			}
			o.wantImported(t, []string{"unchanged", "unchanged", "unchanged"}, kept...)
		})
	}
}

// A manager who enrols later is awaited, until somebody says something else.
func TestAManagerIsAwaited(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	rows := []mentoring.ImportRow{rowOf("ada", "new", ""), rowOf("ben", "new", ""), rowOf("eve", "new", "x")}
	o.wantImported(t, slices.Repeat([]string{"kept manager_not_enrolled"}, 3), rows...)
	o.wantImported(t, slices.Repeat([]string{"unchanged manager_not_enrolled"}, 3), rows...)
	must(t, ignore(o.Assign(t.Context(), coordinator, ben.ID, mentoring.Assignment{}, nil)))
	o.wantImported(t, []string{"changed"}, rowOf("eve", "ada", "x"))
	boss := o.enrolled(t, "new")
	o.workOff(t)
	for who, want := range map[desk.Caller]string{ada: "new/", ben: "/", eve: "ada new/x"} {
		if got := o.says(t, who, boss, ada); got != want {
			t.Errorf("%s is %q, want %q", who.Name, got, want)
		}
	}
	o.wantImported(t, []string{"refused manager_cycle"}, rowOf("new", "eve", ""))
}

// People are found by the address they came to have last; where two have one, it is whose who was last.
func TestAddressesChange(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	o.wantImported(t, []string{"kept person_not_enrolled", "kept manager_not_enrolled"},
		mentoring.ImportRow{Email: "Ada@new.example", Manager: "ben@example.org", Cohort: "kept"},
		mentoring.ImportRow{Email: "ben@example.org", Manager: "chief@new.example"})
	married := ada
	married.Email = "ada@new.example"
	me, err := o.Enrol(ctx, married, enrolment("ada"), nil)
	if err != nil || me.Programme.Manager() != ben.ID || me.Programme.Cohort != "kept" || me.Version != 2 {
		t.Fatalf("with the new address: %+v, %v", me, err)
	}
	o.workOff(t)
	o.wantImported(t, []string{"unchanged person_not_enrolled", "changed"}, rowOf("ada", "", ""), mentoring.ImportRow{Email: "ada@new.example", Cohort: "now"})

	ben.Email = "chief@new.example" // nobody stands above themselves, whatever was said before
	must(t, ignore(o.Enrol(ctx, ben, enrolment("ben"), nil)))
	o.workOff(t)
	if got := o.says(t, ben, ben); got != "/" {
		t.Errorf("ben is %q", got)
	}

	other := person("another account of ada's")
	other.Email = married.Email
	must(t, ignore(o.Enrol(ctx, other, enrolment("other"), nil)))
	must(t, ignore(o.Enrol(ctx, married, enrolment("Ada"), nil))) // is not news of the address
	o.wantImported(t, []string{"changed"}, mentoring.ImportRow{Email: "ada@new.example", Cohort: "late"})
	for who, want := range map[desk.Caller]string{married: "/now", other: "/late"} {
		if got := o.says(t, who); got != want {
			t.Errorf("%s is %q, want %q", who.Name, got, want)
		}
	}
	married.Email = "ada@third.example" // leaves the address to the other
	must(t, ignore(o.Enrol(ctx, married, enrolment("Ada"), nil)))
	o.wantImported(t, []string{"unchanged", "changed"}, mentoring.ImportRow{Email: "ada@new.example", Cohort: "late"},
		mentoring.ImportRow{Email: "ada@third.example", Cohort: "third"})
}

// Whoever is erased is nobody's manager to come, and awaits nobody. Should they come back, they are somebody new to imports.
func TestAnImportForgetsWhoIsErased(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	o.imports(t, rowOf("ada", "new", "x"), rowOf("ben", "ada", "y"))
	o.workOff(t)
	must(t, o.Erase(t.Context(), ada))
	o.wantImported(t, []string{"kept person_not_enrolled", "kept manager_not_enrolled"}, rowOf("ada", "ben", "z"), rowOf("ben", "new", "y"))
	o.enrolled(t, "new")
	o.workOff(t)
	o.enrolled(t, "ada")
	o.workOff(t)
	for who, want := range map[desk.Caller]string{ada: "ben new/z", ben: "new/y"} {
		if got := o.says(t, who, ben, person("new")); got != want {
			t.Errorf("%s is %q, want %q", who.Name, got, want)
		}
	}
}

// A manager enrols while an import that names them is at work: the two meet, whichever commits first.
func TestAManagerEnrolsDuringTheImport(t *testing.T) {
	for round := range 8 {
		o := openOffice(t, nil)
		ada := o.enrolled(t, "ada")
		answers := together(3, func(i int) error {
			switch i {
			case 0:
				return ignore(o.Enrol(context.Background(), person("ben"), enrolment("ben"), nil))
			case 1:
				return ignore(o.Enrol(context.Background(), person("eve"), enrolment("eve"), nil))
			}
			return ignore(o.Import(context.Background(), coordinator, []mentoring.ImportRow{rowOf("ada", "ben", ""), rowOf("eve", "ada", ""), rowOf("ben", "", "x")}, desk.Once{}))
		})
		if !maps.Equal(answers, map[mentoring.Code]int{"": 3}) {
			t.Fatalf("answers: %v", answers)
		}
		o.workOff(t)
		if a, e, b := o.says(t, ada, person("ben")), o.says(t, person("eve"), ada, person("ben")), o.says(t, person("ben")); a != "ben/" || e != "ada ben/" || b != "/x" {
			t.Fatalf("round %d: ada is %q, eve %q, ben %q", round, a, e, b)
		}
	}
}

// With every kind of fault: whatever is answered is so, what was not reached is done in the end, and nothing twice.
func TestAnImportAmongFaults(t *testing.T) {
	const people = 120
	met, lost := 0, 0 // in all: one import makes few commits
	for seed := range uint64(8) {
		var faults *tabletest.Faults
		calm := openOffice(t, nil)
		o := officeOn(calm.engine, func(engine table.Table) table.Table {
			faults = tabletest.NewFaults(engine, seed, tabletest.Chances{Conflict: .15, Throttle: .1, Unavailable: .1, LostReply: .15, Read: .02})
			return faults
		})
		rows := calm.organisation(t, people, 5, 4)
		first := make([]mentoring.Verdict, len(rows))
		for attempt := 0; ; attempt++ {
			got, err := o.Import(t.Context(), coordinator, rows, desk.Once{})
			if err != nil && codeOf(err) != mentoring.Busy {
				t.Fatal(err)
			}
			open := 0
			for i, v := range got {
				switch {
				case v.Outcome == mentoring.RowNotReached:
					open++
				case first[i].Outcome == "":
					first[i] = v
				case v.Outcome != mentoring.RowUnchanged:
					t.Errorf("row %d: %v, and then %v", i, first[i], v)
				}
			}
			if err == nil && open == 0 {
				break
			}
			if attempt == 50 {
				t.Fatalf("%d rows are not reached", open)
			}
		}
		met, lost = met+faults.Injected().Conflicts+faults.Injected().Throttles, lost+faults.Injected().LostReplies
		calm.wantImported(t, slices.Repeat([]string{"unchanged"}, people), rows...)
	}
	if met == 0 || lost == 0 {
		t.Errorf("there were %d conflicts and throttles, and %d lost replies", met, lost)
	}
}

// organisation is people who have enrolled, so many under each manager, and others, a row about each; and among them
// nobody else.
func (o *office) organisation(t testing.TB, people, span, breadth int) (rows []mentoring.ImportRow) {
	t.Helper()
	callers := make([]desk.Caller, people)
	work := make(chan int, people)
	for i := range people {
		work <- i
	}
	close(work)
	answers := together(breadth, func(int) error {
		for i := range work {
			name := fmt.Sprintf("p%05d", i)
			callers[i] = person(name)
			if _, err := o.Enrol(context.Background(), callers[i], enrolment(name), nil); err != nil {
				return err
			}
		}
		return nil
	})
	if answers[""] != breadth {
		t.Fatalf("enrolling an organisation: %v", answers)
	}
	for i := range people {
		above := ""
		if i > 0 {
			above = fmt.Sprintf("p%05d", (i-1)/span)
		}
		rows = append(rows, rowOf(fmt.Sprintf("p%05d", i), above, "Spring 2027"))
	}
	slices.Reverse(rows) // the order of the file is not that of the organisation
	return rows
}

// An import ends in time, says what it did not reach, and goes on there.
func TestAnImportEndsInTime(t *testing.T) {
	calm := openOffice(t, nil)
	rows := calm.organisation(t, 14, 1, 4) // each reports to the one before, and one commit waits for the other
	o := officeOn(calm.engine, func(engine table.Table) table.Table { return tabletest.NewLatency(engine, 0, 200*time.Millisecond) })
	changed, calls := 0, 0
	for open := len(rows); open > 0; calls++ {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		got, err := o.Import(ctx, coordinator, rows, desk.Once{})
		if ctx.Err() != nil || err != nil {
			t.Fatalf("call %d, with %v: %v", calls, ctx.Err(), err)
		}
		cancel()
		before := open
		open = 0
		for _, v := range got {
			switch v.Outcome {
			case mentoring.RowChanged:
				changed++
			case mentoring.RowNotReached:
				open++
			}
		}
		if open >= before {
			t.Fatalf("call %d: %d rows are not reached, and before %d", calls, open, before)
		}
	}
	if changed != len(rows) || calls < 2 {
		t.Errorf("%d rows changed, in %d calls", changed, calls)
	}
}

// With its key an import answers as it did, and is another with another file. What was not whole is not remembered.
func TestAnImportIsRemembered(t *testing.T) {
	o := openOffice(t, nil)
	o.enrolled(t, "ada")
	rows := []mentoring.ImportRow{rowOf("ada", "", "x"), rowOf("new", "ada", ""), rowOf("ben", "ben", ""), {Refused: true}}
	first, err := o.Import(t.Context(), coordinator, rows, key("k"))
	must(t, err)
	again, err := o.Import(t.Context(), coordinator, rows, key("k"))
	if diff := cmp.Diff(first, again); err != nil || diff != "" {
		t.Errorf("again (-first +again): %v\n%s", err, diff)
	}
	other := key("k")
	other.Body[0]++
	refusedFor(t, ignore(o.Import(t.Context(), coordinator, rows, other)), mentoring.KeyReused)

	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	slow := officeOn(o.engine, func(engine table.Table) table.Table {
		return &overtaken{engine, func() { <-ctx.Done() }} // its time ends with its first commit
	})
	got, err := slow.Import(ctx, coordinator, []mentoring.ImportRow{rowOf("ada", "", "y")}, key("k2"))
	if err != nil || got[0].Outcome != mentoring.RowNotReached {
		t.Fatalf("%v, %v", got, err)
	}
	got, err = o.Import(t.Context(), coordinator, []mentoring.ImportRow{rowOf("ada", "", "y")}, key("k2"))
	if err != nil || got[0].Outcome == mentoring.RowNotReached {
		t.Errorf("sent again: %v, %v", got, err)
	}
}

// P3: what an import of as many as there may be costs, in an organisation of which everybody has enrolled, and importing it
// again. Reading is two rounds. Commits, and before each a read of agendas, are counted as rounds one by one, although
// sixteen are under way at once.
func TestCostOfAnImport(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand people")
	}
	var counting *tabletest.Counting
	o := openOffice(t, func(engine table.Table) table.Table {
		counting = tabletest.NewCounting(engine)
		return counting
	})
	rows := o.organisation(t, desk.MaxImportRows, 8, 8)
	for _, c := range []struct {
		name string
		want tabletest.Usage
	}{
		{"at first", tabletest.Usage{Rounds: 841, Gets: 619, Commits: 420, Writes: 41_247, RCU: 29_999, WCU: 82_493, IndexWCU: 10_000}}, // everybody gets a cohort
		{"again", tabletest.Usage{Rounds: 2, Gets: 200, RCU: 20_000}},
	} {
		counting.Reset()
		began := time.Now()
		verdicts, err := o.Import(t.Context(), coordinator, rows, desk.Once{})
		took := time.Since(began)
		must(t, err)
		if i := slices.IndexFunc(verdicts, func(v mentoring.Verdict) bool { return v.Code != "" || v.Outcome == mentoring.RowRefused }); i >= 0 {
			t.Fatalf("row %d: %v", i, verdicts[i])
		}
		t.Logf("%s: %s, in %v", c.name, show(counting.Usage()), took)
		if got := counting.Usage(); got != c.want {
			t.Errorf("%s costs %s, want %s", c.name, show(got), show(c.want))
		}
	}
}

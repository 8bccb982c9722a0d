package mentoring_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// register is all that is recorded of people and addresses.
type register struct{ mentoring.Known }

func newRegister() register {
	return register{mentoring.Known{Addresses: map[mentoring.Address]mentoring.Holder{}, People: map[mentoring.PersonID]mentoring.Person{}}}
}

func emailOf(name string) string              { return name + "@example.org" }
func addressOf(name string) mentoring.Address { return mentoring.AddressOf(emailOf(name)) }
func idOf(name string) mentoring.PersonID {
	return mentoring.PersonIDFor("https://issuer.example", name)
}

// enrol makes somebody enrol, who then takes up what is kept for them.
func (r register) enrol(name string) {
	p := mentoring.Person{ID: idOf(name), Email: emailOf(name), Version: 1}
	if _, is := r.People[p.ID]; is {
		return
	}
	at := addressOf(name)
	if kept := r.Addresses[at].Kept; kept != nil {
		manager := kept.Manager
		if kept.Awaits != "" {
			manager = r.Addresses[kept.Awaits].Person
		}
		p = p.Place(*kept, r.People[manager])
	}
	r.People[p.ID] = p
	r.Addresses[at] = mentoring.Holder{Person: p.ID, Version: r.Addresses[at].Version + 1}
	r.meet()
}

// meet does what follows by events: who awaits somebody meets them, and chains follow those of managers.
func (r register) meet() {
	for _, id := range slices.Sorted(maps.Keys(r.People)) {
		p := r.People[id]
		if at := p.Programme.Awaits; at != "" {
			if joined, changed := p.Join(r.People[r.Addresses[at].Person], at); changed {
				r.People[id] = joined
				r.follow()
			}
		}
	}
	r.follow()
}

func (r register) follow() {
	for changed := true; changed; {
		changed = false
		for id, p := range r.People {
			if after, is := p.UnderManager(r.People[p.Programme.Manager()]); is {
				r.People[id], changed = after, true
			}
		}
	}
}

// decide reads what is missing, as it is asked for, and decides.
func (r register) decide(rows []mentoring.ImportRow) mentoring.Import {
	read := newRegister()
	for {
		addresses, people := read.Missing(rows)
		if len(addresses)+len(people) == 0 {
			return mentoring.DecideImport(rows, read.Known)
		}
		for _, a := range addresses {
			read.Addresses[a] = r.Addresses[a]
		}
		for _, id := range people {
			read.People[id] = r.People[id]
		}
	}
}

// place records a placing.
func (r register) place(p mentoring.Placing) {
	if p.Enrolled() {
		p.After.Version++
		r.People[p.After.ID] = p.After
		return
	}
	p.Kept.Version++
	r.Addresses[p.Address] = p.Kept
}

// imports makes all placings of an import, and returns its verdicts as text.
func (r register) imports(rows ...mentoring.ImportRow) (verdicts []string) {
	decided := r.decide(rows)
	for _, a := range decided.Reserve {
		r.Addresses[a] = mentoring.Holder{Version: 1}
	}
	for _, p := range decided.Placings {
		r.place(p)
	}
	for _, v := range decided.Verdicts {
		verdicts = append(verdicts, fmt.Sprintf("%s %s", v.Outcome, v.Code))
	}
	return verdicts
}

// above is the name of who somebody reports to, or will: a person's or an address's.
func (r register) above(at mentoring.Address) mentoring.Address {
	h := r.Addresses[at]
	p := mentoring.Placement{}
	switch programme := r.People[h.Person].Programme; {
	case h.Person != "":
		p = mentoring.Placement{Manager: programme.Manager(), Awaits: programme.Awaits}
	case h.Kept != nil:
		p = *h.Kept
	}
	if p.Manager != "" {
		return mentoring.AddressOf(r.People[p.Manager].Email)
	}
	return p.Awaits
}

// ring is an address from which the way up comes back to itself, "" where there is none.
func (r register) ring() mentoring.Address {
	for start := range r.Addresses {
		at := start
		for range len(r.Addresses) + 1 {
			if at = r.above(at); at == start {
				return start
			}
		}
	}
	return ""
}

// row is somebody's name, their manager's, and a cohort.
func row(name, manager, cohort string) mentoring.ImportRow {
	r := mentoring.ImportRow{Email: emailOf(name), Cohort: cohort}
	if manager != "" {
		r.Manager = emailOf(manager)
	}
	return r
}

func TestImport(t *testing.T) {
	broken := row("ada", "ben", "")
	broken.Refused = true
	for name, c := range map[string]struct {
		before []mentoring.ImportRow // imported first
		rows   []mentoring.ImportRow
		want   []string
		above  map[string]string // by name, afterwards
	}{
		"a team": {nil, []mentoring.ImportRow{row("ada", "", "x"), row("ben", "ada", "x"), row("eve", "ben", "")},
			[]string{"changed ", "changed ", "changed "}, map[string]string{"eve": "ben", "ben": "ada"}},
		"in any order": {nil, []mentoring.ImportRow{row("eve", "ben", ""), row("ben", "ada", "x"), row("ada", "", "x")},
			[]string{"changed ", "changed ", "changed "}, map[string]string{"eve": "ben", "ben": "ada"}},
		"again": {[]mentoring.ImportRow{row("ada", "ben", "x")}, []mentoring.ImportRow{row("ada", "ben", "x")},
			[]string{"unchanged "}, map[string]string{"ada": "ben"}},
		"nothing known": {[]mentoring.ImportRow{row("ada", "ben", "x")}, []mentoring.ImportRow{row("ada", "", "")},
			[]string{"changed "}, map[string]string{"ada": ""}},
		"who has not enrolled": {nil, []mentoring.ImportRow{row("new", "ada", "x"), row("ada", "newer", "x"), row("new2", "new", "")},
			[]string{"kept person_not_enrolled", "kept manager_not_enrolled", "kept person_not_enrolled"},
			map[string]string{"new": "ada", "ada": "newer", "new2": "new"}},
		"the same again": {[]mentoring.ImportRow{row("new", "ada", "x"), row("ada", "newer", "x")},
			[]mentoring.ImportRow{row("new", "ada", "x"), row("ada", "newer", "x")},
			[]string{"unchanged person_not_enrolled", "unchanged manager_not_enrolled"}, nil},
		"nothing about nobody": {nil, []mentoring.ImportRow{row("new", "", "")}, []string{"unchanged person_not_enrolled"}, nil},
		"kept, then nothing": {[]mentoring.ImportRow{row("new", "ada", "x")}, []mentoring.ImportRow{row("new", "", "")},
			[]string{"kept person_not_enrolled"}, map[string]string{"new": ""}},
		"a row that is wrong": {nil, []mentoring.ImportRow{broken, row("eve", "ben", "")}, []string{"refused ", "changed "}, nil},
		"twice": {nil, []mentoring.ImportRow{row("ada", "ben", ""), row("eve", "", "x"), {Email: "ADA@Example.org"}},
			[]string{"refused duplicate_address", "changed ", "refused duplicate_address"}, map[string]string{"ada": ""}},
		"twice, once wrong": {nil, []mentoring.ImportRow{row("ada", "eve", ""), broken}, []string{"refused duplicate_address", "refused "}, nil},
		"themselves":        {nil, []mentoring.ImportRow{row("ada", "ada", "x"), row("eve", "ada", "")}, []string{"refused manager_cycle", "changed "}, nil},
		"each other": {nil, []mentoring.ImportRow{row("ada", "ben", ""), row("ben", "ada", ""), row("eve", "ada", "")},
			[]string{"refused manager_cycle", "refused manager_cycle", "changed "}, map[string]string{"ada": "", "ben": "", "eve": "ada"}},
		"under a report": {[]mentoring.ImportRow{row("ada", "ben", "")}, []mentoring.ImportRow{row("ben", "ada", ""), row("ada", "ben", "x")},
			[]string{"refused manager_cycle", "changed "}, map[string]string{"ada": "ben", "ben": ""}},
		"turned round": {[]mentoring.ImportRow{row("ada", "ben", ""), row("ben", "eve", "")},
			[]mentoring.ImportRow{row("eve", "ben", ""), row("ben", "ada", ""), row("ada", "", "")},
			[]string{"changed ", "changed ", "changed "}, map[string]string{"eve": "ben", "ben": "ada", "ada": ""}},
		"who is refused closes another": {[]mentoring.ImportRow{row("ada", "ben", "")},
			[]mentoring.ImportRow{row("ben", "ada", ""), row("ada", "ada", "")},
			[]string{"refused manager_cycle", "refused manager_cycle"}, map[string]string{"ada": "ben", "ben": ""}},
		"over those who are kept": {[]mentoring.ImportRow{row("new", "ada", ""), row("newer", "new", "")}, []mentoring.ImportRow{row("ada", "newer", "")},
			[]string{"refused manager_cycle"}, map[string]string{"ada": ""}},
		"over somebody else's chain": {[]mentoring.ImportRow{row("ada", "ben", ""), row("ben", "eve", "")}, []mentoring.ImportRow{row("eve", "ada", "")},
			[]string{"refused manager_cycle"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRegister()
			for _, name := range []string{"ada", "ben", "eve"} {
				r.enrol(name)
			}
			r.imports(c.before...)
			if diff := cmp.Diff(c.want, r.imports(c.rows...)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			for who, manager := range c.above {
				want := mentoring.Address("")
				if manager != "" {
					want = addressOf(manager)
				}
				if got := r.above(addressOf(who)); got != want {
					t.Errorf("above %s is not %q", who, manager)
				}
			}
		})
	}
}

// What is kept applies when people enrol, in whatever order, with chains and all.
func TestWhatIsKeptAppliesOnEnrolment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := newRegister()
		r.imports(row("ada", "", "x"), row("ben", "ada", "y"), row("eve", "ben", ""))
		for _, name := range rapid.Permutation([]string{"ada", "ben", "eve"}).Draw(t, "order") {
			r.enrol(name)
		}
		for name, want := range map[string]mentoring.Programme{
			"ada": {Cohort: "x"},
			"ben": {Managers: []mentoring.PersonID{idOf("ada")}, Cohort: "y"},
			"eve": {Managers: []mentoring.PersonID{idOf("ben"), idOf("ada")}},
		} {
			if diff := cmp.Diff(want, r.People[idOf(name)].Programme); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

// A manager who reports to somebody by now is not taken up by them.
func TestWhatIsKeptMakesNoRing(t *testing.T) {
	r := newRegister()
	r.enrol("ada")
	r.enrol("ben")
	r.imports(row("ben", "ada", ""))
	ada, ben := r.People[idOf("ada")], r.People[idOf("ben")]
	ada.Programme.Awaits = addressOf("ben")
	if joined, changed := ada.Join(ben, addressOf("ben")); !changed || joined.Programme.Manager() != "" || joined.Programme.Awaits != "" {
		t.Errorf("joined: %+v", joined.Programme)
	}
	if placed := ada.Place(mentoring.Placement{Awaits: addressOf("ben"), Cohort: "x"}, ben); placed.Programme.Manager() != "" || placed.Programme.Cohort != "x" {
		t.Errorf("placed: %+v", placed.Programme)
	}
	if _, changed := ada.Join(ben, addressOf("eve")); changed {
		t.Error("joined somebody they do not await")
	}
}

// Whatever is imported, by whomever, whoever enrols in between, and wherever an import ends: nobody stands above themselves;
// what was not reached is done when it is imported again; and then nothing more.
func TestNoImportMakesARing(t *testing.T) {
	names := []string{"a", "b", "c", "d", "e", "f", "g"}
	someRow := rapid.Custom(func(t *rapid.T) mentoring.ImportRow {
		r := row(rapid.SampledFrom(names).Draw(t, "who"), rapid.SampledFrom(append(names, "")).Draw(t, "manager"), rapid.SampledFrom([]string{"", "x"}).Draw(t, "cohort"))
		r.Refused = rapid.IntRange(0, 9).Draw(t, "broken") == 0
		return r
	})
	rapid.Check(t, func(t *rapid.T) {
		r := newRegister()
		sound := func(when string) {
			if at := r.ring(); at != "" {
				t.Fatalf("%s: %s stands above themselves", when, at)
			}
		}
		for range rapid.IntRange(1, 6).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "enrol") {
				r.enrol(rapid.SampledFrom(names).Draw(t, "who"))
				sound("after enrolling")
				continue
			}
			rows := rapid.SliceOfN(someRow, 0, 9).Draw(t, "rows")
			decided := r.decide(rows)
			failed := map[int]bool{}
			for _, p := range decided.Placings {
				if failed[decided.Above[p.Row]] || rapid.IntRange(0, 9).Draw(t, "fails") == 0 {
					failed[p.Row] = true
					continue
				}
				if above := p.After.Programme.Manager(); p.Enrolled() && slices.Contains(r.People[above].Programme.Managers, p.After.ID) {
					t.Fatalf("the manager is below")
				}
				r.place(p)
				sound("within an import")
			}
			for _, a := range decided.Reserve {
				if _, is := r.Addresses[a]; !is {
					r.Addresses[a] = mentoring.Holder{Version: 1}
				}
			}
			if rapid.Bool().Draw(t, "follow") {
				r.meet()
				sound("once all has followed")
			}
			r.imports(rows...)
			sound("when imported again")
			if again := r.decide(rows); len(again.Placings) > 0 {
				t.Fatalf("imported the third time it still changes something: %+v", again.Placings)
			}
			for i, v := range r.decide(rows).Verdicts {
				if first := decided.Verdicts[i]; (first.Outcome == mentoring.RowRefused) != (v.Outcome == mentoring.RowRefused) && len(failed) == 0 {
					t.Fatalf("row %d: first %v, then %v", i, first, v)
				}
			}
			r.meet()
		}
	})
}

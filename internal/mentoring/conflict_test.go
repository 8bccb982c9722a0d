package mentoring_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// Your boss is not your mentor (product.md section 1, rule 4), however far above; and whoever you manage is yours only where
// the slot is for that.
func TestConflictAlongTheChain(t *testing.T) {
	type ids = []mentoring.PersonID
	s, far := strangers(3), append(strangers(3), edda().ID)
	below := append(strangers(3), rana().ID)
	const conflict = mentoring.ConflictOfInterest
	for _, tc := range []struct {
		name              string
		direction         mentoring.Direction
		requester, expert ids // the management chains
		want              mentoring.Code
	}{
		{"nobody manages anybody", mentoring.Standard, nil, nil, ""},
		{"others do", mentoring.Standard, s, s, ""},
		{"the expert is the manager", mentoring.Standard, ids{edda().ID}, nil, conflict},
		{"the expert is far above", mentoring.Standard, far, nil, conflict},
		{"the expert is far above, reverse", mentoring.Reverse, far, nil, conflict},
		{"the expert is far above, peer", "peer", far, nil, conflict},
		{"the requester is the manager", mentoring.Standard, nil, ids{rana().ID}, conflict},
		{"the requester is far above", mentoring.Standard, nil, below, conflict},
		{"the requester is far above, peer", "peer", nil, below, conflict},
		{"the requester is far above, reverse", mentoring.Reverse, nil, below, ""},
		{"each above the other, reverse", mentoring.Reverse, far, below, conflict},
	} {
		road := clearRoad()
		road.slot.Direction, road.slot.Host.Managers, road.viewer.Person.Programme.Managers = tc.direction, tc.expert, tc.requester
		err := road.bookable()
		wantCode(t, tc.name, err, tc.want)
		declared := clearRoad()
		declared.slot.Host.Conflicts = ids{rana().ID}
		if err != nil && err.Error() != declared.bookable().Error() {
			t.Errorf("%s: the answer tells which conflict it is: %v", tc.name, err)
		}
	}
}

func TestAffiliationTo(t *testing.T) {
	boss, other := strangers(2)[0], strangers(2)[1]
	for _, tc := range []struct {
		name         string
		mine, theirs []mentoring.PersonID
		org, hostOrg string
		want         mentoring.Affiliation
	}{
		{"no managers", nil, nil, "a", "a", mentoring.SameOrganisation},
		{"one manager", []mentoring.PersonID{boss}, []mentoring.PersonID{boss, other}, "a", "a", mentoring.SameTeam},
		{"one manager, unknown employers", []mentoring.PersonID{boss}, []mentoring.PersonID{boss}, "", "", mentoring.SameTeam},
		{"other managers", []mentoring.PersonID{boss}, []mentoring.PersonID{other}, "a", "a", mentoring.SameOrganisation},
		{"one far above both", []mentoring.PersonID{boss, other}, []mentoring.PersonID{"per_x", other}, "a", "a", mentoring.SameOrganisation},
		{"the expert manages", []mentoring.PersonID{edda().ID}, nil, "a", "b", mentoring.SameTeam},
		{"the viewer manages", nil, []mentoring.PersonID{rana().ID}, "a", "b", mentoring.SameTeam},
		{"the expert is far above", []mentoring.PersonID{boss, edda().ID}, nil, "a", "b", mentoring.Outside},
		{"one employer unknown", nil, nil, "a", "", mentoring.UnknownRelation},
	} {
		viewer, host := rana(), mentoring.Host{ID: edda().ID, Organisation: tc.hostOrg, Managers: tc.theirs}
		viewer.Organisation, viewer.Programme.Managers = tc.org, tc.mine
		if got := viewer.AffiliationTo(host); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.want)
		}
	}
}

// Whoever turns out to have a conflict may leave, is told once, and keeps the seat until they do.
func TestDecideConflict(t *testing.T) {
	w := newWorld(t, edda(), rana())
	slot := w.slot(edda(), wide(1))
	b := w.present.bookings[w.book(rana(), slot)]
	boss := rana()
	boss.Programme.Managers = []mentoring.PersonID{edda().ID}
	s := w.present.slots[slot]
	if got, found := mentoring.DecideConflict(b, s, rana(), noon); found || got.Released {
		t.Error("found where there is none")
	}
	got, found := mentoring.DecideConflict(b, s, boss, noon)
	if !found || !got.Released || !got.ConflictKnown || got.Status != mentoring.Confirmed {
		t.Errorf("found %v: %+v", found, got)
	}
	if last := got.History[1]; last.Action != mentoring.StepConflictFound || last.By != mentoring.System || len(b.History) != 1 {
		t.Errorf("history %+v", got.History)
	}
	if _, again := mentoring.DecideConflict(got, s, boss, noon); again {
		t.Error("found twice")
	}
	if _, late := mentoring.DecideConflict(b, s, boss, inHours(99)); late {
		t.Error("found when it is over")
	}
}

// Two coordinators at the same moment can make a circle. Nobody stands above themselves in it, and all others do.
func TestACircleOfManagers(t *testing.T) {
	one, two, below := crowd(3)[0], crowd(3)[1], crowd(3)[2]
	assign := func(who, manager mentoring.Person) mentoring.Person {
		after, err := mentoring.DecideAssign(who, manager, mentoring.Assignment{Manager: manager.ID}, nil, noon)
		wantCode(t, "assigning", err, "")
		return after
	}
	a, b := assign(one, two), assign(two, one)
	below = assign(below, a)
	for range 2 {
		a, _ = a.UnderManager(b)
		b, _ = b.UnderManager(a)
		below, _ = below.UnderManager(a)
	}
	for who, want := range map[*mentoring.Person][]mentoring.PersonID{&a: {two.ID}, &b: {one.ID}, &below: {one.ID, two.ID}} {
		if !slices.Equal(who.Programme.Managers, want) {
			t.Errorf("above %s stand %v, want %v", who.Profile.Name, who.Programme.Managers, want)
		}
	}
	if _, changed := a.UnderManager(b); changed {
		t.Error("the circle goes on for ever")
	}
}

// chart is who reports to whom, as coordinators who do not see each other may make it.
type chart map[mentoring.PersonID]mentoring.Person

// follow lets everybody's chain follow from their manager's until nothing changes. In a circle that may never be: there the
// news ends after so many hops ([mentoring.Event.Hops]).
func (c chart) follow(t *rapid.T, people []mentoring.PersonID) {
	for range 3 * len(people) {
		changed := false
		for _, id := range people {
			manager, ok := c[c[id].Programme.Manager()]
			if !ok {
				continue
			}
			after, is := c[id].UnderManager(manager)
			c[id], changed = after, changed || is
		}
		if !changed {
			return
		}
	}
	if !slices.ContainsFunc(people, func(id mentoring.PersonID) bool { return inCircle(c, id) }) {
		t.Fatalf("the chains never settle: %v", c)
	}
}

// above is everybody above somebody, found by walking.
func (c chart) above(id mentoring.PersonID) (all []mentoring.PersonID) {
	for at := c[id].Programme.Manager(); at != "" && at != id && !slices.Contains(all, at); at = c[at].Programme.Manager() {
		all = append(all, at)
	}
	return all
}

// Chains are what the chart says, once everybody followed; nobody stands above themselves, even in a circle.
func TestManagementChains(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		people, c := []mentoring.PersonID{}, chart{}
		for _, p := range crowd(7) {
			people = append(people, p.ID)
			c[p.ID] = p
		}
		stale := chart{}
		circles := false
		for range rapid.IntRange(1, 20).Draw(t, "assignments") {
			for _, id := range people {
				if rapid.IntRange(0, 3).Draw(t, "seen") > 0 {
					stale[id] = c[id]
				}
			}
			who := rapid.SampledFrom(people).Draw(t, "who")
			manager := rapid.SampledFrom(append([]mentoring.PersonID{""}, people...)).Draw(t, "manager")
			seen := stale[manager] // another coordinator may be at work
			after, err := mentoring.DecideAssign(c[who], seen, mentoring.Assignment{Manager: manager}, nil, noon)
			if err != nil {
				continue
			}
			c[who] = after
			circles = circles || slices.ContainsFunc(people, func(id mentoring.PersonID) bool { return inCircle(c, id) })
			c.follow(t, people)
		}
		for _, id := range people {
			chain := c[id].Programme.Managers
			if slices.Contains(chain, id) {
				t.Fatalf("%s stands above themselves: %v", id, chain)
			}
			want := c.above(id)
			missing := slices.DeleteFunc(slices.Clone(want), func(m mentoring.PersonID) bool { return slices.Contains(chain, m) })
			if len(missing) > 0 || !circles && !slices.Equal(want, chain) {
				t.Fatalf("above %s are %v, and the chain is %v", id, want, chain)
			}
		}
	})
}

func inCircle(c chart, id mentoring.PersonID) bool {
	at := c[id].Programme.Manager()
	for range len(c) {
		if at == id {
			return true
		}
		at = c[at].Programme.Manager()
	}
	return false
}

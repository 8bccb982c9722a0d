package mentoring_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

func viewerOf(p mentoring.Person) mentoring.Viewer { return mentoring.Viewer{Person: p} }

func TestDecideBlockRefuses(t *testing.T) {
	visitor := viewerOf(mentoring.Visitor(rana().ID, "rana@south.example", "Rana"))
	many := viewerOf(rana())
	for n := range 200 {
		many.Agenda.Apart = append(many.Agenda.Apart, mentoring.Apart{Person: mentoring.PersonID(fmt.Sprint(n)), ByMe: true})
	}
	for _, tc := range []struct {
		name     string
		me, them mentoring.Viewer
		on       bool
		want     mentoring.Code
	}{
		{"who has not enrolled", visitor, viewerOf(edda()), true, mentoring.ProfileRequired},
		{"oneself", viewerOf(rana()), viewerOf(rana()), true, mentoring.InvalidField},
		{"somebody unknown", viewerOf(rana()), viewerOf(mentoring.Visitor(edda().ID, "", "")), true, mentoring.NotFound},
		{"too many", many, viewerOf(edda()), true, mentoring.ActiveLimitReached},
		{"unblocking, of many", many, viewerOf(edda()), false, ""},
		{"somebody", viewerOf(rana()), viewerOf(edda()), true, ""},
	} {
		id := tc.them.Person.ID
		mine, theirs, changed, err := mentoring.DecideBlock(tc.me, tc.them, mentoring.Block{Of: id, On: tc.on})
		wantCode(t, tc.name, err, tc.want)
		if changed == (tc.want != "" || !tc.on) {
			t.Errorf("%s: changed is %v: %+v, %+v", tc.name, changed, mine, theirs)
		}
	}
}

// Whatever two do, each one's agenda says of the other what was said last; they exist for each other where neither blocks.
func TestBlocksAreKeptOnBothSides(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sides := [2]mentoring.Viewer{viewerOf(rana()), viewerOf(edda())}
		third := mentoring.Apart{Person: tomasz().ID, ByMe: true}
		sides[0].Agenda.Apart = spare([]mentoring.Apart{third})
		var blocks [2]bool
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			me := rapid.IntRange(0, 1).Draw(t, "who")
			on := rapid.Bool().Draw(t, "on")
			before := fmt.Sprintf("%+v", toEnd(sides[0].Agenda.Apart))
			mine, theirs, changed, err := mentoring.DecideBlock(sides[me], sides[1-me], mentoring.Block{Of: sides[1-me].Person.ID, On: on})
			if err != nil || changed != (blocks[me] != on) {
				t.Fatalf("changed is %v: %v", changed, err)
			}
			if after := fmt.Sprintf("%+v", toEnd(sides[0].Agenda.Apart)); after != before {
				t.Fatalf("what it was decided on changed: %s, %s", before, after)
			}
			blocks[me] = on
			sides[me].Agenda, sides[1-me].Agenda = mine, theirs
		}
		for me, side := range sides {
			var want []mentoring.Apart
			if me == 0 {
				want = append(want, third)
			}
			if blocks[0] || blocks[1] {
				want = append(want, mentoring.Apart{Person: sides[1-me].Person.ID, ByMe: blocks[me], ByThem: blocks[1-me]})
			}
			if got := side.Agenda.Apart; len(got)+len(want) > 0 && !cmp.Equal(want, got) {
				t.Fatalf("apart (-want +got):\n%s", cmp.Diff(want, got))
			}
			slot := published(smallDraft()).Slot
			slot.Host.ID = sides[1-me].Person.ID
			if slot.VisibleTo(side) == (blocks[0] || blocks[1]) {
				t.Fatalf("blocks %v, and the slot is visible: %v", blocks, slot.VisibleTo(side))
			}
		}
	})
}

func TestBlockedAreThoseOneBlocked(t *testing.T) {
	a := mentoring.Agenda{Apart: []mentoring.Apart{{Person: "a", ByMe: true}, {Person: "b", ByThem: true}, {Person: "c", ByMe: true, ByThem: true}}}
	if diff := cmp.Diff([]mentoring.PersonID{"a", "c"}, a.Blocked()); diff != "" {
		t.Errorf("blocked (-want +got):\n%s", diff)
	}
}

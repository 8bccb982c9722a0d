package desk

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// Everybody is in one commit, no commit is about too many, those of one manager are in one lane, and a lane has several
// commits only where one manager's people need them.
func TestLanes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		together := rapid.IntRange(1, 24).Draw(t, "together")
		var level []mentoring.Placing
		for i := range rapid.IntRange(0, 200).Draw(t, "people") {
			manager := rapid.IntRange(0, 12).Draw(t, "manager")
			p := mentoring.Placing{Row: i}
			if manager > 0 {
				p.Manager = mentoring.PersonID(fmt.Sprint(min(manager, 8)))
			}
			level = append(level, p)
		}
		seen, laneOf := map[int]bool{}, map[mentoring.PersonID]int{}
		for n, lane := range lanes(level, together) {
			for _, commit := range lane {
				if len(commit) == 0 || len(commit) > together {
					t.Fatalf("a commit about %d", len(commit))
				}
				for _, p := range commit {
					if other, ok := laneOf[p.Manager]; p.Manager != "" && ok && other != n || seen[p.Row] {
						t.Fatalf("row %d of manager %q is in two places", p.Row, p.Manager)
					}
					if len(lane) > 1 && p.Manager != lane[0][0].Manager {
						t.Fatalf("a long lane is about %q and %q", p.Manager, lane[0][0].Manager)
					}
					seen[p.Row], laneOf[p.Manager] = true, n
				}
			}
		}
		if len(seen) != len(level) {
			t.Fatalf("%d of %d are placed", len(seen), len(level))
		}
	})
}

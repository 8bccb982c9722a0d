package report

import (
	"cmp"
	"slices"
)

// fewest is the least number of cases behind a published cell.
const fewest = 5

// few reports whether so many cases must not be told.
func few(n int) bool { return 0 < n && n < fewest }

// group is a cohort and a topic; empty is people without a cohort, where it is not a choice of all.
type group struct{ cohort, topic string }

// counts are how many cases stand behind one figure in one month, by group.
type counts map[group]int

// sums are the cases of every choice: of all, of a cohort, of a topic, and of both, empty for all. What has no name cannot be
// chosen.
func (c counts) sums() map[group]int {
	sums := map[group]int{}
	for g, n := range c {
		sums[group{}] += n
		if g.cohort != "" {
			sums[group{cohort: g.cohort}] += n
		}
		if g.topic != "" {
			sums[group{topic: g.topic}] += n
		}
		if g.cohort != "" && g.topic != "" {
			sums[g] += n
		}
	}
	return sums
}

// published are the choices whose cells are told: those of nobody, and of the others as many as are safe together, larger ones
// first, and cells of a cohort and a topic last. Nothing that is left out could be added.
func (c counts) published() func(group) bool {
	sums := c.sums()
	var sides, both []group
	for choice, n := range sums {
		switch {
		case n < fewest || choice == group{}:
		case choice.cohort != "" && choice.topic != "":
			both = append(both, choice)
		default:
			sides = append(sides, choice)
		}
	}
	told := map[group]bool{{}: sums[group{}] >= fewest}
	c.tell(told, largest(sides, sums))
	both = slices.DeleteFunc(both, func(g group) bool { return !told[group{cohort: g.cohort}] || !told[group{topic: g.topic}] })
	c.tell(told, largest(both, sums))
	return func(choice group) bool { return sums[choice] == 0 || told[choice] }
}

// largest orders choices by how many cases they have, and by name.
func largest(choices []group, sums map[group]int) []group {
	slices.SortFunc(choices, func(a, b group) int {
		return cmp.Or(cmp.Compare(sums[b], sums[a]), cmp.Compare(a.cohort, b.cohort), cmp.Compare(a.topic, b.topic))
	})
	return choices
}

// tell adds to what is told, one after the other, each choice with which it is still safe. What is unsafe stays unsafe with more,
// so many that are safe together are added at once.
func (c counts) tell(told map[group]bool, choices []group) {
	if len(choices) == 0 {
		return
	}
	for _, choice := range choices {
		told[choice] = true
	}
	if c.web(told).safe() {
		return
	}
	for _, choice := range choices {
		delete(told, choice)
	}
	if half := len(choices) / 2; half > 0 {
		c.tell(told, choices[:half])
		c.tell(told, choices[half:])
	}
}

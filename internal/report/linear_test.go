package report

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// prime is larger than any minor of the tables below (Hadamard's bound), so ranks modulo it are ranks.
const prime = 1<<31 - 1

// span are vectors in echelon form, by the place of their first entry.
type span map[int][]int

// rest is what is left of a vector when all that the span knows is taken from it: nothing, where the span holds it.
func (s span) rest(v []int) (left []int, first int) {
	v = slices.Clone(v)
	for i := range v {
		row := s[i]
		if v[i] == 0 {
			continue
		}
		if row == nil {
			return v, i
		}
		for j, factor := i, v[i]; j < len(v); j++ {
			v[j] = (v[j] + (prime-factor)*row[j]) % prime
		}
	}
	return nil, -1
}

func (s span) add(v []int) {
	left, i := s.rest(v)
	if left == nil {
		return
	}
	inverse := power(left[i], prime-2)
	for j := range left {
		left[j] = left[j] * inverse % prime
	}
	s[i] = left
}

func power(base, exponent int) int {
	result := 1
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			result = result * base % prime
		}
		base = base * base % prime
	}
	return result
}

// attack looks for one to four cases that some sum of published answers, each as often as one likes, is about. It knows
// which groups are empty.
func attack(c counts, published func(group) bool) (found []group) {
	var groups []group
	for g, n := range c {
		if n > 0 {
			groups = append(groups, g)
		}
	}
	slices.SortFunc(groups, func(a, b group) int { return slices.Compare([]string{a.cohort, a.topic}, []string{b.cohort, b.topic}) })
	known := span{}
	cohorts, topics := map[string]bool{"": true}, map[string]bool{"": true}
	for g := range c {
		cohorts[g.cohort], topics[g.topic] = true, true
	}
	for cohort := range cohorts {
		for topic := range topics {
			v, n := make([]int, len(groups)), 0
			for i, g := range groups {
				if (cohort == "" || cohort == g.cohort) && (topic == "" || topic == g.topic) {
					v[i], n = 1, n+c[g]
				}
			}
			if n > 0 && published(group{cohort, topic}) {
				known.add(v)
			}
		}
	}
	for bits := 1; bits < 1<<len(groups); bits++ {
		v, n, some := make([]int, len(groups)), 0, []group(nil)
		for i, g := range groups {
			if bits>>i&1 == 1 {
				v[i], n, some = 1, n+c[g], append(some, g)
			}
		}
		if !few(n) {
			continue
		}
		if left, _ := known.rest(v); left == nil {
			return some
		}
	}
	return nil
}

func table(t *rapid.T) counts {
	c := counts{}
	for _, cohort := range []string{"", "a", "b", "c"}[rapid.IntRange(0, 1).Draw(t, "some without a cohort"):] {
		for _, topic := range []string{"x", "y", "z"} {
			if n := rapid.SampledFrom([]int{0, 0, 1, 2, 3, 4, 5, 6, 8, 12}).Draw(t, cohort+topic); n > 0 {
				c[group{cohort, topic}] = n
			}
		}
	}
	return c
}

// Whoever adds and subtracts all answers about a month as they like cannot tell what one to four people answered.
func TestNoSumTells(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := table(t)
		if found := attack(c, c.published()); found != nil {
			t.Fatalf("%v\ntells %v", c, found)
		}
	})
}

// The control: where cells below five alone are withheld, the attack finds some.
func TestSumsTellWhereFewAloneAreWithheld(t *testing.T) {
	worlds, found := rapid.Custom(table), 0
	for seed := range 100 {
		c := worlds.Example(seed)
		alone := func(choice group) bool {
			n := 0
			for g, m := range c {
				if (choice.cohort == "" || choice.cohort == g.cohort) && (choice.topic == "" || choice.topic == g.topic) {
					n += m
				}
			}
			return !few(n)
		}
		if attack(c, alone) != nil {
			found++
		}
	}
	if found == 0 {
		t.Error("nothing is found: the test above shows nothing")
	}
}

// No cell is withheld for nothing: with any one more of five or more, the attack would find some. (A cell of both a cohort and
// a topic needs both told.)
func TestNothingIsWithheldForNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := table(t)
		told := c.published()
		for more, n := range c.sums() {
			side := more.cohort == "" || more.topic == ""
			if n < fewest || told(more) || !side && !(told(group{cohort: more.cohort}) && told(group{topic: more.topic})) {
				continue
			}
			// A side is weighed before the cells of both, so it is held against the sides alone.
			shown := func(g group) bool {
				return g == more || told(g) && (!side || g.cohort == "" || g.topic == "" || c[g] == 0)
			}
			if attack(c, shown) == nil {
				t.Fatalf("%v: %v could be told", c, more)
			}
		}
	})
}

// Tables of one month in which a rule that looks at pairs, or at one line at a time, tells of few.
func TestHolesOfSimplerRules(t *testing.T) {
	for name, c := range map[string]counts{
		"all of a topic is in a cohort":   {{"a", "x"}: 10, {"a", "y"}: 3, {"b", "y"}: 10, {"b", "z"}: 10},
		"what covers is told by its line": {{"a", "x"}: 3, {"a", "y"}: 6, {"a", "z"}: 10, {"b", "x"}: 20, {"b", "y"}: 20, {"b", "z"}: 20},
		"two cohorts less a topic":        {{"a", "y"}: 12, {"a", "z"}: 6, {"b", "y"}: 3, {"c", "z"}: 5},
	} {
		if found := attack(c, c.published()); found != nil {
			t.Errorf("%s: tells %v", name, found)
		}
	}
}

func BenchmarkPublished(b *testing.B) {
	for _, size := range []struct{ cohorts, topics, cases int }{{5, 20, 4000}, {10, 30, 400}, {50, 200, 4000}, {50, 200, 100_000}} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			c, r := counts{}, rand.New(rand.NewPCG(1, 2))
			for range size.cases {
				c[group{fmt.Sprint("c", int(float64(size.cohorts)*r.Float64()*r.Float64())), fmt.Sprint("t", int(float64(size.topics)*r.Float64()*r.Float64()))}]++
			}
			for b.Loop() {
				c.published()
			}
		})
	}
}

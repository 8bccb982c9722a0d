package mentoring

import (
	"cmp"
	"slices"
)

// importing is an import that is being decided on.
type importing struct {
	Known
	rows  []ImportRow
	who   []node // of each row; zero where it cannot be read
	says  []Placement
	of    map[node]int // the row of somebody, where it counts
	moves []bool       // rows that change what is recorded, as far as none is refused
	Import
}

func newImporting(rows []ImportRow, k Known) *importing {
	d := &importing{
		Known: k, rows: rows, who: make([]node, len(rows)), says: make([]Placement, len(rows)),
		of: make(map[node]int, len(rows)), moves: make([]bool, len(rows)),
		Import: Import{Verdicts: make([]Verdict, len(rows)), Above: make([]int, len(rows))},
	}
	for i, r := range rows {
		d.Above[i] = -1
		if r.Email != "" {
			d.who[i] = k.at(AddressOf(r.Email))
		}
	}
	return d
}

// refuseDuplicates refuses all rows about those of whom there are several, and lets the others count.
func (d *importing) refuseDuplicates() {
	times := map[node]int{}
	for _, n := range d.who {
		times[n]++
	}
	for i, r := range d.rows {
		n := d.who[i]
		switch {
		case r.Refused || n == (node{}):
			d.Verdicts[i] = Verdict{RowRefused, ""} // whoever read it knows why
		case times[n] > 1:
			d.Verdicts[i] = Verdict{RowRefused, RowDuplicate}
		default:
			d.of[n] = i
			d.says[i] = d.Known.says(r)
			d.moves[i] = d.said(n) != d.says[i]
		}
	}
}

// above is who stands above somebody, once all rows that count have been followed.
func (d *importing) above(n node) node {
	if i, ok := d.of[n]; ok {
		return d.manager(d.says[i])
	}
	return d.manager(d.said(n))
}

// refuseRings refuses the rows that would change who somebody in a ring reports to, and reports whether there were any: who
// is refused reports to whom they did before, which may close another.
func (d *importing) refuseRings() (found bool) {
	const onTheWay, done = 1, 2
	state := make(map[node]int, len(d.of))
	for i, start := range d.who {
		if !d.moves[i] {
			continue
		}
		var way []node
		n := start
		for ; n != (node{}) && state[n] == 0; n = d.above(n) {
			state[n] = onTheWay
			way = append(way, n)
		}
		if n != (node{}) && state[n] == onTheWay {
			found = d.refuseRing(way[slices.Index(way, n):]) || found
		}
		for _, n := range way {
			state[n] = done
		}
	}
	return found
}

func (d *importing) refuseRing(ring []node) (found bool) {
	for _, n := range ring {
		i, ok := d.of[n]
		if !ok || d.manager(d.said(n)) == d.manager(d.says[i]) {
			continue
		}
		found = true
		d.Verdicts[i] = Verdict{RowRefused, RowCycle}
		d.moves[i] = false
		delete(d.of, n)
	}
	return found
}

// result makes placings of the rows that count.
func (d *importing) result() Import {
	levels := d.levels()
	var order []int
	for n, i := range d.of {
		d.Verdicts[i] = d.verdict(n, i)
		if d.moves[i] {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Or(cmp.Compare(levels[d.who[a]], levels[d.who[b]]), cmp.Compare(a, b)) })
	moved := map[PersonID]Person{} // as those further up will be
	reserved := map[Address]bool{}
	for _, i := range order {
		m := Placing{Row: i, Level: levels[d.who[i]]}
		if n, says := d.who[i], d.says[i]; n.person != "" {
			m.After = d.People[n.person]
			if before := d.said(n); before.Manager != says.Manager || before.Awaits != says.Awaits {
				manager, ok := moved[says.Manager]
				if !ok {
					manager = d.People[says.Manager]
				}
				m.Manager = says.Manager
				m.After.Programme = m.After.Programme.reporting(n.person, manager, says.Awaits)
			}
			m.After.Programme.Cohort = says.Cohort
			moved[n.person] = m.After
		} else {
			m.Address, m.Kept = n.address, Holder{Version: d.Addresses[n.address].Version}
			if says != (Placement{}) {
				m.Kept.Kept = &says
			}
		}
		d.Placings = append(d.Placings, m)
		if a := d.says[i].Awaits; a != "" && d.Addresses[a].Version == 0 && !d.keeps(a) && !reserved[a] {
			reserved[a] = true
			d.Reserve = append(d.Reserve, a)
		}
	}
	return d.Import
}

// keeps reports whether a move records something of an address.
func (d *importing) keeps(a Address) bool {
	i, ok := d.of[node{address: a}]
	return ok && d.moves[i]
}

func (d *importing) verdict(n node, i int) Verdict {
	v := Verdict{Outcome: RowUnchanged}
	switch {
	case n.person == "":
		v.Code = RowNobody
	case d.says[i].Awaits != "":
		v.Code = RowNobodyAbove
	}
	switch {
	case d.moves[i] && v.Code != "":
		v.Outcome = RowKept
	case d.moves[i]:
		v.Outcome = RowChanged
	}
	return v
}

// levels are how many moves stand above somebody who is moved, and notes the nearest. A ring that was there before, in which
// nobody is moved, has none.
func (d *importing) levels() map[node]int {
	level, nearest := map[node]int{}, map[node]int{} // of the moves at and above somebody
	for start := range d.of {
		var way []node
		n := start
		for ; n != (node{}); n = d.above(n) {
			if _, ok := level[n]; ok {
				break
			}
			level[n], nearest[n] = 0, -1
			way = append(way, n)
		}
		count, last := 0, -1
		if n != (node{}) {
			count, last = level[n], nearest[n]
		}
		for _, n := range slices.Backward(way) {
			if i, ok := d.of[n]; ok && d.moves[i] {
				d.Above[i] = last
				count, last = count+1, i
			}
			level[n], nearest[n] = count, last
		}
	}
	return level
}

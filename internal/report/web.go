package report

// web says how many cases tie each end to each other end, from cohorts to topics. An end is a cohort or a topic, and later
// some of them joined. The cohorts that are not told are one end, since no sum can tell them apart; so are the topics. Cases
// that are told by themselves tie nothing.
//
// A sum of what is told counts each case as often as its cohort and its topic are counted together. So it tells a set of cases
// where the ends can be parted in two such that no case leads back from the second part to the first; the set is then those
// that lead from the first to the second. What is told is safe where every such parting has none or five and more.
type web [][]int

func (c counts) web(told map[group]bool) web {
	places := map[group]int{}
	place := func(g group, rest int) int {
		if !told[g] {
			return rest
		}
		if _, ok := places[g]; !ok {
			places[g] = len(places) + 2
		}
		return places[g]
	}
	cases := map[[2]int]int{}
	for g, n := range c {
		if n > 0 && !(told[g] && g.cohort != "" && g.topic != "") {
			cases[[2]int{side(place, group{cohort: g.cohort}, 0), side(place, group{topic: g.topic}, 1)}] += n
		}
	}
	w := make(web, len(places)+2)
	for i := range w {
		w[i] = make([]int, len(w))
	}
	for at, n := range cases {
		w[at[0]][at[1]] = n
	}
	return w
}

// side is the place of a cohort or a topic; without a name it is never told.
func side(place func(group, int) int, g group, rest int) int {
	if g == (group{}) {
		return rest
	}
	return place(g, rest)
}

// safe joins ends that no parting with few cases parts, until there is nothing left between ends, or such a parting is found.
func (w web) safe() bool {
	for {
		from, to, found := w.heaviest()
		if !found {
			return true
		}
		if few(w[from][to]) && w[to][from] == 0 && w.parted(from, to) {
			return false
		}
		w = w.joined(from, to)
	}
}

func (w web) heaviest() (from, to int, found bool) {
	most := 0
	for i, row := range w {
		for j, n := range row {
			if n > most {
				from, to, most = i, j, n
			}
			if most >= fewest {
				return from, to, true
			}
		}
	}
	return from, to, most > 0
}

// joined makes one end of two.
func (w web) joined(a, b int) web {
	last := len(w) - 1
	for k := range w {
		w[a][k] += w[b][k]
	}
	for k := range w {
		w[k][a] += w[k][b]
	}
	w[a][a] = 0
	w[b] = w[last]
	for k := range w[:last] {
		w[k][b] = w[k][last]
		w[k] = w[k][:last]
	}
	w = w[:last]
	if a < last {
		w[a][a] = 0
	}
	return w
}

// parted reports whether a parting with few cases has one end in the first part and the other in the second: whether fewer than
// five ways lead from one to the other (max-flow min-cut).
func (w web) parted(from, to int) bool {
	room := make(web, len(w))
	for i := range w {
		room[i] = append([]int(nil), w[i]...)
	}
	for range fewest {
		if !w.way(room, from, to, make([]bool, len(w))) {
			return true
		}
	}
	return false
}

// way finds a way and takes its room. Along a tie there is room for as many ways as it has cases; back there is room for any,
// and each makes room again.
func (w web) way(room web, from, to int, seen []bool) bool {
	if from == to {
		return true
	}
	seen[from] = true
	for next := range w {
		switch {
		case seen[next]:
		case room[from][next] > 0 && w.way(room, next, to, seen):
			room[from][next]--
			return true
		case w[next][from] > 0 && !seen[next] && w.way(room, next, to, seen):
			room[next][from]++
			return true
		}
	}
	return false
}

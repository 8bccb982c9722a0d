package mentoring

import "slices"

// ImportRow is what one row of POST /v1/people/import says: somebody's address, that of their manager, where one is known,
// and their cohort, where they are in one. The addresses are such as mail can be sent to.
type ImportRow struct {
	Email   string // empty: it could not be read
	Manager string
	Cohort  string
	// Refused is set where something in the row breaks a rule. Then it says no more than whose it is.
	Refused bool
}

// RowOutcome is what became of a row.
type RowOutcome string

const (
	RowChanged    RowOutcome = "changed"     // the person is now as the row says
	RowUnchanged  RowOutcome = "unchanged"   // it was so already
	RowKept       RowOutcome = "kept"        // somebody it names has not enrolled, and it takes effect when they do
	RowRefused    RowOutcome = "refused"     // it breaks a rule, and nothing was done
	RowNotReached RowOutcome = "not_reached" // there was no time for it, or nobody knows whether it was done: import again
)

// RowCode says more about an outcome.
type RowCode string

const (
	RowColumns     RowCode = "columns"              // not three cells
	RowRequired    RowCode = "required"             // no address
	RowBadFormat   RowCode = "bad_format"           // not an address that mail can be sent to
	RowTooLong     RowCode = "too_long"             // a cell of too many characters
	RowInvalidText RowCode = "invalid_text"         // line breaks or control characters
	RowFormula     RowCode = "formula"              // a cell that a spreadsheet would compute
	RowDuplicate   RowCode = "duplicate_address"    // another row is about the same person
	RowCycle       RowCode = "manager_cycle"        // somebody would stand above themselves
	RowNobody      RowCode = "person_not_enrolled"  // the row is kept until they do
	RowNobodyAbove RowCode = "manager_not_enrolled" // the person has no manager until then
	RowNotInTime   RowCode = "out_of_time"          // the request had to be answered
	RowOvertaken   RowCode = "busy"                 // others were changing the same, each time it was tried
)

// Verdict is what became of a row, and why. No code says that there is nothing more to say.
type Verdict struct {
	Outcome RowOutcome
	Code    RowCode
}

// Known is what has been read of those an import names, and of who stands above them. What was looked for and does not exist
// is there too, as a zero value.
type Known struct {
	Addresses map[Address]Holder
	People    map[PersonID]Person
}

// Placing is what an import changes of one person: all of it, or nothing. Either they have enrolled, and After is the person
// then, or Kept is what is kept for whoever enrols with Address.
type Placing struct {
	Row     int // the row that says so
	Level   int // those of one level are independent of each other; those of lower levels come first
	After   Person
	Manager PersonID // who must be as they were read, or as a placing of theirs left them; empty where the manager stays who it is
	Address Address
	Kept    Holder
}

// Enrolled reports whether it is of a person.
func (m Placing) Enrolled() bool { return m.After.Enrolled() }

// Import is what has been decided of all rows.
type Import struct {
	// Verdicts are of all rows, supposing that every placing is made.
	Verdicts []Verdict
	// Placings are ordered by level. After each, nobody stands above themselves, whichever of the same level were made:
	// whoever is placed has a manager who is, all the way up, where they are to be.
	Placings []Placing
	// Above is, by row, the row of the nearest placing further up, which must have been made; -1 where there is none.
	Above []int
	// Reserve are addresses of managers of whom nothing is recorded. With a record, whoever enrols with one is seen to be
	// awaited.
	Reserve []Address
}

// node is somebody in the organisation: a person, or an address nobody has enrolled with.
type node struct {
	person  PersonID
	address Address
}

// at is who has an address.
func (k Known) at(a Address) node {
	who := k.Addresses[a].Person
	if p, read := k.People[who]; who == "" || read && !p.Enrolled() {
		return node{address: a}
	}
	return node{person: who}
}

// said is what is recorded of somebody.
func (k Known) said(n node) (p Placement) {
	if n.person != "" {
		return k.People[n.person].Programme.placement()
	}
	if kept := k.Addresses[n.address].Kept; kept != nil {
		return *kept
	}
	return p
}

// manager is who is named by a placement, the zero node where nobody is.
func (k Known) manager(p Placement) node {
	switch {
	case p.Manager != "":
		return node{person: p.Manager}
	case p.Awaits != "":
		return k.at(p.Awaits)
	}
	return node{}
}

// says is what a row wants recorded.
func (k Known) says(r ImportRow) Placement {
	p := Placement{Cohort: r.Cohort}
	if r.Manager == "" {
		return p
	}
	above := k.at(AddressOf(r.Manager))
	p.Manager, p.Awaits = above.person, above.address
	return p
}

// Missing is what must be read before the rows can be decided on. It is asked until nothing is missing: who stands above
// somebody shows only when they have been read.
func (k Known) Missing(rows []ImportRow) (addresses []Address, people []PersonID) {
	seen := map[Address]bool{}
	ask := func(email string) {
		a := AddressOf(email)
		if _, read := k.Addresses[a]; email != "" && !read && !seen[a] {
			seen[a] = true
			addresses = append(addresses, a)
		}
	}
	for _, r := range rows {
		ask(r.Email)
		ask(r.Manager)
	}
	if addresses != nil {
		return addresses, nil
	}
	asked := map[PersonID]bool{}
	for _, r := range rows {
		if r.Email == "" {
			continue
		}
		if n := k.at(AddressOf(r.Email)); k.unread(n) && !asked[n.person] {
			asked[n.person] = true
			people = append(people, n.person)
		}
	}
	if people != nil {
		return nil, people
	}
	return k.missingAbove(rows)
}

func (k Known) unread(n node) bool {
	_, read := k.People[n.person]
	return n.person != "" && !read
}

// missingAbove is what is not known of those who stand above people that are to be moved, by what is recorded and by what
// the rows say.
func (k Known) missingAbove(rows []ImportRow) (addresses []Address, people []PersonID) {
	says, open := map[node]Placement{}, []node{}
	for _, r := range rows {
		if r.Email == "" || r.Refused {
			continue
		}
		n := k.at(AddressOf(r.Email))
		says[n] = k.says(r)
		if k.said(n) != says[n] {
			open = append(open, n)
		}
	}
	for seen := map[node]bool{}; len(open) > 0; {
		n := open[len(open)-1]
		open = open[:len(open)-1]
		switch {
		case n == (node{}) || seen[n]:
			continue
		case k.unread(n):
			people = append(people, n.person)
		}
		seen[n] = true
		for _, p := range []Placement{k.said(n), says[n]} {
			if _, read := k.Addresses[p.Awaits]; p.Awaits != "" && !read {
				addresses = append(addresses, p.Awaits)
			} else {
				open = append(open, k.manager(p))
			}
		}
	}
	slices.Sort(addresses)
	return slices.Compact(addresses), people
}

// DecideImport decides on all rows of an import, from what is known of those they name: nothing may be missing of it. Rows
// about one person more than once are refused, all of them, and so are all that would close a ring of managers: which one
// is the mistake, nobody here can tell. The order of the rows makes no difference, and neither does importing them again.
func DecideImport(rows []ImportRow, k Known) Import {
	d := newImporting(rows, k)
	d.refuseDuplicates()
	for d.refuseRings() {
	}
	return d.result()
}

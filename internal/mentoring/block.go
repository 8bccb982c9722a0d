package mentoring

import "slices"

// Apart is somebody whom a person does not meet here. Both agendas have it, so that each side's own record answers
// whether the other exists for them (product.md section 3, blocks).
type Apart struct {
	Person PersonID `json:"person"`
	ByMe   bool     `json:"byMe,omitzero"`   // the person of the agenda said so
	ByThem bool     `json:"byThem,omitzero"` // the other one did
}

// maxBlocks is how many people one person can block.
const maxBlocks = 200

// apartFrom reports whether somebody does not exist for the person of the agenda.
func (a Agenda) apartFrom(other PersonID) bool {
	return slices.ContainsFunc(a.Apart, func(x Apart) bool { return x.Person == other })
}

// Blocked are those whom the person of the agenda blocked. Who blocked them is nobody's to know.
func (a Agenda) Blocked() (ids []PersonID) {
	for _, x := range a.Apart {
		if x.ByMe {
			ids = append(ids, x.Person)
		}
	}
	return ids
}

// Block is the command of PUT and DELETE /v1/me/blocks/{personId}.
type Block struct {
	Of PersonID
	On bool
}

// DecideBlock makes somebody not exist for a person, and the other way round, or takes that back. What both have in hand
// with one another stays, and either can cancel it. Doing so again changes nothing, which changed says. It refuses with
// [ProfileRequired], with [NotFound] where the other has not enrolled, with [InvalidField] where somebody blocks themselves,
// or [ActiveLimitReached].
func DecideBlock(me, them Viewer, c Block) (mine, theirs Agenda, changed bool, err error) {
	mine, theirs = me.Agenda, them.Agenda
	switch {
	case !me.Person.Enrolled():
		return mine, theirs, false, refuse(ProfileRequired, "Enrol first: PUT /v1/me.")
	case me.Person.ID == c.Of:
		var f faults
		f.add("/path/personId", NotAllowed, "Is your own id.")
		return mine, theirs, false, f.err()
	case !them.Person.Enrolled():
		return mine, theirs, false, Missing()
	}
	if slices.Contains(mine.Blocked(), c.Of) == c.On {
		return mine, theirs, false, nil
	}
	if c.On && len(mine.Blocked()) >= maxBlocks {
		return mine, theirs, false, refuse(ActiveLimitReached, "You have blocked as many people as one can. Unblock somebody first.")
	}
	mine.Apart = apart(mine.Apart, c.Of, func(x *Apart) { x.ByMe = c.On })
	theirs.Apart = apart(theirs.Apart, me.Person.ID, func(x *Apart) { x.ByThem = c.On })
	return mine, theirs, true, nil
}

// apart is the list with the entry of one person changed; one that says nothing any more goes.
func apart(list []Apart, who PersonID, change func(*Apart)) []Apart {
	list = slices.Clone(list)
	at := slices.IndexFunc(list, func(x Apart) bool { return x.Person == who })
	if at < 0 {
		at, list = len(list), append(list, Apart{Person: who})
	}
	if change(&list[at]); !list[at].ByMe && !list[at].ByThem {
		list = slices.Delete(list, at, at+1)
	}
	return list
}

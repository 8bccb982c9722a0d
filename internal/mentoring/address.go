package mentoring

import (
	"crypto/sha256"
	"slices"
	"strings"
)

// Address stands for an e-mail address without telling it: what is kept by it says nothing of whoever it belongs to, and
// nothing has to be found and taken out when a person is erased. Mail servers may tell upper from lower case left of the @,
// and none does.
type Address string

// AddressOf is the one that an e-mail address has, however it is written.
func AddressOf(email string) Address {
	sum := sha256.Sum256([]byte("address\x00" + strings.ToLower(strings.TrimSpace(email))))
	return Address(idEncoding.EncodeToString(sum[:16]))
}

// Holder is what is recorded of an address: who has it, and what is kept for whoever will. An issuer may give an address to
// somebody else (a new account, a successor), and the one before cannot be asked to give it up: it is whose who came to
// have it last.
type Holder struct {
	Person  PersonID   `json:"person,omitzero"`
	Kept    *Placement `json:"kept,omitzero"`
	Version int64      `json:"-"`
}

// Placement is what an import says of somebody: to whom they report, and their cohort. The manager is named by person, or
// by address while nobody has enrolled with it, or not at all.
type Placement struct {
	Manager PersonID `json:"manager,omitzero"`
	Awaits  Address  `json:"awaits,omitzero"`
	Cohort  string   `json:"cohort,omitzero"`
}

// placement is what the programme holds of a person, in the terms of an import.
func (p Programme) placement() Placement { return Placement{p.Manager(), p.Awaits, p.Cohort} }

// reporting is the programme of a person who reports to somebody by now, awaits one whose address is known, or neither. What
// else it says stays.
func (p Programme) reporting(who PersonID, manager Person, awaits Address) Programme {
	p.Managers, p.Awaits = chainAbove(who, manager), ""
	if !manager.Enrolled() {
		p.Awaits = awaits
	}
	return p
}

// Place is the person as an import said that somebody with their address is to be, once they have it; manager is who has
// enrolled of those it names, the zero person where nobody has. A manager who reports to the person by now is left out: since
// the import somebody has said otherwise.
func (p Person) Place(kept Placement, manager Person) Person {
	if p.above(manager) {
		manager, kept.Awaits = Person{}, ""
	}
	p.Programme = p.Programme.reporting(p.ID, manager, kept.Awaits)
	p.Programme.Cohort = kept.Cohort
	return p
}

// Join is the person once the manager they await has enrolled with an address, and whether that changes anything. Where the
// manager reports to them by now, they await nobody any more.
func (p Person) Join(manager Person, at Address) (after Person, changed bool) {
	if p.Programme.Awaits != at || !manager.Enrolled() {
		return p, false
	}
	if p.above(manager) {
		manager = Person{}
	}
	p.Programme = p.Programme.reporting(p.ID, manager, "")
	return p, true
}

// above reports whether the person is the other, or stands above them.
func (p Person) above(other Person) bool {
	return p.ID == other.ID || slices.Contains(other.Programme.Managers, p.ID)
}

package mentoring

import (
	"slices"
	"strings"
	"time"
)

// SlotFilter says which slots somebody who browses wants to see (product.md section 5). Empty fields ask for
// nothing; what the others ask for must all hold.
type SlotFilter struct {
	Topic       string    // or one that is the same by merging
	From, To    time.Time // starting at or after From, before To
	Kind        SessionKind
	Format      Format
	Direction   Direction
	Mode        Mode        // among those the slot offers
	Language    string      // among those of the slot; en stands for en-GB too, but not the other way round
	Affiliation Affiliation // of the expert to the one who looks
	Expert      PersonID
	Bookable    bool // only what the one who looks can book now
}

// Matches reports whether the slot is what the filter asks for, to the person who looks. Whether somebody can book is [Bookable]'s to say, as everywhere. That the slot exists for the
// person at all is another question: see [Slot.VisibleTo].
func (f SlotFilter) Matches(s Slot, o Occupancy, v Viewer, topics Taxonomy, p Policy, now time.Time) bool {
	return (f.Topic == "" || topics.Same(f.Topic, s.Topic)) &&
		!s.StartsAt.Before(f.From) && (f.To.IsZero() || s.StartsAt.Before(f.To)) &&
		asked(f.Kind, s.Kind) && asked(f.Format, s.Format) && asked(f.Direction, s.Direction) &&
		(f.Mode == "" || slices.Contains(s.Modes, f.Mode)) &&
		(f.Language == "" || slices.ContainsFunc(s.Languages, f.speaks)) &&
		asked(f.Affiliation, v.Person.AffiliationTo(s.Host)) &&
		asked(f.Expert, s.Host.ID) &&
		(!f.Bookable || Bookable(s, o, v, p, now) == nil)
}

// Faults are what is wrong with what is asked for, among these topics.
func (f SlotFilter) Faults(topics Taxonomy) []Fault {
	var wrong faults
	if f.Topic != "" && !topics.Knows(f.Topic) {
		wrong.add("/query/topic", NotAllowed, "No topic has this slug: GET /v1/topics.")
	}
	return wrong
}

// asked reports whether a value is the one that is asked for, if one is.
func asked[T ~string](want, is T) bool { return want == "" || want == is }

// speaks matches as RFC 4647 section 3.3.1 (basic filtering) does: by the whole tag, or by all that stands
// before one of its hyphens. Tags have one spelling, so case needs no care.
func (f SlotFilter) speaks(tag string) bool {
	return tag == f.Language || strings.HasPrefix(tag, f.Language+"-")
}

// KnownLanguage reports whether the text is a language tag as profiles and slots may have it: of RFC 5646 in
// its usual case, such as en or pt-BR.
func KnownLanguage(tag string) bool { return languageTag(tag) }

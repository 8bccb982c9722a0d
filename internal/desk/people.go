package desk

import (
	"context"
	"crypto/sha256"
	"encoding/base64"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Coordinators look people up along the entries of their profiles, in the order in which they enrolled: all of them, or those
// of one cohort. Whoever enrolled before profiles had entries is there from the next change of theirs on, and whoever is erased
// is there no more.

const peoplePartition = "PEOPLE"

// cohortPartition names a cohort without its name, which may be any text.
func cohortPartition(cohort string) string {
	sum := sha256.Sum256([]byte("cohort\x00" + cohort))
	return "COHORT#" + base64.RawURLEncoding.EncodeToString(sum[:16])
}

// People lists those who have enrolled, in that order, for a coordinator; cohort, unless empty, chooses those of one: GET
// /v1/people. after is the Next of the page before. A page may be short and not be the last, where somebody on it has just
// left. It refuses with [mentoring.Forbidden] for everybody else, or with [mentoring.Busy].
func (d *Desk) People(ctx context.Context, c Caller, cohort, after string, limit int) (list List[ProgrammeView], err error) {
	if !c.Coordinator {
		return list, mentoring.CoordinatorsOnly()
	}
	r := table.Range{Index: table.Hosting, PK: peoplePartition, Limit: limit}
	if cohort != "" {
		r.Index, r.PK = table.Attending, cohortPartition(cohort)
	}
	if after != "" {
		r.From = table.After(after)
	}
	page, err := d.Table.Query(ctx, r)
	if err != nil {
		return read(list, err)
	}
	people, err := d.viewers(ctx, page.Records)
	for _, who := range people {
		if who.Person.Enrolled() && (cohort == "" || who.Person.Programme.Cohort == cohort) { // an index may lag behind
			list.Items = append(list.Items, d.viewProgramme(who, c))
		}
	}
	if err == nil {
		err = d.addMail(ctx, list.Items)
	}
	if page.More && len(page.Records) > 0 {
		list.Next = page.Records[len(page.Records)-1].Entries[r.Index].SK
	}
	return read(list, err)
}

// viewers reads the people of whom these are entries, in their order.
func (d *Desk) viewers(ctx context.Context, entries []table.Record) ([]mentoring.Viewer, error) {
	people := make([]mentoring.Viewer, len(entries))
	at := map[string]*mentoring.Viewer{}
	var keys []table.Key
	for i, r := range entries {
		at[r.PK] = &people[i]
		keys = append(keys, r.Key, table.Key{PK: r.PK, SK: placeAgenda})
	}
	records, err := d.getAll(ctx, keys)
	for _, r := range records {
		if err == nil {
			err = sortViewer([]table.Record{r}, at[r.PK])
		}
	}
	return people, err
}

// addMail says of people whether mail reaches them.
func (d *Desk) addMail(ctx context.Context, people []ProgrammeView) error {
	var keys []table.Key
	for _, p := range people {
		keys = append(keys, suppressionKey(p.Person.Email))
	}
	records, err := d.getAll(ctx, keys)
	held := map[table.Key]*table.Record{}
	for _, r := range records {
		held[r.Key] = &r
	}
	for i := range people {
		if err == nil {
			people[i].Mail.Suppression, err = suppressionIn(held[keys[i]])
		}
	}
	return err
}

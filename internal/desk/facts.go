package desk

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/report"
	"flashmentoring/internal/table"
	"flashmentoring/internal/telemetry"
)

// Facts are what the programme's report counts, recorded under the day of the session when a slot or booking is over: that
// day is the same for good by then. They follow events, moments later, and always say what is: so an event that comes late,
// or twice, does no harm.

const placeNote = "note#"

func factKey(day time.Time, place string) table.Key {
	return table.Key{PK: "FACTS#" + day.UTC().Format(time.DateOnly), SK: place}
}

// note is what one side wrote to those who look after the programme.
type noteDoc struct {
	Role mentoring.Role `json:"role"`
	Text string         `json:"text"`
}

// RecordFacts records what the report counts of what an event is about, as that is by now. It returns [mentoring.Busy] where
// that could not be done.
func (d *Desk) RecordFacts(ctx context.Context, e mentoring.Event) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		news, err := d.news(ctx, e, true)
		if err != nil {
			return none, nil, err
		}
		fresh := d.factsOf(news)
		keys := make([]table.Key, len(fresh))
		for i, f := range fresh {
			keys[i] = f.key
		}
		recorded, err := d.getAll(ctx, keys)
		if err != nil {
			return none, nil, err
		}
		var writes []table.Write
		for _, f := range fresh {
			w, err := f.against(recorded)
			if err != nil {
				return none, nil, err
			}
			writes = append(writes, w...)
		}
		return none, writes, nil
	})
	return ignoreMissing(err)
}

// fact is a record to be: doc is what it says, nil for that it should not be there. keeping takes from what is recorded what
// stays as it was then.
type fact struct {
	key     table.Key
	doc     any
	keeping func(table.Record) (any, error)
}

// against are the writes that make it so.
func (f fact) against(recorded []table.Record) ([]table.Write, error) {
	i := slices.IndexFunc(recorded, func(r table.Record) bool { return r.Key == f.key })
	if i < 0 {
		if f.doc == nil {
			return nil, nil
		}
		return []table.Write{table.Insert(record(f.key, 0, f.doc))}, nil
	}
	old := recorded[i]
	if f.doc == nil {
		return []table.Write{table.Remove(old)}, nil
	}
	doc := f.doc
	if f.keeping != nil {
		var err error
		if doc, err = f.keeping(old); err != nil {
			return nil, err
		}
	}
	r := record(f.key, old.Version, doc)
	if bytes.Equal(r.Data, old.Data) {
		return nil, nil
	}
	return []table.Write{table.Update(r)}, nil
}

// factsOf are the facts of what an event is about: of the slot, and of those of its bookings that are over.
func (d *Desk) factsOf(n mentoring.News) (all []fact) {
	now, slot := d.Now(), n.State.Slot
	if f, over := mentoring.SlotFactOf(n.State, n.People[slot.Host.ID].Person, now); over {
		all = append(all, fact{factKey(f.StartsAt, string(f.Slot)), f, func(r table.Record) (any, error) {
			old, err := decode[mentoring.SlotFact](r)
			f.Cohort = old.Cohort
			return f, err
		}})
	}
	for _, b := range n.Bookings {
		p := n.Papers[b.ID]
		f, over := mentoring.BookingFactOf(p, slot, n.People[b.Requester.ID].Person, now)
		if !over || b.Slot != slot.ID {
			continue
		}
		all = append(all, fact{factKey(f.StartsAt, string(f.Booking)), f, func(r table.Record) (any, error) {
			old, err := decode[mentoring.BookingFact](r)
			f.Cohort, f.Affiliation = old.Cohort, old.Affiliation
			return f, err
		}})
		for _, role := range []mentoring.Role{mentoring.Requester, mentoring.Expert} {
			note := fact{key: factKey(f.StartsAt, placeNote+string(role)+"#"+string(b.ID))}
			if text := p.ToProgramme(role); text != "" {
				note.doc = noteDoc{role, text}
			}
			all = append(all, note)
		}
	}
	return all
}

// Report is what the programme learns from a period, for coordinators: GET /v1/reports/programme. It refuses with
// [mentoring.Forbidden] for everybody else, with [mentoring.InvalidField] or with [mentoring.Busy].
func (d *Desk) Report(ctx context.Context, c Caller, q report.Query) (report.Report, error) {
	if err := mayReport(c, q); err != nil {
		return report.Report{}, err
	}
	var slots []mentoring.SlotFact
	var bookings []mentoring.BookingFact
	err := d.factsIn(ctx, q, func(r table.Record) error {
		switch {
		case strings.HasPrefix(r.SK, placeNote):
		case mentoring.BookingID(r.SK).Valid():
			f, err := decode[mentoring.BookingFact](r)
			bookings = append(bookings, f)
			return err
		default:
			f, err := decode[mentoring.SlotFact](r)
			slots = append(slots, f)
			return err
		}
		return nil
	})
	if err != nil {
		return read(report.Report{}, err)
	}
	return report.Make(q, d.Now(), slots, bookings), nil
}

// ProgrammeNote is what somebody wrote to those who look after the programme: without who it was, and about whom.
type ProgrammeNote struct {
	Day  mentoring.Day
	Role mentoring.Role
	Text string
}

// Notes are what was written to the programme about the sessions of a period, for coordinators, by day: GET
// /v1/reports/notes. It refuses as [Desk.Report].
func (d *Desk) Notes(ctx context.Context, c Caller, q report.Query) (all []ProgrammeNote, err error) {
	if err := mayReport(c, q); err != nil {
		return nil, err
	}
	err = d.factsIn(ctx, q, func(r table.Record) error {
		if !strings.HasPrefix(r.SK, placeNote) {
			return nil
		}
		doc, err := decode[noteDoc](r)
		all = append(all, ProgrammeNote{mentoring.Day(strings.TrimPrefix(r.PK, "FACTS#")), doc.Role, doc.Text})
		return err
	})
	return read(all, err)
}

func mayReport(c Caller, q report.Query) error {
	if !c.Coordinator {
		return mentoring.CoordinatorsOnly()
	}
	return mentoring.Wrong(q.Faults())
}

// daysAtOnce is how many days of a report are read side by side.
const daysAtOnce = 16

// factsIn hands over every fact of the days of a period, in the order of days.
func (d *Desk) factsIn(ctx context.Context, q report.Query, each func(table.Record) error) error {
	days := int(q.To.Sub(q.From).Hours() / 24)
	found := make([][]table.Record, days)
	group, ctx := telemetry.SideBySide(ctx)
	group.SetLimit(daysAtOnce)
	for i := range days {
		group.Go(func() (err error) {
			found[i], err = d.partition(ctx, factKey(q.From.AddDate(0, 0, i), "").PK)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, r := range slices.Concat(found...) {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

// partition reads all records of a partition.
func (d *Desk) partition(ctx context.Context, pk string) (all []table.Record, err error) {
	for r := (table.Range{PK: pk, Limit: 1000}); ; {
		page, err := d.Table.Query(ctx, r)
		if err != nil {
			return nil, err
		}
		all = append(all, page.Records...)
		if !page.More || len(page.Records) == 0 {
			return all, nil
		}
		r.From = table.After(page.Records[len(page.Records)-1].SK)
	}
}

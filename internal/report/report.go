package report

import (
	"time"

	"flashmentoring/internal/mentoring"
)

// Query is what a report is about: sessions that begin in the months from From up to To, which is none of them; of one
// cohort, one topic, or all (empty).
type Query struct {
	From, To      time.Time
	Cohort, Topic string
}

// MaxMonths is the longest period of a report.
const MaxMonths = 24

// Faults are what is wrong with a query: its period must be of whole months of UTC (see the package comment).
func (q Query) Faults() []mentoring.Fault {
	var faults []mentoring.Fault
	wrong := func(pointer string, code mentoring.FaultCode, detail string) {
		faults = append(faults, mentoring.Fault{Pointer: pointer, Code: code, Detail: detail})
	}
	if !monthOf(q.From).Equal(q.From) {
		wrong("/query/from", mentoring.BadFormat, "Must be the first day of a month.")
	}
	if !monthOf(q.To).Equal(q.To) {
		wrong("/query/to", mentoring.BadFormat, "Must be the first day of a month: the one after the period.")
	}
	if !q.From.Before(q.To) || q.To.After(q.From.AddDate(0, MaxMonths, 0)) {
		wrong("/query/to", mentoring.OutOfRange, "Must be one to 24 months after from.")
	}
	return faults
}

// Months are the first days of the months of the period.
func (q Query) Months() (all []time.Time) {
	for m := q.From; m.Before(q.To); m = m.AddDate(0, 1, 0) {
		all = append(all, m)
	}
	return all
}

func monthOf(t time.Time) time.Time {
	t = t.UTC()
	return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// Report is the answer to a query.
type Report struct {
	Query   Query
	Figures []Value
	Months  []Month
}

// Month is the report of one month alone.
type Month struct {
	Begins  time.Time
	Figures []Value
}

// Value is one figure, with the number of cases behind it. Where it is withheld, or there is no case, it has no value.
type Value struct {
	Name     string
	Unit     Unit
	Value    *float64
	N        int
	Withheld bool
	// LeftOut are the months of the period that are not in it, because their cells are withheld.
	LeftOut []time.Time
}

// Make makes the report of the facts of a period, as of now. Facts of other times are not looked at.
func Make(q Query, now time.Time, slots []mentoring.SlotFact, bookings []mentoring.BookingFact) Report {
	r := Report{Query: q, Figures: make([]Value, len(figures))}
	months := q.Months()
	for _, m := range months {
		r.Months = append(r.Months, Month{m, make([]Value, len(figures))})
	}
	for i, f := range figures {
		byMonth := f.collect(slots, bookings)
		whole := Value{Name: f.name, Unit: f.unit}
		var pooled []sample
		for j, m := range months {
			c := byMonth[m]
			r.Months[j].Figures[i] = Value{Name: f.name, Unit: f.unit}
			if !f.final(m, now) || !c.counts().published()(group{q.Cohort, q.Topic}) {
				r.Months[j].Figures[i].Withheld = true
				whole.LeftOut = append(whole.LeftOut, m)
				continue
			}
			chosen := c.of(q)
			r.Months[j].Figures[i].set(f, chosen)
			pooled = append(pooled, chosen...)
		}
		whole.set(f, pooled)
		whole.Withheld = len(whole.LeftOut) > 0 && len(pooled) == 0
		r.Figures[i] = whole
	}
	return r
}

// final reports whether nothing of a figure can change any more in a month, where that matters: what somebody answered is told
// by what came in between two readings of it.
func (f figure) final(month, now time.Time) bool {
	return f.changes == 0 || !now.Before(month.AddDate(0, 1, 0).Add(f.changes))
}

func (v *Value) set(f figure, cases []sample) {
	if v.N = len(cases); v.N > 0 {
		v.Value = new(f.value(cases))
	}
}

// cases are those of one figure in one month, by group.
type cases map[group][]sample

func (c cases) counts() counts {
	n := counts{}
	for g, all := range c {
		n[g] = len(all)
	}
	return n
}

// of are the cases of the cohort and the topic that a query chooses.
func (c cases) of(q Query) (all []sample) {
	for g, these := range c {
		if (q.Cohort == "" || q.Cohort == g.cohort) && (q.Topic == "" || q.Topic == g.topic) {
			all = append(all, these...)
		}
	}
	return all
}

func (f figure) collect(slots []mentoring.SlotFact, bookings []mentoring.BookingFact) map[time.Time]cases {
	byMonth := map[time.Time]cases{}
	add := func(at time.Time, g group, s sample) {
		m := monthOf(at)
		if byMonth[m] == nil {
			byMonth[m] = cases{}
		}
		byMonth[m][g] = append(byMonth[m][g], s)
	}
	if f.slots != nil {
		for _, fact := range slots {
			if s, ok := f.slots(fact); ok {
				add(fact.StartsAt, group{fact.Cohort, fact.Topic}, s)
			}
		}
		return byMonth
	}
	for _, fact := range bookings {
		if s, ok := f.bookings(fact); ok {
			add(fact.StartsAt, group{fact.Cohort, fact.Topic}, s)
		}
	}
	return byMonth
}

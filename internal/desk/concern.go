package desk

import (
	"context"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Concerns lie in one partition by time, for coordinators; whoever raised one finds it by an entry of their own.

const (
	concernPartition = "CONCERNS"
	placeConcern     = "CONCERN#"
)

func concernKey(id mentoring.ConcernID) (table.Key, bool) {
	place, ok := timedPlace(mentoring.ConcernPrefix, string(id))
	return table.Key{PK: concernPartition, SK: place}, ok
}

// ConcernView is a concern as its author or a coordinator sees it. It is also what an idempotency record keeps.
type ConcernView struct {
	Concern mentoring.Concern `json:"concern"`
	Version int64             `json:"version"`
}

// viewConcern shows the resolution's words to coordinators only.
func viewConcern(c mentoring.Concern, who Caller) ConcernView {
	view := ConcernView{c, c.Version}
	if !who.Coordinator {
		view.Concern.Resolution = ""
	}
	return view
}

// Raise tells coordinators of a concern: POST /v1/concerns. It refuses with what [mentoring.DecideRaise] answers, with
// [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Raise(ctx context.Context, c Caller, r mentoring.Raise, once Once) (ConcernView, error) {
	id, now := mentoring.ConcernID(d.timedID(mentoring.ConcernPrefix)), d.Now()
	return transact(ctx, d, func(ctx context.Context) (none ConcernView, _ []table.Write, err error) {
		var me standing
		var about mentoring.Person
		var b mentoring.Booking
		reads := []reading{d.self(c, once, &me)}
		if r.About.Valid() {
			reads = append(reads, d.profile(r.About, &about))
		}
		if r.Booking.Valid() {
			reads = append(reads, func(ctx context.Context) (err error) {
				b, err = d.booking(ctx, r.Booking)
				return ignoreMissing(err)
			})
		}
		if err := d.round(ctx, reads...); err != nil {
			return none, nil, err
		}
		if before, known, err := recall[ConcernView](once, me, now); known || err != nil {
			return before, nil, err
		}
		made, err := mentoring.DecideRaise(id, c.ID, r, about, b, now)
		if err != nil {
			before, err := unlessAnswered[ConcernView](ctx, d, c, once, err)
			return before, nil, err
		}
		key, _ := concernKey(id)
		writes := []table.Write{
			table.Insert(record(key, 0, made)), table.Insert(record(personKey(c.ID, placeConcern+key.SK), 0, struct{}{})),
		}
		made.Version = 1
		view := viewConcern(made, c)
		return view, once.remember(writes, c.ID, me, view, now), nil
	})
}

// Concerns lists concerns, oldest first: to coordinators all but those about themselves, to everybody else their own: GET
// /v1/concerns. after is the Next of the page before; a page may be short and not be the last. It refuses with
// [mentoring.Busy].
func (d *Desk) Concerns(ctx context.Context, c Caller, after string, limit int) (list List[ConcernView], err error) {
	r := table.Range{PK: concernPartition, Limit: limit}
	if !c.Coordinator {
		from, to := table.Prefixed(placeConcern)
		r = table.Range{PK: personKey(c.ID, "").PK, From: from, To: to, Limit: limit}
	}
	if after != "" {
		r.From = table.After(after)
	}
	page, err := d.Table.Query(ctx, r)
	if err != nil {
		return read(list, err)
	}
	records := page.Records
	if !c.Coordinator && len(records) > 0 {
		keys := make([]table.Key, len(records))
		for i, r := range records {
			keys[i] = table.Key{PK: concernPartition, SK: r.SK[len(placeConcern):]}
		}
		if records, err = d.Table.Get(ctx, keys...); err != nil {
			return read(list, err)
		}
	}
	for _, r := range records {
		concern, err := decodeConcern(r)
		if err != nil {
			return list, err
		}
		if concern.VisibleTo(c.ID, c.Coordinator) {
			list.Items = append(list.Items, viewConcern(concern, c))
		}
	}
	if page.More && len(page.Records) > 0 {
		list.Next = page.Records[len(page.Records)-1].SK
	}
	return list, nil
}

// Resolve closes a concern for a coordinator: POST /v1/concerns/{id}/resolve. A second call changes nothing and returns the
// same. It refuses with [mentoring.Forbidden] for everybody else, with [mentoring.NotFound], also for one about the caller, with
// what [mentoring.DecideResolve] answers, [mentoring.KeyReused] or [mentoring.Busy].
func (d *Desk) Resolve(ctx context.Context, c Caller, id mentoring.ConcernID, r mentoring.Resolve, once Once) (ConcernView, error) {
	if !c.Coordinator {
		return ConcernView{}, mentoring.CoordinatorsOnly()
	}
	key, ok := concernKey(id)
	if !ok {
		return ConcernView{}, mentoring.Missing()
	}
	now := d.Now()
	return transact(ctx, d, func(ctx context.Context) (none ConcernView, _ []table.Write, err error) {
		var me standing
		var records []table.Record
		err = d.round(ctx, d.self(c, once, &me), func(ctx context.Context) (err error) {
			records, err = d.Table.Get(ctx, key)
			return err
		})
		if err != nil {
			return none, nil, err
		}
		if before, known, err := recall[ConcernView](once, me, now); known || err != nil {
			return before, nil, err
		}
		if len(records) == 0 {
			return none, nil, mentoring.Missing()
		}
		before, err := decodeConcern(records[0])
		if err != nil {
			return none, nil, err
		}
		if !before.VisibleTo(c.ID, c.Coordinator) {
			return none, nil, mentoring.Missing()
		}
		after, err := mentoring.DecideResolve(before, r, now)
		if err != nil || after == before {
			return viewConcern(before, c), nil, err
		}
		write := table.Update(record(key, before.Version, after))
		after.Version++
		view := viewConcern(after, c)
		return view, once.remember([]table.Write{write}, c.ID, me, view, now), nil
	})
}

func decodeConcern(r table.Record) (mentoring.Concern, error) {
	c, err := decode[mentoring.Concern](r)
	c.Version = r.Version
	return c, err
}

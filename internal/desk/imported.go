package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// MaxImportRows is how many rows one import has at most.
const MaxImportRows = 10_000

// importAttempts is how often rows are decided on that met a change, a collision or a silent engine.
const importAttempts = 4

// Import makes the programme's data of people what a coordinator's file says: POST /v1/people/import. It returns a verdict on
// each row. Each row is done or not, and by itself: what the others say does not keep it from being done, unless it is about
// the same person, or closes a ring with them. What was not done before time ran out is not_reached, and the same import
// again goes on there: rows that are as they should be are only read.
//
// With a key, the answer is remembered once it is whole. It is the one answer that does not commit with its effect, which has
// thousands of commits; a request that comes again in between has no further effect and finds everything unchanged.
//
// It refuses with [mentoring.Forbidden] for everybody but coordinators, with [mentoring.KeyReused], or with
// [mentoring.Busy] where nothing was decided in time. There must be no more than [MaxImportRows].
func (d *Desk) Import(ctx context.Context, c Caller, rows []mentoring.ImportRow, once Once) ([]mentoring.Verdict, error) {
	if !c.Coordinator {
		return nil, mentoring.CoordinatorsOnly()
	}
	var me standing
	if once.given() {
		if err := d.self(c, once, &me)(ctx); err != nil {
			return read[[]mentoring.Verdict](nil, err)
		}
		before, known, err := recall[verdicts](once, me, d.Now())
		if known || err != nil {
			return before, err
		}
	}
	run := &importRun{Desk: d, rows: rows, verdicts: make(verdicts, len(rows)), sent: make([]bool, len(rows)), enough: enough(ctx)}
	if err := run.work(ctx); err != nil {
		return read[[]mentoring.Verdict](nil, err)
	}
	if once.given() && !run.open() {
		// Where it cannot be remembered, the answer is no less right.
		_ = d.Table.Commit(ctx, once.remember(nil, c.ID, me, run.verdicts, d.Now())...)
	}
	return run.verdicts, nil
}

// enough is when no more work may be begun, so that what has begun can end and be answered within the context: after four
// fifths of its time. It is the machine's, as the context's end.
func enough(ctx context.Context) time.Time {
	end, limited := ctx.Deadline()
	if !limited {
		return time.Time{}
	}
	return end.Add(-time.Until(end) / 5)
}

// importRun is one import at work.
type importRun struct {
	*Desk
	rows     []mentoring.ImportRow
	verdicts verdicts
	sent     []bool // rows whose commit may have been applied although nobody knows
	enough   time.Time
}

// outOfTime reports whether no more work may be begun.
func (r *importRun) outOfTime(ctx context.Context) bool {
	return ctx.Err() != nil || !r.enough.IsZero() && !time.Now().Before(r.enough)
}

// open reports whether there are rows that were not reached.
func (r *importRun) open() bool {
	return slices.ContainsFunc(r.verdicts, func(v mentoring.Verdict) bool { return v.Outcome == mentoring.RowNotReached })
}

// work decides and commits until nothing is left to do, or not in time.
func (r *importRun) work(ctx context.Context) (err error) {
	read := false // so that every row has a verdict
	for attempt := range importAttempts {
		var known mentoring.Known
		switch known, err = r.read(ctx); {
		case err == nil:
			read = true
			decided := mentoring.DecideImport(r.rows, known)
			r.note(decided)
			// Large commits are few. Where one of many in them is in the way of the others, later attempts are about fewer.
			if err := r.commit(ctx, known, decided, max(1, maxTogether>>(2*attempt))); err != nil {
				return err
			}
		case !passing(err):
			return err
		}
		if read && !r.open() || r.outOfTime(ctx) || r.jitter(ctx, attempt) != nil {
			break
		}
	}
	if read { // what is done stays done
		return nil
	}
	return err
}

// note takes over the verdicts on rows about which there is nothing to do. Others were not reached until they are done.
func (r *importRun) note(decided mentoring.Import) {
	before := slices.Clone(r.verdicts)
	copy(r.verdicts, decided.Verdicts)
	for i, was := range before {
		switch v := r.verdicts[i]; {
		case was.Outcome == mentoring.RowChanged || was.Outcome == mentoring.RowKept:
			r.verdicts[i] = was // by an attempt before
		case r.sent[i] && v.Outcome == mentoring.RowUnchanged:
			r.verdicts[i] = done(v) // as it turns out
		}
	}
	for _, p := range decided.Placings {
		r.verdicts[p.Row] = mentoring.Verdict{Outcome: mentoring.RowNotReached, Code: mentoring.RowNotInTime}
	}
}

// done is the verdict on a row that was changed, where it would be unchanged now.
func done(v mentoring.Verdict) mentoring.Verdict {
	v.Outcome = mentoring.RowChanged
	if v.Code != "" {
		v.Outcome = mentoring.RowKept
	}
	return v
}

// read reads all that the rows are decided on.
func (r *importRun) read(ctx context.Context) (mentoring.Known, error) {
	k := mentoring.Known{
		Addresses: make(map[mentoring.Address]mentoring.Holder, 2*len(r.rows)), People: make(map[mentoring.PersonID]mentoring.Person, len(r.rows)),
	}
	for {
		addresses, people := k.Missing(r.rows)
		if len(addresses)+len(people) == 0 {
			return k, nil
		}
		keys := make([]table.Key, 0, len(addresses)+len(people))
		for _, a := range addresses {
			k.Addresses[a] = mentoring.Holder{}
			keys = append(keys, addressKey(a, placeHolder))
		}
		for _, id := range people {
			k.People[id] = mentoring.Person{ID: id}
			keys = append(keys, personKey(id, placeProfile))
		}
		found, err := r.getMany(ctx, keys)
		if err != nil {
			return k, err
		}
		for _, record := range found {
			if err := sortKnown(k, record); err != nil {
				return k, err
			}
		}
	}
}

func sortKnown(k mentoring.Known, r table.Record) error {
	if r.SK == placeHolder {
		h, err := decodeHolder(r)
		k.Addresses[mentoring.Address(strings.TrimPrefix(r.PK, addressKey("", "").PK))] = h
		return err
	}
	p, err := decodePerson(r)
	k.People[p.ID] = p
	return err
}

// verdicts are kept as text of one letter per row: ten thousand of them must fit in one record.
type verdicts []mentoring.Verdict

// letters are all verdicts there are, of whole answers. Their places are what is kept: new ones go to the end.
var letters = []mentoring.Verdict{
	{Outcome: mentoring.RowChanged},
	{Outcome: mentoring.RowUnchanged},
	{Outcome: mentoring.RowUnchanged, Code: mentoring.RowNobody},
	{Outcome: mentoring.RowUnchanged, Code: mentoring.RowNobodyAbove},
	{Outcome: mentoring.RowKept, Code: mentoring.RowNobody},
	{Outcome: mentoring.RowKept, Code: mentoring.RowNobodyAbove},
	{Outcome: mentoring.RowRefused},
	{Outcome: mentoring.RowRefused, Code: mentoring.RowDuplicate},
	{Outcome: mentoring.RowRefused, Code: mentoring.RowCycle},
}

var errUnknownLetter = errors.New("desk: a remembered import has an unknown letter")

// MarshalText makes letters of verdicts.
func (vs verdicts) MarshalText() ([]byte, error) {
	text := make([]byte, len(vs))
	for i, v := range vs {
		at := slices.Index(letters, v)
		if at < 0 {
			return nil, errUnknownLetter
		}
		text[i] = 'a' + byte(at)
	}
	return text, nil
}

// UnmarshalText reads what MarshalText made.
func (vs *verdicts) UnmarshalText(text []byte) error {
	*vs = make(verdicts, len(text))
	for i, letter := range text {
		if letter < 'a' || int(letter-'a') >= len(letters) {
			return errUnknownLetter
		}
		(*vs)[i] = letters[letter-'a']
	}
	return nil
}

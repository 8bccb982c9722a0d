package desk

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
	"flashmentoring/internal/telemetry"
)

const (
	// maxTogether is how many people one commit places at the most. One who had no manager takes four of the hundred writes
	// there is room for, others one or five, and each manager takes one.
	maxTogether = 24
	// importBreadth is how many calls to storage an import has under way at once. More would help little: a function has
	// part of a processor, and a table that was small has little capacity at first.
	importBreadth = 16
)

// getMany is getAll for very many keys: one round, of so many calls at a time.
func (r *importRun) getMany(ctx context.Context, keys []table.Key) ([]table.Record, error) {
	pages := make([][]table.Record, (len(keys)+table.MaxGets-1)/table.MaxGets)
	group, ctx := telemetry.SideBySide(table.Together(ctx))
	group.SetLimit(importBreadth)
	at := 0
	for chunk := range slices.Chunk(keys, table.MaxGets) {
		page := &pages[at]
		at++
		group.Go(func() (err error) {
			*page, err = r.Table.Get(ctx, chunk...)
			return err
		})
	}
	err := group.Wait()
	return slices.Concat(pages...), err
}

// commit makes the placings level by level, so many together in one commit. What could not be made, or has to wait for
// somebody further up who could not, stays not reached. An error is one that another attempt does not mend.
func (r *importRun) commit(ctx context.Context, known mentoring.Known, decided mentoring.Import, together int) error {
	if reserved, err := r.reserve(ctx, decided.Reserve); err != nil || !reserved {
		return err
	}
	made := make([]bool, len(r.rows))
	placed := map[mentoring.PersonID]bool{}
	for rest := decided.Placings; len(rest) > 0; {
		n := slices.IndexFunc(rest, func(p mentoring.Placing) bool { return p.Level != rest[0].Level })
		if n < 0 {
			n = len(rest)
		}
		level := slices.DeleteFunc(slices.Clone(rest[:n]), func(p mentoring.Placing) bool {
			above := decided.Above[p.Row]
			if above < 0 || made[above] {
				return false
			}
			r.verdicts[p.Row] = r.verdicts[above]
			return true
		})
		rest = rest[n:]
		group, ctx := telemetry.SideBySide(ctx)
		group.SetLimit(importBreadth)
		for _, lane := range lanes(level, together) {
			group.Go(func() error {
				for _, some := range lane {
					if err := r.place(ctx, known, placed, made, decided, some); err != nil {
						return err
					}
				}
				return nil
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for _, p := range level {
			if made[p.Row] && p.Enrolled() {
				placed[p.After.ID] = true
			}
		}
	}
	return nil
}

// lanes spreads placings over lanes that are worked on side by side, each commit by commit. A commit makes sure of the
// managers it is about, and two that do so of one at the same moment collide; so everybody of one manager is in one lane.
func lanes(level []mentoring.Placing, together int) (all [][][]mentoring.Placing) {
	slices.SortStableFunc(level, func(a, b mentoring.Placing) int { return cmp.Compare(a.Manager, b.Manager) })
	var commit []mentoring.Placing // of teams that fit in together
	for len(level) > 0 {
		n := 1
		for n < len(level) && level[0].Manager != "" && level[n].Manager == level[0].Manager {
			n++
		}
		team := level[:n]
		level = level[n:]
		if n > together {
			all = append(all, slices.Collect(slices.Chunk(team, together)))
			continue
		}
		if len(commit)+n > together {
			all = append(all, [][]mentoring.Placing{commit})
			commit = nil
		}
		commit = append(commit, team...)
	}
	if commit != nil {
		all = append(all, [][]mentoring.Placing{commit})
	}
	return all
}

// reserve makes records of addresses that managers will have. It reports false where others did so at the same moment, or
// there is no time.
func (r *importRun) reserve(ctx context.Context, addresses []mentoring.Address) (bool, error) {
	for some := range slices.Chunk(addresses, table.MaxWrites) {
		if r.outOfTime(ctx) {
			return false, nil
		}
		var writes []table.Write
		for _, a := range some {
			writes = append(writes, put(holderRecord(a, mentoring.Holder{})))
		}
		if err := r.Table.Commit(ctx, writes...); err != nil {
			return false, lasting(err)
		}
	}
	return true, nil
}

// lasting is an error that another attempt does not mend.
func lasting(err error) error {
	if passing(err) {
		return nil
	}
	return err
}

// place makes some placings in one commit, or in several where they do not fit in one.
func (r *importRun) place(
	ctx context.Context, known mentoring.Known, placed map[mentoring.PersonID]bool, made []bool, decided mentoring.Import, some []mentoring.Placing,
) error {
	if r.outOfTime(ctx) {
		return nil
	}
	writes, err := r.placingWrites(ctx, known, placed, some)
	if err != nil {
		return lasting(err)
	}
	if half := len(some) / 2; half > 0 && tooMuch(writes) {
		return errors.Join(
			r.place(ctx, known, placed, made, decided, some[:half]), r.place(ctx, known, placed, made, decided, some[half:]))
	}
	err = r.Table.Commit(ctx, writes...)
	var refused *table.Refusal
	for _, p := range some {
		if err == nil {
			made[p.Row], r.verdicts[p.Row] = true, decided.Verdicts[p.Row]
			continue
		}
		r.verdicts[p.Row].Code = mentoring.RowOvertaken
		r.sent[p.Row] = r.sent[p.Row] || !errors.As(err, &refused)
	}
	return lasting(err)
}

// tooMuch reports whether writes do not fit in one commit.
func tooMuch(writes []table.Write) bool {
	size := 0
	for _, w := range writes {
		size += w.Record.Size()
	}
	return len(writes) > table.MaxWrites || size > table.MaxCommitSize/2
}

// placingWrites are the writes of some placings, with the managers named as they were read, or as this import left them.
func (r *importRun) placingWrites(
	ctx context.Context, known mentoring.Known, placed map[mentoring.PersonID]bool, some []mentoring.Placing,
) (writes []table.Write, err error) {
	agendas, err := r.agendas(ctx, known, some)
	if err != nil {
		return nil, err
	}
	var managers []mentoring.PersonID
	for _, p := range some {
		if !p.Enrolled() {
			writes = append(writes, put(holderRecord(p.Address, p.Kept)))
			continue
		}
		before := mentoring.Viewer{Person: known.People[p.After.ID], Agenda: agendas[p.After.ID]}
		writes = append(writes, r.profileWrites(before, p.After, 0)...)
		writes = append(writes, placing(before.Person, p.After)...)
		if awaits := p.After.Programme.Awaits; awaits != "" && awaits != before.Person.Programme.Awaits {
			writes = append(writes, r.announce(mentoring.Event{Kind: mentoring.PersonArrived, At: r.Now(), Person: p.After.ID}))
		}
		if p.Manager != "" && !slices.Contains(managers, p.Manager) {
			managers = append(managers, p.Manager)
		}
	}
	for _, id := range managers {
		manager := known.People[id]
		if placed[id] {
			manager.Version++
		}
		writes = append(writes, table.Require(profileRecord(manager)))
	}
	return writes, nil
}

// agendas are read at the last moment, of those whose manager changes: what is in them does not matter, only that no
// booking commits that was decided on what was true before.
func (r *importRun) agendas(ctx context.Context, known mentoring.Known, some []mentoring.Placing) (map[mentoring.PersonID]mentoring.Agenda, error) {
	var keys []table.Key
	for _, p := range some {
		if p.Enrolled() && !slices.Equal(known.People[p.After.ID].Programme.Managers, p.After.Programme.Managers) {
			keys = append(keys, personKey(p.After.ID, placeAgenda))
		}
	}
	found := map[mentoring.PersonID]mentoring.Agenda{}
	if keys == nil {
		return found, nil
	}
	records, err := r.Table.Get(ctx, keys...)
	for _, record := range records {
		a, err := decodeAgenda(record)
		if err != nil {
			return nil, err
		}
		found[mentoring.PersonID(record.PK[len(personKey("", "").PK):])] = a
	}
	return found, err
}

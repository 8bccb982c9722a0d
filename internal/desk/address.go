package desk

import (
	"context"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Under each address that somebody enrolled with, or that an import named, there is a record: who has it, or what is kept
// for whoever will. Beside it are those who await the address as their manager's.

const (
	placeHolder = "HOLDER"
	placeAwait  = "AWAIT#"
)

func addressKey(a mentoring.Address, place string) table.Key {
	return table.Key{PK: "ADDRESS#" + string(a), SK: place}
}

func holderRecord(a mentoring.Address, h mentoring.Holder) table.Record {
	return record(addressKey(a, placeHolder), h.Version, h)
}

func decodeHolder(r table.Record) (mentoring.Holder, error) {
	h, err := decode[mentoring.Holder](r)
	h.Version = r.Version
	return h, err
}

// holder reads who has an address: the zero Holder where nothing is recorded of it.
func (d *Desk) holder(ctx context.Context, a mentoring.Address) (h mentoring.Holder, err error) {
	records, err := d.Table.Get(ctx, addressKey(a, placeHolder))
	if err == nil && len(records) > 0 {
		h, err = decodeHolder(records[0])
	}
	return h, err
}

// arrive makes somebody who enrols, or has another address than before, the one who has it, and takes up what is kept for
// them. held is what is recorded of the address. Where they have it already there is nothing to do; where nothing says so
// yet, that is made good.
func (d *Desk) arrive(ctx context.Context, before, after mentoring.Person, held *table.Record) (mentoring.Person, []table.Write, error) {
	was, is := mentoring.AddressOf(before.Email), mentoring.AddressOf(after.Email)
	var mine mentoring.Holder
	var err error
	if held != nil {
		if mine, err = decodeHolder(*held); err != nil {
			return after, nil, err
		}
	}
	if before.Enrolled() && was == is && mine.Person != "" {
		return after, nil, nil
	}
	writes := []table.Write{put(holderRecord(is, mentoring.Holder{Person: after.ID, Version: mine.Version}))}
	if before.Enrolled() && was != is {
		left, err := d.giveUpAddress(ctx, before)
		if err != nil {
			return after, nil, err
		}
		writes = append(writes, left...)
	}
	if mine.Kept != nil {
		manager, err := d.keptManager(ctx, *mine.Kept)
		if err != nil {
			return after, nil, err
		}
		after = after.Place(*mine.Kept, manager)
		writes = append(append(writes, placing(before, after)...), sure(after, manager)...)
	}
	if mine.Version > 0 { // an import has named the address: perhaps others await them, or they somebody
		writes = append(writes, d.announce(mentoring.Event{Kind: mentoring.PersonArrived, At: d.Now(), Person: after.ID}))
	}
	return after, writes, nil
}

// giveUpAddress are the writes that make an address nobody's, unless it is somebody else's by now.
func (d *Desk) giveUpAddress(ctx context.Context, of mentoring.Person) ([]table.Write, error) {
	at := mentoring.AddressOf(of.Email)
	held, err := d.holder(ctx, at)
	if err != nil || held.Person != of.ID {
		return nil, err
	}
	return []table.Write{table.Remove(holderRecord(at, held))}, nil
}

// keptManager is the manager who is kept for somebody, if they have enrolled by now.
func (d *Desk) keptManager(ctx context.Context, kept mentoring.Placement) (manager mentoring.Person, err error) {
	id := kept.Manager
	if id == "" && kept.Awaits != "" {
		holder, err := d.holder(ctx, kept.Awaits)
		if err != nil {
			return manager, err
		}
		id = holder.Person
	}
	if id != "" {
		err = d.profile(id, &manager)(ctx)
	}
	return manager, err
}

// sure makes a commit depend on the manager being as they were read, where somebody comes to report to them: or two that are
// made each other's manager at the same moment could both succeed.
func sure(after, manager mentoring.Person) []table.Write {
	if !manager.Enrolled() || after.Programme.Manager() != manager.ID {
		return nil
	}
	return []table.Write{table.Require(profileRecord(manager))}
}

// placing are the writes that go with a change of whom somebody reports to, or awaits, beside that of their profile.
func placing(before, after mentoring.Person) (writes []table.Write) {
	if was, is := before.Programme.Manager(), after.Programme.Manager(); was != is {
		writes = append(writes, reporting(after.ID, was, is)...)
	}
	if was, is := before.Programme.Awaits, after.Programme.Awaits; was != is {
		if was != "" {
			writes = append(writes, table.Drop(addressKey(was, placeAwait+string(after.ID))))
		}
		if is != "" {
			writes = append(writes, table.Insert(record(addressKey(is, placeAwait+string(after.ID)), 0, struct{}{})))
		}
	}
	return writes
}

// Meet brings somebody together with the manager they await, and with those who await them. Whoever begins to await
// somebody announces it, and so does whoever comes to have an address that is named: the later of the two commits sees the
// other, so neither has to write what the other reads. It can be asked at any time, and again. It returns
// [mentoring.Busy] where something could not be decided.
func (d *Desk) Meet(ctx context.Context, id mentoring.PersonID) error {
	var who mentoring.Person
	if err := d.profile(id, &who)(ctx); err != nil || !who.Enrolled() {
		return err
	}
	if at := who.Programme.Awaits; at != "" {
		above, err := d.holder(ctx, at)
		if err == nil && above.Person != "" {
			err = d.join(ctx, id, above.Person, at)
		}
		if err != nil {
			return err
		}
	}
	mine := mentoring.AddressOf(who.Email)
	if held, err := d.holder(ctx, mine); err != nil || held.Person != id {
		return err
	}
	waiting, err := d.keysIn(ctx, addressKey(mine, "").PK, placeAwait)
	for _, key := range waiting {
		if err == nil {
			err = d.join(ctx, mentoring.PersonID(key.SK[len(placeAwait):]), id, mine)
		}
	}
	return err
}

// join makes somebody report to a manager they await by an address.
func (d *Desk) join(ctx context.Context, id, to mentoring.PersonID, at mentoring.Address) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		var who mentoring.Viewer
		var manager mentoring.Person
		if err := d.round(ctx, d.viewer(id, &who), d.profile(to, &manager)); err != nil {
			return none, nil, err
		}
		after, changed := who.Person.Join(manager, at)
		if !changed {
			return none, nil, nil
		}
		writes := append(d.profileWrites(who, after, 0), placing(who.Person, after)...)
		return none, append(writes, sure(after, manager)...), nil
	})
	return err
}

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

// A wake is a row that says when somebody must look at a slot. The place is the time, so one query of each shard finds all
// that is overdue, however long nobody looked. What there is to do the slot's state says by then ([Desk.Tend]), so a wake
// that comes twice, or for a slot that moved meanwhile, does no harm.

type wakeDoc struct {
	Slot mentoring.SlotID `json:"slot"`
	At   time.Time        `json:"at"`
}

func (d *Desk) wakeKey(w mentoring.Wake) table.Key {
	place := placeAt(w.At, string(w.Slot))
	if w.For != "" {
		place += "#" + string(w.For)
	}
	return table.Key{PK: shardOf("DUE", string(w.Slot), d.DueShards), SK: place}
}

func (d *Desk) wake(w mentoring.Wake) table.Write {
	return table.Insert(record(d.wakeKey(w), 0, wakeDoc{w.Slot, w.At}))
}

// unplanned are those wakes that are not planned yet: a slot that moves to a time and back comes to the same wake twice, and
// what follows a session can be what follows another wake.
func (d *Desk) unplanned(ctx context.Context, wakes []mentoring.Wake) ([]mentoring.Wake, error) {
	if len(wakes) == 0 {
		return nil, nil
	}
	wakes = slices.Clone(wakes)
	slices.SortFunc(wakes, func(a, b mentoring.Wake) int { return strings.Compare(d.wakeKey(a).SK, d.wakeKey(b).SK) })
	wakes = slices.CompactFunc(wakes, func(a, b mentoring.Wake) bool { return d.wakeKey(a) == d.wakeKey(b) })
	keys := make([]table.Key, len(wakes))
	for i, w := range wakes {
		keys[i] = d.wakeKey(w)
	}
	planned, err := d.Table.Get(ctx, keys...)
	return slices.DeleteFunc(wakes, func(w mentoring.Wake) bool {
		return slices.ContainsFunc(planned, func(r table.Record) bool { return r.Key == d.wakeKey(w) })
	}), err
}

// WakesDue reads the oldest wakes of one shard that are due at a time, limit at the most; after is the place of the last of
// the page before, or empty.
func (d *Desk) WakesDue(ctx context.Context, shardNumber int, after string, at time.Time, limit int) ([]table.Key, error) {
	return d.keysDue(ctx, shard("DUE", shardNumber), after, at, limit)
}

// keysDue are the first keys of a partition whose places begin with a time up to the one given.
func (d *Desk) keysDue(ctx context.Context, partition, after string, until time.Time, limit int) ([]table.Key, error) {
	from := after
	if after != "" {
		from = table.After(after)
	}
	page, err := d.Table.Query(ctx, table.Range{PK: partition, From: from, To: placeAt(until, "~"), Limit: limit})
	if err != nil {
		return nil, err
	}
	keys := make([]table.Key, len(page.Records))
	for i, r := range page.Records {
		keys[i] = r.Key
	}
	return keys, nil
}

// Woken is what is to be counted of a wake.
type Woken struct {
	Done bool          // false where it had been dealt with
	Late time.Duration // after the time it was planned for
	// Stale is the reminder that it came too late for; empty where there is none.
	Stale mentoring.NoticeKind
}

// Wake does what a wake is for, plans the slot's next one, and drops it, all in one commit unless there is more to do than
// fits one. One that was dealt with does nothing, nor one for a slot that is gone. A wake that cannot be read is dropped with
// [ErrDamaged]: the slot has others, and events. One of a later release is left to that ([ErrLater]).
func (d *Desk) Wake(ctx context.Context, key table.Key) (Woken, error) {
	records, err := d.Table.Get(ctx, key)
	if err != nil || len(records) == 0 {
		return Woken{}, err
	}
	row := records[0]
	doc, err := decode[wakeDoc](row)
	if errors.Is(err, ErrLater) {
		return Woken{}, err
	}
	if err != nil {
		if dropped := d.Table.Commit(ctx, table.Drop(key)); dropped != nil {
			return Woken{}, dropped
		}
		return Woken{}, ErrDamaged
	}
	now := d.Now()
	for {
		woken, err := transact(ctx, d, func(ctx context.Context) (Woken, []table.Write, error) {
			return d.wakeUp(ctx, key, doc, now)
		})
		if err != nil || woken.Done {
			return woken, err
		}
	}
}

// wakeUp does a part of what a wake is for. With the last part the wake goes and the slot's next one comes; where there is no
// room for that, it is a part of its own.
func (d *Desk) wakeUp(ctx context.Context, key table.Key, doc wakeDoc, now time.Time) (Woken, []table.Write, error) {
	woken := Woken{Done: true, Late: now.Sub(doc.At)}
	s, err := d.attend(ctx, doc.Slot, doc.At)
	if err != nil {
		return woken, []table.Write{table.Drop(key)}, ignoreMissing(err)
	}
	after, next := s.After(s.changes), table.Key{}
	if at, ok := after.Slot.NextWake(doc.At); ok && !s.changes.More {
		w := mentoring.Wake{Slot: doc.Slot, At: at}
		s.changes.Wakes, next = append(s.changes.Wakes, w), d.wakeKey(w)
	}
	writes, err := d.attended(ctx, s)
	if s.changes.More || len(writes) >= table.MaxWrites {
		return Woken{}, slices.DeleteFunc(writes, func(w table.Write) bool { return w.Record.Key == next }), err
	}
	woken.Stale = after.StaleReminder(doc.At, now)
	return woken, append(writes, table.Drop(key)), err
}

package desk

import (
	"context"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// A dead letter is an event from the outbox that could not be handled and was put aside, to be looked at by a person.
// Nothing of it is lost: it keeps the row as it was, and [Desk.Redrive] puts that back.

// DeadLetterID is "dead_" and 128 bits, by time (timed.go).
type DeadLetterID string

const (
	deadPrefix    = "dead_"
	deadPartition = "DEAD"
	// redrivenFor is how long a dead letter stays in the list after it was put back.
	redrivenFor = 14 * 24 * time.Hour
)

func (d *Desk) newDeadLetterID() DeadLetterID { return DeadLetterID(d.timedID(deadPrefix)) }

// key is where the letter lies. It reports whether the id has the form of one.
func (id DeadLetterID) key() (table.Key, bool) {
	place, ok := timedPlace(deadPrefix, string(id))
	return table.Key{PK: deadPartition, SK: place}, ok
}

// Failure says what of an event could not be done: a message that could not be sent, or, without Kind, the rest.
type Failure struct {
	Kind   mentoring.NoticeKind `json:"kind,omitzero"`
	Role   mentoring.Role       `json:"role,omitzero"` // of the reader
	Reason string               `json:"reason"`        // a code, never the words of a service
}

// DeadLetter is an event that was put aside. Event is empty where the row could not be read.
type DeadLetter struct {
	ID         DeadLetterID
	Event      mentoring.Event
	Attempts   int
	Failures   []Failure
	ParkedAt   time.Time
	RedrivenAt time.Time // zero while it lies there
}

// deadDoc is the stored form. Row is the text of the row, which need not be readable.
type deadDoc struct {
	Row        string    `json:"row"`
	Attempts   int       `json:"attempts"`
	Failures   []Failure `json:"failures"`
	ParkedAt   time.Time `json:"parkedAt"`
	RedrivenAt time.Time `json:"redrivenAt,omitzero"`
}

func (doc deadDoc) row() (outboxDoc, error) {
	return decode[outboxDoc](table.Record{Data: []byte(doc.Row)})
}

func (doc deadDoc) letter(id DeadLetterID) DeadLetter {
	row, _ := doc.row() // what cannot be read is not shown
	return DeadLetter{id, row.Event, doc.Attempts, doc.Failures, doc.ParkedAt, doc.RedrivenAt}
}

// Park moves a row that cannot be handled to the dead letters, after so many attempts and with what failed.
func (d *Desk) Park(ctx context.Context, row *Row, attempts int, failures []Failure) error {
	key, _ := d.newDeadLetterID().key()
	doc := deadDoc{Row: string(row.record.Data), Attempts: attempts, Failures: failures, ParkedAt: d.Now()}
	return d.replace(ctx, row, record(key, 0, doc))
}

// DeadLetters lists for a coordinator what was put aside, oldest first; after is the Next of the page before: GET
// /v1/mail/dead. It refuses with [mentoring.Forbidden] for everybody else, or with [mentoring.Busy].
func (d *Desk) DeadLetters(ctx context.Context, c Caller, after string, limit int) (List[DeadLetter], error) {
	if !c.Coordinator {
		return List[DeadLetter]{}, mentoring.CoordinatorsOnly()
	}
	r := table.Range{PK: deadPartition, Limit: limit}
	if after != "" {
		r.From = table.After(after)
	}
	page, err := d.Table.Query(ctx, r)
	if err != nil {
		return read(List[DeadLetter]{}, err)
	}
	var list List[DeadLetter]
	for _, r := range page.Records {
		doc, err := decode[deadDoc](r)
		if err != nil {
			return List[DeadLetter]{}, err
		}
		list.Items = append(list.Items, doc.letter(DeadLetterID(timedAt(deadPrefix, r.SK))))
	}
	if page.More && len(page.Records) > 0 {
		list.Next = page.Records[len(page.Records)-1].SK
	}
	return list, nil
}

// Redrive puts a dead letter back into the outbox for a coordinator, due at once, with its attempts forgotten and what was
// refused for good to be tried again: POST /v1/mail/dead/{deadId}/retry. A second call changes nothing and returns the
// same. It refuses with [mentoring.Forbidden] for everybody else, with [mentoring.NotFound], [mentoring.KeyReused] or
// [mentoring.Busy].
func (d *Desk) Redrive(ctx context.Context, c Caller, id DeadLetterID, once Once) (DeadLetter, error) {
	if !c.Coordinator {
		return DeadLetter{}, mentoring.CoordinatorsOnly()
	}
	key, ok := id.key()
	if !ok {
		return DeadLetter{}, mentoring.Missing()
	}
	return transact(ctx, d, func(ctx context.Context) (DeadLetter, []table.Write, error) {
		now := d.Now()
		var me standing
		var records []table.Record
		err := d.round(ctx, d.self(c, once, &me), func(ctx context.Context) (err error) {
			records, err = d.Table.Get(ctx, key)
			return err
		})
		if err != nil {
			return DeadLetter{}, nil, err
		}
		if before, known, err := recall[DeadLetter](once, me, now); known || err != nil {
			return before, nil, err
		}
		if len(records) == 0 {
			return DeadLetter{}, nil, mentoring.Missing()
		}
		doc, err := decode[deadDoc](records[0])
		if err != nil || !doc.RedrivenAt.IsZero() {
			return doc.letter(id), nil, err
		}
		doc.RedrivenAt = now
		parked := record(key, records[0].Version, doc)
		parked.Expires = doc.RedrivenAt.Add(redrivenFor)
		writes := []table.Write{table.Update(parked), table.Insert(d.revived(doc, key.SK))}
		return doc.letter(id), once.remember(writes, c.ID, me, doc.letter(id), now), nil
	})
}

// revived is the row of a dead letter, due at once. Its place follows from the letter, so that there cannot be two.
func (d *Desk) revived(doc deadDoc, place string) table.Record {
	partition := shardOf("OUTBOX", place, d.OutboxShards)
	row, err := doc.row()
	if err != nil { // as it was: a later version may be able to read it
		return table.Record{Key: table.Key{PK: partition, SK: placeAt(doc.RedrivenAt, place)}, Data: []byte(doc.Row)}
	}
	row.Attempts, row.Round, row.Due = 0, row.Round+1, doc.RedrivenAt
	return rowRecord(partition, place, row)
}

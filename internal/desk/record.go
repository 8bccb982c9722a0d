package desk

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"time"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// The records, by partition and place. Times in keys are UTC and of fixed width, so that they sort.
//
//	SLOT#slot        META              the slot as published
//	                 LISTING           what browsing shows: the slot and its free seats; in indexes open, topic
//	                 QUEUE#time#id     one place on the waiting list, by the booking that has it
//	                 SEAT#nn           one seat, once it was taken or the slot changed
//	                 TOLD#kind#v#who   one message about the slot as a whole (ledger.go)
//	BOOKING#booking  BOOKING           the booking; in indexes attending, hosting
//	                 SURVEY#who        what one side answered after the session; who: requester, expert, outcome
//	                 TAKEAWAYS         what the requester takes from it
//	                 DEBRIEF           how the requester closed it
//	                 TASKS             what the requester sets out to do
//	                 MAIL#kind#v#who   one message: claimed or sent (ledger.go)
//	PERSON#person    AGENDA            all the person has in hand
//	                 MONTH#yyyy-mm     the sessions of an expert with a monthly cap
//	                 PROFILE           who the person is
//	                 FEED              which address of the person's sessions is good (feed.go)
//	                 REPORT#person     somebody who reports to the person
//	                 CONCERN#time      a concern the person raised (concern.go)
//	                 MAILS#yyyy-mm-dd  how many mails the person got that day (ledger.go)
//	ADDRESS#hash     HOLDER            who has an e-mail address, or what is kept for whoever will (address.go)
//	                 AWAIT#person      somebody whose manager will have it
//	SUPPRESSED#hash  SUPPRESSION       why an address gets no mail (suppression.go)
//	IDEM#person      hash              the answer to a request that may come again (once.go)
//	OUTBOX#nn        time#id           an event to be handled from that time on (outbox.go)
//	CONCERNS         time and id       what coordinators should know (concern.go)
//	DEAD             time and id       an event that could not be handled (dead.go)
//	DUE#nn           time#slot#booking when somebody must look at a slot (wake.go)
//	FACTS#yyyy-mm-dd slot or booking   what the report counts of a session of that day (facts.go)
//	                 note#who#booking  what one side wrote to the programme about it
//	TOPICS           CHANGED           what coordinators have said of topics (taxonomy.go)
//	                 OPEN              how many open slots each topic has (opencount.go)
//	KEPT             UNTIL             up to which day words have been forgotten (keep.go)
//
// Index partitions: open OPEN#nn, topic TOPIC#slug, attending and hosting PERSON#person, in hosting also HOST#person and PEOPLE,
// and in attending also COHORT#hash.
const (
	placeMeta    = "META"
	placeListing = "LISTING"
	placeQueue   = "QUEUE#"
	placeSeat    = "SEAT#"
	placeTold    = "TOLD#"
	placeBooking = "BOOKING"
	placeMail    = "MAIL#"

	placeSurvey    = "SURVEY#"
	placeTakeaways = "TAKEAWAYS"
	placeDebrief   = "DEBRIEF"
	placeTasks     = "TASKS"

	placeAgenda  = "AGENDA"
	placeMonth   = "MONTH#"
	placeReport  = "REPORT#"
	placeProfile = "PROFILE"
	placeFeed    = "FEED"
	placeMails   = "MAILS#"
)

func slotKey(id mentoring.SlotID, place string) table.Key {
	return table.Key{PK: "SLOT#" + string(id), SK: place}
}

func seatKey(s mentoring.Seat) table.Key {
	return slotKey(s.Slot, fmt.Sprintf("%s%02d", placeSeat, s.Number))
}

func bookingKey(id mentoring.BookingID, place string) table.Key {
	return table.Key{PK: "BOOKING#" + string(id), SK: place}
}

func personKey(id mentoring.PersonID, place string) table.Key {
	return table.Key{PK: "PERSON#" + string(id), SK: place}
}

const keyTime = "2006-01-02T15:04:05.000Z"

// placeAt is a place that sorts by time, and by id among equal times.
func placeAt(t time.Time, id string) string { return t.UTC().Format(keyTime) + "#" + id }

// shardOf spreads ids evenly over n shards.
func shardOf(prefix, id string, n int) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return shard(prefix, int(h.Sum32()%uint32(n)))
}

func shard(prefix string, i int) string { return fmt.Sprintf("%s#%02d", prefix, i) }

// record makes a record of a document at the version it was read at (0: new).
func record(key table.Key, version int64, doc any) table.Record {
	data, err := json.Marshal(doc)
	if err != nil {
		panic(fmt.Sprintf("desk: %T is not JSON: %v", doc, err)) // our own types always are
	}
	return table.Record{Key: key, Version: version, Data: stamp(data)}
}

// decode reads a record's document. It returns [ErrLater] for one that a later release wrote; another that does not decode is
// damage, not input.
func decode[T any](r table.Record) (doc T, err error) {
	if later(r.Data) {
		return doc, ErrLater
	}
	if err = json.Unmarshal(r.Data, &doc); err != nil {
		err = fmt.Errorf("desk: record %s is damaged: %w", kindOf(r.Key), err)
	}
	return doc, err
}

// kindOf names a record's kind without naming whose it is.
func kindOf(k table.Key) string {
	for i := range k.PK {
		if k.PK[i] == '#' {
			return k.PK[:i]
		}
	}
	return "unknown"
}

// put inserts a record that was never read and updates one that was.
func put(r table.Record) table.Write {
	if r.Version == 0 {
		return table.Insert(r)
	}
	return table.Update(r)
}

// slotRecord has an entry among the slots of its expert, by which those are found that nobody ever booked.
func slotRecord(s mentoring.Slot) table.Record {
	r := record(slotKey(s.ID, placeMeta), s.Version, s)
	r.Entries = map[table.Index]table.Key{table.Hosting: {PK: hostPartition(s.Host.ID), SK: placeAt(s.StartsAt, string(s.ID))}}
	return r
}

func hostPartition(who mentoring.PersonID) string { return "HOST#" + string(who) }

func seatRecord(s mentoring.Seat) table.Record { return record(seatKey(s), s.Version, s) }

func waiterRecord(w mentoring.Waiter) table.Record {
	return record(slotKey(w.Slot, placeQueue+placeAt(w.Since, string(w.Booking))), w.Version, w)
}

func monthRecord(m mentoring.Month) table.Record {
	return record(personKey(m.Expert, placeMonth+m.Name), m.Version, m)
}

// profileRecord has entries among the people, and among those of the cohort, while the person is somebody. They are of two
// indexes that hold keys only, so writing a profile again costs them nothing.
func profileRecord(p mentoring.Person) table.Record {
	r := record(personKey(p.ID, placeProfile), p.Version, p)
	if !p.ErasedAt.IsZero() {
		return r
	}
	place := placeAt(p.EnrolledAt, string(p.ID))
	r.Entries = map[table.Index]table.Key{table.Hosting: {PK: peoplePartition, SK: place}}
	if cohort := p.Programme.Cohort; cohort != "" {
		r.Entries[table.Attending] = table.Key{PK: cohortPartition(cohort), SK: place}
	}
	return r
}

func agendaRecord(who mentoring.PersonID, a mentoring.Agenda) table.Record {
	return record(personKey(who, placeAgenda), a.Version, a)
}

func bookingRecord(b mentoring.Booking) table.Record {
	r := record(bookingKey(b.ID, placeBooking), b.Version, b)
	place := placeAt(b.StartsAt, string(b.ID))
	r.Entries = map[table.Index]table.Key{
		table.Attending: {PK: "PERSON#" + string(b.Requester.ID), SK: place},
		table.Hosting:   {PK: "PERSON#" + string(b.Expert.ID), SK: place},
	}
	return r
}

func decodeSlot(r table.Record) (mentoring.Slot, error) {
	s, err := decode[mentoring.Slot](r)
	s.Version = r.Version
	return s, err
}

func decodeSeat(r table.Record) (mentoring.Seat, error) {
	s, err := decode[mentoring.Seat](r)
	s.Version = r.Version
	return s, err
}

func decodeWaiter(r table.Record) (mentoring.Waiter, error) {
	w, err := decode[mentoring.Waiter](r)
	w.Version = r.Version
	return w, err
}

func decodeMonth(r table.Record) (mentoring.Month, error) {
	m, err := decode[mentoring.Month](r)
	m.Version = r.Version
	return m, err
}

func decodePerson(r table.Record) (mentoring.Person, error) {
	p, err := decode[mentoring.Person](r)
	p.Version = r.Version
	return p, err
}

func decodeAgenda(r table.Record) (mentoring.Agenda, error) {
	a, err := decode[mentoring.Agenda](r)
	a.Version = r.Version
	return a, err
}

func decodeBooking(r table.Record) (mentoring.Booking, error) {
	b, err := decode[mentoring.Booking](r)
	b.Version = r.Version
	return b, err
}

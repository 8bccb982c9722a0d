package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// waiting are the keys of all rows of the outbox.
func (o *office) waiting(t *testing.T) (keys []table.Key) {
	t.Helper()
	for shard := range o.OutboxShards {
		some, err := o.OutboxDue(t.Context(), shard, "", o.clock().Add(time.Hour), 100)
		must(t, err)
		keys = append(keys, some...)
	}
	return keys
}

// parked books a seat and parks the row of it.
func (o *office) parked(t *testing.T, name string) mentoring.BookingID {
	t.Helper()
	slot := o.published(t, o.enrolled(t, "expert-"+name), circle(1, 26*time.Hour))
	booking, err := o.Book(t.Context(), o.enrolled(t, name), slot, request, desk.Once{})
	must(t, err)
	for _, key := range o.waiting(t) {
		row, err := o.OutboxRow(t.Context(), key)
		must(t, err)
		must(t, o.Park(t.Context(), row, 7, failed))
	}
	return booking.Booking.ID
}

var failed = []desk.Failure{{Kind: mentoring.BookingConfirmed, Role: mentoring.Expert, Reason: "refused"}}

func (o *office) deadLetters(t *testing.T) []desk.DeadLetter {
	t.Helper()
	list, err := o.DeadLetters(t.Context(), coordinator, "", 100)
	must(t, err)
	return list.Items
}

// A dead letter says what it was about, and is put back as it was, once.
func TestADeadLetterIsPutBack(t *testing.T) {
	o := openOffice(t, nil)
	booking := o.parked(t, "ben")
	if rows := o.waiting(t); len(rows) != 0 {
		t.Fatalf("parked, and still there: %v", rows)
	}
	letters := o.deadLetters(t)
	if len(letters) != 1 || !strings.HasPrefix(string(letters[0].ID), "dead_") || len(letters[0].ID) != 31 {
		t.Fatalf("letters %+v", letters)
	}
	letter := letters[0]
	want := desk.DeadLetter{ID: letter.ID, Event: letter.Event, Attempts: 7, Failures: failed, ParkedAt: morning}
	if diff := cmp.Diff(want, letter); diff != "" || letter.Event.Kind != mentoring.BookingMade {
		t.Errorf("letter of %s (-want +got):\n%s", letter.Event.Kind, diff)
	}
	o.advance(time.Hour)
	for range 2 {
		again, err := o.Redrive(t.Context(), coordinator, letter.ID, desk.Once{})
		want.RedrivenAt = morning.Add(time.Hour)
		if diff := cmp.Diff(want, again); diff != "" || err != nil {
			t.Errorf("put back: %v (-want +got):\n%s", err, diff)
		}
		o.advance(time.Minute)
	}
	rows := o.waiting(t)
	if len(rows) != 1 {
		t.Fatalf("put back twice, there are %d rows", len(rows))
	}
	row, err := o.OutboxRow(t.Context(), rows[0])
	must(t, err)
	if row.Attempts != 0 || row.Round != 1 || row.Due != morning.Add(time.Hour) || !cmp.Equal(row.Event, letter.Event) {
		t.Errorf("put back as %+v", row)
	}
	if notices, _, err := o.Notices(t.Context(), row.Event); err != nil || len(notices) != 2 || notices[0].Booking.ID != booking {
		t.Errorf("its notices: %v, %v", notices, err)
	}
	must(t, o.Park(t.Context(), row, 1, failed))
	if letters := o.deadLetters(t); len(letters) != 2 || letters[1].ID == letter.ID {
		t.Errorf("parked anew: %+v", letters)
	}
}

// What is put back by many at once is there once.
func TestPuttingBackTogether(t *testing.T) {
	o := openOffice(t, slow)
	o.parked(t, "ben")
	id := o.deadLetters(t)[0].ID
	answers := together(8, func(int) error {
		_, err := o.Redrive(t.Context(), coordinator, id, desk.Once{})
		return err
	})
	if answers[""] != 8 || len(o.waiting(t)) != 1 {
		t.Errorf("answers %v, rows %v", answers, o.waiting(t))
	}
}

// A row that cannot be read is shown without what it was about, and put back as it was.
func TestADamagedLetter(t *testing.T) {
	o := openOffice(t, nil)
	damaged := table.Record{Key: table.Key{PK: "OUTBOX#01", SK: "2026-11-02T08:00:00.000Z#y"}, Data: []byte(`{"event":`)}
	must(t, o.engine.Commit(t.Context(), table.Insert(damaged)))
	row, _ := o.OutboxRow(t.Context(), damaged.Key)
	must(t, o.Park(t.Context(), row, 1, []desk.Failure{{Reason: "damaged"}}))
	letters := o.deadLetters(t)
	if len(letters) != 1 || letters[0].Event.Kind != "" || letters[0].Failures[0].Reason != "damaged" {
		t.Fatalf("letters %+v", letters)
	}
	_, err := o.Redrive(t.Context(), coordinator, letters[0].ID, desk.Once{})
	must(t, err)
	records, err := o.engine.Get(t.Context(), o.waiting(t)...)
	if err != nil || len(records) != 1 || string(records[0].Data) != string(damaged.Data) {
		t.Errorf("put back as %v, %v", records, err)
	}
}

// Pages go on where the one before ended, oldest first.
func TestPagesOfDeadLetters(t *testing.T) {
	o := openOffice(t, nil)
	for i := range 5 {
		o.parked(t, fmt.Sprint("ben-", i))
		o.advance(time.Second)
	}
	all, after := []desk.DeadLetter{}, ""
	for range 3 {
		page, err := o.DeadLetters(t.Context(), coordinator, after, 2)
		must(t, err)
		all, after = append(all, page.Items...), page.Next
	}
	if diff := cmp.Diff(o.deadLetters(t), all); diff != "" || after != "" || len(all) != 5 {
		t.Errorf("next is %q (-at once +in pages):\n%s", after, diff)
	}
	for i := range all {
		if all[i].ParkedAt != morning.Add(time.Duration(i)*time.Second) {
			t.Errorf("letter %d was parked at %v", i, all[i].ParkedAt)
		}
	}
}

// What is no id of a dead letter, and what is one of none, is answered alike.
func TestNoSuchDeadLetter(t *testing.T) {
	o := openOffice(t, nil)
	o.parked(t, "ben")
	id := string(o.deadLetters(t)[0].ID)
	for _, wrong := range []string{
		"", "dead_", id[5:], "bkg_" + id[5:], id + "a", id[:30], strings.ToUpper(id), id[:30] + "\n", id[:30] + "7",
		"dead_aaaaaaaaaaaaaaaaaaaaaaaaaa",
	} {
		if _, err := o.Redrive(t.Context(), coordinator, desk.DeadLetterID(wrong), desk.Once{}); codeOf(err) != mentoring.NotFound {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

// Nobody but a coordinator learns of a dead letter, or of whether there is one.
func TestDeadLettersAreForCoordinators(t *testing.T) {
	o := openOffice(t, nil)
	o.parked(t, "ben")
	id := o.deadLetters(t)[0].ID
	for _, who := range []desk.Caller{person("ben"), person("expert-ben"), person("nobody")} {
		refusedFor(t, ignore(o.DeadLetters(t.Context(), who, "", 10)), mentoring.Forbidden)
		for _, id := range []desk.DeadLetterID{id, "dead_aaaaaaaaaaaaaaaaaaaaaaaaaa", "x"} {
			refusedFor(t, ignore(o.Redrive(t.Context(), who, id, desk.Once{})), mentoring.Forbidden)
		}
	}
	if rows := o.waiting(t); len(rows) != 0 {
		t.Errorf("put back: %v", rows)
	}
}

// A request that comes again with its key gets the same answer, and a key is good for one request.
func TestPuttingBackWithAKey(t *testing.T) {
	o := openOffice(t, nil)
	o.parked(t, "ben")
	id := o.deadLetters(t)[0].ID
	first, err := o.Redrive(t.Context(), coordinator, id, key("k"))
	must(t, err)
	o.advance(time.Hour)
	again, err := o.Redrive(t.Context(), coordinator, id, key("k"))
	if diff := cmp.Diff(first, again); diff != "" || err != nil {
		t.Errorf("again: %v (-first +again):\n%s", err, diff)
	}
	other := key("k")
	other.Body[0]++
	refusedFor(t, ignore(o.Redrive(t.Context(), coordinator, id, other)), mentoring.KeyReused)
}

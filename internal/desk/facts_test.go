package desk_test

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/report"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/bolttable"
)

// recount makes the report of a period from the raw records of slots, bookings and people, as if nothing had ever been
// recorded for it.
func (o *office) recount(t *testing.T, q report.Query) report.Report {
	t.Helper()
	slots, people, papers := map[mentoring.SlotID]mentoring.Slot{}, map[mentoring.PersonID]mentoring.Person{}, map[string]mentoring.Papers{}
	seats := map[mentoring.SlotID][]mentoring.Seat{}
	read := func(r table.Record, into any) {
		t.Helper()
		if err := json.Unmarshal(r.Data, into); err != nil {
			t.Fatal(err)
		}
	}
	o.each(t, func(r table.Record) {
		p := papers[r.PK]
		switch {
		case r.SK == "META":
			var s mentoring.Slot
			read(r, &s)
			s.Version = r.Version
			slots[s.ID] = s
		case strings.HasPrefix(r.SK, "SEAT#"):
			var s mentoring.Seat
			read(r, &s)
			seats[s.Slot] = append(seats[s.Slot], s)
		case r.SK == "PROFILE":
			var p mentoring.Person
			read(r, &p)
			people[p.ID] = p
		case r.SK == "BOOKING":
			read(r, &p.Booking)
		case r.SK == "SURVEY#requester":
			read(r, &p.Requester)
			p.Requester.Version = r.Version
		case r.SK == "SURVEY#expert":
			read(r, &p.Expert)
			p.Expert.Version = r.Version
		case r.SK == "TASKS":
			read(r, &p.Tasks)
		}
		if strings.HasPrefix(r.PK, "BOOKING#") {
			papers[r.PK] = p
		}
	})
	var slotFacts []mentoring.SlotFact
	for id, s := range slots {
		if f, ok := mentoring.SlotFactOf(mentoring.NewState(s, seats[id], nil), people[s.Host.ID], o.clock()); ok {
			slotFacts = append(slotFacts, f)
		}
	}
	var bookingFacts []mentoring.BookingFact
	for _, p := range papers {
		b := p.Booking
		if f, ok := mentoring.BookingFactOf(p, slots[b.Slot], people[b.Requester.ID], o.clock()); ok {
			bookingFacts = append(bookingFacts, f)
		}
	}
	return report.Make(q, o.clock(), slotFacts, bookingFacts)
}

// A report is what a recount of the raw records says, whatever people did and in whichever order its events came, also twice.
func TestReportIsARecount(t *testing.T) {
	for seed := range uint64(8) {
		random := rand.New(rand.NewPCG(seed, 1))
		o := openOffice(t, nil)
		o.Policy.MaxPerPair, o.Policy.MaxUpcoming, o.Policy.StrikesAllowed = 6, 6, 100
		ada := o.enrolled(t, "ada")
		var people []desk.Caller
		for _, name := range []string{"ben", "eve", "kim", "lea", "mia", "noa"} {
			people = append(people, o.enrolled(t, name))
		}
		var bookings []desk.BookingView
		for n := range 6 {
			d := circle(6, time.Duration(30+10*n)*time.Hour)
			if random.IntN(3) == 0 {
				d.Approval = mentoring.OnRequest
			}
			slot := o.published(t, ada, d)
			for _, who := range people {
				view, err := o.Book(t.Context(), who, slot, request, desk.Once{})
				if err != nil {
					continue // as many as one can have
				}
				bookings = append(bookings, view)
				switch random.IntN(6) {
				case 0:
					_ = ignore(o.Cancel(t.Context(), who, view.Booking.ID, mentoring.Cancel{}, desk.Once{}))
				case 1:
					_ = ignore(o.Decline(t.Context(), ada, view.Booking.ID, mentoring.Decline{Reason: mentoring.NotMyArea}, desk.Once{}))
				default:
					_ = ignore(o.Approve(t.Context(), ada, view.Booking.ID, desk.Once{}))
				}
			}
			if random.IntN(5) == 0 {
				_ = ignore(o.CancelSlot(t.Context(), ada, slot, mentoring.Cancel{}, desk.Once{}))
			}
		}
		o.workOffCounting(t, random)
		o.advance(100 * time.Hour)
		o.workOffCounting(t, random)
		for _, view := range bookings {
			id := view.Booking.ID
			who := callerOf(people, view.Booking.Requester.ID)
			a := mentoring.Answers{mentoring.TookPlace: {Choices: []string{"held"}}, mentoring.Useful: {Number: new(1 + random.IntN(5))}}
			if random.IntN(2) == 0 {
				_ = ignore(o.AnswerSurvey(t.Context(), who, id, mentoring.Pulse, a, nil))
			}
			if random.IntN(4) == 0 {
				_ = ignore(o.SayAttendance(t.Context(), ada, id, mentoring.Testify{Outcome: mentoring.RequesterAbsent}, desk.Once{}))
			}
			if random.IntN(2) == 0 {
				_ = ignore(o.AddTask(t.Context(), who, id, mentoring.AddTask{Kind: "course", Text: "Take it"}, desk.Once{}))
			}
			if random.IntN(3) == 0 {
				_ = ignore(o.WriteDebrief(t.Context(), who, id, mentoring.WriteDebrief{Achieved: "Much"}, nil))
			}
		}
		o.workOffCounting(t, random)
		o.advance(20 * 24 * time.Hour)
		o.workOffCounting(t, random)
		q := report.Query{From: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), To: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC)}
		got, err := o.Report(t.Context(), coordinator, q)
		if err != nil {
			t.Fatal(err)
		}
		want := o.recount(t, q)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("seed %d: report (-recount +got):\n%s", seed, diff)
		}
		if held := got.Figures[7]; held.Name != "held" || held.N == 0 {
			t.Errorf("seed %d: nothing was held: %+v", seed, held)
		}
	}
}

func callerOf(people []desk.Caller, id mentoring.PersonID) desk.Caller {
	for _, p := range people {
		if p.ID == id {
			return p
		}
	}
	return desk.Caller{ID: id}
}

// workOffCounting does what is due; then events of before come once more, late and in any order.
func (o *office) workOffCounting(t *testing.T, random *rand.Rand) {
	t.Helper()
	var events []mentoring.Event
	for _, key := range o.due(t, o.OutboxShards, o.OutboxDue) {
		row, err := o.OutboxRow(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, row.Event)
	}
	o.workOff(t)
	random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
	for _, e := range events {
		if e.Kind.Counted() {
			if err := o.RecordFacts(t.Context(), e); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// each looks at every record of the embedded engine.
func (o *office) each(t *testing.T, look func(table.Record)) {
	t.Helper()
	err := o.engine.(*bolttable.Table).Each(t.Context(), func(r table.Record) error { look(r); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

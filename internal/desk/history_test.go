package desk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// Who did what when: all of it to the requester, to an expert what happened with them, and to nobody else anything.
func TestHistory(t *testing.T) {
	o := openOffice(t, nil)
	ctx := t.Context()
	ada, bob, ben, eve := o.enrolled(t, "ada"), o.enrolled(t, "bob"), o.enrolled(t, "ben"), o.enrolled(t, "eve")
	first, second := o.published(t, ada, onRequest(1, 100*time.Hour)), o.published(t, bob, circle(1, 110*time.Hour))
	held := o.booked(t, eve, first)
	id := o.booked(t, ben, first)
	after := func() { o.advance(time.Minute) }
	after()
	must(t, cancelling(eve, held)(o))
	after()
	must(t, ignore(o.Approve(ctx, ada, id, desk.Once{})))
	after()
	must(t, revising(ada, first, mentoring.Revision{Title: new("Another title")})(o))
	after()
	must(t, revising(ada, first, mentoring.Revision{StartsAt: new(morning.Add(101 * time.Hour))})(o))
	after()
	must(t, moving(o, ben, id, second))
	after()
	o.enrolledAs(t, "ben", func(p *mentoring.Profile) { p.DeclaredConflicts = []mentoring.PersonID{bob.ID} })
	o.workOff(t)
	after()
	must(t, cancelling(bob, id)(o))

	want := []string{
		"0 requester waitlisted waitlisted first",
		"1 system promoted requested first",
		"2 expert approved confirmed first",
		"3 expert slot_changed confirmed first",
		"4 expert rescheduled confirmed first",
		"5 requester moved confirmed second",
		"6 system conflict_found confirmed second",
		"7 expert cancelled cancelled second",
	}
	names := map[mentoring.SlotID]string{first: "first", second: "second"}
	if diff := cmp.Diff(want, o.history(t, ben, id, names)); diff != "" {
		t.Errorf("to the requester (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{want[5], want[7]}, o.history(t, bob, id, names)); diff != "" {
		t.Errorf("to the expert (-want +got):\n%s", diff)
	}
	refusedFor(t, ignore(o.History(ctx, ada, id)), mentoring.NotFound)
	refusedFor(t, ignore(o.History(ctx, eve, id)), mentoring.NotFound)
}

// history is that of a booking, in words, with minutes since the morning.
func (o *office) history(t testing.TB, c desk.Caller, id mentoring.BookingID, slots map[mentoring.SlotID]string) (lines []string) {
	t.Helper()
	steps, err := o.History(t.Context(), c, id)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		lines = append(lines, fmt.Sprintf("%.0f %s %s %s %s", s.At.Sub(morning).Minutes(), s.By, s.Action, s.Status, slots[s.Slot]))
	}
	return lines
}

// What time alone brings is in the history as well, whether somebody looked or not.
func TestTimeIsInTheHistory(t *testing.T) {
	o := openOffice(t, nil)
	ada, ben := o.enrolled(t, "ada"), o.enrolled(t, "ben")
	slot, later := o.published(t, ada, circle(1, 50*time.Hour)), o.published(t, ada, onRequest(1, 52*time.Hour))
	names := map[mentoring.SlotID]string{slot: "slot", later: "later"}
	came, ran := o.booked(t, ben, slot), o.booked(t, o.enrolled(t, "eve"), later)
	o.advance(60 * time.Hour)
	for range 2 {
		for id, want := range map[mentoring.BookingID][]string{
			came: {"0 requester booked confirmed slot", "3030 system completed completed slot"},
			ran:  {"0 requester requested requested later", "2880 system expired expired later"},
		} {
			if diff := cmp.Diff(want, o.history(t, ada, id, names)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		}
		o.workOff(t) // ten hours late
	}
}

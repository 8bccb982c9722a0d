package mentoring_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

func TestDecideAssign(t *testing.T) {
	boss, chief := person("Boss", "boss@south.example"), strangers(1)[0]
	boss.Programme.Managers = []mentoring.PersonID{chief}
	below := person("Below", "below@south.example")
	below.Programme.Managers = []mentoring.PersonID{boss.ID, rana().ID}
	a := mentoring.Assignment{Manager: boss.ID, Organisation: "South Ltd", Cohort: "2026", SuspendedUntil: inHours(24)}
	got, err := mentoring.DecideAssign(rana(), boss, a, new(int64(1)), noon)
	wantCode(t, "assigning", err, "")
	want := rana()
	want.Organisation = "South Ltd"
	want.Programme = mentoring.Programme{
		Managers: []mentoring.PersonID{boss.ID, chief}, Organisation: "South Ltd", Cohort: "2026", SuspendedUntil: inHours(24),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("person (-want +got):\n%s", diff)
	}
	got, err = mentoring.DecideAssign(got, mentoring.Person{}, mentoring.Assignment{}, nil, noon)
	wantCode(t, "assigning nothing", err, "")
	if diff := cmp.Diff(rana(), got); diff != "" { // what is not said any more is gone
		t.Errorf("person (-want +got):\n%s", diff)
	}
	visitor := mentoring.Visitor(rana().ID, "rana@south.example", "Rana")
	for _, tc := range []struct {
		name            string
		before, manager mentoring.Person
		a               mentoring.Assignment
		only            *int64
		want            mentoring.Code
		faults          string
	}{
		{"not enrolled", visitor, boss, a, nil, mentoring.NotFound, ""},
		{"another version", rana(), boss, a, new(int64(7)), mentoring.VersionConflict, ""},
		{"themselves", rana(), rana(), mentoring.Assignment{Manager: rana().ID}, nil, mentoring.InvalidField, "/managerId not_allowed"},
		{"who reports to them", rana(), below, mentoring.Assignment{Manager: below.ID}, nil, mentoring.InvalidField, "/managerId not_allowed"},
		{"who has not enrolled", rana(), mentoring.Person{}, mentoring.Assignment{Manager: chief}, nil, mentoring.InvalidField, "/managerId not_allowed"},
		{"all wrong", rana(), boss, mentoring.Assignment{
			Manager: "boss", Organisation: chars(101), Cohort: "a\nb", SuspendedUntil: noon.AddDate(6, 0, 0),
		}, new(int64(7)), mentoring.InvalidField,
			"/cohort bad_format, /managerId bad_format, /organisation too_long, /suspendedUntil out_of_range"},
	} {
		_, err := mentoring.DecideAssign(tc.before, tc.manager, tc.a, tc.only, noon)
		wantCode(t, tc.name, err, tc.want)
		if got := told(faultsOf(err)); got != tc.faults {
			t.Errorf("%s: %s, want %s", tc.name, got, tc.faults)
		}
	}
}

func TestUnderManagerLeavesOthersAlone(t *testing.T) {
	p := rana()
	p.Programme.Managers = strangers(1)
	if after, changed := p.UnderManager(edda()); changed || !cmp.Equal(p, after) {
		t.Errorf("%+v", after)
	}
}

// A slot says of its expert what the profile says, never going back, and what rests on it follows.
func TestFollowHost(t *testing.T) {
	w := newWorld(t, edda(), rana(), tomasz())
	slot := w.slot(edda(), wide(2))
	w.book(rana(), slot)
	id := w.book(tomasz(), slot)
	host := mentoring.HostFrom(edda())
	w.wants(t, "an older profile", w.must(slot, w.following(host)), "")
	host.Version, host.Name, host.Conflicts = 3, "Edda N.", []mentoring.PersonID{tomasz().ID}
	host.MonthlyCap = 2
	c := w.must(slot, w.following(host))
	w.wants(t, "a newer one", c,
		"slot open, seat 1 Rana, seat 2 Tomasz, booking Tomasz confirmed, month of 1, event booking_conflicted of 1")
	b := w.present.bookings[id]
	if !b.Released || !b.ConflictKnown || w.mailbox.kinds[mentoring.ConflictFound] != 1 {
		t.Errorf("the booking %+v, told %v", b, w.mailbox.kinds)
	}
	if got := w.present.slots[slot].Host; !cmp.Equal(host, got) {
		t.Errorf("host %+v", got)
	}
	w.at(inHours(80)).must(slot, w.cancel(id, tomasz().ID)) // within the notice, without penalty
	host.Version = 4
	w.at(inHours(98)).wants(t, "when it is over", w.must(slot, w.following(host)), "")
}

// Those who wait may get a seat once the expert is back, and are looked after when a pause ends.
func TestFollowHostPauses(t *testing.T) {
	w, slot, seated, waiting := full(t, wide(1), 1)
	host := mentoring.HostFrom(edda())
	host.Version, host.PausedUntil = 2, inHours(20)
	w.must(slot, w.following(host))
	w.must(slot, w.cancel(seated, rana().ID))
	if w.present.bookings[waiting[0]].Status != mentoring.Waitlisted {
		t.Fatal("promoted during a pause")
	}
	host.Version = 3
	host.PausedUntil = inHours(10)
	w.wants(t, "a shorter pause", w.must(slot, w.following(host)), "slot open, seat 1 free, wake in 9h0m0s")
	host.Version, host.PausedUntil = 4, time.Time{}
	w.wants(t, "no pause", w.must(slot, w.following(host)), "slot open, seat 1 Person 0, booking Person 0 confirmed, left Person 0, "+
		"agenda Person 0, event booking_promoted of 1")
}

func TestFollowHostOnTornStates(t *testing.T) {
	host := mentoring.HostFrom(edda())
	host.Version = 2
	for name, tear := range map[string]func(*mentoring.Case){
		"of another version": func(c *mentoring.Case) { c.State.Slot.Version++ },
		"a booking":          func(c *mentoring.Case) { clear(c.Bookings) },
		"a requester":        func(c *mentoring.Case) { clear(c.People) },
	} {
		w := newWorld(t, edda(), rana())
		slot := w.slot(edda(), wide(1))
		w.book(rana(), slot)
		c := w.caseOf(slot)
		tear(&c)
		_, err := w.following(host)(c)
		wantTorn(t, name, err)
	}
}

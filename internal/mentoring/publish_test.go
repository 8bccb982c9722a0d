package mentoring_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

func TestDecidePublishASmallDraft(t *testing.T) {
	got, err := publish(mentoring.Agenda{Version: 3}, smallDraft())
	if err != nil {
		t.Fatal(err)
	}
	end := inHours(24).Add(30 * time.Minute)
	want := mentoring.Changes{
		Slots: []mentoring.Slot{{
			ID: slotID(1), Host: mentoring.Host{ID: edda().ID, Name: "Edda", Organisation: "north.example", Version: 1},
			Title: "Reading Go", Topic: "engineering", Kind: "open_question", Format: "one_to_one", Capacity: 1,
			Direction: "standard", StartsAt: inHours(24), DurationMinutes: 30, TimeZone: "Europe/Berlin",
			Modes:     []mentoring.Mode{"video"},
			Languages: []string{"de", "en"}, Audience: "everyone", Approval: "instant",
			BookingNoticeMinutes: 120, CancelNoticeMinutes: 1440, PublishedAt: noon, Status: mentoring.SlotOpen,
		}},
		Agendas: map[mentoring.PersonID]mentoring.Agenda{
			edda().ID: {Engagements: []mentoring.Engagement{hosting(1, inHours(24), end)}, Version: 3},
		},
		Wakes: []mentoring.Wake{{Slot: slotID(1), At: inHours(22)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("changes (-want +got):\n%s", diff)
	}
}

func TestDecidePublishAFullDraft(t *testing.T) {
	expert := edda()
	expert.Profile.Headline, expert.Profile.PausedUntil = "Writes Go", inHours(5)
	expert.Profile.DeclaredConflicts, expert.Programme.Managers = strangers(2), strangers(4)[2:]
	expert.Profile.MonthlySessionCap = 7
	d := fullDraft()
	got, err := publishAs(expert, mentoring.Agenda{}, d)
	if err != nil {
		t.Fatal(err)
	}
	want := mentoring.Slot{
		ID: slotID(1), Host: mentoring.Host{
			ID: expert.ID, Name: "Edda", Headline: "Writes Go", Organisation: "north.example",
			PausedUntil: inHours(5), Conflicts: strangers(2), Managers: strangers(4)[2:], MonthlyCap: 7, Version: 1,
		},
		Title: d.Title, Description: d.Description, Topic: d.Topic, Kind: d.Kind, Format: d.Format, Capacity: 12,
		MinAttendees: 12, Direction: d.Direction, StartsAt: d.StartsAt, DurationMinutes: 90, TimeZone: "Asia/Tokyo",
		Modes: d.Modes, Meeting: d.Meeting, Languages: d.Languages, Audience: d.Audience, Approval: d.Approval,
		BookingNoticeMinutes: 14 * 24 * 60, CancelNoticeMinutes: 14 * 24 * 60,
		Preparation: d.Preparation, LookingFor: d.LookingFor, PublishedAt: noon, Status: mentoring.SlotOpen,
	}
	if diff := cmp.Diff(want, got.Slots[0]); diff != "" {
		t.Errorf("slot (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, stored(t, got.Slots[0])); diff != "" {
		t.Errorf("slot after storage (-want +got):\n%s", diff)
	}
}

// Publishing writes no seats: until somebody takes one, all are there and free.
func TestPublishedSeats(t *testing.T) {
	for _, seats := range []int{2, 3, 12} {
		state := published(circleDraft(seats))
		var want []mentoring.Seat
		for n := 1; n <= seats; n++ {
			want = append(want, mentoring.Seat{Slot: slotID(1), Number: n, Of: 1})
		}
		if diff := cmp.Diff(want, state.Seats); diff != "" {
			t.Errorf("seats (-want +got):\n%s", diff)
		}
		taken := mentoring.Seat{Slot: slotID(1), Number: 2, Of: 1, Holder: rana().ID, Booking: bookingID(1), Version: 1}
		want[1] = taken
		if diff := cmp.Diff(want, mentoring.NewState(state.Slot, []mentoring.Seat{taken}, nil).Seats); diff != "" {
			t.Errorf("seats with one that was taken (-want +got):\n%s", diff)
		}
		state.Slot.Version = 2 // whatever changed the slot wrote all seats, so none is made up
		if got := mentoring.NewState(state.Slot, []mentoring.Seat{taken}, nil).Seats; len(got) != 1 {
			t.Errorf("seats of a slot that changed: %v", got)
		}
	}
}

func TestDecidePublishRefuses(t *testing.T) {
	visitor := mentoring.Visitor(edda().ID, "edda@north.example", "Edda")
	silent, outdated := edda(), edda()
	silent.Accepted, outdated.Accepted.Version = mentoring.Accepted{}, "2020-01"
	suspended := edda()
	suspended.Programme.SuspendedUntil = noon.Add(1)
	unreliable := mentoring.Agenda{Strikes: []mentoring.Strike{{At: inHours(-3)}, {At: inHours(-2)}, {At: inHours(-1)}}}
	faulty := smallDraft()
	faulty.Title, faulty.Topic, faulty.DurationMinutes = "", "", 0
	full := mentoring.Agenda{Engagements: manyHosted(policy.MaxHosted)}
	for _, tc := range []struct {
		name   string
		expert mentoring.Person
		agenda mentoring.Agenda
		draft  mentoring.SlotDraft
		want   mentoring.Code
		faults string
	}{
		{"not enrolled", visitor, mentoring.Agenda{}, smallDraft(), mentoring.ProfileRequired, ""},
		{"ground rules never accepted", silent, mentoring.Agenda{}, smallDraft(), mentoring.GroundRulesNeeded, ""},
		{"other ground rules accepted", outdated, mentoring.Agenda{}, smallDraft(), mentoring.GroundRulesNeeded, ""},
		{"suspended", suspended, mentoring.Agenda{}, faulty, mentoring.Suspended, ""},
		{"unreliable", edda(), unreliable, faulty, mentoring.ReliabilityCooldown, ""},
		{"faults", edda(), mentoring.Agenda{}, faulty, mentoring.InvalidField,
			"/durationMinutes required, /title required, /topic required"},
		{"too many upcoming", edda(), full, smallDraft(), mentoring.ActiveLimitReached, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := publishAs(tc.expert, tc.agenda, tc.draft)
			if codeOf(err) != tc.want {
				t.Fatalf("got %v, want %s", err, tc.want)
			}
			if diff := cmp.Diff(tc.faults, told(faultsOf(err))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if !got.None() {
				t.Errorf("a refusal comes with changes: %+v", got)
			}
		})
	}
}

// manyHosted are n sessions after the one of smallDraft.
func manyHosted(n int) (es []mentoring.Engagement) {
	for i := range n {
		es = append(es, hosting(byte(100+i), inHours(30+i), inHours(31+i)))
	}
	return es
}

func TestCapOfHostedSessions(t *testing.T) {
	upcoming := manyHosted(policy.MaxHosted - 1)
	over := hosting(99, inHours(-1), noon)
	booked := attending(98, rana().ID, inHours(1), inHours(2))
	agenda := mentoring.Agenda{Engagements: append([]mentoring.Engagement{over, booked}, upcoming...)}
	if _, err := publish(agenda, smallDraft()); err != nil {
		t.Errorf("what is over or only attended counts: %v", err)
	}
	running := hosting(99, inHours(-1), noon.Add(time.Second))
	agenda.Engagements[0] = running
	if _, err := publish(agenda, smallDraft()); codeOf(err) != mentoring.ActiveLimitReached {
		t.Errorf("got %v", err)
	}
}

func TestPublishingOverAnotherSession(t *testing.T) {
	// smallDraft has minutes 0 to 30.
	minute := func(n int) time.Time { return inHours(24).Add(time.Duration(n) * time.Minute) }
	for _, tc := range []struct {
		name       string
		start, end time.Time
		overlaps   bool
	}{
		{"the same time", minute(0), minute(30), true},
		{"around it", minute(-10), minute(40), true},
		{"within it", minute(10), minute(20), true},
		{"into its start", minute(-10), minute(0).Add(time.Second), true},
		{"over its end", minute(30).Add(-time.Second), minute(60), true},
		{"up to its start", minute(-30), minute(0), false},
		{"from its end on", minute(30), minute(60), false},
		{"another day", minute(24 * 60), minute(24*60 + 30), false},
	} {
		for role, e := range map[string]mentoring.Engagement{
			"hosting": hosting(7, tc.start, tc.end), "attending": attending(8, rana().ID, tc.start, tc.end),
		} {
			t.Run(tc.name+", "+role, func(t *testing.T) {
				_, err := publish(agendaOf(1, hosting(2, inHours(1), inHours(2)), e), smallDraft())
				if !tc.overlaps {
					if err != nil {
						t.Errorf("refused: %v", err)
					}
					return
				}
				checkOverlap(t, err, e)
			})
		}
	}
}

// checkOverlap wants the refusal that names the engagement in the way (product.md section 5).
func checkOverlap(t *testing.T, err error, in mentoring.Engagement) {
	t.Helper()
	refused, ok := err.(*mentoring.Error)
	if !ok || refused.Code != mentoring.OverlappingSession {
		t.Fatalf("got %v, want %s", err, mentoring.OverlappingSession)
	}
	if refused.Slot != in.Slot || refused.Booking != in.Booking {
		t.Errorf("names slot %q and booking %q, want %q and %q", refused.Slot, refused.Booking, in.Slot, in.Booking)
	}
}

func TestPublishingKeepsTheAgendaInOrder(t *testing.T) {
	over := hosting(2, inHours(-2), inHours(-1))
	before, after := attending(3, rana().ID, inHours(23), inHours(24)), hosting(4, inHours(25), inHours(26))
	got, err := publish(agendaOf(5, over, before, after), smallDraft())
	if err != nil {
		t.Fatal(err)
	}
	want := mentoring.Agenda{
		Engagements: []mentoring.Engagement{before, hosting(1, inHours(24), inHours(24).Add(30*time.Minute)), after},
		Version:     5,
	}
	if diff := cmp.Diff(want, got.Agendas[edda().ID]); diff != "" {
		t.Errorf("agenda (-want +got):\n%s", diff)
	}
}

// A decision is a value of its own: whatever is done with it, the state it was made on stays as it was.
func TestPublicationIsApartFromTheState(t *testing.T) {
	state := func() (mentoring.Person, mentoring.Agenda) {
		expert := edda()
		expert.Profile.DeclaredConflicts, expert.Programme.Managers = strangers(2), strangers(2)
		return expert, agendaOf(5, hosting(2, inHours(-2), inHours(-1)), hosting(4, inHours(25), inHours(26)))
	}
	for what, scribble := range map[string]func(*mentoring.Changes){
		"nothing":              func(*mentoring.Changes) {},
		"the agenda":           func(c *mentoring.Changes) { clear(wholeArray(c.Agendas[edda().ID])) },
		"the host's conflicts": func(c *mentoring.Changes) { clear(c.Slots[0].Host.Conflicts) },
		"the host's managers":  func(c *mentoring.Changes) { clear(c.Slots[0].Host.Managers) },
		"the languages":        func(c *mentoring.Changes) { clear(c.Slots[0].Languages) },
	} {
		t.Run(what, func(t *testing.T) {
			expert, agenda := state()
			c, err := publishAs(expert, agenda, smallDraft())
			if err != nil {
				t.Fatal(err)
			}
			scribble(&c)
			wantExpert, wantAgenda := state()
			if diff := cmp.Diff(wantExpert, expert); diff != "" {
				t.Errorf("the expert changed (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(wholeArray(wantAgenda), wholeArray(agenda)); diff != "" {
				t.Errorf("the agenda changed (-want +got):\n%s", diff)
			}
		})
	}
}

// A slot that nobody could ever book is not published: whatever is, can be booked at that moment.
func TestWhatIsPublishedCanBeBooked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := circleDraft(rapid.IntRange(2, 12).Draw(t, "seats"))
		d.StartsAt = noon.Add(time.Duration(rapid.IntRange(0, 8*3600).Draw(t, "seconds ahead")) * time.Second)
		d.DurationMinutes = rapid.SampledFrom(mentoring.Durations).Draw(t, "duration")
		d.BookingNoticeMinutes = rapid.Ptr(rapid.IntRange(0, 300), true).Draw(t, "notice")
		c, err := publish(mentoring.Agenda{}, d)
		if err != nil {
			if codeOf(err) != mentoring.InvalidField {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		state := fresh(c.Slots[0])
		viewer := mentoring.Viewer{Person: rana()}
		if err := mentoring.Bookable(state.Slot, state.Occupancy(false), viewer, policy, noon); err != nil {
			t.Errorf("published, and not bookable: %v", err)
		}
	})
}

func TestHostFrom(t *testing.T) {
	p := edda()
	p.Profile.Headline, p.Profile.PausedUntil, p.Profile.DeclaredConflicts = "Writes Go", noon, strangers(1)
	p.Profile.MonthlySessionCap, p.Programme.Managers = 3, strangers(2)
	want := mentoring.Host{
		ID: p.ID, Name: "Edda", Headline: "Writes Go", Organisation: "north.example",
		PausedUntil: noon, Conflicts: strangers(1), Managers: strangers(2), MonthlyCap: 3, Version: 1,
	}
	if diff := cmp.Diff(want, mentoring.HostFrom(p)); diff != "" {
		t.Errorf("host (-want +got):\n%s", diff)
	}
}

// A decision is made again when the state changed under it, so the same must come out of the same.
func TestDecidePublishIsAFunction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := anyDraft(t)
		one, errOne := publish(mentoring.Agenda{}, d)
		two, errTwo := publish(mentoring.Agenda{}, d)
		if diff := cmp.Diff(one, two); diff != "" || fmt.Sprint(errOne) != fmt.Sprint(errTwo) {
			t.Errorf("differs: %v, %v\n%s", errOne, errTwo, diff)
		}
		if told(faultsOf(errOne)) != told(draftFaults(d)) {
			t.Errorf("refused with other faults than the draft's: %v", errOne)
		}
	})
}

// Whoever belongs to no organisation cannot offer a slot to colleagues or to others: nobody would see it.
func TestAudienceOfSomebodyWithoutOrganisation(t *testing.T) {
	expert := edda()
	expert.Organisation = ""
	for _, audience := range mentoring.Audiences {
		d := smallDraft()
		d.Audience = audience
		_, err := publishAs(expert, mentoring.Agenda{}, d)
		var refused *mentoring.Error
		if told := errors.As(err, &refused) && refused.Faults[0].Pointer == "/audience"; told != (audience != mentoring.Everyone) {
			t.Errorf("%s: %v", audience, err)
		}
	}
}

// A batch is published all or none, and each fault says which slot it is of.
func TestDecidePublishABatch(t *testing.T) {
	at := func(n int, hours int) mentoring.SlotDraft {
		d := smallDraft()
		d.At, d.StartsAt = fmt.Sprint("/slots/", n), inHours(hours)
		return d
	}
	batch := func(agenda mentoring.Agenda, drafts ...mentoring.SlotDraft) (mentoring.Changes, error) {
		ids := []mentoring.SlotID{slotID(1), slotID(2), slotID(3)}[:len(drafts)]
		v := mentoring.Viewer{Person: edda(), Agenda: agenda}
		return mentoring.DecidePublish(v, drafts, ids, mentoring.StarterTopics, policy, noon)
	}
	got, err := batch(mentoring.Agenda{Version: 4}, at(0, 30), at(1, 24), at(2, 27))
	if err != nil {
		t.Fatal(err)
	}
	var order []mentoring.SlotID
	for _, e := range got.Agendas[edda().ID].Engagements {
		order = append(order, e.Slot)
	}
	if diff := cmp.Diff([]mentoring.SlotID{slotID(2), slotID(3), slotID(1)}, order); diff != "" {
		t.Errorf("agenda by start (-want +got):\n%s", diff)
	}
	if len(got.Slots) != 3 || len(got.Wakes) != 3 || len(got.Agendas) != 1 {
		t.Errorf("changes: %+v", got)
	}

	wrong, worse := at(0, 24), at(2, 30)
	wrong.Title, worse.Topic = "", "nothing"
	got, err = batch(mentoring.Agenda{}, wrong, at(1, 27), worse)
	if diff := cmp.Diff("/slots/0/title required, /slots/2/topic not_allowed", told(faultsOf(err))); diff != "" || !got.None() {
		t.Errorf("faults of a batch, with %d slots (-want +got):\n%s", len(got.Slots), diff)
	}

	got, err = batch(mentoring.Agenda{}, at(0, 24), at(1, 30), at(2, 24))
	if refused := new(mentoring.Error); !errors.As(err, &refused) || refused.Code != mentoring.OverlappingSession ||
		refused.Slot != "" || !strings.Contains(refused.Detail, "0 and 2") || !got.None() {
		t.Errorf("two of a batch at one time: %+v, %+v", err, got)
	}
	in := attending(9, rana().ID, inHours(30), inHours(31))
	_, err = batch(agendaOf(1, in), at(0, 24), at(1, 30))
	checkOverlap(t, err, in)
	if !strings.Contains(err.Error(), "Slot 1") {
		t.Errorf("does not say which: %v", err)
	}
	full := mentoring.Agenda{Engagements: manyHosted(policy.MaxHosted - 2)}
	if _, err := batch(full, at(0, 24), at(1, 26), at(2, 28)); codeOf(err) != mentoring.ActiveLimitReached {
		t.Errorf("one more than one can host: %v", err)
	}
}

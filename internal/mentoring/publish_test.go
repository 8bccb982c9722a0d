package mentoring_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// publish asks for slot 1 as Edda, unless an agenda is in the way.
func publish(agenda mentoring.Agenda, d mentoring.SlotDraft) (mentoring.Publication, error) {
	return mentoring.DecidePublish(edda(), agenda, d, slotID(1), mentoring.StarterTopics, policy, noon)
}

func TestDecidePublishASmallDraft(t *testing.T) {
	got, err := publish(mentoring.Agenda{Version: 3}, smallDraft())
	if err != nil {
		t.Fatal(err)
	}
	want := mentoring.Publication{
		Slot: mentoring.Slot{
			ID: slotID(1), Host: mentoring.Host{ID: edda().ID, Name: "Edda", Organisation: "north.example", Version: 1},
			Title: "Reading Go", Topic: "engineering", Kind: "open_question", Format: "one_to_one", Capacity: 1,
			Direction: "standard", StartsAt: inHours(24), DurationMinutes: 30, TimeZone: "Europe/Berlin",
			Modes:     []mentoring.Mode{"video"},
			Languages: []string{"de", "en"}, Audience: "everyone", Approval: "instant",
			BookingNoticeMinutes: 120, CancelNoticeMinutes: 1440, PublishedAt: noon,
		},
		Seats: []mentoring.Seat{{Slot: slotID(1), Number: 1, Of: 1}},
		Agenda: mentoring.Agenda{
			Engagements: []mentoring.Engagement{hosting(1, inHours(24), inHours(24).Add(30*time.Minute))},
			Version:     3,
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("publication (-want +got):\n%s", diff)
	}
}

func TestDecidePublishAFullDraft(t *testing.T) {
	expert := edda()
	expert.Profile.Headline, expert.Profile.PausedUntil = "Writes Go", inHours(5)
	expert.Profile.DeclaredConflicts = strangers(2)
	d := fullDraft()
	got, err := mentoring.DecidePublish(expert, mentoring.Agenda{}, d, slotID(1), mentoring.StarterTopics, policy, noon)
	if err != nil {
		t.Fatal(err)
	}
	want := mentoring.Slot{
		ID: slotID(1), Host: mentoring.Host{
			ID: expert.ID, Name: "Edda", Headline: "Writes Go", Organisation: "north.example",
			PausedUntil: inHours(5), Conflicts: strangers(2), Version: 1,
		},
		Title: d.Title, Description: d.Description, Topic: d.Topic, Kind: d.Kind, Format: d.Format, Capacity: 12,
		MinAttendees: 12, Direction: d.Direction, StartsAt: d.StartsAt, DurationMinutes: 90, TimeZone: "Asia/Tokyo",
		Modes: d.Modes, Meeting: d.Meeting, Languages: d.Languages, Audience: d.Audience, Approval: d.Approval,
		BookingNoticeMinutes: 14 * 24 * 60, CancelNoticeMinutes: 14 * 24 * 60,
		Preparation: d.Preparation, LookingFor: d.LookingFor, PublishedAt: noon,
	}
	if diff := cmp.Diff(want, got.Slot); diff != "" {
		t.Errorf("slot (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, stored(t, got.Slot)); diff != "" {
		t.Errorf("slot after storage (-want +got):\n%s", diff)
	}
}

func TestPublishedSeats(t *testing.T) {
	for _, seats := range []int{2, 3, 12} {
		p, err := publish(mentoring.Agenda{}, circleDraft(seats))
		if err != nil {
			t.Fatal(err)
		}
		var want, first []mentoring.Seat
		for n := 1; n <= seats; n++ {
			want = append(want, mentoring.Seat{Slot: slotID(1), Number: n, Of: 1})
			first = append(first, mentoring.Seat{Slot: slotID(1), Number: n, Of: 1, Version: 1})
		}
		if diff := cmp.Diff(want, p.Seats); diff != "" {
			t.Errorf("seats (-want +got):\n%s", diff)
		}
		state := p.State()
		slot := p.Slot
		slot.Version = 1
		if diff := cmp.Diff(mentoring.SlotState{Slot: slot, Seats: first}, state); diff != "" {
			t.Errorf("state (-want +got):\n%s", diff)
		}
		if state.Free() != seats || state.Taken() != 0 {
			t.Errorf("%d seats are free, %d taken", state.Free(), state.Taken())
		}
		if diff := cmp.Diff(want, p.Seats); diff != "" {
			t.Errorf("asking for the state changed the publication (-want +got):\n%s", diff)
		}
	}
}

func TestDecidePublishRefuses(t *testing.T) {
	visitor := mentoring.Visitor(edda().ID, "edda@north.example", "Edda")
	silent, outdated := edda(), edda()
	silent.Accepted, outdated.Accepted.Version = mentoring.Accepted{}, "2020-01"
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
		{"faults", edda(), mentoring.Agenda{}, faulty, mentoring.InvalidField,
			"/durationMinutes required, /title required, /topic required"},
		{"too many upcoming", edda(), full, smallDraft(), mentoring.ActiveLimitReached, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := mentoring.DecidePublish(tc.expert, tc.agenda, tc.draft, slotID(1), mentoring.StarterTopics, policy, noon)
			if codeOf(err) != tc.want {
				t.Fatalf("got %v, want %s", err, tc.want)
			}
			if diff := cmp.Diff(tc.faults, told(faultsOf(err))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(mentoring.Publication{}, got); diff != "" {
				t.Errorf("a refusal comes with a publication (-want +got):\n%s", diff)
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
	if diff := cmp.Diff(want, got.Agenda); diff != "" {
		t.Errorf("agenda (-want +got):\n%s", diff)
	}
}

// A decision is a value of its own: whatever is done with it, the state it was made on stays as it was.
func TestPublicationIsApartFromTheState(t *testing.T) {
	state := func() (mentoring.Person, mentoring.Agenda) {
		expert := edda()
		expert.Profile.DeclaredConflicts = strangers(2)
		return expert, agendaOf(5, hosting(2, inHours(-2), inHours(-1)), hosting(4, inHours(25), inHours(26)))
	}
	for what, scribble := range map[string]func(*mentoring.Publication){
		"nothing":              func(*mentoring.Publication) {},
		"the agenda":           func(p *mentoring.Publication) { clear(wholeArray(p.Agenda)) },
		"the host's conflicts": func(p *mentoring.Publication) { clear(p.Slot.Host.Conflicts) },
		"the languages":        func(p *mentoring.Publication) { clear(p.Slot.Languages) },
		"the seats":            func(p *mentoring.Publication) { clear(p.Seats) },
	} {
		t.Run(what, func(t *testing.T) {
			expert, agenda := state()
			p, err := mentoring.DecidePublish(expert, agenda, smallDraft(), slotID(1), mentoring.StarterTopics, policy, noon)
			if err != nil {
				t.Fatal(err)
			}
			scribble(&p)
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
		p, err := publish(mentoring.Agenda{}, d)
		if err != nil {
			if codeOf(err) != mentoring.InvalidField {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		state := p.State()
		viewer := mentoring.Viewer{Person: rana()}
		if err := mentoring.Bookable(state.Slot, state.Free(), viewer, policy, noon); err != nil {
			t.Errorf("published, and not bookable: %v", err)
		}
	})
}

func TestHostFrom(t *testing.T) {
	p := edda()
	p.Profile.Headline, p.Profile.PausedUntil, p.Profile.DeclaredConflicts = "Writes Go", noon, strangers(1)
	want := mentoring.Host{
		ID: p.ID, Name: "Edda", Headline: "Writes Go", Organisation: "north.example",
		PausedUntil: noon, Conflicts: strangers(1), Version: 1,
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
		_, err := mentoring.DecidePublish(expert, mentoring.Agenda{}, d, slotID(1), mentoring.StarterTopics, mentoring.DefaultPolicy(), noon)
		var refused *mentoring.Error
		if told := errors.As(err, &refused) && refused.Faults[0].Pointer == "/audience"; told != (audience != mentoring.Everyone) {
			t.Errorf("%s: %v", audience, err)
		}
	}
}

package mentoring_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// situation is all that Bookable looks at.
type situation struct {
	slot   mentoring.Slot
	seats  mentoring.Occupancy
	viewer mentoring.Viewer
	policy mentoring.Policy
	now    time.Time
}

// clearRoad is a situation in which Rana can book Edda's slot.
func clearRoad() situation {
	viewer := mentoring.Viewer{Person: rana()}
	return situation{slot: published(smallDraft()).Slot, seats: mentoring.Occupancy{Free: 1}, viewer: viewer, policy: policy, now: noon}
}

func (s situation) bookable() error {
	return mentoring.Bookable(s.slot, s.seats, s.viewer, s.policy, s.now)
}

func (s *situation) engage(es ...mentoring.Engagement) {
	s.viewer.Agenda.Engagements = append(s.viewer.Agenda.Engagements, es...)
}

// obstacle is one thing that keeps somebody from booking.
type obstacle struct {
	code  mentoring.Code
	place func(*situation)
}

// obstacles are all there are, the first to be told first: who asks, then what they have in hand in this
// slot, then the slot and its expert, then the rest of their agenda, then the seats. They do not touch each other.
func obstacles() []obstacle {
	stranger := strangers(1)[0]
	later := func(n int) (start, end time.Time) { return inHours(100 + n), inHours(101 + n) }
	session := func(n int, with mentoring.PersonID) mentoring.Engagement {
		start, end := later(n)
		return attending(byte(100+n), with, start, end)
	}
	ask := func(n int, status mentoring.BookingStatus) mentoring.Engagement {
		e := session(n, stranger)
		e.Status, e.Until = status, inHours(90)
		return e
	}
	return []obstacle{
		{mentoring.OwnSlot, func(s *situation) { s.slot.Host.ID = s.viewer.Person.ID }},
		{mentoring.ProfileRequired, func(s *situation) { s.viewer.Person.Version = 0 }},
		{mentoring.GroundRulesNeeded, func(s *situation) { s.viewer.Person.Accepted = mentoring.Accepted{} }},
		{mentoring.Suspended, func(s *situation) { s.viewer.Person.Programme.SuspendedUntil = inHours(200) }},
		{mentoring.ReliabilityCooldown, func(s *situation) {
			s.viewer.Agenda.Strikes = []mentoring.Strike{{At: inHours(-9)}, {At: inHours(-8)}, {At: inHours(-7)}}
		}},
		{mentoring.AlreadyBooked, func(s *situation) { s.engage(attending(1, s.slot.Host.ID, inHours(50), inHours(51))) }},
		{mentoring.CalledOff, func(s *situation) { s.slot.Status = mentoring.SlotCancelled }},
		{mentoring.NoLongerOpen, func(s *situation) {
			if s.slot.Status == mentoring.SlotOpen {
				s.slot.Status = mentoring.SlotClosed
			}
		}},
		{mentoring.TooLateToBook, func(s *situation) { s.now = s.slot.BookableUntil() }},
		{mentoring.ConflictOfInterest, func(s *situation) {
			s.slot.Host.Conflicts = []mentoring.PersonID{s.viewer.Person.ID}
		}},
		{mentoring.ExpertPaused, func(s *situation) { s.slot.Host.PausedUntil = inHours(200) }},
		{mentoring.ExpertCapReached, func(s *situation) { s.seats.MonthFull = true }},
		{mentoring.OverlappingSession, func(s *situation) { s.engage(hosting(90, inHours(24), inHours(25))) }},
		{mentoring.ActiveLimitReached, func(s *situation) { s.engage(session(0, s.slot.Host.ID)) }},
		{mentoring.ActiveLimitReached, func(s *situation) {
			s.engage(session(1, stranger), session(2, stranger), session(3, stranger))
		}},
		{mentoring.RequestLimitReached, func(s *situation) {
			s.slot.Approval = mentoring.OnRequest
			s.engage(ask(10, mentoring.Requested), ask(11, mentoring.Waitlisted), ask(12, mentoring.Requested),
				ask(13, mentoring.Waitlisted), ask(14, mentoring.Waitlisted))
		}},
		{mentoring.SlotFull, func(s *situation) { s.seats.Free = 0 }},
	}
}

func TestBookable(t *testing.T) {
	if err := clearRoad().bookable(); err != nil {
		t.Fatalf("nothing is in the way, and yet: %v", err)
	}
	for _, o := range obstacles() {
		t.Run(string(o.code), func(t *testing.T) {
			s := clearRoad()
			o.place(&s)
			err := s.bookable()
			if codeOf(err) != o.code {
				t.Fatalf("got %v", err)
			}
			if refused := err.(*mentoring.Error); refused.Detail == "" {
				t.Error("does not say what to do about it")
			}
		})
	}
}

func TestBookablePrecedence(t *testing.T) {
	all := obstacles()
	rapid.Check(t, func(t *rapid.T) {
		s := clearRoad()
		var want mentoring.Code
		for _, o := range all {
			if rapid.Bool().Draw(t, string(o.code)) {
				o.place(&s)
				if want == "" {
					want = o.code
				}
			}
		}
		if got := codeOf(s.bookable()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestBookingCutOff(t *testing.T) {
	for _, notice := range []int{0, 1, 120, 1440} {
		d := smallDraft()
		d.StartsAt, d.BookingNoticeMinutes = inHours(48), &notice
		s := clearRoad()
		s.slot = published(d).Slot
		cutOff := inHours(48).Add(-time.Duration(notice) * time.Minute)
		for at, want := range map[time.Time]mentoring.Code{
			cutOff.Add(-1): "", cutOff: mentoring.TooLateToBook, cutOff.Add(1): mentoring.TooLateToBook,
			inHours(72): mentoring.TooLateToBook,
		} {
			s.now = at
			if got := codeOf(s.bookable()); got != want {
				t.Errorf("notice of %d minutes, at %s: got %q, want %q", notice, at, got, want)
			}
		}
	}
}

func TestAlreadyBookedNamesTheBooking(t *testing.T) {
	s := clearRoad()
	s.engage(
		attending(5, strangers(1)[0], inHours(1), inHours(2)),
		attending(1, edda().ID, s.slot.StartsAt, s.slot.EndsAt()),
	)
	refused, ok := s.bookable().(*mentoring.Error)
	if !ok || refused.Code != mentoring.AlreadyBooked || refused.Booking != bookingID(1) {
		t.Errorf("got %+v", refused)
	}
}

func TestBookableOverlap(t *testing.T) {
	start, end := inHours(24), inHours(24).Add(30*time.Minute)
	for _, e := range []mentoring.Engagement{
		hosting(7, start.Add(-time.Hour), start.Add(1)), attending(7, strangers(1)[0], end.Add(-1), end.Add(time.Hour)),
	} {
		s := clearRoad()
		s.engage(hosting(6, inHours(2), inHours(3)), e)
		checkOverlap(t, s.bookable(), e)
	}
	s := clearRoad()
	s.engage(hosting(7, start.Add(-time.Hour), start), attending(8, strangers(1)[0], end, end.Add(time.Hour)))
	if err := s.bookable(); err != nil {
		t.Errorf("between two sessions, back to back: %v", err)
	}
}

func TestDeclaredConflictsHoldBothWays(t *testing.T) {
	third := strangers(1)
	for _, tc := range []struct {
		name         string
		hers, theirs []mentoring.PersonID
		want         mentoring.Code
	}{
		{"none", nil, nil, ""},
		{"the requester declared the expert", append(third, edda().ID), nil, mentoring.ConflictOfInterest},
		{"the expert declared the requester", nil, append(third, rana().ID), mentoring.ConflictOfInterest},
		{"each declared the other", append(third, edda().ID), append(third, rana().ID), mentoring.ConflictOfInterest},
		{"both declared a third", third, third, ""},
		{"each declared themselves", []mentoring.PersonID{rana().ID}, []mentoring.PersonID{edda().ID}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := clearRoad()
			s.viewer.Person.Profile.DeclaredConflicts, s.slot.Host.Conflicts = tc.hers, tc.theirs
			if got := codeOf(s.bookable()); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// The answer never reveals who declared whom (product.md section 1, rule 4).
func TestConflictsAreToldAlike(t *testing.T) {
	one, two := clearRoad(), clearRoad()
	one.viewer.Person.Profile.DeclaredConflicts = []mentoring.PersonID{edda().ID}
	two.slot.Host.Conflicts = []mentoring.PersonID{rana().ID}
	if one.bookable().Error() != two.bookable().Error() {
		t.Errorf("%v, and %v", one.bookable(), two.bookable())
	}
}

func TestPauseEndsAtItsInstant(t *testing.T) {
	for until, want := range map[time.Time]mentoring.Code{
		{}: "", noon.Add(-1): "", noon: "", noon.Add(1): mentoring.ExpertPaused,
	} {
		s := clearRoad()
		s.slot.Host.PausedUntil = until
		if got := codeOf(s.bookable()); got != want {
			t.Errorf("paused until %s: got %q, want %q", until, got, want)
		}
	}
}

func TestCapsOfTheRequester(t *testing.T) {
	const tooMany = mentoring.ActiveLimitReached
	type engagements = []mentoring.Engagement
	expert, stranger := edda().ID, strangers(1)[0]
	with := func(n int, person mentoring.PersonID) mentoring.Engagement {
		return attending(byte(100+n), person, inHours(30+2*n), inHours(31+2*n))
	}
	own := func(upcoming, perPair int) mentoring.Policy {
		p := policy
		p.MaxUpcoming, p.MaxPerPair = upcoming, perPair
		return p
	}
	for _, tc := range []struct {
		name   string
		policy mentoring.Policy
		agenda engagements
		want   mentoring.Code
	}{
		{"one below the cap", policy, engagements{with(0, stranger), with(1, stranger)}, ""},
		{"at the cap", policy, engagements{with(0, stranger), with(1, stranger), with(2, stranger)}, tooMany},
		{"hosting many", policy, append(manyHosted(20), with(90, stranger)), ""},
		{"attending what is over", policy, engagements{
			attending(2, expert, inHours(-9), inHours(-8)), attending(3, stranger, inHours(-2), inHours(-1)),
			attending(4, expert, inHours(-1), noon), with(1, stranger), with(2, stranger),
		}, ""},
		{"attending what is not quite over", policy, engagements{attending(4, expert, inHours(-1), noon.Add(1))}, tooMany},
		{"one with this expert", policy, engagements{with(0, expert)}, tooMany},
		{"one with this expert, where two are allowed", own(3, 2), engagements{with(0, expert)}, ""},
		{"two with this expert, where two are allowed", own(3, 2), engagements{with(0, expert), with(1, expert)}, tooMany},
		{"one, where one is allowed", own(1, 1), engagements{with(0, stranger)}, tooMany},
		{"none, where one is allowed", own(1, 1), nil, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := clearRoad()
			s.policy, s.viewer.Agenda.Engagements = tc.policy, tc.agenda
			if got := codeOf(s.bookable()); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestDefaultPolicyIsThatOfTheProduct(t *testing.T) {
	p := mentoring.DefaultPolicy()
	if p.MaxHosted < 1 || p.MaxWaiting < 1 {
		t.Errorf("nobody can publish, or wait: %+v", p)
	}
	want := mentoring.Policy{
		EarliestStart: 15 * time.Minute, LatestStart: 180 * 24 * time.Hour, MaxUpcoming: 3, MaxPerPair: 1,
		MaxHosted: p.MaxHosted, MaxWaiting: p.MaxWaiting, // product.md leaves these open
		MaxAsks: 5, RequestLife: 48 * time.Hour, MailsPerDay: 20, KeepWords: 365 * 24 * time.Hour,
		StrikesAllowed: 3, StrikeWindow: 90 * 24 * time.Hour, Cooldown: 28 * 24 * time.Hour,
	}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Errorf("policy (-want +got):\n%s", diff)
	}
}

func TestSlotActions(t *testing.T) {
	s := clearRoad()
	got := mentoring.SlotActions(s.slot, s.seats, s.viewer, s.policy, s.now)
	if diff := cmp.Diff([]mentoring.Action{{Name: mentoring.ActionBook, Until: inHours(22)}}, got); diff != "" {
		t.Errorf("actions (-want +got):\n%s", diff)
	}
	for _, o := range obstacles() {
		s := clearRoad()
		o.place(&s)
		var want []mentoring.Action
		if o.code == mentoring.SlotFull {
			want = []mentoring.Action{{Name: mentoring.ActionJoinWaitlist, Until: inHours(22)}}
		}
		got := mentoring.SlotActions(s.slot, s.seats, s.viewer, s.policy, s.now)
		if diff := cmp.Diff(want, got); o.code != mentoring.OwnSlot && diff != "" {
			t.Errorf("in spite of %s (-want +got):\n%s", o.code, diff)
		}
	}
}

// Whoever can wait is whoever could book, were there a seat; and the lists of both are not too long.
func TestAwaitable(t *testing.T) {
	all := obstacles()
	rapid.Check(t, func(t *rapid.T) {
		s := clearRoad()
		for i, o := range all {
			if rapid.IntRange(0, 9).Draw(t, fmt.Sprint(i, " ", o.code)) == 0 {
				o.place(&s)
			}
		}
		s.seats.Free = 1
		want := codeOf(s.bookable())
		asks := 0
		for _, e := range s.viewer.Agenda.Engagements {
			if e.Status != mentoring.Confirmed && e.Booking != "" {
				asks++
			}
		}
		s.seats.Free, s.seats.Waiting = 0, rapid.IntRange(s.policy.MaxWaiting-1, s.policy.MaxWaiting).Draw(t, "waiting")
		switch {
		case want != "":
		case asks >= s.policy.MaxAsks:
			want = mentoring.RequestLimitReached
		case s.seats.Waiting >= s.policy.MaxWaiting:
			want = mentoring.SlotFull
		}
		got := mentoring.Awaitable(s.slot, s.seats, s.viewer, s.policy, s.now)
		if codeOf(got) != want {
			t.Errorf("got %v, want %q", got, want)
		}
	})
}

// A wait counts against the asks even where booking would not.
func TestWaitingIsAsking(t *testing.T) {
	s := clearRoad()
	s.seats.Free = 0
	for n := range s.policy.MaxAsks {
		if err := mentoring.Awaitable(s.slot, s.seats, s.viewer, s.policy, s.now); err != nil {
			t.Fatalf("with %d waits: %v", n, err)
		}
		wait := attending(byte(100+n), strangers(1)[0], inHours(30), inHours(31))
		wait.Status, wait.Until = mentoring.Waitlisted, inHours(29)
		s.engage(wait)
	}
	if err := mentoring.Awaitable(s.slot, s.seats, s.viewer, s.policy, s.now); codeOf(err) != mentoring.RequestLimitReached {
		t.Errorf("one too many: %v", err)
	}
	s.now = inHours(29) // all of them ran out
	s.slot.StartsAt = inHours(40)
	if err := mentoring.Awaitable(s.slot, s.seats, s.viewer, s.policy, s.now); err != nil {
		t.Errorf("waits that ran out count: %v", err)
	}
}

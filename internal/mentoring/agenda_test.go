package mentoring_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"flashmentoring/internal/mentoring"
)

// anyAgenda has sessions within a day around noon, by start; they may overlap, as after a change of rules.
func anyAgenda(t *rapid.T) mentoring.Agenda {
	var es []mentoring.Engagement
	for n := range rapid.IntRange(0, 6).Draw(t, "engagements") {
		start, end := anyTime(t)
		e := hosting(byte(100+n), start, end)
		if rapid.Bool().Draw(t, "attends") {
			expert := rapid.SampledFrom([]mentoring.PersonID{edda().ID, strangers(1)[0]}).Draw(t, "with")
			e = attending(byte(100+n), expert, start, end)
		}
		es = append(es, e)
	}
	slices.SortFunc(es, func(a, b mentoring.Engagement) int { return a.Start.Compare(b.Start) })
	return agendaOf(rapid.Int64Range(0, 9).Draw(t, "version"), es...)
}

// anyTime is the time of a session, on a grid that makes touching ones frequent.
func anyTime(t *rapid.T) (start, end time.Time) {
	start = noon.Add(time.Duration(rapid.IntRange(-16, 16).Draw(t, "quarters")) * 15 * time.Minute)
	return start, start.Add(time.Duration(rapid.SampledFrom(mentoring.Durations).Draw(t, "minutes")) * time.Minute)
}

func TestAgendaFromDropsWhatIsOver(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		agenda := anyAgenda(t)
		whole := slices.Clone(wholeArray(agenda))
		want := mentoring.Agenda{Version: agenda.Version}
		for _, e := range agenda.Engagements {
			if noon.Before(e.End) {
				want.Engagements = append(want.Engagements, e)
			}
		}
		got := agenda.From(noon)
		if len(got.Engagements) == 0 {
			got.Engagements = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("agenda (-want +got):\n%s", diff)
		}
		clear(wholeArray(got))
		if diff := cmp.Diff(whole, wholeArray(agenda)); diff != "" {
			t.Errorf("the agenda it was made from changed (-want +got):\n%s", diff)
		}
	})
}

func TestAgendaFromAtExactInstants(t *testing.T) {
	agenda := agendaOf(1, hosting(1, noon, inHours(1)))
	for at, want := range map[time.Time]int{noon: 1, inHours(1).Add(-1): 1, inHours(1): 0} {
		if got := len(agenda.From(at).Engagements); got != want {
			t.Errorf("at %s: %d", at, got)
		}
	}
}

// Whatever is in the agenda twice at one instant overlaps, and nothing else does.
func TestOverlapping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		agenda := anyAgenda(t)
		start, end := anyTime(t)
		var want *mentoring.Engagement
		for at := start; at.Before(end) && want == nil; at = at.Add(5 * time.Minute) { // all times are on this grid
			for i, e := range agenda.Engagements {
				if !at.Before(e.Start) && at.Before(e.End) {
					want = &agenda.Engagements[i]
					break
				}
			}
		}
		got := agenda.Overlapping(start, end)
		if (got == nil) != (want == nil) {
			t.Errorf("got %v, want %v", got, want)
		}
		if got != nil && !(got.Start.Before(end) && start.Before(got.End)) {
			t.Errorf("%v does not overlap", got)
		}
	})
}

func TestOverlappingIsTheFirst(t *testing.T) {
	one, two := hosting(1, noon, inHours(1)), hosting(2, inHours(1), inHours(2))
	if got := agendaOf(1, one, two).Overlapping(noon, inHours(2)); got == nil || got.Slot != one.Slot {
		t.Errorf("got %v", got)
	}
}

func TestOverlapIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		startA, endA := anyTime(t)
		startB, endB := anyTime(t)
		ab := agendaOf(1, hosting(1, startA, endA)).Overlapping(startB, endB) != nil
		ba := agendaOf(1, hosting(2, startB, endB)).Overlapping(startA, endA) != nil
		if ab != ba {
			t.Errorf("%s–%s and %s–%s: %v, the other way round %v", startA, endA, startB, endB, ab, ba)
		}
	})
}

func TestAgendaIn(t *testing.T) {
	agenda := agendaOf(1, hosting(1, noon, inHours(1)), attending(2, edda().ID, inHours(2), inHours(3)))
	if got := agenda.In(slotID(1)); got == nil || got.Booking != "" {
		t.Errorf("hosting: %v", got)
	}
	if got := agenda.In(slotID(2)); got == nil || got.Booking != bookingID(2) {
		t.Errorf("attending: %v", got)
	}
	if got := agenda.In(slotID(3)); got != nil {
		t.Errorf("neither: %v", got)
	}
}

func TestAgendaHosted(t *testing.T) {
	attended := attending(2, edda().ID, inHours(2), inHours(3))
	agenda := agendaOf(1, hosting(1, noon, inHours(1)), attended, hosting(3, inHours(4), inHours(5)))
	if diff := cmp.Diff([]mentoring.SlotID{slotID(1), slotID(3)}, agenda.Hosted()); diff != "" {
		t.Errorf("hosted (-want +got):\n%s", diff)
	}
	if got := (mentoring.Agenda{}).Hosted(); len(got) != 0 {
		t.Errorf("an empty agenda hosts %v", got)
	}
}

func TestAgendaSurvivesStorage(t *testing.T) {
	agenda := mentoring.Agenda{Engagements: []mentoring.Engagement{
		hosting(1, noon, inHours(1)), attending(2, edda().ID, inHours(2), inHours(3)),
	}}
	if diff := cmp.Diff(agenda, stored(t, agenda)); diff != "" {
		t.Errorf("agenda (-want +got):\n%s", diff)
	}
}

package mentoring_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

const day = 24 * time.Hour

// struckAt is an agenda with strikes so many days from now.
func struckAt(days ...int) (a mentoring.Agenda) {
	for _, n := range days {
		a.Strikes = append(a.Strikes, mentoring.Strike{At: noon.Add(time.Duration(n) * day), Slot: slotID(1)})
	}
	return a
}

// Three within 90 days keep somebody away for 28 days from the third on (product.md section 7).
func TestCooldownUntil(t *testing.T) {
	for _, tc := range []struct {
		name    string
		strikes []int
		until   int // days from now; 0: not at all
	}{
		{"none", nil, 0},
		{"two", []int{-2, -1}, 0},
		{"three", []int{-3, -2, -1}, 27},
		{"three within 90 days, just", []int{-90, -2, -1}, 27},
		{"three, of which one is too old", []int{-91, -2, -1}, 0},
		{"three, long ago", []int{-40, -35, -28}, 0},
		{"three, whose time is not over", []int{-40, -35, -27}, 1},
		{"four: the last counts", []int{-20, -19, -18, -10}, 18},
		{"three, and one much later", []int{-110, -109, -108, -1}, 0},
	} {
		want := time.Time{}
		if tc.until > 0 {
			want = noon.Add(time.Duration(tc.until) * day)
		}
		if got := struckAt(tc.strikes...).CooldownUntil(policy, noon); !got.Equal(want) {
			t.Errorf("%s: until %s, want %s", tc.name, got, want)
		}
	}
	lenient := policy
	lenient.StrikesAllowed = 0
	if got := struckAt(-3, -2, -1).CooldownUntil(lenient, noon); !got.IsZero() {
		t.Errorf("where strikes keep nobody away: %s", got)
	}
}

func TestStrikesAt(t *testing.T) {
	a := struckAt(-91, -90, -89, -1)
	if diff := cmp.Diff(struckAt(-89, -1).Strikes, a.StrikesAt(policy, noon)); diff != "" {
		t.Errorf("strikes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(struckAt(-91, -90, -89, -1), a); diff != "" {
		t.Errorf("counting changed the agenda (-want +got):\n%s", diff)
	}
}

// A strike adds to those that still matter, and is told with how many there are.
func TestAStrikeIsCountedAndTold(t *testing.T) {
	w := newWorld(t, edda(), rana())
	a := struckAt(-200, -110, -80, -3)
	w.present.agendas[edda().ID] = a
	slot := w.slot(edda(), wide(1))
	id := w.book(rana(), slot)
	late := inHours(80)
	c := w.at(late).must(slot, w.cancel(id, edda().ID))
	w.wants(t, "cancelling late", c, "seat 1 free, booking Rana cancelled, agenda Edda, agenda Rana, event booking_ended of 1, event strike_counted of 1")
	strikes := w.viewer(edda().ID).Agenda.Strikes
	want := append(struckAt(-110, -80, -3).Strikes, mentoring.Strike{At: late, Slot: slot, Booking: id})
	if diff := cmp.Diff(want, strikes); diff != "" {
		t.Errorf("strikes (-want +got):\n%s", diff)
	}
	for _, tc := range []struct {
		at      time.Time
		strikes int
		away    bool
	}{{late, 3, true}, {noon.Add(11 * day), 2, true}, {noon.Add(40 * day), 2, false}} {
		notices := mentoring.NoticesFor(w.news(c.Events[1]), policy, tc.at)
		if len(notices) != 1 || notices[0].Kind != mentoring.StrikeGiven || notices[0].Reader.ID != edda().ID ||
			notices[0].Strikes != tc.strikes || notices[0].CooldownUntil.IsZero() == tc.away {
			t.Errorf("at %s: told %+v", tc.at, notices)
		}
	}
	if got := mentoring.NoticesFor(w.news(c.Events[1]), policy, noon.Add(300*day)); got != nil {
		t.Errorf("told when none counts any more: %+v", got)
	}
}

package mentoring_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/mentoring"
)

// tellings says who is told what by the events of changes, and what becomes of their calendars:
// "Rana booking_confirmed REQUEST".
func (w *world) tellings(c mentoring.Changes) string {
	var all []string
	for _, e := range c.Events {
		for _, n := range mentoring.NoticesFor(w.news(e), w.policy, w.now) {
			all = append(all, strings.TrimSpace(n.Reader.Profile.Name+" "+string(n.Kind)+" "+string(n.Calendar.Method)))
		}
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

// Each thing that can happen, who hears of it, and what becomes of their calendar entry (product.md section 10).
func TestWhoIsToldWhat(t *testing.T) {
	type w = *world
	instant, asked := wide(2), onRequest(2)
	few := wide(2)
	few.MinAttendees = new(2)
	for _, tc := range []struct {
		name  string
		draft mentoring.SlotDraft
		do    func(w w, slot mentoring.SlotID) mentoring.Changes
		want  string
	}{
		{"a request", asked, func(w w, s mentoring.SlotID) mentoring.Changes { return w.must(s, w.bookingNow(rana().ID)) },
			"Edda booking_requested, Rana booking_requested"},
		{"a yes", asked, func(w w, s mentoring.SlotID) mentoring.Changes {
			return w.must(s, w.approve(w.book(rana(), s), edda().ID))
		}, "Edda booking_confirmed REQUEST, Rana booking_confirmed REQUEST"},
		{"a no", asked, func(w w, s mentoring.SlotID) mentoring.Changes {
			return w.must(s, w.decline(w.book(rana(), s), edda().ID))
		}, "Edda booking_declined, Rana booking_declined"},
		{"a request withdrawn", asked, func(w w, s mentoring.SlotID) mentoring.Changes {
			return w.must(s, w.cancel(w.book(rana(), s), rana().ID))
		}, "Edda booking_cancelled, Rana booking_cancelled"},
		{"no answer", asked, func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			return w.at(inHours(48)).must(s, w.settle(time.Time{}))
		}, "Edda request_expired, Rana request_expired"},
		{"a wait", wide(1), func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			return w.must(s, w.bookingNow(tomasz().ID))
		}, "Tomasz waitlisted"},
		{"a wait left", wide(1), func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			return w.must(s, w.cancel(w.book(tomasz(), s), tomasz().ID))
		}, "Tomasz booking_cancelled"},
		{"a wait for nothing", wide(1), func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			w.book(tomasz(), s)
			return w.at(inHours(94)).must(s, w.settle(time.Time{}))
		}, "Tomasz request_expired"},
		{"a wait that was worth it", wide(1), func(w w, s mentoring.SlotID) mentoring.Changes {
			id := w.book(rana(), s)
			w.book(tomasz(), s)
			return w.must(s, w.cancel(id, rana().ID))
		}, "Edda booking_cancelled, Edda booking_confirmed REQUEST, Rana booking_cancelled CANCEL, Tomasz waitlist_promoted REQUEST"},
		{"a wait that made a request", onRequest(1), func(w w, s mentoring.SlotID) mentoring.Changes {
			id := w.book(rana(), s)
			w.must(s, w.approve(id, edda().ID))
			w.book(tomasz(), s)
			return w.must(s, w.cancel(id, rana().ID))
		}, "Edda booking_cancelled CANCEL, Edda booking_requested, Rana booking_cancelled CANCEL, Tomasz waitlist_promoted"},
		{"one of two leaves", instant, func(w w, s mentoring.SlotID) mentoring.Changes {
			id := w.book(rana(), s)
			w.book(tomasz(), s)
			return w.must(s, w.cancel(id, rana().ID))
		}, "Edda booking_cancelled, Rana booking_cancelled CANCEL"},
		{"the last leaves", instant, func(w w, s mentoring.SlotID) mentoring.Changes {
			return w.must(s, w.cancel(w.book(rana(), s), edda().ID))
		}, "Edda booking_cancelled CANCEL, Rana booking_cancelled CANCEL"},
		{"called off late", instant, func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			w.book(tomasz(), s)
			return w.at(inHours(80)).must(s, w.callOff(edda().ID))
		}, "Edda booking_cancelled CANCEL, Edda strike, Rana booking_cancelled CANCEL, Tomasz booking_cancelled CANCEL"},
		{"requests called off", asked, func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			return w.must(s, w.callOff(edda().ID))
		}, "Edda booking_cancelled, Rana booking_cancelled"},
		{"nobody's slot called off", instant, func(w w, s mentoring.SlotID) mentoring.Changes { return w.must(s, w.callOff(edda().ID)) }, ""},
		{"closed", instant, func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			return w.must(s, w.closing(edda().ID))
		}, ""},
		{"changed", instant, func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			return w.must(s, w.revise(edda().ID, mentoring.Revision{Place: new("Room 1")}))
		}, "Edda slot_changed REQUEST, Rana slot_changed REQUEST"},
		{"changed, with requests", asked, func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			return w.must(s, w.revise(edda().ID, mentoring.Revision{Place: new("Room 1")}))
		}, "Rana slot_changed"},
		{"too few", few, func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			return w.at(inHours(94)).must(s, w.settle(inHours(94)))
		}, "Edda slot_unfilled CANCEL, Rana booking_cancelled CANCEL"},
		{"nobody", instant, func(w w, s mentoring.SlotID) mentoring.Changes {
			return w.at(inHours(94)).must(s, w.settle(inHours(94)))
		},
			"Edda slot_unfilled"},
		{"nobody, until the start", func() mentoring.SlotDraft { d := wide(1); d.BookingNoticeMinutes = new(0); return d }(),
			func(w w, s mentoring.SlotID) mentoring.Changes {
				return w.at(inHours(96)).must(s, w.settle(inHours(96)))
			}, "Edda slot_unfilled"},
		{"a conflict", instant, func(w w, s mentoring.SlotID) mentoring.Changes {
			w.book(rana(), s)
			host := mentoring.HostFrom(edda())
			host.Version, host.Conflicts = 2, []mentoring.PersonID{rana().ID}
			return w.must(s, w.following(host))
		}, "Rana conflict_found"},
		{"moved here", instant, func(w w, s mentoring.SlotID) mentoring.Changes {
			d := wide(1)
			d.StartsAt = inHours(120)
			id := w.book(rana(), w.slot(egon(), d))
			c, err := w.attempt(w.move(id, rana().ID, s))
			wantCode(w.t.(*testing.T), "moving", err, "")
			return c
		}, "Edda booking_moved REQUEST, Egon booking_moved CANCEL, Rana booking_moved REQUEST"},
		{"moved here, to ask", asked, func(w w, s mentoring.SlotID) mentoring.Changes {
			d := wide(1)
			d.StartsAt = inHours(120)
			id := w.book(rana(), w.slot(egon(), d))
			c, err := w.attempt(w.move(id, rana().ID, s))
			wantCode(w.t.(*testing.T), "moving", err, "")
			return c
		}, "Edda booking_requested, Egon booking_moved CANCEL, Rana booking_moved CANCEL"},
		{"moved here, from a waiting list", instant, func(w w, s mentoring.SlotID) mentoring.Changes {
			d := wide(1)
			d.StartsAt = inHours(120)
			other := w.slot(egon(), d)
			w.book(tomasz(), other)
			c, err := w.attempt(w.move(w.book(rana(), other), rana().ID, s))
			wantCode(w.t.(*testing.T), "moving", err, "")
			return c
		}, "Edda booking_moved REQUEST, Rana booking_moved REQUEST"},
	} {
		w := newWorld(t, edda(), egon(), rana(), tomasz())
		c := tc.do(w, w.slot(edda(), tc.draft))
		if diff := cmp.Diff(tc.want, w.tellings(c)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
		w.check(true)
	}
}

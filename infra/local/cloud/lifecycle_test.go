package cloud_test

import (
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/infra/local/cloud"
)

var method = regexp.MustCompile(`text/calendar;[^\r\n]*\s*method=(\w+)`)

// told are the kinds of the mails somebody got, in order, with the method of the calendar object in each.
func (p person) told() (kinds []string) {
	p.w.t.Helper()
	for _, m := range p.w.mail(p.email) {
		kind := m.Kind
		if found := method.FindStringSubmatch(m.Raw); found != nil {
			kind += " " + found[1]
		}
		kinds = append(kinds, kind)
	}
	return kinds
}

// offers publishes a slot with one seat that starts so much later; more is added to it.
func (p person) offers(in time.Duration, more map[string]any) string {
	p.w.t.Helper()
	draft := map[string]any{
		"title": "Reading a difficult paper", "topic": "publishing", "durationMinutes": 30,
		"startsAt": p.w.Now().Add(in).Format(time.RFC3339), "meeting": map[string]any{"videoUrl": "https://meet.example.org/x"},
	}
	for name, value := range more {
		draft[name] = value
	}
	return p.must(http.StatusCreated, http.MethodPost, "/v1/slots", draft).field("id")
}

// asks books a seat, or a place on the waiting list, and returns the booking's id.
func (p person) asks(slot, status string) string {
	p.w.t.Helper()
	a := p.must(http.StatusCreated, http.MethodPost, "/v1/slots/"+slot+"/bookings", map[string]any{
		"purpose": map[string]any{
			"kind": "knowledge", "question": "Where does one begin?", "desiredOutcome": "To finish one paper this week.",
		},
		"joinWaitlist": true, "noConflict": true,
	})
	if a.field("status") != status {
		p.w.t.Fatalf("booked: %s, want %s", a.field("status"), status)
	}
	p.w.mail("") // the mails of one step go out before the next
	return a.field("id")
}

// does is a command that succeeds.
func (p person) does(method, path string, body any) {
	p.w.t.Helper()
	p.must(http.StatusOK, method, path, body)
	p.w.mail("")
}

// From a request to the reminder of the last hour, everybody is told what concerns them, in order and once, however often the
// clock ticks.
func TestEverybodyIsToldOnce(t *testing.T) {
	onEachEngine(t, func(t *testing.T, config cloud.Config) {
		w := start(t, config)
		ada, ben, cleo, dan := w.enrolled("ada"), w.enrolled("ben"), w.enrolled("cleo"), w.enrolled("dan")
		asked := ada.offers(74*time.Hour, map[string]any{"approval": "request"})
		later := ada.offers(98*time.Hour, nil)
		called := ada.offers(120*time.Hour, nil)
		ada.offers(60*time.Hour, map[string]any{"title": "Nobody comes to this"})

		booking := ben.asks(asked, "requested")
		ada.does(http.MethodPost, "/v1/bookings/"+booking+"/approve", nil)
		cleo.asks(asked, "waitlisted")
		ben.does(http.MethodPost, "/v1/bookings/"+booking+"/move", map[string]any{"slotId": later, "noConflict": true})
		ada.does(http.MethodPatch, "/v1/slots/"+later, map[string]any{"startsAt": w.Now().Add(99 * time.Hour).Format(time.RFC3339)})
		dan.asks(called, "confirmed")
		ada.does(http.MethodPost, "/v1/slots/"+called+"/cancel", map[string]any{"reason": "A trip came up."})
		w.travels("98h30m")
		for range 2 {
			w.travels("1s") // ticks once more
		}

		for _, test := range []struct {
			who      person
			want     []string
			together [2]int // the mails of one command: from, to
		}{
			{ada, []string{
				"booking_requested", "booking_confirmed REQUEST", // Ben asks, and may come
				"booking_moved CANCEL", "booking_moved REQUEST", "booking_requested", // he moves, and Cleo asks in his place
				"slot_changed REQUEST",
				"booking_confirmed REQUEST", "booking_cancelled CANCEL", // Dan
				"request_expiring", "request_expired", // Cleo's
				"slot_unfilled", "slot_unfilled", // nobody came to this, nor in Cleo's place
				"reminder_24h REQUEST", "reminder_1h",
			}, [2]int{2, 5}},
			{ben, []string{
				"booking_requested", "booking_confirmed REQUEST", "booking_moved REQUEST", "slot_changed REQUEST",
				"reminder_24h REQUEST", "reminder_1h",
			}, [2]int{}},
			{cleo, []string{"waitlisted", "waitlist_promoted", "request_expired"}, [2]int{}},
			{dan, []string{"booking_confirmed REQUEST", "booking_cancelled CANCEL"}, [2]int{}},
		} {
			got := test.who.told()
			if len(got) == len(test.want) { // what one command says goes out in any order
				slices.Sort(got[test.together[0]:test.together[1]])
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.who.email, diff)
			}
		}
		t.Log("figure R8: the whole way from the request to the reminder of the last hour, through the functions: each mail once, however often the clock ticks")
	})
}

// While the mail service is down people go on, and once it is up they are told: each thing once, and nothing that is no longer
// true by then.
func TestMailServiceDown(t *testing.T) {
	onEachEngine(t, func(t *testing.T, config cloud.Config) {
		w := start(t, config)
		ada, ben, cleo := w.enrolled("ada"), w.enrolled("ben"), w.enrolled("cleo")
		slot := ada.offers(72*time.Hour, nil)
		w.post("/_local/ses", map[string]string{"state": "down"})
		booking := ben.asks(slot, "confirmed")
		cleo.asks(slot, "waitlisted")
		ben.does(http.MethodPost, "/v1/bookings/"+booking+"/cancel", nil)
		w.travels("1h")
		if n := len(w.mail("")); n != 0 {
			t.Fatalf("%d mails while the service is down", n)
		}
		w.post("/_local/ses", map[string]string{"state": "up"})
		w.travels("3h")
		for _, test := range []struct {
			who  person
			want []string
		}{
			{ada, []string{"booking_cancelled", "booking_confirmed REQUEST"}}, // Ben is out before she knew, Cleo comes
			{ben, []string{"booking_cancelled CANCEL"}},
			{cleo, []string{"waitlist_promoted REQUEST"}}, // that she waited is no longer true
		} {
			got := test.who.told()
			slices.Sort(got) // rows that are tried again go out in any order
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", test.who.email, diff)
			}
		}
	})
}

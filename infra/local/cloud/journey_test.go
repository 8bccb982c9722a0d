package cloud_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"flashmentoring/infra/local/cloud"
)

// onEachEngine runs a test on both engines of the table.
func onEachEngine(t *testing.T, test func(t *testing.T, config cloud.Config)) {
	for _, engine := range []cloud.Engine{cloud.Bolt, cloud.DynamoDBLocal} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			config := empty(t)
			config.Table = engine
			test(t, config)
		})
	}
}

// The main job, from nobody to a session that is over.
func TestJourney(t *testing.T) {
	onEachEngine(t, func(t *testing.T, config cloud.Config) {
		w := start(t, config)
		w.signIn("ada").must(http.StatusConflict, http.MethodPost, "/v1/slots", map[string]any{
			"title": "Too early", "topic": "publishing", "durationMinutes": 30,
			"startsAt": w.Now().Add(48 * time.Hour).Format(time.RFC3339),
		})
		ada, ben := w.enrolled("ada"), w.enrolled("ben")
		slot := ada.publishes(48*time.Hour, 1)

		found := ben.must(http.StatusOK, http.MethodGet, "/v1/slots?topic=publishing", nil)
		if !strings.Contains(found.text, slot) {
			t.Fatalf("the slot is not among the open ones: %s", found.text)
		}
		booked := ben.books(slot)
		if booked.status != http.StatusCreated {
			t.Fatalf("booking answers %d: %s", booked.status, booked.text)
		}
		booking := booked.field("id")

		for _, p := range []person{ada, ben} {
			mails := w.mail(p.email)
			if len(mails) != 1 {
				t.Fatalf("%s has %d mails, want 1", p.email, len(mails))
			}
			m := mails[0]
			const title, outcome = "Reading a difficult paper", "To finish one paper this week."
			if m.To != p.email || m.Kind != "booking_confirmed" || !strings.Contains(m.Subject, title) ||
				!strings.Contains(m.Text, outcome) || !strings.Contains(m.HTML, outcome) ||
				!strings.Contains(m.Raw, "method=REQUEST") || m.At.Sub(w.Now()).Abs() > time.Hour {
				t.Errorf("mail to %s: %+v", p.email, m)
			}
		}

		w.travels("49h")
		if got := ben.must(http.StatusOK, http.MethodGet, "/v1/bookings/"+booking, nil).field("status"); got != "completed" {
			t.Errorf("two days later the booking is %s", got)
		}
		if got := ada.must(http.StatusOK, http.MethodGet, "/v1/slots/"+slot, nil).field("status"); got != "completed" {
			t.Errorf("two days later the slot is %s", got)
		}
	})
}

// Plans change: both hear of it, the entries go from their calendars, and somebody else gets the seat.
func TestCancelled(t *testing.T) {
	onEachEngine(t, func(t *testing.T, config cloud.Config) {
		w := start(t, config)
		ada, ben, cleo := w.enrolled("ada"), w.enrolled("ben"), w.enrolled("cleo")
		slot := ada.publishes(72*time.Hour, 1)
		booking := ben.books(slot).field("id")
		w.mail(ben.email) // the confirmation is out
		ben.must(http.StatusOK, http.MethodPost, "/v1/bookings/"+booking+"/cancel", map[string]any{"reason": "A trip came up."})
		for _, p := range []person{ada, ben} {
			mails := w.mail(p.email)
			if len(mails) != 2 {
				t.Fatalf("%s has %d mails, want 2", p.email, len(mails))
			}
			if m := mails[1]; m.Kind != "booking_cancelled" || !strings.Contains(m.Text, "A trip came up.") || !strings.Contains(m.Raw, "method=CANCEL") {
				t.Errorf("mail to %s: %+v", p.email, m)
			}
		}
		if got := cleo.books(slot); got.status != http.StatusCreated {
			t.Errorf("the seat is not free again: %d %s", got.status, got.text)
		}
	})
}

// The mailer is down while people book. Nothing is lost: the clock finds the rows, and everybody is told once.
func TestMailerDown(t *testing.T) {
	onEachEngine(t, func(t *testing.T, config cloud.Config) {
		w := start(t, config)
		slot := w.enrolled("expert").publishes(72*time.Hour, 6)
		if a := w.post("/_local/mailer", map[string]any{"down": true}); a.status != http.StatusOK || a.json["down"] != true {
			t.Fatalf("mailer: %d %s", a.status, a.text)
		}
		const people = 5
		var booking sync.WaitGroup
		for i := range people {
			requester := w.enrolled(fmt.Sprint("requester", i))
			booking.Go(func() {
				if a := requester.books(slot); a.status != http.StatusCreated {
					t.Errorf("booking answers %d: %s", a.status, a.text)
				}
			})
		}
		booking.Wait()
		if n := len(w.mail("")); n != 0 {
			t.Fatalf("%d mails while the mailer is down", n)
		}
		w.travels("1m")
		told := func() {
			t.Helper()
			for i := range people {
				if n := len(w.mail(fmt.Sprintf("requester%d@example.org", i))); n != 1 {
					t.Errorf("requester %d has %d mails, want 1", i, n)
				}
			}
		}
		told()
		if n := len(w.mail("expert@example.org")); n != people {
			t.Errorf("the expert has %d mails, want %d", n, people)
		}

		w.post("/_local/mailer", map[string]any{"down": false})
		last := w.enrolled("last")
		if a := last.books(slot); a.status != http.StatusCreated {
			t.Fatalf("booking answers %d: %s", a.status, a.text)
		}
		if n := len(w.mail(last.email)); n != 1 {
			t.Errorf("the mailer is up again, and the last requester has %d mails", n)
		}
		w.travels("25h")
		told()
	})
}

// Two hundred people press the same button at the same moment (proof.md R1, over HTTP).
func TestOneSeat(t *testing.T) {
	const people = 200
	w := start(t, empty(t))
	slot := w.enrolled("expert").publishes(72*time.Hour, 1)
	requesters := make([]person, people)
	for i := range requesters {
		requesters[i] = w.enrolled(fmt.Sprint("requester", i))
	}
	outcomes := map[string]int{}
	var mu sync.Mutex
	var pressing sync.WaitGroup
	release := make(chan struct{})
	for _, p := range requesters {
		pressing.Go(func() {
			<-release
			a := p.books(slot)
			mu.Lock()
			defer mu.Unlock()
			outcomes[strings.TrimSpace(fmt.Sprint(a.status, " ", map[bool]string{true: a.field("code")}[a.status >= 400]))]++
		})
	}
	close(release)
	pressing.Wait()
	if outcomes["201"] != 1 || outcomes["409 slot_full"] != people-1 || len(outcomes) != 2 {
		t.Errorf("got %v, want one 201 and %d times 409 slot_full", outcomes, people-1)
	}
	if n := len(w.mail("")); n != 2 {
		t.Errorf("%d mails, want one to each side", n)
	}
}

// What was there before a restart is there after it: bookings, people, tokens, mails, and the time.
func TestRestart(t *testing.T) {
	config := empty(t)
	before := start(t, config)
	ada, ben := before.enrolled("ada"), before.enrolled("ben")
	slot := ada.publishes(96*time.Hour, 1)
	booking := ben.books(slot).field("id")
	before.travels("25h")
	mails, then := before.mail(""), before.Now()
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}

	config.Port = portOf(t, before.URL())
	after := start(t, config)
	if now := after.Now(); now.Before(then) || now.Sub(then) > time.Hour {
		t.Errorf("the clock was at %v and is at %v", then, now)
	}
	ben = person{after, ben.email, ben.token}
	if got := ben.must(http.StatusOK, http.MethodGet, "/v1/bookings/"+booking, nil).field("status"); got != "confirmed" {
		t.Errorf("the booking is %s", got)
	}
	if got := after.mail(""); len(got) != 2 || got[0] != mails[0] || got[1] != mails[1] {
		t.Errorf("the inbox was\n%v\nand is\n%v", mails, got)
	}
	if a := after.enrolled("cem").books(slot); a.field("code") != "slot_full" {
		t.Errorf("the seat was sold twice: %d %s", a.status, a.text)
	}
}

package cloud

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// BenchmarkTravel goes 25 hours ahead, over 250 slots of which some dozens are booked and waited for, with all their
// reminders and cut-offs.
func BenchmarkTravel(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		c := crowded(b)
		b.StartTimer()
		if _, err := c.Advance(25 * time.Hour); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		b.ReportMetric(float64(len(c.Mail(""))), "mails")
		if err := c.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// crowded is a local cloud where ten experts have a slot in each of 25 hours, and every fifth is booked and waited for.
func crowded(b *testing.B) *Cloud {
	b.Helper()
	c, err := Start(b.Context(), Config{DataDir: b.TempDir(), Table: Bolt, Empty: true, Parameters: map[string]string{"WritesPerMinute": "6000"}})
	if err != nil {
		b.Fatal(err)
	}
	ask := func(who Person, method, path string, body, into any) {
		b.Helper()
		if err := c.as(who, b.Context(), method, path, body, into); err != nil {
			b.Fatal(err)
		}
	}
	enrolled := func(sub string) Person {
		p := Person{Sub: sub, Email: sub + "@example.org"}
		ask(p, http.MethodPut, "/v1/me", map[string]any{"name": sub, "timeZone": "UTC", "acceptGroundRules": true}, nil)
		return p
	}
	for e := range 10 {
		expert := enrolled(fmt.Sprint("expert", e))
		for hour := range 25 {
			var made struct{ ID string }
			ask(expert, http.MethodPost, "/v1/slots", map[string]any{
				"title": "One question", "topic": "career", "durationMinutes": 15,
				"startsAt": c.Now().Add(time.Duration(3+hour) * time.Hour).Format(time.RFC3339),
			}, &made)
			for n := 0; hour%5 == 4 && n < 2; n++ {
				ask(enrolled(fmt.Sprint("r", e, ".", hour, ".", n)), http.MethodPost, "/v1/slots/"+made.ID+"/bookings", map[string]any{
					"purpose":      map[string]any{"kind": "other", "question": "What?", "desiredOutcome": "To know what to do on Monday."},
					"joinWaitlist": true, "noConflict": true,
				}, nil)
			}
		}
	}
	if err := c.Idle(b.Context()); err != nil {
		b.Fatal(err)
	}
	return c
}

package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/mentoring"
)

// TestReport: what people did is what coordinators read in figures, and nothing of it where few did it; the notes they wrote
// to the programme are there, and not who wrote them.
func TestReport(t *testing.T) {
	w := open(t, setting{})
	anna, coordinator := w.enrolled("anna"), w.person("coordinator")
	slot := anna.publishes(with(draft(48*time.Hour), "format", "circle", "capacity", 8))
	var bookings []string
	for i := range 6 {
		bookings = append(bookings, w.enrolled(fmt.Sprint("guest", i)).books(slot))
	}
	w.advance(49 * time.Hour)
	for i, b := range bookings {
		answers := object{"tookPlace": "held"}
		if i < 3 {
			answers["useful"], answers["noteToProgramme"] = 5, fmt.Sprint("Note ", i, " of guest")
		}
		w.person(fmt.Sprint("guest", i)).put("/v1/bookings/"+b+"/survey", object{"answers": answers}).expect(http.StatusOK)
	}
	const path = "/v1/reports/programme?from=2026-11-01&to=2026-12-01"
	coordinator.get(path).expect(http.StatusOK).is(0.0, "figures", "0", "n") // nothing is counted yet
	event := mentoring.Event{Kind: mentoring.SessionEnded, Slot: mentoring.SlotID(slot), At: w.clock()}
	for _, b := range bookings {
		event.Bookings = append(event.Bookings, mentoring.BookingID(b))
	}
	for range 2 { // the second time there is nothing to do
		if err := w.office.RecordFacts(t.Context(), event); err != nil {
			t.Fatal(err)
		}
	}
	figures := map[string]map[string]any{}
	got := coordinator.get(path)
	for _, f := range got.at("figures").([]any) {
		figures[f.(map[string]any)["name"].(string)] = f.(map[string]any)
	}
	for name, want := range map[string]string{
		"held": "6 6 false", "requester_response_rate": "1 6 false", "expert_response_rate": "0 6 false",
		"useful_top_two_share": "<nil> <nil> true", "slots_published": "<nil> <nil> true", "requests": "<nil> 0 false",
	} {
		f := figures[name]
		if got := fmt.Sprint(f["value"], " ", f["n"], " ", f["withheld"]); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	got.is("2026-11-01", "months", "0", "begins")

	table := coordinator.get(path, header("Accept", "text/csv")).expect(http.StatusOK)
	if kind := table.header.Get("Content-Type"); kind != "text/csv; charset=utf-8" || !strings.Contains(table.text, "\r\n2026-11-01,2026-12-01,,,held,count,6,6,false\r\n") {
		t.Errorf("%s: %s", kind, table.text)
	}
	notes := coordinator.get("/v1/reports/notes?from=2026-11-01&to=2026-12-01").expect(http.StatusOK).is("2026-11-04", "items", "0", "day")
	for _, secret := range append(bookings, "Guest0", "Anna", "per_") {
		if strings.Contains(notes.text+got.text+table.text, secret) {
			t.Errorf("%s is in the report", secret)
		}
	}
	if n := strings.Count(notes.text, "of guest"); n != 3 {
		t.Errorf("%d notes: %s", n, notes.text)
	}
	for query, pointer := range map[string]string{
		"from=2026-11-02": "/query/from", "to=2026-11-30": "/query/to", "from=2020-01-01&to=2026-11-01": "/query/to", "from=x": "/query/from",
		"topic=nonsense": "/query/topic", "month=1": "/query/month",
	} {
		refused := coordinator.get("/v1/reports/programme?" + query).expect(invalid)
		if !strings.Contains(refused.text, `"pointer":"`+pointer+`"`) {
			t.Errorf("%s: %s", query, refused.text)
		}
	}
}

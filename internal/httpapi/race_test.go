package httpapi_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// TestTwoHundredOnOneSeat (proof.md R1, over HTTP): one gets it, all others are told that it is gone.
func TestTwoHundredOnOneSeat(t *testing.T) {
	w := open(t, setting{door: overNetwork, wrap: func(engine table.Table) table.Table {
		return tabletest.NewLatency(engine, 4*time.Millisecond, 15*time.Millisecond)
	}})
	slot := w.enrolled("anna").publishes(draft(48 * time.Hour))
	crowd := make([]person, 200)
	together(len(crowd), func(i int) reply {
		crowd[i] = w.person(fmt.Sprintf("requester%d", i))
		return crowd[i].put("/v1/me", enrolment("Requester"))
	})
	count := map[string]int{}
	for _, a := range together(len(crowd), func(i int) reply {
		return crowd[i].post("/v1/slots/"+slot+"/bookings", request())
	}) {
		count[fmt.Sprint(a.status, " ", a.at("code"))]++
	}
	if count["201 <nil>"] != 1 || count["409 slot_full"] != len(crowd)-1 {
		t.Errorf("answers: %v", count)
	}
	crowd[0].get("/v1/slots/"+slot).expect(http.StatusOK).is(1.0, "seats", "taken")
}

package httpapi_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/samtemplate"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// proof.md S7: what the routes do to storage, for whoever may use them, is what the role of the API allows, and nothing less.
func TestTheRoleAllowsWhatTheAPIDoes(t *testing.T) {
	var done []string
	audited := func(stages func(setting) stage, act func(stage)) {
		var audit *tabletest.Audit
		s := stages(setting{wrap: func(engine table.Table) table.Table {
			audit = tabletest.NewAudit(engine)
			return audit
		}})
		audit.During(func() { act(s) })
		done = append(done, audit.Anywhere()...)
	}
	for _, route := range httpapi.Routes() {
		for n, part := range everybody {
			if status := permissions[route.String()][n]; status >= http.StatusOK && status < http.StatusMultipleChoices {
				audited(func(set setting) stage { return setStageFor(t, set, route) }, func(s stage) { s.plays(part, route, status) })
				break // the others who may do it do it alike
			}
		}
	}
	// A topic has an index of its own, and a place on a waiting list that is given up is the one record that goes.
	audited(func(set setting) stage { return setStage(t, set) }, func(s stage) {
		ada, kim := s.people["expert"], s.enrolled("kim")
		slot := ada.publishes(draft(90 * time.Hour))
		s.enrolled("lee").books(slot)
		waits := kim.post("/v1/slots/"+slot+"/bookings", with(request(), "joinWaitlist", true)).expect(http.StatusCreated).id()
		kim.get("/v1/slots?topic=finance").expect(http.StatusOK)
		kim.post("/v1/bookings/"+waits+"/cancel", nil).expect(http.StatusOK)
	})

	template, err := samtemplate.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := template.Grants("ApiFunction", "Table")
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(done)
	if diff := cmp.Diff(allowed, slices.Compact(done)); diff != "" {
		t.Errorf("the role in template.yaml and what the routes do differ (-allowed +done):\n%s", diff)
	}
}

package httpapi_test

import (
	"net/http"
	"testing"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// TestMailThatDoesNotArrive: the owner of an address sees that no mail goes there, why and since when, and nobody else does.
func TestMailThatDoesNotArrive(t *testing.T) {
	w := open(t, setting{})
	anna, ben := w.enrolled("anna"), w.person("ben") // who has not enrolled
	anna.get("/v1/me").is(map[string]any{"suppressed": false}, "mail")
	for _, why := range []desk.SuppressionReason{desk.SuppressedBounce, desk.SuppressedComplaint} {
		for _, address := range []string{"Anna@Example.org", "ben@example.org"} {
			if _, err := w.office.Suppress(t.Context(), address, desk.Suppression{Reason: why, At: morning}); err != nil {
				t.Fatal(err)
			}
		}
		for _, p := range []person{anna, ben} {
			p.get("/v1/me").is(map[string]any{"suppressed": true, "reason": string(why), "since": "2026-11-02T09:00:00Z"}, "mail")
		}
	}
	w.person("coordinator").get("/v1/me").is(false, "mail", "suppressed")
	anna.put("/v1/me", enrolment("Anna")).expect(http.StatusOK).is(nil, "mail")
	if err := w.office.LiftSuppression(t.Context(), "anna@example.org"); err != nil {
		t.Fatal(err)
	}
	anna.get("/v1/me").is(map[string]any{"suppressed": false}, "mail")
}

// TestCoordinatorsSeeWhomMailDoesNotReach: they see why and since when, and can let it go there again; nobody else can.
func TestCoordinatorsSeeWhomMailDoesNotReach(t *testing.T) {
	w := open(t, setting{})
	anna, ben, coordinator := w.enrolled("anna"), w.enrolled("ben"), w.person("coordinator")
	programme, suppression := "/v1/people/"+anna.id()+"/programme", "/v1/people/"+anna.id()+"/suppression"
	coordinator.get(programme).is(map[string]any{"suppressed": false}, "mail")
	if _, err := w.office.Suppress(t.Context(), "anna@example.org", desk.Suppression{Reason: desk.SuppressedBounce, At: morning}); err != nil {
		t.Fatal(err)
	}
	coordinator.get(programme).is(map[string]any{"suppressed": true, "reason": "bounce", "since": "2026-11-02T09:00:00Z"}, "mail")
	for _, p := range []person{anna, ben} {
		p.get(programme).refused(http.StatusForbidden, mentoring.Forbidden)
		p.delete(suppression).refused(http.StatusForbidden, mentoring.Forbidden)
	}
	anna.get("/v1/me").is(true, "mail", "suppressed")
	for range 2 { // the second time there is nothing to do
		coordinator.delete(suppression).expect(http.StatusNoContent)
	}
	anna.get("/v1/me").is(false, "mail", "suppressed")
	coordinator.put(programme, object{"cohort": "Spring"}).expect(http.StatusOK).is(nil, "mail")
}

package httpapi_test

import (
	"net/http"
	"testing"

	"flashmentoring/internal/desk"
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

package pages_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/samtemplate"
	"flashmentoring/internal/table"
	"flashmentoring/internal/table/tabletest"
)

// proof.md S7: what pages do to storage, in all that can be done on them, is what their role allows, and nothing less: no kind
// of record, and no way to touch it, is allowed that no page needs.
func TestTheRoleAllowsWhatPagesDo(t *testing.T) {
	var visits *tabletest.Audit
	h := openOn(t, func(bolt table.Table) table.Table {
		visits = tabletest.NewAudit(bolt)
		return visits
	})

	// Of an expert with a monthly cap, who is asked first: the seat that one gives up becomes the request of one who waits.
	h.capped(t)
	draft := circle()
	draft.Format, draft.Capacity, draft.Approval = mentoring.OneToOne, new(1), mentoring.OnRequest
	asked := h.booked(t, draft, wish)
	waiting := h.waits(t, h.eve, asked.Slot)
	over := h.over(t)
	visits.During(func() {
		for _, address := range append(h.others(t, asked), h.survey(t, h.ben, over), h.survey(t, h.ada, over)) {
			h.get(t, address)
		}
		ben := h.manage(t, h.ben, asked)
		h.post(t, ben+"/concern", concern("conduct", "She shouted at me.")).says(t, http.StatusOK)
		h.post(t, ben+"/block", blocking("block")).says(t, http.StatusSeeOther)
		h.post(t, ben+"/block", blocking("unblock")).says(t, http.StatusSeeOther)
		h.post(t, ben+"/cancel", confirm("A trip.")).says(t, http.StatusSeeOther)
	})
	if view, err := h.desk.Booking(t.Context(), h.eve, waiting.ID); err != nil || view.Status != mentoring.Requested {
		t.Fatalf("who waited is %s, %v", view.Status, err)
	}
	last := h.waits(t, h.ben, asked.Slot)
	visits.During(func() {
		h.post(t, h.manage(t, h.ben, last)+"/cancel", confirm("")).says(t, http.StatusSeeOther) // leaves the list
		h.post(t, h.manage(t, h.ada, waiting)+"/cancel", confirm("")).says(t, http.StatusSeeOther)
		h.post(t, h.unsubscribe(t, h.ben), nil).says(t, http.StatusOK)
		h.post(t, h.survey(t, h.ben, over), took("useful", "5", "nextStep", "Write to Kim", "nextStepOn", "2026-11-20", "noteToProgramme", "Go on.")).
			says(t, http.StatusSeeOther)
		missed := took()
		missed.Set("tookPlace", "requester_absent")
		h.post(t, h.survey(t, h.ada, over), missed).says(t, http.StatusSeeOther)
		h.at = over.EndsAt().Add(mentoring.OutcomeAfter)
		task := string(h.papers(t, h.ben, over).Tasks.Tasks[0].ID)
		h.post(t, h.outcome(t, over), url.Values{"task-" + task: {"done"}, "recommend": {"9"}, "whatChanged": {"Much."}}).says(t, http.StatusSeeOther)
	})

	template, err := samtemplate.Load("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	allowed, err := template.Grants("PagesFunction", "Table")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(allowed, visits.Done()); diff != "" {
		t.Errorf("the role in template.yaml and the pages differ (-allowed +done):\n%s", diff)
	}
}

// capped gives Ada a monthly cap.
func (h *house) capped(t *testing.T) {
	t.Helper()
	_, err := h.desk.Enrol(t.Context(), h.ada, mentoring.Enrolment{
		Profile:           mentoring.Profile{Name: h.ada.Name, TimeZone: "Europe/Berlin", SurveyMails: true, MonthlySessionCap: 5},
		AcceptGroundRules: true,
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
}

// waits is somebody's place on the waiting list of a slot.
func (h *house) waits(t *testing.T, who desk.Caller, slot mentoring.SlotID) mentoring.Booking {
	t.Helper()
	patient := wish
	patient.JoinWaitlist = true
	view, err := h.desk.Book(t.Context(), who, slot, patient, desk.Once{})
	if err != nil || view.Status != mentoring.Waitlisted {
		t.Fatalf("%s is %s, %v", who.Name, view.Status, err)
	}
	return view.Booking
}

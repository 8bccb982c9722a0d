package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// afterTheSession is what both sides do once they have met (product.md section 7).
func afterTheSession(w *world) {
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	anna.put("/v1/me", with(enrolment("Anna"), "feedbackWelcome", true)).expect(http.StatusOK)
	id := ben.books(anna.publishes(draft(48 * time.Hour)))
	booking := "/v1/bookings/" + id
	answers := func(fields ...any) object {
		a := object{"tookPlace": "held"}
		for i := 0; i < len(fields); i += 2 {
			a[fields[i].(string)] = fields[i+1]
		}
		return object{"answers": a}
	}
	ben.get(booking+"/survey").refused(http.StatusConflict, "invalid_transition")
	ben.put(booking+"/takeaways", object{}).refused(http.StatusConflict, "invalid_transition")

	w.advance(48 * time.Hour) // it begins
	ben.get(booking+"/takeaways").refused(http.StatusNotFound, "not_found")
	ben.put(booking+"/takeaways", object{"learned": "Say no early.", "willApply": "On Monday."}, header("If-Match", `"0"`)).expect(http.StatusOK).
		is(1.0, "version").is(false, "shareWithExpert")
	ben.put(booking+"/takeaways", object{"learned": "Late."}, header("If-Match", `"7"`)).refused(http.StatusPreconditionFailed, "version_conflict")
	anna.get(booking+"/takeaways").refused(http.StatusNotFound, "not_found") // as if there were none
	ben.put(booking+"/debrief", object{"achieved": "x"}).refused(http.StatusConflict, "invalid_transition")

	w.advance(time.Hour) // it is over
	ben.get(booking).is("completed", "status").is("open", "closure").is("unknown", "attendance", "result")
	ben.get(booking+"/survey").expect(http.StatusOK).is("pulse", "wave").is("requester", "role").is(true, "open").is(0.0, "version").
		is("Two sentences I can use on Monday.", "desiredOutcome").is("tookPlace", "questions", "items", "0", "id").is(map[string]any{}, "answers")
	ben.put(booking+"/survey", answers("attainment", 9, "purposeClear", 1, "nextStepOn", "soon")).refused(invalid, "invalid_field")
	given := answers("attainment", 3, "useful", 5, "got", []string{"advice"}, "nextStep", "Write to Kim", "nextStepOn", "2026-12-01",
		"stayInTouch", "yes", "noteToExpert", "It helped.\nThank you.")
	ben.put(booking+"/survey", given).expect(http.StatusOK).is(3.0, "answers", "attainment").is([]any{"advice"}, "answers", "got").
		is("2026-12-01", "answers", "nextStepOn").is("yes", "answers", "stayInTouch").is(1.0, "version").is(nil, "contact")
	ben.put(booking+"/survey", given).expect(http.StatusOK).is(1.0, "version") // it is so already
	ben.get(booking).is("held", "attendance", "result").is("held", "attendance", "yours")
	ben.get(booking+"/actions").is("Write to Kim", "items", "0", "text").is("2026-12-01", "items", "0", "dueOn").is("open", "items", "0", "status")

	anna.get(booking+"/survey").is("expert", "role").is(nil, "noteFromRequester").is(nil, "contact") // she has not answered
	anna.put(booking+"/survey", answers("purposeClear", 4, "stayInTouch", "yes")).expect(http.StatusOK)
	anna.get(booking+"/survey").is("It helped.\nThank you.", "noteFromRequester").is("ben@example.org", "contact")
	ben.get(booking+"/survey").is(nil, "noteFromRequester").is("anna@example.org", "contact")

	proposed := anna.post(booking+"/actions", object{"kind": "course", "text": "Take the course"}).expect(http.StatusCreated).is("proposed", "status").id()
	if seen := anna.get(booking+"/actions").is("Take the course", "items", "0", "text").text; strings.Contains(seen, "Kim") {
		w.Errorf("the expert sees %s", seen)
	}
	ben.patch(booking+"/actions/"+proposed, object{"text": "Another"}).refused(http.StatusConflict, "invalid_transition").is("proposed", "state")
	ben.patch(booking+"/actions/"+proposed, object{"status": "open", "dueOn": "2026-11-30"}).expect(http.StatusOK).is("open", "status")
	ben.patch(booking+"/actions/"+proposed, object{"dueOn": ""}).expect(http.StatusOK).is(nil, "dueOn")
	ben.patch(booking+"/actions/act_aaaaaaaaaaaaaaaaaaaaaaaaaa", object{"status": "done"}).refused(http.StatusNotFound, "not_found")

	ben.put(booking+"/debrief", object{"achieved": "Two sentences."}).expect(http.StatusOK)
	ben.get(booking).is("debriefed", "closure")
	ben.put(booking+"/takeaways", object{"learned": "Say no early.", "shareWithExpert": true}).expect(http.StatusOK)
	anna.get(booking+"/takeaways").is("Say no early.", "learned")
	anna.get(booking+"/debrief").is("Two sentences.", "achieved")

	anna.post(booking+"/attendance", object{"outcome": "requester_absent"}).expect(http.StatusOK).is("contested", "attendance", "result")
	anna.delete(booking+"/attendance").expect(http.StatusOK).is("held", "attendance", "result").is(nil, "attendance", "yours")
	w.advance(72 * time.Hour)
	anna.post(booking+"/attendance", object{"outcome": "held"}).refused(http.StatusConflict, "invalid_transition")

	w.advance(11 * 24 * time.Hour)
	ben.put(booking+"/survey", answers()).refused(http.StatusConflict, "survey_closed")
	ben.get(booking+"/survey").is(false, "open").is(3.0, "answers", "attainment")
	ben.put(booking+"/outcome", object{"answers": object{"recommend": 9}}).refused(http.StatusConflict, "survey_closed")
	w.advance(16 * 24 * time.Hour)
	ben.put(booking+"/outcome", object{"answers": object{"recommend": 9, "whatChanged": "I lead it now.", "expertMayHear": "yes"}}).
		expect(http.StatusOK).is(9.0, "answers", "recommend")
	anna.get(booking+"/survey").is("I lead it now.", "whatChanged")
	anna.get(booking+"/outcome").refused(http.StatusForbidden, "forbidden")
	if history := ben.get(booking + "/history").text; !strings.Contains(history, `"closed"`) || strings.Contains(history, "Kim") {
		w.Errorf("the history is %s", history)
	}
}

// What each writes for themselves, or for one other, is in no answer to anybody else, whatever they ask for (product.md
// section 8).
func TestWhatIsWrittenStaysWhereItBelongs(t *testing.T) {
	w := open(t, setting{})
	anna, ben, carl, coordinator := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl"), w.enrolled("coordinator")
	slot := anna.publishes(with(draft(48*time.Hour), "format", "circle", "capacity", 3))
	id, other := ben.books(slot), carl.books(slot)
	booking := "/v1/bookings/" + id
	w.advance(49 * time.Hour)
	ben.put(booking+"/survey", object{"answers": object{
		"tookPlace": "held", "noteToExpert": "canarynote", "noteToProgramme": "canaryprogramme", "nextStep": "canarystep", "attainment": 4,
	}}).expect(http.StatusOK)
	anna.put(booking+"/survey", object{"answers": object{"tookPlace": "held", "wouldHelp": "canaryhelp"}}).expect(http.StatusOK)
	ben.put(booking+"/takeaways", object{"learned": "canarylearned"}).expect(http.StatusOK)
	ben.put(booking+"/debrief", object{"achieved": "canaryachieved"}).expect(http.StatusOK)
	ben.post(booking+"/actions", object{"kind": "other", "text": "canaryaction"}).expect(http.StatusCreated)
	anna.post(booking+"/actions", object{"kind": "other", "text": "canaryproposal"}).expect(http.StatusCreated)

	paths := []string{"/v1/me", "/v1/slots", "/v1/bookings", "/v1/bookings?role=expert", "/v1/slots/" + slot, "/v1/slots/" + slot + "/bookings"}
	for _, b := range []string{booking, "/v1/bookings/" + other} {
		for _, part := range []string{"", "/history", "/survey", "/outcome", "/takeaways", "/debrief", "/actions", "/invite.ics"} {
			paths = append(paths, b+part)
		}
	}
	mine := map[string][]string{ // what may be seen, by whom
		"ben":  {"canarynote", "canaryprogramme", "canarystep", "canarylearned", "canaryachieved", "canaryaction", "canaryproposal"},
		"anna": {"canaryhelp", "canaryproposal"},
	}
	for name, p := range map[string]person{"anna": anna, "ben": ben, "carl": carl, "coordinator": coordinator, "stranger": w.enrolled("eve")} {
		seen := ""
		for _, path := range paths {
			seen += p.get(path).text
		}
		for _, canary := range []string{
			"canarynote", "canaryprogramme", "canarystep", "canaryhelp", "canarylearned", "canaryachieved", "canaryaction", "canaryproposal",
		} {
			may := strings.Contains(strings.Join(mine[name], " "), canary)
			if strings.Contains(seen, canary) != may {
				t.Errorf("%s sees %s: %v, want %v", name, canary, !may, may)
			}
		}
	}
}

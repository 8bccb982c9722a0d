package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestJourneys runs the main job over a real server and through the events of a deployed API: both must behave alike.
func TestJourneys(t *testing.T) {
	doors := map[string]setting{
		"net/http":      {door: overNetwork},
		"lambda events": {door: asEvents},
	}
	journeys := map[string]func(*world){
		"enrol, publish, browse, book, read": mainJob,
		"plans change":                       planChanges,
		"time passes":                        timePasses,
		"a circle fills":                     circleFills,
		"a person before enrolment":          visitor,
		"topics":                             topics,
		"requests are answered":              requestsAreAnswered,
		"seats are waited for":               seatsAreWaitedFor,
		"bookings move":                      bookingsMove,
		"slots change":                       slotsChange,
		"slots end":                          slotsEnd,
		"several slots at once":              batches,
		"what the programme says":            programme,
		"invitations are fetched":            invitations,
		"people see each other":              people,
		"unreliable experts":                 unreliableExperts,
		"after the session":                  afterTheSession,
	}
	for door, s := range doors {
		for name, journey := range journeys {
			t.Run(door+"/"+name, func(t *testing.T) { journey(open(t, s)) })
		}
	}
}

func mainJob(w *world) {
	anna, ben := w.enrolled("anna"), w.enrolled("ben")

	published := anna.post("/v1/slots", with(draft(48*time.Hour), "description", "Line one.\nLine two.", "preparation", "Nothing."))
	published.expect(http.StatusCreated).
		is("open", "status").is(1.0, "seats", "capacity").is(0.0, "seats", "taken").
		is("https://video.example/room", "meeting", "videoUrl").
		is(false, "bookable", "allowed").is("own_slot", "bookable", "code").
		is("2026-11-04T09:00:00Z", "startsAt").is("2026-11-04T09:30:00Z", "endsAt").is("2026-11-04T07:00:00Z", "bookableUntil").
		is("2026-11-02T09:00:00Z", "publishedAt").is("Europe/Berlin", "timeZone").is("one_to_one", "format").
		is("open_question", "sessionKind").is("Anna", "expert", "name").is("Line one.\nLine two.", "description")
	slot := published.id()
	if got := published.header.Get("Location"); got != "/v1/slots/"+slot {
		w.Errorf("Location is %q", got)
	}

	ben.get("/v1/slots").expect(http.StatusOK).is(slot, "items", "0", "id").is(nil, "items", "0", "meeting").
		is(true, "items", "0", "bookable", "allowed").is("book", "items", "0", "allowedActions", "0", "action").
		is("2026-11-04T07:00:00Z", "items", "0", "allowedActions", "0", "until").is("same_organisation", "items", "0", "affiliation")
	ben.get("/v1/slots?topic=first-time-manager").expect(http.StatusOK).is(slot, "items", "0", "id")
	ben.get("/v1/slots?topic=cloud").expect(http.StatusOK).is([]any{}, "items")
	ben.get(published.header.Get("Location")).expect(http.StatusOK).is(nil, "meeting").is(true, "bookable", "allowed")

	booked := ben.post("/v1/slots/"+slot+"/bookings", with(request(), "bring", "My notes", "joinWaitlist", true))
	booked.expect(http.StatusCreated).
		is("confirmed", "status").is("requester", "role").is(slot, "slotId").is("video", "mode").
		is("Ben", "requester", "name").is("Anna", "expert", "name").is("Two sentences I can use on Monday.", "purpose", "desiredOutcome").
		is("https://video.example/room", "meeting", "videoUrl").is(1.0, "version").
		is("cancel", "allowedActions", "1", "action").is("2026-11-03T09:00:00Z", "allowedActions", "1", "until").
		is("no_preference", "feedbackPreference").is("2026-11-02T09:00:00Z", "bookedAt").is(1440.0, "cancelNoticeMinutes")
	booking := booked.id()
	if got := booked.header.Get("Location"); got != "/v1/bookings/"+booking {
		w.Errorf("Location is %q", got)
	}

	if again := ben.get("/v1/bookings/" + booking).expect(http.StatusOK); again.text != booked.text {
		w.Errorf("read back as\n%s, made as\n%s", again.text, booked.text)
	}
	anna.get("/v1/bookings/"+booking).expect(http.StatusOK).is("expert", "role").is("My notes", "bring")
	ben.get("/v1/slots/"+slot).is("https://video.example/room", "meeting", "videoUrl").
		is("already_booked", "bookable", "code").is([]any{}, "allowedActions").is(1.0, "seats", "taken")
	ben.get("/v1/bookings").is(booking, "items", "0", "id").is(nil, "items", "0", "meeting")
	ben.get("/v1/bookings?role=expert").is([]any{}, "items")
	anna.get("/v1/bookings?role=expert&status=confirmed").is(booking, "items", "0", "id")
	anna.get("/v1/bookings?role=expert&status=completed").is([]any{}, "items")

	ben.post("/v1/slots/"+slot+"/bookings", request()).refused(http.StatusConflict, "already_booked").is(booking, "bookingId")
	anna.post("/v1/slots/"+slot+"/bookings", request()).refused(http.StatusUnprocessableEntity, "own_slot")
	w.enrolled("carl").post("/v1/slots/"+slot+"/bookings", request()).refused(http.StatusConflict, "slot_full")
	anna.post("/v1/slots", draft(48*time.Hour)).refused(http.StatusUnprocessableEntity, "overlapping_session").is(slot, "slotId")
}

func planChanges(w *world) {
	anna, ben, carl := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl")
	slot := anna.publishes(draft(48 * time.Hour))
	booking := ben.books(slot)
	cancel := "/v1/bookings/" + booking + "/cancel"

	carl.post(cancel, object{}).refused(http.StatusNotFound, "not_found")
	ben.post(cancel, with(object{}, "reason", strings.Repeat("x", 501), "why", "?")).refused(http.StatusUnprocessableEntity, "invalid_field").
		is("/why", "errors", "0", "pointer").is("/reason", "errors", "1", "pointer")
	cancelled := ben.post(cancel, with(object{}, "reason", "A trip.\nSorry!"), key("c")).expect(http.StatusOK).
		is("cancelled", "status").is(2.0, "version").is([]any{}, "allowedActions").is(nil, "meeting").
		is("requester", "ended", "by").is("2026-11-02T09:00:00Z", "ended", "at").is("A trip.\nSorry!", "ended", "note")
	if again := ben.post(cancel, with(object{}, "reason", "A trip.\nSorry!"), key("c")); again.text != cancelled.text {
		w.Errorf("sent again it answers\n%s, before\n%s", again.text, cancelled.text)
	}
	ben.post(cancel, with(object{}, "reason", "Another."), key("c")).refused(http.StatusUnprocessableEntity, "idempotency_key_reused")
	ben.post(cancel, nil).expect(http.StatusOK).is("cancelled", "status").is(2.0, "version") // with nothing to say
	anna.get("/v1/bookings?role=expert&status=cancelled").is(booking, "items", "0", "id").is("A trip.\nSorry!", "items", "0", "ended", "note")
	anna.get("/v1/bookings?role=expert&status=confirmed").is([]any{}, "items")

	theirs := carl.books(slot) // the seat is free again
	w.advance(24 * time.Hour)
	carl.get("/v1/bookings/"+theirs).is([]any{}, "allowedActions")
	carl.post("/v1/bookings/"+theirs+"/cancel", object{}).refused(http.StatusUnprocessableEntity, "too_late_to_cancel")
	w.advance(24*time.Hour + 30*time.Minute)
	anna.post("/v1/bookings/"+theirs+"/cancel", object{}).refused(http.StatusConflict, "invalid_transition").
		is("completed", "state").is("attendance", "allowed", "0", "action").is("survey", "allowed", "1", "action")
}

func timePasses(w *world) {
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	slot, empty := anna.publishes(draft(24*time.Hour)), anna.publishes(draft(30*time.Hour))
	booking := ben.books(slot)

	w.advance(28 * time.Hour)
	ben.get("/v1/slots/"+slot).is("completed", "status")
	ben.get("/v1/bookings/"+booking).is("completed", "status")
	ben.get("/v1/bookings?status=completed,confirmed").is(booking, "items", "0", "id")
	ben.get("/v1/bookings?status=confirmed").is([]any{}, "items")
	ben.get("/v1/slots").is(empty, "items", "0", "id").is("too_late_to_book", "items", "0", "bookable", "code")
	ben.post("/v1/slots/"+empty+"/bookings", request()).refused(http.StatusUnprocessableEntity, "too_late_to_book")

	w.advance(3 * time.Hour)
	ben.get("/v1/slots/"+empty).is("expired", "status")
	ben.get("/v1/slots").is([]any{}, "items")
}

func circleFills(w *world) {
	anna := w.enrolled("anna")
	slot := anna.publishes(with(draft(48*time.Hour), "format", "circle", "capacity", 2, "modes", []string{"video", "phone"}))
	ben, carl, dora := w.enrolled("ben"), w.enrolled("carl"), w.enrolled("dora")

	book := "/v1/slots/" + slot + "/bookings"
	ben.post(book, request()).refused(http.StatusUnprocessableEntity, "invalid_field").is("/mode", "errors", "0", "pointer")
	ben.post(book, with(request(), "mode", "in_person")).refused(http.StatusUnprocessableEntity, "mode_not_offered")
	ben.post(book, with(request(), "mode", "phone")).expect(http.StatusCreated).is("phone", "mode")
	carl.post(book, with(request(), "mode", "video")).expect(http.StatusCreated)
	dora.post(book, with(request(), "mode", "video")).refused(http.StatusConflict, "slot_full")
	dora.get("/v1/slots/"+slot).is(2.0, "seats", "taken").is("slot_full", "bookable", "code")
	anna.get("/v1/bookings?role=expert").is("expert", "items", "1", "role")
}

func visitor(w *world) {
	zoe := w.person("zoe")
	zoe.get("/v1/me").expect(http.StatusOK).is(false, "enrolled").is(0.0, "version").is("zoe@example.org", "email").
		is("example.org", "organisation").is("ZOE", "name").is(nil, "groundRules")
	zoe.post("/v1/slots", draft(48*time.Hour)).refused(http.StatusConflict, "profile_required")
	slot := w.enrolled("anna").publishes(draft(48 * time.Hour))
	zoe.get("/v1/slots/"+slot).is("profile_required", "bookable", "code")
	zoe.post("/v1/slots/"+slot+"/bookings", request()).refused(http.StatusConflict, "profile_required")

	zoe.put("/v1/me", with(enrolment("Zoe"), "acceptGroundRules", nil)).expect(http.StatusOK).is(true, "enrolled").
		is(1.0, "version").is(nil, "groundRules").is(true, "surveyMails").is("no_preference", "feedbackPreference")
	zoe.post("/v1/slots/"+slot+"/bookings", request()).refused(http.StatusConflict, "ground_rules_not_accepted")
	zoe.put("/v1/me", with(enrolment("Zoe"), "surveyMails", false)).is("2026-11", "groundRules", "version").is(false, "surveyMails")
	zoe.put("/v1/me", with(enrolment("Zoé"), "acceptGroundRules", nil)).is("2026-11", "groundRules", "version").is("Zoé", "name")
	zoe.books(slot)
}

func topics(w *world) {
	w.person("zoe").get("/v1/topics").expect(http.StatusOK).is("career", "items", "0", "slug").is(nil, "items", "0", "parent").
		is("career", "items", "1", "parent").is("active", "items", "1", "status")
}

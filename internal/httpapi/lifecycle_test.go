package httpapi_test

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

func requestsAreAnswered(w *world) {
	anna, ben, carl, dora := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl"), w.enrolled("dora")
	slot := anna.publishes(with(draft(96*time.Hour), "approval", "request", "format", "circle", "capacity", 3))
	book := "/v1/slots/" + slot + "/bookings"
	asked := ben.post(book, request(), key("b")).expect(http.StatusCreated).is("requested", "status").is(nil, "meeting").is(nil, "ended").
		is("2026-11-04T09:00:00Z", "expiresAt").is("2026-11-04T09:00:00Z", "allowedActions", "0", "until")
	if got := asked.actions(); got != "move cancel" {
		w.Errorf("the requester of a request may %q", got)
	}
	ben.get("/v1/slots/"+slot).is(1.0, "seats", "taken").is(nil, "meeting").is("already_booked", "bookable", "code")
	bens, carls, doras := asked.id(), carl.books(slot), dora.books(slot)
	if got := anna.get("/v1/bookings/"+bens).is("2026-11-04T09:00:00Z", "allowedActions", "0", "until").actions(); got != "approve decline cancel" {
		w.Errorf("the expert of a request may %q", got)
	}
	anna.get("/v1/bookings?role=expert&status=requested").is("requested", "items", "2", "status")

	w.advance(time.Hour)
	approved := anna.post("/v1/bookings/"+bens+"/approve", nil, key("a")).expect(http.StatusOK).is("confirmed", "status").is(2.0, "version").is(nil, "expiresAt")
	if again := anna.post("/v1/bookings/"+bens+"/approve", nil, key("a")); again.text != approved.text {
		w.Errorf("sent again it answers\n%s, before\n%s", again.text, approved.text)
	}
	anna.post("/v1/bookings/"+bens+"/approve", object{}).expect(http.StatusOK).is(2.0, "version") // nothing changes
	anna.post("/v1/bookings/"+bens+"/decline", object{"reason": "other"}).refused(http.StatusConflict, "invalid_transition").
		is("confirmed", "state").is("cancel", "allowed", "0", "action")
	ben.get("/v1/bookings/"+bens).is("https://video.example/room", "meeting", "videoUrl").is("2026-11-05T09:00:00Z", "allowedActions", "0", "until")
	ben.get("/v1/slots/"+slot).is("https://video.example/room", "meeting", "videoUrl")

	anna.post("/v1/bookings/"+carls+"/decline", object{"reason": "better_person_known", "note": "Ask Grace.\nShe knows."}).expect(http.StatusOK).
		is("declined", "status").is([]any{}, "allowedActions").is(nil, "expiresAt")
	carl.get("/v1/bookings/"+carls).is("declined", "status").is("expert", "ended", "by").is("2026-11-02T10:00:00Z", "ended", "at").
		is("better_person_known", "ended", "declineReason").is("Ask Grace.\nShe knows.", "ended", "note").is(nil, "ended", "cause")
	anna.post("/v1/bookings/"+carls+"/approve", nil).refused(http.StatusConflict, "invalid_transition").is("declined", "state").is([]any{}, "allowed")
	carl.books(slot) // and may ask again

	w.advance(47 * time.Hour) // dora's runs out at this very instant
	dora.get("/v1/bookings/"+doras).is("expired", "status").is([]any{}, "allowedActions").is("system", "ended", "by").
		is("2026-11-04T09:00:00Z", "ended", "at").is("no_answer", "ended", "cause").is(nil, "expiresAt")
	dora.get("/v1/bookings/"+doras+"/history").is("expired", "items", "1", "action").is("system", "items", "1", "by")
	anna.post("/v1/bookings/"+doras+"/approve", nil).refused(http.StatusConflict, "invalid_transition").is("expired", "state")
	dora.get("/v1/bookings?status=expired").is(doras, "items", "0", "id")
	anna.get("/v1/bookings/"+bens+"/history").is("requested", "items", "0", "action").is("approved", "items", "1", "action").
		is("expert", "items", "1", "by").is("2026-11-02T10:00:00Z", "items", "1", "at").is(nil, "items", "2")
}

func seatsAreWaitedFor(w *world) {
	anna, ben, carl, dora := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl"), w.enrolled("dora")
	slot := anna.publishes(draft(96 * time.Hour))
	book := "/v1/slots/" + slot + "/bookings"
	bens := ben.books(slot)
	full := carl.get("/v1/slots/"+slot).is("slot_full", "bookable", "code").is("2026-11-06T07:00:00Z", "allowedActions", "0", "until")
	if got := full.actions(); got != "join_waitlist" {
		w.Errorf("who finds the slot full may %q", got)
	}
	carl.post(book, request()).refused(http.StatusConflict, "slot_full")
	waiting := carl.post(book, with(request(), "joinWaitlist", true)).expect(http.StatusCreated).is("waitlisted", "status").
		is("2026-11-06T07:00:00Z", "expiresAt").is(nil, "meeting")
	if got := waiting.actions(); got != "move cancel" {
		w.Errorf("who waits may %q", got)
	}
	w.advance(time.Second)
	doras := dora.post(book, with(request(), "joinWaitlist", true)).expect(http.StatusCreated).id()
	anna.get("/v1/slots/"+slot).is(2.0, "seats", "waiting").is(1.0, "seats", "taken")
	anna.get(book).is("confirmed", "items", "0", "status").is(waiting.id(), "items", "1", "id").is(doras, "items", "2", "id")

	ben.post("/v1/bookings/"+bens+"/cancel", nil).expect(http.StatusOK)
	carl.get("/v1/bookings/"+waiting.id()).is("confirmed", "status").is(nil, "expiresAt").is("https://video.example/room", "meeting", "videoUrl")
	carl.get("/v1/bookings/"+waiting.id()+"/history").is("waitlisted", "items", "0", "action").is("promoted", "items", "1", "action").is("system", "items", "1", "by")
	dora.get("/v1/slots/"+slot).is(1.0, "seats", "waiting").is(1.0, "seats", "taken")
	dora.post("/v1/bookings/"+doras+"/cancel", object{"reason": "Found another."}).expect(http.StatusOK).is("cancelled", "status")
	anna.get("/v1/slots/"+slot).is(0.0, "seats", "waiting")

	again := dora.post(book, with(request(), "joinWaitlist", true)).expect(http.StatusCreated).id()
	w.advance(94 * time.Hour)
	dora.get("/v1/bookings/"+again).is("expired", "status").is("no_seat", "ended", "cause").is("2026-11-06T07:00:00Z", "ended", "at")
}

func bookingsMove(w *world) {
	anna, fred, ben, carl := w.enrolled("anna"), w.enrolled("fred"), w.enrolled("ben"), w.enrolled("carl")
	first := anna.publishes(with(draft(96*time.Hour), "format", "circle", "capacity", 2))
	later := anna.publishes(draft(120 * time.Hour))
	asks := fred.publishes(with(draft(100*time.Hour), "approval", "request", "modes", []string{"phone", "in_person"}))
	full := fred.publishes(draft(110 * time.Hour))
	carl.books(full)
	booking := ben.books(first)
	move := "/v1/bookings/" + booking + "/move"

	moved := ben.post(move, object{"slotId": later}, key("m")).expect(http.StatusOK).is(booking, "id").is(later, "slotId").is("confirmed", "status").
		is("2026-11-07T09:00:00Z", "startsAt").is(2.0, "version").is("Two sentences I can use on Monday.", "purpose", "desiredOutcome")
	if again := ben.post(move, object{"slotId": later}, key("m")); again.text != moved.text {
		w.Errorf("sent again it answers\n%s, before\n%s", again.text, moved.text)
	}
	w.advance(time.Second)
	anna.get("/v1/slots/"+first).is(0.0, "seats", "taken")
	anna.get("/v1/slots/"+later).is(1.0, "seats", "taken")
	ben.post(move, object{"slotId": later}).refused(http.StatusConflict, "already_booked").is(booking, "bookingId")
	ben.post(move, object{"slotId": full, "noConflict": true}).refused(http.StatusConflict, "slot_full")
	ben.post(move, object{"slotId": noSlot}).refused(http.StatusNotFound, "not_found")
	ben.post(move, object{"slotId": full}).refused(invalid, "invalid_field").is("/noConflict", "errors", "0", "pointer") // another expert
	ben.post(move, object{"slotId": asks, "noConflict": true}).refused(invalid, "mode_not_offered")
	ben.get("/v1/bookings/"+booking).is(later, "slotId").is(2.0, "version") // it never was without a seat

	ben.post(move, object{"slotId": asks, "noConflict": true, "mode": "phone"}).expect(http.StatusOK).is("requested", "status").is("phone", "mode").
		is("Fred", "expert", "name").is("2026-11-04T09:00:01Z", "expiresAt")
	anna.get("/v1/bookings/"+booking).refused(http.StatusNotFound, "not_found") // is no longer hers
	fred.post(move, object{"slotId": first}).refused(http.StatusForbidden, "forbidden")
	fred.post("/v1/bookings/"+booking+"/approve", nil).expect(http.StatusOK)
	ben.get("/v1/bookings/"+booking+"/history").is(first, "items", "0", "slotId").is("moved", "items", "1", "action").is(later, "items", "1", "slotId").
		is(asks, "items", "2", "slotId").is("approved", "items", "3", "action")

	w.advance(77 * time.Hour)
	ben.post(move, object{"slotId": later, "noConflict": true}).refused(invalid, "too_late_to_cancel")
	w.advance(24 * time.Hour)
	ben.post(move, object{"slotId": later}).refused(http.StatusConflict, "invalid_transition").is("completed", "state").is("debrief", "allowed", "2", "action")
}

func slotsChange(w *world) {
	anna, ben, carl := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl")
	slot := anna.publishes(with(draft(96*time.Hour), "format", "circle", "capacity", 2))
	path := "/v1/slots/" + slot

	changed := anna.patch(path, object{
		"title": "Another title", "topic": "feedback", "sessionKind": "career", "languages": []string{}, "minAttendees": 2, "modes": []string{"phone"},
		"meeting": object{"videoUrl": "", "phone": "+49 30 1"}, "audience": "my_organisation", "bookingNoticeMinutes": 0, "timeZone": "UTC",
	}, header("If-Match", `"1"`)).expect(http.StatusOK).
		is("Another title", "title").is("feedback", "topic").is("career", "sessionKind").is([]any{}, "languages").is(2.0, "minAttendees").
		is(object{"phone": "+49 30 1"}, "meeting").is("my_organisation", "audience").is("2026-11-06T09:00:00Z", "bookableUntil").is(2.0, "version")
	if got := changed.header.Get("ETag"); got != `"2"` {
		w.Errorf("ETag is %s", got)
	}
	ben.get("/v1/slots?topic=feedback").is(slot, "items", "0", "id")
	ben.get("/v1/slots?topic=first-time-manager").is([]any{}, "items")
	anna.patch(path, object{}).expect(http.StatusOK).is(2.0, "version")
	anna.patch(path, object{"minAttendees": 0, "modes": []string{"video"}}).expect(http.StatusOK).is(nil, "minAttendees")

	booking := ben.books(slot)
	anna.patch(path, object{"topic": "hiring", "audience": "everyone", "capacity": 1, "format": "one_to_one", "title": "x"}).refused(invalid, "invalid_field").
		is("/title", "errors", "0", "pointer")
	anna.patch(path, object{"title": "A third title", "meeting": object{"place": "Room 2"}, "capacity": 3}).expect(http.StatusOK).is(3.0, "seats", "capacity")
	ben.get("/v1/bookings/"+booking).is("A third title", "title").is("Room 2", "meeting", "place").is("confirmed", "status").is(2.0, "version")

	elsewhere := carl.publishes(draft(120 * time.Hour))
	ben.books(elsewhere)
	anna.patch(path, object{"startsAt": morning.Add(120 * time.Hour).Format(time.RFC3339)}).refused(http.StatusConflict, "participants_unavailable").
		is(1.0, "participants")
	hers := anna.publishes(draft(144 * time.Hour))
	anna.patch(path, object{"startsAt": morning.Add(144 * time.Hour).Format(time.RFC3339)}).refused(invalid, "overlapping_session").is(hers, "slotId")
	anna.get(path).is("2026-11-06T09:00:00Z", "startsAt")
	anna.patch(path, object{"startsAt": "2026-11-07T12:00:00+02:00", "durationMinutes": 60}).expect(http.StatusOK).is("2026-11-07T10:00:00Z", "startsAt")
	ben.get("/v1/bookings/"+booking).is("2026-11-07T10:00:00Z", "startsAt").is("2026-11-07T11:00:00Z", "endsAt").
		is("2026-11-07T10:00:00Z", "allowedActions", "1", "until") // the expert moved it: the notice does not hold
	ben.get("/v1/bookings/"+booking+"/history").is("rescheduled", "items", "2", "action").is("expert", "items", "2", "by")

	w.advance(127 * time.Hour)
	anna.patch(path, object{"title": "Too late"}).refused(http.StatusConflict, "invalid_transition").is("completed", "state").is([]any{}, "allowed")
}

func slotsEnd(w *world) {
	anna, ben, carl := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl")
	slot := anna.publishes(with(draft(96*time.Hour), "format", "circle", "capacity", 2))
	booking := ben.books(slot)
	if got := anna.get("/v1/slots/"+slot).is("2026-11-06T07:00:00Z", "allowedActions", "1", "until").
		is("2026-11-06T09:30:00Z", "allowedActions", "2", "until").actions(); got != "change close cancel" {
		w.Errorf("the expert may %q", got)
	}

	closed := anna.post("/v1/slots/"+slot+"/close", nil, key("c")).expect(http.StatusOK).is("closed", "status").is(2.0, "version")
	if got := closed.actions(); got != "change cancel" {
		w.Errorf("of a closed slot the expert may %q", got)
	}
	if again := anna.post("/v1/slots/"+slot+"/close", nil, key("c")); again.text != closed.text {
		w.Errorf("sent again it answers\n%s, before\n%s", again.text, closed.text)
	}
	anna.post("/v1/slots/"+slot+"/close", object{}).expect(http.StatusOK).is(2.0, "version")
	carl.get("/v1/slots").is([]any{}, "items")
	carl.get("/v1/slots/"+slot).is("slot_closed", "bookable", "code").is([]any{}, "allowedActions")
	carl.post("/v1/slots/"+slot+"/bookings", request()).refused(http.StatusConflict, "slot_closed")
	ben.get("/v1/bookings/"+booking).is("confirmed", "status")

	anna.post("/v1/slots/"+slot+"/cancel", object{"reason": "I am ill.\nSorry!"}, key("x")).expect(http.StatusOK).is("cancelled", "status").
		is([]any{}, "allowedActions").is(0.0, "seats", "taken")
	ben.get("/v1/bookings/"+booking).is("cancelled", "status").is("slot_cancelled", "ended", "cause").is("I am ill.\nSorry!", "ended", "note").
		is("expert", "ended", "by")
	carl.post("/v1/slots/"+slot+"/bookings", request()).refused(http.StatusConflict, "slot_cancelled")
	anna.post("/v1/slots/"+slot+"/cancel", nil).expect(http.StatusOK).is(3.0, "version")
	anna.post("/v1/slots/"+slot+"/close", nil).refused(http.StatusConflict, "invalid_transition").is("cancelled", "state").is([]any{}, "allowed")
	anna.get("/v1/slots/"+slot+"/bookings").is([]any{}, "items")
	anna.publishes(draft(96 * time.Hour)) // the time is hers again
}

func batches(w *world) {
	anna := w.enrolled("anna")
	var three []object
	for i := range 3 {
		three = append(three, draft(time.Duration(48+i)*time.Hour))
	}
	published := anna.post("/v1/slots/batch", object{"slots": three}, key("b")).expect(http.StatusCreated)
	if again := anna.post("/v1/slots/batch", object{"slots": three}, key("b")); again.text != published.text || len(published.ids()) != 3 {
		w.Errorf("sent again it answers\n%s, before\n%s", again.text, published.text)
	}
	for i, id := range published.ids() {
		anna.get("/v1/slots/"+id).is(published.at("items", strconv.Itoa(i), "startsAt"), "startsAt")
		anna.get("/v1/slots").is(id, "items", strconv.Itoa(i), "id")
	}
	overlapping := anna.post("/v1/slots/batch", object{"slots": []object{draft(90 * time.Hour), three[1]}}).refused(invalid, "overlapping_session").
		is(published.ids()[1], "slotId")
	if detail := overlapping.at("detail").(string); !strings.HasPrefix(detail, "Slot 1 of the batch") {
		w.Errorf("the detail is %q", detail)
	}
	anna.post("/v1/slots/batch", object{"slots": []object{draft(90 * time.Hour), draft(90 * time.Hour)}}).refused(invalid, "overlapping_session").
		is(nil, "slotId")
	if n := len(anna.get("/v1/slots").ids()); n != 3 { // all or none
		w.Errorf("there are %d slots", n)
	}
}

func programme(w *world) {
	coordinator, anna, ben := w.enrolled("coordinator"), w.enrolled("anna"), w.enrolled("ben")
	path := "/v1/people/" + ben.id() + "/programme"
	set := coordinator.put(path, object{"managerId": anna.id(), "organisation": "Example Trust", "cohort": "Spring", "suspendedUntil": "2026-11-03T10:00:00+01:00"}).
		expect(http.StatusOK).is(anna.id(), "managerId").is("Example Trust", "organisation").is("Spring", "cohort").is("2026-11-03T09:00:00Z", "suspendedUntil").
		is(ben.id(), "id").is(2.0, "version")
	ben.get("/v1/me").is(true, "managerSet").is("Spring", "cohort").is("Example Trust", "organisation").is("2026-11-03T09:00:00Z", "suspendedUntil").
		is(2.0, "version").is(nil, "managerId")
	if strings.Contains(ben.get("/v1/me").text, anna.id()) {
		w.Error("a person sees who was said to be their manager")
	}
	slot := anna.publishes(draft(96 * time.Hour))
	theirs := w.enrolled("carl").publishes(draft(96 * time.Hour))
	ben.get("/v1/slots/"+theirs).is("suspended", "bookable", "code")
	ben.post("/v1/slots/"+theirs+"/bookings", request()).refused(conflict, "suspended")
	ben.post("/v1/slots", draft(48*time.Hour)).refused(conflict, "suspended")
	coordinator.put(path, object{"managerId": noPerson}).refused(invalid, "invalid_field").is("/managerId", "errors", "0", "pointer")
	coordinator.put(path, object{"managerId": ben.id()}).refused(invalid, "invalid_field")
	coordinator.put("/v1/people/"+anna.id()+"/programme", object{"managerId": ben.id()}).refused(invalid, "invalid_field") // a circle
	coordinator.put("/v1/people/"+noPerson+"/programme", object{}).refused(http.StatusNotFound, "not_found")
	coordinator.put("/v1/people/"+w.person("zoe").id()+"/programme", object{}).refused(http.StatusNotFound, "not_found") // has not enrolled

	w.advance(24 * time.Hour) // suspended until this very instant
	ben.get("/v1/slots/"+slot).is("same_team", "affiliation").is("conflict_of_interest", "bookable", "code")
	ben.books(theirs)
	coordinator.put(path, object{}, header("If-Match", set.header.Get("ETag"))).expect(http.StatusOK).is(nil, "managerId").is(nil, "cohort").is(3.0, "version")
	ben.get("/v1/me").is(false, "managerSet").is("example.org", "organisation")
	ben.get("/v1/slots/"+slot).is("same_organisation", "affiliation")
}

func invitations(w *world) {
	anna, ben, carl := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl")
	slot := anna.publishes(with(draft(96*time.Hour), "format", "circle", "capacity", 2, "title", "A title, with a comma"))
	booking := ben.books(slot)
	path := "/v1/bookings/" + booking + "/invite.ics"
	for p, uid := range map[person]string{ben: booking, anna: slot} {
		got := p.get(path).expect(http.StatusOK)
		if h := got.header.Get("Content-Type"); h != "text/calendar; charset=utf-8; method=REQUEST" {
			w.Errorf("Content-Type is %q", h)
		}
		if h := got.header.Get("Content-Disposition"); h != `attachment; filename="invite.ics"` {
			w.Errorf("Content-Disposition is %q", h)
		}
		for _, line := range []string{"METHOD:REQUEST", "UID:" + uid + "@example.org", `SUMMARY:Flash mentoring: A title\, with a comma`, "DTSTART:20261106T090000Z"} {
			if !strings.Contains(strings.ReplaceAll(got.text, "\r\n ", ""), line) {
				w.Errorf("as %s the entry has no %s:\n%s", p.token, line, got.text)
			}
		}
		if other := map[person]string{ben: "anna@", anna: "ben@"}[p]; strings.Contains(got.text, other) {
			w.Errorf("as %s the entry has the address of the other side:\n%s", p.token, got.text)
		}
	}
	carl.get(path).refused(http.StatusNotFound, "not_found")
	ben.post("/v1/bookings/"+booking+"/cancel", nil).expect(http.StatusOK)
	ben.get(path).refused(conflict, "invalid_transition").is("cancelled", "state").is([]any{}, "allowed")
}

func people(w *world) {
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	anna.put("/v1/me", with(enrolment("Anna"), "headline", "Manages", "path", "By chance.\nThen on purpose.", "department", "secret", "languages", []string{"en", "de"},
		"monthlySessionCap", 1)).expect(http.StatusOK).is(1.0, "monthlySessionCap")
	ben.get("/v1/people/"+anna.id()).refused(http.StatusNotFound, "not_found") // nobody sees somebody without slots
	slot, second := anna.publishes(draft(48*time.Hour)), anna.publishes(draft(72*time.Hour))
	seen := ben.get("/v1/people/" + anna.id()).expect(http.StatusOK)
	if want := `{"id":"` + anna.id() + `","name":"Anna","headline":"Manages","organisation":"example.org","path":"By chance.\nThen on purpose.","languages":["en","de"]}` + "\n"; seen.text != want {
		w.Errorf("a person is\n%s, want\n%s", seen.text, want)
	}
	anna.get("/v1/people/"+anna.id()).expect(http.StatusOK).is("Anna", "name")
	anna.get("/v1/people/"+ben.id()).refused(http.StatusNotFound, "not_found")
	w.person("zoe").get("/v1/people/"+w.person("zoe").id()).refused(http.StatusNotFound, "not_found")

	ben.books(slot)
	w.enrolled("carl").post("/v1/slots/"+second+"/bookings", request()).refused(conflict, "expert_cap_reached")
	anna.put("/v1/me/blocks/"+anna.id(), nil).refused(invalid, "invalid_field").is("/path/personId", "errors", "0", "pointer")
	anna.put("/v1/me/blocks/"+noPerson, nil).refused(http.StatusNotFound, "not_found")
	w.person("zoe").put("/v1/me/blocks/"+anna.id(), nil).refused(conflict, "profile_required")
}

func unreliableExperts(w *world) {
	anna := w.enrolled("anna")
	for i, name := range []string{"ben", "carl", "dora"} {
		p := w.enrolled(name)
		slot := anna.publishes(draft(time.Duration(4+i) * time.Hour))
		booking := p.books(slot)
		if i == 0 {
			anna.post("/v1/slots/"+slot+"/cancel", nil).expect(http.StatusOK)
		} else {
			anna.post("/v1/bookings/"+booking+"/cancel", nil).expect(http.StatusOK)
		}
	}
	cooled := anna.post("/v1/slots", draft(48*time.Hour)).refused(conflict, "reliability_cooldown")
	if detail := cooled.at("detail").(string); !strings.Contains(detail, "2026-11-30 09:00 UTC") {
		w.Errorf("the detail does not say until when: %q", detail)
	}
	w.advance(28 * 24 * time.Hour)
	anna.publishes(draft(30 * 24 * time.Hour))
}

package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/httpapi"
)

// stage is a slot with two bookings, and everybody who may come near it.
type stage struct {
	*world
	slot, other string // both anna's, for her organisation; the second has room
	booking     string // ben's, a request
	dead        string // a dead letter, of all that happened before
	action      string // something ben set out to do
	concern     string // that ben raised
	people      map[string]person
}

// alike are parts that are answered as another one is: a block works in both directions, and whoever cannot be known is nobody.
var alike = map[string]string{"blocking": "blocked", "unverified": "nobody", "expired": "nobody"}

// everybody are the parts people play on a stage, but for those in alike.
var everybody = []string{"nobody", "stranger", "attendee", "requester", "expert", "coordinator", "blocked"}

func setStage(t testing.TB, s setting) stage {
	t.Helper()
	w := open(t, s)
	anna, ben, carl, dora := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl"), w.enrolled("dora")
	people := map[string]person{
		"nobody": w.person(""), "stranger": w.enrolled("eve/elsewhere.test"), "attendee": carl, "requester": ben, "expert": anna,
		"coordinator": w.enrolled("coordinator/elsewhere.test"), "blocked": dora,
		"blocking": w.enrolled("fritz"), "unverified": w.person("unverified"), "expired": w.person("expired"),
	}
	d := with(draft(48*time.Hour), "audience", "my_organisation", "format", "circle", "capacity", 3, "approval", "request")
	slot := anna.publishes(d)
	other := anna.publishes(with(d, "startsAt", morning.Add(72*time.Hour).Format(time.RFC3339)))
	anna.post("/v1/bookings/"+carl.books(slot)+"/approve", nil).expect(http.StatusOK)
	anna.put("/v1/me/blocks/"+dora.id(), nil).expect(http.StatusNoContent)
	people["blocking"].put("/v1/me/blocks/"+anna.id(), nil).expect(http.StatusNoContent)
	return stage{w, slot, other, ben.books(slot), w.parks(), "", ben.post("/v1/concerns", concern).expect(http.StatusCreated).id(), people}
}

// setStageFor is a stage for a route: for those of what comes after a session, one on which ben's is over, and he has written
// about it.
func setStageFor(t testing.TB, set setting, r httpapi.Route) stage {
	t.Helper()
	s := setStage(t, set)
	after, isAfter := strings.CutPrefix(r.Pattern, "/v1/bookings/{bookingId}/")
	part, _, _ := strings.Cut(after, "/")
	if !isAfter || !slices.Contains([]string{"attendance", "survey", "outcome", "takeaways", "debrief", "actions"}, part) {
		return s
	}
	ben, booking := s.people["requester"], "/v1/bookings/"+s.booking
	s.people["expert"].post(booking+"/approve", nil).expect(http.StatusOK)
	s.advance(49 * time.Hour)
	ben.put(booking+"/takeaways", object{"learned": "Much", "shareWithExpert": true}).expect(http.StatusOK)
	ben.put(booking+"/debrief", object{"achieved": "Something"}).expect(http.StatusOK)
	s.action = ben.post(booking+"/actions", object{"kind": "course", "text": "Take it"}).expect(http.StatusCreated).id()
	if part == "outcome" {
		s.advance(30 * 24 * time.Hour)
	}
	return s
}

var concern = object{"category": "content", "text": "The description promises money."}

// body is a good one for a route.
func (s stage) body(r httpapi.Route) any {
	switch r.String() {
	case "PUT /v1/me":
		return enrolment("Anybody")
	case "PUT /v1/people/{personId}/programme":
		return object{"cohort": "Spring"}
	case "PUT /v1/topics/{slug}":
		return object{"label": "Interviews"}
	case "POST /v1/people/import":
		return csvFile("email,managerEmail,cohort\nanna@example.org,,Spring\n")
	case "POST /v1/slots":
		return draft(240 * time.Hour)
	case "POST /v1/slots/batch":
		return object{"slots": []object{draft(240 * time.Hour), draft(241 * time.Hour)}}
	case "PATCH /v1/slots/{slotId}":
		return object{"title": "Another title"}
	case "POST /v1/slots/{slotId}/bookings":
		return request()
	case "POST /v1/bookings/{bookingId}/decline":
		return object{"reason": "other"}
	case "POST /v1/concerns":
		return concern
	case "POST /v1/bookings/{bookingId}/attendance":
		return object{"outcome": "held"}
	case "PUT /v1/bookings/{bookingId}/survey":
		return object{"answers": object{"tookPlace": "held"}}
	case "PUT /v1/bookings/{bookingId}/outcome":
		return object{"answers": object{"recommend": 9}}
	case "PUT /v1/bookings/{bookingId}/takeaways":
		return object{"learned": "More", "shareWithExpert": true}
	case "PUT /v1/bookings/{bookingId}/debrief":
		return object{"achieved": "Everything"}
	case "POST /v1/bookings/{bookingId}/actions":
		return object{"kind": "other", "text": "Write to Kim"}
	case "PATCH /v1/bookings/{bookingId}/actions/{actionId}":
		return object{"status": "done"}
	case "POST /v1/bookings/{bookingId}/move":
		return object{"slotId": s.other}
	}
	return nil
}

// path is a route's, about ben's request, anna's slot and anna.
func (s stage) path(r httpapi.Route) string {
	return strings.NewReplacer("{slotId}", s.slot, "{bookingId}", s.booking, "{personId}", s.people["expert"].id(), "{deadId}", s.dead, "{actionId}", s.action, "{concernId}", s.concern, "{slug}", "interviews").Replace(r.Pattern)
}

// permissions say, for every route, what everybody is answered, in the order of everybody.
var permissions = map[string][]int{
	"GET /v1/me":                                        {401, 200, 200, 200, 200, 200, 200},
	"PUT /v1/me":                                        {401, 200, 200, 200, 200, 200, 200},
	"DELETE /v1/me":                                     {401, 204, 204, 204, 204, 204, 204},
	"GET /v1/me/export":                                 {401, 200, 200, 200, 200, 200, 200},
	"GET /v1/me/calendar":                               {401, 200, 200, 200, 200, 200, 200},
	"POST /v1/me/calendar/rotate":                       {401, 200, 200, 200, 200, 200, 200},
	"PUT /v1/me/blocks/{personId}":                      {401, 204, 204, 204, 422, 204, 204},
	"DELETE /v1/me/blocks/{personId}":                   {401, 204, 204, 204, 422, 204, 204},
	"GET /v1/people/{personId}":                         {401, 404, 200, 200, 200, 200, 404},
	"GET /v1/people/{personId}/programme":               {401, 403, 403, 403, 403, 200, 403},
	"DELETE /v1/people/{personId}/suppression":          {401, 403, 403, 403, 403, 204, 403},
	"PUT /v1/people/{personId}/programme":               {401, 403, 403, 403, 403, 200, 403},
	"POST /v1/people/import":                            {401, 403, 403, 403, 403, 200, 403},
	"GET /v1/people":                                    {401, 403, 403, 403, 403, 200, 403},
	"GET /v1/topics":                                    {401, 200, 200, 200, 200, 200, 200},
	"PUT /v1/topics/{slug}":                             {401, 403, 403, 403, 403, 200, 403},
	"GET /v1/slots":                                     {401, 200, 200, 200, 200, 200, 200},
	"POST /v1/slots":                                    {401, 201, 201, 201, 201, 201, 201},
	"POST /v1/slots/batch":                              {401, 201, 201, 201, 201, 201, 201},
	"GET /v1/slots/{slotId}":                            {401, 404, 200, 200, 200, 200, 404},
	"PATCH /v1/slots/{slotId}":                          {401, 404, 403, 403, 200, 403, 404},
	"POST /v1/slots/{slotId}/close":                     {401, 404, 403, 403, 200, 403, 404},
	"POST /v1/slots/{slotId}/cancel":                    {401, 404, 403, 403, 200, 403, 404},
	"GET /v1/slots/{slotId}/bookings":                   {401, 404, 403, 403, 200, 200, 404},
	"POST /v1/slots/{slotId}/bookings":                  {401, 404, 409, 409, 422, 422, 404},
	"GET /v1/bookings":                                  {401, 200, 200, 200, 200, 200, 200},
	"GET /v1/bookings/{bookingId}":                      {401, 404, 404, 200, 200, 404, 404},
	"GET /v1/bookings/{bookingId}/history":              {401, 404, 404, 200, 200, 404, 404},
	"GET /v1/bookings/{bookingId}/invite.ics":           {401, 404, 404, 409, 409, 404, 404}, // it is a request, which has no entry
	"POST /v1/bookings/{bookingId}/approve":             {401, 404, 404, 403, 200, 404, 404},
	"POST /v1/bookings/{bookingId}/decline":             {401, 404, 404, 403, 200, 404, 404},
	"POST /v1/bookings/{bookingId}/move":                {401, 404, 404, 200, 403, 404, 404},
	"POST /v1/bookings/{bookingId}/cancel":              {401, 404, 404, 200, 200, 404, 404},
	"POST /v1/bookings/{bookingId}/attendance":          {401, 404, 404, 200, 200, 404, 404},
	"DELETE /v1/bookings/{bookingId}/attendance":        {401, 404, 404, 200, 200, 404, 404},
	"GET /v1/bookings/{bookingId}/survey":               {401, 404, 404, 200, 200, 404, 404},
	"PUT /v1/bookings/{bookingId}/survey":               {401, 404, 404, 200, 200, 404, 404},
	"GET /v1/bookings/{bookingId}/outcome":              {401, 404, 404, 200, 403, 404, 404},
	"PUT /v1/bookings/{bookingId}/outcome":              {401, 404, 404, 200, 403, 404, 404},
	"GET /v1/bookings/{bookingId}/takeaways":            {401, 404, 404, 200, 200, 404, 404}, // they are shared
	"PUT /v1/bookings/{bookingId}/takeaways":            {401, 404, 404, 200, 403, 404, 404},
	"GET /v1/bookings/{bookingId}/debrief":              {401, 404, 404, 200, 200, 404, 404},
	"PUT /v1/bookings/{bookingId}/debrief":              {401, 404, 404, 200, 403, 404, 404},
	"GET /v1/bookings/{bookingId}/actions":              {401, 404, 404, 200, 200, 404, 404},
	"POST /v1/bookings/{bookingId}/actions":             {401, 404, 404, 201, 201, 404, 404},
	"PATCH /v1/bookings/{bookingId}/actions/{actionId}": {401, 404, 404, 200, 403, 404, 404},
	"GET /v1/concerns":                                  {401, 200, 200, 200, 200, 200, 200},
	"POST /v1/concerns":                                 {401, 201, 201, 201, 201, 201, 201},
	"POST /v1/concerns/{concernId}/resolve":             {401, 403, 403, 403, 403, 200, 403},
	"GET /v1/reports/programme":                         {401, 403, 403, 403, 403, 200, 403},
	"GET /v1/reports/notes":                             {401, 403, 403, 403, 403, 200, 403},
	"GET /v1/mail/dead":                                 {401, 403, 403, 403, 403, 200, 403},
	"POST /v1/mail/dead/{deadId}/retry":                 {401, 403, 403, 403, 403, 200, 403},
}

// TestEveryRouteForEverybody (proof.md S1): what each may do is said once, in a table; a route without a row fails. Whoever
// is answered 404 cannot tell what is there from what is not, whatever they send, and nothing has changed afterwards.
func TestEveryRouteForEverybody(t *testing.T) {
	doors := []setting{{}, {door: asEvents}}
	for i, route := range httpapi.Routes() {
		statuses, ok := permissions[route.String()]
		if !ok {
			t.Errorf("%s: who may do what is not in the table", route)
			continue
		}
		t.Run(route.String(), func(t *testing.T) {
			s := setStageFor(t, doors[i%len(doors)], route)
			for n, part := range everybody {
				if part == "expert" || part == "requester" {
					continue // they may change what the others look at, and have a stage of their own
				}
				s.plays(part, route, statuses[n])
			}
			for part, as := range alike {
				s.plays(part, route, statuses[slices.Index(everybody, as)])
			}
			for n, part := range everybody {
				if part == "expert" || part == "requester" {
					setStageFor(t, doors[i%len(doors)], route).plays(part, route, statuses[n])
				}
			}
		})
	}
	callers := len(everybody) + len(alike)
	t.Logf("figure S1: %d routes for %d kinds of people: %d answers", len(httpapi.Routes()), callers, len(httpapi.Routes())*callers)
	if len(permissions) != len(httpapi.Routes()) {
		t.Errorf("the table has %d rows for %d routes", len(permissions), len(httpapi.Routes()))
	}
}

// TestNestedIdsOfOthers: what lies below a booking is not found through another one, of the caller's own or of somebody else, nor
// through what is no booking. A route with two ids, of whatever, needs to be here.
func TestNestedIdsOfOthers(t *testing.T) {
	for _, route := range httpapi.Routes() {
		if strings.Count(route.Pattern, "{") < 2 {
			continue
		}
		if !strings.HasPrefix(route.Pattern, "/v1/bookings/{bookingId}/actions/{actionId}") {
			t.Errorf("%s: what its second id belongs to is not tried", route)
			continue
		}
		s := setStageFor(t, setting{}, route)
		ben, carl := s.people["requester"], s.people["attendee"]
		carls := carl.get("/v1/bookings").ids()[0]
		bens := ben.books(ben.enrolled("gina").publishes(draft(90 * time.Hour)))
		send := func(p person, booking, action string) reply {
			t.Helper()
			path := strings.NewReplacer("{bookingId}", booking, "{actionId}", action).Replace(route.Pattern)
			return p.send(route.Method, path, s.body(route))
		}
		missing := send(ben, noBooking, "act_aaaaaaaaaaaaaaaaaaaaaaaaaa").refused(http.StatusNotFound, "not_found")
		for _, wrong := range []reply{
			send(carl, carls, s.action), send(ben, carls, s.action), send(ben, bens, s.action), send(ben, s.slot, s.action),
			send(ben, s.booking, s.concern), send(ben, s.booking, s.dead), send(ben, s.action, s.booking), send(s.people["coordinator"], s.booking, s.action),
		} {
			same(t, missing, wrong)
		}
		send(ben, s.booking, s.action).expect(http.StatusOK) // its own
	}
}

func (s stage) plays(part string, route httpapi.Route, status int) {
	s.Helper()
	p := s.people[part]
	bookings := func() string {
		s.Helper()
		expert := s.people["expert"]
		return expert.get("/v1/bookings?role=expert").text + expert.get("/v1/slots/"+s.slot).text
	}
	before := bookings()
	got := p.send(route.Method, s.path(route), s.body(route))
	if got.status != status {
		s.Fatalf("%s as %s answered %d, want %d: %s", route, part, got.status, status, got.text)
	}
	if status != http.StatusNotFound {
		return
	}
	same(s, got, p.send(route.Method, somewhere.Replace(route.Pattern), s.body(route)))
	if route.Method != http.MethodGet {
		same(s, p.send(route.Method, s.path(route), object{}), p.send(route.Method, somewhere.Replace(route.Pattern), object{}))
		same(s, p.send(route.Method, s.path(route), object{"x": 1}), p.send(route.Method, somewhere.Replace(route.Pattern), object{"x": 1}))
		same(s, p.send(route.Method, s.path(route), s.body(route), header("If-Match", `"7"`), key("k")),
			p.send(route.Method, somewhere.Replace(route.Pattern), s.body(route), header("If-Match", `"7"`), key("k")))
	}
	if after := bookings(); after != before {
		s.Errorf("%s as %s changed something:\n%s\n%s", route, part, before, after)
	}
}

// TestBlockedPeopleDoNotExistForEachOther: in both directions and on every way to them, until it is taken back.
func TestBlockedPeopleDoNotExistForEachOther(t *testing.T) {
	for name, door := range map[string]setting{"net/http": {door: overNetwork}, "lambda events": {door: asEvents}} {
		t.Run(name, func(t *testing.T) {
			w := open(t, door)
			anna, ben := w.enrolled("anna"), w.enrolled("ben")
			slots := map[string]string{anna.token: anna.publishes(draft(48 * time.Hour)), ben.token: ben.publishes(draft(60 * time.Hour))}
			anna.put("/v1/me/blocks/"+ben.id(), nil).expect(http.StatusNoContent)
			anna.put("/v1/me/blocks/"+ben.id(), nil).expect(http.StatusNoContent) // and again
			anna.get("/v1/me").is([]any{ben.id()}, "blocked")
			ben.get("/v1/me").is([]any{}, "blocked") // nobody tells them
			for _, pair := range [][2]person{{anna, ben}, {ben, anna}} {
				one, other := pair[0], pair[1]
				slot := slots[other.token]
				same(t, one.get("/v1/slots/"+slot).refused(http.StatusNotFound, "not_found"), one.get("/v1/slots/"+noSlot))
				same(t, one.get("/v1/slots/"+slot+"/bookings").refused(http.StatusNotFound, "not_found"), one.get("/v1/slots/"+noSlot+"/bookings"))
				same(t, one.post("/v1/slots/"+slot+"/bookings", request()), one.post("/v1/slots/"+noSlot+"/bookings", request()))
				same(t, one.get("/v1/people/"+other.id()).refused(http.StatusNotFound, "not_found"), one.get("/v1/people/"+noPerson))
				same(t, one.get("/v1/slots?expertId="+other.id()), one.get("/v1/slots?expertId="+noPerson))
				one.get("/v1/slots").is(slots[one.token], "items", "0", "id").is(nil, "items", "1")
			}
			ben.delete("/v1/me/blocks/" + anna.id()).expect(http.StatusNoContent) // is not theirs to take back
			ben.get("/v1/slots/" + slots[anna.token]).expect(http.StatusNotFound)
			anna.delete("/v1/me/blocks/" + ben.id()).expect(http.StatusNoContent)
			anna.get("/v1/me").is([]any{}, "blocked")
			ben.get("/v1/people/"+anna.id()).expect(http.StatusOK).is("Anna", "name")
			ben.books(slots[anna.token])
		})
	}
}

// TestABlockLeavesWhatThereIs: the booking of the two stays, for both to read and to cancel; once it is gone so is the other.
func TestABlockLeavesWhatThereIs(t *testing.T) {
	w := open(t, setting{})
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	slot := anna.publishes(draft(48 * time.Hour))
	booking := ben.books(slot)
	anna.put("/v1/me/blocks/"+ben.id(), nil).expect(http.StatusNoContent)
	ben.get("/v1/slots/"+slot).expect(http.StatusOK).is("https://video.example/room", "meeting", "videoUrl")
	ben.get("/v1/people/" + anna.id()).expect(http.StatusOK)
	anna.get("/v1/slots/"+slot+"/bookings").is(booking, "items", "0", "id")
	ben.post("/v1/bookings/"+booking+"/cancel", nil).expect(http.StatusOK)
	same(t, ben.get("/v1/slots/"+slot).refused(http.StatusNotFound, "not_found"), ben.get("/v1/slots/"+noSlot))
	same(t, ben.get("/v1/people/"+anna.id()).refused(http.StatusNotFound, "not_found"), ben.get("/v1/people/"+noPerson))
	ben.get("/v1/bookings/"+booking).is("cancelled", "status") // it is their own
}

// TestASessionThatIsOverGivesNoSight of a slot that is not for them any more.
func TestASessionThatIsOverGivesNoSight(t *testing.T) {
	w := open(t, setting{})
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	slot := anna.publishes(draft(48 * time.Hour))
	ben.books(slot)
	w.advance(49 * time.Hour)
	ben.get("/v1/slots/"+slot).expect(http.StatusOK).is("completed", "status")
	anna.put("/v1/me/blocks/"+ben.id(), nil).expect(http.StatusNoContent)
	same(t, ben.get("/v1/slots/"+slot).refused(http.StatusNotFound, "not_found"), ben.get("/v1/slots/"+noSlot))
	same(t, ben.post("/v1/slots/"+slot+"/close", nil).refused(http.StatusNotFound, "not_found"), ben.post("/v1/slots/"+noSlot+"/close", nil))
}

// TestCoordinatorsSeeSlotsAndNoContents (product.md section 8), and book only what is for them.
func TestCoordinatorsSeeSlotsAndNoContents(t *testing.T) {
	s := setStage(t, setting{})
	coordinator := s.people["coordinator"]
	read := coordinator.get("/v1/slots/"+s.slot).expect(http.StatusOK).is(nil, "meeting").is("audience_mismatch", "bookable", "code").
		is(2.0, "seats", "taken").is([]any{}, "allowedActions")
	listed := coordinator.get("/v1/slots").is(s.slot, "items", "0", "id").is("audience_mismatch", "items", "0", "bookable", "code")
	coordinator.get("/v1/slots?bookable=true").is([]any{}, "items")
	coordinator.post("/v1/slots/"+s.slot+"/bookings", request()).refused(http.StatusUnprocessableEntity, "audience_mismatch")
	for _, secret := range []string{"video.example", "skill_gap", "Monday", s.booking, s.people["requester"].id()} {
		if strings.Contains(read.text+listed.text, secret) {
			t.Errorf("a coordinator learns %q", secret)
		}
	}
	open := s.people["expert"].publishes(draft(96 * time.Hour))
	coordinator.get("/v1/slots/"+open).is(true, "bookable", "allowed")
	coordinator.books(open)
}

// TestConflictsDoNotTellOfTheOrgChart (product.md section 1, rule 4): whatever the conflict is, the answer is the same.
func TestConflictsDoNotTellOfTheOrgChart(t *testing.T) {
	causes := map[string]func(coordinator, anna, mia, ben person){
		"the expert is the manager": func(coordinator, anna, mia, ben person) { reports(coordinator, ben, anna) },
		"the expert stands higher": func(coordinator, anna, mia, ben person) {
			reports(coordinator, mia, anna)
			reports(coordinator, ben, mia)
		},
		"the requester is the manager": func(coordinator, anna, mia, ben person) {
			reports(coordinator, anna, ben)
		},
		"the requester stands higher": func(coordinator, anna, mia, ben person) {
			reports(coordinator, mia, ben)
			reports(coordinator, anna, mia)
		},
		"the requester declared it": func(coordinator, anna, mia, ben person) {
			ben.put("/v1/me", with(enrolment("Ben"), "declaredConflicts", []string{anna.id()})).expect(http.StatusOK)
		},
		"the expert declared it": func(coordinator, anna, mia, ben person) {
			anna.put("/v1/me", with(enrolment("Anna"), "declaredConflicts", []string{ben.id()})).expect(http.StatusOK)
		},
	}
	var first *reply
	for name, cause := range causes {
		w := open(t, setting{})
		anna, mia, ben := w.enrolled("anna"), w.enrolled("mia"), w.enrolled("ben")
		cause(w.enrolled("coordinator"), anna, mia, ben)
		slot := anna.publishes(draft(48 * time.Hour))
		ben.get("/v1/slots/"+slot).is("conflict_of_interest", "bookable", "code").is([]any{}, "allowedActions")
		got := ben.post("/v1/slots/"+slot+"/bookings", request()).refused(http.StatusUnprocessableEntity, "conflict_of_interest")
		got.to = name
		if first == nil {
			first = &got
		}
		same(t, *first, got)
	}
}

// TestFormerManagersAndOthersAreNoConflict: the control of the test above.
func TestFormerManagersAndOthersAreNoConflict(t *testing.T) {
	w := open(t, setting{})
	coordinator, anna, mia, ben := w.enrolled("coordinator"), w.enrolled("anna"), w.enrolled("mia"), w.enrolled("ben")
	reports(coordinator, ben, anna)
	reports(coordinator, anna, mia)
	reports(coordinator, ben, mia)
	slot := anna.publishes(draft(48 * time.Hour))
	ben.get("/v1/slots/"+slot).is("same_team", "affiliation").is(true, "bookable", "allowed")
	ben.get("/v1/slots?affiliation=same_team").is(slot, "items", "0", "id")
	ben.post("/v1/slots/"+slot+"/bookings", with(request(), "noConflict", nil)).expect(http.StatusCreated) // nothing to attest

	reports(coordinator, anna, w.enrolled("carl"))
	reverse := anna.publishes(with(draft(60*time.Hour), "direction", "reverse"))
	w.person("carl").books(reverse) // the senior is mentored
	standard := anna.publishes(draft(72 * time.Hour))
	w.person("carl").get("/v1/slots/"+standard).is("conflict_of_interest", "bookable", "code")
}

// reports makes a coordinator say who reports to whom.
func reports(coordinator, who, to person) {
	coordinator.Helper()
	coordinator.put("/v1/people/"+who.id()+"/programme", object{"managerId": to.id()}).expect(http.StatusOK)
}

// canaries are a request with a word in every text that is nobody's but the two parties'.
func canaries() object {
	return object{
		"purpose": object{
			"kind": "other", "question": "canary question", "desiredOutcome": "canary outcome, long enough",
			"tried": "canary tried", "context": "canary context",
		},
		"bring": "canary bring", "noConflict": true,
	}
}

// TestTheRosterIsForTheExpert, and nobody else learns through any route who comes, waits or asked.
func TestTheRosterIsForTheExpert(t *testing.T) {
	w := open(t, setting{})
	anna, ben, carl := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl")
	slot := anna.publishes(with(draft(48*time.Hour), "format", "circle", "capacity", 2, "approval", "request"))
	book := "/v1/slots/" + slot + "/bookings"
	bens := ben.post(book, canaries()).expect(http.StatusCreated).id()
	carls := carl.post(book, request()).expect(http.StatusCreated).id()
	anna.post("/v1/bookings/"+bens+"/approve", nil).expect(http.StatusOK)
	waiting := w.enrolled("dora").post(book, with(canaries(), "joinWaitlist", true)).expect(http.StatusCreated).is("waitlisted", "status").id()

	roster := anna.get(book).expect(http.StatusOK).is(nil, "nextCursor").is(waiting, "items", "2", "id").is("Dora", "items", "2", "requester", "name").
		is("expert", "items", "0", "role").is(nil, "items", "0", "meeting")
	if !strings.Contains(roster.text, bens) || !strings.Contains(roster.text, carls) || !strings.Contains(roster.text, "canary context") {
		t.Errorf("the expert does not see who comes: %s", roster.text)
	}
	for _, p := range []person{carl, w.enrolled("fay"), w.person("zoe")} {
		all := p.get(book).refused(http.StatusForbidden, "forbidden").text + p.get("/v1/slots/"+slot).text + p.get("/v1/slots").text +
			p.get("/v1/bookings").text + p.get("/v1/bookings?role=expert").text + p.get("/v1/bookings/"+carls+"/history").text +
			p.get("/v1/people/"+anna.id()).text + p.get("/v1/people/"+ben.id()).text + p.patch("/v1/slots/"+slot, object{"capacity": 1}).text
		for _, secret := range []string{"canary", ben.id(), "Dora", bens, waiting} {
			if strings.Contains(all, secret) {
				t.Errorf("%s learns %q: %s", p.token, secret, all)
			}
		}
	}
	ben.post("/v1/bookings/"+bens+"/cancel", nil).expect(http.StatusOK)
	if got := anna.get(book); strings.Contains(got.text, bens) {
		t.Errorf("who cancelled is still on the roster: %s", got.text)
	}
}

// TestHistoryHoldsNobodysWords: of whatever was written on the way, nothing is in it.
func TestHistoryHoldsNobodysWords(t *testing.T) {
	w := open(t, setting{})
	anna, ben := w.enrolled("anna"), w.enrolled("ben")
	d := with(draft(48*time.Hour), "approval", "request", "title", "canary title")
	slot := anna.publishes(d)
	other := anna.publishes(with(d, "startsAt", morning.Add(96*time.Hour).Format(time.RFC3339)))
	booking := ben.post("/v1/slots/"+slot+"/bookings", canaries()).expect(http.StatusCreated).id()
	anna.patch("/v1/slots/"+slot, object{"description": "canary description", "meeting": object{"place": "canary place"}}).expect(http.StatusOK)
	w.advance(time.Hour)
	ben.post("/v1/bookings/"+booking+"/move", object{"slotId": other}).expect(http.StatusOK)
	anna.post("/v1/bookings/"+booking+"/decline", object{"reason": "other", "note": "canary note"}).expect(http.StatusOK)
	for _, p := range []person{anna, ben} {
		got := p.get("/v1/bookings/" + booking + "/history").expect(http.StatusOK)
		want := ""
		for _, step := range []struct{ by, action, status, slot, at string }{
			{"requester", "requested", "requested", slot, "09:00:00"}, {"expert", "slot_changed", "requested", slot, "09:00:00"},
			{"requester", "moved", "requested", other, "10:00:00"}, {"expert", "declined", "declined", other, "10:00:00"},
		} {
			want += fmt.Sprintf(`{"at":"2026-11-02T%sZ","by":"%s","action":"%s","status":"%s","slotId":"%s"},`, step.at, step.by, step.action, step.status, step.slot)
		}
		if got.text != `{"items":[`+strings.TrimSuffix(want, ",")+"]}\n" {
			t.Errorf("history as %s: %s", p.token, got.text)
		}
	}
}

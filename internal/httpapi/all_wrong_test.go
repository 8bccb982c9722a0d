package httpapi_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/httpapi"
)

// everythingWrong is a request in which all is wrong that can be wrong at once: every field, and one that is unknown; the query,
// where there is none or not this one; and the header of its method. A cursor cannot be judged beside another query than its own,
// nor a number of seats without a format.
type everythingWrong struct {
	body   any
	query  string
	faults []string
}

var long = strings.Repeat("long ", 401)

var allWrong = map[string]everythingWrong{
	"PUT /v1/me": {object{
		"name": "", "timeZone": "Mars/Olympus", "languages": []string{"!"}, "department": long, "headline": long, "path": long, "feedbackPreference": "loud",
		"monthlySessionCap": -1, "pausedUntil": "soon", "declaredConflicts": []string{"anna"}, "acceptGroundRules": "yes", "surveyMails": 1, "feedbackWelcome": 1, "x": 1,
	}, "?x=1", []string{
		"/query/x unknown_field", "/header/If-Match bad_format", "/acceptGroundRules wrong_type", "/feedbackWelcome wrong_type",
		"/pausedUntil bad_format", "/surveyMails wrong_type", "/x unknown_field", "/name required", "/timeZone bad_format",
		"/languages/0 bad_format", "/department too_long", "/headline too_long", "/path too_long", "/feedbackPreference not_allowed",
		"/monthlySessionCap out_of_range", "/declaredConflicts/0 bad_format",
	}},
	"PUT /v1/people/{personId}/programme": {object{"managerId": "anna", "organisation": long, "cohort": long, "suspendedUntil": "soon", "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/header/If-Match bad_format", "/suspendedUntil bad_format", "/x unknown_field", "/managerId bad_format",
		"/organisation too_long", "/cohort too_long",
	}},
	"PUT /v1/topics/{slug}": {object{"label": "", "parent": "Not a slug", "status": "gone", "mergedInto": "Not a slug", "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/header/If-Match bad_format", "/x unknown_field", "/label required", "/status not_allowed",
		"/parent not_allowed", "/mergedInto not_allowed",
	}},
	"POST /v1/slots": {wrongSlot(), "?x=1", []string{
		"/query/x unknown_field", "/cancelNoticeMinutes wrong_type", "/meeting/x unknown_field", "/minAttendees wrong_type",
		"/startsAt bad_format", "/x unknown_field", "/header/Idempotency-Key bad_format", "/title required", "/description too_long",
		"/preparation too_long", "/lookingFor too_long", "/topic required", "/sessionKind not_allowed", "/direction not_allowed",
		"/audience not_allowed", "/approval not_allowed", "/modes/0 not_allowed", "/languages/0 bad_format", "/timeZone bad_format",
		"/format not_allowed", "/durationMinutes not_allowed", "/bookingNoticeMinutes out_of_range", "/meeting/phone too_long",
		"/meeting/place too_long", "/meeting/videoUrl bad_format",
	}},
	"POST /v1/slots/batch": {object{"slots": []object{wrongSlot(), wrongSlot()}, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/slots/0/cancelNoticeMinutes wrong_type", "/slots/0/meeting/x unknown_field",
		"/slots/0/minAttendees wrong_type", "/slots/0/startsAt bad_format", "/slots/0/x unknown_field", "/slots/1/cancelNoticeMinutes wrong_type",
		"/slots/1/meeting/x unknown_field", "/slots/1/minAttendees wrong_type", "/slots/1/startsAt bad_format", "/slots/1/x unknown_field",
		"/x unknown_field", "/header/Idempotency-Key bad_format", "/slots/0/title required", "/slots/0/description too_long",
		"/slots/0/preparation too_long", "/slots/0/lookingFor too_long", "/slots/0/topic required", "/slots/0/sessionKind not_allowed",
		"/slots/0/direction not_allowed", "/slots/0/audience not_allowed", "/slots/0/approval not_allowed", "/slots/0/modes/0 not_allowed",
		"/slots/0/languages/0 bad_format", "/slots/0/timeZone bad_format", "/slots/0/format not_allowed", "/slots/0/durationMinutes not_allowed",
		"/slots/0/bookingNoticeMinutes out_of_range", "/slots/0/meeting/phone too_long", "/slots/0/meeting/place too_long",
		"/slots/0/meeting/videoUrl bad_format", "/slots/1/title required", "/slots/1/description too_long", "/slots/1/preparation too_long",
		"/slots/1/lookingFor too_long", "/slots/1/topic required", "/slots/1/sessionKind not_allowed", "/slots/1/direction not_allowed",
		"/slots/1/audience not_allowed", "/slots/1/approval not_allowed", "/slots/1/modes/0 not_allowed", "/slots/1/languages/0 bad_format",
		"/slots/1/timeZone bad_format", "/slots/1/format not_allowed", "/slots/1/durationMinutes not_allowed",
		"/slots/1/bookingNoticeMinutes out_of_range", "/slots/1/meeting/phone too_long", "/slots/1/meeting/place too_long",
		"/slots/1/meeting/videoUrl bad_format",
	}},
	"PATCH /v1/slots/{slotId}": {wrongSlot(), "?x=1", []string{
		"/query/x unknown_field", "/header/If-Match bad_format", "/cancelNoticeMinutes wrong_type", "/meeting/x unknown_field",
		"/minAttendees wrong_type", "/startsAt bad_format", "/x unknown_field", "/title required", "/description too_long",
		"/preparation too_long", "/lookingFor too_long", "/topic required", "/sessionKind not_allowed", "/direction not_allowed",
		"/audience not_allowed", "/approval not_allowed", "/modes/0 not_allowed", "/languages/0 bad_format", "/timeZone bad_format",
		"/format not_allowed", "/capacity out_of_range", "/durationMinutes not_allowed", "/bookingNoticeMinutes out_of_range",
		"/meeting/phone too_long", "/meeting/place too_long", "/meeting/videoUrl bad_format",
	}},
	"POST /v1/slots/{slotId}/bookings": {object{
		"purpose": object{"kind": "none", "question": "", "desiredOutcome": "short", "tried": long, "context": long, "x": 1}, "bring": long,
		"feedbackPreference": "loud", "mode": "telepathy", "joinWaitlist": "yes", "noConflict": 1, "x": 1,
	}, "?x=1", []string{
		"/query/x unknown_field", "/joinWaitlist wrong_type", "/noConflict wrong_type", "/purpose/x unknown_field", "/x unknown_field",
		"/header/Idempotency-Key bad_format", "/purpose/kind not_allowed", "/purpose/question required", "/purpose/desiredOutcome too_short",
		"/purpose/tried too_long", "/purpose/context too_long", "/bring too_long", "/feedbackPreference not_allowed", "/mode not_allowed",
	}},
	"POST /v1/slots/{slotId}/close": {object{"x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format",
	}},
	"POST /v1/slots/{slotId}/cancel": {object{"reason": long, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format", "/reason too_long",
	}},
	"POST /v1/bookings/{bookingId}/approve": {object{"x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format",
	}},
	"POST /v1/bookings/{bookingId}/decline": {object{"reason": "none", "note": long, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format", "/reason not_allowed", "/note too_long",
	}},
	"POST /v1/bookings/{bookingId}/move": {object{"slotId": "there", "mode": "telepathy", "noConflict": 1, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/noConflict wrong_type", "/x unknown_field", "/header/Idempotency-Key bad_format", "/slotId bad_format",
		"/mode not_allowed",
	}},
	"POST /v1/bookings/{bookingId}/cancel": {object{"reason": long, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format", "/reason too_long",
	}},
	"POST /v1/bookings/{bookingId}/attendance": {object{"outcome": "perhaps", "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format", "/outcome not_allowed",
	}},
	"PUT /v1/bookings/{bookingId}/takeaways": {object{"learned": long, "willApply": long, "shareWithExpert": 1, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/header/If-Match bad_format", "/shareWithExpert wrong_type", "/x unknown_field", "/learned too_long",
		"/willApply too_long",
	}},
	"PUT /v1/bookings/{bookingId}/debrief": {object{"achieved": "", "stillToDo": long, "doDifferently": long, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/header/If-Match bad_format", "/x unknown_field", "/achieved required", "/stillToDo too_long", "/doDifferently too_long",
	}},
	"POST /v1/bookings/{bookingId}/actions": {object{"kind": "none", "text": "", "dueOn": "soon", "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format", "/kind not_allowed", "/text required", "/dueOn bad_format",
	}},
	"PATCH /v1/bookings/{bookingId}/actions/{actionId}": {object{"kind": "none", "text": "", "dueOn": "soon", "status": "proposed", "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/header/If-Match bad_format", "/x unknown_field", "/kind not_allowed", "/text required", "/dueOn bad_format",
		"/status not_allowed",
	}},
	"PUT /v1/bookings/{bookingId}/survey": {object{"answers": object{"tookPlace": 1, "useful": 9, "attainment": "4", "got": []string{"gold"}, "nextStep": long, "nextStepOn": "soon", "purposeClear": 1, "x": 1}, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/header/If-Match bad_format", "/answers/attainment wrong_type", "/answers/tookPlace wrong_type",
		"/answers/x unknown_field", "/x unknown_field", "/answers/got/0 not_allowed", "/answers/nextStep too_long",
		"/answers/nextStepOn bad_format", "/answers/purposeClear not_allowed", "/answers/useful out_of_range",
	}},
	"PUT /v1/bookings/{bookingId}/outcome": {object{"answers": object{"recommend": 11, "whatChanged": "", "expertMayHear": "perhaps", "useful": 1, "x": 1}, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/header/If-Match bad_format", "/answers/x unknown_field", "/x unknown_field",
		"/answers/expertMayHear not_allowed", "/answers/recommend out_of_range", "/answers/useful not_allowed", "/answers/whatChanged required",
	}},
	"POST /v1/concerns": {object{"personId": "anna", "bookingId": "his", "category": "none", "text": "", "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format", "/personId bad_format", "/bookingId bad_format",
		"/category not_allowed", "/text required",
	}},
	"POST /v1/concerns/{concernId}/resolve": {object{"note": long, "x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format", "/note too_long",
	}},
	"POST /v1/mail/dead/{deadId}/retry": {object{"x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format",
	}},
	"PUT /v1/me/blocks/{personId}": {nil, "?x=1", []string{
		"/query/x unknown_field",
	}},
	"POST /v1/me/calendar/rotate": {object{"x": 1}, "?x=1", []string{
		"/query/x unknown_field", "/x unknown_field", "/header/Idempotency-Key bad_format",
	}},
	"POST /v1/people/import": {csvFile("email;manager\n"), "?x=1", []string{
		"/query/x unknown_field", " bad_format", "/header/Idempotency-Key bad_format",
	}},
	"GET /v1/slots": {nil, "?limit=0&cursor=x&topic=Not+a+slug&from=soon&to=later&format=none&direction=none&sessionKind=none&mode=none&language=!&affiliation=none" +
		"&expertId=anna&bookable=perhaps&x=1", []string{
		"/query/sessionKind not_allowed", "/query/format not_allowed", "/query/direction not_allowed", "/query/mode not_allowed",
		"/query/language bad_format", "/query/affiliation not_allowed", "/query/expertId bad_format", "/query/bookable not_allowed",
		"/query/from bad_format", "/query/to bad_format", "/query/limit out_of_range", "/query/x unknown_field", "/query/topic not_allowed",
	}},
	"GET /v1/bookings": {nil, "?limit=101&cursor=x&role=boss&status=gone&from=soon&to=later&x=1", []string{
		"/query/role not_allowed", "/query/status not_allowed", "/query/from bad_format", "/query/to bad_format", "/query/limit out_of_range",
		"/query/x unknown_field",
	}},
	"GET /v1/people": {nil, "?limit=many&cursor=x&x=1", []string{
		"/query/limit out_of_range", "/query/x unknown_field",
	}},
	"GET /v1/concerns": {nil, "?limit=0&cursor=x&x=1", []string{
		"/query/limit out_of_range", "/query/x unknown_field",
	}},
	"GET /v1/me/export": {nil, "?limit=0&cursor=x&x=1", []string{
		"/query/limit out_of_range", "/query/x unknown_field",
	}},
	"GET /v1/mail/dead": {nil, "?limit=0&cursor=x&x=1", []string{
		"/query/limit out_of_range", "/query/x unknown_field",
	}},
	"GET /v1/reports/programme": {nil, "?from=soon&to=later&cohort=" + strings.Repeat("c", 200) + "&topic=Not+a+slug&x=1", []string{
		"/query/to bad_format", "/query/from bad_format", "/query/x unknown_field", "/query/topic not_allowed",
	}},
	"GET /v1/reports/notes": {nil, "?from=soon&to=later&x=1", []string{
		"/query/to bad_format", "/query/from bad_format", "/query/x unknown_field",
	}},
}

func wrongSlot() object {
	return object{
		"title": "", "description": long, "topic": "", "sessionKind": "none", "format": "none", "capacity": 99, "minAttendees": "two", "direction": "up",
		"startsAt": "tomorrow", "durationMinutes": 25, "timeZone": "Mars/Olympus", "modes": []string{"telepathy"},
		"meeting": object{"videoUrl": "javascript:x", "phone": long, "place": long, "x": 1}, "languages": []string{"!"}, "audience": "nobody", "approval": "never",
		"bookingNoticeMinutes": -1, "cancelNoticeMinutes": "an hour", "preparation": long, "lookingFor": long, "x": 1,
	}
}

// TestAllThatIsWrongIsToldAtOnce: one request with everything wrong gets one answer that names all of it, each by its pointer
// (product.md section 2); a route that can be sent something wrong needs a row.
func TestAllThatIsWrongIsToldAtOnce(t *testing.T) {
	for _, route := range httpapi.Routes() {
		row, ok := allWrong[route.String()]
		if !ok {
			if route.Method != http.MethodGet && route.Method != http.MethodDelete {
				t.Errorf("%s: what can be wrong is not in the table", route)
				continue
			}
			row = everythingWrong{nil, "?x=1&cursor=1", []string{"/query/cursor unknown_field", "/query/x unknown_field"}} // it takes nothing
		}
		s := setStageFor(t, setting{}, route)
		who := s.people["requester"] // of an invitation that there is not
		if !strings.HasSuffix(route.Pattern, "/invite.ics") {
			who = s.whoMay(route)
		}
		var changes []change
		switch route.Method {
		case http.MethodPost:
			changes = append(changes, key(""))
		case http.MethodPut, http.MethodPatch:
			changes = append(changes, header("If-Match", "1"))
		}
		got := who.send(route.Method, s.path(route)+row.query, row.body, changes...)
		if got.status != invalid {
			t.Errorf("%s answered %d: %s", route, got.status, got.text)
		} else if diff := cmp.Diff(row.faults, got.faults()); diff != "" {
			t.Errorf("%s: errors (-want +got):\n%s\n%s", route, diff, got.text)
		}
	}
}

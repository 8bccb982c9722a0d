package httpapi_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"flashmentoring/internal/httpapi"
	"flashmentoring/internal/lambdahttp"
	"flashmentoring/internal/mentoring"
)

const (
	malformed = 400
	conflict  = 409
	tooLarge  = 413
	notJSON   = 415
	invalid   = 422
)

// wrong is a request with something wrong in it, and all that the answer must name.
type wrong struct {
	name    string
	body    any
	changes []change
	query   string
	status  int
	code    mentoring.Code
	faults  []string
}

func check(t *testing.T, p person, method, path string, cases []wrong) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Helper()
			p.world.TB = t
			got := p.send(method, path+c.query, c.body, c.changes...)
			got.refused(c.status, c.code)
			if diff := cmp.Diff(c.faults, got.faults()); diff != "" {
				t.Errorf("errors (-want +got):\n%s\n%s", diff, got.text)
			}
		})
	}
	p.world.TB = t
}

// unreadable are the bodies that no route can read.
func unreadable(good object) []wrong {
	return []wrong{
		{"no body", "", nil, "", malformed, "malformed", nil},
		{"only spaces", "  \n ", nil, "", malformed, "malformed", nil},
		{"not JSON", "title=x", nil, "", malformed, "malformed", nil},
		{"half of JSON", `{"title": "x"`, nil, "", malformed, "malformed", nil},
		{"two values", `{} {}`, nil, "", malformed, "malformed", nil},
		{"a trailing comma", `{"title": "x",}`, nil, "", malformed, "malformed", nil},
		{"a comment", `{/* */}`, nil, "", malformed, "malformed", nil},
		{"a number that is none", `{"capacity": 01}`, nil, "", malformed, "malformed", nil},
		{"not a number", `{"capacity": NaN}`, nil, "", malformed, "malformed", nil},
		{"not UTF-8", "{\"title\": \"\xff\"}", nil, "", malformed, "malformed", nil},
		{"a byte order mark", "\ufeff{}", nil, "", malformed, "malformed", nil},
		{"a bare line break in a string", "{\"title\": \"a\nb\"}", nil, "", malformed, "malformed", nil},
		{"too deep", strings.Repeat(`{"a":`, 1000) + "1" + strings.Repeat("}", 1000), nil, "", malformed, "malformed", nil},
		{"too large", `{"title": "` + strings.Repeat("x", 33<<10) + `"}`, nil, "", tooLarge, "body_too_large", nil},
		{"no media type", good, []change{header("Content-Type")}, "", notJSON, "unsupported_media_type", nil},
		{"a form", good, []change{header("Content-Type", "application/x-www-form-urlencoded")}, "", notJSON, "unsupported_media_type", nil},
		{"text", good, []change{header("Content-Type", "text/plain")}, "", notJSON, "unsupported_media_type", nil},
		{"a patch", good, []change{header("Content-Type", "application/json-patch+json")}, "", notJSON, "unsupported_media_type", nil},
		{"another charset", good, []change{header("Content-Type", "application/json; charset=iso-8859-1")}, "", notJSON, "unsupported_media_type", nil},
		{"a broken media type", good, []change{header("Content-Type", "application/json; charset")}, "", notJSON, "unsupported_media_type", nil},
		{"two media types", good, []change{header("Content-Type", "application/json", "text/plain")}, "", notJSON, "unsupported_media_type", nil},
		{"compressed", good, []change{header("Content-Encoding", "gzip")}, "", notJSON, "unsupported_media_type", nil},
		{"a query that is none", good, nil, "?a=%zz", malformed, "malformed", nil},
		{"a query with semicolons", good, nil, "?a=1;b=2", malformed, "malformed", nil},
		{"a query that is not UTF-8", good, nil, "?%ff=1", malformed, "malformed", nil},
		{"a very long query", good, nil, "?" + strings.Repeat("a", 9000), malformed, "malformed", nil},
		{"an array", "[]", nil, "", invalid, "invalid_field", []string{" wrong_type"}},
		{"a string", `"title"`, nil, "", invalid, "invalid_field", []string{" wrong_type"}},
		{"null", "null", nil, "", invalid, "invalid_field", []string{" wrong_type"}},
		{"an unknown parameter", good, nil, "?x=1", invalid, "unknown_field", []string{"/query/x unknown_field"}},
	}
}

func TestWrongSlots(t *testing.T) {
	w := open(t, setting{})
	anna := w.enrolled("anna")
	good := draft(48 * time.Hour)
	long := func(n int) string { return strings.Repeat("ä", n) }
	at := func(t time.Time) string { return t.Format(time.RFC3339) }
	one := func(fields ...any) any { return with(good, fields...) }
	check(t, anna, http.MethodPost, "/v1/slots", append(unreadable(good), []wrong{
		{"nothing given", object{}, nil, "", invalid, "invalid_field",
			[]string{"/title required", "/topic required", "/durationMinutes required", "/startsAt required"}},
		{"every text too long", one("title", long(121), "description", long(2001), "preparation", long(1001), "lookingFor", long(1001),
			"meeting", object{"phone": long(41), "place": long(301), "videoUrl": "https://x.test/" + strings.Repeat("a", 500)}),
			nil, "", invalid, "invalid_field", []string{
				"/title too_long", "/description too_long", "/preparation too_long", "/lookingFor too_long",
				"/meeting/phone too_long", "/meeting/place too_long", "/meeting/videoUrl too_long"}},
		{"a short title", one("title", " ab "), nil, "", invalid, "invalid_field", []string{"/title too_short"}},
		{"a title of two lines", one("title", "one\ntwo"), nil, "", invalid, "invalid_field", []string{"/title invalid_text"}},
		{"control characters", one("title", "a\x00bc", "description", "a\x1bb"), nil, "", invalid, "invalid_field",
			[]string{"/description invalid_text", "/title invalid_text"}},
		{"half of a pair", `{"title": "\ud800"}`, nil, "", invalid, "invalid_field",
			[]string{"/title invalid_text", "/topic required", "/durationMinutes required", "/startsAt required"}},
		{"text that turns around", one("title", "abc\u202edef"), nil, "", invalid, "invalid_field", []string{"/title invalid_text"}},
		{"names nobody knows", one("rank", 1, "Meetings", 2), nil, "", invalid, "unknown_field",
			[]string{"/Meetings unknown_field", "/rank unknown_field"}},
		{"names in another case", one("Title", "x", "starts_at", 2), nil, "", invalid, "unknown_field",
			[]string{"/Title unknown_field", "/starts_at unknown_field"}},
		{"an unknown name inside", one("meeting", object{"videoURL": "https://x.test"}), nil, "", invalid, "unknown_field",
			[]string{"/meeting/videoURL unknown_field"}},
		{"unknown and broken together", one("rank", 1, "title", ""), nil, "", invalid, "invalid_field",
			[]string{"/rank unknown_field", "/title required"}},
		{"a name given twice", `{"title": "First title", "title": "Second title", "topic": "career", "durationMinutes": 30,
			"startsAt": "2026-11-04T09:00:00Z"}`, nil, "", invalid, "invalid_field", []string{"/title duplicate_field"}},
		{"other types", one("title", 1, "topic", true, "startsAt", 1, "durationMinutes", "30", "capacity", "1", "modes", "video",
			"meeting", "here", "languages", object{}, "bookingNoticeMinutes", 1.5), nil, "", invalid, "invalid_field",
			[]string{"/bookingNoticeMinutes wrong_type", "/capacity wrong_type", "/durationMinutes wrong_type", "/languages wrong_type",
				"/meeting wrong_type", "/modes wrong_type", "/startsAt wrong_type", "/title wrong_type", "/topic wrong_type"}},
		{"null", `{"title": null, "format": null, "modes": [null], "capacity": null, "topic": "career", "durationMinutes": 30,
			"startsAt": "2026-11-04T09:00:00Z"}`, nil, "", invalid, "invalid_field",
			[]string{"/title wrong_type", "/format wrong_type", "/modes/0 wrong_type", "/capacity wrong_type"}},
		{"huge numbers", `{"title": "Some title", "capacity": 99999999999999999999, "topic": "career", "durationMinutes": 1e2,
			"startsAt": "2026-11-04T09:00:00Z"}`, nil, "", invalid, "invalid_field",
			[]string{"/capacity out_of_range", "/durationMinutes wrong_type"}},
		{"a time without an offset", one("startsAt", "2026-11-04T09:00:00"), nil, "", invalid, "invalid_field", []string{"/startsAt bad_format"}},
		{"a day", one("startsAt", "2026-11-04"), nil, "", invalid, "invalid_field", []string{"/startsAt bad_format"}},
		{"a day there is not", one("startsAt", "2026-02-30T09:00:00Z"), nil, "", invalid, "invalid_field", []string{"/startsAt bad_format"}},
		{"before our time", one("startsAt", "0000-01-01T00:00:00+01:00"), nil, "", invalid, "invalid_field", []string{"/startsAt out_of_range"}},
		{"in the past", one("startsAt", at(morning.Add(-time.Hour))), nil, "", invalid, "invalid_field", []string{"/startsAt out_of_range"}},
		{"too soon", one("startsAt", at(morning.Add(14*time.Minute))), nil, "", invalid, "invalid_field", []string{"/startsAt out_of_range"}},
		{"too far ahead", one("startsAt", at(morning.AddDate(0, 0, 181))), nil, "", invalid, "invalid_field", []string{"/startsAt out_of_range"}},
		{"bookings over at once", one("startsAt", at(morning.Add(time.Hour))), nil, "", invalid, "invalid_field", []string{"/bookingNoticeMinutes out_of_range"}},
		{"a length nobody offers", one("durationMinutes", 25), nil, "", invalid, "invalid_field", []string{"/durationMinutes not_allowed"}},
		{"values that are not of their lists", one("sessionKind", "x", "format", "x", "direction", "x", "modes", []string{"x"},
			"audience", "x", "approval", "x", "topic", "x"), nil, "", invalid, "invalid_field",
			[]string{"/topic not_allowed", "/sessionKind not_allowed", "/direction not_allowed", "/audience not_allowed",
				"/approval not_allowed", "/modes/0 not_allowed", "/format not_allowed"}},
		{"empty where something must be", one("sessionKind", "", "format", "", "direction", "", "audience", "", "approval", "",
			"timeZone", "", "modes", []string{}, "meeting", object{"videoUrl": ""}), nil, "", invalid, "invalid_field",
			[]string{"/sessionKind not_allowed", "/format not_allowed", "/direction not_allowed", "/timeZone not_allowed",
				"/audience not_allowed", "/meeting/videoUrl not_allowed", "/approval not_allowed", "/modes required"}},
		{"a mode twice", one("modes", []string{"video", "video"}), nil, "", invalid, "invalid_field", []string{"/modes/1 not_allowed"}},
		{"seats for one", one("capacity", 2), nil, "", invalid, "invalid_field", []string{"/capacity not_allowed"}},
		{"a circle of unknown size", one("format", "circle"), nil, "", invalid, "invalid_field", []string{"/capacity required"}},
		{"a circle of one", one("format", "circle", "capacity", 1), nil, "", invalid, "invalid_field", []string{"/capacity out_of_range"}},
		{"a circle of thirteen", one("format", "circle", "capacity", 13), nil, "", invalid, "invalid_field", []string{"/capacity out_of_range"}},
		{"more attendees than seats", one("format", "circle", "capacity", 3, "minAttendees", 4), nil, "", invalid, "invalid_field", []string{"/minAttendees out_of_range"}},
		{"no attendees", one("minAttendees", 0), nil, "", invalid, "invalid_field", []string{"/minAttendees out_of_range"}},
		{"negative notices", one("bookingNoticeMinutes", -1, "cancelNoticeMinutes", -1), nil, "", invalid, "invalid_field",
			[]string{"/bookingNoticeMinutes out_of_range", "/cancelNoticeMinutes out_of_range"}},
		{"a zone there is not", one("timeZone", "Mars/Olympus"), nil, "", invalid, "invalid_field", []string{"/timeZone bad_format"}},
		{"the zone of the machine", one("timeZone", "Local"), nil, "", invalid, "invalid_field", []string{"/timeZone bad_format"}},
		{"a path for a zone", one("timeZone", "../../etc/passwd"), nil, "", invalid, "invalid_field", []string{"/timeZone bad_format"}},
		{"languages", one("languages", []string{"en", "EN", "en", "klingon"}), nil, "", invalid, "invalid_field",
			[]string{"/languages/1 bad_format", "/languages/2 not_allowed", "/languages/3 bad_format"}},
		{"plain http", one("meeting", object{"videoUrl": "http://x.test"}), nil, "", invalid, "invalid_field", []string{"/meeting/videoUrl bad_format"}},
		{"a script for a link", one("meeting", object{"videoUrl": "javascript:alert(1)"}), nil, "", invalid, "invalid_field", []string{"/meeting/videoUrl bad_format"}},
		{"a password in a link", one("meeting", object{"videoUrl": "https://a:b@x.test"}), nil, "", invalid, "invalid_field", []string{"/meeting/videoUrl bad_format"}},
		{"parameters, headers and fields", one("title", 1, "topic", "x"), []change{key("\x80")}, "?a=1&a=2&b/~=", invalid, "invalid_field",
			[]string{"/query/a unknown_field", "/query/b~1~0 unknown_field", "/title wrong_type", "/header/Idempotency-Key bad_format", "/topic not_allowed"}},
		{"an empty key", good, []change{key("")}, "", invalid, "invalid_field", []string{"/header/Idempotency-Key bad_format"}},
		{"a long key", good, []change{key(strings.Repeat("k", 256))}, "", invalid, "invalid_field", []string{"/header/Idempotency-Key bad_format"}},
		{"two keys", good, []change{header("Idempotency-Key", "a", "b")}, "", invalid, "invalid_field", []string{"/header/Idempotency-Key bad_format"}},
	}...))
	anna.get("/v1/slots").is([]any{}, "items") // nothing came of any of it
}

func TestWrongBookings(t *testing.T) {
	w := open(t, setting{})
	slot := w.enrolled("anna").publishes(draft(48 * time.Hour))
	ben := w.enrolled("ben")
	good := request()
	purpose := func(fields ...any) any { return with(good, "purpose", with(good["purpose"].(object), fields...)) }
	check(t, ben, http.MethodPost, "/v1/slots/"+slot+"/bookings", append(unreadable(good), []wrong{
		{"nothing given", object{}, nil, "", invalid, "invalid_field",
			[]string{"/purpose/kind required", "/purpose/question required", "/purpose/desiredOutcome required", "/noConflict required"}},
		{"no purpose worth the name", purpose("desiredOutcome", "help", "question", " \n ", "kind", "chat"), nil, "", invalid, "invalid_field",
			[]string{"/purpose/kind not_allowed", "/purpose/question required", "/purpose/desiredOutcome too_short"}},
		{"another type of purpose", with(good, "purpose", "help"), nil, "", invalid, "invalid_field", []string{"/purpose wrong_type"}},
		{"too much", purpose("question", strings.Repeat("q", 1001), "desiredOutcome", strings.Repeat("d", 501),
			"tried", strings.Repeat("t", 1001), "context", strings.Repeat("c", 1001)), nil, "", invalid, "invalid_field",
			[]string{"/purpose/question too_long", "/purpose/desiredOutcome too_long", "/purpose/tried too_long", "/purpose/context too_long"}},
		{"not attested", with(good, "noConflict", false), nil, "", invalid, "invalid_field", []string{"/noConflict required"}},
		{"attested in words", with(good, "noConflict", "true"), nil, "", invalid, "invalid_field", []string{"/noConflict wrong_type"}},
		{"empty choices", with(good, "mode", "", "feedbackPreference", ""), nil, "", invalid, "invalid_field",
			[]string{"/feedbackPreference not_allowed", "/mode not_allowed"}},
		{"other choices", with(good, "mode", "telepathy", "feedbackPreference", "loud"), nil, "", invalid, "invalid_field",
			[]string{"/feedbackPreference not_allowed", "/mode not_allowed"}},
		{"a mode the slot has not", with(good, "mode", "phone"), nil, "", invalid, "mode_not_offered", nil},
		{"waiting in words", with(good, "joinWaitlist", "yes"), nil, "", invalid, "invalid_field", []string{"/joinWaitlist wrong_type"}},
		{"somebody else's name", with(good, "requesterId", "per_mfrggzdfmztwq2lknnwg23tpoa"), nil, "", invalid, "unknown_field",
			[]string{"/requesterId unknown_field"}},
	}...))
	ben.get("/v1/bookings").is([]any{}, "items")
}

func TestWrongProfiles(t *testing.T) {
	w := open(t, setting{})
	ben := w.enrolled("ben")
	before := ben.get("/v1/me").text
	good := enrolment("Ben")
	one := func(fields ...any) any { return with(good, fields...) }
	id := "per_" + strings.Repeat("a", 26)
	check(t, ben, http.MethodPut, "/v1/me", append(unreadable(good), []wrong{
		{"nothing given", object{}, nil, "", invalid, "invalid_field", []string{"/name required", "/timeZone required"}},
		{"a name of two lines", one("name", "Ben\nBcc: everybody"), nil, "", invalid, "invalid_field", []string{"/name invalid_text"}},
		{"too much", one("name", strings.Repeat("n", 101), "department", strings.Repeat("d", 101), "headline", strings.Repeat("h", 161),
			"path", strings.Repeat("p", 1001)), nil, "", invalid, "invalid_field",
			[]string{"/name too_long", "/department too_long", "/headline too_long", "/path too_long"}},
		{"what the token says", one("email", "x@y.test", "organisation", "y.test", "id", id, "managerSet", true), nil, "", invalid, "unknown_field",
			[]string{"/email unknown_field", "/id unknown_field", "/managerSet unknown_field", "/organisation unknown_field"}},
		{"a pause in the past", one("pausedUntil", "2026-11-01T00:00:00Z"), nil, "", invalid, "invalid_field", []string{"/pausedUntil out_of_range"}},
		{"a pause of years", one("pausedUntil", "2030-11-01T00:00:00Z"), nil, "", invalid, "invalid_field", []string{"/pausedUntil out_of_range"}},
		{"an empty choice", one("feedbackPreference", ""), nil, "", invalid, "invalid_field", []string{"/feedbackPreference not_allowed"}},
		{"conflicts that are nobody", one("declaredConflicts", []string{"Eve", id, "slot_" + strings.Repeat("a", 26)}), nil, "", invalid, "invalid_field",
			[]string{"/declaredConflicts/0 bad_format", "/declaredConflicts/2 bad_format"}},
		{"too many conflicts", one("declaredConflicts", strings.Split(strings.Repeat(id+" ", 21), " ")[:21]), nil, "", invalid, "invalid_field",
			[]string{"/declaredConflicts too_long"}},
		{"too many languages", one("languages", strings.Split(strings.Repeat("en ", 11), " ")[:11]), nil, "", invalid, "invalid_field",
			[]string{"/languages too_long"}},
		{"consent in words", one("acceptGroundRules", "yes", "surveyMails", 1), nil, "", invalid, "invalid_field",
			[]string{"/acceptGroundRules wrong_type", "/surveyMails wrong_type"}},
		{"a tag without quotes", good, []change{header("If-Match", "1")}, "", invalid, "invalid_field", []string{"/header/If-Match bad_format"}},
		{"half a tag", good, []change{header("If-Match", `"1`)}, "", invalid, "invalid_field", []string{"/header/If-Match bad_format"}},
		{"no tags", good, []change{header("If-Match", "")}, "", invalid, "invalid_field", []string{"/header/If-Match bad_format"}},
		{"tags without a comma", good, []change{header("If-Match", `"1" "2"`)}, "", invalid, "invalid_field", []string{"/header/If-Match bad_format"}},
		{"a star among tags", good, []change{header("If-Match", `"1", *`)}, "", invalid, "invalid_field", []string{"/header/If-Match bad_format"}},
	}...))
	if after := ben.get("/v1/me").text; after != before {
		t.Errorf("the profile became %s", after)
	}
}

func TestWrongQueries(t *testing.T) {
	w := open(t, setting{})
	ben := w.enrolled("ben")
	common := []wrong{
		{query: "?limit=0", faults: []string{"/query/limit out_of_range"}},
		{query: "?limit=101", faults: []string{"/query/limit out_of_range"}},
		{query: "?limit=-1", faults: []string{"/query/limit out_of_range"}},
		{query: "?limit=ten", faults: []string{"/query/limit out_of_range"}},
		{query: "?limit=%2B1", faults: []string{"/query/limit out_of_range"}},
		{query: "?limit=1.0", faults: []string{"/query/limit out_of_range"}},
		{query: "?limit=99999999999999999999", faults: []string{"/query/limit out_of_range"}},
		{query: "?limit=1&limit=1", faults: []string{"/query/limit duplicate_field"}},
		{query: "?limit=", faults: []string{"/query/limit not_allowed"}},
		{query: "?cursor=", faults: []string{"/query/cursor not_allowed"}},
		{query: "?cursor=a&cursor=a", faults: []string{"/query/cursor duplicate_field"}},
		{query: "?from=2026-11-02", faults: []string{"/query/from bad_format"}},
		{query: "?from=2026-11-02T10:00:00", faults: []string{"/query/from bad_format"}},
		{query: "?from=2026-11-02T10:00:00+01:00", faults: []string{"/query/from bad_format"}},
		{query: "?from=9999-12-31T23:59:59-01:00", faults: []string{"/query/from out_of_range"}},
		{query: "?from=2026-11-02T10:00:00Z&to=2026-11-02T10:00:00Z", faults: []string{"/query/to out_of_range"}},
		{query: "?from=&to=tomorrow&limit=x&cursor=", faults: []string{
			"/query/from not_allowed", "/query/to bad_format", "/query/cursor not_allowed", "/query/limit out_of_range"}},
		{query: "?page=2&Limit=3", code: "unknown_field", faults: []string{"/query/Limit unknown_field", "/query/page unknown_field"}},
		{query: "?page=2&limit=0", faults: []string{"/query/limit out_of_range", "/query/page unknown_field"}},
		{query: "?%C3%A4=1", code: "unknown_field", faults: []string{"/query/ä unknown_field"}},
		{query: "?limit=%ff", status: malformed, code: "malformed"},
		{query: "?limit=%", status: malformed, code: "malformed"},
		{query: "?limit=1;topic=x", status: malformed, code: "malformed"},
	}
	of := map[string][]wrong{
		"/v1/slots": {
			{query: "?topic=nothing", faults: []string{"/query/topic not_allowed"}},
			{query: "?topic=Career", faults: []string{"/query/topic not_allowed"}},
			{query: "?topic=career&topic=cloud", faults: []string{"/query/topic duplicate_field"}},
			{query: "?format=Circle", faults: []string{"/query/format not_allowed"}},
			{query: "?format=circle,peer_group", faults: []string{"/query/format not_allowed"}},
			{query: "?format=circle&format=circle", faults: []string{"/query/format duplicate_field"}},
			{query: "?language=EN", faults: []string{"/query/language bad_format"}},
			{query: "?language=en-", faults: []string{"/query/language bad_format"}},
			{query: "?expertId=slot_" + strings.Repeat("a", 26), faults: []string{"/query/expertId bad_format"}},
			{query: "?expertId=per_" + strings.Repeat("a", 25) + "b", faults: []string{"/query/expertId bad_format"}},
			{query: "?bookable=false", faults: []string{"/query/bookable not_allowed"}},
			{query: "?bookable=1", faults: []string{"/query/bookable not_allowed"}},
			{query: "?affiliation=team", faults: []string{"/query/affiliation not_allowed"}},
			{query: "?topic=x&sessionKind=chat&format=x&direction=up&mode=fax&language=english&affiliation=near&expertId=anna&bookable=yes" +
				"&from=today&to=tomorrow&limit=0&kind=career", faults: []string{
				"/query/sessionKind not_allowed", "/query/format not_allowed", "/query/direction not_allowed",
				"/query/mode not_allowed", "/query/language bad_format", "/query/affiliation not_allowed", "/query/expertId bad_format",
				"/query/bookable not_allowed", "/query/from bad_format", "/query/to bad_format", "/query/limit out_of_range",
				"/query/kind unknown_field", "/query/topic not_allowed"}},
			{query: "?sessionKind=&format=&direction=&mode=&language=&affiliation=&expertId=&bookable=", faults: []string{
				"/query/sessionKind not_allowed", "/query/format not_allowed", "/query/direction not_allowed", "/query/mode not_allowed",
				"/query/language not_allowed", "/query/affiliation not_allowed", "/query/expertId not_allowed", "/query/bookable not_allowed"}},
		},
		"/v1/bookings": {
			{query: "?role=mentor", faults: []string{"/query/role not_allowed"}},
			{query: "?status=open", faults: []string{"/query/status not_allowed"}},
			{query: "?status=confirmed,", faults: []string{"/query/status not_allowed"}},
			{query: "?status=confirmed,confirmed", faults: []string{"/query/status not_allowed"}},
			{query: "?status=confirmed&status=completed", faults: []string{"/query/status duplicate_field"}},
			{query: "?role=&status=", faults: []string{"/query/role not_allowed", "/query/status not_allowed"}},
		},
	}
	for path, own := range of {
		t.Run(path, func(t *testing.T) {
			cases := append(own, common...)
			for i := range cases {
				cases[i].name = cases[i].query
				if cases[i].code == "" {
					cases[i].code = "invalid_field"
				}
				if cases[i].status == 0 {
					cases[i].status = invalid
				}
			}
			check(t, ben, http.MethodGet, path, cases)
		})
	}
	for _, path := range []string{"/v1/me", "/v1/topics", "/v1/slots/slot_x", "/v1/bookings/bkg_x"} {
		ben.get(path+"?limit=1").refused(invalid, "unknown_field").is("/query/limit", "errors", "0", "pointer")
	}
}

// TestAPlusInATimeIsExplained: everybody makes this mistake once.
func TestAPlusInATimeIsExplained(t *testing.T) {
	got := open(t, setting{}).person("ben").get("/v1/slots?from=2026-11-02T10:00:00+01:00").refused(invalid, "invalid_field")
	if detail, _ := got.at("errors", "0", "detail").(string); !strings.Contains(detail, "%2B") {
		t.Errorf("the detail is %q", detail)
	}
}

// TestManyMistakesMakeNoLargeAnswer sends as many as fit.
func TestManyMistakesMakeNoLargeAnswer(t *testing.T) {
	anna := open(t, setting{}).enrolled("anna")
	body := object{}
	for i := range 1000 {
		body[fmt.Sprintf("unknown%d", i)] = i
	}
	got := anna.post("/v1/slots", body).refused(invalid, "invalid_field")
	if n := len(got.faults()); n != 100 {
		t.Errorf("%d errors, want the first 100", n)
	}
	var names []string
	for i := range 1500 {
		names = append(names, fmt.Sprintf("%d=", i))
	}
	got = anna.get("/v1/slots?"+strings.Join(names, "&")).refused(invalid, "unknown_field")
	if n := len(got.faults()); n != 100 {
		t.Errorf("%d errors, want the first 100", n)
	}
}

func TestPathsAndMethods(t *testing.T) {
	w := open(t, setting{})
	ben := w.person("ben")
	for _, path := range []string{
		"/", "/v1", "/v1/", "/v1/me/", "/v1//me", "/v2/me", "/V1/me", "/v1/slots/", "/v1/slots//bookings", "/v1/../v1/me",
		"/v1/slots/x/bookings/y", "/favicon.ico", "/v1/me%2f", "/v1/people/", "/v1/people/per_x/programme/y", "/v1/me/blocks", "/v1/bookings/bkg_x/invite",
	} {
		ben.get(path).refused(http.StatusNotFound, "not_found")
		w.person("").get(path).refused(http.StatusNotFound, "not_found") // known or not
	}
	for path, allow := range map[string]string{
		"/v1/me": "DELETE, GET, HEAD, PUT", "/v1/me/export": "GET, HEAD", "/v1/concerns": "GET, HEAD, POST", "/v1/concerns/con_x/resolve": "POST", "/v1/me/blocks/per_x": "DELETE, PUT", "/v1/people/per_x": "GET, HEAD", "/v1/people/per_x/programme": "GET, HEAD, PUT", "/v1/people/per_x/suppression": "DELETE",
		"/v1/people/import": "POST", "/v1/people": "GET, HEAD", "/v1/topics/x": "PUT",
		"/v1/topics": "GET, HEAD", "/v1/slots": "GET, HEAD, POST", "/v1/slots/batch": "POST", "/v1/slots/slot_x": "GET, HEAD, PATCH",
		"/v1/slots/slot_x/close": "POST", "/v1/slots/slot_x/cancel": "POST", "/v1/slots/slot_x/bookings": "GET, HEAD, POST",
		"/v1/bookings": "GET, HEAD", "/v1/bookings/bkg_x": "GET, HEAD", "/v1/bookings/bkg_x/history": "GET, HEAD", "/v1/bookings/bkg_x/invite.ics": "GET, HEAD",
		"/v1/bookings/bkg_x/approve": "POST", "/v1/bookings/bkg_x/decline": "POST", "/v1/bookings/bkg_x/move": "POST", "/v1/bookings/bkg_x/cancel": "POST",
		"/v1/bookings/bkg_x/attendance": "DELETE, POST", "/v1/bookings/bkg_x/survey": "GET, HEAD, PUT", "/v1/bookings/bkg_x/outcome": "GET, HEAD, PUT",
		"/v1/bookings/bkg_x/takeaways": "GET, HEAD, PUT", "/v1/bookings/bkg_x/debrief": "GET, HEAD, PUT",
		"/v1/bookings/bkg_x/actions": "GET, HEAD, POST", "/v1/bookings/bkg_x/actions/act_x": "PATCH",
	} {
		has := strings.Split(allow, ", ")
		for _, method := range []string{"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"} {
			if slices.Contains(has, method) {
				continue
			}
			got := ben.send(method, path, nil).expect(http.StatusMethodNotAllowed)
			if got.header.Get("Allow") != allow {
				t.Errorf("%s %s: Allow is %q, want %q", method, path, got.header.Get("Allow"), allow)
			}
			if method != http.MethodHead {
				got.refused(http.StatusMethodNotAllowed, "method_not_allowed")
			}
		}
	}
}

// TestIdsOfNoForm: whatever stands where an id should, the answer is the same as for an id of nothing.
func TestIdsOfNoForm(t *testing.T) {
	w := open(t, setting{})
	ben := w.enrolled("coordinator")
	for _, id := range []string{
		"x", "slot_", "bkg_", "SLOT_aaaaaaaaaaaaaaaaaaaaaaaaaa", "slot_aaaaaaaaaaaaaaaaaaaaaaaaaaa", "bkg_aaaaaaaaaaaaaaaaaaaaaaaaa1",
		"%00", "%2e%2e", "..%2f", "a%2fb", "%ff", "%23", "*", strings.Repeat("a", 3000), "slot_aaaaaaaaaaaaaaaaaaaaaaaaaa", "bkg_aaaaaaaaaaaaaaaaaaaaaaaaaa",
	} {
		for _, route := range httpapi.Routes() {
			if strings.Contains(route.Pattern, "{") && !strings.Contains(route.Pattern, "{slug}") { // which is a name, and no id
				path := strings.NewReplacer("{slotId}", id, "{bookingId}", id, "{personId}", id).Replace(route.Pattern)
				ben.send(route.Method, path, stage{other: noSlot}.body(route)).refused(http.StatusNotFound, "not_found")
			}
		}
	}
}

// TestBodiesThatCannotBeReadToTheirEnd, or whose length nobody said.
func TestBodiesThatCannotBeReadToTheirEnd(t *testing.T) {
	w := open(t, setting{})
	ben := w.enrolled("ben")
	large := `{"name": "` + strings.Repeat("x", 40<<10) + `"}`
	ben.put("/v1/me", large, func(r *http.Request) { r.ContentLength = -1 }).refused(tooLarge, "body_too_large")

	var event events.APIGatewayV2HTTPRequest
	event.RawPath, event.RequestContext.HTTP.Method = "/v1/me", http.MethodPut
	event.Headers = map[string]string{"authorization": "Bearer ben", "content-type": "application/json"}
	event.Body, event.IsBase64Encoded = "this is no base64", true
	answer, err := lambdahttp.Handler(w.handler)(t.Context(), event)
	if err != nil || answer.StatusCode != malformed || !strings.Contains(answer.Body, `"malformed"`) {
		t.Errorf("%d %s (%v)", answer.StatusCode, answer.Body, err)
	}
}

func TestHEADAnswersAsGETWithoutBody(t *testing.T) {
	for name, door := range map[string]setting{"net/http": {door: overNetwork}, "lambda events": {door: asEvents}} {
		w := open(t, door)
		got := w.enrolled("ben").send(http.MethodHead, "/v1/me", nil).expect(http.StatusOK)
		if got.text != "" || got.header.Get("ETag") != `"1"` {
			t.Errorf("%s: body %q, ETag %s", name, got.text, got.header.Get("ETag"))
		}
	}
}

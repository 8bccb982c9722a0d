package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestWrongRevisions(t *testing.T) {
	w := open(t, setting{})
	anna := w.enrolled("anna")
	path := "/v1/slots/" + anna.publishes(with(draft(48*time.Hour), "format", "circle", "capacity", 3))
	before := anna.get(path).text
	one := func(fields ...any) any { return with(object{}, fields...) }
	long := func(n int) string { return strings.Repeat("ä", n) }
	check(t, anna, http.MethodPatch, path, append(unreadable(object{"title": "Any title"}), []wrong{
		{"everything too long", one("title", long(121), "description", long(2001), "preparation", long(1001), "lookingFor", long(1001),
			"meeting", object{"phone": long(41), "place": long(301), "videoUrl": "https://x.test/" + strings.Repeat("a", 500)}), nil, "", invalid, "invalid_field",
			[]string{"/title too_long", "/description too_long", "/preparation too_long", "/lookingFor too_long",
				"/meeting/phone too_long", "/meeting/place too_long", "/meeting/videoUrl too_long"}},
		{"nothing where something must be", one("title", "", "topic", "", "sessionKind", "", "format", "", "direction", "", "audience", "", "approval", "",
			"timeZone", "", "modes", []string{}), nil, "", invalid, "invalid_field",
			[]string{"/title required", "/topic required", "/sessionKind required", "/direction required", "/audience required", "/approval required",
				"/modes required", "/timeZone required", "/format required"}},
		{"null", `{"title": null, "capacity": null, "meeting": null, "startsAt": null, "languages": null, "minAttendees": null}`, nil, "", invalid, "invalid_field",
			[]string{"/title wrong_type", "/capacity wrong_type", "/meeting wrong_type", "/startsAt wrong_type", "/languages wrong_type", "/minAttendees wrong_type"}},
		{"other types", one("title", 1, "capacity", "3", "startsAt", 1, "modes", "video", "meeting", "here"), nil, "", invalid, "invalid_field",
			[]string{"/capacity wrong_type", "/meeting wrong_type", "/modes wrong_type", "/startsAt wrong_type", "/title wrong_type"}},
		{"what is not the expert's to say", one("id", noSlot, "status", "open", "version", 3, "expertId", noPerson), nil, "", invalid, "unknown_field",
			[]string{"/expertId unknown_field", "/id unknown_field", "/status unknown_field", "/version unknown_field"}},
		{"names in another case", one("Title", "x", "meeting", object{"videourl": ""}), nil, "", invalid, "unknown_field",
			[]string{"/Title unknown_field", "/meeting/videourl unknown_field"}},
		{"a name given twice", `{"title": "First title", "title": "Second title"}`, nil, "", invalid, "invalid_field", []string{"/title duplicate_field"}},
		{"unknown and broken together", one("rank", 1, "title", "ab", "durationMinutes", 25, "cancelNoticeMinutes", -1), nil, "", invalid, "invalid_field",
			[]string{"/rank unknown_field", "/title too_short", "/durationMinutes not_allowed", "/cancelNoticeMinutes out_of_range"}},
		{"header, parameter and fields", one("title", 1, "capacity", 99), []change{header("If-Match", "1")}, "?x=1", invalid, "invalid_field",
			[]string{"/query/x unknown_field", "/header/If-Match bad_format", "/title wrong_type", "/capacity out_of_range"}},
		{"a time without an offset", one("startsAt", "2026-11-04T09:00:00"), nil, "", invalid, "invalid_field", []string{"/startsAt bad_format"}},
		{"a time that is past", one("startsAt", "2026-11-01T09:00:00Z"), nil, "", invalid, "invalid_field", []string{"/startsAt out_of_range"}},
		{"seats that do not fit the format", one("capacity", 1), nil, "", invalid, "invalid_field", []string{"/capacity out_of_range"}},
		{"more attendees than seats", one("minAttendees", 4), nil, "", invalid, "invalid_field", []string{"/minAttendees out_of_range"}},
		{"a script for a link", one("meeting", object{"videoUrl": "javascript:alert(1)"}), nil, "", invalid, "invalid_field", []string{"/meeting/videoUrl bad_format"}},
	}...))
	if after := anna.get(path).text; after != before {
		t.Errorf("the slot became %s", after)
	}

	slot := strings.TrimPrefix(path, "/v1/slots/")
	for _, name := range []string{"ben", "carl"} {
		w.enrolled(name).books(slot)
	}
	check(t, anna, http.MethodPatch, path, []wrong{
		{"what those who come rely on", one("topic", "cloud", "sessionKind", "career", "format", "peer_group", "minAttendees", 2, "direction", "peer",
			"timeZone", "UTC", "modes", []string{"phone"}, "languages", []string{"de"}, "audience", "my_organisation", "approval", "request",
			"bookingNoticeMinutes", 1, "cancelNoticeMinutes", 1), nil, "", invalid, "invalid_field",
			[]string{"/approval not_allowed", "/audience not_allowed", "/bookingNoticeMinutes not_allowed", "/cancelNoticeMinutes not_allowed",
				"/direction not_allowed", "/format not_allowed", "/languages not_allowed", "/minAttendees not_allowed", "/modes not_allowed",
				"/sessionKind not_allowed", "/timeZone not_allowed", "/topic not_allowed"}},
		{"the same, said again", one("topic", "cloud", "title", "ab"), nil, "", invalid, "invalid_field", []string{"/title too_short", "/topic not_allowed"}},
	})
	anna.patch(path, object{"topic": "first-time-manager", "format": "circle"}).expect(http.StatusOK) // as it is
	anna.patch(path, object{"capacity": 2}).expect(http.StatusOK)
	w.enrolled("dora").get(path).is("slot_full", "bookable", "code")
}

func TestWrongBatches(t *testing.T) {
	w := open(t, setting{})
	anna := w.enrolled("anna")
	good := draft(48 * time.Hour)
	slots := func(list ...any) object { return object{"slots": append([]any{}, list...)} }
	many := func(n int) (list []any) {
		for i := range n {
			list = append(list, draft(time.Duration(48+i)*time.Hour))
		}
		return list
	}
	check(t, anna, http.MethodPost, "/v1/slots/batch", append(unreadable(slots(good)), []wrong{
		{"nothing given", object{}, nil, "", invalid, "invalid_field", []string{"/slots required"}},
		{"no slots", slots(), nil, "", invalid, "invalid_field", []string{"/slots required"}},
		{"one too many", slots(many(21)...), nil, "", invalid, "invalid_field", []string{"/slots too_long"}},
		{"no list", object{"slots": good}, nil, "", invalid, "invalid_field", []string{"/slots wrong_type"}},
		{"null among them", slots(good, nil), nil, "", invalid, "invalid_field", []string{"/slots/1 wrong_type"}},
		{"a slot by itself", good, nil, "", invalid, "invalid_field", []string{
			"/durationMinutes unknown_field", "/meeting unknown_field", "/startsAt unknown_field", "/title unknown_field", "/topic unknown_field", "/slots required"}},
		{"mistakes of several", slots(good, with(good, "title", "", "rank", 1), good, with(good, "title", 3, "format", "", "topic", "x")), nil, "", invalid, "invalid_field",
			[]string{"/slots/1/rank unknown_field", "/slots/3/title wrong_type", "/slots/3/format not_allowed", "/slots/1/title required", "/slots/3/topic not_allowed"}},
		{"mistakes the rules alone know", slots(with(good, "title", "ab"), good, with(good, "format", "circle")), nil, "", invalid, "invalid_field",
			[]string{"/slots/0/title too_short", "/slots/2/capacity required"}},
		{"names in another case", slots(with(good, "Title", "x"), with(good, "meeting", object{"videoURL": "https://x.test"})), nil, "", invalid, "unknown_field",
			[]string{"/slots/0/Title unknown_field", "/slots/1/meeting/videoURL unknown_field"}},
		{"a name given twice", `{"slots": [], "slots": []}`, nil, "", invalid, "invalid_field", []string{"/slots duplicate_field"}},
		{"an empty key", slots(good), []change{key("")}, "", invalid, "invalid_field", []string{"/header/Idempotency-Key bad_format"}},
	}...))
	anna.get("/v1/slots").is([]any{}, "items") // nothing came of any of it
	if n := len(anna.post("/v1/slots/batch", slots(many(20)...)).expect(http.StatusCreated).ids()); n != 20 {
		t.Errorf("%d slots were published", n)
	}
}

func TestWrongCommandsOnBookings(t *testing.T) {
	s := setStage(t, setting{})
	path := "/v1/bookings/" + s.booking
	expert, requester := s.people["expert"], s.people["requester"]
	check(t, expert, http.MethodPost, path+"/decline", append(unreadable(object{"reason": "other"}), []wrong{
		{"nothing given", object{}, nil, "", invalid, "invalid_field", []string{"/reason required"}},
		{"a reason of one's own", object{"reason": "no time"}, nil, "", invalid, "invalid_field", []string{"/reason not_allowed"}},
		{"a long note", object{"reason": "other", "note": strings.Repeat("n", 501)}, nil, "", invalid, "invalid_field", []string{"/note too_long"}},
		{"control characters", object{"reason": "other", "note": "a\x1bb"}, nil, "", invalid, "invalid_field", []string{"/note invalid_text"}},
		{"null", `{"reason": null, "note": null}`, nil, "", invalid, "invalid_field", []string{"/reason wrong_type", "/note wrong_type"}},
		{"another case", object{"Reason": "other"}, nil, "", invalid, "invalid_field", []string{"/Reason unknown_field", "/reason required"}},
		{"a name given twice", `{"reason": "other", "reason": "other"}`, nil, "", invalid, "invalid_field", []string{"/reason duplicate_field"}},
		{"an empty key", object{"reason": "other"}, []change{key("")}, "", invalid, "invalid_field", []string{"/header/Idempotency-Key bad_format"}},
	}...))
	check(t, requester, http.MethodPost, path+"/move", append(unreadable(object{"slotId": s.other}), []wrong{
		{"nothing given", object{}, nil, "", invalid, "invalid_field", []string{"/slotId required"}},
		{"an id of something else", object{"slotId": s.booking, "mode": "telepathy"}, nil, "", invalid, "invalid_field", []string{"/slotId bad_format", "/mode not_allowed"}},
		{"an empty choice", object{"slotId": s.other, "mode": ""}, nil, "", invalid, "invalid_field", []string{"/mode not_allowed"}},
		{"null", `{"slotId": null, "noConflict": null}`, nil, "", invalid, "invalid_field", []string{"/slotId wrong_type", "/noConflict wrong_type"}},
		{"another purpose", object{"slotId": s.other, "purpose": object{}}, nil, "", invalid, "unknown_field", []string{"/purpose unknown_field"}},
		{"a mode the slot has not", object{"slotId": s.other, "mode": "phone"}, nil, "", invalid, "mode_not_offered", nil},
	}...))
	for _, route := range []string{path + "/approve", "/v1/slots/" + s.slot + "/close"} {
		check(t, expert, http.MethodPost, route, append(mayBeEmpty(unreadable(object{})), []wrong{
			{"something to say", object{"note": "x"}, nil, "", invalid, "unknown_field", []string{"/note unknown_field"}},
		}...))
	}
	for _, route := range []string{path + "/cancel", "/v1/slots/" + s.slot + "/cancel"} {
		check(t, expert, http.MethodPost, route, append(mayBeEmpty(unreadable(object{})), []wrong{
			{"a long reason", object{"reason": strings.Repeat("r", 501)}, nil, "", invalid, "invalid_field", []string{"/reason too_long"}},
			{"null", `{"reason": null}`, nil, "", invalid, "invalid_field", []string{"/reason wrong_type"}},
			{"another case", object{"Reason": "x"}, nil, "", invalid, "unknown_field", []string{"/Reason unknown_field"}},
		}...))
	}
	expert.get("/v1/slots/"+s.slot).is("open", "status").is(1.0, "version")
	expert.get(path).is("requested", "status").is(1.0, "version")
}

// mayBeEmpty are the cases but those of a body that says nothing.
func mayBeEmpty(cases []wrong) (rest []wrong) {
	for _, c := range cases {
		if c.name != "no body" {
			rest = append(rest, c)
		}
	}
	return rest
}

func TestWrongProgrammes(t *testing.T) {
	w := open(t, setting{})
	coordinator, ben := w.enrolled("coordinator"), w.enrolled("ben")
	path := "/v1/people/" + ben.id() + "/programme"
	check(t, coordinator, http.MethodPut, path, append(unreadable(object{}), []wrong{
		{"no person", object{"managerId": "anna"}, nil, "", invalid, "invalid_field", []string{"/managerId bad_format"}},
		{"an empty choice", object{"managerId": ""}, nil, "", invalid, "invalid_field", []string{"/managerId not_allowed"}},
		{"nobody", object{"managerId": noPerson}, nil, "", invalid, "invalid_field", []string{"/managerId not_allowed"}},
		{"themselves", object{"managerId": ben.id()}, nil, "", invalid, "invalid_field", []string{"/managerId not_allowed"}},
		{"too much", object{"organisation": strings.Repeat("o", 101), "cohort": strings.Repeat("c", 61), "suspendedUntil": "2036-11-01T00:00:00Z"}, nil, "", invalid,
			"invalid_field", []string{"/organisation too_long", "/cohort too_long", "/suspendedUntil out_of_range"}},
		{"two lines", object{"cohort": "a\nb"}, nil, "", invalid, "invalid_field", []string{"/cohort invalid_text"}},
		{"null", `{"managerId": null, "suspendedUntil": null}`, nil, "", invalid, "invalid_field", []string{"/managerId wrong_type", "/suspendedUntil wrong_type"}},
		{"a profile", object{"name": "Ben", "email": "x@y.test"}, nil, "", invalid, "unknown_field", []string{"/email unknown_field", "/name unknown_field"}},
		{"unknown and broken together", object{"name": "Ben", "cohort": strings.Repeat("c", 61)}, []change{header("If-Match", "x")}, "?x=1", invalid, "invalid_field",
			[]string{"/query/x unknown_field", "/header/If-Match bad_format", "/name unknown_field", "/cohort too_long"}},
	}...))
	ben.get("/v1/me").is(1.0, "version")
	// Nobody else is told what is wrong with what they sent.
	ben.put(path, "not JSON").refused(http.StatusForbidden, "forbidden")
	ben.put("/v1/people/"+noPerson+"/programme", object{"x": 1}).refused(http.StatusForbidden, "forbidden")
	for _, path := range []string{"/v1/me/blocks/" + noPerson, "/v1/people/" + noPerson, "/v1/bookings/" + noBooking + "/history", "/v1/slots/" + noSlot + "/bookings"} {
		method := http.MethodGet
		if strings.Contains(path, "blocks") {
			method = http.MethodDelete
		}
		ben.send(method, path+"?limit=1", nil).refused(invalid, "unknown_field").is("/query/limit", "errors", "0", "pointer")
	}
}

package httpapi_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// perRequest is what may differ between two answers that say the same.
var perRequest = regexp.MustCompile(`"(instance|requestId)":"[^"]*"`)

// same stops the test unless two answers are the same but for what names the request.
func same(t testing.TB, a, b reply) {
	t.Helper()
	one, other := perRequest.ReplaceAllString(a.text, ""), perRequest.ReplaceAllString(b.text, "")
	if a.status != b.status || one != other {
		t.Fatalf("can be told apart:\n%s: %d %s\n%s: %d %s", a.to, a.status, a.text, b.to, b.status, b.text)
	}
	for name := range a.header {
		if name != "X-Request-Id" && name != "Date" && name != "Content-Length" && a.header.Get(name) != b.header.Get(name) {
			t.Fatalf("can be told apart by %s: %q and %q", name, a.header.Get(name), b.header.Get(name))
		}
	}
	if len(a.header) != len(b.header) || len(a.text) != len(b.text) {
		t.Fatalf("can be told apart by their headers or length:\n%v\n%v", a.header, b.header)
	}
}

const (
	noSlot    = "slot_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	noBooking = "bkg_aaaaaaaaaaaaaaaaaaaaaaaaaa"
	noPerson  = "per_aaaaaaaaaaaaaaaaaaaaaaaaaa"
)

// TestWhatIsNotOnesOwnDoesNotExist (product.md section 8): a stranger cannot tell a booking of others from none, nor a
// slot that is not for them.
func TestWhatIsNotOnesOwnDoesNotExist(t *testing.T) {
	for name, door := range map[string]setting{"net/http": {door: overNetwork}, "lambda events": {door: asEvents}} {
		t.Run(name, func(t *testing.T) {
			w := open(t, door)
			anna, ben, carl := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl")
			eve := w.enrolled("eve/elsewhere.test")
			slot := anna.publishes(with(draft(48*time.Hour), "audience", "my_organisation", "format", "circle", "capacity", 3))
			booking := ben.books(slot)
			carls := carl.books(slot)

			for _, stranger := range []person{eve, carl, w.person("zoe")} {
				same(t, stranger.get("/v1/bookings/"+booking).refused(http.StatusNotFound, "not_found"), stranger.get("/v1/bookings/"+noBooking))
				stranger.get("/v1/bookings?role=expert").is([]any{}, "items")
			}
			same(t, eve.get("/v1/slots/"+slot).refused(http.StatusNotFound, "not_found"), eve.get("/v1/slots/"+noSlot))
			same(t, eve.post("/v1/slots/"+slot+"/bookings", request()).refused(http.StatusNotFound, "not_found"),
				eve.post("/v1/slots/"+noSlot+"/bookings", request()))
			same(t, eve.post("/v1/slots/"+slot+"/bookings", object{}).refused(http.StatusNotFound, "not_found"),
				eve.post("/v1/slots/"+noSlot+"/bookings", object{}))
			eve.get("/v1/slots").is([]any{}, "items")
			eve.get("/v1/slots?topic=first-time-manager").is([]any{}, "items")

			ben.get("/v1/bookings/" + booking).expect(http.StatusOK)
			carl.get("/v1/bookings/" + carls).expect(http.StatusOK)
			anna.get("/v1/bookings/" + booking).expect(http.StatusOK)
		})
	}
}

// TestMeetingDetailsAreForThoseWhoMeet: nobody else finds them in any answer.
func TestMeetingDetailsAreForThoseWhoMeet(t *testing.T) {
	w := open(t, setting{})
	anna, ben, carl := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl")
	slot := anna.publishes(with(draft(48*time.Hour), "format", "circle", "capacity", 2,
		"meeting", object{"videoUrl": "https://video.example/secret", "phone": "+49 30 secret", "place": "The secret room"}))
	everything := func(p person) string {
		return p.get("/v1/slots").text + p.get("/v1/slots?topic=first-time-manager").text + p.get("/v1/slots/"+slot).expect(http.StatusOK).text +
			p.get("/v1/bookings").text + p.get("/v1/bookings?role=expert").text
	}
	if strings.Contains(everything(carl), "secret") {
		t.Error("somebody without a booking sees the meeting")
	}
	refused := w.person("zoe").post("/v1/slots/"+slot+"/bookings", request())
	if strings.Contains(refused.text, "secret") {
		t.Error("a refusal tells of the meeting")
	}
	booking := ben.books(slot)
	for _, p := range []person{anna, ben} {
		p.get("/v1/slots/"+slot).is("The secret room", "meeting", "place")
		p.get("/v1/bookings/"+booking).is("+49 30 secret", "meeting", "phone")
	}
	if strings.Contains(everything(carl), "secret") {
		t.Error("somebody without a booking sees the meeting")
	}
	if list := ben.get("/v1/slots").text + ben.get("/v1/bookings").text; strings.Contains(list, "secret") {
		t.Error("a list shows the meeting")
	}
}

// TestWhatARequesterWritesIsForTheTwo: no other attendee and no browsing person finds it.
func TestWhatARequesterWritesIsForTheTwo(t *testing.T) {
	w := open(t, setting{})
	anna, ben, carl := w.enrolled("anna"), w.enrolled("ben"), w.enrolled("carl")
	slot := anna.publishes(with(draft(48*time.Hour), "format", "circle", "capacity", 2))
	carls := carl.books(slot)
	ben.post("/v1/slots/"+slot+"/bookings", object{
		"purpose": object{
			"kind": "other", "question": "canary question", "desiredOutcome": "canary outcome, long enough",
			"tried": "canary tried", "context": "canary context",
		},
		"bring": "canary bring", "feedbackPreference": "direct", "noConflict": true,
	}).expect(http.StatusCreated)
	for _, p := range []person{carl, w.enrolled("dora"), w.person("zoe")} {
		all := p.get("/v1/slots").text + p.get("/v1/slots/"+slot).text + p.get("/v1/bookings").text + p.get("/v1/bookings?role=expert").text +
			p.get("/v1/bookings/"+carls).text + p.post("/v1/slots/"+slot+"/bookings", request()).text
		if strings.Contains(all, "canary") || strings.Contains(strings.ToLower(all), `"name":"ben"`) {
			t.Errorf("%s learns of ben's booking: %s", p.token, all)
		}
	}
	if got := anna.get("/v1/bookings?role=expert").text; !strings.Contains(got, "canary outcome") {
		t.Errorf("the expert does not see the purpose: %s", got)
	}
}

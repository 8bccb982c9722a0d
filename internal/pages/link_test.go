package pages_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/links"
	"flashmentoring/internal/mentoring"
)

// below are all addresses of a purpose, by its link.
func below(link string) []string {
	if strings.HasPrefix(link, "/manage/") {
		return []string{link, link + "/cancel", link + "/invite.ics", link + "/concern", link + "/block"}
	}
	return []string{link}
}

// A link that does not hold is refused at every address, says what to do, and tells nothing of anybody.
func TestLinksThatDoNotHold(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	of := func(l links.Link) string { return address(t)(h.links.Address(l)) }
	mine := links.Link{Purpose: links.Manage, Person: string(h.ben.ID), Booking: string(b.ID), Expires: morning.Add(time.Hour)}
	stranger, moved, missing := mine, mine, mine
	stranger.Person = string(h.eve.ID)
	moved.Generation = 1
	missing.Booking = string(mentoring.NewBookingID([16]byte{1}))
	good := of(mine)
	for name, test := range map[string]struct {
		link   string
		after  time.Duration
		status int
		want   string
	}{
		"cut short":               {good[:len(good)-1], 0, http.StatusNotFound, "This link does not work"},
		"for something else":      {strings.Replace(h.unsubscribe(t, h.ben), "/unsubscribe/", "/manage/", 1), 0, http.StatusNotFound, "does not work"},
		"a booking's for a feed":  {strings.Replace(good, "/manage/", "/unsubscribe/", 1), 0, http.StatusNotFound, "does not work"},
		"of somebody else":        {of(stranger), 0, http.StatusNotFound, "no such booking any more"},
		"of a booking that is no": {of(missing), 0, http.StatusNotFound, "no such booking any more"},
		"of before it was moved":  {of(moved), 0, http.StatusGone, "This link is out of date"},
		"run out":                 {good, time.Hour, http.StatusGone, "This link has run out"},
		"of a feed, changed":      {h.feed(t, h.ben, 1), 0, http.StatusGone, "This calendar address is out of date"},
		"of nothing":              {"/manage/x", 0, http.StatusNotFound, "does not work"},
	} {
		t.Run(name, func(t *testing.T) {
			h.at = morning.Add(test.after)
			for _, address := range below(test.link) {
				h.get(t, address).says(t, test.status, test.want, "!Ada", "!Ben", "!balance", "<h1>")
			}
			if strings.HasPrefix(test.link, "/manage/") {
				h.post(t, test.link+"/cancel", confirm("")).says(t, test.status, test.want)
				h.post(t, test.link+"/concern", concern("conduct", "He shouted at me.")).says(t, test.status, test.want)
				h.post(t, test.link+"/block", blocking("block")).says(t, test.status, test.want)
			}
		})
	}
	h.at = morning
	if got := h.status(t, b); got != mentoring.Confirmed {
		t.Errorf("the booking is %s", got)
	}
	if concerns := h.concerns(t); concerns != nil {
		t.Errorf("raised are %+v", concerns)
	}
	for _, who := range []desk.Caller{h.ada, h.ben, h.eve} {
		if blocked := h.blocked(t, who); blocked != nil {
			t.Errorf("%s blocked %v", who.Name, blocked)
		}
	}
	h.get(t, good).says(t, http.StatusOK)
}

func TestUnknownAddresses(t *testing.T) {
	h := open(t)
	link := h.manage(t, h.ben, h.booked(t, circle(), wish))
	for request, status := range map[string]int{
		"GET /": 404, "GET /manage": 404, "GET /manage/": 404, "GET " + link + "/": 404, "GET /" + link: 404,
		"GET " + link + "/other": 404, "GET /v1/me": 404, "GET /manage/../manage/x": 404,
		"POST " + link: 405, "PUT " + link + "/cancel": 405, "DELETE " + h.unsubscribe(t, h.ben): 405, "OPTIONS " + link: 405,
		"POST " + h.feed(t, h.ben, 0): 405,
	} {
		method, address, _ := strings.Cut(request, " ")
		a := h.ask(t, method, address, "", "")
		if a.status != status || (a.header.Get("Allow") != "") != (status == 405) || !strings.Contains(a.text, "<h1>") {
			t.Errorf("%s answers %d, Allow %q", request, a.status, a.header.Get("Allow"))
		}
	}
}

// A link of each key is good while both are accepted.
func TestRotatedKeys(t *testing.T) {
	h := open(t)
	b := h.booked(t, circle(), wish)
	other, err := links.New("", links.Key{ID: "2", Secret: []byte(strings.Repeat("s", 32))})
	if err != nil {
		t.Fatal(err)
	}
	link := address(t)(other.Manage(string(h.ben.ID), string(b.ID), 0, morning.Add(time.Hour)))
	h.get(t, link).says(t, http.StatusNotFound, "This link does not work")
}

func TestUnsubscribe(t *testing.T) {
	for name, request := range map[string]struct{ contentType, body string }{
		"the button":               {formType, ""},
		"one click":                {formType, "List-Unsubscribe=One-Click"},
		"one click, as form data":  {"multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n"},
		"whatever a program sends": {"", "\x00%zz"},
	} {
		t.Run(name, func(t *testing.T) {
			h := open(t)
			link := h.unsubscribe(t, h.ben)
			wants := func(who desk.Caller, want bool) {
				t.Helper()
				if p, err := h.desk.Reader(t.Context(), who.ID); err != nil || p.Profile.SurveyMails != want {
					t.Errorf("survey mails of %s: %v (%v)", who.Name, p.Profile.SurveyMails, err)
				}
			}
			h.get(t, link).says(t, http.StatusOK, "Stop surveys and reminders of plans?", `<form method="post"`, "<button>Stop them</button>")
			wants(h.ben, true)
			for range 2 {
				a := h.ask(t, http.MethodPost, link, request.contentType, request.body)
				a.says(t, http.StatusOK, "They are stopped")
				if a.header.Get("Location") != "" {
					t.Error("redirects, which RFC 8058 does not want")
				}
				wants(h.ben, false)
			}
			wants(h.ada, true)
		})
	}
}

// Of somebody who is gone there is nothing to stop, and nothing is told.
func TestUnsubscribeNobody(t *testing.T) {
	h := open(t)
	nobody := desk.Caller{ID: mentoring.PersonIDFor("https://issuer.example", "gone")}
	h.post(t, h.unsubscribe(t, nobody), nil).says(t, http.StatusOK, "They are stopped")
}

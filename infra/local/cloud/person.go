package cloud

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// personPage is a page for acting as somebody: their token, and calls to copy.
type personPage struct {
	frame
	Person   Person
	Me       me
	TimeZone string // theirs
	Token    string
	Bookings []booking // in both roles
	Slots    slotList
	Calls    []command
	Duties   duties // a coordinator's
	url      string
}

// me is what the pages show of GET /v1/me.
type me struct {
	ID           string `json:"id"`
	Enrolled     bool   `json:"enrolled"`
	Organisation string `json:"organisation"`
	TimeZone     string `json:"timeZone"`
}

// command is a call of the API, as a shell command to copy.
type command struct{ Name, Line string }

// getPerson shows how to act as somebody: a person of the program by their sub, or somebody new by their address.
func (c *Cloud) getPerson(w http.ResponseWriter, r *http.Request) {
	who := asked(r.URL.Query())
	if faults := who.faults(); faults != nil {
		c.renderProblem(w, http.StatusUnprocessableEntity, "There is no token for somebody like this.", faults...)
		return
	}
	token, err := c.Token(who)
	if err != nil {
		c.renderNotDone(w, err)
		return
	}
	page := personPage{
		frame: c.frame(cmp.Or(who.Name, who.Sub), ""), Person: who, Token: token,
		Slots: c.openSlots(r.Context(), who), url: c.url,
	}
	if err := c.as(who, r.Context(), http.MethodGet, "/v1/me", nil, &page.Me); err != nil {
		page.Slots.Problem = "The profile could not be read: " + err.Error()
	}
	if page.Bookings, err = c.bookings(r.Context(), who); err != nil {
		page.Slots.Problem = "The bookings could not be read: " + err.Error()
	}
	if who.Coordinates() {
		if page.Duties, err = c.duties(r.Context(), who); err != nil {
			page.Slots.Problem = "What a coordinator looks after could not be read: " + err.Error()
		}
	}
	page.TimeZone = cmp.Or(page.Me.TimeZone, "UTC")
	page.Calls = page.calls()
	c.render(w, http.StatusOK, "person", page)
}

// asked is the person a query names.
func asked(query url.Values) Person {
	if p, ok := seeds.known(query.Get("sub")); ok {
		return p.Person
	}
	email := strings.TrimSpace(query.Get("email"))
	return Person{
		Sub: cmp.Or(query.Get("sub"), email), Email: email, Name: strings.TrimSpace(query.Get("name")),
		Groups: query["groups"],
	}
}

// query names the person in an address, for asked.
func (p Person) query() url.Values {
	if known, ok := seeds.known(p.Sub); ok && known.Email == p.Email {
		return url.Values{"sub": {p.Sub}}
	}
	return url.Values{"sub": {p.Sub}, "email": {p.Email}, "name": {p.Name}, "groups": p.Groups}
}

// DocsAddress is the API reference, signed in as the person.
func (p personPage) DocsAddress() string { return "/docs/?" + p.Person.query().Encode() }

func (p personPage) calls() []command {
	profile := map[string]any{
		"name": cmp.Or(p.Person.Name, p.Person.Sub), "timeZone": p.TimeZone, "acceptGroundRules": true,
	}
	draft := map[string]any{
		"title": "A question you would rather ask in private", "topic": "career", "durationMinutes": 30,
		"startsAt": p.Now.Add(72 * time.Hour).Truncate(time.Hour).Format(time.RFC3339),
		"meeting":  map[string]string{"videoUrl": "https://meet.example.org/room"},
	}
	calls := []command{
		{"Who am I?", p.line("GET", "/v1/me", nil)},
		{"Browse", p.line("GET", "/v1/slots?limit=5", nil)},
		{"My bookings", p.line("GET", "/v1/bookings", nil)},
		{"Publish a slot", p.line("POST", "/v1/slots", draft)},
	}
	if !p.Me.Enrolled {
		calls = append([]command{{"Enrol first", p.line("PUT", "/v1/me", profile)}}, calls...)
	}
	mail := p.url + "/_local/mail?to=" + url.QueryEscape(p.Person.Email)
	worry := map[string]string{"category": "other", "text": "The link of a session opened somebody else's room."}
	return append(calls,
		command{"My mail", "curl -s " + quote(mail)},
		command{"My sessions, for a calendar to subscribe to", p.line("GET", "/v1/me/calendar", nil)},
		command{"Raise a concern", p.line("POST", "/v1/concerns", worry)},
		command{"All that is held of me", p.line("GET", "/v1/me/export", nil)},
		command{"Erase me, for good", p.line("DELETE", "/v1/me", nil)},
	)
}

// Book is the command that books a seat.
func (p personPage) Book(s slot) string {
	booking := map[string]any{
		"purpose": map[string]string{
			"kind": "skill_gap", "question": "Where do I begin?",
			"desiredOutcome": "One thing I can try within a week.",
		},
		"noConflict": true,
	}
	if len(s.Modes) > 1 {
		booking["mode"] = s.Modes[0]
	}
	if s.Free() == 0 {
		booking["joinWaitlist"] = true
	}
	return p.line("POST", "/v1/slots/"+s.ID+"/bookings", booking)
}

// line is a call of the API, to be pasted into a shell that knows the token.
func (p personPage) line(method, path string, body any) string {
	if body == nil {
		return p.send(method, path, "", "")
	}
	text, _ := json.MarshalIndent(body, "", "  ") // maps of texts always are JSON
	return p.send(method, path, "application/json", string(text))
}

// send is a call like line with a text of any type; without a type there is none.
func (p personPage) send(method, path, contentType, text string) string {
	parts := []string{"curl -s " + quote(p.url+path), `-H "Authorization: Bearer $TOKEN"`}
	if method != http.MethodGet {
		parts[0] = "curl -s -X " + method + " " + quote(p.url+path)
	}
	if method == http.MethodPost {
		parts = append(parts, `-H "Idempotency-Key: $(date +%s)-$$"`)
	}
	if contentType != "" {
		parts = append(parts, "-H 'Content-Type: "+contentType+"'", "-d "+quote(text))
	}
	return strings.Join(parts, " \\\n  ")
}

// quote makes one word of a text for a POSIX shell.
func quote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

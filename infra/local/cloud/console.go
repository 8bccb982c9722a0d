package cloud

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"flashmentoring/internal/sesbox"
)

// console adds the pages for people, and the forms on them.
func (c *Cloud) console(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", c.getConsole)
	mux.HandleFunc("GET /_local/{$}", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /_local/style.css", getStyle)
	mux.HandleFunc("GET /_local/as", c.getPerson)
	mux.HandleFunc("GET /_local/report", c.getReport)
	mux.HandleFunc("POST /_local/forms/clock", c.postClockForm)
	mux.HandleFunc("POST /_local/forms/mailer", c.postMailerForm)
}

// visitor looks at the slots for the console. Nobody else is called that.
var visitor = Person{Sub: "local-console", Email: "console@localhost.example", Name: "Console"}

// latest is how many mails the console shows.
const latest = 5

func (c *Cloud) getConsole(w http.ResponseWriter, r *http.Request) {
	c.render(w, http.StatusOK, "console", struct {
		frame
		People                               []consolePerson
		Slots                                slotList
		Mails                                []sesbox.Mail
		MailerDown                           bool
		URL, Issuer, Table, DataDir, LogFile string
	}{
		c.frame("Console", "console"), consolePeople, c.openSlots(r.Context(), visitor), newest(c.Mail(""), latest),
		c.mapping.Down(), c.url, c.issuer.URL(), c.config.Table.describe(), c.config.DataDir, c.logFile,
	})
}

// consolePerson is somebody of the program, as the console shows them.
type consolePerson struct{ Sub, Name, Headline, Part, Organisation, TimeZone string }

var consolePeople = func() (all []consolePerson) {
	for _, p := range seeds.People {
		text := func(name string) string { s, _ := p.Profile[name].(string); return s }
		_, organisation, _ := strings.Cut(p.Email, "@")
		all = append(all, consolePerson{p.Sub, p.Name, text("headline"), p.Part, organisation, text("timeZone")})
	}
	return all
}()

// slotList is a list of slots, or why there is none.
type slotList struct {
	Items   []slot `json:"items"`
	Problem string `json:"-"`
}

// slot is what the pages show of a slot.
type slot struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Topic  string `json:"topic"`
	Expert struct {
		ID           string `json:"id"`
		Name         string `json:"name"`
		Organisation string `json:"organisation"`
	} `json:"expert"`
	StartsAt        time.Time `json:"startsAt"`
	DurationMinutes int       `json:"durationMinutes"`
	TimeZone        string    `json:"timeZone"`
	Modes           []string  `json:"modes"`
	Seats           struct {
		Capacity int `json:"capacity"`
		Taken    int `json:"taken"`
		Waiting  int `json:"waiting"`
	} `json:"seats"`
	Approval    string `json:"approval"`
	Affiliation string `json:"affiliation"`
	Bookable    struct {
		Allowed bool   `json:"allowed"`
		Code    string `json:"code"`
	} `json:"bookable"`
	AllowedActions []action `json:"allowedActions"`
}

// CanWait reports whether the person who asked may join the waiting list.
func (s slot) CanWait() bool {
	return slices.ContainsFunc(s.AllowedActions, func(a action) bool { return a.Action == "join_waitlist" })
}

// Free is the number of free seats.
func (s slot) Free() int { return s.Seats.Capacity - s.Seats.Taken }

func (c *Cloud) openSlots(ctx context.Context, as Person) (list slotList) {
	if err := c.as(as, ctx, http.MethodGet, "/v1/slots?limit=100", nil, &list); err != nil {
		c.log.Error("open slots", "error", err)
		list.Problem = "The slots could not be read: " + err.Error()
	}
	return list
}

func (c *Cloud) postClockForm(w http.ResponseWriter, r *http.Request) {
	by, faults := parseAdvance(strings.TrimSpace(formValue(w, r, "advance")))
	if faults != nil {
		c.renderProblem(w, http.StatusUnprocessableEntity, "The clock stays as it is.", faults...)
		return
	}
	if _, err := c.Advance(by); err != nil {
		c.renderNotDone(w, err)
		return
	}
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func (c *Cloud) postMailerForm(w http.ResponseWriter, r *http.Request) {
	down, err := strconv.ParseBool(formValue(w, r, "down"))
	if err != nil {
		c.renderProblem(w, http.StatusUnprocessableEntity, "The mailer stays as it is.",
			fault{"/down", "bad_format", "Must be true or false."})
		return
	}
	c.mapping.SetDown(down)
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

func formValue(w http.ResponseWriter, r *http.Request, name string) string {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	return r.PostFormValue(name)
}

// renderNotDone tells a person what this program could not do.
func (c *Cloud) renderNotDone(w http.ResponseWriter, err error) {
	status, detail := c.excuse(err)
	c.renderProblem(w, status, detail)
}

// newest is the last n of a list, in reverse.
func newest(mails []sesbox.Mail, n int) []sesbox.Mail {
	last := slices.Clone(mails[max(0, len(mails)-n):])
	slices.Reverse(last)
	return last
}

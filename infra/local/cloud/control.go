package cloud

import (
	"errors"
	"net/http"
	"net/mail"
	"strings"
	"time"
)

// maxAdvance is how far one can travel in one go.
const maxAdvance = 400 * 24 * time.Hour

// control adds the addresses that programs use.
func (c *Cloud) control(mux *http.ServeMux) {
	mux.HandleFunc("GET /_local/health", c.getHealth)
	mux.HandleFunc("POST /_local/token", c.postToken)
	mux.HandleFunc("GET /_local/clock", c.getClock)
	mux.HandleFunc("POST /_local/clock", c.postClock)
	mux.HandleFunc("GET /_local/mailer", c.getMailer)
	mux.HandleFunc("POST /_local/mailer", c.postMailer)
	mux.HandleFunc("GET /_local/mail", c.getMail)
}

// getHealth answers 503 until the people and slots are there that the local cloud begins with.
func (c *Cloud) getHealth(w http.ResponseWriter, _ *http.Request) {
	if !c.ready.Load() {
		w.Header().Set("Retry-After", "1")
		answerProblem(w, http.StatusServiceUnavailable, "The local cloud is being started.")
		return
	}
	answerJSON(w, http.StatusOK, map[string]any{"status": "ok", "table": c.config.Table, "now": stamp(c.Now())})
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// postToken signs somebody in: {sub, email, name, groups} → {token}. Only this program has such a door.
func (c *Cloud) postToken(w http.ResponseWriter, r *http.Request) {
	var who struct {
		Sub    string   `json:"sub"`
		Email  string   `json:"email"`
		Name   string   `json:"name"`
		Groups []string `json:"groups"`
	}
	if !readJSON(w, r, &who, func() []fault { return Person(who).faults() }) {
		return
	}
	token, err := c.Token(Person(who))
	if err != nil {
		answerProblem(w, http.StatusUnprocessableEntity, err.Error())
		return
	}
	answerJSON(w, http.StatusOK, map[string]string{"token": token})
}

const (
	maxSub    = 255 // OpenID Connect Core section 2
	maxName   = 100
	maxGroups = 20
)

// faults are what the API would refuse in a token with these claims, and what a token cannot say.
func (p Person) faults() []fault {
	var f []fault
	switch {
	case p.Sub == "":
		f = append(f, fault{"/sub", "required", "Must be given: who the person is, for good."})
	case len(p.Sub) > maxSub || strings.ContainsFunc(p.Sub, func(r rune) bool { return r <= ' ' || r > '~' }):
		f = append(f, fault{"/sub", "bad_format", "Must be 1 to 255 printable ASCII characters without spaces."})
	}
	switch address, err := mail.ParseAddress(p.Email); {
	case p.Email == "":
		f = append(f, fault{"/email", "required", "Must be given: the person's address."})
	case err != nil || address.Address != p.Email || len(p.Email) > 254 || !ascii(p.Email):
		f = append(f, fault{"/email", "bad_format", "Must be a plain e-mail address, such as ada@example.org."})
	}
	if len([]rune(p.Name)) > maxName {
		f = append(f, fault{"/name", "too_long", "Has more than 100 characters."})
	}
	if len(p.Groups) > maxGroups {
		f = append(f, fault{"/groups", "too_long", "Has more than 20 groups."})
	}
	return f
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > '~' })
}

func (c *Cloud) getClock(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, http.StatusOK, map[string]string{"now": stamp(c.Now()), "ahead": c.clock.Ahead().String()})
}

// postClock moves the clock: {"advance": "25h"} → {now, ahead}.
func (c *Cloud) postClock(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Advance string `json:"advance"`
	}
	var by time.Duration
	if !readJSON(w, r, &request, func() (f []fault) {
		if by, f = parseAdvance(request.Advance); f != nil {
			return f
		}
		return nil
	}) {
		return
	}
	if _, err := c.Advance(by); err != nil {
		c.notDone(w, err)
		return
	}
	c.getClock(w, r)
}

func parseAdvance(text string) (time.Duration, []fault) {
	by, err := time.ParseDuration(text)
	switch {
	case text == "":
		return 0, []fault{{"/advance", "required", "Must be given: how far to go, such as 90m or 25h."}}
	case err != nil:
		return 0, []fault{{"/advance", "bad_format", "Must be a duration, such as 90m or 25h; there are no days."}}
	case by <= 0 || by > maxAdvance:
		return 0, []fault{{"/advance", "out_of_range", "Must be more than nothing and at most 9600h (400 days)."}}
	}
	return by, nil
}

func (c *Cloud) getMailer(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, http.StatusOK, map[string]bool{"down": c.mapping.Down()})
}

// postMailer takes the mailer down, {"down": true}, or brings it back up.
func (c *Cloud) postMailer(w http.ResponseWriter, r *http.Request) {
	var request struct {
		Down *bool `json:"down"`
	}
	if !readJSON(w, r, &request, func() []fault {
		if request.Down == nil {
			return []fault{{"/down", "required", "Must be true or false."}}
		}
		return nil
	}) {
		return
	}
	c.mapping.SetDown(*request.Down)
	c.getMailer(w, r)
}

// getMail lists the mails that were sent, oldest first; with ?to= those to one address. It first waits until the
// mailer has nothing more to do, so that who has just booked finds the confirmation.
func (c *Cloud) getMail(w http.ResponseWriter, r *http.Request) {
	for name := range r.URL.Query() {
		if name != "to" {
			answerProblem(w, http.StatusUnprocessableEntity, "Some parameters are not known.",
				fault{"/query/" + name, "unknown_field", "The one parameter is to."})
			return
		}
	}
	if err := c.rest(r.Context()); err != nil {
		c.notDone(w, err)
		return
	}
	answerJSON(w, http.StatusOK, c.Mail(r.URL.Query().Get("to")))
}

// notDone answers what this program could not do.
func (c *Cloud) notDone(w http.ResponseWriter, err error) {
	status, detail := c.excuse(err)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	answerProblem(w, status, detail)
}

// excuse says what to tell people of an error, and keeps the rest for the log.
func (c *Cloud) excuse(err error) (status int, detail string) {
	switch {
	case errors.Is(err, errClosing):
		return http.StatusServiceUnavailable, "The local cloud is being stopped."
	case errors.Is(err, errRestless):
		return http.StatusServiceUnavailable, "The mailer has been busy for a minute: see the log."
	}
	c.log.Error("request failed", "error", err)
	return http.StatusInternalServerError, "The local cloud could not do this: see the log."
}

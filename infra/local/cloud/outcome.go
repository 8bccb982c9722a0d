package cloud

import (
	"net/http"

	"flashmentoring/internal/sesbox"
)

// accountID and configurationSet are where the mail service here is. They are those of the samples in events/mailevents, so
// that these can be tried here too.
const (
	accountID        = "123456789012"
	configurationSet = "flash-mentoring"
)

var place = sesbox.Place{Account: accountID, Region: "local", ConfigurationSet: configurationSet}

// outcomes adds the addresses that play what becomes of a mail.
func (c *Cloud) outcomes(mux *http.ServeMux) {
	mux.HandleFunc("POST /_local/mail/{id}/bounce", c.become(sesbox.Bounced))
	mux.HandleFunc("POST /_local/mail/{id}/complaint", c.become(sesbox.Complained))
	mux.HandleFunc("GET /_local/ses", c.getSES)
	mux.HandleFunc("POST /_local/ses", c.postSES)
}

// become has the event that SES would publish of a mail delivered to the function for bounces and complaints, and
// answers when that has taken it in.
func (c *Cloud) become(o sesbox.Outcome) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		m, ok := c.mailbox.named(r.PathValue("id"))
		if !ok {
			answerProblem(w, http.StatusNotFound, "There is no such mail.")
			return
		}
		if _, err := c.functions.mailEvents.invoke(r.Context(), m.Event(o, place, c.Now())); err != nil {
			c.notDone(w, err)
			return
		}
		answerJSON(w, http.StatusOK, map[string]string{"id": m.ID, "to": m.To, "outcome": string(o)})
	}
}

// states are how the mail service can be, by name.
var states = map[string]func(*sesbox.Box){
	"up":           func(b *sesbox.Box) { setSES(b, false, nil) },
	"down":         func(b *sesbox.Box) { setSES(b, false, sesbox.Some(1, 0, sesbox.Unavailable)) },
	"failing_half": func(b *sesbox.Box) { setSES(b, false, sesbox.Some(.5, 1, sesbox.Unavailable, sesbox.Internal)) },
	"throttling":   func(b *sesbox.Box) { setSES(b, false, sesbox.Some(1, 0, sesbox.TooMany)) },
	"refusing":     func(b *sesbox.Box) { setSES(b, false, sesbox.Some(1, 0, sesbox.Rejected)) },
	"paused":       func(b *sesbox.Box) { setSES(b, true, nil) },
}

func setSES(b *sesbox.Box, paused bool, fail func(int) sesbox.Failure) {
	account := b.Allowed()
	account.Paused = paused
	b.Allow(account)
	b.Fail(fail)
}

func (c *Cloud) getSES(w http.ResponseWriter, _ *http.Request) {
	answerJSON(w, http.StatusOK, map[string]string{"state": *c.sesState.Load()})
}

// postSES changes how the mail service is: {"state": "down"}. It is up again after a restart.
func (c *Cloud) postSES(w http.ResponseWriter, r *http.Request) {
	var request struct {
		State string `json:"state"`
	}
	if !readJSON(w, r, &request, func() []fault {
		if states[request.State] == nil {
			return []fault{{"/state", "not_allowed", "Must be up, down, failing_half, throttling, refusing or paused."}}
		}
		return nil
	}) {
		return
	}
	states[request.State](c.mailbox.box)
	c.sesState.Store(&request.State)
	c.getSES(w, r)
}

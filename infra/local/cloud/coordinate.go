package cloud

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
)

// What a coordinator looks after, as the API shows it to them: people, concerns and mail that could not be sent, each
// with the calls to copy.

// coordinators is the group of a token that makes a coordinator.
const coordinators = "coordinators"

// Coordinates reports whether somebody signs in as a coordinator.
func (p Person) Coordinates() bool { return slices.Contains(p.Groups, coordinators) }

// duties are what waits for a coordinator. Lists are as long as one page of the API.
type duties struct {
	People   []standing
	Concerns []concern
	Dead     []deadMail
}

// standing is what the pages show of what coordinators see of a person.
type standing struct {
	ID             string    `json:"id"`
	Name           string    `json:"name"`
	Email          string    `json:"email"`
	ManagerID      string    `json:"managerId"`
	Organisation   string    `json:"organisation"`
	Cohort         string    `json:"cohort"`
	SuspendedUntil time.Time `json:"suspendedUntil"`
	Mail           struct {
		Suppressed bool `json:"suppressed"`
	} `json:"mail"`
}

// concern is what the pages show of a concern: not its text, which its call answers.
type concern struct {
	ID         string    `json:"id"`
	Category   string    `json:"category"`
	RaisedAt   time.Time `json:"raisedAt"`
	ResolvedAt time.Time `json:"resolvedAt"`
}

// deadMail is what the pages show of mail that could not be sent.
type deadMail struct {
	ID        string    `json:"id"`
	Event     string    `json:"event"`
	ParkedAt  time.Time `json:"parkedAt"`
	RetriedAt time.Time `json:"retriedAt"`
}

// duties asks the API for all that a coordinator looks after.
func (c *Cloud) duties(ctx context.Context, as Person) (d duties, err error) {
	for path, into := range map[string]any{
		"/v1/people?limit=100": &struct {
			Items *[]standing `json:"items"`
		}{&d.People},
		"/v1/concerns?limit=100": &struct {
			Items *[]concern `json:"items"`
		}{&d.Concerns},
		"/v1/mail/dead?limit=100": &struct {
			Items *[]deadMail `json:"items"`
		}{&d.Dead},
	} {
		if err := c.as(as, ctx, http.MethodGet, path, nil, into); err != nil {
			return duties{}, err
		}
	}
	d.Concerns = slices.DeleteFunc(d.Concerns, func(c concern) bool { return !c.ResolvedAt.IsZero() })
	return d, nil
}

// Programme are the calls for the programme as a whole.
func (p personPage) Programme() []command {
	topic := "/v1/topics/bookkeeping"
	return []command{
		{"Report", p.line("GET", "/v1/reports/programme", nil)},
		{"Report, as CSV", p.line("GET", "/v1/reports/programme", nil) + " \\\n  -H 'Accept: text/csv'"},
		{"What people wrote to the programme", p.line("GET", "/v1/reports/notes", nil)},
		{"Import managers and cohorts", p.send("POST", "/v1/people/import", "text/csv",
			"email,managerEmail,cohort\n"+
				"kwame@example.com,,Spring\n"+
				"somebody.new@example.com,meiling@example.com,Spring\n")},
		{"Topics", p.line("GET", "/v1/topics", nil)},
		{"Add a topic", p.line("PUT", topic, map[string]string{"label": "Bookkeeping", "parent": "business"})},
		{"Merge it into another", p.line("PUT", topic, map[string]string{
			"label": "Bookkeeping", "parent": "business", "status": "deprecated", "mergedInto": "finance",
		})},
		{"Concerns", p.line("GET", "/v1/concerns", nil)},
		{"Mail that could not be sent", p.line("GET", "/v1/mail/dead", nil)},
	}
}

// Manager is the name of a person's manager, "" where nobody is known.
func (p personPage) Manager(of standing) string {
	at := slices.IndexFunc(p.Duties.People, func(s standing) bool { return s.ID == of.ManagerID })
	if at < 0 {
		return ""
	}
	return p.Duties.People[at].Name
}

// Care are the calls for a person. What the programme knows is replaced as a whole, so the call says again what is there.
func (p personPage) Care(s standing) []command {
	path := "/v1/people/" + s.ID
	calls := []command{{"Look", p.line("GET", path+"/programme", nil)}}
	if s.ID != p.Me.ID { // nobody sets these of themselves
		known := map[string]string{"cohort": "Spring"}
		for name, text := range map[string]string{"managerId": s.ManagerID, "organisation": s.Organisation, "cohort": s.Cohort} {
			if text != "" {
				known[name] = text
			}
		}
		calls = append(calls, command{"Set manager, organisation and cohort", p.line("PUT", path+"/programme", known)})
		known["suspendedUntil"] = p.Now.Add(14 * 24 * time.Hour).Truncate(time.Hour).Format(time.RFC3339)
		calls = append(calls, command{"Suspend for two weeks", p.line("PUT", path+"/programme", known)})
	}
	if s.Mail.Suppressed {
		calls = append(calls, command{"Let mail go there again", p.line("DELETE", path+"/suppression", nil)})
	}
	return calls
}

// Resolve is the call that closes a concern.
func (p personPage) Resolve(c concern) command {
	return command{"Close it", p.line("POST", "/v1/concerns/"+c.ID+"/resolve", map[string]string{"note": "Spoke to both."})}
}

// Retry is the call that has mail sent again.
func (p personPage) Retry(d deadMail) command {
	return command{"Send it again", p.line("POST", "/v1/mail/dead/"+d.ID+"/retry", nil)}
}

// words writes a name of the API for people to read.
func words(name string) string { return strings.ReplaceAll(name, "_", " ") }

package mentoring

import (
	"fmt"
	"slices"
	"time"
)

// GroundRules is the version of the ground rules that people accept when they enrol. A new version asks
// everybody again.
const GroundRules = "2026-11"

// FeedbackPreference is how a person likes to be told things.
type FeedbackPreference string

const NoPreference FeedbackPreference = "no_preference"

// FeedbackPreferences are all there are (product.md section 3).
var FeedbackPreferences = []FeedbackPreference{"direct", "gentle", "questions_first", "examples", "in_writing_after", NoPreference}

// Person is somebody who signed in. Until they enrol, all that is known is what their token says:
// [Visitor] makes such a person, with Version 0.
type Person struct {
	ID           PersonID  `json:"id"`
	Email        string    `json:"email"` // the verified address of the token, never the person's own word
	Organisation string    `json:"organisation,omitzero"`
	Profile      Profile   `json:"profile"`
	Programme    Programme `json:"programme,omitzero"`
	Accepted     Accepted  `json:"accepted,omitzero"`
	EnrolledAt   time.Time `json:"enrolledAt,omitzero"`
	ErasedAt     time.Time `json:"erasedAt,omitzero"` // of somebody who is nobody any more: see [DecideErase]
	Version      int64     `json:"-"`
}

// Profile is what a person says of themselves with PUT /v1/me (product.md section 3).
type Profile struct {
	Name               string             `json:"name"`
	TimeZone           string             `json:"timeZone"`
	Languages          []string           `json:"languages,omitzero"`
	Department         string             `json:"department,omitzero"`
	Headline           string             `json:"headline,omitzero"`
	Path               string             `json:"path,omitzero"` // "how I got here"
	FeedbackPreference FeedbackPreference `json:"feedbackPreference"`
	FeedbackWelcome    bool               `json:"feedbackWelcome,omitzero"`   // may written feedback reach me
	MonthlySessionCap  int                `json:"monthlySessionCap,omitzero"` // sessions a month as an expert; 0 is no cap
	PausedUntil        time.Time          `json:"pausedUntil,omitzero"`       // takes no bookings as an expert until then
	SurveyMails        bool               `json:"surveyMails,omitzero"`       // may surveys and nudges reach me
	DeclaredConflicts  []PersonID         `json:"declaredConflicts,omitzero"` // people I may not meet here, nor they me
}

// Programme is what a coordinator says of a person: never the person's own word (product.md sections 1 and 3).
type Programme struct {
	// Managers is the management chain, nearest first: [Programme.Manager] and whoever stands above. It is empty where
	// nobody said who the manager is.
	Managers []PersonID `json:"managers,omitzero"`
	// Awaits is the address of the manager, where an import named one with whom nobody has enrolled yet: then there are no
	// Managers.
	Awaits         Address   `json:"awaits,omitzero"`
	Organisation   string    `json:"organisation,omitzero"` // in place of the one that follows from the address
	Cohort         string    `json:"cohort,omitzero"`
	SuspendedUntil time.Time `json:"suspendedUntil,omitzero"` // neither publishes nor books until then
}

// Manager is who the person reports to, empty where that is not known.
func (p Programme) Manager() PersonID {
	if len(p.Managers) == 0 {
		return ""
	}
	return p.Managers[0]
}

// Accepted says which ground rules a person accepted, and when.
type Accepted struct {
	Version string    `json:"version"`
	At      time.Time `json:"at"`
}

// Visitor is the person a token speaks of, before they enrol.
func Visitor(id PersonID, email, name string) Person {
	return Person{ID: id, Email: email, Organisation: OrganisationOf(email), Profile: Profile{Name: name, SurveyMails: true}}
}

// SignedIn is the person with the verified address of their token, and the organisation that follows from it: whoever
// has changed employers sees and books by the new one at once. It is recorded with the next [DecideEnrol].
func (p Person) SignedIn(email string) Person {
	p.Email, p.Organisation = email, orElse(p.Programme.Organisation, OrganisationOf(email))
	return p
}

// Enrolled reports whether the person has a profile.
func (p Person) Enrolled() bool { return p.Version > 0 && p.ErasedAt.IsZero() }

// At is the person as they are at a time: a pause that is over is none, so that what is read can be sent
// back unchanged.
func (p Person) At(now time.Time) Person {
	if !p.Profile.PausedUntil.After(now) {
		p.Profile.PausedUntil = time.Time{}
	}
	return p
}

// Enrolment is the command of PUT /v1/me.
type Enrolment struct {
	Profile           Profile
	AcceptGroundRules bool
}

// Normal returns the enrolment with defaults filled in and times in UTC.
func (e Enrolment) Normal() Enrolment {
	if e.Profile.FeedbackPreference == "" {
		e.Profile.FeedbackPreference = NoPreference
	}
	e.Profile.PausedUntil = normalTime(e.Profile.PausedUntil)
	return e
}

// Faults are the field rules of product.md section 3 that the enrolment breaks.
func (e Enrolment) Faults(now time.Time) []Fault {
	var f faults
	p := e.Profile
	f.line("/name", p.Name, 1, 100)
	f.zone("/timeZone", p.TimeZone)
	f.languages("/languages", p.Languages)
	f.line("/department", p.Department, 0, 100)
	f.line("/headline", p.Headline, 0, 160)
	f.text("/path", p.Path, 0, 1000)
	one(&f, "/feedbackPreference", p.FeedbackPreference, FeedbackPreferences)
	f.between("/monthlySessionCap", p.MonthlySessionCap, 0, maxMonthlyCap)
	if !p.PausedUntil.IsZero() && (!p.PausedUntil.After(now) || p.PausedUntil.After(now.Add(maxPause))) {
		f.add("/pausedUntil", OutOfRange, "Must lie in the future, at most %d days ahead.", int(maxPause.Hours()/24))
	}
	if len(p.DeclaredConflicts) > maxConflicts {
		f.add("/declaredConflicts", TooLong, "Names %d people; %d at most.", len(p.DeclaredConflicts), maxConflicts)
		return f
	}
	for i, id := range p.DeclaredConflicts {
		at := fmt.Sprintf("/declaredConflicts/%d", i)
		switch {
		case !id.Valid():
			f.add(at, BadFormat, "Must be the id of a person.")
		case slices.Contains(p.DeclaredConflicts[:i], id):
			f.add(at, NotAllowed, "Is given twice.")
		}
	}
	return f
}

const (
	maxPause      = 366 * 24 * time.Hour
	maxConflicts  = 20
	maxMonthlyCap = 100
)

// DecideEnrol makes the person's profile what they ask for. email is the token's verified address; the
// organisation follows from it. The first time enrols; later ones replace. Accepted ground rules stay
// accepted. It refuses with [InvalidField].
func DecideEnrol(before Person, email string, e Enrolment, now time.Time) (Person, error) {
	e = e.Normal()
	wrong := faults(e.Faults(now))
	if i := slices.Index(e.Profile.DeclaredConflicts, before.ID); i >= 0 {
		wrong.add(fmt.Sprintf("/declaredConflicts/%d", i), NotAllowed, "Is your own id.")
	}
	if err := wrong.err(); err != nil {
		return Person{}, err
	}
	after := before
	after = after.SignedIn(email)
	after.Profile = e.Profile
	if e.AcceptGroundRules && before.Accepted.Version != GroundRules {
		after.Accepted = Accepted{GroundRules, now}
	}
	if !before.Enrolled() {
		after.EnrolledAt, after.ErasedAt = now, time.Time{}
	}
	return after, nil
}

// normalTime is how times that people give are kept: UTC, to the second.
func normalTime(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.UTC().Truncate(time.Second)
}

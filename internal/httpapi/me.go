package httpapi

import (
	"context"
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// meBody is the caller as they see themselves (product.md section 3).
type meBody struct {
	ID                 mentoring.PersonID           `json:"id"`
	Email              string                       `json:"email"`
	Organisation       string                       `json:"organisation,omitzero"`
	Enrolled           bool                         `json:"enrolled"`
	GroundRules        *groundRules                 `json:"groundRules,omitzero"`
	Name               string                       `json:"name,omitzero"`
	TimeZone           string                       `json:"timeZone,omitzero"`
	Languages          []string                     `json:"languages"`
	Department         string                       `json:"department,omitzero"`
	Headline           string                       `json:"headline,omitzero"`
	Path               string                       `json:"path,omitzero"`
	FeedbackPreference mentoring.FeedbackPreference `json:"feedbackPreference,omitzero"`
	FeedbackWelcome    bool                         `json:"feedbackWelcome"`
	MonthlySessionCap  int                          `json:"monthlySessionCap,omitzero"`
	PausedUntil        string                       `json:"pausedUntil,omitzero"`
	SurveyMails        bool                         `json:"surveyMails"`
	DeclaredConflicts  []mentoring.PersonID         `json:"declaredConflicts"`
	ManagerSet         bool                         `json:"managerSet"`
	Cohort             string                       `json:"cohort,omitzero"`
	SuspendedUntil     string                       `json:"suspendedUntil,omitzero"`
	Blocked            []mentoring.PersonID         `json:"blocked"`
	Mail               *mailBody                    `json:"mail,omitzero"`
	Version            int64                        `json:"version"`
}

// mailBody says whether mail goes to the caller's address and, if not, why.
type mailBody struct {
	Suppressed bool                   `json:"suppressed"`
	Reason     desk.SuppressionReason `json:"reason,omitzero"`
	Since      string                 `json:"since,omitzero"`
}

func mailFrom(v desk.MailView) *mailBody {
	if v.Suppression == nil {
		return &mailBody{}
	}
	return &mailBody{true, v.Suppression.Reason, utc(v.Suppression.At)}
}

type groundRules struct {
	Version    string `json:"version"`
	AcceptedAt string `json:"acceptedAt"`
}

func meFrom(v desk.MeView) meBody {
	p := v.Person
	me := meBody{
		ID: p.ID, Email: p.Email, Organisation: p.Organisation, Enrolled: p.Enrolled(),
		Name: p.Profile.Name, TimeZone: p.Profile.TimeZone, Languages: list(p.Profile.Languages),
		Department: p.Profile.Department, Headline: p.Profile.Headline, Path: p.Profile.Path,
		FeedbackPreference: p.Profile.FeedbackPreference, FeedbackWelcome: p.Profile.FeedbackWelcome,
		PausedUntil: utc(p.Profile.PausedUntil), SurveyMails: p.Profile.SurveyMails,
		MonthlySessionCap: p.Profile.MonthlySessionCap, DeclaredConflicts: list(p.Profile.DeclaredConflicts),
		ManagerSet: p.Programme.Manager() != "", Cohort: p.Programme.Cohort, SuspendedUntil: utc(p.Programme.SuspendedUntil),
		Blocked: list(v.Blocked), Version: p.Version,
	}
	if p.Accepted.Version != "" {
		me.GroundRules = &groundRules{p.Accepted.Version, utc(p.Accepted.At)}
	}
	if v.Mail != nil {
		me.Mail = mailFrom(*v.Mail)
	}
	return me
}

// enrolmentBody is the body of PUT /v1/me.
type enrolmentBody struct {
	Name               string                        `json:"name"`
	TimeZone           string                        `json:"timeZone"`
	Languages          []string                      `json:"languages"`
	Department         string                        `json:"department"`
	Headline           string                        `json:"headline"`
	Path               string                        `json:"path" text:"lines"`
	FeedbackPreference *mentoring.FeedbackPreference `json:"feedbackPreference"`
	FeedbackWelcome    bool                          `json:"feedbackWelcome"`
	MonthlySessionCap  int                           `json:"monthlySessionCap"`
	PausedUntil        time.Time                     `json:"pausedUntil"`
	SurveyMails        *bool                         `json:"surveyMails"`
	DeclaredConflicts  []mentoring.PersonID          `json:"declaredConflicts"`
	AcceptGroundRules  bool                          `json:"acceptGroundRules"`
}

func (b enrolmentBody) enrolment(in *input) mentoring.Enrolment {
	return mentoring.Enrolment{
		Profile: mentoring.Profile{
			Name: b.Name, TimeZone: b.TimeZone, Languages: b.Languages, Department: b.Department, Headline: b.Headline,
			Path: b.Path, FeedbackPreference: optional(in, "/feedbackPreference", b.FeedbackPreference),
			FeedbackWelcome: b.FeedbackWelcome, MonthlySessionCap: b.MonthlySessionCap, PausedUntil: b.PausedUntil,
			SurveyMails:       b.SurveyMails == nil || *b.SurveyMails,
			DeclaredConflicts: b.DeclaredConflicts,
		},
		AcceptGroundRules: b.AcceptGroundRules,
	}
}

func (a *api) getMe(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	me, err := a.Desk.Me(c.Context(), c.caller)
	if err != nil {
		return answer{}, err
	}
	return versioned(meFrom(me), me.Version), nil
}

func (a *api) putMe(c *call) (answer, error) {
	in := c.read()
	in.query().end()
	match := in.ifMatch()
	var body enrolmentBody
	in.body(&body)
	enrolment := body.enrolment(in)
	err := in.refusal(func() []mentoring.Fault { return enrolment.Normal().Faults(a.Desk.Now()) })
	if err != nil {
		return answer{}, err
	}
	only, err := a.onlyVersion(c.Context(), c.caller, match)
	if err != nil {
		return answer{}, err
	}
	me, err := a.Desk.Enrol(c.Context(), c.caller, enrolment, only)
	if err != nil {
		return answer{}, err
	}
	return versioned(meFrom(me), me.Version), nil
}

// deleteMe is DELETE /v1/me: erasure. There is nothing to read afterwards, and nothing to match before.
func (a *api) deleteMe(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	if err := a.Desk.Erase(c.Context(), c.caller); err != nil {
		return answer{}, err
	}
	return done(), nil
}

// onlyVersion is the one version of the caller's profile that may be changed, nil for any.
func (a *api) onlyVersion(ctx context.Context, caller desk.Caller, p precondition) (*int64, error) {
	return p.only(func() (int64, error) {
		me, err := a.Desk.Me(ctx, caller)
		return me.Version, err
	})
}

// blockPerson is PUT /v1/me/blocks/{personId}.
func (a *api) blockPerson(c *call) (answer, error) { return a.setBlock(c, true) }

// unblockPerson is DELETE /v1/me/blocks/{personId}.
func (a *api) unblockPerson(c *call) (answer, error) { return a.setBlock(c, false) }

func (a *api) setBlock(c *call, on bool) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	block := mentoring.Block{Of: c.person(), On: on}
	if err := a.Desk.Block(c.Context(), c.caller, block); err != nil {
		return answer{}, err
	}
	return done(), nil
}

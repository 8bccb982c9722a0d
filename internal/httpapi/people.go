package httpapi

import (
	"time"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// personBody is what others may see of somebody (product.md section 3).
type personBody struct {
	ID           mentoring.PersonID `json:"id"`
	Name         string             `json:"name"`
	Headline     string             `json:"headline,omitzero"`
	Organisation string             `json:"organisation,omitzero"`
	Path         string             `json:"path,omitzero"`
	Languages    []string           `json:"languages"`
}

func (a *api) getPerson(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	p, err := a.Desk.Person(c.Context(), c.caller, c.person())
	if err != nil {
		return answer{}, err
	}
	return found(personBody{p.ID, p.Name, p.Headline, p.Organisation, p.Path, list(p.Languages)}), nil
}

// assignmentBody is the body of PUT /v1/people/{personId}/programme.
type assignmentBody struct {
	Manager        *mentoring.PersonID `json:"managerId"`
	Organisation   string              `json:"organisation"`
	Cohort         string              `json:"cohort"`
	SuspendedUntil time.Time           `json:"suspendedUntil"`
}

func (b assignmentBody) assignment(in *input) mentoring.Assignment {
	return mentoring.Assignment{
		Manager: optional(in, "/managerId", b.Manager), Organisation: b.Organisation, Cohort: b.Cohort, SuspendedUntil: b.SuspendedUntil,
	}
}

// programmeBody is what the programme holds of a person, as coordinators see it.
type programmeBody struct {
	ID             mentoring.PersonID `json:"id"`
	Manager        mentoring.PersonID `json:"managerId,omitzero"`
	Awaited        bool               `json:"managerAwaited,omitzero"` // an import named one who has not enrolled yet
	Organisation   string             `json:"organisation,omitzero"`
	Cohort         string             `json:"cohort,omitzero"`
	SuspendedUntil string             `json:"suspendedUntil,omitzero"`
	Version        int64              `json:"version"`
}

// standingBody is what a coordinator sees of a person beside that: who it is, the strikes that count, until when these keep them
// from booking and publishing, whom they blocked, and whether mail reaches them.
type standingBody struct {
	programmeBody
	Name          string               `json:"name"`
	Email         string               `json:"email"`
	EnrolledAt    string               `json:"enrolledAt"`
	Strikes       []strikeBody         `json:"strikes"`
	CooldownUntil string               `json:"cooldownUntil,omitzero"`
	Blocked       []mentoring.PersonID `json:"blocked"`
	Mail          *mailBody            `json:"mail"`
}

// strikeBody is a late cancellation, or a session that somebody did not come to.
type strikeBody struct {
	At      string              `json:"at"`
	Slot    mentoring.SlotID    `json:"slotId"`
	Booking mentoring.BookingID `json:"bookingId,omitzero"`
}

func strikeFrom(s mentoring.Strike) strikeBody { return strikeBody{utc(s.At), s.Slot, s.Booking} }

func programmeFrom(p mentoring.Person) programmeBody {
	return programmeBody{
		ID: p.ID, Manager: p.Programme.Manager(), Awaited: p.Programme.Awaits != "", Organisation: p.Programme.Organisation, Cohort: p.Programme.Cohort,
		SuspendedUntil: utc(p.Programme.SuspendedUntil), Version: p.Version,
	}
}

func (a *api) putProgramme(c *call) (answer, error) {
	if !c.caller.Coordinator { // before anything is said of what was sent
		return answer{}, mentoring.CoordinatorsOnly()
	}
	in := c.read()
	in.query().end()
	match := in.ifMatch()
	var body assignmentBody
	in.body(&body)
	assignment := body.assignment(in)
	if err := in.refusal(func() []mentoring.Fault { return assignment.Faults(a.Desk.Now()) }); err != nil {
		return answer{}, err
	}
	only, err := match.only(func() (int64, error) {
		view, err := a.Desk.Programme(c.Context(), c.caller, c.person())
		return view.Person.Version, err
	})
	if err != nil {
		return answer{}, err
	}
	p, err := a.Desk.Assign(c.Context(), c.caller, c.person(), assignment, only)
	if err != nil {
		return answer{}, err
	}
	return versioned(programmeFrom(p), p.Version), nil
}

// getProgramme is GET /v1/people/{personId}/programme.
func (a *api) getProgramme(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	view, err := a.Desk.Programme(c.Context(), c.caller, c.person())
	if err != nil {
		return answer{}, err
	}
	return versioned(standingFrom(view), view.Person.Version), nil
}

func standingFrom(v desk.ProgrammeView) standingBody {
	p := v.Person
	return standingBody{
		programmeFrom(p), p.Profile.Name, p.Email, utc(p.EnrolledAt), all(v.Strikes, strikeFrom).Items, utc(v.CooldownUntil),
		list(v.Blocked), mailFrom(v.Mail),
	}
}

// listPeople is GET /v1/people.
func (a *api) listPeople(c *call) (answer, error) {
	if !c.caller.Coordinator { // before anything is said of what was sent
		return answer{}, mentoring.CoordinatorsOnly()
	}
	in := c.read()
	q := in.query()
	cohort, _ := q.take("cohort")
	paging := q.paging(c)
	q.end()
	if err := in.refusal(nil); err != nil {
		return answer{}, err
	}
	return answerPage(a, paging, func(after string, limit int) (desk.List[desk.ProgrammeView], error) {
		return a.Desk.People(c.Context(), c.caller, cohort, after, limit)
	}, standingFrom)
}

// resumeMail is DELETE /v1/people/{personId}/suppression.
func (a *api) resumeMail(c *call) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	if err := a.Desk.ResumeMail(c.Context(), c.caller, c.person()); err != nil {
		return answer{}, err
	}
	return done(), nil
}

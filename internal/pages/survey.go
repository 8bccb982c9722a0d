package pages

import (
	"errors"
	"net/http"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// questionnaire is a survey that somebody came to answer.
type questionnaire struct {
	desk.SurveyView
	*scene
	wave   mentoring.Wave
	manage string // the address of the page about the booking
}

// savedParameter marks the address to which a form leads once it is stored.
const savedParameter = "saved"

// ask reads the survey of a link, and refuses a link of before the booking was moved.
func (p *pages) ask(v *visit, w mentoring.Wave) (*questionnaire, error) {
	view, err := p.Desk.Survey(v.Context(), v.visitor(), v.booking(), w)
	if err != nil {
		return nil, err
	}
	if view.Booking.Moved != v.link.Generation {
		return nil, errOutdated
	}
	reader, err := p.Desk.Reader(v.Context(), v.visitor().ID)
	if err != nil {
		return nil, err
	}
	manage, err := p.Links.Manage(v.link.Person, v.link.Booking, v.link.Generation, v.link.Expires)
	if err != nil {
		return nil, err
	}
	q := &questionnaire{view, sceneOf(view.Booking, reader), w, manage}
	q.scene.Until = moment(view.Until, q.zone)
	return q, nil
}

func (q *questionnaire) open(p *pages) bool {
	now := p.Desk.Now()
	return !now.Before(q.From) && now.Before(q.SurveyView.Until)
}

// asking is what the words of the questions can name.
func (q *questionnaire) asking() asking {
	return asking{q.scene, q.Booking.Booking.Purpose.DesiredOutcome}
}

// fields are the questions, with what is answered.
func (q *questionnaire) fields(a mentoring.Answers) []field {
	all := make([]field, len(q.Set.Questions))
	for i, question := range q.Set.Questions {
		all[i] = fieldOf(question, a[question.ID], q.asking())
	}
	return all
}

// page is the survey with some fields, or what there is to say where it cannot be answered.
func (q *questionnaire) page(open bool, fields []field) page {
	name := string(q.wave)
	g := page{
		Title: say(name+".title", q.scene), Heading: say(name+".heading", q.scene), Sections: []section{q.theHelp(q.manage)},
	}
	if !open {
		g.Lead = []string{say(name+".closed", q.scene)}
		return g
	}
	g.Lead = []string{say(name+"."+string(q.Role), q.scene)}
	g.Form = &form{Fields: fields, Button: say(name+".button", q.scene)}
	g.Small = []string{say(name+".private", q.scene), say("survey.until", q.scene)}
	return g
}

// getSurvey shows the survey of a session. What the link chooses for the first question is chosen, and stored by nothing but
// the form.
func (p *pages) getSurvey(w http.ResponseWriter, v *visit) error {
	q, err := p.ask(v, mentoring.Pulse)
	if notAsked(err) {
		return p.nothingToSay(w)
	}
	if err != nil {
		return err
	}
	answers := q.Survey.Answers
	if chosen := v.URL.Query().Get(string(mentoring.TookPlace)); chosen != "" && q.Survey.Version == 0 {
		answers = mentoring.Answers{mentoring.TookPlace: {Choices: []string{chosen}}}
	}
	return q.answered(v, q.page(q.open(p), q.fields(answers))).show(w, http.StatusOK)
}

// answered thanks whoever has just answered.
func (q *questionnaire) answered(v *visit, g page) page {
	if v.URL.Query().Has(savedParameter) && q.Survey.Version > 0 {
		g.Heading, g.Status, g.Tone = say("survey.thanks", q.scene), say("survey.saved", q.scene), good
	}
	return g
}

// postSurvey stores what was answered, and leads back to where it can be changed.
func (p *pages) postSurvey(w http.ResponseWriter, v *visit) error {
	q, err := p.ask(v, mentoring.Pulse)
	if notAsked(err) {
		return p.nothingToSay(w)
	}
	if err != nil {
		return err
	}
	if err := v.readForm(w); err != nil {
		return err
	}
	answers := answersIn(v.PostForm, q.Set)
	_, err = p.Desk.AnswerSurvey(v.Context(), q.caller(), v.booking(), mentoring.Pulse, answers, nil)
	return q.stored(p, w, v, q.fields(answers), err)
}

// stored says what became of a form: it is stored, it can no longer be, or something in it is wrong.
func (q *questionnaire) stored(p *pages, w http.ResponseWriter, v *visit, fields []field, err error) error {
	refused := new(mentoring.Error)
	switch {
	case err == nil:
		w.Header().Set("Location", v.URL.EscapedPath()+"?"+savedParameter+"=1")
		w.WriteHeader(http.StatusSeeOther)
		return nil
	case !errors.As(err, &refused):
		return err
	case refused.Code == mentoring.SurveyClosed || refused.Code == mentoring.InvalidTransition:
		note(w, string(refused.Code))
		return q.page(false, nil).show(w, http.StatusConflict)
	case refused.Code == mentoring.InvalidField && refusedBy(refused.Faults, fields):
		note(w, string(mentoring.InvalidField))
		g := q.page(q.open(p), fields)
		g.Status, g.Tone = say("survey.wrong", q.scene), bad
		return g.show(w, http.StatusUnprocessableEntity)
	}
	return err
}

// notAsked reports whether there is nothing to answer: the session did not take its time, or the reader is not asked.
func notAsked(err error) bool {
	return errors.Is(err, &mentoring.Error{Code: mentoring.InvalidTransition}) || errors.Is(err, &mentoring.Error{Code: mentoring.Forbidden})
}

func (p *pages) nothingToSay(w http.ResponseWriter) error {
	note(w, string(mentoring.InvalidTransition))
	return page{
		Title: say("survey.nothing.heading", nil), Heading: say("survey.nothing.heading", nil), Lead: []string{say("survey.nothing", nil)},
	}.show(w, http.StatusConflict)
}

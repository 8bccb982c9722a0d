package pages

import (
	"errors"
	"net/http"
	"net/url"

	"flashmentoring/internal/mentoring"
)

// taskField names the field of a task.
const taskField = "task-"

// taskFields are the tasks of the booking, each with what became of it: what a form says, or what is stored. One that the
// expert proposed and nobody accepted is none of these yet.
func (q *questionnaire) taskFields(form url.Values) (all []field) {
	for _, t := range q.Tasks.Tasks {
		if said := form.Get(taskField + string(t.ID)); said != "" {
			t.Status = mentoring.TaskStatus(said)
		}
		f := field{Kind: oneOf, Name: taskField + string(t.ID), Label: say("task", t)}
		for _, status := range mentoring.TaskStatuses {
			f.Options = append(f.Options, option{string(status), say("task."+string(status), nil), t.Status == status})
		}
		all = append(all, f)
	}
	return all
}

// getOutcome asks what became of a session.
func (p *pages) getOutcome(w http.ResponseWriter, v *visit) error {
	q, err := p.ask(v, mentoring.OutcomeWave)
	if notAsked(err) {
		return p.nothingToSay(w)
	}
	if err != nil {
		return err
	}
	fields := append(q.taskFields(nil), q.fields(q.Survey.Answers)...)
	return q.answered(v, q.page(q.open(p), fields)).show(w, http.StatusOK)
}

// postOutcome stores the answers, and then what became of each task: so a form that is refused has changed nothing. What stops
// it in between is made good by sending the form again.
func (p *pages) postOutcome(w http.ResponseWriter, v *visit) error {
	q, err := p.ask(v, mentoring.OutcomeWave)
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
	_, err = p.Desk.AnswerSurvey(v.Context(), q.caller(), v.booking(), mentoring.OutcomeWave, answers, nil)
	if err == nil {
		err = p.settleTasks(v, q)
	}
	return q.stored(p, w, v, append(q.taskFields(v.PostForm), q.fields(answers)...), err)
}

// settleTasks records what the form says became of each task. What is no status of a task changes nothing.
func (p *pages) settleTasks(v *visit, q *questionnaire) error {
	for _, t := range q.Tasks.Tasks {
		status := mentoring.TaskStatus(v.PostFormValue(taskField + string(t.ID)))
		if status == "" || status == t.Status {
			continue
		}
		_, err := p.Desk.ReviseTask(v.Context(), q.caller(), v.booking(), t.ID, mentoring.ReviseTask{Status: &status}, nil)
		if err != nil && !errors.Is(err, &mentoring.Error{Code: mentoring.InvalidField}) {
			return err
		}
	}
	return nil
}

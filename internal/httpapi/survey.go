package httpapi

import (
	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
)

// answersBody are answers, a field for each question that is asked in some survey; which are asked whom, the question sets
// say ([mentoring.QuestionSet]). What is left out is not answered.
type answersBody struct {
	TookPlace       *string  `json:"tookPlace"`
	Attainment      *int     `json:"attainment"`
	Useful          *int     `json:"useful"`
	HeardAndSafe    *int     `json:"heardAndSafe"`
	FittedSituation *int     `json:"fittedSituation"`
	MoreOptions     *int     `json:"moreOptions"`
	Got             []string `json:"got"`
	NextStep        *string  `json:"nextStep" text:"lines"`
	NextStepOn      *string  `json:"nextStepOn"`
	StayInTouch     *string  `json:"stayInTouch"`
	NoteToExpert    *string  `json:"noteToExpert" text:"lines"`
	NoteToProgramme *string  `json:"noteToProgramme" text:"lines"`

	PurposeClear     *int    `json:"purposeClear"`
	ExperienceUseful *int    `json:"experienceUseful"`
	GotSomething     *int    `json:"gotSomething"`
	WouldHelp        *string `json:"wouldHelp" text:"lines"`

	WhatChanged   *string `json:"whatChanged" text:"lines"`
	Recommend     *int    `json:"recommend"`
	ExpertMayHear *string `json:"expertMayHear"`
}

func (b answersBody) answers() mentoring.Answers {
	all := mentoring.Answers{}
	for id, n := range map[mentoring.QuestionID]*int{
		mentoring.Attainment: b.Attainment, mentoring.Useful: b.Useful, mentoring.HeardAndSafe: b.HeardAndSafe,
		mentoring.FittedSituation: b.FittedSituation, mentoring.MoreOptions: b.MoreOptions, mentoring.PurposeClear: b.PurposeClear,
		mentoring.ExperienceUseful: b.ExperienceUseful, mentoring.GotSomething: b.GotSomething, mentoring.Recommend: b.Recommend,
	} {
		if n != nil {
			all[id] = mentoring.Answer{Number: n}
		}
	}
	for id, choice := range map[mentoring.QuestionID]*string{
		mentoring.TookPlace: b.TookPlace, mentoring.StayInTouch: b.StayInTouch, mentoring.ExpertMayHear: b.ExpertMayHear,
	} {
		if choice != nil {
			all[id] = mentoring.Answer{Choices: []string{*choice}}
		}
	}
	for id, words := range map[mentoring.QuestionID]*string{
		mentoring.NextStep: b.NextStep, mentoring.NoteToExpert: b.NoteToExpert, mentoring.NoteToProgramme: b.NoteToProgramme,
		mentoring.WouldHelp: b.WouldHelp, mentoring.WhatChanged: b.WhatChanged,
	} {
		if words != nil {
			all[id] = mentoring.Answer{Text: *words}
		}
	}
	if b.Got != nil {
		all[mentoring.Got] = mentoring.Answer{Choices: b.Got}
	}
	if b.NextStepOn != nil {
		all[mentoring.NextStepOn] = mentoring.Answer{Day: mentoring.Day(*b.NextStepOn)}
	}
	return all
}

// surveyBody is a survey, as the side that answers it sees it.
type surveyBody struct {
	Booking        mentoring.BookingID          `json:"bookingId"`
	Wave           mentoring.Wave               `json:"wave"`
	Role           mentoring.Role               `json:"role"`
	DesiredOutcome string                       `json:"desiredOutcome"`
	From           string                       `json:"from"`
	Until          string                       `json:"until"`
	Open           bool                         `json:"open"`
	Questions      questionsBody                `json:"questions"`
	Answers        map[mentoring.QuestionID]any `json:"answers"`
	AnsweredAt     string                       `json:"answeredAt,omitzero"`
	Note           string                       `json:"noteFromRequester,omitzero"`
	Changed        string                       `json:"whatChanged,omitzero"`
	Contact        string                       `json:"contact,omitzero"`
	Version        int64                        `json:"version"`
}

type questionsBody struct {
	Version int            `json:"version"`
	Items   []questionBody `json:"items"`
}

type questionBody struct {
	ID      mentoring.QuestionID   `json:"id"`
	Kind    mentoring.QuestionKind `json:"kind"`
	Min     *int                   `json:"min,omitzero"`
	Max     *int                   `json:"max,omitzero"`
	Options []string               `json:"options,omitzero"`
	Always  bool                   `json:"always"`
}

func (a *api) surveyFrom(v desk.SurveyView) surveyBody {
	s, now := v.Survey, a.Desk.Now()
	body := surveyBody{
		Booking: v.Booking.Booking.ID, Wave: v.Set.Wave, Role: v.Set.Role, DesiredOutcome: v.Booking.Booking.Purpose.DesiredOutcome,
		From: utc(v.From), Until: utc(v.Until), Open: !now.Before(v.From) && now.Before(v.Until),
		Questions: questionsBody{v.Set.Version, all(v.Set.Questions, questionFrom).Items},
		Answers:   map[mentoring.QuestionID]any{}, AnsweredAt: utc(s.FirstAt),
		Note: v.Note, Changed: v.Changed, Contact: v.Contact, Version: s.Version,
	}
	for id, given := range s.Answers {
		q, _ := v.Set.Question(id)
		body.Answers[id] = answerFrom(q.Kind, given)
	}
	return body
}

func questionFrom(q mentoring.Question) questionBody {
	body := questionBody{ID: q.ID, Kind: q.Kind, Options: q.Options, Always: q.Always}
	switch q.Kind {
	case mentoring.Scale:
		body.Min, body.Max = &q.Min, &q.Max
	case mentoring.Words:
		body.Max = &q.Max
	}
	return body
}

// answerFrom is an answer as it comes in: a number, one word or several, a text, or a day.
func answerFrom(kind mentoring.QuestionKind, a mentoring.Answer) any {
	switch {
	case a.Number != nil:
		return *a.Number
	case kind == mentoring.Choices:
		return a.Choices
	case len(a.Choices) > 0:
		return a.Choices[0]
	case a.Day != "":
		return a.Day
	}
	return a.Text
}

// getSurvey and putSurvey are GET and PUT /v1/bookings/{bookingId}/survey, getOutcome and putOutcome the same of /outcome.
func (a *api) getSurvey(c *call) (answer, error)  { return a.showSurvey(c, mentoring.Pulse) }
func (a *api) putSurvey(c *call) (answer, error)  { return a.answerSurvey(c, mentoring.Pulse) }
func (a *api) getOutcome(c *call) (answer, error) { return a.showSurvey(c, mentoring.OutcomeWave) }
func (a *api) putOutcome(c *call) (answer, error) { return a.answerSurvey(c, mentoring.OutcomeWave) }

func (a *api) showSurvey(c *call, w mentoring.Wave) (answer, error) {
	if err := c.takesNoParameters(); err != nil {
		return answer{}, err
	}
	view, err := a.Desk.Survey(c.Context(), c.caller, c.booking(), w)
	if err != nil {
		return answer{}, err
	}
	return versioned(a.surveyFrom(view), view.Survey.Version), nil
}

func (a *api) answerSurvey(c *call, w mentoring.Wave) (answer, error) {
	in := c.read()
	in.query().end()
	match := in.ifMatch()
	var body struct {
		Answers answersBody `json:"answers"`
	}
	in.body(&body)
	answers := body.Answers.answers()
	if err := in.refusal(func() []mentoring.Fault {
		view, err := a.Desk.Survey(c.Context(), c.caller, c.booking(), w)
		if err != nil {
			return nil // whoever may not see it is told nothing of what is asked
		}
		return view.Set.Faults(answers)
	}); err != nil {
		return answer{}, err
	}
	only, err := match.only(func() (int64, error) {
		view, err := a.Desk.Survey(c.Context(), c.caller, c.booking(), w)
		return view.Survey.Version, err
	})
	if err != nil {
		return answer{}, err
	}
	view, err := a.Desk.AnswerSurvey(c.Context(), c.caller, c.booking(), w, answers, only)
	if err != nil {
		return answer{}, err
	}
	return versioned(a.surveyFrom(view), view.Survey.Version), nil
}

package mentoring

import "slices"

// Wave is a time at which people are asked (product.md section 7).
type Wave string

const (
	Pulse       Wave = "pulse"   // right after the session, both sides
	OutcomeWave Wave = "outcome" // a month later, the requester
)

// QuestionID names a question, the same in every version of a set.
type QuestionID string

const (
	TookPlace       QuestionID = "tookPlace"
	Attainment      QuestionID = "attainment" // of the desired outcome, 0 to 4
	Useful          QuestionID = "useful"
	HeardAndSafe    QuestionID = "heardAndSafe"
	FittedSituation QuestionID = "fittedSituation"
	MoreOptions     QuestionID = "moreOptions"
	Got             QuestionID = "got"
	NextStep        QuestionID = "nextStep"
	NextStepOn      QuestionID = "nextStepOn"
	StayInTouch     QuestionID = "stayInTouch"
	NoteToExpert    QuestionID = "noteToExpert"
	NoteToProgramme QuestionID = "noteToProgramme"

	PurposeClear     QuestionID = "purposeClear"
	ExperienceUseful QuestionID = "experienceUseful"
	GotSomething     QuestionID = "gotSomething"
	WouldHelp        QuestionID = "wouldHelp"

	WhatChanged   QuestionID = "whatChanged"
	Recommend     QuestionID = "recommend" // the programme, 0 to 10
	ExpertMayHear QuestionID = "expertMayHear"
)

// The answers to a question that is answered yes or no.
const (
	Yes = "yes"
	No  = "no"
)

// QuestionKind says what an answer to a question is.
type QuestionKind string

const (
	Choice  QuestionKind = "choice"  // one of the options
	Choices QuestionKind = "choices" // any of the options
	Scale   QuestionKind = "scale"   // a whole number from Min to Max
	Words   QuestionKind = "words"   // Max characters at most
	OnDay   QuestionKind = "day"
)

// Question is one of a set.
type Question struct {
	ID       QuestionID
	Kind     QuestionKind
	Min, Max int
	Options  []string
	// Always: it is asked and can be answered also where the session did not take place.
	Always bool
}

// QuestionSet is what one side is asked in one wave. Sets are data, and answers say by which version they were given: a set
// that is in use never changes, a later version takes its place.
type QuestionSet struct {
	Wave      Wave
	Role      Role
	Version   int
	Questions []Question
}

var yesOrNo = []string{Yes, No}

func rating(id QuestionID) Question { return Question{ID: id, Kind: Scale, Min: 1, Max: 5} }

func words(id QuestionID, max int) Question { return Question{ID: id, Kind: Words, Max: max} }

// tookPlace is the first question, which alone must be answered.
var tookPlace = Question{ID: TookPlace, Kind: Choice, Options: names(Outcomes), Always: true}

func toProgramme() Question {
	q := words(NoteToProgramme, 1000)
	q.Always = true
	return q
}

// questionSets are all there ever were, the versions of each in order.
var questionSets = []QuestionSet{
	{Pulse, Requester, 1, []Question{
		tookPlace,
		{ID: Attainment, Kind: Scale, Min: 0, Max: 4},
		rating(Useful), rating(HeardAndSafe), rating(FittedSituation), rating(MoreOptions),
		{ID: Got, Kind: Choices, Options: []string{
			"advice", "perspective", "introduction", "resource", "opportunity", "encouragement", "accountability", "nothing_yet",
		}},
		words(NextStep, maxTaskText), {ID: NextStepOn, Kind: OnDay},
		{ID: StayInTouch, Kind: Choice, Options: yesOrNo},
		words(NoteToExpert, 1000), toProgramme(),
	}},
	{Pulse, Expert, 1, []Question{
		tookPlace,
		rating(PurposeClear), rating(ExperienceUseful), rating(GotSomething),
		words(WouldHelp, 1000),
		{ID: StayInTouch, Kind: Choice, Options: yesOrNo},
		toProgramme(),
	}},
	{OutcomeWave, Requester, 1, []Question{
		words(WhatChanged, 1000),
		{ID: Recommend, Kind: Scale, Min: 0, Max: 10},
		{ID: ExpertMayHear, Kind: Choice, Options: yesOrNo},
	}},
}

// QuestionsFor is the present set for one side in one wave; the expert is asked nothing in [OutcomeWave].
func QuestionsFor(w Wave, role Role) (QuestionSet, bool) {
	for _, set := range slices.Backward(questionSets) {
		if set.Wave == w && set.Role == role {
			return set, true
		}
	}
	return QuestionSet{}, false
}

// Question is one of the set.
func (s QuestionSet) Question(id QuestionID) (Question, bool) {
	i := slices.IndexFunc(s.Questions, func(q Question) bool { return q.ID == id })
	if i < 0 {
		return Question{}, false
	}
	return s.Questions[i], true
}

func names[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, v := range list {
		all[i] = string(v)
	}
	return all
}

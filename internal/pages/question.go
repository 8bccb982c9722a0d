package pages

import (
	"net/url"
	"strconv"
	"strings"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/plaintext"
)

// A question of a survey is a field, named like it. Its words are called q.<id>, and q.<id>.<option>.

// asking is what the words of a question can name.
type asking struct {
	*scene
	Outcome string // what the requester wanted from the session
}

// fieldOf is a question as a field, with what was answered.
func fieldOf(q mentoring.Question, a mentoring.Answer, about asking) field {
	name := string(q.ID)
	f := field{Name: name, Label: say("q."+name, about), Hint: hint(name, about), Most: q.Max, Rest: !q.Always}
	switch q.Kind {
	case mentoring.Words:
		f.Kind, f.Value = lined, a.Text
	case mentoring.OnDay:
		f.Kind, f.Value = dated, string(a.Day)
	case mentoring.Scale:
		f.Kind = scaled
		for n := q.Min; n <= q.Max; n++ {
			f.Options = append(f.Options, option{strconv.Itoa(n), strconv.Itoa(n), a.Number != nil && *a.Number == n})
		}
		if phrases.Lookup("q."+name+"."+strconv.Itoa(q.Min)) != nil { // each has its word
			f.Kind = oneOf
			for i := range f.Options {
				f.Options[i].Text = say("q."+name+"."+f.Options[i].Value, about)
			}
		}
	case mentoring.Choice, mentoring.Choices:
		f.Kind = oneOf
		if q.Kind == mentoring.Choices {
			f.Kind = someOf
		}
		for _, value := range q.Options {
			f.Options = append(f.Options, option{value, say("q."+name+"."+value, about), contains(a.Choices, value)})
		}
	}
	return f
}

// hint is what is said below a question, where there is something to say.
func hint(name string, about asking) string {
	if phrases.Lookup("q."+name+".hint") == nil {
		return ""
	}
	return say("q."+name+".hint", about)
}

func contains(list []string, value string) bool {
	for _, v := range list {
		if v == value {
			return true
		}
	}
	return false
}

// answersIn reads what a form answers to the questions of a set. What is blank is no answer. Where the session did not take
// place only those questions count that are asked even so: a browser sends the others too, if somebody answered them first.
func answersIn(form url.Values, set mentoring.QuestionSet) mentoring.Answers {
	all := mentoring.Answers{}
	for _, q := range set.Questions {
		if a, given := answerIn(form[string(q.ID)], q); given {
			all[q.ID] = a
		}
	}
	if out := all.Outcome(); !out.Missed(mentoring.Requester) && !out.Missed(mentoring.Expert) {
		return all
	}
	for _, q := range set.Questions {
		if !q.Always {
			delete(all, q.ID)
		}
	}
	return all
}

func answerIn(values []string, q mentoring.Question) (a mentoring.Answer, given bool) {
	if len(values) == 0 || len(values) == 1 && plaintext.Text(values[0]) == "" {
		return a, false
	}
	switch q.Kind {
	case mentoring.Words:
		a.Text = plaintext.Text(values[0])
	case mentoring.OnDay:
		a.Day = mentoring.Day(plaintext.Line(values[0]))
	case mentoring.Scale:
		if n, err := strconv.Atoi(values[0]); err == nil { // anything else is an answer without a number, which is refused
			a.Number = &n
		}
	default:
		a.Choices = values
	}
	return a, true
}

// refusedBy says next to each field what is wrong with what was sent, and reports whether that is all that is wrong.
func refusedBy(faults []mentoring.Fault, fields []field) bool {
	told := 0
	for _, fault := range faults {
		name, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(fault.Pointer, "/answers"), "/"), "/")
		for i := range fields {
			if fields[i].Name == name {
				fields[i].Wrong = say("wrong."+string(fault.Code), fields[i])
				told++
			}
		}
	}
	return told == len(faults)
}

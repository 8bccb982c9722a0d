package pages

import (
	"errors"
	"net/http"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/plaintext"
)

// The fields of the form.
const (
	confirmField = "confirm"
	confirmValue = "cancel"
	reasonField  = "reason"
)

// maxReason is how many characters a reason may have: the rule of [mentoring.Cancel], for the browser to keep.
const maxReason = 500

// maxBody is what a form may have (product.md section 2).
const maxBody = 32 << 10

// getCancel says what cancelling will do, and asks.
func (p *pages) getCancel(w http.ResponseWriter, v *visit) error {
	s, err := p.look(v)
	if err != nil {
		return err
	}
	if !s.can(mentoring.ActionCancel) {
		v.back(w)
		return nil
	}
	return s.askCancel(v, "", "").show(w, http.StatusOK)
}

// askCancel is the page that asks, with what was typed before and what was wrong with it.
func (s *scene) askCancel(v *visit, typed, wrong string) page {
	what := "cancel." + string(s.Role) + "." + string(s.Status)
	points := lines(what, s)
	if s.Late {
		points = append(points, say("cancel.late", s))
	}
	return page{
		Title: say("cancel.title", s), Heading: say("cancel.heading", s),
		Lead:   []string{say(what, s)},
		Points: points,
		Form: &form{
			Fixed: map[string]string{confirmField: confirmValue},
			Fields: []field{{
				Kind: lined, Name: reasonField, Label: say("cancel.reason", s), Hint: say("cancel.reason.hint", s),
				Value: typed, Wrong: wrong, Most: maxReason,
			}},
			Button: say("cancel.button", s), Danger: true,
			Back: &button{Text: say("cancel.back", s), Address: v.address("")},
		},
	}
}

// postCancel cancels the booking. It ends on the page of the booking, which says how it is now: cancelled, or why not.
func (p *pages) postCancel(w http.ResponseWriter, v *visit) error {
	s, err := p.look(v)
	if err != nil {
		return err
	}
	if err := v.readForm(w); err != nil {
		return err
	}
	typed := v.PostFormValue(reasonField)
	if v.PostFormValue(confirmField) != confirmValue { // not our form: a program that posts to whatever it finds
		return s.askCancel(v, typed, "").show(w, http.StatusBadRequest)
	}
	_, err = p.Desk.Cancel(v.Context(), s.caller(), v.booking(), mentoring.Cancel{Reason: plaintext.Text(typed)}, desk.Once{})
	switch {
	case errors.Is(err, &mentoring.Error{Code: mentoring.InvalidField}):
		note(w, string(mentoring.InvalidField))
		return s.askCancel(v, typed, say("cancel.reason.long", s)).show(w, http.StatusUnprocessableEntity)
	case err != nil && !errors.Is(err, &mentoring.Error{Code: mentoring.TooLateToCancel}) &&
		!errors.Is(err, &mentoring.Error{Code: mentoring.InvalidTransition}):
		return err
	}
	v.back(w)
	return nil
}

// back leads to the page of the booking.
func (v *visit) back(w http.ResponseWriter) {
	w.Header().Set("Location", v.address(""))
	w.WriteHeader(http.StatusSeeOther)
}

func (v *visit) readForm(w http.ResponseWriter) error {
	v.Body = http.MaxBytesReader(w, v.Body, maxBody)
	var tooLarge *http.MaxBytesError
	switch err := v.ParseForm(); {
	case errors.As(err, &tooLarge):
		return errBodySize
	case err != nil:
		return errBody
	}
	return nil
}

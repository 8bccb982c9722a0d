package pages

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"

	"flashmentoring/internal/desk"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/plaintext"
)

// The fields of the form about a concern are named as in the API, whose rules they have.
const (
	categoryField = "category"
	textField     = "text"
)

// minConcern and maxConcern are how many characters a concern has: the rule of [mentoring.Raise], for the page to say and the
// browser to keep.
const minConcern, maxConcern = 10, 2000

// concernRoute is what keeps a concern sent here apart from all else that is sent once.
const concernRoute = "POST /manage/{token}/concern"

// theHelp leads to where one can say that something was wrong, and keep the other side away. below is the address of the page
// about the booking.
func (s *scene) theHelp(below string) section {
	block := "help.block"
	if s.Apart {
		block = "help.unblock"
	}
	return section{
		ID: "help", Heading: say("help", s), Lead: []string{say("help.lead", s)},
		Buttons: []button{
			{Text: say("help.concern", s), Address: below + "/concern", Quiet: true},
			{Text: say(block, s), Address: below + "/block", Quiet: true},
		},
	}
}

// getConcern says who reads a concern and who does not, and asks for it.
func (p *pages) getConcern(w http.ResponseWriter, v *visit) error {
	s, err := p.look(v)
	if err != nil {
		return err
	}
	return s.askConcern(v, s.concernFields(mentoring.Raise{})).show(w, http.StatusOK)
}

// concernFields are what to fill in, with what was sent before.
func (s *scene) concernFields(r mentoring.Raise) []field {
	category := field{Kind: oneOf, Name: categoryField, Label: say("concern.category", s)}
	for _, c := range mentoring.ConcernCategories {
		category.Options = append(category.Options, option{string(c), say("concern.category."+string(c), s), c == r.Category})
	}
	text := field{Kind: lined, Name: textField, Label: say("concern.text", s), Value: r.Text, Most: maxConcern}
	text.Hint = say("concern.text.hint", struct{ Least, Most int }{minConcern, maxConcern})
	return []field{category, text}
}

func (s *scene) askConcern(v *visit, fields []field) page {
	return page{
		Title: say("concern.title", s), Heading: say("concern.heading", s),
		Lead:   []string{say("concern", s)},
		Points: lines("concern", s),
		Form: &form{
			Fields: fields, Button: say("concern.button", s),
			Back: &button{Text: say("concern.back", s), Address: v.address("")},
		},
	}
}

// postConcern tells coordinators. Sending the same once more within a day, by a second press of the button or by loading the
// page again, tells them nothing new: the words are their own key, so the form needs none, and whoever goes back and adds to
// them is not refused.
func (p *pages) postConcern(w http.ResponseWriter, v *visit) error {
	s, err := p.look(v)
	if err != nil {
		return err
	}
	if err := v.readForm(w); err != nil {
		return err
	}
	raise := mentoring.Raise{
		Booking: v.booking(), Category: mentoring.ConcernCategory(v.PostFormValue(categoryField)), Text: plaintext.Text(v.PostFormValue(textField)),
	}
	_, err = p.Desk.Raise(v.Context(), s.caller(), raise, onceOf(raise))
	refused := new(mentoring.Error)
	if errors.As(err, &refused) && refused.Code == mentoring.InvalidField {
		fields := s.concernFields(raise)
		if refusedBy(refused.Faults, fields) {
			note(w, string(mentoring.InvalidField))
			g := s.askConcern(v, fields)
			g.Status, g.Tone = say("concern.wrong", s), bad
			return g.show(w, http.StatusUnprocessableEntity)
		}
	}
	if err != nil {
		return err
	}
	g := page{
		Title: say("concern.sent.title", s), Heading: say("concern.sent.heading", s), Status: say("concern.sent.status", s), Tone: good,
		Lead:    []string{say("concern.sent", s), say("concern.sent.then", s)},
		Buttons: []button{{Text: say("help.back", s), Address: v.address("")}},
	}
	if !s.Apart {
		g.Buttons = append(g.Buttons, button{Text: say("help.block", s), Address: v.address("/block"), Quiet: true})
	}
	return g.show(w, http.StatusOK)
}

// onceOf is what makes a concern the same as another: the booking, the category and the words.
func onceOf(r mentoring.Raise) desk.Once {
	sum := sha256.Sum256([]byte(string(r.Booking) + "\x00" + string(r.Category) + "\x00" + r.Text))
	return desk.Once{Route: concernRoute, Key: hex.EncodeToString(sum[:]), Body: sum}
}

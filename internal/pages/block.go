package pages

import (
	"errors"
	"net/http"

	"flashmentoring/internal/mentoring"
)

// What the form of the page about a block confirms.
const (
	blockValue   = "block"
	unblockValue = "unblock"
)

// getBlock says what blocking the other side will do, or taking that back, and asks.
func (p *pages) getBlock(w http.ResponseWriter, v *visit) error {
	s, err := p.look(v)
	if err != nil {
		return err
	}
	if v.URL.Query().Has(savedParameter) && !s.Apart {
		return page{
			Title: say("unblocked.title", s), Heading: say("unblocked.heading", s), Lead: []string{say("unblocked", s)},
			Buttons: []button{{Text: say("help.back", s), Address: v.address("")}},
		}.show(w, http.StatusOK)
	}
	return s.askBlock(v).show(w, http.StatusOK)
}

// askBlock is the page that asks: to block where the reader has not, to take it back where they have.
func (s *scene) askBlock(v *visit) page {
	if s.Apart {
		return page{
			Title: say("blocked.title", s), Heading: say("blocked.heading", s), Status: say("blocked.status", s),
			Lead:   []string{say("blocked", s), say("block."+string(s.Status), s), say("unblock", s)},
			Points: lines("unblock", s),
			Form: &form{
				Fixed: map[string]string{confirmField: unblockValue}, Button: say("unblock.button", s),
				Back: &button{Text: say("help.back", s), Address: v.address("")},
			},
		}
	}
	points := append(lines("block", s), say("block."+string(s.Status), s), say("block.undo", s))
	return page{
		Title: say("block.title", s), Heading: say("block.heading", s),
		Lead:   []string{say("block", s)},
		Points: points,
		Form: &form{
			Fixed: map[string]string{confirmField: blockValue}, Button: say("block.button", s), Danger: true,
			Back: &button{Text: say("block.back", s), Address: v.address("")},
		},
	}
}

// postBlock blocks the other side, or takes that back, as the form says: so a form that is sent twice does no more than once.
func (p *pages) postBlock(w http.ResponseWriter, v *visit) error {
	s, err := p.look(v)
	if err != nil {
		return err
	}
	if err := v.readForm(w); err != nil {
		return err
	}
	on := v.PostFormValue(confirmField) == blockValue
	if !on && v.PostFormValue(confirmField) != unblockValue { // not our form: a program that posts to whatever it finds
		return s.askBlock(v).show(w, http.StatusBadRequest)
	}
	err = p.Desk.Block(v.Context(), s.caller(), mentoring.Block{Of: s.other, On: on})
	for _, code := range []mentoring.Code{mentoring.NotFound, mentoring.ActiveLimitReached} {
		if errors.Is(err, &mentoring.Error{Code: code}) {
			note(w, string(code))
			return page{
				Title: say("block.title", s), Heading: say("block."+string(code)+".heading", s), Lead: []string{say("block."+string(code), s)},
				Buttons: []button{{Text: say("help.back", s), Address: v.address("")}},
			}.show(w, http.StatusConflict)
		}
	}
	if err != nil {
		return err
	}
	w.Header().Set("Location", v.address("/block")+"?"+savedParameter+"=1")
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

package pages

import "net/http"

// getUnsubscribe says what unsubscribing will do, and asks. It does nothing itself: scanners open links.
func (p *pages) getUnsubscribe(w http.ResponseWriter, v *visit) error {
	return page{
		Title: say("unsubscribe.title", nil), Heading: say("unsubscribe.heading", nil),
		Lead:   []string{say("unsubscribe", nil)},
		Points: lines("unsubscribe", nil),
		Form:   &form{Button: say("unsubscribe.button", nil)},
	}.show(w, http.StatusOK)
}

// postUnsubscribe unsubscribes, for the button of the page and for that of mail programs, which post
// List-Unsubscribe=One-Click and want no redirect (RFC 8058 section 3.1). Both say all there is to say by posting to this
// address, so what else they send is not looked at; and as posting twice does no more than once, neither is whether
// they did before.
func (p *pages) postUnsubscribe(w http.ResponseWriter, v *visit) error {
	if err := p.Desk.StopSurveys(v.Context(), v.visitor().ID); err != nil {
		return err
	}
	return page{
		Title: say("unsubscribed.title", nil), Heading: say("unsubscribed.heading", nil),
		Lead: []string{say("unsubscribed", nil), say("unsubscribed.again", nil)},
	}.show(w, http.StatusOK)
}

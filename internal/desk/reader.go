package desk

import (
	"context"

	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/table"
)

// Use cases for people who come by a link in a mail, without a token: what is known of them is what is recorded.

// ReaderView is somebody who gets mails: the person as recorded, and whom they blocked.
type ReaderView struct {
	mentoring.Person
	Blocked []mentoring.PersonID
}

// Reader shows somebody who gets mails. It refuses with [mentoring.NotFound] where nobody of that id has enrolled, or with
// [mentoring.Busy].
func (d *Desk) Reader(ctx context.Context, who mentoring.PersonID) (ReaderView, error) {
	var v mentoring.Viewer
	err := d.viewer(who, &v)(ctx)
	if err == nil && !v.Person.Enrolled() {
		err = mentoring.Missing()
	}
	return read(ReaderView{v.Person.At(d.Now()), v.Agenda.Blocked()}, err)
}

// StopSurveys makes surveys and nudges stay away from a person (product.md section 10). Where they do already, or nobody
// of that id has enrolled, there is nothing to do. It refuses with [mentoring.Busy].
func (d *Desk) StopSurveys(ctx context.Context, who mentoring.PersonID) error {
	_, err := transact(ctx, d, func(ctx context.Context) (none struct{}, _ []table.Write, err error) {
		var p mentoring.Person
		if err := d.profile(who, &p)(ctx); err != nil || !p.Enrolled() || !p.Profile.SurveyMails {
			return none, nil, err
		}
		p.Profile.SurveyMails = false
		return none, []table.Write{put(profileRecord(p))}, nil
	})
	return err
}

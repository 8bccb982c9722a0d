package mailfunction_test

import (
	"context"
	"errors"
	"io"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"flashmentoring/internal/assembly"
	"flashmentoring/internal/assembly/mailfunction"
	"flashmentoring/internal/config"
	"flashmentoring/internal/links"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
)

var keys = []config.LinkKey{{ID: "1", Secret: config.Secret(strings.Repeat("o", 32))}}

// A link to a booking is for its reader, of the booking as often as it was moved, until 30 days after the session; the
// same for the same notice, and none where there is nothing to lead to.
func TestManage(t *testing.T) {
	signer, err := assembly.Links("https://flash.example.org", keys)
	if err != nil {
		t.Fatal(err)
	}
	manage := mailfunction.Manage(signer)
	ends := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	booking := mentoring.Booking{
		ID: mentoring.NewBookingID([16]byte{1}), StartsAt: ends.Add(-30 * time.Minute), DurationMinutes: 30,
		History: []mentoring.Step{{Action: mentoring.StepMoved}, {Action: mentoring.StepMoved}},
	}
	reader := mentoring.Person{ID: mentoring.PersonIDFor("https://issuer.example", "ben")}
	notice := mentoring.Notice{Kind: mentoring.MovedNotice, Booking: booking, Reader: reader}
	address := manage(notice)
	token, ours := strings.CutPrefix(address, "https://flash.example.org/manage/")
	link, err := signer.Open(token, links.Manage, ends)
	want := links.Link{
		Purpose: links.Manage, Person: string(reader.ID), Booking: string(booking.ID), Generation: 2, Expires: ends.AddDate(0, 0, 30),
	}
	if !ours || err != nil || link != want {
		t.Errorf("%s says %+v, %v; want %+v", address, link, err, want)
	}
	if again := manage(notice); again != address {
		t.Errorf("again: %s", again)
	}
	for name, n := range map[string]mentoring.Notice{
		"no booking": {Reader: reader}, "nobody": {Booking: booking}, "beyond all time": {
			Reader: reader, Booking: mentoring.Booking{ID: booking.ID, StartsAt: time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)},
		},
	} {
		if address := manage(n); address != "" {
			t.Errorf("%s: %s", name, address)
		}
	}
}

// silent is a mail service that is never asked.
type silent struct{}

func (silent) Send(context.Context, mail.Message) (string, error) { return "", errors.New("asked") }
func (silent) Account(context.Context) (mail.Account, error) {
	return mail.Account{}, errors.New("asked")
}

func TestNewRefuses(t *testing.T) {
	good := config.Mailer{
		Mail:     config.Mail{From: netmail.Address{Address: "mentoring@example.com"}, Domain: "example.com"},
		LinkBase: "https://flash.example.org", LinkKeys: keys,
	}
	keyless, placeless, nameless := good, good, good
	keyless.LinkKeys, placeless.LinkBase, nameless.Mail.Domain = nil, "flash.example.org", ""
	for want, c := range map[string]config.Mailer{"no key": keyless, "not the address": placeless, "is not a domain": nameless} {
		_, err := mailfunction.New(c, silent{}, assembly.Surroundings{Log: io.Discard})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
	if _, err := mailfunction.New(good, silent{}, assembly.Surroundings{Log: io.Discard}); err != nil {
		t.Error(err)
	}
}

// After a session a link is good for as long as it can be used, and a while longer. Only what nobody must get can be stopped.
func TestLinksAfterASession(t *testing.T) {
	signer, err := assembly.Links("https://flash.example.org", keys)
	if err != nil {
		t.Fatal(err)
	}
	all := mailfunction.To(signer)
	ends := time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)
	booking := mentoring.Booking{ID: mentoring.NewBookingID([16]byte{1}), StartsAt: ends.Add(-30 * time.Minute), DurationMinutes: 30}
	slot := mentoring.Slot{StartsAt: booking.StartsAt, DurationMinutes: 30}
	n := mentoring.Notice{
		Kind: mentoring.SurveyPulse, Booking: booking, Slot: slot,
		Reader: mentoring.Person{ID: mentoring.PersonIDFor("https://issuer.example", "ben")},
	}
	for address, want := range map[string]struct {
		purpose links.Purpose
		path    string
		until   time.Time
	}{
		all.Survey(n, booking): {links.Survey, "/survey/", ends.AddDate(0, 0, 30)},
		all.Outcome(n):         {links.Outcome, "/outcome/", ends.AddDate(0, 0, 74)},
		all.Unsubscribe(n):     {links.Unsubscribe, "/unsubscribe/", ends.AddDate(0, 0, 730)},
	} {
		token, ours := strings.CutPrefix(address, "https://flash.example.org"+want.path)
		link, err := signer.Open(token, want.purpose, ends)
		if !ours || err != nil || !link.Expires.Equal(want.until) || link.Person != string(n.Reader.ID) {
			t.Errorf("%s says %+v, %v", address, link, err)
		}
	}
	n.Kind = mentoring.NotHeld
	if address := all.Unsubscribe(n); address != "" {
		t.Errorf("what always goes can be stopped at %s", address)
	}
}

// Package mailfunction is what the functions mailer and clock are made of.
package mailfunction

import (
	"flashmentoring/internal/assembly"
	"flashmentoring/internal/config"
	"flashmentoring/internal/dispatch"
	"flashmentoring/internal/mail"
	"flashmentoring/internal/mentoring"
	"flashmentoring/internal/telemetry"
)

// New puts the functions together: the mailer runs the dispatcher's Stream, the clock its Tick. Its error
// says what is wrong with the configuration.
func New(c config.Mailer, sender dispatch.Sender, s assembly.Surroundings) (*dispatch.Dispatcher, error) {
	composer, err := mail.New(mail.Config{From: c.Mail.From.String(), Domain: c.Mail.Domain})
	if err != nil {
		return nil, err
	}
	return dispatch.New(dispatch.Config{
		Desk:     assembly.Desk(c.Table, mentoring.DefaultPolicy(), s),
		Composer: composer,
		Sender:   sender,
		Log:      telemetry.NewLogger(s.Log, c.LogLevel),
	}), nil
}
